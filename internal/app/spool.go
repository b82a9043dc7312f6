package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"passerelle/internal/auth"
	"passerelle/internal/domain/fault"
)

// spool keeps uploaded files in a directory, sealed and named by their content,
// until their import is done.
type spool struct {
	dir  string
	keys *auth.Keyring
}

func newSpool(dataDir string, keys *auth.Keyring) (*spool, error) {
	s := &spool{filepath.Join(dataDir, "spool"), keys}
	return s, os.MkdirAll(s.dir, 0o700)
}

// Put writes to a temporary file, so that a crash leaves no half file under
// its name.
func (s *spool) Put(ctx context.Context, content io.Reader) (sum string, err error) {
	file, err := os.CreateTemp(s.dir, "upload-")
	if err != nil {
		return "", fault.New(fault.Unavailable, "spool.write").Because(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	hash := sha256.New()
	err = seal(ctx, s.keys, file, io.TeeReader(&stoppable{ctx, content}, hash))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", fault.New(fault.Unavailable, "spool.write").Because(err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	return sum, os.Rename(file.Name(), s.path(sum))
}

// Open reads a kept file.
func (s *spool) Open(_ context.Context, sum string) (io.ReadCloser, error) {
	file, err := os.Open(s.path(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "spool.not_found")
	}
	if err != nil {
		return nil, err
	}
	clear, err := unseal(s.keys, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return clear, nil
}

// Remove forgets a kept file.
func (s *spool) Remove(_ context.Context, sum string) error {
	err := os.Remove(s.path(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// path takes only the base of the sum: whatever it is, it stays inside.
func (s *spool) path(sum string) string { return filepath.Join(s.dir, filepath.Base(sum)) }

// stoppable stops reading when its context ends.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
