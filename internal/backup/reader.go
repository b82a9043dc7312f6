package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"

	"passerelle/internal/domain/fault"
)

// Bounds of what a reader believes; all are far above what is written.
const (
	maxName     = 512
	maxDocument = 17 << 20
	maxFile     = 4 << 30
	maxManifest = 64 << 20
)

// Files takes the files of a backup. Names are relative, with slashes, and
// never lead out of where they are put.
type Files interface {
	PutFile(name string, content io.Reader) error
}

// Reader reads a backup.
type Reader struct {
	Header Header
	in     *bufio.Reader
	packed *zstd.Decoder
	tally  Tally
}

// NewReader reads the header and checks that the master key is the one of the
// backup: Invalid code "backup.key" when it is another, "backup.format" and
// "backup.version" when this cannot be read at all.
func NewReader(r io.Reader, master Master) (*Reader, error) {
	in := bufio.NewReaderSize(r, chunkSize)
	h, bound, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	id, err := KeyID(master)
	if err != nil {
		return nil, err
	}
	if id != h.KeyID {
		return nil, fault.New(fault.Invalid, "backup.key").Because(fmt.Errorf("the backup was made with master key %s, this one is %s", h.KeyID, id))
	}
	key, err := fileKey(master, h.Salt)
	if err != nil {
		return nil, err
	}
	aead, err := cipherOf(key)
	if err != nil {
		return nil, err
	}
	packed, err := zstd.NewReader(&opener{r: in, aead: aead, bound: bound}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return &Reader{Header: *h, packed: packed, in: bufio.NewReaderSize(packed, chunkSize)}, nil
}

// Close frees the reader; the file stays open.
func (r *Reader) Close() { r.packed.Close() }

// Replay hands everything to the sink and the files, and gives the manifest
// once it is clear that exactly what it says was there. Anything changed, cut
// off or added is Invalid code "backup.damaged"; then what was handed out is
// not to be used.
func (r *Reader) Replay(sink Sink, files Files) (*Manifest, error) {
	for {
		kind, err := r.in.ReadByte()
		if err != nil {
			return nil, r.wrong(err)
		}
		switch kind {
		case recordCollection:
			err = r.collection(sink)
		case recordDocument:
			err = r.document(sink)
		case recordFile:
			err = r.file(files)
		case recordEnd:
			return r.end()
		default:
			err = damaged(fmt.Errorf("a record of kind %d", kind))
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *Reader) collection(sink Sink) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	if err := r.tally.Begin(name); err != nil {
		return err
	}
	return sink.Begin(name)
}

func (r *Reader) document(sink Sink) error {
	size, err := r.in.Peek(4)
	if err != nil {
		return r.wrong(err)
	}
	length := binary.LittleEndian.Uint32(size)
	if length < 5 || length > maxDocument {
		return damaged(errors.New("a document of impossible size"))
	}
	doc := make([]byte, length)
	if _, err := io.ReadFull(r.in, doc); err != nil {
		return r.wrong(err)
	}
	id, ok := idOf(doc)
	if !ok {
		return damaged(errors.New("a document that does not begin with its _id"))
	}
	if err := r.tally.Put(id, doc); err != nil {
		return err
	}
	return sink.Put(id, doc)
}

// idOf reads the _id, a text and the first member of every document of ours.
func idOf(doc []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(doc[4:], []byte("\x02_id\x00"))
	if !ok || len(rest) < 5 {
		return "", false
	}
	length := binary.LittleEndian.Uint32(rest)
	if length < 1 || uint64(length)+4 > uint64(len(rest)) {
		return "", false
	}
	return string(rest[4 : 4+length-1]), true
}

func (r *Reader) file(files Files) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	size, err := binary.ReadUvarint(r.in)
	if err != nil {
		return r.wrong(err)
	}
	if !isInside(name) || size > maxFile {
		return damaged(errors.New("a file that was never ours"))
	}
	sum := sha256.New()
	content := &io.LimitedReader{R: r.in, N: int64(size)}
	if err := files.PutFile(name, io.TeeReader(content, sum)); err != nil {
		return r.wrong(err)
	}
	if content.N != 0 {
		return damaged(errors.New("a file was cut off"))
	}
	r.tally.file(name, int64(size), sum)
	return nil
}

// isInside reports whether a name stays in the directory it is put in.
func isInside(name string) bool {
	return name != "" && path.Clean(name) == name && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../") && !strings.ContainsAny(name, "\\\x00")
}

// end compares the manifest with what was there.
func (r *Reader) end() (*Manifest, error) {
	size, err := binary.ReadUvarint(r.in)
	if err != nil {
		return nil, r.wrong(err)
	}
	if size > maxManifest {
		return nil, damaged(errors.New("a manifest of impossible size"))
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r.in, text); err != nil {
		return nil, r.wrong(err)
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) {
		return nil, damaged(errors.Join(errors.New("something follows the manifest"), err))
	}
	said, err := readManifest(text)
	if err != nil {
		return nil, err
	}
	if found := r.tally.Manifest(); !found.same(said) {
		return nil, damaged(errors.New("the manifest says something else"))
	}
	return said, nil
}

func (r *Reader) name() (string, error) {
	size, err := binary.ReadUvarint(r.in)
	if err != nil {
		return "", r.wrong(err)
	}
	if size > maxName {
		return "", damaged(errors.New("a name is too long"))
	}
	name := make([]byte, size)
	if _, err := io.ReadFull(r.in, name); err != nil {
		return "", r.wrong(err)
	}
	return string(name), nil
}

// wrong tells damage from a failure to read: what was decrypted can only be
// unreadable when it was cut off.
func (r *Reader) wrong(err error) error {
	switch {
	case fault.Of(err) != nil:
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged(errors.New("it was cut off"))
	default:
		return fmt.Errorf("backup: %w", err)
	}
}
