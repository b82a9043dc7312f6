package site

import (
	"net/url"
	"strconv"
	"strings"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// corridorPart is one part of a corridor's facts with a form of its own. Lists
// are rows: those there are, and some empty ones; a row that says nothing is
// left out.
type corridorPart struct {
	name string // words at "desk.part.<name>"
	path string
	rows string // first part of the rows' field names, as faults name them; empty = no rows
	// values gives the fields of the facts, without the rows' prefix and number.
	values func(f corridor.Facts) []url.Values
	ask    func(v *visit, f *form, at string) // adds the fields of a row, or of the whole
	read   func(r *rowReader, f *corridor.Facts)
}

// emptyRows is how many rows a form offers beyond those there are.
const emptyRows = 3

// corridorPartPage is the form of one part.
type corridorPartPage struct {
	Title, Country, Back string
	Rows                 bool // it is a list
	Form                 *form
}

// about tells how much a part says.
func (p corridorPart) about(v *visit, f corridor.Facts) string {
	if p.rows == "" {
		return ""
	}
	return v.count("desk.rows", len(p.values(f)))
}

// fields gives the values of the form for some facts.
func (p corridorPart) fields(f corridor.Facts) url.Values {
	out := url.Values{}
	for i, row := range p.values(f) {
		for name, values := range row {
			out[p.at(i)+name] = values
		}
	}
	return out
}

func (p corridorPart) at(i int) string {
	if p.rows == "" {
		return ""
	}
	return p.rows + "-" + strconv.Itoa(i) + "-"
}

func (p corridorPart) form(v *visit, c *corridor.Corridor, rev int64, values url.Values, rows int) *form {
	f := newForm(deskCorridorHref(c.Code)+"/"+p.path, v.t("draft.save"), values)
	f.replaces(rev)
	if p.rows == "" {
		p.ask(v, f, "")
		return f
	}
	for i := range rows {
		f.group(v.t("desk.row", i+1))
		p.ask(v, f, p.at(i))
	}
	f.hide("rows", strconv.Itoa(rows))
	return f
}

func (p corridorPart) edit(v *visit) error {
	c, err := v.corridorFile()
	if err != nil {
		return err
	}
	return v.render("desk/part", p.page(v, c, p.form(v, c, c.Rev, p.fields(c.Facts()), len(p.values(c.Facts()))+emptyRows)))
}

func (p corridorPart) page(v *visit, c *corridor.Corridor, f *form) corridorPartPage {
	return corridorPartPage{Title: v.code("desk.part", p.name), Country: v.countryName(c.Destination), Back: deskCorridorHref(c.Code), Rows: p.rows != "", Form: f}
}

// update replaces one part; the others stay as they are. An older page than
// the corridor says so.
func (p corridorPart) update(v *visit) error {
	c, err := v.corridorFile()
	if err != nil {
		return err
	}
	in := v.posted()
	rev, _ := v.revision() // none is zero, which no record has
	rows, _ := strconv.Atoi(in.Get("rows"))
	r := &rowReader{in: in, part: p, rows: min(max(rows, 0), 60+emptyRows)}
	r.compact()
	facts := c.Facts()
	p.read(r, &facts)
	if err = r.bad.Err("corridor.invalid"); err == nil {
		c, err = v.putCorridor(c, rev, facts)
	}
	if err != nil {
		rows := max(r.rows, len(p.values(c.Facts()))) + emptyRows
		f := p.form(v, c, c.Rev, in, rows)
		f.overtaken(err, c.Rev, p.form(v, c, c.Rev, p.fields(c.Facts()), rows))
		return v.again(f, err, "desk/part", p.page(v, c, f))
	}
	flash := "flash.corridor.saved"
	if facts.WorkerFees && !c.WorkerFees {
		flash = "flash.corridor.fees_proposed"
	}
	v.redirect(deskCorridorHref(c.Code), flash)
	return nil
}

// putCorridor stores the facts; on failure it gives the corridor as it was.
func (v *visit) putCorridor(c *corridor.Corridor, rev int64, facts corridor.Facts) (*corridor.Corridor, error) {
	after, err := v.site.opts.Corridors.Put(v.ctx, v.actor, c.Code, rev, facts)
	if err != nil {
		return c, err
	}
	return after, nil
}

// rowReader reads posted rows.
type rowReader struct {
	in   url.Values
	part corridorPart
	rows int
	bad  fault.List
}

// compact moves the rows that say something together, so that they keep the
// numbers by which faults call them.
func (r *rowReader) compact() {
	if r.part.rows == "" {
		return
	}
	kept, to := url.Values{}, 0
	for i := range r.rows {
		said := false
		for name, values := range r.in {
			short, mine := strings.CutPrefix(name, r.part.at(i))
			if mine {
				kept[r.part.at(to)+short] = values
				said = said || short != "confirmed" && strings.TrimSpace(strings.Join(values, "")) != ""
			}
		}
		if said {
			to++
		}
	}
	for name := range r.in {
		if strings.HasPrefix(name, r.part.rows+"-") {
			delete(r.in, name)
		}
	}
	for name, values := range kept {
		r.in[name] = values
	}
	r.rows = to
}

func (r *rowReader) text(i int, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.in.Get(r.part.at(i)+name), "\r\n", "\n"))
}

func (r *rowReader) yes(i int, name string) bool { return r.text(i, name) == "yes" }

func (r *rowReader) words(i int, name string) corridor.Text {
	return corridor.Text{FR: r.text(i, name+"-fr"), EN: r.text(i, name+"-en")}
}

func (r *rowReader) pointer(i int, name string) string {
	if r.part.rows == "" {
		return "/" + name
	}
	return "/" + r.part.rows + "/" + strconv.Itoa(i) + "/" + name
}

func (r *rowReader) day(i int, name string) ref.Date {
	typed := r.text(i, name)
	d, ok := typedDate(typed)
	r.bad.Check(ok || typed == "", r.pointer(i, name), "ref.date")
	return d
}

// cents reads an amount in euros.
func (r *rowReader) cents(i int, name string) int64 {
	t := termReader{in: url.Values{name: {r.text(i, name)}}}
	cents := t.amount(name, ref.EUR)
	r.bad.Check(len(t.bad) == 0, r.pointer(i, name), "amount")
	return cents
}

// hundredths reads « 37,5 » as 3750, and whole a whole number.
func (r *rowReader) hundredths(i int, name string) int {
	t := termReader{in: url.Values{name: {r.text(i, name)}}}
	n := t.hundredths(name)
	r.bad.Check(len(t.bad) == 0, r.pointer(i, name), "number")
	return n
}

func (r *rowReader) whole(i int, name string) int {
	t := termReader{in: url.Values{name: {r.text(i, name)}}}
	n := t.whole(name)
	r.bad.Check(len(t.bad) == 0, r.pointer(i, name), "integer")
	return n
}

// read makes one entry of each row.
func readRows[T any](r *rowReader, entry func(i int) T) []T {
	var list []T
	for i := range r.rows {
		list = append(list, entry(i))
	}
	return list
}

func mapRows[T any](entries []T, row func(T) url.Values) []url.Values {
	var list []url.Values
	for _, e := range entries {
		list = append(list, row(e))
	}
	return list
}

// rowOf makes the values of a row out of pairs of name and value; empty values
// are left out.
func rowOf(pairs ...string) url.Values {
	row := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			row.Set(pairs[i], pairs[i+1])
		}
	}
	return row
}

func yesIf(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func eurosField(cents int64) string {
	if cents == 0 {
		return ""
	}
	return ref.Money{Amount: cents, Currency: ref.EUR}.Format()
}

// treatyOptions lists the agreements that can be cited.
func (v *visit) treatyOptions() ([]option, error) {
	options := []option{{Label: v.t("form.none")}}
	for after := ""; ; {
		found, err := v.site.opts.Agreements.List(v.ctx, v.actor, agreement.Query{After: after, Limit: listing.MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, a := range found.Items {
			options = append(options, option{Value: string(a.ID), Label: a.Title.In(v.loc)})
		}
		if after = found.Next; after == "" {
			return options, nil
		}
	}
}
