package store

import (
	"context"

	"passerelle/internal/domain/audit"
)

// outboxed is a document that holds pending audit entries.
type outboxed interface {
	outbox() *[]entryDoc
}

func (d *accountDoc) outbox() *[]entryDoc     { return &d.Pending }
func (d *agencyDoc) outbox() *[]entryDoc      { return &d.Pending }
func (d *employerDoc) outbox() *[]entryDoc    { return &d.Pending }
func (d *corridorDoc) outbox() *[]entryDoc    { return &d.Pending }
func (d *offerDoc) outbox() *[]entryDoc       { return &d.Pending }
func (d *profileDoc) outbox() *[]entryDoc     { return &d.Pending }
func (d *applicationDoc) outbox() *[]entryDoc { return &d.Pending }
func (d *intakeDoc) outbox() *[]entryDoc      { return &d.Pending }
func (d *placementDoc) outbox() *[]entryDoc   { return &d.Pending }
func (d *incidentDoc) outbox() *[]entryDoc    { return &d.Pending }
func (d *agreementDoc) outbox() *[]entryDoc   { return &d.Pending }
func (d *actDoc) outbox() *[]entryDoc         { return &d.Pending }
func (d *assignmentDoc) outbox() *[]entryDoc  { return &d.Pending }

// outboxOf gives the pending entries of a document; nil for kinds without.
func outboxOf[D any](doc *D) *[]entryDoc {
	if o, ok := any(doc).(outboxed); ok {
		return o.outbox()
	}
	return nil
}

// attest ties the new entries of a document to its content: to every entry
// that has none yet it adds the digest of the document without its outbox.
func attest[D any](doc *D) error {
	box := outboxOf(doc)
	if box == nil {
		return nil
	}
	pending := *box
	digest, err := []byte(nil), error(nil)
	for i := range pending {
		if len(pending[i].Content) > 0 {
			continue
		}
		if digest == nil {
			*box = nil
			digest, err = digestOf(doc)
			*box = pending
		}
		if err != nil {
			return err
		}
		pending[i].Content = digest
	}
	return nil
}

// ReadPending gives the audit entries that wait in a document; fault.NotFound
// when there is no such document.
func (a *aggregate[T, D, I]) ReadPending(ctx context.Context, id string) (audit.Log, error) {
	doc, err := a.docs.get(ctx, id)
	if err != nil {
		return nil, err
	}
	box := outboxOf(&doc)
	if box == nil {
		return nil, nil
	}
	return fromPending(*box), nil
}

// DropPending removes carried entries from a document under its lock. The
// domain's revision stays: nothing but the outbox is touched. Entries that are
// gone already are no error.
func (a *aggregate[T, D, I]) DropPending(ctx context.Context, id string, entries []string) error {
	_, err := a.docs.update(ctx, id, func(doc D) (D, error) {
		box := outboxOf(&doc)
		if box == nil {
			return doc, errUnchanged
		}
		kept := fromPending(*box).Without(entries)
		if len(kept) == len(*box) {
			return doc, errUnchanged
		}
		*box = toPending(kept)
		return doc, nil
	})
	return err
}

// ReadPending gives the audit entries that wait in an account.
func (s *AccountStore) ReadPending(ctx context.Context, id string) (audit.Log, error) {
	return s.accounts.ReadPending(ctx, id)
}

// DropPending removes carried entries from an account.
func (s *AccountStore) DropPending(ctx context.Context, id string, entries []string) error {
	return s.accounts.DropPending(ctx, id, entries)
}
