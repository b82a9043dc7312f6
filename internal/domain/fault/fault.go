// Package fault holds the closed set of ways in which a request can fail.
//
// Every layer below web speaks only these kinds; the web layer turns them
// into one HTTP status table (RFC 9457 problem documents for the API, pages
// for people). An error that carries no fault is a defect of ours and is
// shown as 500 with nothing but a request id.
package fault

import (
	"errors"
	"strings"
	"time"
)

// Kind says what went wrong in a way a caller can act upon.
type Kind int

// The kinds, from the caller's mistakes to our own troubles.
const (
	Internal        Kind = iota // not a fault anyone can act upon; HTTP 500
	Syntax                      // the request cannot be read; HTTP 400
	Invalid                     // readable, but breaks a rule; HTTP 422
	NotFound                    // absent, or not yours: the two look alike; HTTP 404
	Conflict                    // the record's state, or a duplicate, forbids it; HTTP 409
	Stale                       // the caller saw an older revision; HTTP 412
	Forbidden                   // this role or person may not; HTTP 403
	Unauthenticated             // nobody is signed in; HTTP 401
	Unavailable                 // try again later, nothing is known to be lost; HTTP 503
	Exhausted                   // a limit is reached; HTTP 429
)

var kindNames = [...]string{"internal", "syntax", "invalid", "not_found", "conflict", "stale", "forbidden", "unauthenticated", "unavailable", "exhausted"}

// String names the kind in lower case, as used in logs.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "internal"
	}
	return kindNames[k]
}

// Field says which member of the input broke which rule. It never holds the
// rejected value, so that nothing personal reaches a log or an answer.
type Field struct {
	Pointer string   // RFC 6901 pointer into the body ("/pay/amount"), or the query parameter's name
	Code    string   // message key, for example "required" or "offer.pay.below_floor"
	Args    []string // values of our own (limits, codes) that the message quotes
}

// Error is a failure with a kind, a stable code and, for Invalid, the fields.
type Error struct {
	Kind       Kind
	Code       string // stable message key, for example "offer.transition"
	Fields     []Field
	RetryAfter time.Duration // for Unavailable and Exhausted; zero = not said
	Ticket     string        // what the caller sends back to go on where this stopped; never logged
	cause      error
}

// New makes a fault of the given kind; code is a stable message key.
func New(kind Kind, code string, fields ...Field) *Error {
	return &Error{Kind: kind, Code: code, Fields: fields}
}

// Because attaches the underlying error, which is logged and never shown.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// After states when trying again makes sense.
func (e *Error) After(d time.Duration) *Error {
	e.RetryAfter = d
	return e
}

// With hands the caller a ticket for the next step.
func (e *Error) With(ticket string) *Error {
	e.Ticket = ticket
	return e
}

// Error describes the fault for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String() + ": " + e.Code)
	for _, f := range e.Fields {
		b.WriteString(" [" + f.Pointer + " " + f.Code + "]")
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the underlying error.
func (e *Error) Unwrap() error { return e.cause }

// Of returns the fault inside err, or nil when there is none.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf returns the kind of the fault inside err; Internal when there is none.
func KindOf(err error) Kind {
	if e := Of(err); e != nil {
		return e.Kind
	}
	return Internal
}

// Is reports whether err carries a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// List collects field errors; the zero value is ready to use.
type List []Field

// Add notes that the member at pointer breaks the rule named by code.
func (l *List) Add(pointer, code string, args ...string) {
	*l = append(*l, Field{Pointer: pointer, Code: code, Args: args})
}

// Check adds the field error unless ok holds.
func (l *List) Check(ok bool, pointer, code string, args ...string) {
	if !ok {
		l.Add(pointer, code, args...)
	}
}

// Err gives one Invalid fault with all fields, or nil when there is none.
func (l List) Err(code string) error {
	if len(l) == 0 {
		return nil
	}
	return New(Invalid, code, l...)
}
