package ledger

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// keySize is the length of a subject's key, in bytes.
const keySize = 32

// Forget destroys the subject's key for ever: what its entries say of the
// content of its document can no longer be told or tested, and every proof
// stays valid. It is part of an erasure. Forgetting twice is no error.
func (l *Ledger) Forget(ctx context.Context, subject string) error {
	return l.Store.ForgetSubjectKey(ctx, subject, l.Now())
}

// Attests reports whether the entry was made with a document of that digest.
// NotFound without the entry; Conflict code "audit.forgotten" when it was made
// without a digest or the subject's key is destroyed, so that nobody can tell.
func (l *Ledger) Attests(ctx context.Context, entry string, content []byte) (bool, error) {
	leaf, err := l.Store.Leaf(ctx, entry)
	if err != nil {
		return false, err
	}
	key, err := l.subjectKey(ctx, leaf.Subject)
	if err != nil {
		return false, err
	}
	if len(leaf.MAC) == 0 || key == nil {
		return false, fault.New(fault.Conflict, "audit.forgotten")
	}
	return hmac.Equal(leaf.MAC, contentMAC(key, entry, content)), nil
}

// subjectKey gives the key of a subject; nil when it has none any more.
func (l *Ledger) subjectKey(ctx context.Context, subject string) ([]byte, error) {
	stored, err := l.Store.SubjectKey(ctx, subject)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if len(stored.Wrapped) == 0 {
		return nil, nil
	}
	return l.unwrap(stored)
}

// seal makes the leaves of entries: the digest of the document becomes one
// under the subject's key.
func (l *Ledger) seal(ctx context.Context, entries audit.Log) ([]audit.Leaf, error) {
	keys, err := l.subjectKeys(ctx, entries)
	if err != nil {
		return nil, err
	}
	leaves := make([]audit.Leaf, len(entries))
	for i, e := range entries {
		leaves[i].Entry = e
		leaves[i].Content = nil
		if key := keys[e.Subject]; len(e.Content) > 0 && key != nil {
			leaves[i].MAC = contentMAC(key, e.ID, e.Content)
		}
	}
	return leaves, nil
}

func contentMAC(key []byte, entry string, content []byte) []byte {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%d:%s", len(entry), entry) // writing to a hash cannot fail
	h.Write(content)
	return h.Sum(nil)
}

// subjectKeys gives the keys of the entries' subjects and makes those that do
// not exist; nil for one that is forgotten.
func (l *Ledger) subjectKeys(ctx context.Context, entries audit.Log) (map[string][]byte, error) {
	keys := map[string][]byte{}
	var made []audit.SubjectKey
	for _, e := range entries {
		if _, seen := keys[e.Subject]; seen || len(e.Content) == 0 {
			continue
		}
		key, wrapped, err := l.newKey(ctx, e.Subject)
		if err != nil {
			return nil, err
		}
		keys[e.Subject] = key
		made = append(made, wrapped)
	}
	existing, err := l.Store.InsertSubjectKeys(ctx, made)
	if err != nil {
		return nil, err
	}
	for _, subject := range existing {
		stored, err := l.Store.SubjectKey(ctx, subject)
		if err != nil {
			return nil, err
		}
		keys[subject] = nil
		if len(stored.Wrapped) == 0 {
			continue
		}
		if keys[subject], err = l.unwrap(stored); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (l *Ledger) newKey(ctx context.Context, subject string) (key []byte, wrapped audit.SubjectKey, err error) {
	kid, secret, err := l.Keys.Secret(ctx)
	if err != nil {
		return nil, wrapped, err
	}
	aead, err := sealer(secret)
	if err != nil {
		return nil, wrapped, err
	}
	fresh := make([]byte, keySize+aead.NonceSize())
	if _, err := io.ReadFull(l.Random, fresh); err != nil {
		return nil, wrapped, fmt.Errorf("ledger: random source: %w", err)
	}
	key, nonce := fresh[:keySize:keySize], fresh[keySize:]
	sealed := aead.Seal(append([]byte(nil), nonce...), nonce, key, bound(kid, subject))
	return key, audit.SubjectKey{Subject: subject, KID: kid, Wrapped: sealed}, nil
}

// unwrap opens a subject's key; Unavailable code "audit.key" when it was
// altered or the secret that wraps it is not there.
func (l *Ledger) unwrap(k audit.SubjectKey) ([]byte, error) {
	secret, ok := l.Keys.SecretOf(k.KID)
	if !ok {
		return nil, fault.New(fault.Unavailable, "audit.key")
	}
	aead, err := sealer(secret)
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(k.Wrapped) < n {
		return nil, fault.New(fault.Unavailable, "audit.key")
	}
	key, err := aead.Open(nil, k.Wrapped[:n], k.Wrapped[n:], bound(k.KID, k.Subject))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "audit.key").Because(err)
	}
	return key, nil
}

func sealer(secret []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("ledger: wrapping key: %w", err)
	}
	return cipher.NewGCM(block)
}

// bound ties a wrapped key to its subject, so that keys cannot be exchanged.
func bound(kid, subject string) []byte {
	return []byte("passerelle subject key\x00" + kid + "\x00" + subject)
}
