package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// Outboxes reads and clears the outboxes of one kind of document.
type Outboxes interface {
	// Notices reads a document's outbox; NotFound without the document.
	Notices(ctx context.Context, id string) (message.Outbox, error)
	// Clear removes notices that were carried on.
	Clear(ctx context.Context, id string, carried []message.ID) error
}

// People says whom a message is for, from memory.
type People interface {
	AccountCard(id account.ID) (account.Card, bool)
	AccountByLogin(login string) (account.Card, bool)
}

// Sealed opens what a notice keeps from the store: the address (empty = the
// recipient's own) and the secret.
type Sealed func(n message.Notice) (to, secret string, err error)

// Sender hands a letter to a network. A fault of kind Invalid says that
// trying again is useless.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Letter is a message with its words, ready to be sent.
type Letter struct {
	ID      message.ID
	Channel message.Channel
	To      string // e-mail address or E.164 number
	Subject string // e-mail only
	Text    string
	HTML    string // e-mail only
	At      time.Time
}

// Deps are what a Desk is made of.
type Deps struct {
	Store     message.Store
	Outboxes  map[string]Outboxes // by noun
	People    People
	Open      Sealed
	Senders   map[message.Channel]Sender
	PublicURL string // what links begin with
	Now       func() time.Time
	Log       *slog.Logger
}

// Desk carries notices on and sends messages. It is told of every write of
// documents with an outbox and of messages, so that it never searches; the
// zero value takes what it is told, and Open makes it work.
type Desk struct {
	deps  Deps
	texts *texts
	wake  chan struct{}

	mu      sync.Mutex
	pending map[source]bool          // documents with a full outbox
	queued  map[message.ID]time.Time // by next attempt
}

type source struct{ noun, id string }

// NewDesk makes a desk that notes what it is told until Open.
func NewDesk() *Desk {
	return &Desk{wake: make(chan struct{}, 1), pending: map[source]bool{}, queued: map[message.ID]time.Time{}}
}

// Open gives the desk what it works with; call it once, before Run.
func (d *Desk) Open(deps Deps) error {
	texts, err := readTexts(deps.PublicURL)
	if err != nil {
		return err
	}
	d.deps, d.texts = deps, texts
	return nil
}

// Wake tells when something is to be done at once.
func (d *Desk) Wake() <-chan struct{} { return d.wake }

// See notes the outbox of a document as it was stored.
func (d *Desk) See(noun, id string, outbox message.Outbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(outbox) == 0 {
		delete(d.pending, source{noun, id})
		return
	}
	d.pending[source{noun, id}] = true
	d.ring()
}

// SeeMessage notes a message as it was stored.
func (d *Desk) SeeMessage(m *message.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m.State != message.Queued {
		delete(d.queued, m.ID)
		return
	}
	d.queued[m.ID] = m.NextAt
}

func (d *Desk) ring() {
	select {
	case d.wake <- struct{}{}:
	default: // it rings already
	}
}

// Run carries on every notice and sends every message that is due. One that
// fails does not hold up the rest.
func (d *Desk) Run(ctx context.Context) error {
	var failed []error
	for _, from := range d.outboxes() {
		failed = append(failed, d.carry(ctx, from))
	}
	for _, id := range d.due() {
		failed = append(failed, d.send(ctx, id))
	}
	return errors.Join(failed...)
}

func (d *Desk) outboxes() []source {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []source
	for s := range d.pending {
		found = append(found, s)
	}
	slices.SortFunc(found, func(a, b source) int { return compare(a.id, b.id) })
	return found
}

// due lists the messages whose time has come, the longest waiting first.
func (d *Desk) due() []message.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []message.ID
	now := d.deps.Now()
	for id, at := range d.queued {
		if !at.After(now) {
			found = append(found, id)
		}
	}
	slices.SortFunc(found, func(a, b message.ID) int {
		if c := d.queued[a].Compare(d.queued[b]); c != 0 {
			return c
		}
		return compare(a, b)
	})
	return found
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// carry turns a document's notices into messages, then empties its outbox.
func (d *Desk) carry(ctx context.Context, from source) error {
	outbox := d.deps.Outboxes[from.noun]
	notices, err := outbox.Notices(ctx, from.id)
	if fault.Is(err, fault.NotFound) {
		d.See(from.noun, from.id, nil)
		return nil
	}
	if err != nil {
		return err
	}
	var carried []message.ID
	for _, n := range notices {
		if err := d.deps.Store.Insert(ctx, message.New(n, d.deps.Now())); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		carried = append(carried, n.ID)
	}
	if len(carried) == 0 {
		d.See(from.noun, from.id, nil)
		return nil
	}
	return outbox.Clear(ctx, from.id, carried)
}

// sendTime bounds one attempt.
const sendTime = 30 * time.Second

// send makes one attempt and notes what came of it.
func (d *Desk) send(ctx context.Context, id message.ID) error {
	m, err := d.deps.Store.Get(ctx, id)
	if err != nil {
		return err
	}
	d.SeeMessage(m)
	if now := d.deps.Now(); !m.Due(now) {
		return nil
	} else if m.Expired(now) {
		return d.note(ctx, m, func(m *message.Message) { m.Done(message.Failed, "message.expired", now) })
	}
	letter, err := d.write(m)
	if err == nil && letter == nil {
		return d.note(ctx, m, func(m *message.Message) { m.Done(message.Dropped, "message.nobody", d.deps.Now()) })
	}
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, sendTime)
		err = d.deps.Senders[m.Channel].Send(limited, *letter)
		cancel()
	}
	return d.outcome(ctx, m, err)
}

// outcome notes a success, a refusal for good, or a failure to be tried again.
func (d *Desk) outcome(ctx context.Context, m *message.Message, err error) error {
	if err == nil {
		return d.note(ctx, m, func(m *message.Message) { m.Attempts++; m.Done(message.Sent, "", d.deps.Now()) })
	}
	if ctx.Err() != nil {
		return ctx.Err() // the program stops; it was no attempt
	}
	reason := "message.failed"
	if f := fault.Of(err); f != nil {
		reason = f.Code
	}
	// The error may quote the address, so only its code is logged.
	d.deps.Log.Warn("message not sent", "message", string(m.ID), "channel", string(m.Channel), "reason", reason)
	return d.note(ctx, m, func(m *message.Message) {
		if fault.Is(err, fault.Invalid) {
			m.Attempts++
			m.Done(message.Failed, reason, d.deps.Now())
			return
		}
		m.Try(reason, d.deps.Now())
	})
}

// note writes the message's next state, unless somebody else was faster.
func (d *Desk) note(ctx context.Context, seen *message.Message, change func(*message.Message)) error {
	_, err := d.deps.Store.Update(ctx, seen.ID, func(m *message.Message) error {
		if m.Rev != seen.Rev {
			return fault.New(fault.Conflict, "message.state")
		}
		change(m)
		return nil
	})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// write finds the recipient and words the message; nil when it is for nobody.
func (d *Desk) write(m *message.Message) (*Letter, error) {
	to, secret, err := d.deps.Open(m.Notice)
	if err != nil {
		return nil, err
	}
	card, found := d.deps.People.AccountCard(account.ID(m.Recipient))
	if m.Recipient == "" {
		card, found = d.deps.People.AccountByLogin(to)
		found = found && card.State == account.Active
	}
	if m.Channel == "" {
		m.Channel = usual(card)
	}
	if to == "" && m.Channel == message.Email {
		to = card.Email
	} else if to == "" {
		to = card.Phone
	}
	if !found || to == "" {
		return nil, nil
	}
	return d.texts.letter(m, localeOf(card), to, secret)
}

// usual is how a person is written to where the notice does not say: by e-mail
// where there is an address.
func usual(card account.Card) message.Channel {
	if card.Email != "" {
		return message.Email
	}
	return message.SMS
}

func localeOf(card account.Card) ref.Locale {
	if card.Locale == "" {
		return ref.French
	}
	return card.Locale
}
