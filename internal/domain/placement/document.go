package placement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// The bounds of documents: bytes of one, and documents of one file.
const (
	MaxDocument  = 5 << 20
	MaxDocuments = 40
)

// maxReadings bounds what a document remembers of its readings; the audit log
// has them all.
const maxReadings = 200

// actRead is the reading of a document.
const actRead = "read_document"

// ReasonOwn is the reason of somebody who reads what concerns himself.
const ReasonOwn = "own"

// Upload is a file as it was sent. Its name and type are claims; the content
// decides.
type Upload struct {
	Item    string // key of a checklist item, or one of Papers
	Name    string
	Content []byte
}

// Papers lists what a document can be beside an item of the checklist.
func Papers() []string { return []string{"contract", "receipt", "evidence", "certificate"} }

// AddDocument keeps a file: PDF, JPEG or PNG by its content, at most MaxDocument
// bytes, with the extension that goes with it. Pictures are written anew, so
// that where and with what they were taken is not kept.
func (s *Service) AddDocument(ctx context.Context, actor account.Actor, id ID, u Upload) (Document, error) {
	if err := actor.Require("placement.document"); err != nil {
		return Document{}, err
	}
	if _, err := s.roomFor(ctx, actor, id, u); err != nil {
		return Document{}, err
	}
	content, media, err := s.clean(u)
	if err != nil {
		return Document{}, err
	}
	sum := sha256.Sum256(content)
	doc := Document{ID: s.NewID("doc_"), Item: u.Item, Name: cleanFileName(u.Name, media), Media: media, Bytes: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:]), Blob: s.NewID("blb_"), By: actor.Account, Role: actor.Role}
	if err := s.Blobs.Put(ctx, doc.Blob, content); err != nil {
		return Document{}, err
	}
	_, err = s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.mayTake(u.Item); err != nil {
			return err
		}
		doc.At = by.now
		p.Documents = append(p.Documents, doc)
		p.note(by, "document", "", "", "documents")
		return nil
	})
	if err != nil {
		s.discard(ctx, doc.Blob, err)
		return Document{}, err
	}
	return doc, nil
}

// discard removes the content of a document that was not added. Where the
// write may still have happened it stays, for the file to find.
func (s *Service) discard(ctx context.Context, blob string, cause error) {
	if kind := fault.KindOf(cause); kind == fault.Unavailable || kind == fault.Internal {
		return
	}
	if err := s.Blobs.Remove(ctx, blob); err != nil && s.Log != nil {
		s.Log.Warn("content of a refused document not removed", "error", err)
	}
}

// roomFor reads the file before anything is worked on: it must be the actor's
// and take one more document.
func (s *Service) roomFor(ctx context.Context, actor account.Actor, id ID, u Upload) (*Placement, error) {
	p, err := s.Store.Get(ctx, id)
	switch {
	case err != nil:
		return nil, notFound(err)
	case !p.concerns(actor):
		return nil, absent()
	case len(u.Content) > MaxDocument:
		return nil, fileFault("placement.document.large")
	}
	return p, p.mayTake(u.Item)
}

func (p *Placement) mayTake(item string) error {
	known := slices.Contains(Papers(), item) || slices.ContainsFunc(p.Checklist, func(i Item) bool { return i.Key == item })
	switch {
	case !known:
		return fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "item", Code: "reason.unknown"})
	case p.State == Cancelled:
		return fault.New(fault.Conflict, "transition")
	case len(p.Documents) >= MaxDocuments:
		return fault.New(fault.Conflict, "placement.documents.full")
	}
	return nil
}

func fileFault(code string) error {
	return fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "file", Code: code})
}

// cleanFileName gives a name that can stand in a header and in any folder,
// with the extension of the medium.
func cleanFileName(name, media string) string {
	name = text.CleanName(path.Base(strings.ReplaceAll(name, `\`, "/")))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*;%`, r) {
			return '_'
		}
		return r
	}, strings.TrimSuffix(name, path.Ext(name)))
	name = strings.TrimLeft(name, ".")
	if runes := []rune(name); len(runes) > 100 {
		name = string(runes[:100])
	}
	if name == "" || !text.Printable(name) || !utf8.ValidString(name) {
		name = "document"
	}
	return name + extensions()[media][0]
}

// ReadDocument gives out the content of a document for a stated reason. The
// reading is kept with the document, where the person sees it, before any of
// the content is given out. The caller closes the reader.
func (s *Service) ReadDocument(ctx context.Context, actor account.Actor, id ID, document, reason string) (Document, io.ReadCloser, error) {
	if err := actor.Require("placement.document"); err != nil {
		return Document{}, nil, err
	}
	if err := checkReading(actor, reason); err != nil {
		return Document{}, nil, err
	}
	var doc Document
	_, err := s.change(ctx, actor, id, func(p *Placement, by act) error {
		i := slices.IndexFunc(p.Documents, func(d Document) bool { return d.ID == document })
		if i < 0 {
			return fault.New(fault.NotFound, "placement.document.not_found")
		}
		d := &p.Documents[i]
		d.Readings = append(slices.Clone(d.Readings), Reading{By: by.actor.Account, Role: by.actor.Role, At: by.now, Reason: reason})
		if len(d.Readings) > maxReadings {
			d.Readings = d.Readings[1:]
		}
		p.record(by, actRead, reason, "documents")
		doc = *d
		return nil
	})
	if err != nil {
		return Document{}, nil, err
	}
	content, err := s.Blobs.Open(ctx, doc.Blob)
	if err != nil {
		return Document{}, nil, err
	}
	return doc, content, nil
}

// checkReading: only the person reads for the reason that it is about oneself.
func checkReading(actor account.Actor, reason string) error {
	var bad fault.List
	bad.Check(reason != "", "/reason", "required")
	known := slices.Contains(Reasons(actRead), reason) && (reason != ReasonOwn || actor.Role == account.Candidate)
	bad.Check(reason == "" || known, "/reason", "reason.unknown")
	return bad.Err("placement.invalid")
}

// Paper finds a document of the file; false when there is none of that id.
func (p *Placement) Paper(id string) (Document, bool) {
	for _, d := range p.Documents {
		if d.ID == id {
			return d, true
		}
	}
	return Document{}, false
}
