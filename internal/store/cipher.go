package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"passerelle/internal/domain/fault"
)

// Cipher seals the texts in documents that would lead whoever steals a copy of
// the database to a person. Package auth has it.
type Cipher interface {
	// Seal encrypts a text for one place ("profile/pro_…/phone"); what comes
	// out opens nowhere else.
	Seal(ctx context.Context, place string, plain []byte) ([]byte, error)
	// Open decrypts what Seal made for that place, also under an earlier key;
	// current is false when a newer key has taken over. Unavailable when it
	// was altered, or the key is not there.
	Open(place string, sealed []byte) (plain []byte, current bool, err error)
	// Blind gives a keyed digest of a text, always the same one, under which
	// it can be looked up.
	Blind(ctx context.Context, text string) (string, error)
}

// UseCipher has the stores opened afterwards seal personal texts. Texts that
// were stored before are read as they are, and sealed at their next change or
// by Reseal.
func (db *DB) UseCipher(c Cipher) { db.cipher = c }

// sealMark begins a sealed text; no text that people type may hold this sign.
const sealMark = "\x01"

// personal is a text in a document that is sealed, by the name of its place.
// It is a string or, where data is set, bytes.
type personal struct {
	name string
	text *string
	data *[]byte
}

func (p personal) get() string {
	if p.data != nil {
		return string(*p.data)
	}
	return *p.text
}

// set replaces the text; bytes are replaced and not overwritten, since a copy
// of the document shares them.
func (p personal) set(s string) {
	if p.data != nil {
		*p.data = []byte(s)
		return
	}
	*p.text = s
}

// sealer seals and opens the personal texts of one kind of document.
type sealer[D any] struct {
	cipher Cipher // nil = everything stays as it is
	kind   string
	texts  func(*D) []personal // pointers into the document; nil = none are personal

	mu    sync.Mutex
	stale map[string]bool // documents read in a form that Reseal would change
}

func (s *sealer[D]) idle() bool { return s.cipher == nil || s.texts == nil }

// seal replaces the personal texts of a document by sealed ones.
func (s *sealer[D]) seal(ctx context.Context, id string, doc *D) error {
	if s.idle() {
		return nil
	}
	for _, p := range s.texts(doc) {
		if p.get() == "" {
			continue
		}
		sealed, err := s.cipher.Seal(ctx, s.place(id, p), []byte(p.get()))
		if err != nil {
			return err
		}
		p.set(sealMark + base64.RawStdEncoding.EncodeToString(sealed))
	}
	return nil
}

// open gives a copy of a document with its personal texts in the clear.
func (s *sealer[D]) open(id string, doc *D) (*D, error) {
	if s.texts == nil {
		return doc, nil
	}
	clear, current := *doc, true
	for _, p := range s.texts(&clear) {
		now, err := s.reveal(id, p)
		if err != nil {
			return nil, err
		}
		current = current && now
	}
	s.note(id, current)
	return &clear, nil
}

// reveal opens one text; current is false when it should be sealed anew.
func (s *sealer[D]) reveal(id string, p personal) (current bool, err error) {
	encoded, isSealed := strings.CutPrefix(p.get(), sealMark)
	if !isSealed {
		return encoded == "" || s.cipher == nil, nil
	}
	sealed, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil || s.cipher == nil {
		return false, fault.New(fault.Unavailable, "store.sealed").Because(fmt.Errorf("%s: it cannot be opened", s.place(id, p)))
	}
	plain, current, err := s.cipher.Open(s.place(id, p), sealed)
	if err != nil {
		return false, err
	}
	p.set(string(plain))
	return current, nil
}

func (s *sealer[D]) place(id string, p personal) string { return s.kind + "/" + id + "/" + p.name }

// note remembers which documents Reseal has to write.
func (s *sealer[D]) note(id string, current bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current {
		delete(s.stale, id)
		return
	}
	if s.stale == nil {
		s.stale = map[string]bool{}
	}
	s.stale[id] = true
}

func (s *sealer[D]) staleIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.stale))
}

// Reseal writes the records that were last read with personal texts in the
// clear, or sealed under a key that has had its turn, and says how many. The
// records themselves do not change. It may be cut off and run again.
func (a *aggregate[T, D, I]) Reseal(ctx context.Context) (resealed int, err error) {
	for _, id := range a.sealer.staleIDs() {
		_, err := a.docs.update(ctx, id, func(d D) (D, error) {
			clear, err := a.sealer.open(id, &d)
			if err != nil {
				return d, err
			}
			return *clear, a.sealer.seal(ctx, id, clear)
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return resealed, err
		}
		a.sealer.note(id, true)
		resealed++
	}
	return resealed, nil
}
