package ledger

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// The first line of a checkpoint, and what the names of its keys begin with.
const (
	logOrigin     = "passerelle/audit"
	keyNamePrefix = "passerelle/"
)

// Head gives the signed state of the log. The same state keeps its checkpoint.
func (l *Ledger) Head(ctx context.Context) (audit.Checkpoint, error) {
	if err := l.look(ctx); err != nil {
		return audit.Checkpoint{}, err
	}
	l.mu.RLock()
	c, last := audit.Checkpoint{Size: l.tree.size, Root: l.tree.root(), At: account.Moment(l.Now())}, l.last
	l.mu.RUnlock()
	if last.Note != "" && last.Size == c.Size && last.Root == c.Root {
		return last, nil
	}
	text := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", logOrigin, c.Size, c.Root, c.At.Format(time.RFC3339))
	kid, signature, err := l.Keys.Sign(ctx, []byte(text))
	if err != nil {
		return audit.Checkpoint{}, err
	}
	public, ok := l.Keys.PublicKey(kid)
	if !ok {
		return audit.Checkpoint{}, fault.New(fault.Unavailable, "audit.key")
	}
	signed, err := note.Sign(&note.Note{Text: text}, signed{keyNamePrefix + kid, public, signature})
	if err != nil {
		return audit.Checkpoint{}, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	c.Note = string(signed)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = c
	return c, nil
}

// signed is a note.Signer whose one signature has been made.
type signed struct {
	name      string
	public    ed25519.PublicKey
	signature []byte
}

// Name names the key.
func (s signed) Name() string { return s.name }

// KeyHash tells keys of one name apart.
func (s signed) KeyHash() uint32 { return keyHash(s.name, s.public) }

// Sign gives the signature.
func (s signed) Sign([]byte) ([]byte, error) { return s.signature, nil }

// keyHash is the identifier of an Ed25519 key in signed notes.
func keyHash(name string, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256([]byte(name + "\n\x01" + string(public)))
	return binary.BigEndian.Uint32(sum[:])
}

// ReadCheckpoint reads a kept checkpoint; Invalid code "audit.checkpoint" when
// it is none of this log's, or was altered.
func (l *Ledger) ReadCheckpoint(text []byte) (audit.Checkpoint, error) {
	return readCheckpoint(text, l.Keys)
}

// publicKeys finds keys of checkpoints.
type publicKeys interface {
	PublicKey(kid string) (ed25519.PublicKey, bool)
}

func readCheckpoint(text []byte, keys publicKeys) (audit.Checkpoint, error) {
	opened, err := note.Open(text, verifiers{keys})
	if err != nil {
		return audit.Checkpoint{}, fault.New(fault.Invalid, "audit.checkpoint").Because(err)
	}
	lines := strings.Split(opened.Text, "\n")
	c := audit.Checkpoint{Note: string(text)}
	if len(lines) < 4 || lines[0] != logOrigin {
		return c, fault.New(fault.Invalid, "audit.checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	at, timeErr := time.Parse("time "+time.RFC3339, lines[3])
	if err != nil || rootErr != nil || timeErr != nil || size < 0 || len(root) != len(c.Root) {
		return c, fault.New(fault.Invalid, "audit.checkpoint")
	}
	c.Size, c.Root, c.At = size, audit.Hash(root), at
	return c, nil
}

// verifiers finds the keys of checkpoints by the names they carry.
type verifiers struct{ keys publicKeys }

// Verifier gives the key of that name.
func (v verifiers) Verifier(name string, hash uint32) (note.Verifier, error) {
	kid, ours := strings.CutPrefix(name, keyNamePrefix)
	public, ok := v.keys.PublicKey(kid)
	if !ours || !ok {
		return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
	}
	encoded, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(encoded)
	if err == nil && verifier.KeyHash() != hash {
		err = &note.UnknownVerifierError{Name: name, KeyHash: hash}
	}
	return verifier, err
}
