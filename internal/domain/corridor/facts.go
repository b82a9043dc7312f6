package corridor

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/ref"
)

// Answer is yes, no, or not known: what no source tells is not guessed.
type Answer string

// The answers.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Answers lists what may be stated.
func Answers() []Answer { return []Answer{Yes, No} }

// Party is who pays, or who provides a paper.
type Party string

// The parties.
const (
	Worker     Party = "worker"
	Employer   Party = "employer"
	Agency     Party = "agency"
	BothSides  Party = "both" // employer and worker share
	Authority  Party = "authority"
	PartyUnset Party = ""
)

// Parties lists every party.
func Parties() []Party { return []Party{Worker, Employer, Agency, BothSides, Authority} }

// Branch is one branch of social insurance.
type Branch string

// The branches.
const (
	OldAge       Branch = "old_age"
	Health       Branch = "health"
	Accident     Branch = "accident"
	Family       Branch = "family"
	Unemployment Branch = "unemployment"
)

// Branches lists every branch.
func Branches() []Branch { return []Branch{OldAge, Health, Accident, Family, Unemployment} }

// Coordination says how one branch of social insurance works for a person who
// moves: who pays contributions, and what counts at home.
type Coordination struct {
	Branch       Branch
	Payer        Party  // of the contributions there
	Exportable   Answer // benefits are paid at home, too
	Totalisation Answer // periods in both countries are counted together
	Certificate  Answer // a certificate of coverage keeps a posted worker insured at home
	Note         Text   // may be empty
	Agreement    agreement.ID
	Source       string
	Confirmed    bool
}

// Recognition is how a foreign qualification is recognised for an occupation.
type Recognition struct {
	Prefix    ref.Occupation // ISCO-08
	Authority Text
	Procedure Text
	Weeks     int // usual duration; 0 = not known
	Source    string
	Confirmed bool
}

// Topic is a kind of help on arrival.
type Topic string

// The topics.
const (
	HealthCare Topic = "health"
	Schooling  Topic = "education"
	Housing    Topic = "housing"
	Consulate  Topic = "consulate"
	LegalAid   Topic = "legal_aid"
)

// Topics lists every topic.
func Topics() []Topic { return []Topic{HealthCare, Schooling, Housing, Consulate, LegalAid} }

// Help is where a person finds help on arrival.
type Help struct {
	Topic     Topic
	Text      Text
	Source    string
	Confirmed bool
}

// Paper is one thing of the checklist that must be there before the departure
// of a person is reviewed.
type Paper struct {
	Key      string // lower-case letters, digits and "_"; unique in the list
	Label    Text
	Required bool  // the file is not complete without it
	Expires  bool  // the paper runs out, so its last day is asked for
	Provider Party // who has to bring it
}

// Item is something that costs money on the way to work abroad; the first
// ones follow the ILO's definition of recruitment fees and related costs.
type Item string

// The items.
const (
	Recruitment Item = "recruitment" // the agency's own service
	Visa        Item = "visa"
	Travel      Item = "travel"
	Medical     Item = "medical"
	Training    Item = "training"
	Insurance   Item = "insurance"
	Documents   Item = "documents" // passport, certificates, translations
)

// Items lists every item.
func Items() []Item {
	return []Item{Recruitment, Visa, Travel, Medical, Training, Insurance, Documents}
}

// Fee says who bears a cost. A line that charges the worker counts only while
// WorkerFees of the corridor is true; without a line nobody may charge the
// worker anything.
type Fee struct {
	Item      Item
	Payer     Party
	MaxCents  int64 // most that may be charged, EUR cents; 0 = nothing stated
	Note      Text
	Source    string
	Confirmed bool
}

// FeeProposal is one official's proposal to let workers be charged; it takes
// effect when another official confirms it.
type FeeProposal struct {
	By account.ID
	At time.Time
}

// Pending reports whether a proposal waits.
func (p FeeProposal) Pending() bool { return p.By != "" }

// WorkerPays reports whether, and up to how many EUR cents, a worker may be
// charged for an item. The default is nothing.
func (c *Corridor) WorkerPays(item Item) (maxCents int64, ok bool) {
	for _, f := range c.Fees {
		if c.WorkerFees && f.Item == item && (f.Payer == Worker || f.Payer == BothSides) {
			return f.MaxCents, true
		}
	}
	return 0, false
}

// Accepts reports whether the corridor takes that kind of work; one that
// names no kinds takes every one.
func (c *Corridor) Accepts(kind ref.WorkKind) bool {
	for _, k := range c.Kinds {
		if k == kind {
			return true
		}
	}
	return len(c.Kinds) == 0
}

// Papers gives the checklist: as stated, or made of the papers of a corridor
// that states none, all of them required.
func (c *Corridor) Papers() []Paper {
	if len(c.Checklist) > 0 {
		return c.Checklist
	}
	var list []Paper
	for i, d := range c.Documents {
		list = append(list, Paper{Key: paperKey(i), Label: d, Required: true, Provider: Worker})
	}
	return list
}
