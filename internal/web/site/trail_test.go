package site

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/audit"
)

// tree is the Merkle tree hash of RFC 6962 section 2.1, as it is defined.
func treeHash(leaves []string) [sha256.Size]byte {
	if len(leaves) == 1 {
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := split(len(leaves))
	return node(treeHash(leaves[:k]), treeHash(leaves[k:]))
}

// split is the largest power of two below n.
func split(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// auditPath is the path of section 2.1.1, as it is defined.
func auditPath(at int, leaves []string) []audit.Hash {
	if len(leaves) == 1 {
		return nil
	}
	if k := split(len(leaves)); at < k {
		return append(auditPath(at, leaves[:k]), treeHash(leaves[k:]))
	} else {
		return append(auditPath(at-k, leaves[k:]), treeHash(leaves[:k]))
	}
}

func proofOf(at, size int) audit.Proof {
	leaves := make([]string, size)
	for i := range leaves {
		leaves[i] = fmt.Sprint("entry ", i)
	}
	return audit.Proof{
		Index: int64(at), LeafText: leaves[at], Path: auditPath(at, leaves),
		Checkpoint: audit.Checkpoint{Size: int64(size), Root: treeHash(leaves), At: testNow, Note: "passerelle\n"},
	}
}

func smallProof() audit.Proof { return proofOf(4, 7) }

// TestProofsAreChecked: a proof by the definition holds, and with anything
// about it changed it does not.
func TestProofsAreChecked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 70).Draw(t, "size")
		at := rapid.IntRange(0, size-1).Draw(t, "at")
		p := proofOf(at, size)
		if !proves(p) {
			t.Fatal("a sound proof is refused")
		}
		text, short, index := p, p, p
		text.LeafText += "x"
		index.Index = int64(size)
		root := p
		root.Checkpoint.Root[rapid.IntRange(0, 31).Draw(t, "byte")]++
		for name, bad := range map[string]audit.Proof{"text": text, "index": index, "root": root} {
			if proves(bad) {
				t.Errorf("another %s is accepted", name)
			}
		}
		if len(p.Path) > 0 {
			short.Path = p.Path[1:]
			long := p
			long.Path = append([]audit.Hash{{}}, p.Path...)
			if proves(short) || proves(long) {
				t.Error("a path of another length is accepted")
			}
		}
	})
	if proves(audit.Proof{}) {
		t.Error("nothing proves something")
	}
}
