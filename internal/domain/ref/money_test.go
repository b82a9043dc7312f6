package ref_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

func TestParseMoney(t *testing.T) {
	for _, c := range []struct {
		amount   string
		currency ref.Currency
		want     int64
	}{
		{"1500.00", "EUR", 150000}, {"450000", "XOF", 450000}, {"0.05", "EUR", 5}, {"0", "XOF", 0}, {"1200.500", "TND", 1200500},
		{"10000000000.00", "EUR", ref.MaxAmount}, {"1.00", "FRF", 100},
	} {
		got, err := ref.ParseMoney(c.amount, c.currency)
		if err != nil || got.Amount != c.want || got.Format() != c.amount {
			t.Errorf("%s %s: %+v %v, written %s", c.amount, c.currency, got, err, got.Format())
		}
	}
	for _, c := range [][2]string{
		{"1500", "EUR"}, {"1500.0", "EUR"}, {"1500.000", "EUR"}, {"450000.00", "XOF"}, {"450000.", "XOF"}, {"-1.00", "EUR"}, {"+1.00", "EUR"},
		{"01.00", "EUR"}, {".50", "EUR"}, {"1,50", "EUR"}, {"1 500.00", "EUR"}, {"1e3", "XOF"}, {"", "EUR"}, {"", "XOF"}, {"1.00", ""}, {"1.00", "ZZZ"},
		{"10000000000.01", "EUR"}, {"99999999999999999999", "XOF"}, {"٣", "XOF"}, {"1.0a", "EUR"},
	} {
		if _, err := ref.ParseMoney(c[0], ref.Currency(c[1])); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q %s: %v, want Invalid", c[0], c[1], err)
		}
	}
}

func TestMoneyDisplay(t *testing.T) {
	for _, c := range []struct {
		money  ref.Money
		fr, en string
	}{
		{ref.Money{Amount: 450000, Currency: "XOF"}, "450\u202f000\u00a0F\u00a0CFA", "CFA\u00a0F\u00a0450,000"},
		{ref.Money{Amount: 150000, Currency: "EUR"}, "1\u202f500\u00a0€", "€1,500"},
		{ref.Money{Amount: 150050, Currency: "EUR"}, "1\u202f500,50\u00a0€", "€1,500.50"},
		{ref.Money{Amount: 5, Currency: "GBP"}, "0,05\u00a0£", "£0.05"},
		{ref.Money{Amount: -1234567, Currency: "USD"}, "-12\u202f345,67\u00a0$\u00a0US", "-US$12,345.67"},
		{ref.Money{Amount: 999, Currency: "XOF"}, "999\u00a0F\u00a0CFA", "CFA\u00a0F\u00a0999"},
		{ref.Money{Amount: 1200500, Currency: "TND"}, "1\u202f200,500\u00a0DT", "TND\u00a01,200.500"},
	} {
		if fr, en := c.money.Display(ref.French), c.money.Display(ref.English); fr != c.fr || en != c.en {
			t.Errorf("%+v: %q, %q", c.money, fr, en)
		}
	}
	if got := (ref.Money{Amount: math.MinInt64, Currency: "XOF"}).Format(); got != "-9223372036854775808" {
		t.Errorf("smallest amount: %s", got)
	}
}

func anyCurrency(t *rapid.T) ref.Currency {
	return rapid.SampledFrom(ref.Currencies(ref.French)).Draw(t, "currency")
}

func TestMoneyRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := ref.Money{Amount: rapid.Int64Range(0, ref.MaxAmount).Draw(t, "amount"), Currency: anyCurrency(t)}
		got, err := ref.ParseMoney(m.Format(), m.Currency)
		if err != nil || got != m {
			t.Fatalf("%+v is written %s and read %+v, %v", m, m.Format(), got, err)
		}
	})
}

func TestCurrencies(t *testing.T) {
	for code, want := range map[ref.Currency]int{"XOF": 0, "XAF": 0, "EUR": 2, "TND": 3, "JPY": 0, "KWD": 3, "UYW": 4, "ZZZ": 2, "GNF": 0} {
		if code.Decimals() != want {
			t.Errorf("%s has %d decimals", code, code.Decimals())
		}
	}
	for _, c := range ref.Currencies(ref.English) {
		if c.Name(ref.French) == "" || c.Name(ref.English) == "" || c.Symbol(ref.French) == "" || c.Withdrawn() {
			t.Errorf("%s is incomplete", c)
		}
	}
	if !ref.Currency("FRF").Withdrawn() || ref.EUR.Withdrawn() {
		t.Error("withdrawn currencies are not told apart")
	}
}

func TestRateOn(t *testing.T) {
	for _, c := range []struct {
		currency ref.Currency
		on       ref.Date
		num, den int64
		from     ref.Date
	}{
		{"EUR", "2026-08-01", 1, 1, "1999-01-01"},
		{"XOF", "2026-08-01", 1000, 655957, "1999-01-01"},
		{"XAF", "2020-01-01", 1000, 655957, "1999-01-01"},
		{"GBP", "2020-10-15", 1000, 850 + 8, "2020-01-01"},
	} {
		got, ok := ref.RateOn(c.currency, c.on)
		if c.currency == "GBP" { // floating: only the date and the size are law
			if !ok || got.From != c.from || got.Num >= 2*got.Den || got.Num <= got.Den {
				t.Errorf("%s: %+v %v", c.currency, got, ok)
			}
			continue
		}
		if !ok || got != (ref.Rate{Num: c.num, Den: c.den, From: c.from}) {
			t.Errorf("%s on %s: %+v %v", c.currency, c.on, got, ok)
		}
	}
	for _, c := range []struct {
		currency ref.Currency
		on       ref.Date
	}{{"GBP", "2019-12-31"}, {"GBP", ""}, {"ZZZ", "2026-01-01"}, {"EUR", "1998-12-31"}, {"", "2026-01-01"}} {
		if got, ok := ref.RateOn(c.currency, c.on); ok {
			t.Errorf("%s on %q: %+v", c.currency, c.on, got)
		}
	}
	for _, c := range ref.Currencies(ref.French) {
		if r, ok := ref.RateOn(c, "2026-06-01"); ok && (r.Num <= 0 || r.Den <= 0) {
			t.Errorf("%s: %+v", c, r)
		}
	}
}

func TestNormalisedPay(t *testing.T) {
	gross := func(min int64, c ref.Currency, p ref.Period) ref.Pay {
		return ref.Pay{Min: min, Currency: c, Period: p, Basis: ref.Gross}
	}
	thirteen := gross(200000, "EUR", ref.PerMonth)
	thirteen.PaymentsPerYear = 13
	fourteen := thirteen
	fourteen.PaymentsPerYear = 14
	ranged := gross(150000, "EUR", ref.PerMonth)
	ranged.Max = 200000
	for name, c := range map[string]struct {
		pay         ref.Pay
		hours, days int
		want        int64
	}{
		"month":           {gross(150000, "EUR", ref.PerMonth), 0, 0, 150000},
		"thirteen months": {thirteen, 0, 0, 216666},
		"fourteen months": {fourteen, 0, 0, 200000},
		"range":           {ranged, 0, 0, 150000},
		"year":            {gross(3000001, "EUR", ref.PerYear), 0, 0, 250000},
		"week":            {gross(50000, "EUR", ref.PerWeek), 0, 0, 216666},
		"day":             {gross(6000, "EUR", ref.PerDay), 0, 550, 143000},
		"hour":            {gross(1188, "EUR", ref.PerHour), 3500, 0, 180180},
		"half hours":      {gross(1000, "EUR", ref.PerHour), 3750, 0, 162500},
		"francs":          {gross(655957, "XOF", ref.PerMonth), 0, 0, 100000},
		"francs floored":  {gross(450000, "XOF", ref.PerMonth), 0, 0, 68602},
	} {
		if got, ok := ref.NormalisedPay(c.pay, c.hours, c.days, "2026-08-01"); !ok || got != c.want {
			t.Errorf("%s: %d %v, want %d", name, got, ok, c.want)
		}
	}
	net := gross(150000, "EUR", ref.PerMonth)
	net.Basis = ref.Net
	for name, pay := range map[string]ref.Pay{
		"net": net, "not stated": {}, "no hours": gross(1000, "EUR", ref.PerHour), "no days": gross(1000, "EUR", ref.PerDay),
		"no rate": gross(1000, "AFN", ref.PerMonth), "no period": gross(1000, "EUR", ""), "no basis": {Min: 1, Currency: "EUR", Period: ref.PerMonth},
		"too large": gross(math.MaxInt64, "KWD", ref.PerWeek),
	} {
		if got, ok := ref.NormalisedPay(pay, 0, 0, "2026-08-01"); ok {
			t.Errorf("%s is known: %d", name, got)
		}
	}
}

// TestNormalisedPayIsExact compares with the definition written as rationals.
func TestNormalisedPayIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := ref.Pay{Min: rapid.Int64Range(1, ref.MaxAmount).Draw(t, "min"), Currency: anyCurrency(t), Basis: ref.Gross,
			Period:          rapid.SampledFrom(ref.Periods()).Draw(t, "period"),
			PaymentsPerYear: rapid.SampledFrom([]int{0, 12, 13, 14}).Draw(t, "payments")}
		hours, days := rapid.IntRange(1, 8000).Draw(t, "hours"), rapid.IntRange(1, 700).Draw(t, "days")
		rate, priced := ref.RateOn(p.Currency, "2026-03-01")
		got, ok := ref.NormalisedPay(p, hours, days, "2026-03-01")
		if ok != priced {
			t.Fatalf("known %v, rate %v", ok, priced)
		}
		if ok && got != defined(p, rate, int64(hours), int64(days)) {
			t.Fatalf("%+v: %d, defined %d", p, got, defined(p, rate, int64(hours), int64(days)))
		}
	})
}

func defined(p ref.Pay, rate ref.Rate, hours, days int64) int64 {
	f := map[ref.Period]*big.Rat{ref.PerMonth: big.NewRat(1, 1), ref.PerYear: big.NewRat(1, 12), ref.PerWeek: big.NewRat(52, 12)}
	f[ref.PerDay] = new(big.Rat).Mul(big.NewRat(days, 100), f[ref.PerWeek])
	f[ref.PerHour] = new(big.Rat).Mul(big.NewRat(hours, 100), f[ref.PerWeek])
	if p.PaymentsPerYear == 13 {
		f[ref.PerMonth] = big.NewRat(13, 12)
	}
	unit := int64(math.Pow10(p.Currency.Decimals()))
	x := new(big.Rat).Mul(big.NewRat(p.Min, unit), f[p.Period])
	x.Mul(x, big.NewRat(rate.Num, rate.Den)).Mul(x, big.NewRat(100, 1))
	return new(big.Int).Quo(x.Num(), x.Denom()).Int64()
}

func TestPayRules(t *testing.T) {
	good := ref.Pay{Min: 1000, Max: 2000, Currency: "EUR", Period: ref.PerHour, Basis: ref.Net, PaymentsPerYear: 12}
	if err := good.Validate(); err != nil || !good.Known() {
		t.Errorf("good pay: %v", err)
	}
	if err := (ref.Pay{}).Validate(); err != nil || (ref.Pay{}).Known() {
		t.Errorf("pay that is not stated: %v", err)
	}
	low, high := good.Range()
	if low.Amount != 1000 || high.Amount != 2000 || high.Currency != "EUR" {
		t.Errorf("range %+v %+v", low, high)
	}
	for pointer, spoil := range map[string]func(*ref.Pay){
		"/amount": func(p *ref.Pay) { p.Min = 0 }, "/max": func(p *ref.Pay) { p.Max = 999 }, "/currency": func(p *ref.Pay) { p.Currency = "" },
		"/period": func(p *ref.Pay) { p.Period = "" }, "/basis": func(p *ref.Pay) { p.Basis = "brut" }, "/paymentsPerYear": func(p *ref.Pay) { p.PaymentsPerYear = -1 },
	} {
		bad := good
		spoil(&bad)
		f := fault.Of(bad.Validate())
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", pointer, f)
		}
	}
}
