// Package message holds what the system sends to people outside it: e-mail and
// SMS. A message begins as a notice in the outbox of the document whose change
// is its cause, so that both are there or neither: what was rolled back is
// never told. A job carries notices on into messages and sends these, at least
// once; the id, made from the cause, keeps doubles out.
package message

import (
	"context"
	"strconv"
	"time"
)

// ID identifies a message ("msg_…"); it is derived from the cause.
type ID string

// Channel is how a message travels.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// State says where a message is on its way.
type State string

// The states of a message. Sent, Failed and Dropped are final.
const (
	Queued  State = "queued"
	Sent    State = "sent"
	Failed  State = "failed"  // given up after MaxAttempts, or too late to be of use
	Dropped State = "dropped" // for nobody: the address is no account's
)

// Notice asks for one message.
type Notice struct {
	ID        ID
	Channel   Channel           // empty = by e-mail where the recipient has an address, else by SMS
	Recipient string            // account id; empty = whoever signs in with the sealed address
	Template  string            // key of the text, for example "password.changed"
	Args      map[string]string // what the text quotes; nothing personal, nothing secret
	Sealed    []byte            // address and secret, encrypted; empty = the recipient's own address and no secret
	At        time.Time         // moment of the cause
	ExpiresAt time.Time         // of no use afterwards; zero = always
}

// Outbox holds the notices of a document that were not carried on yet; the
// zero value is empty.
type Outbox []Notice

// Add appends a notice caused by revision rev of the document, and fills its
// ID.
func (o *Outbox) Add(document string, rev int64, n Notice) {
	count := 0
	prefix := "msg_" + document + "_" + strconv.FormatInt(rev, 10) + "_"
	for _, old := range *o {
		if len(old.ID) > len(prefix) && string(old.ID[:len(prefix)]) == prefix {
			count++
		}
	}
	n.ID = ID(prefix + strconv.Itoa(count))
	*o = append(*o, n)
}

// Without gives the outbox without the notices of those ids.
func (o Outbox) Without(carried []ID) Outbox {
	gone := make(map[ID]bool, len(carried))
	for _, id := range carried {
		gone[id] = true
	}
	var kept Outbox
	for _, n := range o {
		if !gone[n.ID] {
			kept = append(kept, n)
		}
	}
	return kept
}

// Message is one e-mail or SMS on its way.
type Message struct {
	Notice
	Rev       int64
	State     State
	Attempts  int
	Reason    string    // code of the last failure
	NextAt    time.Time // no attempt before; while queued
	UpdatedAt time.Time
}

// New makes the queued message of a notice.
func New(n Notice, now time.Time) *Message {
	return &Message{Notice: n, Rev: 1, State: Queued, NextAt: now, UpdatedAt: now}
}

// MaxAttempts is how often sending is tried; the waits between double from
// half a minute, so the last attempt is about an hour after the first.
const MaxAttempts = 8

const firstWait = 30 * time.Second

// Due reports whether an attempt should be made.
func (m *Message) Due(now time.Time) bool { return m.State == Queued && !m.NextAt.After(now) }

// Expired reports whether the message is of no use any more.
func (m *Message) Expired(now time.Time) bool {
	return !m.ExpiresAt.IsZero() && !now.Before(m.ExpiresAt)
}

// Done ends the message's way. What was sealed for sending is forgotten.
func (m *Message) Done(state State, reason string, now time.Time) {
	m.State, m.Reason, m.Sealed, m.UpdatedAt = state, reason, nil, now
	m.Rev++
}

// Try notes an attempt that did not succeed: the message waits for the next,
// or is given up.
func (m *Message) Try(reason string, now time.Time) {
	m.Attempts++
	if m.Attempts >= MaxAttempts {
		m.Done(Failed, reason, now)
		return
	}
	m.Reason, m.UpdatedAt = reason, now
	m.NextAt = now.Add(firstWait << (m.Attempts - 1))
	m.Rev++
}

// Store keeps messages. Every method may fail with Unavailable.
type Store interface {
	// Get reads one message; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Message, error)
	// Insert adds a message; Conflict when the id is taken.
	Insert(ctx context.Context, m *Message) error
	// Update reads the message under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Message) error) (*Message, error)
}
