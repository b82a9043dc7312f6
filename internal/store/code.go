package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
)

// codeDoc is a request for a one-time code. It holds the code's MAC, and the
// address it was sent to sealed.
type codeDoc struct {
	Header    `bson:",inline"`
	Purpose   string      `bson:"purpose"`
	Account   string      `bson:"account"`
	Login     []byte      `bson:"login"`
	KID       string      `bson:"kid"`
	MAC       []byte      `bson:"mac"`
	Tries     int         `bson:"tries"`
	CreatedAt time.Time   `bson:"createdAt"`
	ExpiresAt time.Time   `bson:"expiresAt"`
	UsedAt    time.Time   `bson:"usedAt"`
	Outbox    []noticeDoc `bson:"outbox"`
}

// CodeStore keeps requests for one-time codes. It implements auth.CodeStore.
type CodeStore struct {
	*aggregate[account.Code, codeDoc, account.CodeID]
}

// NewCodeStore gives access to the requests; watch is told of every
// acknowledged write.
func NewCodeStore(db *DB, watch func(*account.Code)) *CodeStore {
	docs := newCollection[codeDoc](db, nameCode)
	return &CodeStore{newAggregate[account.Code, codeDoc, account.CodeID](docs, toCodeDoc, fromCodeDoc, watch)}
}

// LoadCodes gives every request to fn, in no particular order.
func (s *CodeStore) LoadCodes(ctx context.Context, fn func(*account.Code) error) error {
	return s.load(ctx, fn)
}

// DeleteExpired removes the requests that ran out before that moment, and
// says how many.
func (s *CodeStore) DeleteExpired(ctx context.Context, before time.Time) (deleted int, err error) {
	var ids []string
	err = s.load(ctx, func(c *account.Code) error {
		if c.ExpiresAt.Before(before) {
			ids = append(ids, string(c.ID))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return s.docs.deleteAll(ctx, ids)
}

func toCodeDoc(c *account.Code) codeDoc {
	return codeDoc{
		Header: Header{ID: string(c.ID), Rev: c.Rev}, Purpose: string(c.Purpose), Account: string(c.Account),
		Login: c.Login, KID: c.KID, MAC: c.MAC, Tries: c.Tries, CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt,
		UsedAt: c.UsedAt, Outbox: toOutbox(c.Outbox),
	}
}

func fromCodeDoc(d *codeDoc) *account.Code {
	return &account.Code{
		ID: account.CodeID(d.ID), Rev: d.Rev, Purpose: account.CodePurpose(d.Purpose), Account: account.ID(d.Account),
		Login: orNil(d.Login), KID: d.KID, MAC: orNil(d.MAC), Tries: d.Tries, CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt,
		UsedAt: d.UsedAt, Outbox: fromOutbox(d.Outbox),
	}
}
