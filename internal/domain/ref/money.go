package ref

import (
	"math"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
)

// Money is an amount in minor units of a currency ("1500.00" EUR is 150000);
// the zero value is no money in no currency.
type Money struct {
	Amount   int64
	Currency Currency
}

// MaxAmount is the largest amount, in minor units, that may be entered: no
// wage, cost or budget of this system comes near it, and sums of millions of
// such amounts stay within int64.
const MaxAmount = 1_000_000_000_000

// ParseMoney reads a decimal amount in major units with exactly the decimals
// of its currency ("1500.00" EUR, "450000" XOF), without sign, spaces, leading
// zeros or exponent, up to MaxAmount. The currency must be stated and in the
// vocabulary. Anything else is Invalid.
func ParseMoney(amount string, currency Currency) (Money, error) {
	if _, ok := currencyBook[currency]; !ok {
		return Money{}, fault.New(fault.Invalid, "ref.currency")
	}
	whole, frac, dotted := strings.Cut(amount, ".")
	decimals := currency.Decimals()
	bad := !allDigits(whole) || len(whole) > 1 && whole[0] == '0' || len(whole) > 15 ||
		dotted != (decimals > 0) || len(frac) != decimals || dotted && !allDigits(frac)
	if bad {
		return Money{}, fault.New(fault.Invalid, "ref.amount")
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil || n > MaxAmount {
		return Money{}, fault.New(fault.Invalid, "ref.amount.large")
	}
	return Money{Amount: n, Currency: currency}, nil
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Format writes the amount as ParseMoney reads it; a negative amount, which
// ParseMoney never gives, is written with a minus sign.
func (m Money) Format() string {
	whole, frac, sign := m.parts()
	if frac != "" {
		return sign + whole + "." + frac
	}
	return sign + whole
}

// parts gives the digits before and after the decimal sign.
func (m Money) parts() (whole, frac, sign string) {
	n := m.Amount
	digits := strconv.FormatUint(magnitude(n), 10)
	if n < 0 {
		sign = "-"
	}
	decimals := m.Currency.Decimals()
	if missing := decimals + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	return digits[:len(digits)-decimals], digits[len(digits)-decimals:], sign
}

func magnitude(n int64) uint64 {
	if n == math.MinInt64 {
		return 1 << 63
	}
	return uint64(max(n, -n))
}

// Display writes the amount for people: « 450 000 F CFA » with the narrow
// and the non-breaking space French typography asks for, "€1,500" in English.
// Decimals that are all zero are left out.
func (m Money) Display(locale Locale) string {
	whole, frac, sign := m.parts()
	if strings.Trim(frac, "0") == "" {
		frac = ""
	}
	symbol := strings.ReplaceAll(m.Currency.Symbol(locale), " ", "\u00a0")
	if locale != English {
		return sign + joinDecimals(grouped(whole, "\u202f"), frac, ",") + "\u00a0" + symbol
	}
	number := joinDecimals(grouped(whole, ","), frac, ".")
	if last := symbol[len(symbol)-1]; last >= 'A' && last <= 'Z' || last == ')' {
		return sign + symbol + "\u00a0" + number
	}
	return sign + symbol + number
}

func joinDecimals(whole, frac, mark string) string {
	if frac == "" {
		return whole
	}
	return whole + mark + frac
}

// grouped separates thousands.
func grouped(digits, mark string) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}
