package ref

import (
	"math/big"

	"passerelle/internal/domain/fault"
)

// Pay is what a job pays, as stated: one amount or a range, in minor units of
// the currency, for each period.
type Pay struct {
	Min             int64 // the amount, or the lower end of a range; 0 = pay not stated
	Max             int64 // the upper end of a range; 0 = no range
	Currency        Currency
	Period          Period
	Basis           Basis
	PaymentsPerYear int // 12, 13 … for monthly pay; 0 = not said
}

// Known reports whether an amount is stated.
func (p Pay) Known() bool { return p.Min > 0 }

// Range gives both ends as money; without a range they are equal.
func (p Pay) Range() (low, high Money) {
	low = Money{Amount: p.Min, Currency: p.Currency}
	high = low
	if p.Max != 0 {
		high.Amount = p.Max
	}
	return low, high
}

// Check adds to faults every rule the pay breaks, with pointers below at
// ("/pay"). Pay that is not stated at all breaks none.
func (p Pay) Check(at string, faults *fault.List) {
	if p == (Pay{}) {
		return
	}
	faults.Check(p.Min > 0 && p.Min <= MaxAmount, at+"/amount", "pay.amount")
	faults.Check(p.Max == 0 || p.Max >= p.Min && p.Max <= MaxAmount, at+"/max", "pay.range")
	_, known := currencyBook[p.Currency]
	faults.Check(known, at+"/currency", "ref.currency")
	_, err := ParsePeriod(string(p.Period))
	faults.Check(err == nil, at+"/period", "ref.period")
	_, err = ParseBasis(string(p.Basis))
	faults.Check(err == nil, at+"/basis", "ref.basis")
	faults.Check(p.PaymentsPerYear >= 0 && p.PaymentsPerYear <= 24, at+"/paymentsPerYear", "pay.payments")
}

// Validate gives one Invalid fault with every rule the pay breaks, or nil.
func (p Pay) Validate() error {
	var faults fault.List
	p.Check("", &faults)
	return faults.Err("pay.invalid")
}

// NormalisedPay gives the monthly gross pay in euro cents, as one exact
// fraction floored once:
//
//	amount × f × rate
//
// with f = 1 for a month (13/12 when 13 payments a year are stated), 1/12 for
// a year, 52/12 for a week, daysPerWeek × 52/12 for a day and hoursPerWeek ×
// 52/12 for an hour. Hours and days are given in hundredths (37.5 h = 3750,
// 5.5 days = 550; 0 = unknown). A range uses its minimum. known is false for
// net pay, pay that is not stated, a missing hours or days figure that is
// needed, or no rate for the currency on that day.
func NormalisedPay(p Pay, hoursPerWeekX100, daysPerWeekX100 int, on Date) (cents int64, known bool) {
	num, den := periodFactor(p, hoursPerWeekX100, daysPerWeekX100)
	rate, ok := RateOn(p.Currency, on)
	if !ok || num <= 0 || p.Basis != Gross || p.Min <= 0 {
		return 0, false
	}
	top := product(p.Min, num, rate.Num, 100)
	bottom := product(den, rate.Den, pow10(p.Currency.Decimals()))
	floor := top.Quo(top, bottom)
	if !floor.IsInt64() {
		return 0, false
	}
	return floor.Int64(), true
}

// periodFactor gives how many of the pay's periods make a month, as a
// fraction; 0 when that is unknown.
func periodFactor(p Pay, hoursX100, daysX100 int) (num, den int64) {
	switch p.Period {
	case PerMonth:
		if p.PaymentsPerYear == 13 {
			return 13, 12
		}
		return 1, 1
	case PerYear:
		return 1, 12
	case PerWeek:
		return 52, 12
	case PerDay:
		return int64(daysX100) * 52, 1200
	case PerHour:
		return int64(hoursX100) * 52, 1200
	}
	return 0, 1
}

func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
