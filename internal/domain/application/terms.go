package application

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
)

// Messages queues messages to people.
type Messages interface {
	// InsertMany adds the messages and gives the ids that were there already;
	// those are left as they are.
	InsertMany(ctx context.Context, messages []*message.Message) (existing []message.ID, err error)
}

// Announcements notes how far the news of a version has been carried.
type Announcements interface {
	Announced(ctx context.Context, id offer.ID, version int) error
}

// TermsChange tells how the terms in force differ from those a person applied
// to.
type TermsChange struct {
	From, To int // versions
	// Known is false when the earlier terms are not kept any more; Before and
	// Changes are then empty.
	Known         bool
	Before, After offer.Terms
	Changes       []offer.TermChange
}

// TermsChange compares the terms in force with those the person applied to, or
// was invited to; false when they are the same version. It is for everybody
// who may read the application.
func (s *Service) TermsChange(ctx context.Context, actor account.Actor, a *Application) (TermsChange, bool, error) {
	if !a.concerns(actor) {
		return TermsChange{}, false, absent()
	}
	o, err := s.Offers.Get(ctx, offer.ID(a.Offer))
	if fault.Is(err, fault.NotFound) {
		return TermsChange{}, false, nil
	}
	if err != nil || o.Frozen == nil || a.OfferVer == 0 || o.Frozen.Version <= a.OfferVer {
		return TermsChange{}, false, err
	}
	c := TermsChange{From: a.OfferVer, To: o.Frozen.Version, After: o.Frozen.Terms}
	if old, ok := o.Published(a.OfferVer); ok {
		c.Known, c.Before, c.Changes = true, old.Terms, offer.Differences(old.Terms, o.Frozen.Terms)
	}
	return c, true, nil
}

// AnnounceTerms tells the live applicants of every offer whose terms changed
// with a new version, each once. It is a job, and may be cut anywhere and
// repeated: a message's id is made of version and application.
func (s *Service) AnnounceTerms(ctx context.Context) error {
	var failures []error
	for _, id := range s.Model.OffersToAnnounce() {
		if err := s.announce(ctx, id); err != nil {
			failures = append(failures, fmt.Errorf("announce %s: %w", id, err))
		}
	}
	return errors.Join(failures...)
}

// announceAtOnce is how many messages are queued with one write.
const announceAtOnce = 200

func (s *Service) announce(ctx context.Context, id offer.ID) error {
	o, err := s.Offers.Get(ctx, id)
	if err != nil || o.Announce == 0 {
		return err
	}
	letters := s.letters(o)
	for len(letters) > 0 {
		n := min(len(letters), announceAtOnce)
		if _, err := s.Messages.InsertMany(ctx, letters[:n]); err != nil {
			return err
		}
		letters = letters[n:]
	}
	return s.Announcements.Announced(ctx, id, o.Announce)
}

// letters makes the messages to the live applicants who applied to an earlier
// version; somebody without an account gets none.
func (s *Service) letters(o *offer.Offer) (all []*message.Message) {
	s.each(Query{Offer: string(o.ID), States: []State{Submitted, Shortlisted, Interviewed, Waiting, Selected}}, func(c Card) {
		if c.Candidate == "" || c.OfferVer >= o.Announce {
			return
		}
		n := message.Notice{ID: message.ID("msg_" + string(o.ID) + "_v" + strconv.Itoa(o.Announce) + "_" + string(c.ID)), Recipient: string(c.Candidate),
			Template: "offer.changed", Args: map[string]string{"reference": o.Reference, "version": strconv.Itoa(o.Announce)}, At: account.Moment(s.Now())}
		all = append(all, message.New(n, n.At))
	})
	return all
}
