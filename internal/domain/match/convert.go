package match

import (
	"cmp"
	"slices"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// FromOffer gives what matching reads of an offer's terms in force. c is the
// corridor to its destination, nil when there is no record, which counts as
// closed except for Mali. An offer of an agency that is not active, or of a
// barred employer, is not open whatever its own state says.
func FromOffer(o *offer.Offer, c *corridor.Corridor, agencyActive, employerBarred bool) Offer {
	return FromOfferAlone(o).Within(c, agencyActive, employerBarred)
}

// Within gives an offer that was read alone as it stands within its corridor,
// with its agency and employer.
func (m Offer) Within(c *corridor.Corridor, agencyActive, employerBarred bool) Offer {
	m.Open = m.Open && agencyActive && !employerBarred
	m.CorridorOpen = m.Country == ref.Mali || c != nil && c.Open(m.Kind, m.Occupation)
	m.Regulated = m.Regulated || c != nil && c.IsRegulated(m.Occupation)
	return m
}

// FromOfferAlone reads the offer's own terms and state only; see Within.
func FromOfferAlone(o *offer.Offer) Offer {
	terms := o.Terms()
	m := Offer{
		ID:             string(o.ID),
		Open:           o.State == offer.Published && len(o.Causes) == 0 && o.FreePlaces() > 0,
		Deadline:       terms.Deadline,
		Country:        terms.Country,
		Occupation:     terms.Occupation,
		Kind:           terms.Kind,
		Education:      counted(terms.Education),
		MinMonths:      int64(max(0, terms.ExperienceMonths)),
		RequiredSkills: set(terms.RequiredSkills),
		Licences:       set(terms.Licences),
		Start:          terms.Start,
		MinAge:         terms.MinAge,
		Regulated:      terms.Regulated,
	}
	_, optional := split(set(terms.OptionalSkills), m.RequiredSkills)
	m.OptionalSkills = optional
	for _, need := range terms.Languages {
		m.Languages = append(m.Languages, Language{Code: need.Language, Level: need.Level})
	}
	m.Languages = highest(m.Languages)
	if o.Frozen != nil && o.Frozen.PayKnown {
		m.PayCents, m.PayKnown = o.Frozen.PayCents, true
	}
	return m
}

// FromProfile gives what matching reads of a profile. Months of entries add
// up; entries without months still count as occupations worked.
func FromProfile(p *profile.Profile) Profile {
	f := &p.Facts
	m := Profile{
		ID:            string(p.ID),
		BirthDate:     f.Identity.BirthDate,
		Education:     f.HighestEducation(),
		Sought:        set(f.Wishes.Occupations),
		Skills:        set(f.Skills),
		Licences:      set(f.Licences),
		Countries:     set(f.Wishes.Countries),
		Kinds:         set(f.Wishes.Kinds),
		MinPayCents:   max(0, f.Wishes.MinPayCents),
		AvailableFrom: f.Wishes.AvailableFrom,
		Visible:       p.Visible(),
	}
	m.Worked, m.Experience = worked(f)
	for _, l := range f.Languages {
		m.Languages = append(m.Languages, spoken(l))
	}
	m.Languages = highest(m.Languages)
	m.Recognitions = recognitions(f)
	return m
}

// worked gathers the occupations worked and the months in them, in an order
// that does not depend on the order of the entries.
func worked(f *profile.Facts) (occupations []ref.Occupation, experience []Experience) {
	occupations = slices.Clone(f.Occupations)
	for _, e := range f.Experience {
		if e.Occupation == "" {
			continue
		}
		occupations = append(occupations, e.Occupation)
		if e.Months > 0 {
			experience = append(experience, Experience{Occupation: e.Occupation, Months: int64(e.Months)})
		}
	}
	slices.SortFunc(experience, func(a, b Experience) int {
		return cmp.Or(cmp.Compare(a.Occupation, b.Occupation), cmp.Compare(a.Months, b.Months))
	})
	return set(occupations), experience
}

// spoken gives a stated language; a native one is C2.
func spoken(l profile.LanguageSkill) Language {
	if l.Native {
		return Language{Code: l.Language, Level: ref.C2}
	}
	return Language{Code: l.Language, Level: l.Level}
}

// recognitions keeps those that name a group of at least three digits.
func recognitions(f *profile.Facts) (found []Recognition) {
	for _, r := range f.Recognitions {
		if group := r.Occupation.Prefix(3); len(group) == 3 {
			found = append(found, Recognition{Group: group, Country: r.Country})
		}
	}
	slices.SortFunc(found, func(a, b Recognition) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Country, b.Country))
	})
	return slices.Compact(found)
}

// highest keeps of each language the highest level, sorted by code.
func highest(all []Language) []Language {
	slices.SortFunc(all, func(a, b Language) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(b.Level, a.Level))
	})
	return slices.CompactFunc(all, func(a, b Language) bool { return a.Code == b.Code })
}

// set sorts and drops repetitions and empty codes.
func set[C ~string](codes []C) []C {
	sorted := slices.DeleteFunc(slices.Clone(codes), func(c C) bool { return c == "" })
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// counted gives the level that counts: 9 (not elsewhere classified) is 0.
func counted(level ref.EducationLevel) ref.EducationLevel {
	if level < 0 || level > highestISCED {
		return 0
	}
	return level
}
