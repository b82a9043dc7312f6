package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/fault"
)

// blobsFolder holds the contents of documents in the data directory, one
// encrypted file each. With MongoDB it is a directory just the same, which all
// processes must share; a bucket of an object store is to follow.
const blobsFolder = "blobs"

// blobKept is how long a blob that belongs to no document is left alone: the
// document that it was written for may still be on its way to the store.
const blobKept = 24 * time.Hour

// blobKey is what a blob may be called: never a name that leads elsewhere, or
// that of a file that is being written.
var blobKey = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{3,99}$`)

// blobs keeps encrypted contents in a directory. It implements
// placement.Blobs.
type blobs struct {
	dir  string
	keys *auth.Keyring
	now  func() time.Time
}

func newBlobs(dataDir string, keys *auth.Keyring, now func() time.Time) (*blobs, error) {
	b := &blobs{dir: filepath.Join(dataDir, blobsFolder), keys: keys, now: now}
	return b, os.MkdirAll(b.dir, 0o700)
}

func (b *blobs) path(key string) (string, error) {
	if !blobKey.MatchString(key) {
		return "", fault.New(fault.Invalid, "blob.key")
	}
	return filepath.Join(b.dir, key), nil
}

// blobPlace binds a content to its key: a file that is renamed does not open.
func blobPlace(key string) string { return "blob/" + key }

// Put encrypts the content and writes it to a temporary file that takes its
// name when it is on the disk, so that a crash leaves no half content behind.
func (b *blobs) Put(ctx context.Context, key string, content []byte) error {
	path, err := b.path(key)
	if err != nil {
		return err
	}
	sealed, err := b.keys.Encrypt(ctx, auth.Blob, blobPlace(key), content)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(b.dir, ".part-")
	if err != nil {
		return fault.New(fault.Unavailable, "blob.write").Because(err)
	}
	_, err = f.Write(sealed)
	at := b.now()
	err = errors.Join(err, f.Sync(), f.Close(), os.Chtimes(f.Name(), at, at))
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncDir(b.dir)
	}
	if err != nil {
		if left := os.Remove(f.Name()); !errors.Is(left, os.ErrNotExist) {
			err = errors.Join(err, left)
		}
		return fault.New(fault.Unavailable, "blob.write").Because(err)
	}
	return nil
}

// syncDir puts the names in a directory on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open decrypts a content; NotFound code "blob.not_found" when there is none.
func (b *blobs) Open(_ context.Context, key string) (io.ReadCloser, error) {
	path, err := b.path(key)
	if err != nil {
		return nil, err
	}
	sealed, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "blob.not_found")
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "blob.read").Because(err)
	}
	plain, err := b.keys.Decrypt(auth.Blob, blobPlace(key), sealed)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(plain)), nil
}

// Remove forgets a content; one that is gone already is no error.
func (b *blobs) Remove(_ context.Context, key string) error {
	path, err := b.path(key)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.Unavailable, "blob.write").Because(err)
	}
	return nil
}

// names shows the name of every file.
func (b *blobs) names(see func(name string)) error {
	return b.each(func(name string, _ time.Time) error {
		see(name)
		return nil
	})
}

// each shows the name and age of every file, also of those that a crash has
// left half-written.
func (b *blobs) each(see func(name string, writtenAt time.Time) error) error {
	entries, err := os.ReadDir(b.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := see(entry.Name(), info.ModTime()); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes what is older than blobKept and belongs to no document; owned
// shows every key that does. What is old is listed before it is asked what is
// owned, so that a content whose document was written meanwhile stays.
func (b *blobs) sweep(owned func(see func(key string)) error) (removed int, err error) {
	old, before := map[string]bool{}, b.now().Add(-blobKept)
	err = b.each(func(name string, at time.Time) error {
		old[name] = at.Before(before)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if err := owned(func(key string) { old[key] = false }); err != nil {
		return 0, err
	}
	for name, orphan := range old {
		if !orphan {
			continue
		}
		if err := os.Remove(filepath.Join(b.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
