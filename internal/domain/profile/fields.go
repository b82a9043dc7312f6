package profile

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// field is one row of the need-to-know table: who sees it, and how it gets
// into a view. A field without a row is seen by nobody.
type field struct {
	name   string // pointer without the leading slash, as in the API
	seenBy Relation
	copy   func(v *View, p *Profile, today ref.Date)
}

// The columns of the table, for its rows.
const (
	knowing   = Owner | OfficialKnowing             // what names or locates a person
	contact   = knowing | AgencyApproached          // how a person is addressed and reached
	workFacts = knowing | OfficialPlain             // what officials work with every day
	everybody = workFacts | contact | AgencySeeking // what an agency needs to judge a match
)

// fields is the table: the one place where a field is tied to readers.
func fields() []field {
	return slices.Concat(recordFields(), identityFields(), residenceFields(), abilityFields(), wishFields(), ledgerFields())
}

func recordFields() []field {
	return []field{
		{"id", everybody, func(v *View, p *Profile, _ ref.Date) { v.ID = p.ID }},
		{"rev", everybody, func(v *View, p *Profile, _ ref.Date) { v.Rev = p.Rev }},
		{"createdAt", workFacts, func(v *View, p *Profile, _ ref.Date) { v.CreatedAt = p.CreatedAt }},
		{"updatedAt", workFacts, func(v *View, p *Profile, _ ref.Date) { v.UpdatedAt = p.UpdatedAt }},
		{"visible", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Visible = p.Visible() }},
		{"collected", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Collected = p.CollectedBy != "" }},
	}
}

func identityFields() []field {
	return []field{
		{"identity/givenNames", contact, func(v *View, p *Profile, _ ref.Date) { v.Identity.GivenNames = p.Facts.Identity.GivenNames }},
		{"identity/familyName", contact, func(v *View, p *Profile, _ ref.Date) { v.Identity.FamilyName = p.Facts.Identity.FamilyName }},
		{"identity/email", contact, func(v *View, p *Profile, _ ref.Date) { v.Identity.Email = p.Facts.Identity.Email }},
		{"identity/phone", contact, func(v *View, p *Profile, _ ref.Date) { v.Identity.Phone = p.Facts.Identity.Phone }},
		{"identity/sex", knowing, func(v *View, p *Profile, _ ref.Date) { v.Identity.Sex = p.Facts.Identity.Sex }},
		{"identity/birthDate", knowing, func(v *View, p *Profile, _ ref.Date) { v.Identity.BirthDate = p.Facts.Identity.BirthDate }},
		{"identity/birthPlace", knowing, func(v *View, p *Profile, _ ref.Date) { v.Identity.BirthPlace = p.Facts.Identity.BirthPlace }},
		{"identity/nationalities", knowing, func(v *View, p *Profile, _ ref.Date) {
			v.Identity.Nationality = slices.Clone(p.Facts.Identity.Nationality)
		}},
		{"identity/nina", knowing, func(v *View, p *Profile, _ ref.Date) { v.Identity.NINA = p.Facts.Identity.NINA }},
		{"identity/consularCard", knowing, func(v *View, p *Profile, _ ref.Date) { v.Identity.ConsularCard = p.Facts.Identity.ConsularCard }},
		{"ageBand", everybody, func(v *View, p *Profile, today ref.Date) { v.AgeBand = ageBand(p.Facts.Identity.BirthDate, today) }},
	}
}

func residenceFields() []field {
	return []field{
		{"residence/country", everybody, func(v *View, p *Profile, _ ref.Date) { v.Residence.Country = p.Facts.Residence.Country }},
		{"residence/region", everybody, func(v *View, p *Profile, _ ref.Date) { v.Residence.Region = p.Facts.Residence.Region }},
		{"residence/city", knowing, func(v *View, p *Profile, _ ref.Date) { v.Residence.City = p.Facts.Residence.City }},
		{"residence/cercle", knowing, func(v *View, p *Profile, _ ref.Date) { v.Residence.Cercle = p.Facts.Residence.Cercle }},
		{"residence/commune", knowing, func(v *View, p *Profile, _ ref.Date) { v.Residence.Commune = p.Facts.Residence.Commune }},
	}
}

func abilityFields() []field {
	return []field{
		{"education", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Education = cloneEducation(p.Facts.Education) }},
		{"highestEducation", everybody, func(v *View, p *Profile, _ ref.Date) { v.HighestEducation = p.Facts.HighestEducation() }},
		{"experience", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Experience = slices.Clone(p.Facts.Experience) }},
		{"monthsByGroup", everybody, func(v *View, p *Profile, _ ref.Date) { v.MonthsByGroup = p.Facts.MonthsByGroup() }},
		{"months", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Months = p.Facts.TotalMonths() }},
		{"spells", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Spells = slices.Clone(p.Facts.Spells) }},
		{"occupations", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Occupations = slices.Clone(p.Facts.Occupations) }},
		{"occupationsWorked", everybody, func(v *View, p *Profile, _ ref.Date) { v.Worked = p.Facts.Worked() }},
		{"skills", everybody, func(v *View, p *Profile, _ ref.Date) { v.Skills = slices.Clone(p.Facts.Skills) }},
		{"languages", everybody, func(v *View, p *Profile, _ ref.Date) { v.Languages = slices.Clone(p.Facts.Languages) }},
		{"licences", everybody, func(v *View, p *Profile, _ ref.Date) { v.Licences = slices.Clone(p.Facts.Licences) }},
		{"recognitions", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Recognitions = slices.Clone(p.Facts.Recognitions) }},
	}
}

func wishFields() []field {
	return []field{
		{"wishes/occupations", everybody, func(v *View, p *Profile, _ ref.Date) {
			v.Wishes.Occupations = slices.Clone(p.Facts.Wishes.Occupations)
		}},
		{"wishes/countries", workFacts, func(v *View, p *Profile, _ ref.Date) {
			v.Wishes.Countries = slices.Clone(p.Facts.Wishes.Countries)
		}},
		{"wishes/kinds", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Wishes.Kinds = slices.Clone(p.Facts.Wishes.Kinds) }},
		{"wishes/minPay", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Wishes.MinPayCents = p.Facts.Wishes.MinPayCents }},
		{"wishes/availableFrom", workFacts, func(v *View, p *Profile, _ ref.Date) {
			v.Wishes.AvailableFrom = p.Facts.Wishes.AvailableFrom
		}},
		{"availableMonth", everybody, func(v *View, p *Profile, _ ref.Date) { v.AvailableMonth = p.Facts.Wishes.AvailableFrom.Month() }},
		{"interests", workFacts, func(v *View, p *Profile, _ ref.Date) { v.Interests = p.Facts.Interests }},
		{"summary", knowing, func(v *View, p *Profile, _ ref.Date) { v.Summary = p.Facts.Summary }},
	}
}

func ledgerFields() []field {
	return []field{
		{"consents", knowing, func(v *View, p *Profile, _ ref.Date) { v.Consents = slices.Clone(p.Consents) }},
		{"accesses", Owner, func(v *View, p *Profile, _ ref.Date) { v.Accesses = newestFirst(p.Accesses) }},
	}
}

func cloneEducation(entries []Education) []Education {
	out := slices.Clone(entries)
	for i := range out {
		out[i].RecognisedIn = slices.Clone(out[i].RecognisedIn)
	}
	return out
}

// newestFirst gives the readings as the person lists them.
func newestFirst(accesses []Access) []Access {
	out := slices.Clone(accesses)
	slices.Reverse(out)
	return out
}
