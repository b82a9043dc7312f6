package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// form is a form as it is shown: empty, with what is stored, or again with
// what was typed and what is to be corrected.
type form struct {
	Action string
	Submit string // text of the button
	Danger bool   // the button ends something
	Draft  bool   // nothing need be complete yet, so that no field is called optional
	Upload bool   // it sends a file
	Ways   []way  // buttons beside the first that send the form to another end
	Groups []group
	Hidden []field
	Live   string // the script sends it to this end while somebody types; empty = not at all
	Apart  bool   // what is typed is kept apart, so that nothing is lost where it is restored
	Failed bool   // it is shown again because it could not be taken
	// Restored says that it shows what was typed and could not be taken: the
	// session had ended, or the form was too large.
	Restored bool
	// Overtaken says that somebody else had changed the record; Stored is what
	// they stored, where it differs from what is typed.
	Overtaken bool
	Stored    []fact
	Error     string       // what is wrong with the whole
	Wrong     []wrongField // what is wrong with which field, in the order of the fields
	values    url.Values   // what was typed, or is stored
}

// way is a button with what it says to the handler, under wayField.
type way struct{ Value, Label string }

// wayField is the name under which a form says by which button it was sent.
const wayField = "voie"

// group is fields that belong together; Legend may be empty.
type group struct {
	Legend string
	Fields []field
}

// wrongField is one line of the error summary. ID is empty when the form has
// no such field.
type wrongField struct{ ID, Label, Text string }

// field is one question. Name is also its id.
type field struct {
	Name     string
	Label    string
	Hint     string
	Kind     string // "text", "email", "tel", "password", "number", "date", "area", "select", "radio", "checks" (several answers)
	Value    string
	Options  []option
	Fill     string // autocomplete
	Mode     string // inputmode
	Accept   string // of a file: the types it may have
	Rows     int
	Max      int // characters
	Required bool
	Narrow   bool
	Optional bool // said beside the label
	Fixed    bool // shown, not asked
	Error    string
	Suggest  string   // the list that completes what is typed; empty for none
	Told     []notice // what the linter or a comparison says of it
}

// option is one answer of a closed question.
type option struct {
	Value, Label, Group string
	Chosen              bool
}

// formView is what the form's template is given.
type formView struct {
	Frame frame
	Form  *form
}

// newForm makes a form over the given values.
func newForm(action, submit string, values url.Values) *form {
	if values == nil {
		values = url.Values{}
	}
	return &form{Action: action, Submit: submit, values: values}
}

// group begins a group of fields.
func (f *form) group(legend string) { f.Groups = append(f.Groups, group{Legend: legend}) }

// add puts a field at the end, filled with its value.
func (f *form) add(q field) {
	if q.Kind == "" {
		q.Kind = "text"
	}
	q.Optional = !q.Required && !q.Fixed && !f.Draft
	f.fill(&q)
	if len(f.Groups) == 0 {
		f.group("")
	}
	last := &f.Groups[len(f.Groups)-1]
	last.Fields = append(last.Fields, q)
}

// fill puts the form's value into a field. Passwords are never sent back.
func (f *form) fill(q *field) {
	if q.Kind != "password" {
		q.Value = f.values.Get(q.Name)
	}
	q.Options = slices.Clone(q.Options)
	for i, o := range q.Options {
		q.Options[i].Chosen = o.Value == q.Value
		if q.Kind == "checks" {
			q.Options[i].Chosen = slices.Contains(f.values[q.Name], o.Value)
		}
	}
}

// hide adds a value the visitor does not see.
func (f *form) hide(name, value string) { f.Hidden = append(f.Hidden, field{Name: name, Value: value}) }

// correct puts the words of a failure to the fields they are about. The texts
// are those of the API's problem documents.
func (v *visit) correct(f *form, err error) *form {
	p := v.site.opts.Server.Problem(err, web.RequestID(v.gin), v.loc)
	f.Failed, f.Error = true, p.Detail
	for _, e := range p.Errors {
		f.wrong(fieldName(e.Pointer), e.Detail)
	}
	if len(p.Errors) == 1 && p.Errors[0].Detail == p.Detail {
		f.Error = "" // it is told at the field
	}
	return f
}

// wrong notes what is wrong with a field; a field within a list or a group is
// told at its nearest relative.
func (f *form) wrong(name, text string) {
	line := wrongField{Text: text}
	for at := name; at != "" && line.ID == ""; at = parent(at) {
		if q := f.find(at); q != nil {
			line.ID, line.Label = q.Name, q.Label
			if q.Error == "" {
				q.Error = text
			}
		}
	}
	f.Wrong = append(f.Wrong, line)
}

func (f *form) find(name string) *field {
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			q := &f.Groups[g].Fields[i]
			if q.Name == name || strings.HasPrefix(q.Name, name+"-") {
				return q
			}
		}
	}
	return nil
}

func parent(name string) string {
	cut := strings.LastIndexByte(name, '-')
	return name[:max(cut, 0)]
}

// fieldName turns the pointer of a fault ("/pay/amount") into the name of the
// form's field ("pay-amount").
func fieldName(pointer string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", "-")
}

// again shows a form that could not be taken, with what was typed. What the
// visitor cannot correct is an error page.
func (v *visit) again(f *form, err error, name string, page any) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.Stale, fault.Unauthenticated, fault.Exhausted:
		v.correct(f, err)
		status := web.StatusOf(err)
		if status == http.StatusUnauthorized || status == http.StatusPreconditionFailed {
			status = http.StatusUnprocessableEntity // the form itself is the challenge
		}
		return v.renderAs(status, name, page)
	}
	return err
}
