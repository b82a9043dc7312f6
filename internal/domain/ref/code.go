// Package ref holds the shared vocabularies of professional migration as
// parsed values: ISCO-08 occupations, ISO 3166-1 countries, ISO 639
// languages with CEFR levels, ISCED 2011 levels, ISO 4217 currencies, money,
// civil dates, kinds of work and the regions of Mali. Values are parsed at
// the edges (Parse…) and are valid inside. Retired codes are kept, never
// dropped. Nothing here reads a clock or does I/O.
package ref

// Country is an ISO 3166-1 alpha-2 code in upper case; empty = not stated.
type Country string

// Mali is the country this system serves.
const Mali Country = "ML"

// Language is an ISO 639-1 code, or ISO 639-3 where no two-letter code
// exists, in lower case.
type Language string

// Level is a level of the Common European Framework of Reference: 1 = A1 …
// 6 = C2; 0 = none. A native language counts as C2.
type Level int

// The CEFR levels.
const (
	NoLevel Level = iota
	A1
	A2
	B1
	B2
	C1
	C2
)

// Occupation is an ISCO-08 code of 1 to 4 digits, leading zeros kept; empty =
// not coded.
type Occupation string

// Prefix gives the first n digits, or the whole code if it is shorter.
func (o Occupation) Prefix(n int) Occupation {
	if len(o) <= n {
		return o
	}
	return o[:n]
}

// IsUnitGroup reports whether the code has the four digits of a unit group.
func (o Occupation) IsUnitGroup() bool { return len(o) == 4 }

// EducationLevel is an ISCED 2011 level 0–8; 9 (not elsewhere classified) is
// accepted and counts as 0.
type EducationLevel int

// Skill is the code of a skill: lower-case ASCII words joined by hyphens,
// 2–60 characters ("soudage-tig").
type Skill string

// Licence is the code of a licence or certificate that is held or not
// ("permis-b", "caces-3"), same form as a Skill.
type Licence string

// WorkKind says in which legal form the work abroad is done.
type WorkKind string

// The kinds of work.
const (
	Permanent     WorkKind = "permanent"
	FixedTerm     WorkKind = "fixed_term"
	Seasonal      WorkKind = "seasonal"
	Circular      WorkKind = "circular"
	Internship    WorkKind = "internship"
	Posted        WorkKind = "posted"
	ExpertMission WorkKind = "expert_mission"
	Academic      WorkKind = "academic"
)

// WorkKinds lists every kind in the order in which they are shown.
func WorkKinds() []WorkKind {
	return []WorkKind{Permanent, FixedTerm, Seasonal, Circular, Internship, Posted, ExpertMission, Academic}
}

// Region is the code of a region of Mali (ISO 3166-2:ML without the prefix,
// "1" Kayes … "BKO" Bamako; the regions created in 2023 have codes of ours
// until ISO publishes them).
type Region string

// Currency is an ISO 4217 code in upper case.
type Currency string

// Period is the time one payment covers.
type Period string

// The pay periods.
const (
	PerHour  Period = "hour"
	PerDay   Period = "day"
	PerWeek  Period = "week"
	PerMonth Period = "month"
	PerYear  Period = "year"
)

// Basis says whether pay is stated before or after tax and contributions.
type Basis string

// The pay bases.
const (
	Gross Basis = "gross"
	Net   Basis = "net"
)

// Locale is a language the pages and messages are complete in.
type Locale string

// The complete locales; French is the default.
const (
	French  Locale = "fr"
	English Locale = "en"
)
