// Package notify sends e-mail and SMS. A change that people outside are to
// hear of leaves a notice in the outbox of its own document; the desk carries
// notices on into messages, which have the notice's id, so that carrying twice
// is harmless, and sends those that are due. A message goes out at least once:
// a crash between sending and noting it sends again, under the same id, by
// which folders, mail programs and SMS gateways know it.
//
// What must not be read in the store, the address and the code, is sealed in
// the notice and forgotten once it was sent.
package notify
