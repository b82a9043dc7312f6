package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"passerelle/internal/domain/fault"
)

// ManifestFile is the name of the manifest in an export; it is written last.
const ManifestFile = "manifest.json"

const (
	linesSuffix = ".jsonl"
	filesDir    = "files"
)

// Contents is manifest.json of an export.
type Contents struct {
	Format    int       `json:"format"`
	CreatedAt time.Time `json:"createdAt"`
	Program   string    `json:"program"`
	Schema    int       `json:"schema"`
	Engine    string    `json:"engine"`
	Manifest
}

// Codec turns documents into text and back, without loss.
type Codec struct {
	ToJSON   func(doc []byte) ([]byte, error)
	FromJSON func(text []byte) (id string, doc []byte, err error)
}

// Exporter writes an export into a directory of its own. It is a Sink.
type Exporter struct {
	dir   string
	codec Codec
	tally Tally
	file  *os.File
	lines *bufio.Writer
}

// NewExporter begins an export in that directory, which must be empty.
func NewExporter(dir string, codec Codec) *Exporter { return &Exporter{dir: dir, codec: codec} }

// Begin starts the file of a collection.
func (e *Exporter) Begin(name string) error {
	if err := errors.Join(e.tally.Begin(name), e.finish()); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(e.dir, name+linesSuffix), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	e.file, e.lines = f, bufio.NewWriterSize(f, chunkSize)
	return nil
}

// Put writes a document on a line.
func (e *Exporter) Put(id string, doc []byte) error {
	if err := e.tally.Put(id, doc); err != nil {
		return err
	}
	text, err := e.codec.ToJSON(doc)
	if err != nil {
		return err
	}
	_, err = e.lines.Write(append(text, '\n'))
	return err
}

// File copies a file of exactly that size.
func (e *Exporter) File(name string, size int64, content io.Reader) error {
	sum := sha256.New()
	limited := &io.LimitedReader{R: content, N: size}
	if err := (Directory(filepath.Join(e.dir, filesDir))).PutFile(name, io.TeeReader(limited, sum)); err != nil {
		return err
	}
	if limited.N != 0 {
		return fmt.Errorf("backup: file %s: %w", name, io.ErrUnexpectedEOF)
	}
	e.tally.file(name, size, sum)
	return nil
}

// Close writes the manifest and gives it.
func (e *Exporter) Close(c Contents) (*Manifest, error) {
	if err := e.finish(); err != nil {
		return nil, err
	}
	m := e.tally.Manifest()
	c.Format, c.Manifest = format, *m
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return m, (Directory(e.dir)).PutFile(ManifestFile, bytes.NewReader(append(text, '\n')))
}

// finish ends the file of the collection under way.
func (e *Exporter) finish() error {
	if e.file == nil {
		return nil
	}
	err := errors.Join(e.lines.Flush(), e.file.Sync(), e.file.Close())
	e.file = nil
	return err
}

// Directory is where files are put: it implements Files.
type Directory string

// PutFile writes a file that only its owner can read, whole and on the disk
// when it returns nil; an existing one is replaced.
func (d Directory) PutFile(name string, content io.Reader) error {
	target := filepath.Join(string(d), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".part-*")
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// ReadContents reads the manifest of an export: Invalid code "backup.format"
// when the directory is none, "backup.version" when a newer program wrote it.
func ReadContents(dir string) (*Contents, error) {
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.Invalid, "backup.format").Because(err)
	}
	if err != nil {
		return nil, err
	}
	var c Contents
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, damaged(err)
	}
	if c.Format > format {
		return nil, fault.New(fault.Invalid, "backup.version")
	}
	return &c, nil
}

// Import hands everything of an export to the sink and the files, and gives
// the manifest once it is clear that exactly what it says was there; otherwise
// Invalid code "backup.damaged".
func Import(dir string, codec Codec, sink Sink, files Files) (*Contents, error) {
	c, err := ReadContents(dir)
	if err != nil {
		return nil, err
	}
	var tally Tally
	for _, part := range c.Collections {
		if strings.ContainsAny(part.Name, "/\\\x00") {
			return nil, damaged(errors.New("a collection that was never ours"))
		}
		if err := errors.Join(tally.Begin(part.Name), sink.Begin(part.Name)); err != nil {
			return nil, err
		}
		if err := importLines(filepath.Join(dir, part.Name+linesSuffix), codec, &tally, sink); err != nil {
			return nil, err
		}
	}
	for _, f := range c.Files {
		if err := importFile(dir, f.Name, &tally, files); err != nil {
			return nil, err
		}
	}
	if found := tally.Manifest(); !found.same(&c.Manifest) {
		return nil, damaged(errors.New("the manifest says something else"))
	}
	return c, nil
}

func importLines(path string, codec Codec, tally *Tally, sink Sink) error {
	f, err := os.Open(path)
	if err != nil {
		return damaged(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, chunkSize), 4*maxDocument)
	for lines.Scan() {
		id, doc, err := codec.FromJSON(lines.Bytes())
		if err != nil {
			return err
		}
		if err := errors.Join(tally.Put(id, doc), sink.Put(id, doc)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func importFile(dir, name string, tally *Tally, files Files) error {
	if !isInside(name) {
		return damaged(errors.New("a file that was never ours"))
	}
	f, err := os.Open(filepath.Join(dir, filesDir, filepath.FromSlash(name)))
	if err != nil {
		return damaged(err)
	}
	defer f.Close()
	sum, size := sha256.New(), new(counter)
	if err := files.PutFile(name, io.TeeReader(f, io.MultiWriter(sum, size))); err != nil {
		return err
	}
	tally.file(name, int64(*size), sum)
	return nil
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
