package account

import (
	"context"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// Disable closes an account: nobody signs in with it and its sessions end at
// once. Nobody disables himself, and the last administrator stays.
func (s *Service) Disable(ctx context.Context, actor Actor, id ID, reason string) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	s.admins.Lock()
	defer s.admins.Unlock()
	if err := s.keepsAdmin(id); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, id, func(a *Account) error {
		if a.State != Active {
			return fault.New(fault.Conflict, "account.state")
		}
		a.State = Disabled
		a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "user.disable", reason, "state")
		return nil
	})
}

// Enable opens a disabled account again; its former sessions stay void.
func (s *Service) Enable(ctx context.Context, actor Actor, id ID, reason string) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, id, func(a *Account) error {
		if a.State != Disabled {
			return fault.New(fault.Conflict, "account.state")
		}
		a.State = Active
		a.Record(actor, s.Now(), "user.enable", reason, "state")
		return nil
	})
}

// Assign changes an account's role and what goes with it, whatever they were;
// see Change.
func (s *Service) Assign(ctx context.Context, actor Actor, id ID, post Post) (*Account, error) {
	return s.Change(ctx, actor, id, 0, func(p *Post) { *p = post })
}

// Change alters an account's role and what goes with it, and ends its
// sessions. What gives a privileged role is only proposed, see Confirm. Nobody
// changes his own, and the last administrator stays one. Stale when rev is not
// zero and not the account's.
func (s *Service) Change(ctx context.Context, actor Actor, id ID, rev int64, change func(*Post)) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	s.admins.Lock()
	defer s.admins.Unlock()
	last := s.keepsAdmin(id)
	return s.Store.Update(ctx, id, func(a *Account) error {
		if rev != 0 && rev != a.Rev {
			return fault.New(fault.Stale, "stale")
		}
		post := a.Post()
		change(&post)
		if err := post.Check(); err != nil {
			return err
		}
		if last != nil && post.Role != Admin {
			return last
		}
		return a.assign(actor, post, s.Now())
	})
}

// assign puts a post in force, or proposes it where it takes two. An account
// whose opening waits for a signature goes on waiting, for the new post's.
func (a *Account) assign(actor Actor, post Post, now time.Time) error {
	fields := a.differences(post)
	switch {
	case a.State == Proposed:
		if !grants(Post{}, post) {
			return fault.New(fault.Conflict, "account.state")
		}
		a.propose(actor, post, now, "grant")
	case len(fields) == 0:
	case actor.Role != System && grants(a.Post(), post):
		a.propose(actor, post, now, "grant")
	default:
		a.take(post)
		a.EndSessions(now)
		a.Record(actor, now, "user.assign", "", fields...)
	}
	return nil
}

// RemoveFactor takes away the second factor of a person who has lost it, on
// the administrator's word, ends the sessions and tells the owner. Conflict
// code "auth.mfa.not_enrolled" without one.
func (s *Service) RemoveFactor(ctx context.Context, actor Actor, id ID, reason string) (*Account, error) {
	if err := s.mayManage(actor, id); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, id, func(a *Account) error {
		if !a.Factor.Enrolled() {
			return fault.New(fault.Conflict, "auth.mfa.not_enrolled")
		}
		a.Factor = Factor{}
		a.Reissue(actor.Account, s.Now())
		a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "user.factor", reason, "factor")
		a.Tell(s.Now(), "mfa.removed", map[string]string{"at": a.UpdatedAt.Format(time.RFC3339)})
		return nil
	})
}

// differences names the fields in which the account's post is another one.
func (a *Account) differences(p Post) []string {
	var fields []string
	for name, differs := range map[string]bool{
		"role": a.Role != p.Role, "agency": a.Agency != p.Agency,
		"institution": a.Institution != p.Institution, "collector": a.Collector != p.Collector,
	} {
		if differs {
			fields = append(fields, name)
		}
	}
	return fields
}

// ResetPassword gives an account a temporary password, to be handed over in
// person, and ends its sessions. One's own password is changed, not reset.
func (s *Service) ResetPassword(ctx context.Context, actor Actor, id ID) (Issued, error) {
	if err := s.mayManage(actor, id); err != nil {
		return Issued{}, err
	}
	draft := &Account{}
	issued, err := s.issue(ctx, draft, "", false)
	if err != nil {
		return Issued{}, err
	}
	issued.Account, err = s.Store.Update(ctx, id, func(a *Account) error {
		a.PasswordHash, a.TemporaryUntil = draft.PasswordHash, draft.TemporaryUntil
		a.Reissue(actor.Account, s.Now())
		a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "user.reset", "", "password")
		a.Tell(s.Now(), "password.changed", map[string]string{"at": a.UpdatedAt.Format(time.RFC3339)})
		return nil
	})
	if err != nil {
		return Issued{}, err
	}
	return issued, nil
}

// Join makes an applicant's account a member of an agency. The agency room
// decides it, so the actor is the system; the sessions go on, because the
// agency is read from the account at each request.
func (s *Service) Join(ctx context.Context, actor Actor, id ID, agency string) (*Account, error) {
	if actor.Role != System {
		return nil, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return s.Store.Update(ctx, id, func(a *Account) error {
		switch {
		case a.Role != Agency || a.Agency != "" && a.Agency != agency:
			return fault.New(fault.Conflict, "account.agency.taken")
		case a.Agency != agency:
			a.Agency = agency
			a.Record(actor, s.Now(), "agency.members", "", "agency")
		}
		return nil
	})
}

// Tell leaves a notice for the owner of an account about what was done in his
// name elsewhere; the room that did it decides, so the actor is the system.
func (s *Service) Tell(ctx context.Context, actor Actor, id ID, template string, args map[string]string) error {
	if actor.Role != System {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	_, err := s.Store.Update(ctx, id, func(a *Account) error {
		a.Record(actor, s.Now(), template, "", "outbox")
		a.Tell(s.Now(), template, args)
		return nil
	})
	return err
}

// List gives a page of accounts to an administrator; whatever scope the query
// brings, the actor's own decides. Since it shows how people are reached, it is
// recorded first.
func (s *Service) List(ctx context.Context, actor Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("user.manage"); err != nil {
		return listing.Result[Card]{}, err
	}
	q.Scope = Visible(actor)
	found := s.Reader.Accounts(q)
	return found, s.recordReading(ctx, actor, "user.list", "account", len(found.Items))
}

// recordReading remembers that somebody reads others' contact data; an error
// means that nothing may be shown.
func (s *Service) recordReading(ctx context.Context, actor Actor, action, subject string, count int) error {
	if s.Recorder == nil {
		return nil
	}
	return s.Recorder.Record(ctx, audit.Entry{
		Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action, Subject: subject, Count: int64(count),
	})
}

// Visible gives the accounts an actor may list: all for administrators and
// the system, one's own for everybody else, none without an account.
func Visible(actor Actor) Scope {
	switch {
	case actor.Role == Admin || actor.Role == System:
		return Scope{All: true}
	case actor.SignedIn():
		return Scope{Account: actor.Account}
	}
	return Scope{}
}

// Get reads one account for an administrator, and records it first.
func (s *Service) Get(ctx context.Context, actor Actor, id ID) (*Account, error) {
	if err := actor.Require("user.manage"); err != nil {
		return nil, err
	}
	a, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return a, s.recordReading(ctx, actor, "user.read", string(id), 1)
}

// Me reads the actor's own account.
func (s *Service) Me(ctx context.Context, actor Actor) (*Account, error) {
	if err := actor.Require("me.read"); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, actor.Account)
}

// ActAs gives the actor for a command run on the server in the name of an
// account (--as EMAIL). Forbidden code "account.as" when there is no such
// account or it is disabled.
func (s *Service) ActAs(ctx context.Context, email string) (Actor, error) {
	email, err := ParseEmail(email)
	if err != nil {
		return Actor{}, err
	}
	a, err := s.Store.ByLogin(ctx, Identifier{Kind: ByEmail, Value: email})
	switch {
	case err == nil && a.State == Active:
		return a.Actor(), nil
	case err == nil || fault.Is(err, fault.NotFound):
		return Actor{}, fault.New(fault.Forbidden, "account.as")
	}
	return Actor{}, err
}

// mayManage asks the permission first, and keeps administrators' hands off
// their own accounts.
func (s *Service) mayManage(actor Actor, id ID) error {
	if err := actor.Require("user.manage"); err != nil {
		return err
	}
	if actor.Account == id {
		return fault.New(fault.Forbidden, "account.own")
	}
	if card, found := s.Reader.AccountCard(id); found && card.State == Erased {
		return fault.New(fault.NotFound, "account.not_found")
	}
	return nil
}

// keepsAdmin refuses to take away the last administrator who can sign in.
func (s *Service) keepsAdmin(id ID) error {
	card, found := s.Reader.AccountCard(id)
	if found && card.Role == Admin && card.CanSignIn(s.Now()) && s.usableAdmins(id) == 0 {
		return fault.New(fault.Conflict, "account.admin.last")
	}
	return nil
}
