package site

import (
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/web/locale"
)

// notice is one thing the linter said, in words.
type notice struct {
	Lead     string // begins it; empty = whether it is to be corrected
	Text     string
	Blocking bool
}

// atFields puts what the linter found to the fields it is about.
func (w words) atFields(f *form, all []offer.Finding) {
	for i, n := range w.findings(all) {
		f.tell(fieldName(all[i].Pointer), n)
	}
}

// findings puts the linter's findings into the words that agencies and
// officials work with, in the order in which they come.
func (w words) findings(all []offer.Finding) []notice {
	list := make([]notice, 0, len(all))
	for _, f := range all {
		text, _ := w.shared.Text(w.loc, f.Args, locale.FieldKeys(f.Code, len(f.Args))...)
		list = append(list, notice{Text: text, Blocking: f.Blocking})
	}
	return list
}

// warnings puts the findings an offer was published with into the words of the
// people who read it: the fact, not the advice to its agency.
func (w words) warnings(all []offer.Finding) []notice {
	list := w.findings(all)
	for i, f := range all {
		if text, ok := w.texts.Text(w.loc, f.Args, "warning."+strings.TrimPrefix(f.Code, "lint.")); ok {
			list[i].Text = text
		}
	}
	return list
}
