// Package store keeps the truth in MongoDB, or in the embedded engine when no
// address is configured. It is the only importer of the MongoDB driver.
//
// # The kernel
//
// A file per aggregate stands on a small kernel:
//
//	type offerDoc struct {
//		Header `bson:",inline"`        // _id, rev, seq
//		Title  string `bson:"title"`
//	}
//	offers := newCollection[offerDoc](db, nameOffer)
//	offers.observe(func(id string, doc *offerDoc) { … }) // feeds the index
//	doc, err := offers.update(ctx, id, func(d offerDoc) (offerDoc, error) { … })
//
// One aggregate is one document. A write replaces one document at a known seq
// or fails with fault.Conflict; rev belongs to the domain and is set by the
// caller, seq belongs to the kernel. Observers are told of every acknowledged
// write under the lock of its id, in the order of the writes, with the
// document exactly as a later read returns it.
//
// # What a write promises
//
// Waiting for an id lock ends when the caller's context does, without effect.
// Once the lock is held the write goes on whatever the caller does, with a
// limit of its own. The caller waits for it no longer than Options.OpTimeout
// and is then answered fault.Unavailable, with a time to retry after; the
// write goes on holding the lock. After every error that leaves the outcome
// open the document is read again under the lock and the observer takes what
// is there; should even that fail, or the write land later still, a background
// settler reads it once more (see settle.go).
//
// # What documents may hold
//
// UTF-8 strings, booleans, integers, finite floats, times (UTC, milliseconds), bytes,
// nested structs, slices of those. Not Decimal128 (the embedded engine panics
// on it), not slices of slices, not map keys holding "." or starting with "$"
// (it refuses both). Nil slices and maps are stored, and read back, empty. No
// query but by _id is made on a hot path: the in-memory index is for that.
package store
