// Package audit says what is remembered of every change, and what the log of
// these memories can prove.
//
// An entry rides inside the document it is about until a job carries it to
// the log; so an action and its entry are both there or neither. Entries hold
// ids, field names and codes, never the content of a field. What belongs to no
// document, such as a login, is handed to a Recorder before it takes effect.
package audit

import (
	"context"
	"net/netip"
	"strconv"
	"time"
)

// Entry is one remembered action. Its ID is derived from the document, its
// revision and its place, so that carrying it twice is harmless.
type Entry struct {
	ID      string    // aud_<document>_<rev>_<n>
	At      time.Time // UTC
	Actor   string    // account id, or "system" or "command" with the operator's account
	Role    string    // the actor's role at that moment
	Action  string    // the permission or transition, for example "offer.publish"
	Subject string    // id of the document
	Rev     int64     // revision of the document after the action
	Reason  string    // reason code, where the action takes one
	Fields  []string  // names of changed fields, sorted; never values
	Origin  string    // network it came from, see OriginOf; empty for jobs and commands
	Count   int64     // how many alike are meant; 0 and 1 are one
	// Content is the SHA-256 of the document as it was stored with the entry.
	// The store sets it. It is not kept: the log holds a keyed digest of it.
	Content []byte
}

// Log is the pending outbox inside a document; the zero value is empty.
type Log []Entry

// Add appends an entry about subject at revision rev and fills its ID.
func (l *Log) Add(e Entry) {
	n := 0
	for _, old := range *l {
		if old.Rev == e.Rev {
			n++
		}
	}
	e.ID = "aud_" + e.Subject + "_" + strconv.FormatInt(e.Rev, 10) + "_" + strconv.Itoa(n)
	*l = append(*l, e)
}

// Without gives the outbox less the entries of those ids.
func (l Log) Without(ids []string) Log {
	drop := make(map[string]bool, len(ids))
	for _, id := range ids {
		drop[id] = true
	}
	var kept Log
	for _, e := range l {
		if !drop[e.ID] {
			kept = append(kept, e)
		}
	}
	return kept
}

// Recorder remembers what belongs to no document: logins, refusals, exports,
// commands of operators. Subject is the account or record it is about, or the
// name of the operation; ID, Rev and a zero At are filled in. When it fails the
// action must not take place.
type Recorder interface {
	Record(ctx context.Context, e Entry) error
}

// OriginOf names the network an address belongs to: its first 24 bits (IPv4)
// or 48 bits (IPv6). That says from where, and not who: an entry is kept for
// ever and the address of a household is personal. It is empty when the text
// is no address.
func OriginOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		bits = 24
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.String()
}
