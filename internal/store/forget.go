package store

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// DeleteOf removes the requests for codes of one account.
func (s *CodeStore) DeleteOf(ctx context.Context, owner account.ID) error {
	var ids []string
	err := s.docs.load(ctx, func(d codeDoc) error {
		if d.Account == string(owner) {
			ids = append(ids, d.ID)
		}
		return nil
	})
	if err == nil {
		_, err = s.docs.deleteAll(ctx, ids)
	}
	return err
}

// MessagesTo gives the messages for one account, whatever became of them. It
// scans.
func (s *MessageStore) MessagesTo(ctx context.Context, recipient account.ID) (out []message.Message, err error) {
	err = s.docs.load(ctx, func(d messageDoc) error {
		if d.Notice.Recipient == string(recipient) {
			out = append(out, *fromMessageDoc(&d))
		}
		return nil
	})
	return out, err
}

// ForgetMessages removes the messages for one account. Those that wait are
// dropped first, so that whoever was told of them is told that too.
func (s *MessageStore) ForgetMessages(ctx context.Context, recipient account.ID) error {
	mine, err := s.MessagesTo(ctx, recipient)
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range mine {
		ids = append(ids, string(m.ID))
		if m.State != message.Queued {
			continue
		}
		_, err := s.Update(ctx, m.ID, func(m *message.Message) error {
			m.Done(message.Dropped, "message.nobody", s.docs.db.opts.Now())
			return nil
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	_, err = s.docs.deleteAll(ctx, ids)
	return err
}
