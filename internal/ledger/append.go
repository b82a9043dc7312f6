package ledger

import (
	"context"
	"errors"
	"fmt"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// appendTries bounds how often an append starts again because another writer
// was faster.
const appendTries = 10

// Append adds the entries that are not in the log yet, in their order, and
// gives the ids of those that are in it now, which is also told with an error.
// An entry whose id is taken by another one is left out: Conflict code
// "audit.entry.differs". Unavailable code "audit.broken" when the log does not
// hold together; then nothing is appended.
func (l *Ledger) Append(ctx context.Context, entries audit.Log) (logged []string, err error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	var differ error
	for range appendTries {
		if err := l.current(ctx); err != nil {
			return l.logged(entries), err
		}
		if l.broken != nil {
			return l.logged(entries), fault.New(fault.Unavailable, "audit.broken").Because(l.broken)
		}
		fresh := l.fresh(entries)
		if len(fresh) == 0 {
			break
		}
		var lost bool
		if lost, differ, err = l.place(ctx, fresh); err != nil {
			return l.logged(entries), err
		}
		if !lost {
			break
		}
		err = fault.New(fault.Unavailable, "audit.busy")
	}
	return l.logged(entries), errors.Join(differ, err)
}

// fresh gives the entries without a position, each once.
func (l *Ledger) fresh(entries audit.Log) audit.Log {
	var out audit.Log
	seen := map[string]bool{}
	for _, e := range entries {
		if !seen[e.ID] && !l.rows.known[e.ID] {
			out = append(out, e)
		}
		seen[e.ID] = true
	}
	return out
}

func (l *Ledger) logged(entries audit.Log) []string {
	var ids []string
	for _, e := range entries {
		if l.rows.known[e.ID] {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// place stores the entries and takes the next positions for them; lost says
// that another writer has taken one of them.
func (l *Ledger) place(ctx context.Context, entries audit.Log) (lost bool, differ, err error) {
	leaves, err := l.seal(ctx, entries)
	if err != nil {
		return false, nil, err
	}
	leaves, differ, err = l.insertLeaves(ctx, leaves)
	if err != nil || len(leaves) == 0 {
		return false, differ, err
	}
	nodes, err := l.extend(ctx, leaves)
	if err != nil {
		return false, differ, err
	}
	err = l.Store.InsertNodes(ctx, nodes)
	if fault.Is(err, fault.Conflict) {
		return true, differ, nil
	}
	if err != nil {
		return false, differ, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range nodes {
		l.admit(nodes[i], leaves[i])
	}
	return false, differ, nil
}

// insertLeaves stores the entries. One that exists, because a writer was cut
// off here, is taken as it was stored; one that is another is left out.
func (l *Ledger) insertLeaves(ctx context.Context, leaves []audit.Leaf) (stored []audit.Leaf, differ, err error) {
	existing, err := l.Store.InsertLeaves(ctx, leaves)
	if err != nil {
		return nil, nil, err
	}
	there := map[string]bool{}
	for _, id := range existing {
		there[id] = true
	}
	for _, leaf := range leaves {
		if there[leaf.ID] {
			have, err := l.Store.Leaf(ctx, leaf.ID)
			if err != nil {
				return nil, nil, err
			}
			if !have.Same(leaf) {
				differ = errors.Join(differ, fault.New(fault.Conflict, "audit.entry.differs").Because(fmt.Errorf("entry %s", leaf.ID)))
				continue
			}
			leaf = have
		}
		stored = append(stored, leaf)
	}
	return stored, differ, nil
}

// extend makes the signed nodes of the next positions.
func (l *Ledger) extend(ctx context.Context, leaves []audit.Leaf) ([]audit.Node, error) {
	next := l.tree.clone()
	nodes := make([]audit.Node, len(leaves))
	for i, leaf := range leaves {
		n := audit.Node{Place: next.size, Index: next.size, Entry: leaf.ID}
		n.Hashes = next.add(leafHash(leaf))
		n.Root = next.root()
		var err error
		if n.KID, n.Signature, err = l.Keys.Sign(ctx, n.Statement()); err != nil {
			return nil, err
		}
		nodes[i] = n
	}
	return nodes, nil
}
