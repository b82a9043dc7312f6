package corridor

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/fault"
)

// Limits of what goes beyond the first members of a corridor.
const (
	maxKey      = 40   // characters of a paper's key
	maxPassage  = 1500 // characters of a note, a procedure, a service
	maxWeeks    = 520
	maxFeeCents = 5_000_000
)

// checkFrame reports what breaks a rule in checklist, fees, social security,
// recognition and services.
func (f Facts) checkFrame(bad *fault.List) {
	cited := map[agreement.ID]bool{}
	for i, id := range f.Agreements {
		bad.Check(id != "" && !cited[id], "/agreements/"+strconv.Itoa(i), "unique")
		cited[id] = true
	}
	f.checkChecklist(bad)
	for i, x := range f.Fees {
		x.check(bad, "/fees/"+strconv.Itoa(i))
	}
	for i, x := range f.Social {
		x.check(bad, "/socialSecurity/"+strconv.Itoa(i))
	}
	for i, x := range f.Recognised {
		x.check(bad, "/recognitions/"+strconv.Itoa(i))
	}
	for i, x := range f.Arrival {
		at := "/services/" + strconv.Itoa(i)
		bad.Check(slices.Contains(Topics(), x.Topic), at+"/topic", "corridor.topic")
		checkText(bad, at+"/text", x.Text, maxPassage)
		checkSource(bad, at+"/source", x.Source, x.Confirmed)
	}
}

func (f Facts) checkChecklist(bad *fault.List) {
	seen := map[string]bool{}
	for i, p := range f.Checklist {
		at := "/checklist/" + strconv.Itoa(i)
		bad.Check(soundKey(p.Key), at+"/key", "corridor.key")
		bad.Check(!seen[p.Key], at+"/key", "unique")
		checkText(bad, at+"/label", p.Label, maxWording)
		checkParty(bad, at+"/provider", p.Provider)
		seen[p.Key] = true
	}
}

// soundKey reports whether a key may be used in addresses.
func soundKey(key string) bool {
	for _, r := range key {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return key != "" && len(key) <= maxKey
}

func (x Fee) check(bad *fault.List, at string) {
	bad.Check(slices.Contains(Items(), x.Item), at+"/item", "corridor.item")
	bad.Check(slices.Contains(Parties(), x.Payer), at+"/payer", "corridor.party")
	bad.Check(x.MaxCents >= 0 && x.MaxCents <= maxFeeCents, at+"/max", "corridor.fee")
	checkNote(bad, at+"/note", x.Note)
	checkSource(bad, at+"/source", x.Source, x.Confirmed)
}

func (x Coordination) check(bad *fault.List, at string) {
	bad.Check(slices.Contains(Branches(), x.Branch), at+"/branch", "corridor.branch")
	checkParty(bad, at+"/payer", x.Payer)
	for _, a := range []struct {
		at     string
		answer Answer
	}{{"/exportable", x.Exportable}, {"/totalisation", x.Totalisation}, {"/certificate", x.Certificate}} {
		bad.Check(a.answer == Unknown || slices.Contains(Answers(), a.answer), at+a.at, "corridor.answer")
	}
	checkNote(bad, at+"/note", x.Note)
	checkSource(bad, at+"/source", x.Source, x.Confirmed)
}

func (x Recognition) check(bad *fault.List, at string) {
	checkOccupation(bad, at+"/prefix", x.Prefix)
	bad.Check(x.Prefix != "", at+"/prefix", "required")
	checkText(bad, at+"/authority", x.Authority, maxWording)
	checkText(bad, at+"/procedure", x.Procedure, maxPassage)
	bad.Check(x.Weeks >= 0 && x.Weeks <= maxWeeks, at+"/weeks", "corridor.weeks")
	checkSource(bad, at+"/source", x.Source, x.Confirmed)
}

func checkParty(bad *fault.List, at string, p Party) {
	bad.Check(p == PartyUnset || slices.Contains(Parties(), p), at, "corridor.party")
}

// checkNote lets a note be empty.
func checkNote(bad *fault.List, at string, t Text) {
	if t != (Text{}) {
		checkText(bad, at, t, maxPassage)
	}
	bad.Check(utf8.ValidString(t.FR+t.EN), at, "text.forbidden")
}
