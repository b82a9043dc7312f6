package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// agencyDoc is one recruiter's file.
type agencyDoc struct {
	Header    `bson:",inline"`
	Facts     agencyFactsDoc `bson:"facts"`
	State     agency.State   `bson:"state"`
	CreatedBy account.ID     `bson:"createdBy"`
	Members   []account.ID   `bson:"members"`
	Decisions []decisionDoc  `bson:"decisions"`
	Training  []trainingDoc  `bson:"training"`
	Keys      []agencyKeyDoc `bson:"keys"` // absent in files stored before there were keys
	KeyUses   []keyUseDoc    `bson:"keyUses"`
	CreatedAt time.Time      `bson:"createdAt"`
	UpdatedAt time.Time      `bson:"updatedAt"`
	Pending   []entryDoc     `bson:"pending"`
}

type agencyFactsDoc struct {
	Name         string      `bson:"name"`
	TradeName    string      `bson:"tradeName"`
	Country      ref.Country `bson:"country"`
	Kind         agency.Kind `bson:"kind"`
	Licence      string      `bson:"licence"`
	LicenceFrom  ref.Date    `bson:"licenceFrom"`
	LicenceUntil ref.Date    `bson:"licenceUntil"`
	Email        string      `bson:"email"`
	Phone        string      `bson:"phone"`
	City         string      `bson:"city"`
	Address      string      `bson:"address"`
	Website      string      `bson:"website"`
}

// decisionDoc is an official's decision on an agency or an employer.
type decisionDoc struct {
	Action   string     `bson:"action"`
	By       account.ID `bson:"by"`
	At       time.Time  `bson:"at"`
	Reason   string     `bson:"reason"`
	Note     string     `bson:"note"`
	Act      string     `bson:"act"` // empty in decisions that were stored before acts were asked for
	Evidence string     `bson:"evidence"`
}

// agencyKeyDoc is an API key; it holds hashes, never a secret.
type agencyKeyDoc struct {
	ID        agency.KeyID       `bson:"id"`
	Name      string             `bson:"name"`
	Scopes    []account.KeyScope `bson:"scopes"`
	Prefix    string             `bson:"prefix"`
	Hash      []byte             `bson:"hash"`
	Previous  []byte             `bson:"previous"`
	RotatedAt time.Time          `bson:"rotatedAt"`
	By        account.ID         `bson:"by"`
	CreatedAt time.Time          `bson:"createdAt"`
	Expires   ref.Date           `bson:"expires"`
	RevokedAt time.Time          `bson:"revokedAt"`
}

// keyUseDoc is the last use of a key. It stands beside the keys, since a use is
// no decision of anybody and has no entry of the audit log.
type keyUseDoc struct {
	Key agency.KeyID `bson:"key"`
	At  time.Time    `bson:"at"`
}

type trainingDoc struct {
	Title string   `bson:"title"`
	On    ref.Date `bson:"on"`
	Hours int      `bson:"hours"`
}

// AgencyStore keeps agencies. It implements agency.Store.
type AgencyStore struct {
	*aggregate[agency.Agency, agencyDoc, agency.ID]
}

// NewAgencyStore gives access to the agencies; watch is told of every
// acknowledged write.
func NewAgencyStore(db *DB, watch func(*agency.Agency)) *AgencyStore {
	docs := newCollection[agencyDoc](db, nameAgency)
	return &AgencyStore{newAggregate[agency.Agency, agencyDoc, agency.ID](docs, toAgencyDoc, fromAgencyDoc, watch)}
}

// Get reads one agency; fault.NotFound, code "agency.not_found", when there is
// none.
func (s *AgencyStore) Get(ctx context.Context, id agency.ID) (*agency.Agency, error) {
	a, err := s.aggregate.Get(ctx, id)
	return a, absentAs("agency.not_found", err)
}

// Update changes an agency under its lock.
func (s *AgencyStore) Update(ctx context.Context, id agency.ID, change func(*agency.Agency) error) (*agency.Agency, error) {
	a, err := s.aggregate.Update(ctx, id, change)
	return a, absentAs("agency.not_found", err)
}

// LoadAgencies gives every agency to fn, in no particular order.
func (s *AgencyStore) LoadAgencies(ctx context.Context, fn func(*agency.Agency) error) error {
	return s.load(ctx, fn)
}

// absentAs gives a NotFound the code that the noun's service uses for records
// that are not the caller's, so that the two answers are alike.
func absentAs(code string, err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, code).Because(err)
	}
	return err
}

func toAgencyDoc(a *agency.Agency) agencyDoc {
	return agencyDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev},
		Facts:  agencyFactsDoc(a.Facts), State: a.State, CreatedBy: a.CreatedBy, Members: a.Members,
		Decisions: convert(a.Decisions, func(d agency.Decision) decisionDoc { return decisionDoc(d) }),
		Training:  convert(a.Training, func(t agency.Training) trainingDoc { return trainingDoc(t) }),
		Keys:      convert(a.Keys, toAgencyKeyDoc),
		KeyUses:   toKeyUses(a.Keys),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Pending: toPending(a.Pending),
	}
}

func fromAgencyDoc(d *agencyDoc) *agency.Agency {
	return &agency.Agency{
		ID: agency.ID(d.ID), Rev: d.Rev,
		Facts: agency.Facts(d.Facts), State: d.State, CreatedBy: d.CreatedBy, Members: orNil(d.Members),
		Decisions: convert(d.Decisions, func(d decisionDoc) agency.Decision { return agency.Decision(d) }),
		Training:  convert(d.Training, func(t trainingDoc) agency.Training { return agency.Training(t) }),
		Keys:      fromAgencyKeys(d),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}

func toAgencyKeyDoc(k agency.Key) agencyKeyDoc {
	return agencyKeyDoc{ID: k.ID, Name: k.Name, Scopes: k.Scopes, Prefix: k.Prefix, Hash: k.Hash, Previous: k.Previous, RotatedAt: k.RotatedAt,
		By: k.By, CreatedAt: k.CreatedAt, Expires: k.Expires, RevokedAt: k.RevokedAt}
}

func toKeyUses(keys []agency.Key) (uses []keyUseDoc) {
	for _, k := range keys {
		if !k.UsedAt.IsZero() {
			uses = append(uses, keyUseDoc{k.ID, k.UsedAt})
		}
	}
	return uses
}

func fromAgencyKeys(d *agencyDoc) []agency.Key {
	used := map[agency.KeyID]time.Time{}
	for _, u := range d.KeyUses {
		used[u.Key] = u.At
	}
	return convert(d.Keys, func(k agencyKeyDoc) agency.Key {
		return agency.Key{ID: k.ID, Name: k.Name, Scopes: orNil(k.Scopes), Prefix: k.Prefix, Hash: orNil(k.Hash), Previous: orNil(k.Previous), RotatedAt: k.RotatedAt,
			By: k.By, CreatedAt: k.CreatedAt, Expires: k.Expires, UsedAt: used[k.ID], RevokedAt: k.RevokedAt}
	})
}
