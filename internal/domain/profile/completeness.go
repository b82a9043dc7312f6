package profile

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// Part is one part of a profile, as people fill it in: one subject a page.
type Part string

// The parts.
const (
	PartIdentity     Part = "identity"
	PartResidence    Part = "residence"
	PartEducation    Part = "education"
	PartExperience   Part = "experience"
	PartSpells       Part = "spells"
	PartOccupations  Part = "occupations"
	PartSkills       Part = "skills"
	PartLanguages    Part = "languages"
	PartLicences     Part = "licences"
	PartRecognitions Part = "recognitions"
	PartWishes       Part = "wishes"
	PartInterests    Part = "interests"
	PartSummary      Part = "summary"
	PartConsents     Part = "consents"
)

// Parts lists the parts in the order in which they are asked for.
func Parts() []Part {
	return []Part{PartIdentity, PartResidence, PartEducation, PartExperience, PartSpells, PartOccupations, PartSkills,
		PartLanguages, PartLicences, PartRecognitions, PartWishes, PartInterests, PartSummary, PartConsents}
}

// Gap is something useful that a profile does not say yet.
type Gap string

// The gaps, in the order in which they are told.
const (
	GapName         Gap = "name"
	GapBirthDate    Gap = "birth_date"
	GapContact      Gap = "contact"
	GapPlace        Gap = "place"
	GapEducation    Gap = "education"
	GapExperience   Gap = "experience"
	GapOccupation   Gap = "occupation"
	GapSkills       Gap = "skills"
	GapLanguages    Gap = "languages"
	GapSought       Gap = "sought"
	GapAvailability Gap = "availability"
	GapConsent      Gap = "consent"
)

// Progress is how far one part has come.
type Progress string

// The states of a part. A part nobody needs to fill in is optional while it
// is empty, and done as soon as it says something.
const (
	ToDo     Progress = "todo"
	Begun    Progress = "begun"
	Done     Progress = "done"
	Optional Progress = "optional"
)

// PartState is one line of the list of tasks.
type PartState struct {
	Part     Part
	Progress Progress
}

// Completeness says how much of what helps a person to be matched is stated.
// It is advice: nothing is mandatory, and nobody is excluded for a gap.
type Completeness struct {
	Percent int   // 0–100
	Missing []Gap // in the order of the gaps
	Parts   []PartState
}

// gapRule is one thing worth stating: its part, its share of the hundred, and
// how to see that it is there.
type gapRule struct {
	gap    Gap
	part   Part
	weight int
	told   func(f *Facts, consents []Consent) bool
}

func gapRules() []gapRule {
	return []gapRule{
		{GapName, PartIdentity, 10, func(f *Facts, _ []Consent) bool { return f.Identity.GivenNames != "" && f.Identity.FamilyName != "" }},
		{GapBirthDate, PartIdentity, 10, func(f *Facts, _ []Consent) bool { return f.Identity.BirthDate.Known() }},
		{GapContact, PartIdentity, 5, func(f *Facts, _ []Consent) bool { return f.Identity.Phone != "" || f.Identity.Email != "" }},
		{GapPlace, PartResidence, 10, func(f *Facts, _ []Consent) bool { return f.Residence.located() }},
		{GapEducation, PartEducation, 10, func(f *Facts, _ []Consent) bool { return len(f.Education) > 0 }},
		{GapExperience, PartExperience, 10, func(f *Facts, _ []Consent) bool { return len(f.Experience) > 0 }},
		{GapOccupation, PartOccupations, 10, func(f *Facts, _ []Consent) bool { return len(f.Worked()) > 0 }},
		{GapSkills, PartSkills, 5, func(f *Facts, _ []Consent) bool { return len(f.Skills) > 0 }},
		{GapLanguages, PartLanguages, 10, func(f *Facts, _ []Consent) bool { return len(f.Languages) > 0 }},
		{GapSought, PartOccupations, 10, func(f *Facts, _ []Consent) bool { return len(f.Wishes.Occupations) > 0 }},
		{GapAvailability, PartWishes, 5, func(f *Facts, _ []Consent) bool { return f.Wishes.AvailableFrom.Known() }},
		{GapConsent, PartConsents, 5, func(_ *Facts, c []Consent) bool { return answered(c, PurposeMatching) }},
	}
}

// located reports whether it is known where the person lives: in Mali that
// takes the region.
func (r Residence) located() bool {
	return r.Country != "" && (r.Country != ref.Mali || r.Region != "")
}

// answered reports whether the person has decided about a purpose, either way.
func answered(consents []Consent, purpose string) bool {
	return slices.ContainsFunc(consents, func(c Consent) bool { return c.Purpose == purpose })
}

// Complete measures what a person has stated and decided.
func Complete(f *Facts, consents []Consent) Completeness {
	c := Completeness{}
	told, asked := map[Part]int{}, map[Part]int{}
	for _, rule := range gapRules() {
		asked[rule.part]++
		if rule.told(f, consents) {
			c.Percent += rule.weight
			told[rule.part]++
		} else {
			c.Missing = append(c.Missing, rule.gap)
		}
	}
	for _, part := range Parts() {
		c.Parts = append(c.Parts, PartState{Part: part, Progress: progress(told[part], asked[part], f.says(part))})
	}
	return c
}

// progress words how far a part has come: told of asked are there, and says
// tells whether anything at all is.
func progress(told, asked int, says bool) Progress {
	switch {
	case asked == 0 && !says:
		return Optional
	case told == asked:
		return Done
	case told > 0 || says:
		return Begun
	}
	return ToDo
}

// says reports whether anything is stated in a part.
func (f *Facts) says(part Part) bool {
	switch part {
	case PartIdentity:
		return f.Identity.Sex != "" || len(f.Identity.Nationality) > 0 || f.Identity.FamilyName != "" || f.Identity.GivenNames != ""
	case PartResidence:
		return f.Residence != Residence{}
	case PartSpells:
		return len(f.Spells) > 0
	case PartLicences:
		return len(f.Licences) > 0
	case PartRecognitions:
		return len(f.Recognitions) > 0
	case PartWishes:
		return len(f.Wishes.Countries)+len(f.Wishes.Kinds) > 0 || f.Wishes.MinPayCents > 0
	case PartInterests:
		return f.Interests != Interests{}
	case PartSummary:
		return f.Summary != ""
	}
	return false
}

// Facts gives back what the person stated. It is whole for the owner only:
// other readers see less, and so state less.
func (v View) Facts() Facts {
	return Facts{
		Identity: v.Identity, Residence: v.Residence, Education: v.Education, Experience: v.Experience, Spells: v.Spells,
		Occupations: v.Occupations, Skills: v.Skills, Languages: v.Languages, Licences: v.Licences, Recognitions: v.Recognitions,
		Wishes: v.Wishes, Interests: v.Interests, Summary: v.Summary,
	}
}

// Same reports whether two normalised statements say the same.
func (f *Facts) Same(other *Facts) bool { return len(changedFacts(f, other)) == 0 }
