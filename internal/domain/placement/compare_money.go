package placement

import (
	"cmp"
	"strconv"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// wage is pay with what makes a month of it.
type wage struct {
	pay         ref.Pay
	hours, days int // a week, in hundredths
}

func (c *comparison) money() {
	a, b := wage{c.a.Pay, c.a.HoursPerWeek, c.a.DaysPerWeek}, wage{c.b.Pay, c.b.HoursPerWeek, c.b.DaysPerWeek}
	c.pay(a, b)
	c.deductions(a, b)
	c.fee()
}

func (c *comparison) pay(a, b wage) {
	offered, found := payText(c.a), payText(c.b)
	verdict, ok := stated(offered, found)
	switch {
	case ok && verdict != Same || offered == "":
	case c.a.Pay.Known() && c.b.Pay.Known():
		verdict = c.ordering(a, b)
	case !ok:
		verdict = Unclear // a wording on one side at least
	}
	c.add("pay", true, verdict, offered, found)
}

// ordering compares pay by the month; Unclear where that cannot be worked out.
func (c *comparison) ordering(a, b wage) Verdict {
	if order, ok := compareWages(a, b, c.on); ok {
		return ordered(-order)
	}
	return Unclear
}

// compareWages compares two wages by the month: exactly in one currency and
// basis, at the rates of the day between two currencies when both are gross.
// The same statement twice is equal even when no month can be made of it.
func compareWages(a, b wage, on ref.Date) (order int, ok bool) {
	if a.pay.Currency == b.pay.Currency && a.pay.Basis == b.pay.Basis {
		if order, ok = compareIn(a.plain(), b.plain(), on); ok {
			return order, true
		}
		like := a.pay.Period == b.pay.Period && a.pay.PaymentsPerYear == b.pay.PaymentsPerYear
		return cmp.Compare(a.pay.Min, b.pay.Min), like && a.hours == b.hours && a.days == b.days
	}
	return compareIn(a, b, on)
}

// plain gives the wage in a currency that needs no rate, for comparison with
// another of the same currency and basis.
func (w wage) plain() wage {
	w.pay.Currency, w.pay.Basis = ref.EUR, ref.Gross
	return w
}

func compareIn(a, b wage, on ref.Date) (int, bool) {
	if a.pay.Currency == ref.EUR && b.pay.Currency == ref.EUR && !on.Known() {
		on = "2000-01-01" // no rate is needed
	}
	offered, okA := ref.NormalisedPay(a.pay, a.hours, a.days, on)
	found, okB := ref.NormalisedPay(b.pay, b.hours, b.days, on)
	return cmp.Compare(offered, found), okA && okB
}

// deductions compares what is taken from pay in all: less is better.
func (c *comparison) deductions(a, b wage) {
	a.pay.Min, b.pay.Min = sum(c.a.Deductions), sum(c.b.Deductions)
	offered, found := perPeriod(a.pay), perPeriod(b.pay)
	c.add("deductions", true, c.burden(a, b), offered, found)
}

// burden compares what the worker bears: nothing is best.
func (c *comparison) burden(a, b wage) Verdict {
	switch {
	case a.pay.Min == 0 && b.pay.Min == 0:
		return Same
	case a.pay.Min == 0:
		return Worse
	case b.pay.Min == 0:
		return Better
	}
	order, ok := compareWages(a, b, c.on)
	if !ok {
		return Unclear
	}
	return ordered(order)
}

// fee compares the fee asked of the worker once.
func (c *comparison) fee() {
	once := func(t offer.Terms) wage {
		return wage{pay: ref.Pay{Min: t.Costs.WorkerFee, Currency: t.Pay.Currency, Period: ref.PerMonth, Basis: ref.Gross}}
	}
	a, b := once(c.a), once(c.b)
	c.add("costs.workerFee", true, c.burden(a, b), amountText(a.pay), amountText(b.pay))
}

func sum(deductions []offer.Deduction) (total int64) {
	for _, d := range deductions {
		total += d.Amount
	}
	return total
}

// payText is the canonical form of a pay: "1500.00-1700.00 EUR month gross x13".
func payText(t offer.Terms) string {
	p := t.Pay
	if !p.Known() {
		return t.PayText
	}
	low, high := p.Range()
	amount := low.Format()
	if high != low {
		amount += "-" + high.Format()
	}
	out := amount + " " + string(p.Currency) + " " + string(p.Period) + " " + string(p.Basis)
	if p.PaymentsPerYear > 0 {
		out += " x" + strconv.Itoa(p.PaymentsPerYear)
	}
	return out
}

func perPeriod(p ref.Pay) string {
	if p.Min == 0 {
		return ""
	}
	return amountText(p) + " " + string(p.Period)
}

func amountText(p ref.Pay) string {
	if p.Min == 0 {
		return ""
	}
	return ref.Money{Amount: p.Min, Currency: p.Currency}.Format() + " " + string(p.Currency)
}
