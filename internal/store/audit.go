package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// leafDoc is an entry of the audit log; its _id is the entry's.
type leafDoc struct {
	Header  `bson:",inline"`
	At      time.Time `bson:"at"`
	Actor   string    `bson:"actor"`
	Role    string    `bson:"role"`
	Action  string    `bson:"action"`
	Subject string    `bson:"subject"`
	Reason  string    `bson:"reason"`
	Fields  []string  `bson:"fields"`
	Origin  string    `bson:"origin"`
	Count   int64     `bson:"count"`
	MAC     []byte    `bson:"mac"`
}

// nodeDoc is a position of the log; its _id is the position, so that inserting
// it takes the position and has one winner. The index in it is the signed one.
type nodeDoc struct {
	Header    `bson:",inline"`
	Index     int64    `bson:"index"`
	Entry     string   `bson:"entry"`
	Hashes    [][]byte `bson:"hashes"`
	Root      []byte   `bson:"root"`
	KID       string   `bson:"kid"`
	Signature []byte   `bson:"signature"`
}

// subjectKeyDoc is a subject's wrapped key; its _id is the subject.
type subjectKeyDoc struct {
	Header      `bson:",inline"`
	KID         string    `bson:"kid"`
	Wrapped     []byte    `bson:"wrapped"`
	ForgottenAt time.Time `bson:"forgottenAt"`
}

// inboxDoc is an event that belongs to no document, until it is carried.
type inboxDoc struct {
	Header  `bson:",inline"`
	Pending []entryDoc `bson:"pending"` // one
}

func (d *inboxDoc) outbox() *[]entryDoc { return &d.Pending }

// AuditStore keeps the audit log: entries, positions, the subjects' keys and
// the inbox. Entries and positions are only ever inserted.
type AuditStore struct {
	entries *collection[leafDoc]
	nodes   *collection[nodeDoc]
	keys    *collection[subjectKeyDoc]
	inbox   *collection[inboxDoc]
}

// NewAuditStore gives access to the audit log.
func NewAuditStore(db *DB) *AuditStore {
	return &AuditStore{
		entries: newCollection[leafDoc](db, nameAudit), nodes: newCollection[nodeDoc](db, nameAuditNode),
		keys: newCollection[subjectKeyDoc](db, nameAuditKey), inbox: newCollection[inboxDoc](db, nameAuditInbox),
	}
}

// LoadLeaves gives every entry to fn, in no particular order.
func (s *AuditStore) LoadLeaves(ctx context.Context, fn func(audit.Leaf) error) error {
	return s.entries.load(ctx, func(d leafDoc) error { return fn(fromLeafDoc(d)) })
}

// LoadNodes gives every position to fn, in no particular order.
func (s *AuditStore) LoadNodes(ctx context.Context, fn func(audit.Node) error) error {
	return s.nodes.load(ctx, func(d nodeDoc) error { return fn(fromNodeDoc(d)) })
}

// Leaf reads one entry by its id; fault.NotFound when it is not there.
func (s *AuditStore) Leaf(ctx context.Context, id string) (audit.Leaf, error) {
	d, err := s.entries.get(ctx, id)
	return fromLeafDoc(d), err
}

// Node reads one position; fault.NotFound when the log is not that long.
func (s *AuditStore) Node(ctx context.Context, index int64) (audit.Node, error) {
	d, err := s.nodes.get(ctx, nodeID(index))
	return fromNodeDoc(d), err
}

// InsertLeaves adds entries and gives the ids that were there already; those
// are left as they are.
func (s *AuditStore) InsertLeaves(ctx context.Context, leaves []audit.Leaf) (existing []string, err error) {
	return s.entries.insertMany(ctx, convert(leaves, toLeafDoc))
}

// InsertNodes takes positions one after the other and stops at the first that
// is taken: fault.Conflict. What was cut off is always the end.
func (s *AuditStore) InsertNodes(ctx context.Context, nodes []audit.Node) error {
	return s.nodes.insertRun(ctx, convert(nodes, toNodeDoc))
}

// SubjectKey reads the key of a subject; fault.NotFound when it has none.
func (s *AuditStore) SubjectKey(ctx context.Context, subject string) (audit.SubjectKey, error) {
	d, err := s.keys.get(ctx, subject)
	return audit.SubjectKey{Subject: d.ID, KID: d.KID, Wrapped: orNil(d.Wrapped), ForgottenAt: d.ForgottenAt}, err
}

// InsertSubjectKeys adds keys and gives the subjects that have one, or had one
// that is forgotten; these are left as they are.
func (s *AuditStore) InsertSubjectKeys(ctx context.Context, keys []audit.SubjectKey) (existing []string, err error) {
	return s.keys.insertMany(ctx, convert(keys, toSubjectKeyDoc))
}

// ForgetSubjectKey destroys the key of a subject for ever: its place stays
// taken, so that no other key can be made. Forgetting twice is no error.
func (s *AuditStore) ForgetSubjectKey(ctx context.Context, subject string, at time.Time) error {
	gone := subjectKeyDoc{Header: Header{ID: subject, Rev: 1}, ForgottenAt: at}
	_, err := s.keys.insert(ctx, gone)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	_, err = s.keys.update(ctx, subject, func(have subjectKeyDoc) (subjectKeyDoc, error) {
		if len(have.Wrapped) == 0 {
			return have, errUnchanged
		}
		gone.Rev = have.Rev + 1
		return gone, nil
	})
	return err
}

// InsertEvent keeps an event until it is carried; its id is that of the
// document the entry names.
func (s *AuditStore) InsertEvent(ctx context.Context, id string, e audit.Entry) error {
	_, err := s.inbox.insert(ctx, toInboxDoc(id, e))
	return err
}

// LoadEvents gives every event that waits to fn, in no particular order.
func (s *AuditStore) LoadEvents(ctx context.Context, fn func(id string, waiting audit.Log) error) error {
	return s.inbox.load(ctx, func(d inboxDoc) error { return fn(d.ID, fromPending(d.Pending)) })
}

// DeleteEvent removes a carried event; removing an absent one is no error.
func (s *AuditStore) DeleteEvent(ctx context.Context, id string) error {
	err := s.inbox.delete(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// insertRun stores new documents in their order and stops at the first whose
// _id is taken: fault.Conflict, code "store.duplicate". Unlike insertMany it
// never leaves a hole, wherever it is cut.
func (c *collection[D]) insertRun(ctx context.Context, docs []D) error {
	for len(docs) > 0 {
		n := min(len(docs), bulkDocuments)
		part := &bulk[D]{}
		for _, doc := range docs[:n] {
			head := c.head(&doc)
			head.Seq = 1
			raw, stored, err := c.fix(doc)
			if err != nil {
				return err
			}
			part.add(head.ID, raw, stored)
		}
		if err := c.sendRun(ctx, part); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// sendRun sends one ordered command under the locks of all its ids.
func (c *collection[D]) sendRun(ctx context.Context, part *bulk[D]) error {
	h, err := c.take(ctx, part.ids...)
	if err != nil {
		return err
	}
	defer h.leave()
	return c.commit(h, func(ctx context.Context) ([]change[D], error) {
		_, err := c.writes.InsertMany(ctx, part.raws, options.InsertMany().SetOrdered(true))
		if isDuplicate(err) {
			return nil, fault.New(fault.Conflict, "store.duplicate").Because(err)
		}
		if err != nil {
			return nil, err
		}
		changes, _ := part.split(nil)
		return changes, nil
	})
}

// nodeID is the _id of a position; ids sort as positions do.
func nodeID(index int64) string { return fmt.Sprintf("node_%012d", index) }

func toLeafDoc(l audit.Leaf) leafDoc {
	return leafDoc{Header: Header{ID: l.ID, Rev: l.Rev}, At: l.At, Actor: l.Actor, Role: l.Role, Action: l.Action,
		Subject: l.Subject, Reason: l.Reason, Fields: l.Fields, Origin: l.Origin, Count: l.Count, MAC: l.MAC}
}

func fromLeafDoc(d leafDoc) audit.Leaf {
	return audit.Leaf{MAC: orNil(d.MAC), Entry: audit.Entry{ID: d.ID, Rev: d.Rev, At: d.At, Actor: d.Actor, Role: d.Role,
		Action: d.Action, Subject: d.Subject, Reason: d.Reason, Fields: orNil(d.Fields), Origin: d.Origin, Count: d.Count}}
}

func toNodeDoc(n audit.Node) nodeDoc {
	return nodeDoc{Header: Header{ID: nodeID(n.Place), Rev: 1}, Index: n.Index, Entry: n.Entry, Root: n.Root[:],
		Hashes: convert(n.Hashes, func(h audit.Hash) []byte { return h[:] }), KID: n.KID, Signature: n.Signature}
}

func fromNodeDoc(d nodeDoc) audit.Node {
	place := int64(-1)
	if n, err := strconv.ParseInt(strings.TrimPrefix(d.ID, "node_"), 10, 64); err == nil && nodeID(n) == d.ID {
		place = n
	}
	return audit.Node{Place: place, Index: d.Index, Entry: d.Entry, Root: toHash(d.Root), Hashes: convert(d.Hashes, toHash),
		KID: d.KID, Signature: orNil(d.Signature)}
}

// toHash reads a digest; one of another length is none, and verifies nowhere.
func toHash(b []byte) (h audit.Hash) {
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}

func toSubjectKeyDoc(k audit.SubjectKey) subjectKeyDoc {
	return subjectKeyDoc{Header: Header{ID: k.Subject, Rev: 1}, KID: k.KID, Wrapped: k.Wrapped, ForgottenAt: k.ForgottenAt}
}

func toInboxDoc(id string, e audit.Entry) inboxDoc {
	return inboxDoc{Header: Header{ID: id, Rev: 1}, Pending: []entryDoc{toEntryDoc(e)}}
}
