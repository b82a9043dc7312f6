package app

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/fault"
)

func newTestBlobs(t *testing.T) (*blobs, *time.Time) {
	t.Helper()
	a, err := New(t.Context(), Options{DataDir: t.TempDir(), Offline: true, Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	keys, err := auth.OpenKeyring(t.Context(), a.db.Keys(), a.master, rand.Reader, a.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)
	b, err := newBlobs(t.TempDir(), keys, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return b, &now
}

// TestBlobsAreEncryptedFiles: what is kept reads back, nothing of it is on the
// disk in the clear, and a file that was exchanged does not open.
func TestBlobsAreEncryptedFiles(t *testing.T) {
	b, now := newTestBlobs(t)
	ctx, content := t.Context(), bytes.Repeat([]byte("passeport de Zébédée "), 1000)
	for _, key := range []string{"blb_one", "blb_two"} {
		if err := b.Put(ctx, key, content); err != nil {
			t.Fatal(err)
		}
	}
	r, err := b.Open(ctx, "blb_one")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	raw, err := os.ReadFile(filepath.Join(b.dir, "blb_one"))
	if err != nil || bytes.Contains(raw, []byte("passeport")) {
		t.Errorf("in the clear on the disk (%v)", err)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(b.dir, "blb_two"), raw, 0o600), os.Chtimes(filepath.Join(b.dir, "blb_two"), *now, *now)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Open(ctx, "blb_two"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an exchanged file: %v", err)
	}
	for _, key := range []string{"../master.key", ".part-1", "", "A", "a/b", "blb\x00"} {
		if err := b.Put(ctx, key, content); !fault.Is(err, fault.Invalid) {
			t.Errorf("key %q: %v", key, err)
		}
	}
	t.Run("sweep", func(t *testing.T) { sweepsOrphans(t, b, now) })
}

// sweepsOrphans: only what is old and belongs to no document goes.
func sweepsOrphans(t *testing.T, b *blobs, now *time.Time) {
	owned := func(see func(string)) error { see("blb_one"); return nil }
	if n, err := b.sweep(owned); n != 0 || err != nil {
		t.Errorf("fresh contents: removed %d, %v", n, err)
	}
	half := filepath.Join(b.dir, ".part-42")
	if err := os.WriteFile(half, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(b.dir, "blb_two"), *now, *now); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(half, *now, *now); err != nil {
		t.Fatal(err)
	}
	*now = now.Add(blobKept + time.Minute)
	if n, err := b.sweep(owned); n != 2 || err != nil {
		t.Errorf("removed %d, %v; want two", n, err)
	}
	if _, err := b.Open(t.Context(), "blb_one"); err != nil {
		t.Errorf("the content of a document: %v", err)
	}
	if err := b.Remove(t.Context(), "blb_one"); err != nil {
		t.Error(err)
	}
	if _, err := b.Open(t.Context(), "blb_one"); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed: %v", err)
	}
	if err := b.Remove(t.Context(), "blb_one"); err != nil {
		t.Errorf("removed twice: %v", err)
	}
}
