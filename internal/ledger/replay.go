package ledger

import (
	"crypto/ed25519"
	"fmt"

	"passerelle/internal/domain/audit"
)

// Published are the public keys of checkpoints as a service publishes them, by
// key id.
type Published map[string]ed25519.PublicKey

// PublicKey finds one key.
func (p Published) PublicKey(kid string) (ed25519.PublicKey, bool) {
	key, ok := p[kid]
	return key, ok
}

// ReadSigned reads a checkpoint with published keys; Invalid code
// "audit.checkpoint" when none of them signed it, or it was altered.
func ReadSigned(text []byte, keys Published) (audit.Checkpoint, error) {
	return readCheckpoint(text, keys)
}

// Replay computes a log again from its entries alone, given from the first on,
// and holds it against checkpoints. It needs no store: whoever was given the
// entries can do it.
type Replay struct {
	tree  tree
	roots map[int64]audit.Hash
}

// NewReplay begins with an empty log; sizes are those of the checkpoints that
// will be asked for.
func NewReplay(sizes ...int64) *Replay {
	r := &Replay{roots: map[int64]audit.Hash{}}
	for _, size := range sizes {
		r.roots[size] = audit.Hash{}
	}
	r.mark()
	return r
}

// Add takes the next entry.
func (r *Replay) Add(leaf audit.Leaf) {
	r.tree.add(leafHash(leaf))
	r.mark()
}

func (r *Replay) mark() {
	if _, asked := r.roots[r.tree.size]; asked {
		r.roots[r.tree.size] = r.tree.root()
	}
}

// Size counts the entries taken so far.
func (r *Replay) Size() int64 { return r.tree.size }

// Compare holds the entries against a checkpoint of that name; nil when they
// are those that were signed. agreed is the size of a checkpoint that is known
// to agree: what is wrong comes after it.
func (r *Replay) Compare(name string, c audit.Checkpoint, agreed int64) *Finding {
	switch {
	case c.Size > r.tree.size:
		return &Finding{Truncated, r.tree.size, "", fmt.Sprintf("checkpoint %s counts %d entries", name, c.Size)}
	case r.roots[c.Size] != c.Root:
		return &Finding{Diverged, agreed, "", fmt.Sprintf("from here to position %d the entries are not those of checkpoint %s", c.Size-1, name)}
	}
	return nil
}
