package placement

import (
	"cmp"
	"strconv"
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Compare holds a set of terms to the frozen offer, field by field and from
// the worker's side. Where the offer is silent, what the contract adds is
// better, except for what is taken from the worker, which is worse.
func Compare(frozen offer.Snapshot, found offer.Terms) []Line {
	c := comparison{a: frozen.Terms, b: found, on: ref.DateOf(frozen.PublishedAt)}
	c.work()
	c.place()
	c.time()
	c.money()
	c.benefits()
	c.costs()
	return c.lines
}

// Blocking gives the lines that hold a file: worse, missing or unclear on a
// protected field.
func Blocking(lines []Line) []Line {
	var found []Line
	for _, l := range lines {
		if l.Blocking() {
			found = append(found, l)
		}
	}
	return found
}

// Blocking reports whether the line holds the file.
func (l Line) Blocking() bool {
	return l.Protected && (l.Verdict == Worse || l.Verdict == Missing || l.Verdict == Unclear)
}

// comparison gathers the lines; a is what was offered, b what was found.
type comparison struct {
	a, b  offer.Terms
	on    ref.Date // day whose exchange rates count
	lines []Line
}

func (c *comparison) add(field string, protected bool, v Verdict, offered, found string) {
	c.lines = append(c.lines, Line{Field: field, Verdict: v, Protected: protected, Offered: offered, Found: found})
}

// stated settles a field of which one side says nothing; ok is false when both
// say something different and it must be looked at.
func stated(offered, found string) (v Verdict, ok bool) {
	switch {
	case offered == found:
		return Same, true
	case found == "":
		return Missing, true
	case offered == "":
		return Better, true
	}
	return "", false
}

// text compares two wordings; v is the verdict where they differ.
func (c *comparison) text(field string, protected bool, offered, found string, v Verdict) {
	verdict, ok := stated(offered, found)
	if !ok && text.Fold(offered) == text.Fold(found) {
		verdict, ok = Same, true
	}
	if !ok {
		verdict = v
	}
	c.add(field, protected, verdict, offered, found)
}

// ordered turns a comparison of numbers into a verdict; more is better.
func ordered(order int) Verdict {
	switch {
	case order > 0:
		return Better
	case order < 0:
		return Worse
	}
	return Same
}

func (c *comparison) work() {
	c.text("occupation", true, string(c.a.Occupation), string(c.b.Occupation), Worse)
	c.text("kind", false, string(c.a.Kind), string(c.b.Kind), kindVerdict(c.a.Kind, c.b.Kind))
	offered, found := c.a.Employer, c.b.Employer
	if offered == "" || found == "" { // by name where one of them is not registered
		offered, found = cmp.Or(c.a.EmployerName, offered), cmp.Or(c.b.EmployerName, found)
	}
	c.text("employer", true, offered, found, Worse)
}

// kindVerdict prefers permanent work to any other; of the others none is
// better than another.
func kindVerdict(offered, found ref.WorkKind) Verdict {
	switch {
	case found == ref.Permanent:
		return Better
	case offered == ref.Permanent:
		return Worse
	}
	return Unclear
}

func (c *comparison) place() {
	c.text("country", true, string(c.a.Country), string(c.b.Country), Worse)
	c.text("region", false, c.a.Region, c.b.Region, Unclear)
	c.text("city", false, c.a.City, c.b.City, Unclear)
}

func (c *comparison) time() {
	start := ordered(strings.Compare(string(c.a.Start), string(c.b.Start)))
	c.text("start", false, string(c.a.Start), string(c.b.Start), start)
	c.duration()
	c.number("hoursPerWeek", true, c.a.HoursPerWeek, c.b.HoursPerWeek)
	c.number("daysPerWeek", false, c.a.DaysPerWeek, c.b.DaysPerWeek)
}

// duration: longer is better, and permanent work has no end.
func (c *comparison) duration() {
	offered, found := durationText(c.a), durationText(c.b)
	v, ok := stated(offered, found)
	if !ok {
		v = ordered(cmp.Compare(durationOf(c.b), durationOf(c.a)))
	}
	c.add("durationMonths", true, v, offered, found)
}

const withoutEnd = 1 << 30

func durationOf(t offer.Terms) int {
	if t.Kind == ref.Permanent {
		return withoutEnd
	}
	return t.DurationMonths
}

func durationText(t offer.Terms) string {
	switch {
	case t.Kind == ref.Permanent:
		return string(ref.Permanent)
	case t.DurationMonths == 0:
		return ""
	}
	return strconv.Itoa(t.DurationMonths)
}

// number compares hours or days of work in hundredths: fewer is better.
func (c *comparison) number(field string, protected bool, a, b int) {
	offered, found := offer.Hundredths(a), offer.Hundredths(b)
	v, ok := stated(offered, found)
	if !ok {
		v = ordered(cmp.Compare(a, b))
	}
	c.add(field, protected, v, offered, found)
}

func (c *comparison) benefits() {
	a, b := c.a.Benefits, c.b.Benefits
	for _, f := range []struct {
		name           string
		offered, found offer.Benefit
	}{
		{"housing", a.Housing, b.Housing}, {"meals", a.Meals, b.Meals}, {"transport", a.Transport, b.Transport},
		{"insurance", a.Insurance, b.Insurance}, {"flight", a.Flight, b.Flight},
	} {
		promised := f.offered == offer.Provided
		c.add("benefits."+f.name, promised, benefitVerdict(f.offered, f.found), string(f.offered), string(f.found))
	}
}

// benefitVerdict: only what is provided counts; "no" and silence are equal.
func benefitVerdict(offered, found offer.Benefit) Verdict {
	switch {
	case (offered == offer.Provided) == (found == offer.Provided):
		return Same
	case found == offer.Provided:
		return Better
	case found == offer.NotProvided:
		return Worse
	}
	return Missing
}

func (c *comparison) costs() {
	a, b := c.a.Costs, c.b.Costs
	for _, f := range []struct {
		name           string
		offered, found offer.Payer
	}{{"visa", a.Visa, b.Visa}, {"flight", a.Flight, b.Flight}, {"medical", a.Medical, b.Medical}, {"training", a.Training, b.Training}} {
		c.add("costs."+f.name, true, payerVerdict(f.offered, f.found), string(f.offered), string(f.found))
	}
}

// payerVerdict: a cost the worker bears is the worst, one the employer bears
// the best; leaving open what was promised is missing.
func payerVerdict(offered, found offer.Payer) Verdict {
	switch {
	case offered == found:
		return Same
	case found == offer.ByWorker:
		return Worse
	case found == "" && offered == offer.ByEmployer:
		return Missing
	}
	return Better
}
