package site

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// What the script adds to a form that it sends while somebody types. Without
// the script the same buttons and addresses do the same, page by page.
const (
	partField = "partie" // set: the answer is a fragment, not a page
	stepField = "pas"    // counts what one showing of a form has sent
)

// The ends a form can be sent to, under wayField.
const (
	wayKeep    = "auto"      // keep the draft
	wayJudge   = "controler" // judge it, keep nothing
	wayCompare = "comparer"  // compare it, keep nothing
)

// What came of what was sent, as the script is told.
const (
	liveKept     = "kept"
	liveShown    = "shown" // judged or compared
	liveRefused  = "refused"
	liveConflict = "conflict" // somebody else has changed the record
)

// livePart is the answer to a form that was sent while somebody typed: what
// came of it, and what is to be said at its fields.
type livePart struct {
	State string
	Rev   int64  // revision the record has now; 0 = unchanged
	To    string // address of the form from now on; empty = the same
	Said  string
	See   *entryLink // where there is more to read
	Form  *form
}

// isPart reports whether the script asked.
func (v *visit) isPart() bool { return v.posted().Has(partField) }

// keepsOnly reports whether what is sent is a draft that is being typed.
func (v *visit) keepsOnly() bool { return v.posted().Get(wayField) == wayKeep }

// renderPart answers with the part of a page.
func (v *visit) renderPart(status int, name string, page any) error {
	body, err := v.site.views.part(v.loc, name, screen{Frame: v.frame(status), Page: page})
	if err != nil {
		return err
	}
	v.gin.Data(status, "text/html; charset=utf-8", body)
	return nil
}

// refusedPart says why a form could not be taken. What the script cannot go on
// from is an error.
func (v *visit) refusedPart(f *form, err error) (part *livePart, status int, failed error) {
	switch fault.KindOf(err) {
	case fault.Stale, fault.Conflict:
		return &livePart{State: liveConflict, Said: v.t("live.conflict"), Form: f}, http.StatusConflict, nil
	case fault.Invalid:
		v.correct(f, err)
		return &livePart{State: liveRefused, Said: v.t("live.refused"), Form: f}, web.StatusOf(err), nil
	}
	return nil, 0, err
}

// keptPart says that a draft was kept.
func (v *visit) keptPart(f *form, rev int64) *livePart {
	return &livePart{State: liveKept, Rev: rev, Said: v.t("live.kept", v.timeOfDay()), Form: f}
}

// timeOfDay is the hour and minute it is now.
func (v *visit) timeOfDay() string { return v.site.opts.Now().UTC().Format(v.t("date.clock")) }

// forgive takes back what is wrong with fields that nothing was typed into: who
// is still typing comes to them later.
func (f *form) forgive() {
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			if q := &f.Groups[g].Fields[i]; q.Value == "" {
				q.Error = ""
			}
		}
	}
}

// tell puts a notice to the field it is about, or to its nearest relative.
func (f *form) tell(name string, n notice) {
	for at := name; at != ""; at = parent(at) {
		if q := f.find(at); q != nil {
			q.Told = append(q.Told, n)
			return
		}
	}
}

// What is remembered of showings.
const (
	showingFor  = 24 * time.Hour
	showingMost = 20_000
)

// showing is what one showing of a form that keeps drafts has led to, in
// whatever order its sendings arrive. When it is forgotten, somebody who goes on
// typing may be told of a conflict with their own last change.
type showing struct {
	mu   sync.Mutex // held while one of its sendings is worked on
	rev  int64      // that its last sending left
	step int        // the latest that was taken
	made string     // id of the record it made; empty for none

	act   string    // of a batch
	lines []lotLine // what was answered for each thing of a batch
}

func newShowings(now func() time.Time) *memory[showing] {
	return newMemory[showing](now, showingFor, showingMost)
}

// showing gives the showing of the posted form, held until it is released: its
// sendings are worked on one by one. A form that does not say is new.
func (v *visit) showing() *showing {
	nonce, s := clip(v.posted().Get(nonceField), 64), &showing{}
	if nonce != "" {
		s = v.site.showings.get(v.nameOf(nonce))
	}
	s.mu.Lock()
	return s
}

// nameOf is what a showing is remembered under: nobody finds another's.
func (v *visit) nameOf(nonce string) string { return string(v.actor.Account) + "\x00" + nonce }

func (s *showing) release() { s.mu.Unlock() }

// isLate reports that the script sent something later that was taken before
// this, which is to change nothing.
func (s *showing) isLate(v *visit) bool {
	step, err := strconv.Atoi(v.posted().Get(stepField))
	if err != nil || step <= 0 {
		return false
	}
	late := step <= s.step
	s.step = max(s.step, step)
	return late && v.isPart()
}

// since is the revision that the form may replace: the one it was shown with,
// or the stored one where this showing, which the script keeps, has left it
// itself.
func (s *showing) since(v *visit, stored int64) (int64, error) {
	if s.rev != 0 && s.rev == stored && v.posted().Get(stepField) != "" {
		return stored, nil
	}
	return v.revision()
}

// draft makes a form one that is kept while somebody types.
func (f *form) draft() {
	f.Live = wayKeep
	f.number()
	f.hide(stepField, f.values.Get(stepField))
}
