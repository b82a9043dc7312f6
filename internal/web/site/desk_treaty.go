package site

import (
	"net/url"
	"strconv"
	"strings"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// treatyPath is where officials keep the agreements.
const treatyPath = "/travail/accords"

func treatyHref(id agreement.ID) string { return treatyPath + "/" + url.PathEscape(string(id)) }

// treatiesPage lists the agreements.
type treatiesPage struct {
	Tabs  []tab
	Items []treatyItem
	Total int
	Pager pager
}

// treatyItem is one agreement in the list.
type treatyItem struct {
	Href string
	treatyLine
	Confirmed bool
}

// treatyPage is the form of one agreement.
type treatyPage struct {
	Title  string
	New    bool
	Trail  string
	Stored []fact // what somebody else has stored meanwhile
	Form   *form
}

// clauseRows is how many clauses the form offers beyond those there are.
const clauseRows = 3

func listTreaties(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	found, err := v.site.opts.Agreements.List(v.ctx, v.actor, agreement.Query{After: after, Limit: listing.DefaultLimit})
	if err != nil {
		return err
	}
	page := treatiesPage{Tabs: v.deskTabs(treatyPath), Total: found.Total, Pager: v.pager(found.Next)}
	for _, a := range found.Items {
		page.Items = append(page.Items, treatyItem{treatyHref(a.ID), v.treatyLine(a), a.Confirmed})
	}
	return v.render("desk/treaties", page)
}

func newTreaty(v *visit) error {
	return v.render("desk/treaty", treatyPage{New: true, Form: v.treatyForm(treatyPath+"/nouveau", 0, url.Values{}, clauseRows)})
}

func editTreaty(v *visit) error {
	a, err := v.site.opts.Agreements.Get(v.ctx, v.actor, agreement.ID(v.param("id")))
	if err != nil {
		return err
	}
	return v.render("desk/treaty", v.treatyPage(a, v.treatyForm(treatyHref(a.ID), a.Rev, treatyValues(a.Facts), len(a.Clauses)+clauseRows)))
}

func (v *visit) treatyPage(a *agreement.Agreement, f *form) treatyPage {
	return treatyPage{Title: a.Title.In(v.loc), Trail: trailOf(string(a.ID)), Form: f}
}

// clauses reads and writes the rows of clauses.
func clauses() corridorPart { return corridorPart{rows: "clauses"} }

func treatyValues(f agreement.Facts) url.Values {
	in := rowOf("title-fr", f.Title.FR, "title-en", f.Title.EN, "kind", string(f.Kind), "signedOn", dateField(f.SignedOn), "inForceOn", dateField(f.InForceOn),
		"expiresOn", dateField(f.ExpiresOn), "source", f.Source, "confirmed", yesIf(f.Confirmed))
	var parties []string
	for _, c := range f.Parties {
		parties = append(parties, string(c))
	}
	in.Set("parties", strings.Join(parties, ", "))
	for i, c := range f.Clauses {
		for name, value := range map[string]string{"number": c.Number, "topic-fr": c.Topic.FR, "topic-en": c.Topic.EN, "summary-fr": c.Summary.FR, "summary-en": c.Summary.EN} {
			in.Set(clauses().at(i)+name, value)
		}
	}
	return in
}

func (v *visit) treatyForm(action string, rev int64, values url.Values, rows int) *form {
	f := newForm(action, v.t("draft.save"), values)
	f.number()
	f.replaces(rev)
	f.hide("rows", strconv.Itoa(rows))
	v.askWords(f, "title", v.t("desk.title"), 0, 400, true)
	f.add(field{Name: "kind", Label: v.t("desk.treaty.kind"), Kind: "select", Required: true, Options: v.codes("treaty", textList(agreement.Kinds()), v.t("form.choose"))})
	f.add(field{Name: "parties", Label: v.t("desk.treaty.parties"), Hint: v.t("desk.treaty.parties.hint"), Max: 500, Required: true})
	f.add(field{Name: "signedOn", Label: v.t("desk.treaty.signed"), Hint: v.t("desk.day.hint"), Max: 10, Narrow: true})
	f.add(field{Name: "inForceOn", Label: v.t("desk.treaty.force"), Hint: v.t("desk.treaty.force.hint"), Max: 10, Narrow: true})
	f.add(field{Name: "expiresOn", Label: v.t("desk.treaty.expires"), Max: 10, Narrow: true})
	v.askSource(f, "")
	for i := range rows {
		at := clauses().at(i)
		f.group(v.t("desk.clause", i+1))
		f.add(field{Name: at + "number", Label: v.t("desk.clause.number"), Hint: v.t("desk.clause.number.hint"), Max: 60, Narrow: true})
		v.askWords(f, at+"topic", v.t("desk.clause.topic"), 0, 200, false)
		v.askWords(f, at+"summary", v.t("desk.clause.summary"), 3, 1500, false)
	}
	return f
}

// readTreaty reads the posted facts; rows is how many clauses say something.
func readTreaty(in url.Values) (f agreement.Facts, rows int, err error) {
	sent, _ := strconv.Atoi(in.Get("rows"))
	r := &rowReader{in: in, part: clauses(), rows: min(max(sent, 0), 100+clauseRows)}
	r.compact()
	whole := &rowReader{in: in}
	f = agreement.Facts{Title: agreement.Text(whole.words(0, "title")), Kind: agreement.Kind(in.Get("kind")), SignedOn: whole.day(0, "signedOn"), InForceOn: whole.day(0, "inForceOn"),
		ExpiresOn: whole.day(0, "expiresOn"), Source: whole.text(0, "source"), Confirmed: whole.yes(0, "confirmed")}
	for _, c := range strings.FieldsFunc(strings.ToUpper(in.Get("parties")), func(c rune) bool { return strings.ContainsRune(" ,;\r\n", c) }) {
		f.Parties = append(f.Parties, ref.Country(c))
	}
	f.Clauses = readRows(r, func(i int) agreement.Clause {
		return agreement.Clause{Number: r.text(i, "number"), Topic: agreement.Text(r.words(i, "topic")), Summary: agreement.Text(r.words(i, "summary"))}
	})
	return f, r.rows, whole.bad.Err("agreement.invalid")
}

func createTreaty(v *visit) error {
	facts, rows, err := readTreaty(v.posted())
	if err == nil {
		err = v.once(func() error {
			_, err := v.site.opts.Agreements.Create(v.ctx, v.actor, facts)
			return err
		})
	}
	if err != nil {
		v.posted().Del(nonceField)
		f := v.treatyForm(treatyPath+"/nouveau", 0, v.posted(), rows+clauseRows)
		return v.again(f, err, "desk/treaty", treatyPage{New: true, Form: f})
	}
	v.redirect(treatyPath, "flash.treaty.saved")
	return nil
}

func updateTreaty(v *visit) error {
	id := agreement.ID(v.param("id"))
	rev, _ := v.revision() // none is zero, which no record has
	facts, rows, err := readTreaty(v.posted())
	if err == nil {
		_, err = v.site.opts.Agreements.Put(v.ctx, v.actor, id, rev, facts)
	}
	if err == nil {
		v.redirect(treatyPath, "flash.treaty.saved")
		return nil
	}
	a, gone := v.site.opts.Agreements.Get(v.ctx, v.actor, id)
	if gone != nil {
		return err
	}
	rows = max(rows, len(a.Clauses)) + clauseRows
	f := v.treatyForm(treatyHref(id), a.Rev, v.posted(), rows)
	f.overtaken(err, a.Rev, v.treatyForm(treatyHref(id), a.Rev, treatyValues(a.Facts), rows))
	return v.again(f, err, "desk/treaty", v.treatyPage(a, f))
}

// importDecision asks to confirm a decision on all offers of a file.
type importDecision struct {
	importLine
	Publishing bool
	Action     string // address of the form
}

func confirmImport(v *visit) error {
	found, err := v.site.opts.Imports.Get(v.ctx, v.actor, intake.ID(v.param("id")))
	if err != nil {
		return err
	}
	line, err := v.deskImport(*found)
	if err != nil {
		return err
	}
	page := importDecision{importLine: line, Publishing: v.query().Get("acte") == "publier"}
	page.Action = page.Approve
	if page.Publishing {
		page.Action = page.Publish
	}
	if page.Action == "" { // an old page, or another official's turn
		flash := "flash.import.conflict"
		if page.Waits != "" {
			flash = "flash.import.four_eyes"
		}
		v.redirect("/travail/imports", flash)
		return nil
	}
	return v.render("desk/import", page)
}
