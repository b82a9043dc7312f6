package auth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"passerelle/internal/domain/fault"
)

const masterSize = 32

// MasterFile is the name of the master key in a data directory.
const MasterFile = "master.key"

// Master is the key that wraps all others. It never leaves the process and
// prints as a placeholder.
type Master struct {
	aead   cipher.AEAD
	root   [masterSize]byte // what Derive starts from
	random io.Reader
}

// String keeps the key out of logs.
func (Master) String() string { return "[master key]" }

// NewMaster makes a master key of 32 random bytes. It fails with Invalid code
// "key.master.size" on another length and "key.master.weak" on what cannot be
// random: zeros, a counter, an example, typed text.
func NewMaster(key []byte, random io.Reader) (Master, error) {
	if len(key) != masterSize {
		return Master{}, fault.New(fault.Invalid, "key.master.size")
	}
	if isGuessable(key) {
		return Master{}, fault.New(fault.Invalid, "key.master.weak")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return Master{}, fmt.Errorf("auth: master key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return Master{}, fmt.Errorf("auth: master key: %w", err)
	}
	return Master{aead: aead, root: [masterSize]byte(key), random: random}, nil
}

// isGuessable reports keys that random bytes are not in practice: fewer than
// 12 different values, a constant step, or printable ASCII throughout (each
// below one in 10^12 for random bytes).
func isGuessable(key []byte) bool {
	distinct := slices.Clone(key)
	slices.Sort(distinct)
	if len(slices.Compact(distinct)) < 12 {
		return true
	}
	constantStep, typed := true, true
	for i, b := range key {
		typed = typed && b >= 0x20 && b < 0x7f
		constantStep = constantStep && (i < 2 || b-key[i-1] == key[1]-key[0])
	}
	return constantStep || typed
}

// LoadMaster finds the master key: in the environment value (base64), in the
// named file (base64), or, with neither, in the data directory, where it is
// made at first start with mode 0600; created then names that file. Without a
// directory the key must be given: Invalid code "key.master.missing". Both
// given is "key.master.twice"; a readable file for others in the data
// directory is "key.master.mode".
func LoadMaster(dir, envValue, file string, random io.Reader) (master Master, created string, err error) {
	var encoded []byte
	switch {
	case envValue != "" && file != "":
		err = fault.New(fault.Invalid, "key.master.twice")
	case envValue != "":
		encoded = []byte(envValue)
	case file != "":
		encoded, err = os.ReadFile(file)
	case dir == "":
		err = fault.New(fault.Invalid, "key.master.missing")
	default:
		encoded, created, err = masterIn(filepath.Join(dir, MasterFile), random)
	}
	if err != nil {
		return Master{}, "", err
	}
	key, err := decodeKey(encoded)
	if err != nil {
		return Master{}, "", err
	}
	master, err = NewMaster(key, random)
	return master, created, err
}

// decodeKey reads standard or URL base64, padded or not.
func decodeKey(encoded []byte) ([]byte, error) {
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(string(bytes.TrimSpace(encoded)), "="))
	key, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		// The cause would quote a part of the secret.
		return nil, fault.New(fault.Invalid, "key.master.encoding")
	}
	return key, nil
}

// masterIn reads the key file, or makes it.
func masterIn(path string, random io.Reader) (encoded []byte, created string, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		encoded, err = createMaster(path, random)
		return encoded, path, err
	case err != nil:
		return nil, "", fmt.Errorf("auth: master key: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, "", fault.New(fault.Invalid, "key.master.mode")
	}
	encoded, err = os.ReadFile(path)
	return encoded, "", err
}

// createMaster writes a new key to a file that must not exist yet, and syncs
// it with its directory before anything can be wrapped by it.
func createMaster(path string, random io.Reader) ([]byte, error) {
	key := make([]byte, masterSize)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("auth: random source: %w", err)
	}
	encoded := []byte(base64.StdEncoding.EncodeToString(key) + "\n")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("auth: master key: %w", err)
	}
	_, writeErr := f.Write(encoded)
	if err := errors.Join(writeErr, f.Sync(), f.Close(), syncDir(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("auth: master key: %w", errors.Join(err, os.Remove(path)))
	}
	return encoded, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// bound is the additional data that ties a wrapped key to its id and purpose,
// so that wrapped keys cannot be exchanged in the store.
func bound(kid string, purpose Purpose) []byte {
	return []byte("passerelle key\x00" + kid + "\x00" + string(purpose))
}

func (m Master) wrap(kid string, purpose Purpose, secret []byte) ([]byte, error) {
	nonce := make([]byte, m.aead.NonceSize(), m.aead.NonceSize()+len(secret)+m.aead.Overhead())
	if _, err := io.ReadFull(m.random, nonce); err != nil {
		return nil, fmt.Errorf("auth: random source: %w", err)
	}
	return m.aead.Seal(nonce, nonce, secret, bound(kid, purpose)), nil
}

// unwrap opens a wrapped key; Unavailable code "key.master.wrong" when this
// master did not wrap it, or it was altered.
func (m Master) unwrap(kid string, purpose Purpose, wrapped []byte) ([]byte, error) {
	n := m.aead.NonceSize()
	if len(wrapped) < n {
		return nil, fault.New(fault.Unavailable, "key.master.wrong")
	}
	secret, err := m.aead.Open(nil, wrapped[:n], wrapped[n:], bound(kid, purpose))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "key.master.wrong").Because(fmt.Errorf("key %s: %w", kid, err))
	}
	return secret, nil
}
