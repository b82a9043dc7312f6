package ref

import (
	_ "embed"
	"math/big"
	"strconv"
)

// parityTable holds country, currency, year, and how many units of that
// currency buy what one dollar buys in the United States: the World Bank's
// indicator PA.NUS.PPP (World Development Indicators, licence CC BY 4.0), as
// republished by the public data package "ppp" (datasets/ppp). The ministry adds
// a year by adding its lines; a country that is not here has no figure.
//
//go:embed parities.tsv
var parityTable string

// ParitySource names where the parities come from, as shown to people.
const ParitySource = "Banque mondiale, WDI PA.NUS.PPP"

// Parity is the purchasing power of a country's currency in one year.
type Parity struct {
	Country  Country
	Currency Currency
	Year     int
	units    *big.Rat // of the currency, for one international dollar
}

type parityKey struct {
	country Country
	year    int
}

var parityBook, parityYears = readParities(parityTable)

// readParities gives the table by country and year, and its first and last year.
func readParities(table string) (map[parityKey]Parity, [2]int) {
	book, years := map[parityKey]Parity{}, [2]int{}
	for _, r := range rowsOf(table, 4) {
		year, err := strconv.Atoi(r[2])
		units, ok := new(big.Rat).SetString(r[3])
		if err != nil || !ok || units.Sign() <= 0 {
			panic("ref: malformed parity " + r[0] + " " + r[2])
		}
		book[parityKey{Country(r[0]), year}] = Parity{Country(r[0]), Currency(r[1]), year, units}
		if years[0] == 0 || year < years[0] {
			years[0] = year
		}
		years[1] = max(years[1], year)
	}
	return book, years
}

// ComparableInMali gives how many CFA francs buy in Mali what an amount earned
// in another country buys there:
//
//	amount in the country's currency × PPP(Mali) ÷ PPP(country)
//
// The amount is given in euro cents and brought to the country's currency at
// the rate of the day. Both parities are of the latest year, not after the
// day's, for which both are known; that year is given with the answer, which is
// floored to the franc. ok is false where no year or rate is known. It informs
// people; nothing is ranked by it.
func ComparableInMali(eurCents int64, country Country, on Date) (francs Money, year int, ok bool) {
	home, there, ok := parities(country, on)
	if !ok || eurCents <= 0 {
		return Money{}, 0, false
	}
	rate, ok := RateOn(there.Currency, on)
	if !ok {
		return Money{}, 0, false
	}
	local := new(big.Rat).Mul(big.NewRat(eurCents, 100), big.NewRat(rate.Den, rate.Num))
	same := local.Mul(local, home.units).Quo(local, there.units)
	whole := new(big.Int).Quo(same.Num(), same.Denom())
	if !whole.IsInt64() {
		return Money{}, 0, false
	}
	return Money{Amount: whole.Int64(), Currency: XOF}, there.Year, true
}

// parities gives the parities of Mali and of a country in the latest year for
// which both are known.
func parities(country Country, on Date) (home, there Parity, ok bool) {
	if !on.Known() {
		return home, there, false
	}
	for year := min(on.Time().Year(), parityYears[1]); year >= parityYears[0] && year > 0; year-- {
		home, atHome := parityBook[parityKey{Mali, year}]
		there, known := parityBook[parityKey{country, year}]
		if atHome && known {
			return home, there, true
		}
	}
	return home, there, false
}
