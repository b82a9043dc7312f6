package ref

import (
	_ "embed"

	"passerelle/internal/domain/fault"
)

//go:embed countries.tsv
var countryTable string

// countryFacts is what is known about one ISO 3166-1 code.
type countryFacts struct {
	name     labels
	alpha3   string
	dial     string
	currency Currency
	retired  string // year of withdrawal; empty = in force
}

var countryBook = func() map[Country]countryFacts {
	book := map[Country]countryFacts{}
	for _, r := range rowsOf(countryTable, 7) {
		book[Country(r[0])] = countryFacts{alpha3: r[1], name: labels{fr: r[2], en: r[3]}, dial: r[4], currency: Currency(r[5]), retired: r[6]}
	}
	return book
}()

// ParseCountry reads an ISO 3166-1 alpha-2 code in upper case; the empty text
// is "not stated". Retired codes are accepted, since old records carry them.
// Anything else is Invalid.
func ParseCountry(s string) (Country, error) {
	if s == "" {
		return "", nil
	}
	if _, ok := countryBook[Country(s)]; !ok {
		return "", fault.New(fault.Invalid, "ref.country")
	}
	return Country(s), nil
}

// Countries lists the 249 codes in force in the order of their names in the
// locale.
func Countries(locale Locale) []Country {
	out := make([]Country, 0, len(countryBook))
	for code, facts := range countryBook {
		if facts.retired == "" {
			out = append(out, code)
		}
	}
	sortByLabel(out, func(c Country) string { return c.Name(locale) })
	return out
}

// Name gives the usual short name in the locale; empty when not stated.
func (c Country) Name(locale Locale) string { return countryBook[c].name.in(locale) }

// Alpha3 gives the three-letter ISO 3166-1 code.
func (c Country) Alpha3() string { return countryBook[c].alpha3 }

// DialCode gives the international dialling prefix in digits without "+"
// ("223"; North American codes with their area, "1809").
func (c Country) DialCode() string { return countryBook[c].dial }

// Currency gives the currency in which wages are paid there; empty where
// there is none of its own use.
func (c Country) Currency() Currency { return countryBook[c].currency }

// Retired reports whether ISO has withdrawn the code.
func (c Country) Retired() bool { return countryBook[c].retired != "" }
