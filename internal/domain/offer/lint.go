package offer

import (
	"cmp"
	"slices"
	"strconv"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/ref"
)

// Facts is what the linter judges: the terms and what is known, at that
// moment, about everybody they name.
type Facts struct {
	Terms      Terms
	AgencyKind agency.Kind
	Corridor   *corridor.Corridor // nil = there is none for the destination
	Employer   employer.State     // "" = not named, or unknown to the register
	// EmployerCountry is where the employer was vetted; empty = unknown.
	EmployerCountry ref.Country
	Original        string   //  description before contacts were masked; empty = nothing was masked
	Today           ref.Date // day whose exchange rate normalises the pay
}

// linter is the facts with what several rules need, worked out once.
type linter struct {
	Facts
	clauses []clause
	cents   int64 // normalised monthly gross pay in EUR cents
	known   bool
	found   []Finding
}

// lintRule is one thing the linter looks at.
type lintRule struct {
	name  string
	check func(*linter)
}

// lintRules is the complete table, in the order in which findings are listed
// among equals.
func lintRules() []lintRule {
	return []lintRule{
		{"fee", lintFee}, {"fee in the text", lintFeeText}, {"costs", lintCosts},
		{"pay", lintPay}, {"pay floor", lintFloor}, {"pay band", lintBand},
		{"hours", lintHours}, {"duration", lintDuration}, {"deadline", lintDeadline}, {"age", lintAge},
		{"discrimination and abuse", lintTerms}, {"contacts", lintContacts}, {"free mail", lintFreeMail},
		{"country and corridor", lintCorridor}, {"occupation", lintOccupation}, {"kind", lintKind}, {"employer", lintEmployer},
	}
}

// Lint applies every rule: blocking findings first, then warnings.
func Lint(f Facts) []Finding {
	l := &linter{Facts: f, clauses: clausesOf(f.Terms)}
	l.cents, l.known = ref.NormalisedPay(f.Terms.Pay, f.Terms.HoursPerWeek, f.Terms.DaysPerWeek, f.Today)
	for _, rule := range lintRules() {
		rule.check(l)
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int { return cmp.Compare(severity(a), severity(b)) })
	return l.found
}

func severity(f Finding) int {
	if f.Blocking {
		return 0
	}
	return 1
}

// Blocking gives the first blocking finding.
func Blocking(findings []Finding) (first Finding, blocked bool) {
	i := slices.IndexFunc(findings, func(f Finding) bool { return f.Blocking })
	if i < 0 {
		return Finding{}, false
	}
	return findings[i], true
}

// Warnings gives the findings that do not block.
func Warnings(findings []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Blocking })
}

func (l *linter) block(code, pointer string, args ...string) {
	l.add(Finding{Code: code, Pointer: pointer, Blocking: true, Args: args})
}

func (l *linter) warn(code, pointer string, args ...string) {
	l.add(Finding{Code: code, Pointer: pointer, Args: args})
}

// add notes a finding once per code and field.
func (l *linter) add(f Finding) {
	same := func(have Finding) bool { return have.Code == f.Code && have.Pointer == f.Pointer }
	if !slices.ContainsFunc(l.found, same) {
		l.found = append(l.found, f)
	}
}

// lacking blocks, except for a foreign public service: what its files do not
// say stays unknown and is shown as a warning.
func (l *linter) lacking(code, pointer string) {
	l.add(Finding{Code: code, Pointer: pointer, Blocking: l.AgencyKind != agency.ForeignPublicService})
}

func (l *linter) feesAllowed() bool { return l.Corridor != nil && l.Corridor.WorkerFees }

func lintFee(l *linter) {
	switch {
	case l.Terms.Costs.WorkerFee <= 0:
	case l.feesAllowed():
		l.warn("lint.fee.allowed", "/costs/workerFee")
	default:
		l.block("lint.fee.worker", "/costs/workerFee")
	}
}

// lintCosts: training at the worker's charge is a recruitment fee by another
// name; visa, flight and medical at the worker's charge are shown.
func lintCosts(l *linter) {
	c := l.Terms.Costs
	if c.Training == ByWorker && !l.feesAllowed() {
		l.block("lint.cost.training", "/costs/training")
	}
	for _, cost := range []struct {
		payer Payer
		name  string
	}{{c.Visa, "visa"}, {c.Flight, "flight"}, {c.Medical, "medical"}} {
		if cost.payer == ByWorker {
			l.warn("lint.cost.worker", "/costs/"+cost.name, cost.name)
		}
	}
}

func lintPay(l *linter) {
	switch pay := l.Terms.Pay; {
	case !pay.Known():
		l.lacking("lint.pay.missing", "/pay")
	case !l.known:
		l.warn("lint.pay.not_comparable", "/pay")
	}
}

func lintFloor(l *linter) {
	if l.Corridor == nil || !l.known {
		return
	}
	if floor, ok := l.Corridor.Floor(l.Terms.Occupation, l.Today); ok && l.cents < floor {
		l.block("lint.pay.below_floor", "/pay/amount", euros(floor), euros(l.cents))
	}
}

// payBands gives, per ISCO-08 major group, the monthly gross pay in EUR beyond
// which an offer is more likely a mistake or a lure than a job. They are
// reference values of this system, wide on purpose.
var payBands = map[ref.Occupation]struct{ low, high int64 }{
	"0": {60, 12_000}, "1": {120, 30_000}, "2": {100, 20_000}, "3": {70, 12_000}, "4": {50, 8_000},
	"5": {40, 7_000}, "6": {40, 6_500}, "7": {40, 8_500}, "8": {40, 8_500}, "9": {40, 6_000},
}

// floorRatio is how many times the corridor's floor is unrealistic for jobs
// of the major groups 4 to 9.
const floorRatio = 6

func lintBand(l *linter) {
	band, ok := payBands[l.Terms.Occupation.Prefix(1)]
	if !ok {
		band.low, band.high = 40, 20_000
	}
	if !l.known {
		return
	}
	high := band.high * 100
	if floor, has := l.floor(); has && l.Terms.Occupation.Prefix(1) >= "4" {
		high = max(min(high, floor*floorRatio), floor*2)
	}
	if l.cents > high || l.cents < band.low*100 {
		l.warn("lint.pay.unrealistic", "/pay/amount", euros(l.cents), euros(band.low*100), euros(high))
	}
}

func (l *linter) floor() (cents int64, ok bool) {
	if l.Corridor == nil {
		return 0, false
	}
	return l.Corridor.Floor(l.Terms.Occupation, l.Today)
}

func euros(cents int64) string { return ref.Money{Amount: cents, Currency: ref.EUR}.Format() }

func lintHours(l *linter) {
	hours := l.Terms.HoursPerWeek
	if hours == 0 {
		l.lacking("lint.hours.missing", "/hoursPerWeek")
		return
	}
	if l.Corridor != nil && l.Corridor.MaxHours > 0 && hours > l.Corridor.MaxHours {
		l.block("lint.hours.above_ceiling", "/hoursPerWeek", Hundredths(l.Corridor.MaxHours))
	}
}

func lintDuration(l *linter) {
	if l.Terms.DurationMonths == 0 && l.Terms.Kind != ref.Permanent {
		l.lacking("lint.duration.missing", "/durationMonths")
	}
}

// adult is the lowest age at which anybody may be recruited.
const adult = 18

// lintDeadline keeps anybody from vetting what nobody can apply to any more;
// the deadline day itself is open.
func lintDeadline(l *linter) {
	if d := l.Terms.Deadline; d.Known() && l.Today.Known() && d < l.Today {
		l.block("lint.deadline.past", "/deadline", string(d))
	}
}

func lintAge(l *linter) {
	if age := l.Terms.MinAge; age > 0 && age < adult {
		l.block("lint.age.minor", "/minAge", strconv.Itoa(adult))
	}
	l.matchClauses(minorTerms())
}

func lintCorridor(l *linter) {
	switch t := l.Terms; {
	case t.Country == "":
		l.block("lint.country.missing", "/country")
	case t.Country == ref.Mali: // returning diaspora: always open
	case l.Corridor == nil:
		l.block("lint.corridor.absent", "/country", string(t.Country))
	case !l.Corridor.Open(t.Kind, t.Occupation):
		l.block("lint.corridor.suspended", "/country", string(t.Country))
	}
}

func lintOccupation(l *linter) {
	if !l.Terms.Occupation.IsUnitGroup() {
		l.block("lint.occupation.uncoded", "/occupation")
	}
}

func lintKind(l *linter) {
	if l.Terms.Kind == "" {
		l.warn("lint.kind.missing", "/kind")
	}
}

func lintEmployer(l *linter) {
	switch {
	case l.Terms.Employer == "":
		l.lacking("lint.employer.missing", "/employer")
	case l.Employer == employer.Barred:
		l.block("lint.employer.barred", "/employer")
	case l.Employer != employer.Accredited:
		l.block("lint.employer.not_accredited", "/employer")
	case l.EmployerCountry != "" && l.Terms.Country != "" && l.EmployerCountry != l.Terms.Country:
		l.warn("lint.employer.other_country", "/employer", string(l.EmployerCountry))
	}
}
