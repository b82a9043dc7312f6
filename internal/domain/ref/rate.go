package ref

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

// rateTable holds currency, first day of validity, units per euro. The pegged
// currencies (XOF, XAF, KMF, CVE, BAM, BGN, STN) are exact; every other figure
// is a reference value of this system, to be confirmed by the ministry.
//
//go:embed rates.tsv
var rateTable string

// RateSource says where the floating rates come from, as shown to people.
const RateSource = "valeur de référence à confirmer"

// Rate is the value of one major unit of a currency in euros, as the exact
// fraction Num/Den, and the day from which it holds.
type Rate struct {
	Num, Den int64
	From     Date
}

var rateBook = func() map[Currency][]Rate {
	book := map[Currency][]Rate{EUR: {{Num: 1, Den: 1, From: "1999-01-01"}}}
	for _, r := range rowsOf(rateTable, 3) {
		num, den := inverse(r[2])
		book[Currency(r[0])] = append(book[Currency(r[0])], Rate{Num: num, Den: den, From: Date(r[1])})
	}
	for _, rates := range book {
		slices.SortFunc(rates, func(a, b Rate) int { return strings.Compare(string(a.From), string(b.From)) })
	}
	return book
}()

// inverse turns "655.957" units per euro into 1000/655957 euros per unit.
func inverse(perEuro string) (num, den int64) {
	whole, frac, _ := strings.Cut(perEuro, ".")
	den, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil || den <= 0 {
		panic("ref: malformed rate " + perEuro)
	}
	num = 1
	for range frac {
		num *= 10
	}
	for num%10 == 0 && den%10 == 0 {
		num, den = num/10, den/10
	}
	return num, den
}

// RateOn gives the rate in force on the day: the latest that starts on or
// before it. ok is false when the day is unknown, or lies before the first
// rate, or the currency has none.
func RateOn(currency Currency, on Date) (rate Rate, ok bool) {
	if on == "" {
		return Rate{}, false
	}
	for _, r := range rateBook[currency] {
		if r.From > on {
			break
		}
		rate, ok = r, true
	}
	return rate, ok
}
