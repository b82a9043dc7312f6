package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/ref"
)

// employerDoc is one employer's file.
type employerDoc struct {
	Header       `bson:",inline"`
	Name         string         `bson:"name"`
	Country      ref.Country    `bson:"country"`
	Registration string         `bson:"registration"`
	Sector       string         `bson:"sector"`
	Sites        []siteDoc      `bson:"sites"`
	Website      string         `bson:"website"`
	State        employer.State `bson:"state"`
	CreatedBy    account.ID     `bson:"createdBy"`
	Agency       string         `bson:"agency"`
	Editors      []account.ID   `bson:"editors"`
	Decisions    []decisionDoc  `bson:"decisions"`
	CreatedAt    time.Time      `bson:"createdAt"`
	UpdatedAt    time.Time      `bson:"updatedAt"`
	Pending      []entryDoc     `bson:"pending"`
}

type siteDoc struct {
	Name   string `bson:"name"`
	City   string `bson:"city"`
	Region string `bson:"region"`
}

// EmployerStore keeps employers. It implements employer.Store.
type EmployerStore struct {
	*aggregate[employer.Employer, employerDoc, employer.ID]
}

// NewEmployerStore gives access to the employers; watch is told of every
// acknowledged write.
func NewEmployerStore(db *DB, watch func(*employer.Employer)) *EmployerStore {
	docs := newCollection[employerDoc](db, nameEmployer)
	return &EmployerStore{newAggregate[employer.Employer, employerDoc, employer.ID](docs, toEmployerDoc, fromEmployerDoc, watch)}
}

// Get reads one employer; fault.NotFound, code "employer.not_found", when
// there is none.
func (s *EmployerStore) Get(ctx context.Context, id employer.ID) (*employer.Employer, error) {
	e, err := s.aggregate.Get(ctx, id)
	return e, absentAs("employer.not_found", err)
}

// Update changes an employer under its lock.
func (s *EmployerStore) Update(ctx context.Context, id employer.ID, change func(*employer.Employer) error) (*employer.Employer, error) {
	e, err := s.aggregate.Update(ctx, id, change)
	return e, absentAs("employer.not_found", err)
}

// LoadEmployers gives every employer to fn, in no particular order.
func (s *EmployerStore) LoadEmployers(ctx context.Context, fn func(*employer.Employer) error) error {
	return s.load(ctx, fn)
}

func toEmployerDoc(e *employer.Employer) employerDoc {
	return employerDoc{
		Header: Header{ID: string(e.ID), Rev: e.Rev},
		Name:   e.Facts.Name, Country: e.Facts.Country, Registration: e.Facts.Registration, Sector: e.Facts.Sector,
		Sites:   convert(e.Facts.Sites, func(s employer.Site) siteDoc { return siteDoc(s) }),
		Website: e.Facts.Website, State: e.State, CreatedBy: e.CreatedBy, Agency: e.Agency, Editors: e.Editors,
		Decisions: convert(e.Decisions, func(d employer.Decision) decisionDoc { return decisionDoc(d) }),
		CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt, Pending: toPending(e.Pending),
	}
}

func fromEmployerDoc(d *employerDoc) *employer.Employer {
	return &employer.Employer{
		ID: employer.ID(d.ID), Rev: d.Rev,
		Facts: employer.Facts{
			Name: d.Name, Country: d.Country, Registration: d.Registration, Sector: d.Sector,
			Sites: convert(d.Sites, func(s siteDoc) employer.Site { return employer.Site(s) }), Website: d.Website,
		},
		State: d.State, CreatedBy: d.CreatedBy, Agency: d.Agency, Editors: orNil(d.Editors),
		Decisions: convert(d.Decisions, func(d decisionDoc) employer.Decision { return employer.Decision(d) }),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}
