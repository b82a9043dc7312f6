package agreement

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Limits of an agreement's data.
const (
	maxParties = 100
	maxClauses = 100
	maxTitle   = 400  // characters
	maxNumber  = 60   // characters of a clause's number
	maxTopic   = 200  // characters
	maxSummary = 1500 // characters
	maxSource  = 400  // characters
)

// Check reports every member that breaks a rule.
func (f Facts) Check() error {
	var bad fault.List
	checkText(&bad, "/title", f.Title, maxTitle, true)
	bad.Check(slices.Contains(Kinds(), f.Kind), "/kind", "agreement.kind")
	f.checkParties(&bad)
	f.checkDates(&bad)
	bad.Check(len(f.Clauses) <= maxClauses, "/clauses", "too_many", strconv.Itoa(maxClauses))
	for i, c := range f.Clauses {
		c.check(&bad, "/clauses/"+strconv.Itoa(i))
	}
	checkSource(&bad, f.Source, f.Confirmed)
	return bad.Err("agreement.invalid")
}

// checkParties asks for Mali and at least one other party; two exactly where
// the kind is not multilateral.
func (f Facts) checkParties(bad *fault.List) {
	bad.Check(len(f.Parties) <= maxParties, "/parties", "too_many", strconv.Itoa(maxParties))
	seen := map[ref.Country]bool{}
	for i, c := range f.Parties {
		at := "/parties/" + strconv.Itoa(i)
		_, err := ref.ParseCountry(string(c))
		bad.Check(err == nil && c != "", at, "ref.country")
		bad.Check(!seen[c], at, "unique")
		seen[c] = true
	}
	bad.Check(seen[ref.Mali], "/parties", "agreement.mali")
	bad.Check(f.Kind == Multilateral || len(f.Parties) == 2, "/parties", "agreement.parties")
}

// checkDates asks for dates in the order of an agreement's life.
func (f Facts) checkDates(bad *fault.List) {
	last := ref.Date("")
	for _, d := range []struct {
		at string
		on ref.Date
	}{{"/signedOn", f.SignedOn}, {"/inForceOn", f.InForceOn}, {"/expiresOn", f.ExpiresOn}} {
		_, err := ref.ParseDate(string(d.on))
		bad.Check(err == nil, d.at, "ref.date")
		bad.Check(!d.on.Known() || d.on >= last, d.at, "agreement.order")
		if d.on.Known() {
			last = d.on
		}
	}
}

func (c Clause) check(bad *fault.List, at string) {
	bad.Check(utf8.RuneCountInString(c.Number) <= maxNumber, at+"/number", "too_long", strconv.Itoa(maxNumber))
	bad.Check(text.Printable(c.Number), at+"/number", "text.forbidden")
	checkText(bad, at+"/topic", c.Topic, maxTopic, true)
	checkText(bad, at+"/summary", c.Summary, maxSummary, true)
}

// checkText asks for the French wording; English may follow.
func checkText(bad *fault.List, at string, t Text, limit int, required bool) {
	bad.Check(!required || strings.TrimSpace(t.FR) != "", at+"/fr", "required")
	for _, m := range []struct{ at, s string }{{at + "/fr", t.FR}, {at + "/en", t.EN}} {
		bad.Check(utf8.RuneCountInString(m.s) <= limit, m.at, "too_long", strconv.Itoa(limit))
		bad.Check(!text.HasForbidden(m.s), m.at, "text.forbidden")
	}
}

// checkSource asks for a source where the facts count as confirmed. A source
// is wording, or an address, which must then be https or http and well formed.
func checkSource(bad *fault.List, source string, confirmed bool) {
	bad.Check(source != "" || !confirmed, "/source", "corridor.source.required")
	bad.Check(utf8.RuneCountInString(source) <= maxSource, "/source", "too_long", strconv.Itoa(maxSource))
	bad.Check(text.Printable(source), "/source", "text.forbidden")
	if strings.Contains(source, "://") && !strings.Contains(source, " ") {
		u, err := url.Parse(source)
		bad.Check(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil, "/source", "url")
	}
}

// changed names the members in which two statements differ, sorted.
func (f Facts) changed(g Facts) []string {
	var names []string
	for _, m := range []struct {
		name string
		same bool
	}{
		{"clauses", slices.Equal(f.Clauses, g.Clauses)}, {"confirmed", f.Confirmed == g.Confirmed}, {"expiresOn", f.ExpiresOn == g.ExpiresOn},
		{"inForceOn", f.InForceOn == g.InForceOn}, {"kind", f.Kind == g.Kind}, {"parties", slices.Equal(f.Parties, g.Parties)},
		{"signedOn", f.SignedOn == g.SignedOn}, {"source", f.Source == g.Source}, {"title", f.Title == g.Title},
	} {
		if !m.same {
			names = append(names, m.name)
		}
	}
	return names
}
