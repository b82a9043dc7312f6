// Package match is the definition of who is eligible for which offer and how
// well the two fit, in integers, as plain code. It is the oracle: the index
// answers the same questions fast and must agree on every result.
package match

import "passerelle/internal/domain/ref"

// Language is a language with a CEFR level: required on an offer, had on a
// profile.
type Language struct {
	Code  ref.Language
	Level ref.Level
}

// Offer is what matching reads of an offer. Sets are sorted and free of
// repetition; languages are one per code with the highest requirement.
type Offer struct {
	ID             string
	Open           bool // published, no cause of suspension, place free; the deadline is checked by date
	Deadline       ref.Date
	CorridorOpen   bool // for this kind and occupation; destination ML is always open
	Country        ref.Country
	Occupation     ref.Occupation
	Kind           ref.WorkKind
	Languages      []Language
	Education      ref.EducationLevel
	MinMonths      int64
	RequiredSkills []ref.Skill
	OptionalSkills []ref.Skill // without those required
	Licences       []ref.Licence
	PayCents       int64
	PayKnown       bool
	Start          ref.Date
	MinAge         int
	Regulated      bool // offer flag or corridor list
}

// Experience is months of work in an occupation; entries are a multiset.
type Experience struct {
	Occupation ref.Occupation
	Months     int64
}

// Recognition is a recognised qualification.
type Recognition struct {
	Group   ref.Occupation // first 3 digits
	Country ref.Country
}

// Profile is what matching reads of a profile: no sex, nationality,
// birthplace, marital status or photograph.
type Profile struct {
	ID            string
	BirthDate     ref.Date
	Languages     []Language
	Education     ref.EducationLevel // 0–8
	Experience    []Experience
	Worked        []ref.Occupation // occupations worked, sorted
	Sought        []ref.Occupation
	Skills        []ref.Skill
	Licences      []ref.Licence
	Countries     []ref.Country  // wanted; empty = anywhere
	Kinds         []ref.WorkKind // accepted; empty = any
	MinPayCents   int64          // 0 = unknown
	AvailableFrom ref.Date
	Recognitions  []Recognition
	Visible       bool
}
