package site

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// words speaks one language: texts by key, and numbers, dates and amounts as
// its readers write them.
type words struct {
	loc    ref.Locale
	texts  *locale.Catalogue // of the pages
	shared *locale.Catalogue // of problems and of the codes that records carry
}

func (s *Site) words(loc ref.Locale) words {
	return words{loc: loc, texts: s.texts, shared: s.opts.Server.Messages()}
}

// funcs are what templates may call.
func (w words) funcs(a assets) template.FuncMap {
	return template.FuncMap{
		"t": w.must, "n": w.count, "code": w.code, "date": w.date, "at": w.instant, "number": w.number,
		"asset": func(name string) (string, error) {
			if served, ok := a.names[name]; ok {
				return served, nil
			}
			return "", fmt.Errorf("no asset %q", name)
		},
		"country": func(c ref.Country) string { return c.Name(w.loc) },
		"trade":   func(o ref.Occupation) string { return o.Title(w.loc) },
		"kind":    func(k ref.WorkKind) string { return k.Label(w.loc) },
		"lines":   paragraphs, "inner": inner, "due": w.deadline,
		"finder": func(action, words, state string) finder { return finder{action, words, state} },
		"form": func(f frame, asked *form) formView {
			asked.restore(f.Kept)
			return formView{f, asked}
		},
	}
}

// t gives the text of a key with its values filled in; a key without a text
// is a defect that tests find, and is shown as it is.
func (w words) t(key string, args ...any) string {
	if text, ok := w.texts.Text(w.loc, w.strings(args), key); ok {
		return text
	}
	return key
}

// must is t for templates: an unknown key stops the page.
func (w words) must(key string, args ...any) (string, error) {
	text, ok := w.texts.Text(w.loc, w.strings(args), key)
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	return text, nil
}

func (w words) strings(args []any) []string {
	list := make([]string, len(args))
	for i, arg := range args {
		if n, ok := arg.(int); ok {
			list[i] = w.number(n)
		} else {
			list[i] = fmt.Sprint(arg)
		}
	}
	return list
}

// count gives "<key>.one" or "<key>.many" with the number as {0}: in French 0
// and 1 are singular, in English 1 alone.
func (w words) count(key string, n int, more ...any) string {
	form := ".many"
	if n == 1 || n == 0 && w.loc == ref.French {
		form = ".one"
	}
	return w.t(key+form, append([]any{n}, more...)...)
}

// code gives the text of a code of a closed list, "<list>.<code>", in the words
// of the pages where they have their own, else in the words everybody uses; a
// code that has none is shown as it is.
func (w words) code(list string, code any) string {
	key := fmt.Sprint(code)
	if text, ok := w.texts.Text(w.loc, nil, list+"."+key); ok {
		return text
	}
	return w.shared.Label(w.loc, list, key)
}

// number writes a whole number with its thousands apart.
func (w words) number(n int) string {
	digits, sign := strconv.Itoa(n), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	mark := "\u202f"
	if w.loc == ref.English {
		mark = ","
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}

// date writes « 21 novembre 2026 »; nothing for an unknown date.
func (w words) date(d ref.Date) string {
	if !d.Known() {
		return ""
	}
	t := d.Time()
	months := strings.Fields(w.t("date.months"))
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && w.loc == ref.French {
		day = "1er"
	}
	if len(months) != 12 {
		return string(d)
	}
	return day + "\u00a0" + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// instant writes a day and a time; Mali keeps UTC all year.
func (w words) instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.t("date.at", w.date(ref.DateOf(t)), t.UTC().Format(w.t("date.clock")))
}

// deadline writes until when something is due: a clock that runs out at midnight
// runs to the end of the day before.
func (w words) deadline(t time.Time) string {
	if last := t.UTC(); !t.IsZero() && last.Equal(last.Truncate(24*time.Hour)) {
		return w.date(ref.DateOf(last.AddDate(0, 0, -1)))
	}
	return w.instant(t)
}

// inner writes a name as it stands within a sentence: « L’agence », « l’agence ».
func inner(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

// hundredths writes hours or days given in hundredths, with the decimal sign
// of the language: 3750 → « 37,5 ».
func (w words) hundredths(n int) string {
	s := offer.Hundredths(n)
	if w.loc == ref.French {
		s = strings.ReplaceAll(s, ".", ",")
	}
	return s
}

// pay writes what is paid as it is stated: « 1 200 € à 1 500 € brut par mois »;
// nothing when it is not stated.
func (w words) pay(p ref.Pay) string {
	if !p.Known() {
		return ""
	}
	low, high := p.Range()
	amount := low.Display(w.loc)
	if high != low {
		amount = w.t("pay.range", low.Display(w.loc), high.Display(w.loc))
	}
	return w.t("pay.stated", amount, p.Basis.Label(w.loc), p.Period.Label(w.loc))
}

// francs writes EUR cents in CFA francs at the rate of the day, « 984 000 F
// CFA », rounded to the nearest franc.
func (w words) francs(cents int64, on ref.Date) string { return w.inCurrency(cents, ref.XOF, on) }

// inCurrency writes EUR cents in a currency at the rate of the day, rounded to
// its nearest minor unit; nothing when there is no rate.
func (w words) inCurrency(cents int64, to ref.Currency, on ref.Date) string {
	rate, ok := ref.RateOn(to, on)
	if !ok {
		return ""
	}
	den, whole := rate.Den, 100*rate.Num
	for range to.Decimals() {
		den *= 10
	}
	if cents > (math.MaxInt64-whole)/den {
		return "" // no wage
	}
	top := cents * den
	return ref.Money{Amount: (top + whole/2) / whole, Currency: to}.Display(w.loc)
}

// euros writes EUR cents.
func (w words) euros(cents int64) string {
	return ref.Money{Amount: cents, Currency: ref.EUR}.Display(w.loc)
}

// place joins what is known of where the work is.
func (w words) place(city, region string, country ref.Country) string {
	var parts []string
	for _, part := range []string{city, region, country.Name(w.loc)} {
		if part != "" && (len(parts) == 0 || parts[len(parts)-1] != part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// paragraphs splits plain text at empty lines, for one element each.
func paragraphs(s string) []string {
	var list []string
	for _, part := range strings.Split(s, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
