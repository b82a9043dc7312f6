package audit

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Hash is a SHA-256 digest inside the tree of the log.
type Hash [sha256.Size]byte

// String gives the digest in standard base64, as checkpoints write it.
func (h Hash) String() string { return base64.StdEncoding.EncodeToString(h[:]) }

// Leaf is what the log keeps of an entry. MAC ties it to the content of the
// document by the subject's own key: once that key is destroyed nothing can be
// told from it any more, and it goes on proving that the entry is unchanged.
type Leaf struct {
	Entry // Content is empty
	MAC   []byte
}

// Text is the canonical form that is hashed: JSON, members in alphabetical
// order, no space, times in UTC with milliseconds, empty members left out.
func (l Leaf) Text() []byte {
	w := members{}
	w.text("action", l.Action)
	w.text("actor", l.Actor)
	w.text("at", l.At.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	if l.Count > 1 {
		w.value("count", l.Count)
	}
	if len(l.Fields) > 0 {
		w.value("fields", l.Fields)
	}
	w.text("id", l.ID)
	w.text("mac", base64.StdEncoding.EncodeToString(l.MAC))
	w.text("origin", l.Origin)
	w.text("reason", l.Reason)
	if l.Rev > 0 {
		w.value("rev", l.Rev)
	}
	w.text("role", l.Role)
	w.text("subject", l.Subject)
	return []byte("{" + strings.Join(w, ",") + "}")
}

// members collects the members of a JSON object.
type members []string

func (m *members) text(name, value string) {
	if value != "" {
		m.value(name, value)
	}
}

// value writes a string, an integer or a list of strings; these always encode.
func (m *members) value(name string, value any) {
	encoded, _ := json.Marshal(value)
	*m = append(*m, `"`+name+`":`+string(encoded))
}

// Same reports whether two leaves remember the same action; the content they
// are tied to is not compared.
func (l Leaf) Same(other Leaf) bool {
	l.MAC, other.MAC = nil, nil
	return string(l.Text()) == string(other.Text())
}

// Node is one position of the log. It names the entry at that position and
// states, under a signature, what the whole log was with it.
type Node struct {
	Place     int64  // where it stands, from 0 without gaps; -1 = nowhere
	Index     int64  // where it was put: the same, unless somebody moved it
	Entry     string // id of the entry
	Hashes    []Hash // hash of the leaf, then of each subtree it completes
	Root      Hash   // of the tree of Index+1 leaves
	KID       string // key of the signature
	Signature []byte // Ed25519 of Statement
}

// Leaf is the hash of the entry's text; zero when the node was damaged.
func (n Node) Leaf() Hash {
	if len(n.Hashes) == 0 {
		return Hash{}
	}
	return n.Hashes[0]
}

// Statement is what the signature of a node covers.
func (n Node) Statement() []byte {
	text, _ := json.Marshal([]any{"passerelle audit position", n.Index, n.Leaf().String(), n.Root.String()}) // always encodes
	return text
}

// SubjectKey is the wrapped key that ties entries to the content of one
// subject's document. A forgotten one holds no key and never will again.
type SubjectKey struct {
	Subject     string
	KID         string // key that wraps it
	Wrapped     []byte
	ForgottenAt time.Time // zero = in use
}

// Document is a record as it is stored now, for comparison with the last entry
// about it.
type Document struct {
	ID      string
	Rev     int64
	Digest  []byte // as Entry.Content
	Waiting bool   // entries about it wait in it, so the log is behind
	Runs    bool   // a kind whose progress raises the revision without an entry
}

// Checkpoint is the signed state of the log. Note is the text to keep or
// print: origin, size, root and time, and a signature line.
type Checkpoint struct {
	Size int64
	Root Hash
	At   time.Time
	Note string
}

// Record is an entry at its position.
type Record struct {
	Index int64
	Leaf
}

// Proof shows that a leaf is part of the log of the checkpoint (RFC 6962):
// hashing LeafText and then Path from the leaf upwards gives the root.
type Proof struct {
	Index      int64
	LeafText   string
	LeafHash   Hash
	Path       []Hash
	Checkpoint Checkpoint
}

// Query bounds a list of records. Zero members do not bound; To is exclusive.
type Query struct {
	Subject  string
	Actor    string
	Action   string // whole, or a first part such as "offer"
	From, To time.Time
}
