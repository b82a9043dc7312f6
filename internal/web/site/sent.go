package site

import (
	"crypto/rand"
	"sync"
	"time"
)

// What is remembered of forms that add something, so that the same form sent
// twice adds it once.
const (
	nonceField = "cle" // names one showing of a form
	sentFor    = time.Hour
	sentMost   = 20_000
)

// sentForm is one showing of a form that adds something. When it is forgotten,
// the second sending adds a second entry, which can be struck.
type sentForm struct {
	mu   sync.Mutex // held while the form is worked on
	done bool
}

func newSentForms(now func() time.Time) *memory[sentForm] {
	return newMemory[sentForm](now, sentFor, sentMost)
}

// once works on a form unless that was done before. A form that failed may be
// sent again; one that comes while it is worked on waits for the outcome.
func (f *sentForm) once(work func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done {
		return nil
	}
	err := work()
	f.done = err == nil
	return err
}

// once works on the posted form unless this visitor has sent it before.
func (v *visit) once(work func() error) error {
	nonce := clip(v.posted().Get(nonceField), 64)
	if nonce == "" {
		return work()
	}
	return v.site.sent.get(v.nameOf(v.gin.Request.URL.Path + "\x00" + nonce)).once(work)
}

// number gives a form the name of this showing, or keeps the one it was sent
// with.
func (f *form) number() {
	if f.values.Get(nonceField) == "" {
		f.values.Set(nonceField, rand.Text())
	}
	f.hide(nonceField, f.values.Get(nonceField))
}
