package store

import (
	"context"

	"passerelle/internal/domain/audit"
)

// EachDigest gives every record to fn as the audit log can compare it, in no
// particular order, until fn fails.
func (a *aggregate[T, D, I]) EachDigest(ctx context.Context, fn func(audit.Document) error) error {
	return a.docs.load(ctx, func(doc D) error {
		head := *a.docs.head(&doc)
		clear, err := a.sealer.open(head.ID, &doc)
		if err != nil {
			return err
		}
		box := outboxOf(clear)
		digest, err := digestOf(clear)
		if err != nil {
			return err
		}
		return fn(audit.Document{ID: head.ID, Rev: head.Rev, Digest: digest, Waiting: box != nil && len(*box) > 0, Runs: a.docs.name == nameIntake})
	})
}

// EachDigest gives every account to fn as the audit log can compare it.
func (s *AccountStore) EachDigest(ctx context.Context, fn func(audit.Document) error) error {
	return s.accounts.EachDigest(ctx, fn)
}
