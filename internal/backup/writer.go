package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// The kinds of records.
const (
	recordCollection = 'c'
	recordDocument   = 'd'
	recordFile       = 'f'
	recordEnd        = 'e'
)

// Writer writes a backup. It is a Sink and is used by one goroutine. Without
// Close the file has no end and cannot be restored.
type Writer struct {
	tally  Tally
	packed *zstd.Encoder
	sealed *sealer
}

// NewWriter begins a backup with that header; Format, KeyID and Salt are
// filled in.
func NewWriter(w io.Writer, h Header, master Master, random io.Reader) (*Writer, error) {
	h.Format, h.Salt = format, make([]byte, saltSize)
	if _, err := io.ReadFull(random, h.Salt); err != nil {
		return nil, fmt.Errorf("backup: random source: %w", err)
	}
	var err error
	if h.KeyID, err = KeyID(master); err != nil {
		return nil, err
	}
	key, err := fileKey(master, h.Salt)
	if err != nil {
		return nil, err
	}
	aead, err := cipherOf(key)
	if err != nil {
		return nil, err
	}
	text, bound, err := h.head()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	out := &Writer{sealed: &sealer{w: w, aead: aead, bound: bound}}
	out.packed, err = zstd.NewWriter(out.sealed, zstd.WithEncoderConcurrency(1))
	return out, err
}

// Begin starts a collection.
func (w *Writer) Begin(name string) error {
	if err := w.tally.Begin(name); err != nil {
		return err
	}
	return w.write(named(recordCollection, name))
}

// Put adds a document to the collection.
func (w *Writer) Put(id string, doc []byte) error {
	if err := w.tally.Put(id, doc); err != nil {
		return err
	}
	if err := w.write([]byte{recordDocument}); err != nil {
		return err
	}
	return w.write(doc)
}

// File adds a file of exactly that size.
func (w *Writer) File(name string, size int64, content io.Reader) error {
	if err := w.write(binary.AppendUvarint(named(recordFile, name), uint64(size))); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(w.packed, sum), content, size); err != nil {
		return fmt.Errorf("backup: file %s: %w", name, err)
	}
	w.tally.file(name, size, sum)
	return nil
}

// Close writes the manifest and the end, and gives the manifest.
func (w *Writer) Close() (*Manifest, error) {
	m := w.tally.Manifest()
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := w.write(append(binary.AppendUvarint([]byte{recordEnd}, uint64(len(text))), text...)); err != nil {
		return nil, err
	}
	if err := w.packed.Close(); err != nil {
		return nil, err
	}
	return m, w.sealed.Close()
}

func (w *Writer) write(p []byte) error {
	_, err := w.packed.Write(p)
	return err
}

// named is the beginning of a record with a name.
func named(kind byte, name string) []byte {
	return append(binary.AppendUvarint([]byte{kind}, uint64(len(name))), name...)
}
