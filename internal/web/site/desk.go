package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// shownField tells which state of a record a form was made for.
const shownField = "vu"

// duty is one thing an official can do with a record of kind T. Its form
// stands on the record's page and is sent to an address of its own; its fields
// begin with its name, since many forms stand on one page.
type duty[T any] struct {
	name       string // words at "desk.do.<name>" and, for what it brings about, "desk.hint.<name>"
	path       string // below the record's address
	permission account.Permission
	danger     bool                          // it ends or undoes something
	upload     int64                         // most bytes of the file its form sends; 0 = it sends none
	open       func(v *visit, x T) bool      // whether it can be done now
	ask        func(v *visit, x T, f *asker) // adds the fields; nil = none
	// do gives the message shown afterwards; empty when it has answered itself.
	do func(v *visit, x T, in *answers) (flash string, err error)
}

// desk is what the duties of one kind of record have in common.
type desk[T any] struct {
	template string
	load     func(v *visit) (T, error)
	steps    func(x T) int // grows with every step of the record
	at       func(x T) string
	page     func(v *visit, x T) (page any, duties *dutyPart, err error)
	duties   func() []duty[T]
}

// dutyPart is the part of a page that duties share.
type dutyPart struct {
	Duties []dutyLine
	Error  string // why the last duty was not possible
	Wrong  []wrongField
}

// dutyLine is one duty as it stands on the page.
type dutyLine struct {
	Name, Label, Hint string
	Bare              bool // a button without questions
	Form              *form
}

// asker adds the fields of one duty.
type asker struct {
	*form
	v    *visit
	name string
}

func (a *asker) field(q field) {
	q.Name = a.name + "-" + q.Name
	a.add(q)
}

// reasons asks for a reason of a closed list and an explanation.
func (a *asker) reasons(list string, codes []string, required bool) {
	empty := a.v.t("form.choose")
	if !required {
		empty = a.v.t("form.none")
	}
	a.field(field{Name: "reason", Label: a.v.t("work.reason"), Kind: "select", Required: required, Options: a.v.codes(list, codes, empty)})
	a.field(field{Name: "note", Label: a.v.t("work.note"), Hint: a.v.t("desk.note.hint"), Kind: "area", Rows: 3, Max: 2000})
}

func (a *asker) wording(label string, required bool) {
	a.field(field{Name: "note", Label: label, Kind: "area", Rows: 3, Max: 2000, Required: required})
}

func (a *asker) day(name, label string, required bool) {
	a.field(field{Name: name, Label: label, Hint: a.v.t("desk.day.hint"), Max: 10, Narrow: true, Mode: "numeric", Fill: "off", Required: required})
}

// answers reads the fields of one duty. What cannot be read is noted.
type answers struct {
	in   url.Values
	name string
	bad  fault.List
}

func (a *answers) text(name string) string { return strings.TrimSpace(a.in.Get(a.name + "-" + name)) }

func (a *answers) all(name string) []string { return a.in[a.name+"-"+name] }

func (a *answers) yes(name string) bool { return a.text(name) == "yes" }

func (a *answers) day(name string) ref.Date {
	d, ok := typedDate(a.text(name))
	a.bad.Check(ok || a.text(name) == "", "/"+name, "ref.date")
	return d
}

// money reads an amount in major units as people type it.
func (a *answers) money(name string, currency ref.Currency) ref.Money {
	r := termReader{in: url.Values{name: {a.text(name)}}}
	m := ref.Money{Amount: r.amount(name, currency), Currency: currency}
	a.bad = append(a.bad, r.bad...)
	return m
}

func (a *answers) err() error { return a.bad.Err("request.invalid") }

// stripped gives the fields without the name of the duty.
func (a *answers) stripped() url.Values {
	out := url.Values{}
	for name, values := range a.in {
		if short, ok := strings.CutPrefix(name, a.name+"-"); ok {
			out[short] = values
		}
	}
	return out
}

// form makes the form of a duty over the given values.
func (d duty[T]) form(v *visit, x T, at string, steps int, values url.Values) *form {
	f := newForm(at+"/"+d.path, v.code("desk.do", d.name), values)
	f.Danger, f.Upload = d.danger, d.upload > 0
	f.number()
	f.hide(shownField, strconv.Itoa(steps))
	if d.ask != nil {
		d.ask(v, x, &asker{f, v, d.name})
	}
	return f
}

// part offers every duty that can be done now.
func (k desk[T]) part(v *visit, x T) (part dutyPart) {
	for _, d := range k.duties() {
		if !account.RuleOf(d.permission).Allows(v.actor.Role) || !d.open(v, x) {
			continue
		}
		line := dutyLine{Name: d.name, Label: v.code("desk.do", d.name), Bare: d.ask == nil, Form: d.form(v, x, k.at(x), k.steps(x), nil)}
		if key := "desk.hint." + d.name; v.texts.Has(key) {
			line.Hint = v.t(key)
		}
		part.Duties = append(part.Duties, line)
	}
	return part
}

// show answers with the record's page.
func (k desk[T]) show(v *visit) error {
	x, err := k.load(v)
	if err != nil {
		return err
	}
	page, _, err := k.page(v, x)
	if err != nil {
		return err
	}
	return v.render(k.template, page)
}

// handle answers the form of a duty: done once, however often it is sent, and
// only where nothing has happened since the form was shown.
func (k desk[T]) handle(d duty[T]) handler {
	return func(v *visit) error {
		flash := ""
		err := v.once(func() error {
			x, err := k.load(v)
			if err != nil {
				return err
			}
			if shown := v.posted().Get(shownField); shown != "" && shown != strconv.Itoa(k.steps(x)) {
				return fault.New(fault.Stale, "stale")
			}
			in := &answers{in: v.posted(), name: d.name}
			flash, err = d.do(v, x, in)
			return err
		})
		switch {
		case err != nil:
			return k.again(v, d, err)
		case v.gin.Writer.Written():
			return nil
		}
		x, err := k.load(v)
		if err != nil {
			return err
		}
		v.redirect(k.at(x), flash)
		return nil
	}
}

// again shows the record as it is now, with what forbade the duty at the top
// and, where the duty is still possible, what was typed.
func (k desk[T]) again(v *visit, d duty[T], failed error) error {
	switch fault.KindOf(failed) {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.Stale:
	default:
		return failed
	}
	x, err := k.load(v)
	if err != nil {
		return failed
	}
	page, part, err := k.page(v, x)
	if err != nil {
		return err
	}
	typed := v.posted()
	typed.Del(nonceField) // a corrected form is another one
	f := d.form(v, x, k.at(x), k.steps(x), typed)
	v.correct(f, prefixed(failed, d.name))
	part.Error, part.Wrong = f.Error, f.Wrong
	f.Error, f.Wrong = "", nil
	for i := range part.Duties {
		if part.Duties[i].Name == d.name {
			part.Duties[i].Form = f
		}
	}
	status := web.StatusOf(failed)
	if status == http.StatusForbidden || status == http.StatusPreconditionFailed {
		status = http.StatusConflict // the page may be read, this act is not possible
	}
	return v.renderAs(status, k.template, page)
}

// routes are the record's page and the addresses of its duties.
func (k desk[T]) routes(get, post maker, pattern string, read account.Permission) []route {
	list := []route{get(pattern, read, k.show)}
	for _, d := range k.duties() {
		r := post(pattern+"/"+d.path, d.permission, k.handle(d))
		if r.maxBody = maxDraft; d.upload > 0 {
			r.upload, r.maxBody = true, d.upload+64<<10
		}
		list = append(list, r)
	}
	return list
}

// official names the official behind an act to colleagues: oneself, or the end
// of the account's id, by which one can be asked for.
func (v *visit) official(id account.ID) string {
	switch s := string(id); {
	case s == "":
		return ""
	case id == v.actor.Account:
		return v.t("desk.you")
	case id == account.SystemActor().Account:
		return v.code("role", account.System)
	default:
		return v.t("desk.official", strings.ToUpper(s[max(0, len(s)-6):]))
	}
}

// yesOrNo are the answers to a closed question.
func (v *visit) yesOrNo() []option {
	return []option{{Value: "yes", Label: v.t("desk.yes")}, {Value: "no", Label: v.t("desk.no")}}
}
