package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"passerelle/internal/domain/audit"
)

// tree is the right edge of the Merkle tree: all that appending needs.
type tree struct {
	size  int64
	peaks []audit.Hash // roots of the complete subtrees, from the left
}

// add appends a leaf and gives the hashes to keep with it: its own and those
// of the subtrees it completes.
func (t *tree) add(leaf audit.Hash) []audit.Hash {
	stored, h := []audit.Hash{leaf}, leaf
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.peaks) - 1
		h = audit.Hash(tlog.NodeHash(tlog.Hash(t.peaks[last]), tlog.Hash(h)))
		t.peaks = t.peaks[:last]
		stored = append(stored, h)
	}
	t.peaks = append(t.peaks, h)
	t.size++
	return stored
}

// root is the hash of the whole tree.
func (t *tree) root() audit.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.peaks) - 1
	h := t.peaks[last]
	for _, left := range slices.Backward(t.peaks[:last]) {
		h = audit.Hash(tlog.NodeHash(tlog.Hash(left), tlog.Hash(h)))
	}
	return h
}

func (t *tree) clone() tree { return tree{t.size, slices.Clone(t.peaks)} }

// leafHash is the hash of a leaf in the tree.
func leafHash(l audit.Leaf) audit.Hash { return audit.Hash(tlog.RecordHash(l.Text())) }

// hashes reads stored hashes for proofs: each is kept at the position that
// completed it.
func (l *Ledger) hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			node, err := l.Store.Node(ctx, (n+1)<<level-1)
			if err != nil {
				return nil, err
			}
			if len(node.Hashes) <= level {
				return nil, fmt.Errorf("ledger: position %d lacks a hash", node.Place)
			}
			out[i] = tlog.Hash(node.Hashes[level])
		}
		return out, nil
	})
}
