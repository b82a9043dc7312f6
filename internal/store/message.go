package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// noticeDoc is a notice, in an outbox or at the heart of a message. Its
// arguments are a list, since a name may not be a map key on every store.
type noticeDoc struct {
	ID        string    `bson:"id"`
	Channel   string    `bson:"channel"`
	Recipient string    `bson:"recipient"`
	Template  string    `bson:"template"`
	Args      []argDoc  `bson:"args"`
	Sealed    []byte    `bson:"sealed"`
	At        time.Time `bson:"at"`
	ExpiresAt time.Time `bson:"expiresAt"`
}

type argDoc struct {
	Name  string `bson:"name"`
	Value string `bson:"value"`
}

// messageDoc is one e-mail or SMS on its way.
type messageDoc struct {
	Header    `bson:",inline"`
	Notice    noticeDoc `bson:"notice"`
	State     string    `bson:"state"`
	Attempts  int       `bson:"attempts"`
	Reason    string    `bson:"reason"`
	NextAt    time.Time `bson:"nextAt"`
	UpdatedAt time.Time `bson:"updatedAt"`
}

// MessageStore keeps messages. It implements message.Store.
type MessageStore struct {
	*aggregate[message.Message, messageDoc, message.ID]
}

// NewMessageStore gives access to the messages; watch is told of every
// acknowledged write.
func NewMessageStore(db *DB, watch func(*message.Message)) *MessageStore {
	docs := newCollection[messageDoc](db, nameMessage)
	return &MessageStore{newAggregate[message.Message, messageDoc, message.ID](docs, toMessageDoc, fromMessageDoc, watch)}
}

// LoadMessages gives every message to fn, in no particular order.
func (s *MessageStore) LoadMessages(ctx context.Context, fn func(*message.Message) error) error {
	return s.load(ctx, fn)
}

// DeleteDone removes the messages whose way ended before that moment, and says
// how many.
func (s *MessageStore) DeleteDone(ctx context.Context, before time.Time) (deleted int, err error) {
	var ids []string
	err = s.load(ctx, func(m *message.Message) error {
		if m.State != message.Queued && m.UpdatedAt.Before(before) {
			ids = append(ids, string(m.ID))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return s.docs.deleteAll(ctx, ids)
}

// deleteAll removes documents one by one and says how many; one that is gone
// already is no error.
func (c *collection[D]) deleteAll(ctx context.Context, ids []string) (deleted int, err error) {
	for _, id := range ids {
		err := c.delete(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

func toMessageDoc(m *message.Message) messageDoc {
	return messageDoc{
		Header: Header{ID: string(m.ID), Rev: m.Rev}, Notice: toNoticeDoc(m.Notice), State: string(m.State),
		Attempts: m.Attempts, Reason: m.Reason, NextAt: m.NextAt, UpdatedAt: m.UpdatedAt,
	}
}

func fromMessageDoc(d *messageDoc) *message.Message {
	return &message.Message{
		Notice: fromNoticeDoc(d.Notice), Rev: d.Rev, State: message.State(d.State),
		Attempts: d.Attempts, Reason: d.Reason, NextAt: d.NextAt, UpdatedAt: d.UpdatedAt,
	}
}

func toNoticeDoc(n message.Notice) noticeDoc {
	var args []argDoc
	for name, value := range n.Args {
		args = append(args, argDoc{name, value})
	}
	slices.SortFunc(args, func(a, b argDoc) int { return strings.Compare(a.Name, b.Name) })
	return noticeDoc{
		ID: string(n.ID), Channel: string(n.Channel), Recipient: n.Recipient, Template: n.Template, Args: args,
		Sealed: n.Sealed, At: n.At, ExpiresAt: n.ExpiresAt,
	}
}

func fromNoticeDoc(d noticeDoc) message.Notice {
	n := message.Notice{
		ID: message.ID(d.ID), Channel: message.Channel(d.Channel), Recipient: d.Recipient, Template: d.Template,
		Sealed: orNil(d.Sealed), At: d.At, ExpiresAt: d.ExpiresAt,
	}
	if len(d.Args) > 0 {
		n.Args = make(map[string]string, len(d.Args))
	}
	for _, a := range d.Args {
		n.Args[a.Name] = a.Value
	}
	return n
}

// toOutbox writes the outbox of a document, its field "outbox".
func toOutbox(o message.Outbox) []noticeDoc { return convert(o, toNoticeDoc) }

// fromOutbox reads the outbox of a document.
func fromOutbox(docs []noticeDoc) message.Outbox { return convert(docs, fromNoticeDoc) }
