package ref

import (
	_ "embed"

	"passerelle/internal/domain/fault"
)

//go:embed currencies.tsv
var currencyTable string

// Currencies the system itself speaks of.
const (
	EUR Currency = "EUR"
	XOF Currency = "XOF"
)

// currencyFacts is what is known about one ISO 4217 code.
type currencyFacts struct {
	decimals  int
	name      labels
	withdrawn string // YYYY-MM or YYYY; empty = in force
}

var currencyBook = func() map[Currency]currencyFacts {
	book := map[Currency]currencyFacts{}
	for _, r := range rowsOf(currencyTable, 5) {
		book[Currency(r[0])] = currencyFacts{decimals: int(r[1][0] - '0'), name: labels{fr: r[2], en: r[3]}, withdrawn: r[4]}
	}
	return book
}()

// ParseCurrency reads an ISO 4217 code in upper case; the empty text is "not
// stated". Withdrawn currencies are accepted, since old records carry them;
// metals, units of account and test codes are not money a wage is paid in and
// are Invalid, like anything else.
func ParseCurrency(s string) (Currency, error) {
	if s == "" {
		return "", nil
	}
	if _, ok := currencyBook[Currency(s)]; !ok {
		return "", fault.New(fault.Invalid, "ref.currency")
	}
	return Currency(s), nil
}

// Currencies lists the codes in force in the order of their names in the
// locale.
func Currencies(locale Locale) []Currency {
	out := make([]Currency, 0, len(currencyBook))
	for code, facts := range currencyBook {
		if facts.withdrawn == "" {
			out = append(out, code)
		}
	}
	sortByLabel(out, func(c Currency) string { return c.Name(locale) })
	return out
}

// Name gives the currency's name in the locale.
func (c Currency) Name(locale Locale) string { return currencyBook[c].name.in(locale) }

// Decimals gives how many digits the minor unit has: XOF 0, EUR 2, TND 3. An
// unknown or empty code has 2.
func (c Currency) Decimals() int {
	if facts, ok := currencyBook[c]; ok {
		return facts.decimals
	}
	return 2
}

// Withdrawn reports whether ISO has withdrawn the code.
func (c Currency) Withdrawn() bool { return currencyBook[c].withdrawn != "" }

// Symbol gives the sign that stands for the currency in the locale, or its
// code where no sign is clear.
func (c Currency) Symbol(locale Locale) string {
	if sign, ok := currencySigns[c]; ok {
		return sign.in(locale)
	}
	return string(c)
}

var currencySigns = map[Currency]labels{
	"EUR": {"€", "€"}, "GBP": {"£", "£"}, "USD": {"$ US", "US$"}, "CAD": {"$ CA", "CA$"}, "AUD": {"$ AU", "A$"},
	"XOF": {"F CFA", "CFA F"}, "XAF": {"F CFA (BEAC)", "CFA F (BEAC)"}, "GNF": {"FG", "GNF"}, "CHF": {"CHF", "CHF"},
	"JPY": {"¥", "¥"}, "MAD": {"DH", "MAD"}, "DZD": {"DA", "DZD"}, "TND": {"DT", "TND"},
}
