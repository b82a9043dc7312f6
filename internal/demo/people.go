package demo

import (
	"fmt"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// applicants is how many people, beside the two demo candidates, have an
// account; the others were entered by collecting officials.
const applicants = 150

func (m *maker) people() error {
	for n := range Profiles {
		p := m.person(n)
		if err := p.Facts.Accept(ref.DateOf(m.now)); err != nil {
			return fmt.Errorf("person %d: %w", n, err)
		}
		m.Profiles = append(m.Profiles, p)
	}
	return nil
}

// person makes one profile. The first two belong to the demo candidates: a
// mason in Sikasso and a nurse in Paris.
func (m *maker) person(n int) *profile.Profile {
	all := trades()
	t := all[m.r.IntN(len(all))]
	abroad := m.chance(36)
	switch n {
	case 0:
		t, abroad = all[0], false
	case 1:
		t, abroad = all[slices.IndexFunc(all, func(t trade) bool { return t.occupation == "2221" })], true
	}
	at := m.ago(1 + m.r.IntN(300))
	p := &profile.Profile{ID: profile.ID(id("pro_", n, t.title)), Rev: 1, CreatedAt: at, UpdatedAt: at}
	m.owner(p, n)
	p.Facts = profile.Facts{Identity: m.identity(n), Residence: m.residence(n, abroad), Education: m.education(t), Summary: "Profil fictif de démonstration."}
	m.work(&p.Facts, t)
	m.languages(&p.Facts)
	m.wishes(&p.Facts, t, n)
	p.Consents = m.consents(p, abroad)
	return p
}

func (m *maker) owner(p *profile.Profile, n int) {
	switch {
	case n < 2:
		p.Owner = m.byEmail[[]string{"candidate@demo.test", "candidate2@demo.test"}[n]].ID
	case n < applicants:
		email := fmt.Sprintf("personne%d@demo.test", n)
		p.Owner = m.account(account.ID(id("acc_", n, email)), email, account.Candidate).ID
	default:
		p.CollectedBy = m.byEmail["official3@demo.test"].ID
	}
}

func (m *maker) identity(n int) profile.Identity {
	i := profile.Identity{
		FamilyName: pick(m, familyNames()), BirthDate: m.date(-365*(19+m.r.IntN(36)) - m.r.IntN(365)), BirthPlace: "Mali",
		Nationality: []ref.Country{ref.Mali}, Phone: fmt.Sprintf("+2237000%04d", n),
	}
	if n == 0 || n != 1 && m.chance(58) {
		i.Sex, i.GivenNames = profile.Male, pick(m, menNames())
	} else {
		i.Sex, i.GivenNames = profile.Female, pick(m, womenNames())
	}
	return i
}

func (m *maker) residence(n int, abroad bool) profile.Residence {
	if n == 1 {
		return profile.Residence{Country: "FR", City: "Montreuil"}
	}
	if !abroad {
		regions := ref.Regions()
		region := regions[m.r.IntN(len(regions))]
		if n == 0 {
			region, _ = ref.RegionNamed("Sikasso")
		}
		return profile.Residence{Country: ref.Mali, Region: region, Cercle: pick(m, region.Cercles())}
	}
	left := m.r.IntN(100)
	for _, d := range destinations() {
		if left -= d.abroad; left < 0 {
			return profile.Residence{Country: d.country, City: pick(m, d.cities)}
		}
	}
	return profile.Residence{Country: "CI", City: "Abidjan"}
}

func (m *maker) education(t trade) []profile.Education {
	level := t.education
	if m.chance(25) {
		level = max(0, level-1)
	}
	if m.chance(25) {
		level = min(8, level+1)
	}
	if level == 0 {
		return nil
	}
	return []profile.Education{{Level: level, Country: ref.Mali, Year: m.now.Year() - 1 - m.r.IntN(25)}}
}

// work gives experience in the trade, now and then in another one before it.
func (m *maker) work(f *profile.Facts, t trade) {
	year := m.now.Year()
	years := m.r.IntN(13)
	if years > 0 {
		start := year - years
		e := profile.Experience{Occupation: t.occupation, Title: t.title, Country: f.Residence.Country, From: ref.Month(fmt.Sprintf("%d-%02d", start, 1+m.r.IntN(12)))}
		if m.chance(40) {
			e.Until = min(ref.Month(fmt.Sprintf("%d-06", max(start+1, year-m.r.IntN(3)))), ref.Month(m.now.Format("2006-01"))) // in spring, June is to come
		}
		f.Experience = append(f.Experience, e)
		if other := pick(m, trades()); m.chance(30) {
			f.Experience = append(f.Experience, profile.Experience{
				Occupation: other.occupation, Title: other.title, Country: ref.Mali,
				From: ref.Month(fmt.Sprintf("%d-02", start-2)), Until: ref.Month(fmt.Sprintf("%d-11", start-1)),
			})
		}
	}
	if f.Residence.Country != ref.Mali {
		f.Spells = []profile.Spell{{Country: f.Residence.Country, From: ref.Month(fmt.Sprintf("%d-09", year-1-m.r.IntN(12))), Purpose: "work"}}
	}
	f.Occupations = []ref.Occupation{t.occupation}
	for _, s := range t.required {
		if m.chance(90) {
			f.Skills = append(f.Skills, s)
		}
	}
	for _, s := range t.optional {
		if m.chance(50) {
			f.Skills = append(f.Skills, s)
		}
	}
	for range m.r.IntN(3) {
		if other := pick(m, trades()); len(other.required) > 0 {
			f.Skills = append(f.Skills, pick(m, other.required))
		}
	}
	for _, l := range t.licences {
		if m.chance(75) {
			f.Licences = append(f.Licences, l)
		}
	}
	if t.regulated && m.chance(35) {
		f.Recognitions = append(f.Recognitions, profile.Recognition{Occupation: t.occupation, Country: pick(m, []ref.Country{"FR", "CA", "MA", "CI"})})
	}
	if m.chance(30) && !slices.Contains(f.Licences, "permis-b") {
		f.Licences = append(f.Licences, "permis-b")
	}
}

func (m *maker) languages(f *profile.Facts) {
	mother := pick(m, []ref.Language{"bm", "bm", "bm", "ff", "snk", "ses", "myk"})
	f.Languages = []profile.LanguageSkill{{Language: mother, Level: ref.C2, Native: true}}
	if mother != "bm" {
		f.Languages = append(f.Languages, profile.LanguageSkill{Language: "bm", Level: ref.B2})
	}
	f.Languages = append(f.Languages, profile.LanguageSkill{Language: "fr", Level: pick(m, []ref.Level{ref.A1, ref.A2, ref.B1, ref.B1, ref.B2, ref.B2, ref.C1})})
	for _, l := range []struct {
		language ref.Language
		percent  int
	}{{"en", 20}, {"ar", 18}, {"es", 9}, {"it", 4}, {"de", 3}, {"pt", 3}} {
		if m.chance(l.percent) {
			f.Languages = append(f.Languages, profile.LanguageSkill{Language: l.language, Level: pick(m, []ref.Level{ref.A1, ref.A1, ref.A2, ref.B1})})
		}
	}
	for _, d := range destinations() {
		if d.country == f.Residence.Country && d.language != "" {
			f.Languages = append(f.Languages, profile.LanguageSkill{Language: d.language, Level: max(d.level, ref.B1)})
		}
	}
}

func (m *maker) wishes(f *profile.Facts, t trade, n int) {
	f.Wishes.Occupations = []ref.Occupation{t.occupation}
	if m.chance(30) {
		f.Wishes.Occupations = append(f.Wishes.Occupations, pick(m, trades()).occupation)
	}
	if n > 1 && m.chance(65) {
		for range 1 + m.r.IntN(4) {
			f.Wishes.Countries = append(f.Wishes.Countries, pick(m, destinations()).country)
		}
	}
	if n > 1 && m.chance(40) {
		f.Wishes.Kinds = pick(m, [][]ref.WorkKind{
			{ref.Permanent, ref.FixedTerm}, {ref.Seasonal, ref.Circular}, {ref.FixedTerm, ref.Circular, ref.Seasonal}, {ref.ExpertMission, ref.Academic, ref.Permanent},
		})
	}
	if n > 1 && m.chance(60) {
		f.Wishes.MinPayCents = t.wage * int64(80+m.r.IntN(400)) / 100
	}
	if m.chance(70) {
		f.Wishes.AvailableFrom = m.date(m.r.IntN(90) - 30)
	}
}

func (m *maker) consents(p *profile.Profile, abroad bool) []profile.Consent {
	by, channel := p.Owner, profile.ChannelWeb
	if by == "" {
		by, channel = p.CollectedBy, profile.ChannelAgent
	}
	out := []profile.Consent{
		{Purpose: profile.PurposeMatching, Given: p.Owner != "" || m.chance(85), Version: profile.ConsentVersion, At: p.CreatedAt, Channel: channel, By: by},
		{Purpose: profile.PurposeStatistics, Given: true, Version: profile.ConsentVersion, At: p.CreatedAt, Channel: channel, By: by},
	}
	if abroad {
		p.Facts.Interests = profile.Interests{Mentoring: m.chance(40), ExpertMissions: m.chance(35), Investment: m.chance(25)}
		out = append(out, profile.Consent{Purpose: profile.PurposeDiaspora, Given: m.chance(80), Version: profile.ConsentVersion, At: p.CreatedAt, Channel: channel, By: by})
	}
	return out
}
