// Package ledger keeps the audit log: a Merkle tree (RFC 6962) over the
// entries, a signature over every position, checkpoints to keep elsewhere, and
// the verifier that names what was tampered with. It is the only importer of
// golang.org/x/mod/sumdb.
//
// # How an entry gets its position
//
// Append first inserts the entry under its own id, then inserts a node whose
// id is the next free position. A position has one winner, nodes are inserted
// in order and never changed, and a writer inserts at position n only what is
// not at 0 to n-1; so there are no gaps and no entry has two positions,
// whoever else writes and wherever a writer is cut off. What is repeated after
// a crash meets what is there: an entry that exists is taken as it is, one
// that has a position is passed over. The lease of the carrying job saves
// work; nothing depends on it.
//
// # What stays after an erasure
//
// A leaf holds ids, codes and a digest of the document under the subject's own
// key. Forget destroys that key: the digest then tells nothing, and being what
// was hashed it still proves that the entry is the one of that day.
package ledger

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// Store keeps entries, positions and the subjects' keys. Its methods may fail
// with Unavailable, after which what was written is not known.
type Store interface {
	LoadLeaves(ctx context.Context, fn func(audit.Leaf) error) error
	LoadNodes(ctx context.Context, fn func(audit.Node) error) error
	// Leaf and Node read one; NotFound without one.
	Leaf(ctx context.Context, id string) (audit.Leaf, error)
	Node(ctx context.Context, place int64) (audit.Node, error)
	// InsertLeaves gives the ids that exist and stay as they are.
	InsertLeaves(ctx context.Context, leaves []audit.Leaf) (existing []string, err error)
	// InsertNodes inserts in order; Conflict at the first place that is taken.
	InsertNodes(ctx context.Context, nodes []audit.Node) error
	SubjectKey(ctx context.Context, subject string) (audit.SubjectKey, error)
	// InsertSubjectKeys gives the subjects that have a key and keep it.
	InsertSubjectKeys(ctx context.Context, keys []audit.SubjectKey) (existing []string, err error)
	ForgetSubjectKey(ctx context.Context, subject string, at time.Time) error
}

// Keys are the signing key of the log and the secret that wraps the subjects'
// keys, both by key id.
type Keys interface {
	Sign(ctx context.Context, message []byte) (kid string, signature []byte, err error)
	PublicKey(kid string) (ed25519.PublicKey, bool)
	Secret(ctx context.Context) (kid string, secret []byte, err error) // 32 bytes
	SecretOf(kid string) (secret []byte, ok bool)
}

// Deps is what a Ledger stands on.
type Deps struct {
	Store  Store
	Keys   Keys
	Random io.Reader
	Now    func() time.Time
}

// Ledger is the audit log. Its methods are safe for concurrent use, also of
// several ledgers over one store. It is read into memory by the first call
// that needs it.
type Ledger struct {
	Deps
	writing sync.Mutex // one append, or one reading in, at a time

	mu     sync.RWMutex // guards what follows
	opened bool
	broken error // why nothing can be appended
	tree   tree
	rows   catalogue
	last   audit.Checkpoint
}

// New makes a ledger.
func New(d Deps) *Ledger { return &Ledger{Deps: d, rows: newCatalogue()} }

// current reads in what is not known yet. The lock writing is held.
func (l *Ledger) current(ctx context.Context) error {
	if !l.opened {
		if err := l.open(ctx); err != nil {
			return err
		}
	}
	return l.follow(ctx)
}

// look is current for readers: while an append is under way they see the log
// before it.
func (l *Ledger) look(ctx context.Context) error {
	l.mu.RLock()
	opened := l.opened
	l.mu.RUnlock()
	if !opened {
		l.writing.Lock()
	} else if !l.writing.TryLock() {
		return nil
	}
	defer l.writing.Unlock()
	return l.current(ctx)
}

// open reads the whole log, up to its first hole should it have one; then
// nothing is appended any more.
func (l *Ledger) open(ctx context.Context) error {
	nodes := map[int64]audit.Node{}
	err := l.Store.LoadNodes(ctx, func(n audit.Node) error {
		nodes[n.Place] = n
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: positions: %w", err)
	}
	leaves := make(map[string]audit.Leaf, len(nodes))
	err = l.Store.LoadLeaves(ctx, func(leaf audit.Leaf) error {
		leaves[leaf.ID] = leaf
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: entries: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for node, ok := nodes[0]; ok; node, ok = nodes[l.tree.size] {
		l.admit(node, leaves[node.Entry])
	}
	if int64(len(nodes)) != l.tree.size {
		l.broken = errors.New("positions are missing or misplaced")
	}
	l.opened = true
	return nil
}

// admit takes the next position into memory. The lock mu is held.
func (l *Ledger) admit(n audit.Node, leaf audit.Leaf) {
	l.tree.add(n.Leaf())
	l.rows.add(n.Entry, leaf)
	if l.broken == nil && l.tree.root() != n.Root {
		l.broken = fmt.Errorf("position %d does not fit those before it", l.tree.size-1)
	}
}

// follow takes in what others have appended.
func (l *Ledger) follow(ctx context.Context) error {
	for {
		node, err := l.Store.Node(ctx, l.tree.size)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		leaf, err := l.Store.Leaf(ctx, node.Entry)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		l.mu.Lock()
		l.admit(node, leaf)
		l.mu.Unlock()
	}
}

// Size counts the entries known to be in the log.
func (l *Ledger) Size() int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.size
}
