package site

import (
	"slices"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/profile"
)

// profilePath is where a person's own profile is filled in, part by part.
const profilePath = "/mon-profil"

// returnField names the page a part leads back to once it is saved.
const returnField = "retour"

// dossier is the visitor's own profile as it is being filled in; before there
// is one it holds what the account already says, so that nothing is asked
// twice.
type dossier struct {
	Facts    profile.Facts
	Consents []profile.Consent
	Rev      int64 // 0 before there is a profile
}

// exists reports whether the profile has been begun.
func (d *dossier) exists() bool { return d.Rev > 0 }

func (v *visit) dossier() (*dossier, error) {
	view, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if err == nil {
		return &dossier{Facts: view.Facts(), Consents: view.Consents, Rev: view.Rev}, nil
	}
	if !isAbsent(err) {
		return nil, err
	}
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	d := &dossier{}
	d.Facts.Identity.Email, d.Facts.Identity.Phone = mine.Email, mine.Phone
	return d, nil
}

// saveFacts applies a change to what the visitor states. A form that is sent
// twice, or from a page that is older than the profile, changes nothing the
// second time and is taken as saved when the profile says so already.
func (v *visit) saveFacts(change func(*profile.Facts)) error {
	_, err := v.keepFacts(change)
	return err
}

// keepFacts is saveFacts, and gives the revision the profile has afterwards. A
// draft that says nothing new is not written.
func (v *visit) keepFacts(change func(*profile.Facts)) (rev int64, err error) {
	s := v.showing()
	defer s.release()
	d, err := v.dossier()
	if err != nil {
		return 0, err
	}
	if s.isLate(v) || v.keepsOnly() && d.exists() && v.saidAlready(d, change) {
		return d.Rev, nil
	}
	change(&d.Facts)
	if !d.exists() {
		made, err := v.site.opts.Profiles.Create(v.ctx, v.actor, profile.Input{Facts: d.Facts, Channel: profile.ChannelWeb})
		if s.rev = made.Rev; !hasCode(err, "profile.exists") {
			return made.Rev, err
		}
	}
	if rev, err = s.since(v, d.Rev); err != nil {
		return 0, err
	}
	kept, err := v.site.opts.Profiles.PutMine(v.ctx, v.actor, rev, d.Facts)
	if fault.Is(err, fault.Stale) {
		if d, reading := v.dossier(); reading == nil && v.saidAlready(d, change) {
			return d.Rev, nil
		}
	}
	if err == nil {
		s.rev = kept.Rev
	}
	return kept.Rev, err
}

// saidAlready reports whether the change would leave the profile as it is. It
// is tried on a copy of its own, since changes write into lists.
func (v *visit) saidAlready(before *dossier, change func(*profile.Facts)) bool {
	after, err := v.dossier()
	if err != nil {
		return false
	}
	change(&after.Facts)
	after.Facts.Normalise(v.today().Month())
	return after.Facts.Same(&before.Facts)
}

// partPath is the address of each part, below profilePath; the consents have
// a page of their own among the person's data.
func partPath(part profile.Part) string {
	switch part {
	case profile.PartIdentity:
		return profilePath + "/identite"
	case profile.PartResidence:
		return profilePath + "/residence"
	case profile.PartEducation:
		return profilePath + "/etudes"
	case profile.PartExperience:
		return profilePath + "/experiences"
	case profile.PartSpells:
		return profilePath + "/sejours"
	case profile.PartOccupations:
		return profilePath + "/metiers"
	case profile.PartSkills:
		return profilePath + "/competences"
	case profile.PartLanguages:
		return profilePath + "/langues"
	case profile.PartLicences:
		return profilePath + "/permis"
	case profile.PartRecognitions:
		return profilePath + "/reconnaissances"
	case profile.PartWishes:
		return profilePath + "/souhaits"
	case profile.PartInterests:
		return profilePath + "/diaspora"
	case profile.PartSummary:
		return profilePath + "/presentation"
	}
	return ownPath + "/consentements"
}

// afterPart is the part that is asked for next; the check of all answers
// follows the last.
func afterPart(part profile.Part) string {
	all := profile.Parts()
	if i := slices.Index(all, part) + 1; i > 0 && i < len(all) {
		return partPath(all[i])
	}
	return profilePath + "/verification"
}

// profilePage is the list of the parts of a profile, and how far each is.
type profilePage struct {
	Begun   bool
	Percent int
	Missing []gapLine
	Tasks   []taskLine
}

// gapLine is one thing worth adding, and where.
type gapLine struct{ Text, Href string }

// taskLine is one part with its state.
type taskLine struct {
	Title, Href string
	Progress    string
	Says        string // what it holds now, in short
}

func showProfile(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.render("profile/show", v.newProfilePage(d))
}

func (v *visit) newProfilePage(d *dossier) profilePage {
	c := profile.Complete(&d.Facts, d.Consents)
	page := profilePage{Begun: d.exists(), Percent: c.Percent}
	for _, gap := range c.Missing {
		page.Missing = append(page.Missing, gapLine{Text: v.code("profile.gap", gap), Href: partPath(partOfGap(gap))})
	}
	for _, p := range c.Parts {
		if p.Part == profile.PartConsents && !d.exists() {
			continue // there is nothing to agree to yet
		}
		page.Tasks = append(page.Tasks, taskLine{Title: v.code("profile.part", p.Part), Href: partPath(p.Part), Progress: string(p.Progress), Says: v.partSays(d, p.Part)})
	}
	return page
}

// partOfGap says where a gap is filled.
func partOfGap(gap profile.Gap) profile.Part {
	switch gap {
	case profile.GapName, profile.GapBirthDate, profile.GapContact:
		return profile.PartIdentity
	case profile.GapPlace:
		return profile.PartResidence
	case profile.GapEducation:
		return profile.PartEducation
	case profile.GapExperience:
		return profile.PartExperience
	case profile.GapOccupation, profile.GapSought:
		return profile.PartOccupations
	case profile.GapSkills:
		return profile.PartSkills
	case profile.GapLanguages:
		return profile.PartLanguages
	case profile.GapAvailability:
		return profile.PartWishes
	}
	return profile.PartConsents
}

// partSays tells in a few words what a part holds.
func (v *visit) partSays(d *dossier, part profile.Part) string {
	f := &d.Facts
	counted := func(n int) string {
		if n == 0 {
			return ""
		}
		return v.count("profile.entries", n)
	}
	switch part {
	case profile.PartIdentity:
		return spaced(f.Identity.GivenNames, f.Identity.FamilyName)
	case profile.PartResidence:
		return v.place(f.Residence.City, f.Residence.Region.Name(), f.Residence.Country)
	case profile.PartEducation:
		return counted(len(f.Education))
	case profile.PartExperience:
		return counted(len(f.Experience))
	case profile.PartSpells:
		return counted(len(f.Spells))
	case profile.PartOccupations:
		return counted(len(f.Occupations) + len(f.Wishes.Occupations))
	case profile.PartSkills:
		return counted(len(f.Skills))
	case profile.PartLanguages:
		return v.spoken(f.Languages)
	case profile.PartLicences:
		return counted(len(f.Licences))
	case profile.PartRecognitions:
		return counted(len(f.Recognitions))
	}
	return ""
}

// spoken names languages with their levels.
func (w words) spoken(all []profile.LanguageSkill) string {
	return joined(all, func(l profile.LanguageSkill) string { return l.Language.Name(w.loc) + " " + l.Level.String() })
}
