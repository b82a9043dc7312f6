package corridor

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Limits of a corridor's data.
const (
	maxLines    = 60     // entries of one list
	maxWording  = 400    // characters of a title or a paper
	maxNotice   = 8000   // characters of the notice
	maxSource   = 400    // characters of a source
	maxAct      = 120    // characters of an act's number
	maxEvidence = 2000   // characters of the evidence
	hoursInWeek = 168_00 // hundredths
	maxFloor    = 5_000_000
)

// Facts is what officials state about a corridor: all of it but the switch.
type Facts struct {
	Bases      []Basis
	Floors     []Floor
	MaxHours   int // hours a week in hundredths; 0 = no ceiling known
	WorkerFees bool
	Kinds      []ref.WorkKind
	Regulated  []ref.Occupation
	Documents  []Text
	Notice     Text
	Agreements []agreement.ID
	Checklist  []Paper
	Fees       []Fee
	Social     []Coordination
	Recognised []Recognition
	Arrival    []Help
}

// Facts gives the statements of a corridor.
func (c *Corridor) Facts() Facts {
	return Facts{Bases: c.Bases, Floors: c.Floors, MaxHours: c.MaxHours, WorkerFees: c.WorkerFees,
		Kinds: c.Kinds, Regulated: c.Regulated, Documents: c.Documents, Notice: c.Notice,
		Agreements: c.Agreements, Checklist: c.Checklist, Fees: c.Fees, Social: c.Social, Recognised: c.Recognised, Arrival: c.Arrival}
}

func (c *Corridor) state(f Facts) {
	c.Bases, c.Floors, c.MaxHours, c.WorkerFees = f.Bases, f.Floors, f.MaxHours, f.WorkerFees
	c.Kinds, c.Regulated, c.Documents, c.Notice = f.Kinds, f.Regulated, f.Documents, f.Notice
	c.Agreements, c.Checklist, c.Fees = f.Agreements, f.Checklist, f.Fees
	c.Social, c.Recognised, c.Arrival = f.Social, f.Recognised, f.Arrival
}

// ParseCode reads "ML-" and the code of a country in force. It fails with
// NotFound, since a code is an address.
func ParseCode(s string) (Code, error) {
	destination, ok := strings.CutPrefix(s, "ML-")
	country, err := ref.ParseCountry(destination)
	if !ok || err != nil || country == "" || country.Retired() {
		return "", notFound()
	}
	return CodeFor(country), nil
}

// Destination gives the country the code leads to.
func (c Code) Destination() ref.Country {
	return ref.Country(strings.TrimPrefix(string(c), "ML-"))
}

// Check reports every member that breaks a rule.
func (f Facts) Check() error {
	var bad fault.List
	for pointer, n := range map[string]int{"/bases": len(f.Bases), "/floors": len(f.Floors), "/kinds": len(f.Kinds),
		"/regulated": len(f.Regulated), "/documents": len(f.Documents), "/agreements": len(f.Agreements), "/checklist": len(f.Checklist),
		"/fees": len(f.Fees), "/socialSecurity": len(f.Social), "/recognitions": len(f.Recognised), "/services": len(f.Arrival)} {
		bad.Check(n <= maxLines, pointer, "too_many", strconv.Itoa(maxLines))
	}
	for i, b := range f.Bases {
		b.check(&bad, "/bases/"+strconv.Itoa(i))
	}
	f.checkFloors(&bad)
	bad.Check(f.MaxHours >= 0 && f.MaxHours <= hoursInWeek, "/maxHours", "corridor.hours")
	f.checkCodes(&bad)
	for i, d := range f.Documents {
		checkText(&bad, "/documents/"+strconv.Itoa(i), d, maxWording)
	}
	if f.Notice != (Text{}) {
		checkText(&bad, "/notice", f.Notice, maxNotice)
	}
	f.checkFrame(&bad)
	return bad.Err("corridor.invalid")
}

// check asks for a title; a basis counts as confirmed only with its source.
func (b Basis) check(bad *fault.List, at string) {
	checkText(bad, at+"/title", b.Title, maxWording)
	_, err := ref.ParseDate(string(b.Date))
	bad.Check(err == nil, at+"/date", "ref.date")
	checkSource(bad, at+"/source", b.Source, b.Confirmed)
}

func (f Facts) checkFloors(bad *fault.List) {
	seen := map[string]bool{}
	for i, floor := range f.Floors {
		at := "/floors/" + strconv.Itoa(i)
		checkOccupation(bad, at+"/prefix", floor.Prefix)
		_, err := ref.ParseDate(string(floor.From))
		bad.Check(err == nil, at+"/from", "ref.date")
		key := string(floor.From) + " " + string(floor.Prefix)
		bad.Check(!seen[key], at+"/prefix", "unique")
		bad.Check(floor.EURCents > 0 && floor.EURCents <= maxFloor, at+"/amount", "corridor.floor")
		checkSource(bad, at+"/source", floor.Source, floor.Confirmed)
		seen[key] = true
	}
}

func (f Facts) checkCodes(bad *fault.List) {
	kinds, regulated := map[ref.WorkKind]bool{}, map[ref.Occupation]bool{}
	for i, k := range f.Kinds {
		at := "/kinds/" + strconv.Itoa(i)
		checkKind(bad, at, k)
		bad.Check(k != "", at, "required")
		bad.Check(!kinds[k], at, "unique")
		kinds[k] = true
	}
	for i, o := range f.Regulated {
		at := "/regulated/" + strconv.Itoa(i)
		checkOccupation(bad, at, o)
		bad.Check(o != "", at, "required")
		bad.Check(!regulated[o], at, "unique")
		regulated[o] = true
	}
}

func checkKind(bad *fault.List, at string, k ref.WorkKind) {
	if k != "" {
		_, err := ref.ParseWorkKind(string(k))
		bad.Check(err == nil, at, "ref.kind")
	}
}

func checkOccupation(bad *fault.List, at string, o ref.Occupation) {
	_, err := ref.ParseOccupation(string(o))
	bad.Check(err == nil, at, "ref.occupation")
}

// checkText asks for the French wording; English may follow.
func checkText(bad *fault.List, at string, t Text, limit int) {
	bad.Check(strings.TrimSpace(t.FR) != "", at+"/fr", "required")
	for _, m := range []struct{ at, s string }{{at + "/fr", t.FR}, {at + "/en", t.EN}} {
		bad.Check(utf8.RuneCountInString(m.s) <= limit, m.at, "too_long", strconv.Itoa(limit))
		bad.Check(!text.HasForbidden(m.s), m.at, "text.forbidden")
	}
}

// checkSource asks for a source where a fact counts as confirmed. A source is
// wording, or an address, which must then be https or http and well formed.
func checkSource(bad *fault.List, at, source string, confirmed bool) {
	bad.Check(source != "" || !confirmed, at, "corridor.source.required")
	bad.Check(utf8.RuneCountInString(source) <= maxSource, at, "too_long", strconv.Itoa(maxSource))
	bad.Check(text.Printable(source), at, "text.forbidden")
	if strings.Contains(source, "://") && !strings.Contains(source, " ") {
		u, err := url.Parse(source)
		bad.Check(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil, at, "url")
	}
}

// changed names the members in which two statements differ, sorted.
func (f Facts) changed(g Facts) []string {
	var names []string
	for _, m := range []struct {
		name string
		same bool
	}{
		{"agreements", slices.Equal(f.Agreements, g.Agreements)}, {"bases", slices.Equal(f.Bases, g.Bases)},
		{"checklist", slices.Equal(f.Checklist, g.Checklist)}, {"documents", slices.Equal(f.Documents, g.Documents)},
		{"fees", slices.Equal(f.Fees, g.Fees)}, {"floors", slices.Equal(f.Floors, g.Floors)}, {"kinds", slices.Equal(f.Kinds, g.Kinds)}, {"maxHours", f.MaxHours == g.MaxHours},
		{"notice", f.Notice == g.Notice}, {"recognitions", slices.Equal(f.Recognised, g.Recognised)},
		{"regulated", slices.Equal(f.Regulated, g.Regulated)}, {"services", slices.Equal(f.Arrival, g.Arrival)},
		{"socialSecurity", slices.Equal(f.Social, g.Social)}, {"workerFees", f.WorkerFees == g.WorkerFees},
	} {
		if !m.same {
			names = append(names, m.name)
		}
	}
	return names
}
