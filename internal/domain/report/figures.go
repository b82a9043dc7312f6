package report

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// Duration is how long files stay in a state before they leave it.
type Duration struct {
	State  placement.State
	Count  int // stays that ended; a state entered twice counts twice
	Median time.Duration
	P90    time.Duration
}

// Durations gives the time files have spent in each state they left. Stays
// that still last are not counted: Overdue tells of them.
func (s *Service) Durations(_ context.Context, actor account.Actor, f Filter) ([]Duration, error) {
	cards, err := s.cards(actor, f)
	if err != nil {
		return nil, err
	}
	stays := map[placement.State][]time.Duration{}
	for _, c := range cards {
		for i := 1; i < len(c.Steps); i++ {
			from := c.Steps[i-1]
			stays[from.State] = append(stays[from.State], c.Steps[i].At.Sub(from.At))
		}
	}
	var out []Duration
	for _, state := range placement.States() {
		if each := stays[state]; len(each) > 0 {
			slices.Sort(each)
			out = append(out, Duration{state, len(each), quantile(each, 0.5), quantile(each, 0.9)})
		}
	}
	return out, nil
}

// quantile gives the smallest of the sorted values that at least the share q
// of them does not exceed (nearest rank).
func quantile[T cmp.Ordered](sorted []T, q float64) T {
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[max(1, rank)-1]
}

// Outcome is how the placements of an agency ended.
type Outcome struct {
	Agency    string
	Name      string // of the agency
	Ended     int    // people who left and whose work abroad is over
	Completed int    // to the end of the contract
	Early     int
	Breach    int // ended early for a cause on the employer's side
	Cancelled int // before departure; not among Ended
	Running   int
	// Low and High bound the share of Completed among Ended with 95 %
	// confidence (Wilson's interval, in ten-thousandths); meaningless when Ended
	// is zero.
	Low, High int
}

// Outcomes gives one line for each agency, the least certain to complete
// first: by the lower bound, then by more files.
func (s *Service) Outcomes(_ context.Context, actor account.Actor, f Filter) ([]Outcome, error) {
	cards, err := s.cards(actor, f)
	if err != nil {
		return nil, err
	}
	lines := map[string]*Outcome{}
	for _, c := range cards {
		line := lines[c.Agency]
		if line == nil {
			card, _ := s.files.AgencyCard(agency.ID(c.Agency))
			line = &Outcome{Agency: c.Agency, Name: card.Name}
			lines[c.Agency] = line
		}
		line.add(&c)
	}
	var out []Outcome
	for _, line := range lines {
		line.Low, line.High = wilson(line.Completed, line.Ended)
		out = append(out, *line)
	}
	slices.SortFunc(out, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Low, b.Low), cmp.Compare(b.Ended, a.Ended), strings.Compare(a.Agency, b.Agency))
	})
	return out, nil
}

func (o *Outcome) add(c *placement.Card) {
	switch {
	case c.State == placement.Cancelled:
		o.Cancelled++
	case passed(c, placement.EndedEarly):
		o.Ended++
		o.Early++
		if employerSide(c.Cause) {
			o.Breach++
		}
	case passed(c, placement.Completed):
		o.Ended++
		o.Completed++
	default:
		o.Running++
	}
}

// employerSide lists the causes of an early end that the employer answers for.
func employerSide(cause string) bool {
	return cause == "employer_breach" || cause == "non_payment" || cause == "abuse"
}

// passed reports whether the file is or has been in the state.
func passed(c *placement.Card, state placement.State) bool {
	return c.State == state || slices.ContainsFunc(c.Steps, func(s placement.Step) bool { return s.State == state })
}

// wilson gives the 95 % interval of a share, in ten-thousandths (E. B. Wilson,
// 1927): it stays within 0 and 1 and is honest about few cases.
func wilson(hits, n int) (low, high int) {
	if n == 0 {
		return 0, 10_000
	}
	const z = 1.959964
	p, N := float64(hits)/float64(n), float64(n)
	middle := p + z*z/(2*N)
	spread := z * math.Sqrt(p*(1-p)/N+z*z/(4*N*N))
	low = int(math.Floor(10_000 * (middle - spread) / (1 + z*z/N)))
	high = int(math.Ceil(10_000 * (middle + spread) / (1 + z*z/N)))
	return max(0, low), min(10_000, high)
}

// Cost is what workers of one corridor have paid.
type Cost struct {
	Country ref.Country
	People  int // who left
	Paid    int // who paid anything
	// MedianCents and MeanCents are what they paid, in EUR cents.
	MedianCents, MeanCents int64
	// Known counts those whose pay is known; the ratios rest on them.
	Known int
	// MedianRatio and MeanRatio are SDG indicator 10.7.1, what the worker paid
	// divided by the monthly pay, in hundredths of a month.
	MedianRatio, MeanRatio int64
}

// Costs gives one line for each corridor people have left for, the dearest
// first.
func (s *Service) Costs(_ context.Context, actor account.Actor, f Filter) ([]Cost, error) {
	cards, err := s.cards(actor, f)
	if err != nil {
		return nil, err
	}
	paid, ratios := map[ref.Country][]int64{}, map[ref.Country][]int64{}
	for _, c := range cards {
		if !passed(&c, placement.Departed) {
			continue
		}
		paid[c.Country] = append(paid[c.Country], c.WorkerPaid)
		if c.PayKnown && c.MonthlyPay > 0 {
			ratios[c.Country] = append(ratios[c.Country], c.WorkerPaid*100/c.MonthlyPay)
		}
	}
	var out []Cost
	for country, each := range paid {
		out = append(out, costOf(country, each, ratios[country]))
	}
	slices.SortFunc(out, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.MeanRatio, a.MeanRatio), cmp.Compare(b.MeanCents, a.MeanCents), strings.Compare(string(a.Country), string(b.Country)))
	})
	return out, nil
}

func costOf(country ref.Country, paid, ratios []int64) Cost {
	slices.Sort(paid)
	slices.Sort(ratios)
	line := Cost{Country: country, People: len(paid), Known: len(ratios), MedianCents: quantile(paid, 0.5), MeanCents: mean(paid)}
	for _, p := range paid {
		if p > 0 {
			line.Paid++
		}
	}
	if len(ratios) > 0 {
		line.MedianRatio, line.MeanRatio = quantile(ratios, 0.5), mean(ratios)
	}
	return line
}

// mean rounds half up.
func mean(values []int64) int64 {
	var sum int64
	for _, v := range values {
		sum += v
	}
	n := int64(len(values))
	return (2*sum + n) / (2 * n)
}
