package backup

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"passerelle/internal/domain/fault"
)

// Sink takes a database collection by collection, see store.Sink.
type Sink interface {
	Begin(collection string) error
	Put(id string, doc []byte) error
}

// Collection is what a manifest says of one collection.
type Collection struct {
	Name   string `json:"name"`
	Count  int    `json:"count"`  // documents
	SHA256 string `json:"sha256"` // hexadecimal, see the package documentation
}

// File is what a manifest says of one file of the data directory.
type File struct {
	Name   string `json:"name"` // relative, with slashes
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Manifest says exactly what is kept, so that a copy can be compared.
type Manifest struct {
	Collections []Collection `json:"collections"` // by name
	Files       []File       `json:"files"`       // by name
	Total       string       `json:"total"`       // digest of all the above, hexadecimal
}

// Documents counts the documents of all collections.
func (m *Manifest) Documents() int {
	n := 0
	for _, c := range m.Collections {
		n += c.Count
	}
	return n
}

// Count gives the number of documents of a collection; 0 without it.
func (m *Manifest) Count(name string) int {
	for _, c := range m.Collections {
		if c.Name == name {
			return c.Count
		}
	}
	return 0
}

// Differences names what is not the same in the other manifest; empty when
// both hold exactly the same documents. Files are not compared, and an empty
// collection is as good as none.
func (m *Manifest) Differences(other *Manifest) []string {
	var out []string
	mine, theirs := m.byName(), other.byName()
	names := maps.Clone(mine)
	maps.Copy(names, theirs)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, b := mine[name], theirs[name]
		if a.Count != b.Count {
			out = append(out, fmt.Sprintf("%s has %d documents, not %d", name, b.Count, a.Count))
		} else if a.Count > 0 && a.SHA256 != b.SHA256 {
			out = append(out, name+" holds other documents")
		}
	}
	return out
}

func (m *Manifest) byName() map[string]Collection {
	out := map[string]Collection{}
	for _, c := range m.Collections {
		out[c.Name] = c
	}
	return out
}

// same reports whether two manifests agree in everything.
func (m *Manifest) same(other *Manifest) bool {
	return m.Total == other.Total && slices.Equal(m.Collections, other.Collections) && slices.Equal(m.Files, other.Files)
}

// seal sorts the parts and computes the total.
func (m *Manifest) seal() {
	slices.SortFunc(m.Collections, func(a, b Collection) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(m.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	h := sha256.New()
	for _, c := range m.Collections {
		fmt.Fprintf(h, "collection %q %d %s\n", c.Name, c.Count, c.SHA256)
	}
	for _, f := range m.Files {
		fmt.Fprintf(h, "file %q %d %s\n", f.Name, f.Size, f.SHA256)
	}
	m.Total = hex.EncodeToString(h.Sum(nil))
}

// readManifest reads a manifest as it is in a file.
func readManifest(text []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, damaged(err)
	}
	return &m, nil
}

// Tally is a Sink that computes the manifest of what passes through it. The
// zero value is ready.
type Tally struct {
	manifest Manifest
	name     string
	docs     map[string][sha256.Size]byte // of the collection under way
}

// Begin ends the collection before and starts another; the same name twice is
// Invalid.
func (t *Tally) Begin(name string) error {
	t.end()
	if _, twice := t.manifest.byName()[name]; twice || name == "" {
		return damaged(fmt.Errorf("collection %q is there twice", name))
	}
	t.name, t.docs = name, map[string][sha256.Size]byte{}
	return nil
}

// Put counts one document; the same id twice is Invalid.
func (t *Tally) Put(id string, doc []byte) error {
	if t.docs == nil {
		return damaged(fmt.Errorf("a document of no collection"))
	}
	if _, twice := t.docs[id]; twice {
		return damaged(fmt.Errorf("a document of %s is there twice", t.name))
	}
	t.docs[id] = sha256.Sum256(doc)
	return nil
}

// file counts one file.
func (t *Tally) file(name string, size int64, sum hash.Hash) {
	t.manifest.Files = append(t.manifest.Files, File{name, size, hex.EncodeToString(sum.Sum(nil))})
}

// Manifest ends the last collection and gives the manifest.
func (t *Tally) Manifest() *Manifest {
	t.end()
	m := &Manifest{Collections: slices.Clone(t.manifest.Collections), Files: slices.Clone(t.manifest.Files)}
	m.seal()
	return m
}

// end computes the digest of the collection under way.
func (t *Tally) end() {
	if t.docs == nil {
		return
	}
	h := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(t.docs)) {
		sum := t.docs[id]
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(id))))
		_, _ = io.WriteString(h, id) // a hash never fails
		h.Write(sum[:])
	}
	t.manifest.Collections = append(t.manifest.Collections, Collection{t.name, len(t.docs), hex.EncodeToString(h.Sum(nil))})
	t.docs = nil
}

// damaged is the answer to everything that is not as it was written.
func damaged(cause error) error { return fault.New(fault.Invalid, "backup.damaged").Because(cause) }
