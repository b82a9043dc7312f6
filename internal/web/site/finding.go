package site

import (
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// notice is one thing the linter said, in words.
type notice struct {
	Text     string
	Blocking bool
}

// findings puts the linter's findings into words, blocking ones first as they
// come.
func (v *visit) findings(all []offer.Finding) []notice {
	list := make([]notice, 0, len(all))
	for _, f := range all {
		list = append(list, notice{Text: v.finding(f.Code, f.Args, f.Code), Blocking: f.Blocking})
	}
	return list
}

// finding words one code of the linter; otherwise is what stands for a code
// that is not one of the linter's.
func (w words) finding(code string, args []string, otherwise string) string {
	shown := make([]string, len(args))
	for i, arg := range args {
		shown[i] = w.argument(code, arg)
	}
	if text, ok := w.texts.Text(w.loc, shown, code); ok {
		return text
	}
	return otherwise
}

// argument words what a finding quotes: amounts, countries, kinds of cost.
func (w words) argument(code, arg string) string {
	switch code {
	case "lint.pay.below_floor", "lint.pay.unrealistic":
		if m, err := ref.ParseMoney(arg, ref.EUR); err == nil {
			return m.Display(w.loc)
		}
	case "lint.corridor.absent", "lint.corridor.suspended", "lint.employer.other_country":
		return ref.Country(arg).Name(w.loc)
	case "lint.deadline.past":
		return w.date(ref.Date(arg))
	case "lint.cost.worker":
		return w.code("cost", arg)
	case "lint.contact.channel":
		return w.code("contact", arg)
	}
	return arg
}
