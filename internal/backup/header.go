package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"passerelle/internal/domain/fault"
)

const (
	magic     = "PASSERELLE-BACKUP\n"
	format    = 1 // the version this program writes, and the newest it reads
	maxHeader = 16 << 10
	saltSize  = 32
	keySize   = 32
)

// Master derives the keys of files from the master key.
type Master interface {
	Derive(purpose string, salt []byte, size int) ([]byte, error)
}

// Header is what a backup says of itself without being opened.
type Header struct {
	Format    int       `json:"format"`    // version of the file's form
	CreatedAt time.Time `json:"createdAt"` // UTC
	Program   string    `json:"program"`   // version that wrote it
	Schema    int       `json:"schema"`    // number of the last migration the data has seen
	Engine    string    `json:"engine"`    // "embedded" or "mongodb"
	// KeyID names the master key without telling anything about it, so that
	// the right one can be found.
	KeyID string `json:"keyId"`
	Salt  []byte `json:"salt"`
}

// KeyID names a master key: 16 hexadecimal digits.
func KeyID(master Master) (string, error) {
	id, err := master.Derive("passerelle backup key id", nil, 8)
	return hex.EncodeToString(id), err
}

// head is a header as it is in a file, with what the frames are bound to.
func (h *Header) head() (text, bound []byte, err error) {
	encoded, err := json.Marshal(h)
	if err != nil {
		return nil, nil, fmt.Errorf("backup: %w", err)
	}
	text = binary.BigEndian.AppendUint32([]byte(magic), uint32(len(encoded)))
	text = append(text, encoded...)
	sum := sha256.Sum256(text)
	return text, sum[:], nil
}

// readHeader reads the beginning of a file; Invalid code "backup.format" when
// it is no backup, "backup.version" when a newer program wrote it.
func readHeader(r io.Reader) (*Header, []byte, error) {
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(r, start); err != nil || !bytes.HasPrefix(start, []byte(magic)) {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, nil, err
		}
		return nil, nil, fault.New(fault.Invalid, "backup.format")
	}
	length := binary.BigEndian.Uint32(start[len(magic):])
	if length > maxHeader {
		return nil, nil, fault.New(fault.Invalid, "backup.format")
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, nil, cutOff(err)
	}
	var h Header
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, nil, damaged(err)
	}
	if h.Format > format {
		return nil, nil, fault.New(fault.Invalid, "backup.version")
	}
	sum := sha256.Sum256(append(start, text...))
	return &h, sum[:], nil
}

// fileKey derives the key of one file.
func fileKey(master Master, salt []byte) ([]byte, error) {
	return master.Derive("passerelle backup file", salt, keySize)
}
