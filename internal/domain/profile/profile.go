// Package profile holds the skills and wishes of people in Mali and abroad.
// The person owns the profile and sees everything; others see what rule 9 of
// the ministry's need-to-know allows, which view.go spells out field by field.
package profile

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
)

// ID identifies a profile ("pro_…").
type ID string

// Education is one completed or current course.
type Education struct {
	Level        ref.EducationLevel
	Field        string // ISCED-F 2013 code, or empty
	Title        string
	Institution  string
	Country      ref.Country
	Year         int // of completion; 0 = not said
	RecognisedIn []ref.Country
}

// Experience is one period of work.
type Experience struct {
	Occupation ref.Occupation
	Title      string
	Employer   string
	Country    ref.Country
	From       ref.Month
	Until      ref.Month // empty = still going on
	// Months is the number counted for matching; overlapping entries are
	// merged by calendar month when the profile is saved (see Merge).
	Months int
}

// Spell is a period of residence in a country: circular migration is a list
// of spells.
type Spell struct {
	Country ref.Country
	From    ref.Month
	Until   ref.Month
	Purpose string // "work", "study", "family", "return"
}

// LanguageSkill is a language with its CEFR level.
type LanguageSkill struct {
	Language ref.Language
	Level    ref.Level
	Native   bool
}

// Recognition is a qualification recognised for an occupation in a country.
type Recognition struct {
	Occupation ref.Occupation
	Country    ref.Country
	Authority  string
	Date       ref.Date
}

// Residence says where the person lives.
type Residence struct {
	Country ref.Country
	City    string
	Region  ref.Region // in Mali
	Cercle  string
	Commune string
}

// Interests are what a member of the diaspora offers.
type Interests struct {
	Mentoring      bool
	ExpertMissions bool
	Investment     bool
}

// Consent is one decision of the person about one purpose. The ledger is
// append-only; the last entry of a purpose counts.
type Consent struct {
	Purpose string // see Purposes
	Given   bool
	Version string // version of the wording agreed to
	At      time.Time
	Channel string // "web", "api", "agent", "import"
	By      account.ID
}

// The purposes a person can consent to.
const (
	PurposeMatching   = "matching"   // be found by agencies, anonymously
	PurposeContact    = "contact"    // be contacted by the ministry
	PurposeStatistics = "statistics" // be counted
	PurposeDiaspora   = "diaspora"   // be in the diaspora skills register
)

// Purposes lists every purpose in the order shown.
func Purposes() []string {
	return []string{PurposeMatching, PurposeContact, PurposeStatistics, PurposeDiaspora}
}

// Sex as stated; never an input of matching, never shown to agencies.
type Sex string

// The values of sex; empty = not said.
const (
	Female Sex = "female"
	Male   Sex = "male"
)

// Identity is what names a person; officials see it only after a disclosure.
type Identity struct {
	GivenNames   string
	FamilyName   string
	Sex          Sex
	BirthDate    ref.Date
	BirthPlace   string
	Nationality  []ref.Country
	NINA         string // national number, optional
	Email        string
	Phone        string // E.164
	ConsularCard string
}

// Wishes is what the person looks for. Empty sets mean "any".
type Wishes struct {
	Occupations   []ref.Occupation
	Countries     []ref.Country
	Kinds         []ref.WorkKind
	MinPayCents   int64 // monthly gross EUR cents; 0 = not said
	AvailableFrom ref.Date
}

// Facts is everything the person states.
type Facts struct {
	Identity     Identity
	Residence    Residence
	Education    []Education
	Experience   []Experience
	Spells       []Spell
	Occupations  []ref.Occupation // worked or trained in, beyond experience entries
	Skills       []ref.Skill
	Languages    []LanguageSkill
	Licences     []ref.Licence
	Recognitions []Recognition
	Wishes       Wishes
	Interests    Interests
	Summary      string // free text
}

// Access is one reading of the identity by somebody else.
type Access struct {
	By     account.ID
	Role   account.Role
	Agency string // agency id, when By is a member of one
	Who    string // institution or agency, as shown to the person
	At     time.Time
	Reason string
	Note   string    // what the official wrote about the reason
	Until  time.Time // a disclosure lasts 30 minutes; zero = one reading
}

// Profile is one person's file. Visible is true while the last "matching"
// consent is given.
type Profile struct {
	ID  ID
	Rev int64
	// EditRev is the revision of the last change of facts or consents. Being
	// read by others raises Rev alone, and must not make the person's own
	// form stale.
	EditRev     int64
	Owner       account.ID // empty when collected by an agent for somebody without account
	CollectedBy account.ID
	Import      string
	SourceRun   int // which run of the import brought the last change
	SourceRow   int
	SourceKey   string
	SourceHash  string
	Facts       Facts
	Consents    []Consent
	Accesses    []Access
	CreatedAt   time.Time
	UpdatedAt   time.Time
	// ErasedAt is set on what stays of an erased profile: nothing but its id.
	ErasedAt time.Time
	Pending  audit.Log
}

// Consented reports the last decision about a purpose; none means no.
func (p *Profile) Consented(purpose string) bool {
	for i := len(p.Consents) - 1; i >= 0; i-- {
		if p.Consents[i].Purpose == purpose {
			return p.Consents[i].Given
		}
	}
	return false
}

// Visible reports whether agencies may find the profile.
func (p *Profile) Visible() bool { return p.Consented(PurposeMatching) }

// HighestEducation gives the highest ISCED level stated; 9 counts as 0.
func (f *Facts) HighestEducation() ref.EducationLevel {
	highest := ref.EducationLevel(0)
	for _, e := range f.Education {
		if e.Level <= 8 && e.Level > highest {
			highest = e.Level
		}
	}
	return highest
}

// Card is a profile in lists and matches (≤ 1 KB): nothing that identifies.
type Card struct {
	ID          ID
	Rev         int64
	Owner       account.ID
	Occupations []ref.Occupation
	Education   ref.EducationLevel
	Months      int
	Languages   []LanguageSkill
	Country     ref.Country
	Region      ref.Region
	Visible     bool
	UpdatedAt   time.Time
}
