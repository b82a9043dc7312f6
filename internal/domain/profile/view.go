package profile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// Relation is how a reader stands to a profile; it alone decides which fields
// the reader sees (see fields.go).
type Relation uint8

// Stranger sees nothing: other candidates, administrators, observers, and
// agencies to which the person is neither visible nor an applicant.
const Stranger Relation = 0

// The relations that see something; each is one bit of the table's rows.
const (
	Owner            Relation = 1 << iota // the person
	OfficialPlain                         // an official without a disclosure in force
	OfficialKnowing                       // an official within 30 minutes of a disclosure
	AgencySeeking                         // an active agency, and the profile is visible
	AgencyApproached                      // an active agency to which the person applied
)

// Relations lists every relation that sees something, in the order shown.
func Relations() []Relation {
	return []Relation{Owner, OfficialPlain, OfficialKnowing, AgencySeeking, AgencyApproached}
}

// String names the relation.
func (r Relation) String() string {
	switch r {
	case Owner:
		return "owner"
	case OfficialPlain:
		return "official"
	case OfficialKnowing:
		return "official+disclosure"
	case AgencySeeking:
		return "agency"
	case AgencyApproached:
		return "agency+application"
	}
	return "stranger"
}

// View is what one reader sees of a profile. Members the reader may not see
// are zero.
type View struct {
	Relation         Relation
	ID               ID
	Rev              int64
	CreatedAt        time.Time
	UpdatedAt        time.Time
	Identity         Identity
	AgeBand          string // five years, "25-29"; empty when unknown
	Residence        Residence
	Education        []Education
	HighestEducation ref.EducationLevel
	Experience       []Experience
	MonthsByGroup    []GroupMonths
	Months           int
	Spells           []Spell
	Occupations      []ref.Occupation // stated beyond experience entries
	Worked           []ref.Occupation // all occupations worked or trained in
	Skills           []ref.Skill
	Languages        []LanguageSkill
	Licences         []ref.Licence
	Recognitions     []Recognition
	Wishes           Wishes
	AvailableMonth   ref.Month
	Interests        Interests
	Summary          string
	Visible          bool
	Collected        bool // entered by an official for a person without account
	Consents         []Consent
	Accesses         []Access // newest first
}

// ViewFor gives what a reader in that relation sees on that day. The result
// shares nothing with the profile.
func ViewFor(p *Profile, relation Relation, today ref.Date) View {
	v := View{Relation: relation}
	for _, f := range fields() {
		if f.seenBy&relation != 0 {
			f.copy(&v, p, today)
		}
	}
	return v
}

// Sees reports whether a reader in that relation sees the field, by the name
// it has in the table ("identity/phone").
func (r Relation) Sees(name string) bool {
	return slices.ContainsFunc(fields(), func(f field) bool { return f.name == name && f.seenBy&r != 0 })
}

// relationOf decides how an actor stands to a profile. An agency counts only
// while it is active, which the caller has checked.
func relationOf(p *Profile, actor account.Actor, applied bool, now time.Time) Relation {
	switch {
	case actor.Role == account.Candidate && p.Owner != "" && p.Owner == actor.Account:
		return Owner
	case actor.Role == account.Official && p.disclosedTo(actor.Account, now):
		return OfficialKnowing
	case actor.Role == account.Official:
		return OfficialPlain
	case actor.Role == account.Agency && actor.Agency != "" && applied:
		return AgencyApproached
	case actor.Role == account.Agency && actor.Agency != "" && p.Visible():
		return AgencySeeking
	}
	return Stranger
}

// disclosedTo reports whether that official's last disclosure is in force.
func (p *Profile) disclosedTo(official account.ID, now time.Time) bool {
	return slices.ContainsFunc(p.Accesses, func(a Access) bool {
		return a.By == official && a.Role == account.Official && !now.Before(a.At) && now.Before(a.Until)
	})
}

// ageBand gives five completed years, "25-29"; empty when the age is unknown.
func ageBand(birth, today ref.Date) string {
	age, ok := birth.AgeOn(today)
	if !ok {
		return ""
	}
	low := age / 5 * 5
	return strconv.Itoa(low) + "-" + strconv.Itoa(low+4)
}

// Visibility prints the field × relation table, one field a line, for the
// golden test and for readers.
func Visibility() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s", "field")
	for _, r := range Relations() {
		fmt.Fprintf(&b, " %-20s", r)
	}
	for _, f := range fields() {
		fmt.Fprintf(&b, "\n%-28s", f.name)
		for _, r := range Relations() {
			mark := "-"
			if f.seenBy&r != 0 {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %-20s", mark)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}
