package lifecycletest

import (
	"bytes"
	"encoding/json"
	"fmt"

	"passerelle/internal/domain/audit"
)

// Traced gives a change of a stored aggregate that fails when it leaves no
// trace; see Trace.
func Traced[T any](change func(*T) error, aside ...string) func(*T) error {
	return func(t *T) error {
		before, err := json.Marshal(t)
		if err != nil {
			return err
		}
		if err := change(t); err != nil {
			return err
		}
		after, err := json.Marshal(t)
		if err != nil {
			return err
		}
		return Trace(before, after, aside...)
	}
}

// traced is what every audited aggregate keeps beside its content.
type traced struct {
	ID      string
	Rev     int64
	Pending audit.Log
}

// Trace compares an aggregate before and after a change, both as JSON; before
// is empty when it is new. It fails when the content is another one and
// nothing will tell of it: each revision it has gone on by needs an entry in
// its outbox, and a change of content a revision. What is not content is when
// it was written, the outbox itself, the messages that wait, and the members
// named aside.
func Trace(before, after []byte, aside ...string) error {
	was, err := readTraced(before)
	if err != nil {
		return err
	}
	is, err := readTraced(after)
	if err != nil {
		return err
	}
	same, err := sameContent(before, after, aside)
	if err != nil {
		return err
	}
	if !same && is.Rev <= was.Rev {
		return fmt.Errorf("%s was changed and is still revision %d", is.ID, is.Rev)
	}
	for rev := was.Rev + 1; rev <= is.Rev; rev++ {
		if !tells(is, rev) {
			return fmt.Errorf("%s has no audit entry of revision %d", is.ID, rev)
		}
	}
	return nil
}

// tells reports a whole entry about this aggregate at that revision. Corridors
// have a code for an id.
func tells(t traced, rev int64) bool {
	for _, e := range t.Pending {
		if e.Rev == rev && (t.ID == "" || e.Subject == t.ID) && e.ID != "" && e.Action != "" && !e.At.IsZero() {
			return true
		}
	}
	return false
}

func readTraced(doc []byte) (t traced, err error) {
	if len(doc) == 0 {
		return t, nil
	}
	err = json.Unmarshal(doc, &t)
	return t, err
}

func sameContent(a, b []byte, aside []string) (bool, error) {
	left, err := content(a, aside)
	if err != nil {
		return false, err
	}
	right, err := content(b, aside)
	return bytes.Equal(left, right), err
}

// content gives an aggregate as JSON without what comes and goes beside it;
// the names come out in one order.
func content(doc []byte, aside []string) ([]byte, error) {
	if len(doc) == 0 {
		return nil, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(doc, &members); err != nil {
		return nil, err
	}
	for _, name := range append([]string{"Rev", "UpdatedAt", "Pending", "Outbox"}, aside...) {
		delete(members, name)
	}
	return json.Marshal(members)
}
