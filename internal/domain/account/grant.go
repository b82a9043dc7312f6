package account

import (
	"context"
	"time"

	"passerelle/internal/domain/fault"
)

// takeoverFor is how long an administrator on whose word an account's password
// or second factor was replaced counts as its holder: its owner was told, and
// has that long to object.
const takeoverFor = 7 * 24 * time.Hour

// Grant is a post that one administrator proposes for an account and another
// one has to confirm. The zero value is none.
type Grant struct {
	Post Post
	By   ID // who proposed it
	At   time.Time
}

// IsZero reports whether nothing is proposed.
func (g Grant) IsZero() bool { return g.By == "" }

// grants reports whether going from one post to another gives a privileged
// role, or the right to enter profiles of others: that takes two administrators.
func grants(from, to Post) bool {
	privileged := to.Role == Official || to.Role == Admin || to.Role == Observer
	return privileged && to.Role != from.Role || to.Collector && !from.Collector
}

// propose notes the post for another administrator's signature.
func (a *Account) propose(actor Actor, post Post, now time.Time, fields ...string) {
	a.Grant = Grant{Post: post, By: actor.Account, At: Moment(now)}
	a.Record(actor, now, "user.propose", string(post.Role), fields...)
}

// HeldBy reports whether the account's password or second factor was replaced
// on that administrator's word not long ago, so that it may be the same person.
func (a *Account) HeldBy(id ID, now time.Time) bool {
	return a.ResetBy == id && id != "" && now.Before(a.ResetAt.Add(takeoverFor))
}

// Reissue notes on whose word the account's password or second factor is
// replaced.
func (a *Account) Reissue(by ID, now time.Time) { a.ResetBy, a.ResetAt = by, Moment(now) }

// Confirm puts a proposed post in force: the second signature, which is not
// the proposer's, nor that of an account the proposer has just had the password
// or second factor of replaced. rev is the revision that was read: what was
// proposed anew in between is Stale. Forbidden code "four_eyes.same"; Conflict
// codes "account.proposal.none" where nothing waits any more, whatever was read,
// and, when the proposer is no administrator any more, "account.proposal.lapsed".
func (s *Service) Confirm(ctx context.Context, actor Actor, id ID, rev int64) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	own, err := s.Store.Get(ctx, actor.Account)
	if err != nil {
		return nil, err
	}
	read, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	proposer, _ := s.Reader.AccountCard(read.Grant.By)
	s.admins.Lock()
	defer s.admins.Unlock()
	last := s.keepsAdmin(id)
	return s.Store.Update(ctx, id, func(a *Account) error {
		if rev != a.Rev || rev != read.Rev {
			return outdated(a)
		}
		if err := mayConfirm(own, a.Grant, proposer, s.Now()); err != nil {
			return err
		}
		if last != nil && a.Grant.Post.Role != Admin {
			return last
		}
		fields := append(a.differences(a.Grant.Post), "grant")
		a.take(a.Grant.Post)
		if a.State == Proposed {
			a.State = Active
			fields = append(fields, "state")
		}
		a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "user.confirm", string(a.Role), fields...)
		return nil
	})
}

// outdated says that an account is not as it was read: what was proposed is in
// force by then or taken back, or something else has changed.
func outdated(a *Account) error {
	if a.Grant.IsZero() {
		return fault.New(fault.Conflict, "account.proposal.none")
	}
	return fault.New(fault.Stale, "stale")
}

// mayConfirm asks whether a proposal can be signed by the owner of an account.
func mayConfirm(own *Account, g Grant, proposer Card, now time.Time) error {
	switch {
	case g.IsZero():
		return fault.New(fault.Conflict, "account.proposal.none")
	case g.By == own.ID || own.HeldBy(g.By, now):
		return fault.New(fault.Forbidden, "four_eyes.same")
	case proposer.Role != Admin || proposer.State != Active:
		return fault.New(fault.Conflict, "account.proposal.lapsed")
	}
	return nil
}

// take puts a post in force, and with it an end to what was proposed.
func (a *Account) take(p Post) {
	a.Role, a.Agency, a.Institution, a.Collector, a.Grant = p.Role, p.Agency, p.Institution, p.Collector, Grant{}
}

// Reject takes a proposal back, or refuses another's. An account that was
// opened with it stays closed, as a candidate's: to be opened again it would
// need another proposal. Conflict code "account.proposal.none".
func (s *Service) Reject(ctx context.Context, actor Actor, id ID, reason string) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, id, func(a *Account) error {
		if a.Grant.IsZero() {
			return fault.New(fault.Conflict, "account.proposal.none")
		}
		fields := []string{"grant"}
		if a.State == Proposed {
			a.State = Disabled
			a.take(Post{Role: Candidate})
			fields = append(fields, "role", "state")
		}
		a.Grant = Grant{}
		a.Record(actor, s.Now(), "user.reject", reason, fields...)
		return nil
	})
}

// Alone reports whether no other administrator can sign in who could confirm
// what this one proposes.
func (s *Service) Alone(actor Actor) bool { return s.usableAdmins(actor.Account) == 0 }

// CreateAlone opens an account of any role on the word of an administrator and
// of whoever runs the command on the server: while there is no other
// administrator, nobody could confirm a privileged role, so it takes effect at
// once; as soon as there is one it is proposed, as by Create.
func (s *Service) CreateAlone(ctx context.Context, actor Actor, in NewAccount) (Issued, error) {
	return s.create(ctx, actor, in, s.Alone(actor))
}
