package site

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"passerelle/internal/domain/ref"
)

var (
	dayForm   = regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$`)
	monthForm = regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{4})$`)
)

// typedDate reads a day as people write it, « 21/05/1990 », or as records do,
// "1990-05-21"; ok is false for anything else.
func typedDate(s string) (d ref.Date, ok bool) {
	s = strings.TrimSpace(s)
	if m := dayForm.FindStringSubmatch(s); m != nil {
		s = m[3] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[1])
	}
	d, err := ref.ParseDate(s)
	return d, err == nil
}

// typedMonth reads a month as people write it, « 03/2019 », or "2019-03".
func typedMonth(s string) (m ref.Month, ok bool) {
	s = strings.TrimSpace(s)
	if parts := monthForm.FindStringSubmatch(s); parts != nil {
		s = parts[2] + "-" + twoDigits(parts[1])
	}
	m, err := ref.ParseMonth(s)
	return m, err == nil
}

func twoDigits(s string) string { return strings.Repeat("0", 2-len(s)) + s }

// dateField writes a day for a field; nothing for an unknown one.
func dateField(d ref.Date) string {
	if !d.Known() {
		return ""
	}
	return d.Time().Format("02/01/2006")
}

// monthField writes a month for a field.
func monthField(m ref.Month) string {
	year, month, ok := strings.Cut(string(m), "-")
	if !ok {
		return ""
	}
	return month + "/" + year
}

// month writes « mars 2019 »; nothing for an unknown month.
func (w words) month(m ref.Month) string {
	year, number, ok := strings.Cut(string(m), "-")
	names := strings.Fields(w.t("date.months"))
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > len(names) {
		return ""
	}
	return names[n-1] + " " + year
}

// period writes from when until when something lasted.
func (w words) period(from, until ref.Month) string {
	switch {
	case from == "" && until == "":
		return ""
	case until == "":
		return w.t("period.since", w.month(from))
	case from == "":
		return w.t("period.until", w.month(until))
	}
	return w.t("period.both", w.month(from), w.month(until))
}

// wishedPay gives the amount a person would have typed for a wish that is
// kept in EUR cents a month: francs where a round number of them gives those
// cents, else euros.
func (v *visit) wishedPay(cents int64) (amount string, currency ref.Currency) {
	rate, ok := ref.RateOn(ref.XOF, v.today())
	if cents%100 == 0 || !ok {
		return strconv.FormatInt(cents/100, 10), ref.EUR
	}
	for _, round := range []int64{1000, 500, 100, 50, 25, 5} {
		whole := 100 * rate.Num * round
		francs := (cents*rate.Den + whole/2) / whole * round
		for _, near := range []int64{francs, francs + round} {
			if v.cents(ref.Money{Amount: near, Currency: ref.XOF}) == cents {
				return strconv.FormatInt(near, 10), ref.XOF
			}
		}
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100), ref.EUR
}
