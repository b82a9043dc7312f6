package ledger

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"

	"passerelle/internal/domain/audit"
)

// Kind says how the log was tampered with.
type Kind string

// The kinds of tampering.
const (
	Changed   Kind = "changed"   // an entry, or what is kept with its position, is another
	Removed   Kind = "removed"   // an entry or its position is gone
	Inserted  Kind = "inserted"  // an entry that this log never appended
	Reordered Kind = "reordered" // a later entry stands here
	Truncated Kind = "truncated" // the end is missing
	Diverged  Kind = "diverged"  // another log than the one of a kept checkpoint
)

// Finding is the first place where the log is not what was signed.
type Finding struct {
	Kind   Kind
	Place  int64  // position from 0; -1 for an entry without position
	Entry  string // id, where one is known
	Detail string
}

// Error words the finding.
func (f Finding) Error() string {
	entry, place := f.Entry, fmt.Sprintf("position %d", f.Place)
	if entry == "" {
		entry = "entry unknown"
	}
	if f.Place < 0 {
		place = "no position"
	}
	return fmt.Sprintf("audit log %s: %s, %s: %s", f.Kind, place, entry, f.Detail)
}

// Saved is a kept checkpoint, with the name of where it comes from.
type Saved struct {
	Name string
	Text []byte
}

// Report is what a verification found. Finding is nil when all is well.
type Report struct {
	Entries     int64
	Root        audit.Hash
	Uncarried   int      // entries that wait in documents
	Checkpoints []string // names of the kept checkpoints that agree
	Finding     *Finding
}

// Verify computes the whole log again from its entries and compares it with
// the signature of every position and with kept checkpoints. waiting are the
// ids of the entries not carried yet. It reads the store and nothing that is
// in memory. An error means that it could not be done; what is wrong with the
// log is the report's finding.
func (l *Ledger) Verify(ctx context.Context, saved []Saved, waiting map[string]bool) (Report, error) {
	v := newVerification(l.Keys)
	report := Report{Uncarried: len(waiting)}
	checkpoints := map[string]audit.Checkpoint{}
	for _, s := range saved {
		c, err := l.ReadCheckpoint(s.Text)
		if err != nil {
			return report, fmt.Errorf("checkpoint %s: %w", s.Name, err)
		}
		checkpoints[s.Name] = c
		v.roots[c.Size] = audit.Hash{}
	}
	if err := v.read(ctx, l.Store); err != nil {
		return report, err
	}
	report.Finding = v.walk()
	report.Entries, report.Root = v.tree.size, v.tree.root()
	for _, s := range saved {
		if report.Finding != nil {
			break
		}
		if report.Finding = v.compare(s.Name, checkpoints[s.Name]); report.Finding == nil {
			report.Checkpoints = append(report.Checkpoints, s.Name)
		}
	}
	if report.Finding == nil {
		report.Finding = v.stray(waiting)
	}
	return report, nil
}

// position is what was found at one place.
type position struct {
	entry  string
	stands bool       // the entry is there
	hash   audit.Hash // of the entry as it is there
	node   audit.Node
	signed bool // the signature is this log's
}

// verification is one walk through the log.
type verification struct {
	keys   Keys
	leaves map[string]audit.Hash
	places map[int64]position
	moved  map[int64]int64 // by the signed place: where the node is now
	roots  map[int64]audit.Hash
	used   map[string]bool
	odd    []string // entries of nodes that stand nowhere
	tree   tree
}

func newVerification(keys Keys) *verification {
	return &verification{
		keys: keys, leaves: map[string]audit.Hash{}, places: map[int64]position{}, moved: map[int64]int64{},
		roots: map[int64]audit.Hash{}, used: map[string]bool{},
	}
}

// read takes in the whole log.
func (v *verification) read(ctx context.Context, store Store) error {
	err := store.LoadLeaves(ctx, func(leaf audit.Leaf) error {
		v.leaves[leaf.ID] = leafHash(leaf)
		return nil
	})
	if err != nil {
		return err
	}
	return store.LoadNodes(ctx, func(n audit.Node) error {
		p := position{entry: n.Entry, node: n}
		p.hash, p.stands = v.leaves[n.Entry]
		if public, ok := v.keys.PublicKey(n.KID); ok {
			p.signed = ed25519.Verify(public, n.Statement(), n.Signature)
		}
		if n.Place < 0 {
			v.odd = append(v.odd, n.Entry)
			return nil
		}
		if p.signed && n.Index != n.Place {
			v.moved[n.Index] = n.Place
		}
		v.places[n.Place] = p
		return nil
	})
}

// walk goes from the first position on and stops at the first that is wrong.
func (v *verification) walk() *Finding {
	v.mark()
	for int(v.tree.size) < len(v.places) {
		place := v.tree.size
		if f := v.check(place); f != nil {
			return f
		}
		v.used[v.places[place].entry] = true
		v.mark()
	}
	if len(v.odd) > 0 {
		return &Finding{Inserted, -1, v.odd[0], "a position with a name that no position has"}
	}
	return nil
}

// mark keeps the root of a size that a checkpoint speaks of.
func (v *verification) mark() {
	if _, asked := v.roots[v.tree.size]; asked {
		v.roots[v.tree.size] = v.tree.root()
	}
}

// check compares one position with what its signature says, and adds its entry
// to the tree when all is well.
func (v *verification) check(place int64) *Finding {
	p, there := v.places[place]
	switch {
	case !there:
		return &Finding{Removed, place, v.orphan(), "the position is gone"}
	case !p.signed:
		return v.unsigned(place, p)
	case p.node.Index != place:
		return v.misplaced(place, p)
	case v.used[p.entry]:
		return &Finding{Inserted, place, p.entry, "the entry stands a second time"}
	case !p.stands:
		return &Finding{Removed, place, p.entry, "the entry is gone"}
	case p.hash != p.node.Leaf():
		return &Finding{Changed, place, p.entry, "the entry is not the one that was signed"}
	}
	next := v.tree.clone()
	if stored := next.add(p.hash); !slices.Equal(stored, p.node.Hashes) || next.root() != p.node.Root {
		return &Finding{Changed, place, p.entry, "the hashes kept with the position do not fit the entries"}
	}
	v.tree = next
	return nil
}

// unsigned tells an entry put in from one exchanged: when the true one still
// stands further on, this one was put in before it.
func (v *verification) unsigned(place int64, p position) *Finding {
	_, shifted := v.moved[place]
	last := place == int64(len(v.places))-1
	if shifted || last {
		return &Finding{Inserted, place, p.entry, "the position does not carry this log's signature"}
	}
	return &Finding{Changed, place, p.entry, "the position does not carry this log's signature"}
}

// misplaced tells how a node of another position came here.
func (v *verification) misplaced(place int64, p position) *Finding {
	detail := fmt.Sprintf("here stands what was signed for position %d", p.node.Index)
	_, elsewhere := v.moved[place]
	switch {
	case p.node.Index < place:
		return &Finding{Inserted, place, p.entry, detail}
	case elsewhere:
		return &Finding{Reordered, place, p.entry, detail}
	default:
		return &Finding{Removed, place, v.orphan(), detail}
	}
}

// orphan names the entry that no position names, when there is exactly one.
func (v *verification) orphan() string {
	named := map[string]bool{}
	for _, p := range v.places {
		named[p.entry] = true
	}
	found := ""
	for id := range v.leaves {
		if !named[id] {
			if found != "" {
				return ""
			}
			found = id
		}
	}
	return found
}

// compare holds the log against a kept checkpoint.
func (v *verification) compare(name string, c audit.Checkpoint) *Finding {
	switch {
	case c.Size > v.tree.size:
		return &Finding{Truncated, v.tree.size, v.orphan(), fmt.Sprintf("checkpoint %s of %s counts %d entries", name, c.At.Format("2006-01-02 15:04"), c.Size)}
	case v.roots[c.Size] != c.Root:
		return &Finding{Diverged, c.Size - 1, "", fmt.Sprintf("the first %d entries are not those of checkpoint %s", c.Size, name)}
	}
	return nil
}

// stray finds an entry that has no position and does not wait for one.
func (v *verification) stray(waiting map[string]bool) *Finding {
	var ids []string
	for id := range v.leaves {
		if !v.used[id] && !waiting[id] {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return &Finding{Inserted, -1, slices.Min(ids), "the entry was never appended, or the end of the log was cut off"}
}
