package site

import (
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
)

// revField is the name of the revision that a form replaces.
const revField = "rev"

// replaces hides the revision that a form replaces: the stored one, and where
// the form is shown again the one it was first shown with, so that what somebody
// else changes while the form is put right does not go unseen.
func (f *form) replaces(stored int64) {
	rev := f.values.Get(revField)
	if rev == "" {
		rev = strconv.FormatInt(stored, 10)
	}
	f.hide(revField, rev)
}

// revision reads the revision that the posted form replaces; a form that names
// none is as good as out of date.
func (v *visit) revision() (int64, error) {
	rev, err := strconv.ParseInt(v.posted().Get(revField), 10, 64)
	if err != nil {
		return 0, fault.New(fault.Stale, "stale").Because(err)
	}
	return rev, nil
}

// renew gives a form the revision its next sending may replace. Nobody's changes
// are replaced but at the press of its button: the script keeps it no longer.
func (f *form) renew(rev int64) {
	if f.Live == wayKeep {
		f.Live = ""
	}
	for i := range f.Hidden {
		if f.Hidden[i].Name == revField {
			f.Hidden[i].Value = strconv.FormatInt(rev, 10)
		}
	}
}

// overtaken prepares a form that was refused because somebody else had changed
// its record: it says what is stored now, where that differs from what is typed,
// and replaces just that when it is sent again. After any other failure it does
// nothing. Stored is the same form over what is stored, and rev its revision.
func (f *form) overtaken(failed error, rev int64, stored *form) {
	if !fault.Is(failed, fault.Stale) {
		return
	}
	f.Overtaken, f.Stored = true, storedLines(f, stored)
	f.renew(rev)
}

// storedLines lists the answers of a form that are not those of the other.
func storedLines(typed, stored *form) (lines []fact) {
	said := typed.answers()
	for _, g := range stored.Groups {
		for _, q := range g.Fields {
			now := q.says()
			if now == said[q.Name] {
				continue
			}
			label := q.Label
			if g.Legend != "" {
				label = g.Legend + ", " + inner(label)
			}
			lines = append(lines, fact{Label: label, Value: now})
		}
	}
	return lines
}

// answers gives what each field says, by its name.
func (f *form) answers() map[string]string {
	said := map[string]string{}
	for _, g := range f.Groups {
		for _, q := range g.Fields {
			said[q.Name] = q.says()
		}
	}
	return said
}

// says gives the answer of a field in words; how browsers end lines is no part
// of it.
func (q field) says() string {
	if len(q.Options) == 0 {
		return strings.TrimSpace(strings.ReplaceAll(q.Value, "\r\n", "\n"))
	}
	var chosen []string
	for _, o := range q.Options {
		if o.Chosen && o.Value != "" {
			chosen = append(chosen, o.Label)
		}
	}
	return strings.Join(chosen, ", ")
}
