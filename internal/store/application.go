package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
)

// applicationDoc is one person's file on one offer.
type applicationDoc struct {
	Header          `bson:",inline"`
	Offer           string            `bson:"offer"`
	Agency          string            `bson:"agency"`
	Profile         string            `bson:"profile"`
	Candidate       account.ID        `bson:"candidate"`
	State           application.State `bson:"state"`
	Rank            int               `bson:"rank"`
	Reason          string            `bson:"reason"`
	Message         string            `bson:"message"`
	OfferTitle      string            `bson:"offerTitle"`
	OfferVer        int               `bson:"offerVersion"`
	Round           int               `bson:"round"`
	EligibleAtApply bool              `bson:"eligibleAtApply"`
	InterviewAt     time.Time         `bson:"interviewAt"`
	History         []eventDoc        `bson:"history"`
	CreatedAt       time.Time         `bson:"createdAt"`
	UpdatedAt       time.Time         `bson:"updatedAt"`
	Pending         []entryDoc        `bson:"pending"`
}

type eventDoc struct {
	State  application.State `bson:"state"`
	At     time.Time         `bson:"at"`
	By     account.Role      `bson:"by"`
	Reason string            `bson:"reason"`
}

// ApplicationStore keeps applications. It implements application.Store.
type ApplicationStore struct {
	*aggregate[application.Application, applicationDoc, application.ID]
}

// NewApplicationStore gives access to the applications; watch is told of every
// acknowledged write.
func NewApplicationStore(db *DB, watch func(*application.Application)) *ApplicationStore {
	docs := newCollection[applicationDoc](db, nameApplication)
	return &ApplicationStore{newAggregate[application.Application, applicationDoc, application.ID](docs, toApplicationDoc, fromApplicationDoc, watch)}
}

// LoadApplications gives every application to fn, in no particular order.
func (s *ApplicationStore) LoadApplications(ctx context.Context, fn func(*application.Application) error) error {
	return s.load(ctx, fn)
}

func toApplicationDoc(a *application.Application) applicationDoc {
	return applicationDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev},
		Offer:  a.Offer, Agency: a.Agency, Profile: a.Profile, Candidate: a.Candidate,
		State: a.State, Rank: a.Rank, Reason: a.Reason, Message: a.Message,
		OfferTitle: a.OfferTitle, OfferVer: a.OfferVer, Round: a.Round,
		EligibleAtApply: a.EligibleAtApply, InterviewAt: a.InterviewAt,
		History:   convert(a.History, func(e application.Event) eventDoc { return eventDoc(e) }),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Pending: toPending(a.Pending),
	}
}

func fromApplicationDoc(d *applicationDoc) *application.Application {
	return &application.Application{
		ID: application.ID(d.ID), Rev: d.Rev,
		Offer: d.Offer, Agency: d.Agency, Profile: d.Profile, Candidate: d.Candidate,
		State: d.State, Rank: d.Rank, Reason: d.Reason, Message: d.Message,
		OfferTitle: d.OfferTitle, OfferVer: d.OfferVer, Round: d.Round,
		EligibleAtApply: d.EligibleAtApply, InterviewAt: d.InterviewAt,
		History:   convert(d.History, func(e eventDoc) application.Event { return application.Event(e) }),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}
