package site

import (
	"net/url"
	"strings"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// profileReview is everything a profile says, to be read over before it is
// used, each part with the way to change it.
type profileReview struct {
	NoProfile bool
	Percent   int
	Parts     []reviewPart
}

// reviewPart is one part in words.
type reviewPart struct {
	Title, Href string
	Facts       []fact
}

func reviewProfile(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.render("profile/review", v.newProfileReview(d))
}

func (v *visit) newProfileReview(d *dossier) profileReview {
	page := profileReview{NoProfile: !d.exists(), Percent: profile.Complete(&d.Facts, d.Consents).Percent}
	back := "?" + url.Values{returnField: {profilePath + "/verification"}}.Encode()
	for _, part := range profile.Parts() {
		if part == profile.PartConsents && !d.exists() {
			continue
		}
		page.Parts = append(page.Parts, reviewPart{Title: v.code("profile.part", part), Href: partPath(part) + back, Facts: v.partFacts(d, part)})
	}
	return page
}

// partFacts words what one part says; what it does not say is empty.
func (v *visit) partFacts(d *dossier, part profile.Part) []fact {
	f := &d.Facts
	for _, e := range partEntries() {
		if e.part == part {
			return v.entryFacts(e, f)
		}
	}
	switch part {
	case profile.PartIdentity:
		return v.identityFacts(&f.Identity)
	case profile.PartResidence:
		r := &f.Residence
		return []fact{{Label: v.t("profile.country"), Value: r.Country.Name(v.loc)}, {Label: v.t("profile.city"), Value: r.City},
			{Label: v.t("profile.inmali"), Value: strings.Join(kept(r.Region.Name(), r.Cercle, r.Commune), ", ")}}
	case profile.PartOccupations:
		title := func(o ref.Occupation) string { return o.Title(v.loc) }
		return []fact{{Label: v.t("profile.sought"), Value: joined(f.Wishes.Occupations, title)}, {Label: v.t("profile.worked"), Value: joined(f.Worked(), title)}}
	case profile.PartSkills:
		return []fact{{Label: v.code("profile.part", part), Value: joined(f.Skills, func(s ref.Skill) string { return s.Label(v.loc) })}}
	case profile.PartLicences:
		return []fact{{Label: v.code("profile.part", part), Value: joined(f.Licences, func(l ref.Licence) string { return l.Label(v.loc) })}}
	case profile.PartWishes:
		return v.wishFacts(&f.Wishes)
	case profile.PartInterests:
		given := interestValues(v, f)["interests"]
		return []fact{{Label: v.t("profile.interests"), Value: joined(given, func(s string) string { return v.code("profile.interest", s) })}}
	case profile.PartSummary:
		return []fact{{Label: v.t("profile.summary"), Value: f.Summary}}
	}
	return v.consentFacts(d.Consents)
}

// kept leaves out empty texts.
func kept(parts ...string) []string {
	var list []string
	for _, part := range parts {
		if part != "" {
			list = append(list, part)
		}
	}
	return list
}

func (v *visit) entryFacts(e entries, f *profile.Facts) []fact {
	var facts []fact
	for i := range e.count(f) {
		line := e.line(v, f, i)
		facts = append(facts, fact{Label: line.Title, Value: line.Text})
	}
	if facts == nil {
		facts = []fact{{Label: v.code("profile.part", e.part)}}
	}
	return facts
}

func (v *visit) identityFacts(i *profile.Identity) []fact {
	sex := ""
	if i.Sex != "" {
		sex = v.code("sex", i.Sex)
	}
	return []fact{
		{Label: v.t("profile.name"), Value: spaced(i.GivenNames, i.FamilyName)},
		{Label: v.t("profile.sex"), Value: sex},
		{Label: v.t("profile.birth"), Value: strings.Join(kept(v.date(i.BirthDate), i.BirthPlace), ", ")},
		{Label: v.t("profile.nationality"), Value: joined(i.Nationality, func(c ref.Country) string { return c.Name(v.loc) })},
		{Label: v.t("profile.phone"), Value: i.Phone},
		{Label: v.t("profile.email"), Value: i.Email},
		{Label: v.t("profile.nina"), Value: i.NINA},
		{Label: v.t("profile.consular"), Value: i.ConsularCard},
	}
}

func (v *visit) wishFacts(w *profile.Wishes) []fact {
	any := func(s string) string {
		if s == "" {
			return v.t("profile.any.all")
		}
		return s
	}
	pay := ""
	if w.MinPayCents > 0 {
		amount, currency := v.wishedPay(w.MinPayCents)
		if money, err := ref.ParseMoney(withDecimals(amount, currency), currency); err == nil {
			pay = v.t("pay.monthly", money.Display(v.loc))
		}
	}
	return []fact{
		{Label: v.t("profile.available"), Value: v.date(w.AvailableFrom)},
		{Label: v.t("profile.pay"), Value: pay},
		{Label: v.t("profile.kinds"), Value: any(joined(w.Kinds, func(k ref.WorkKind) string { return k.Label(v.loc) }))},
		{Label: v.t("profile.countries"), Value: any(joined(w.Countries, func(c ref.Country) string { return c.Name(v.loc) }))},
	}
}

// withDecimals writes a whole amount with the decimals of its currency.
func withDecimals(amount string, currency ref.Currency) string {
	if strings.Contains(amount, ".") || currency.Decimals() == 0 {
		return amount
	}
	return amount + "." + strings.Repeat("0", currency.Decimals())
}

func (v *visit) consentFacts(ledger []profile.Consent) []fact {
	var facts []fact
	for _, line := range v.consentLines(ledger) {
		told := fact{Label: line.Purpose}
		if line.Decided {
			told.Value = v.t("consent.no")
			if line.Given {
				told.Value = v.t("consent.yes")
			}
			told.Note = v.t("profile.consent.version", line.Version, v.instant(line.At))
		}
		facts = append(facts, told)
	}
	return facts
}

// cvPage is the profile as a curriculum vitae in the order of Europass.
type cvPage struct {
	Name, Headline, Summary       string
	Contact                       []fact
	Work, Study, Skills, Licences []entryLine
	Mother                        string
	Foreign                       []languageRow
	Made                          ref.Date
}

// languageRow is one foreign language of the CEFR grid. A profile states one
// level for the language as a whole, so every column shows it.
type languageRow struct {
	Name   string
	Levels []string // listening, reading, spoken interaction, spoken production, writing
}

// cefrColumns is how many abilities the grid of the Framework has.
const cefrColumns = 5

func showCV(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.render("profile/cv", v.newCV(d))
}

func (v *visit) newCV(d *dossier) *cvPage {
	f := &d.Facts
	i := &f.Identity
	page := &cvPage{
		Name: spaced(i.GivenNames, i.FamilyName), Summary: f.Summary, Made: v.today(),
		Headline: joined(f.Wishes.Occupations, func(o ref.Occupation) string { return o.Title(v.loc) }),
		Contact: []fact{
			{Label: v.t("cv.address"), Value: v.place(f.Residence.City, f.Residence.Region.Name(), f.Residence.Country)},
			{Label: v.t("profile.phone"), Value: i.Phone}, {Label: v.t("profile.email"), Value: i.Email},
			{Label: v.t("profile.birth"), Value: v.date(i.BirthDate)},
			{Label: v.t("profile.nationality"), Value: joined(i.Nationality, func(c ref.Country) string { return c.Name(v.loc) })},
		},
	}
	page.Work, page.Study = v.lines(experienceEntries(), f), v.lines(educationEntries(), f)
	page.Skills, page.Licences = skillItems(v, f), licenceItems(v, f)
	var mother []string
	for _, l := range f.Languages {
		if l.Native {
			mother = append(mother, l.Language.Name(v.loc))
			continue
		}
		row := languageRow{Name: l.Language.Name(v.loc)}
		for range cefrColumns {
			row.Levels = append(row.Levels, l.Level.String())
		}
		page.Foreign = append(page.Foreign, row)
	}
	page.Mother = strings.Join(mother, ", ")
	return page
}

// lines words a list of entries, the newest first.
func (v *visit) lines(e entries, f *profile.Facts) []entryLine {
	var lines []entryLine
	for i := e.count(f) - 1; i >= 0; i-- {
		lines = append(lines, e.line(v, f, i))
	}
	return lines
}
