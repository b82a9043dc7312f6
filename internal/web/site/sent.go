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

// sentForms remembers which forms were taken. It is lost when the program
// stops; then the second sending of a form adds a second entry, which can be
// struck.
type sentForms struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*sentForm
}

type sentForm struct {
	once sync.Mutex // held while the form is worked on
	done bool
	at   time.Time
}

func newSentForms(now func() time.Time) *sentForms {
	return &sentForms{now: now, all: map[string]*sentForm{}}
}

// do works on a form unless that was done before. A form that failed may be
// sent again; one that comes while it is worked on waits for the outcome.
func (s *sentForms) do(name string, work func() error) error {
	f := s.get(name)
	f.once.Lock()
	defer f.once.Unlock()
	if f.done {
		return nil
	}
	err := work()
	f.done = err == nil
	return err
}

func (s *sentForms) get(name string) *sentForm {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.all[name]; f != nil {
		return f
	}
	if len(s.all) >= sentMost {
		s.forget()
	}
	f := &sentForm{at: s.now()}
	s.all[name] = f
	return f
}

// forget drops what has run out, and the rest when nothing has.
func (s *sentForms) forget() {
	for name, f := range s.all {
		if s.now().Sub(f.at) > sentFor {
			delete(s.all, name)
		}
	}
	if len(s.all) >= sentMost {
		clear(s.all)
	}
}

// once works on the posted form unless this visitor has sent it before.
func (v *visit) once(work func() error) error {
	nonce := clip(v.posted().Get(nonceField), 64)
	if nonce == "" {
		return work()
	}
	return v.site.sent.do(string(v.actor.Account)+"\x00"+v.gin.Request.URL.Path+"\x00"+nonce, work)
}

// number gives a form the name of this showing, or keeps the one it was sent
// with.
func (f *form) number() {
	if f.values.Get(nonceField) == "" {
		f.values.Set(nonceField, rand.Text())
	}
	f.hide(nonceField, f.values.Get(nonceField))
}
