package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// chosenMost is how many answers of a search are shown.
const chosenMost = 12

// chooser finds a code by words: a search, then its answers to choose from.
type chooser struct {
	Action  string // address of the search
	Words   string
	Label   string
	Hint    string
	Suggest string // the list that completes what is typed
	Asked   bool   // words were given
	Found   []chosen
	Without *entryLink // goes on without any of them
}

// chosen is one answer of a search with what can be done with it.
type chosen struct {
	Label string
	Href  string   // leads on with it
	Adds  []adding // or adds it at once
}

// adding is a button that adds a code to a list.
type adding struct {
	Action, Label string
	Fields        []field
}

// occupationChosen puts the occupation that the address names, or that was kept
// with what was typed, into the form; false while it is to be searched for.
func (v *visit) occupationChosen(f *form) bool {
	asked, kept := v.query(), v.recall()
	named := asked.Has("metier") || asked.Has("intitule")
	if v.gin.Request.URL.Query().Has("q") || !named && kept == nil && v.param("n") == newEntry {
		return false
	}
	if kept != nil {
		f.values.Set("occupation", kept.values.Get("occupation"))
		f.values.Set("title", kept.values.Get("title"))
	}
	words := clip(asked.Get("intitule"), profile.MaxLine)
	switch o, err := ref.ParseOccupation(asked.Get("metier")); {
	case asked.Has("metier") && err == nil:
		f.values.Set("occupation", string(o))
		f.values.Set("title", cmp.Or(f.values.Get("title"), words))
	case words != "": // none of those that were found
		f.values.Set("occupation", "")
		f.values.Set("title", words)
	}
	if kept != nil && named {
		o := f.values.Get("occupation")
		v.amend(kept, url.Values{"occupation": {o}, "occupation-title": {ref.Occupation(o).Title(v.loc)}, "title": {f.values.Get("title")}})
	}
	return true
}

// searchOccupation is the first half of an experience: which occupation.
func (v *visit) searchOccupation(page *partPage) error {
	asked := v.query()
	q := clip(strings.TrimSpace(asked.Get("q")), 100)
	action := page.Form.Action
	page.Search = &chooser{Action: action, Words: q, Label: v.t("profile.occupation.search"), Hint: v.t("profile.occupation.hint"), Suggest: suggestTrades, Asked: q != ""}
	for _, s := range ref.SuggestOccupations(q, v.loc, chosenMost) {
		to := url.Values{"metier": {string(s.Occupation)}, "intitule": {q}}
		page.Search.Found = append(page.Search.Found, chosen{Label: s.Label, Href: address(action, to)})
	}
	if q != "" {
		page.Search.Without = &entryLink{Href: address(action, url.Values{"intitule": {q}}), Text: v.t("profile.occupation.none", q)}
	}
	page.Form = nil
	return nil
}

// choice lists of a profile that are sets of codes.
const (
	listWorked = "exerces"
	listSought = "recherches"
)

// codeSet is a part that is a set of codes, added one by one.
type codeSet struct {
	part   profile.Part
	search func(v *visit, q string, f *profile.Facts) *chooser
	items  func(v *visit, f *profile.Facts) []entryLine
	change func(f *profile.Facts, list, code string, add bool)
}

// partSets are the parts that are sets of codes.
func partSets() []codeSet {
	return []codeSet{
		{profile.PartOccupations, searchTrades, tradeItems, changeTrades},
		{profile.PartSkills, searchSkills, skillItems, changeSkills},
		{profile.PartLicences, searchLicences, licenceItems, changeLicences},
	}
}

func (c codeSet) index(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.render("profile/part", c.page(v, d))
}

func (c codeSet) page(v *visit, d *dossier) *partPage {
	page := newPartPage(c.part)
	page.Search = c.search(v, clip(strings.TrimSpace(v.query().Get("q")), 100), &d.Facts)
	page.Search.Action = partPath(c.part)
	page.Items = c.items(v, &d.Facts)
	rev := field{Name: revField, Value: strconv.FormatInt(d.Rev, 10)}
	for i := range page.Items {
		page.Items[i].Remove = partPath(c.part) + "/retraits"
		page.Items[i].Fields = append(page.Items[i].Fields, rev)
	}
	for _, found := range page.Search.Found {
		for j := range found.Adds {
			found.Adds[j].Action = partPath(c.part) + "/ajouts"
			found.Adds[j].Fields = append(found.Adds[j].Fields, rev)
		}
	}
	return page
}

// alter adds or removes the posted code.
func (c codeSet) alter(add bool) func(*visit) error {
	return func(v *visit) error {
		in := v.posted()
		err := v.saveFacts(func(f *profile.Facts) { c.change(f, in.Get("liste"), in.Get("code"), add) })
		flash := "flash.profile.saved"
		switch {
		case hasCode(err, "stale"):
			flash = "flash.profile.stale"
		case err != nil:
			return err
		case !add:
			flash = "flash.profile.removed"
		}
		v.redirect(partPath(c.part), flash)
		return nil
	}
}

// member adds a code to a set or takes it out.
func member[T ~string](list []T, code string, add bool) []T {
	list = slices.DeleteFunc(slices.Clone(list), func(have T) bool { return string(have) == code })
	if add {
		list = append(list, T(code))
	}
	return list
}

func item(label, group, list, code string) entryLine {
	return entryLine{Title: label, Group: group, Fields: []field{{Name: "liste", Value: list}, {Name: "code", Value: code}}}
}

func add(label, list, code string) adding {
	return adding{Label: label, Fields: []field{{Name: "liste", Value: list}, {Name: "code", Value: code}}}
}

func searchTrades(v *visit, q string, f *profile.Facts) *chooser {
	c := &chooser{Words: q, Label: v.t("profile.occupation.search"), Hint: v.t("profile.occupation.hint"), Suggest: suggestTrades, Asked: q != ""}
	for _, s := range ref.SuggestOccupations(q, v.loc, chosenMost) {
		one := chosen{Label: s.Label}
		if !slices.Contains(f.Worked(), s.Occupation) {
			one.Adds = append(one.Adds, add(v.t("profile.worked.add"), listWorked, string(s.Occupation)))
		}
		if !slices.Contains(f.Wishes.Occupations, s.Occupation) {
			one.Adds = append(one.Adds, add(v.t("profile.sought.add"), listSought, string(s.Occupation)))
		}
		c.Found = append(c.Found, one)
	}
	if q == "" {
		c.Found = likelyTrades(v, f)
	}
	return c
}

// likelyTrades proposes what the person has worked as, to look for again.
func likelyTrades(v *visit, f *profile.Facts) (found []chosen) {
	for _, o := range f.Worked() {
		if !slices.Contains(f.Wishes.Occupations, o) && len(found) < chosenMost {
			found = append(found, chosen{Label: o.Title(v.loc), Adds: []adding{add(v.t("profile.sought.add"), listSought, string(o))}})
		}
	}
	return found
}

func tradeItems(v *visit, f *profile.Facts) (items []entryLine) {
	for _, o := range f.Wishes.Occupations {
		items = append(items, item(o.Title(v.loc), v.t("profile.sought"), listSought, string(o)))
	}
	for _, o := range f.Occupations {
		items = append(items, item(o.Title(v.loc), v.t("profile.worked"), listWorked, string(o)))
	}
	return items
}

func changeTrades(f *profile.Facts, list, code string, add bool) {
	if list == listSought {
		f.Wishes.Occupations = member(f.Wishes.Occupations, code, add)
		return
	}
	f.Occupations = member(f.Occupations, code, add)
}

// labelsWith finds the codes whose labels hold every typed word, or begin a
// word with it.
func labelsWith[T ~string](q string, codes []T, label func(T) string) []T {
	words := text.Tokens(q)
	var found []T
	for _, code := range codes {
		have := text.Tokens(label(code))
		all := len(words) > 0
		for _, word := range words {
			all = all && slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, word) })
		}
		if all && len(found) < 2*chosenMost {
			found = append(found, code)
		}
	}
	return found
}

func searchSkills(v *visit, q string, f *profile.Facts) *chooser {
	c := &chooser{Words: q, Label: v.t("profile.skill.search"), Hint: v.t("profile.skill.hint"), Suggest: suggestSkills, Asked: q != ""}
	label := func(s ref.Skill) string { return s.Label(v.loc) }
	found := labelsWith(q, ref.Skills(), label)
	for _, s := range ref.FindSkills(q) {
		if !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	for _, s := range found {
		one := chosen{Label: s.Label(v.loc)}
		if !slices.Contains(f.Skills, s) {
			one.Adds = []adding{add(v.t("profile.add"), "", string(s))}
		}
		c.Found = append(c.Found, one)
	}
	return c
}

func skillItems(v *visit, f *profile.Facts) (items []entryLine) {
	for _, s := range f.Skills {
		items = append(items, item(s.Label(v.loc), "", "", string(s)))
	}
	return items
}

func changeSkills(f *profile.Facts, _, code string, add bool) {
	f.Skills = member(f.Skills, code, add)
}

func searchLicences(v *visit, q string, f *profile.Facts) *chooser {
	c := &chooser{Words: q, Label: v.t("profile.licence.search"), Hint: v.t("profile.licence.hint"), Suggest: suggestLicences, Asked: q != ""}
	found := labelsWith(q, ref.Licences(), func(l ref.Licence) string { return l.Label(v.loc) })
	if q == "" {
		found = []ref.Licence{"permis-a", "permis-b", "permis-c", "permis-d", "caces-r489-3", "habilitation-electrique-b1v"}
	}
	for _, l := range found {
		if !slices.Contains(f.Licences, l) {
			c.Found = append(c.Found, chosen{Label: l.Label(v.loc), Adds: []adding{add(v.t("profile.add"), "", string(l))}})
		}
	}
	return c
}

func licenceItems(v *visit, f *profile.Facts) (items []entryLine) {
	for _, l := range f.Licences {
		items = append(items, item(l.Label(v.loc), "", "", string(l)))
	}
	return items
}

func changeLicences(f *profile.Facts, _, code string, add bool) {
	f.Licences = member(f.Licences, code, add)
}
