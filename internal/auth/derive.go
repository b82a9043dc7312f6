package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"

	"passerelle/internal/domain/fault"
)

// Derive makes a key of that many bytes for another use from the master key
// (HKDF-SHA-256). Keys of different purposes or salts tell nothing about each
// other or about the master key.
func (m Master) Derive(purpose string, salt []byte, size int) ([]byte, error) {
	if m.aead == nil {
		return nil, fault.New(fault.Invalid, "key.master.missing")
	}
	key, err := hkdf.Key(sha256.New, m.root[:], salt, purpose, size)
	if err != nil {
		return nil, fmt.Errorf("auth: derive: %w", err)
	}
	return key, nil
}

// GoString keeps the key out of logs in every format.
func (m Master) GoString() string { return m.String() }
