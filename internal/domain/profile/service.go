package profile

import (
	"context"
	"errors"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// DisclosureFor is how long an official sees an identity after a disclosure.
const DisclosureFor = 30 * time.Minute

// Claims makes things unique: a value belongs to one owner for ever.
type Claims interface {
	// Claim takes the value for the owner; Conflict when another has it.
	Claim(ctx context.Context, value, owner string) error
	// Owner tells whose the value is; NotFound when nobody has it.
	Owner(ctx context.Context, value string) (string, error)
}

// Agencies is what this room asks of the register of agencies.
type Agencies interface {
	AgencyCard(id agency.ID) (agency.Card, bool)
}

// Deps are what a Service is made of.
type Deps struct {
	Store    Store
	Reader   Reader
	Claims   Claims
	Agencies Agencies
	Phone    func(string) (string, error) // E.164 form of a phone number, or Invalid
	Quotas   *account.Quotas              // bounds the reading of others' profiles by account and day; nil = none
	// Blind gives a keyed digest of a text, always the same one, which nobody
	// without the key can try keys of files against; nil = digests are plain.
	Blind func(ctx context.Context, text string) (string, error)
	Now   func() time.Time
	NewID func(prefix string) string
}

// Service is what people do with profiles. It never hands out a profile, only
// the view that the reader may have.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{deps} }

// Input is a new profile: what is stated, and what is agreed to.
type Input struct {
	Facts   Facts
	Choices []Choice
	Channel string // through which the consents came; ChannelAgent when collected
}

// Create opens the candidate's own profile, or, for an official who collects,
// another person's, with at least one consent the person gave. Conflict code
// "profile.exists" when the candidate has one already; Forbidden code
// "profile.collector" for an official who does not collect.
func (s *Service) Create(ctx context.Context, actor account.Actor, in Input) (View, error) {
	if err := actor.Require("profile.create"); err != nil {
		return View{}, err
	}
	if err := s.mayCreate(actor, in); err != nil {
		return View{}, err
	}
	if err := s.accept(&in.Facts); err != nil {
		return View{}, err
	}
	if err := checkChoices("/consents", in.Choices); err != nil {
		return View{}, err
	}
	id, err := s.chooseID(ctx, actor)
	if err != nil {
		return View{}, err
	}
	p := s.newProfile(actor, id, in)
	if err := s.Store.Insert(ctx, p); err != nil {
		return View{}, existsAlready(err)
	}
	return s.viewOf(p, actor), nil
}

func (s *Service) mayCreate(actor account.Actor, in Input) error {
	switch {
	case actor.Role != account.Official:
		return nil
	case !actor.Collector:
		return fault.New(fault.Forbidden, "profile.collector")
	case !anyGiven(in.Choices):
		return fault.New(fault.Invalid, "profile.invalid", fault.Field{Pointer: "/consents", Code: "profile.consent.required"})
	}
	return nil
}

// chooseID gives the new profile's id. A candidate's account is bound to one
// id for ever, so that of many attempts one inserts and the others meet its
// record, also after a crash in between. What an official collects takes its
// id from the request's idempotency key, where there is one.
func (s *Service) chooseID(ctx context.Context, actor account.Actor) (ID, error) {
	if actor.Role == account.Candidate {
		return s.claimID(ctx, "profile:"+string(actor.Account))
	}
	if key, ok := idempotency.From(ctx); ok {
		return ID("pro_" + key.ID()[len("idm_"):]), nil
	}
	return ID(s.NewID("pro_")), nil
}

// claimID claims a new id under the value, or gives the one claimed before.
func (s *Service) claimID(ctx context.Context, value string) (ID, error) {
	id := s.NewID("pro_")
	err := s.Claims.Claim(ctx, value, id)
	if fault.Is(err, fault.Conflict) {
		id, err = s.Claims.Owner(ctx, value)
	}
	return ID(id), err
}

func (s *Service) newProfile(actor account.Actor, id ID, in Input) *Profile {
	now := account.Moment(s.Now())
	p := &Profile{ID: id, Facts: in.Facts, CreatedAt: now}
	if actor.Role == account.Candidate {
		p.Owner = actor.Account
	} else {
		p.CollectedBy = actor.Account
		if in.Channel != ChannelImport {
			in.Channel = ChannelAgent
		}
	}
	p.decide(in.Choices, actor.Account, in.Channel, now)
	p.recordEdit(actor, now, "profile.create")
	return p
}

// Mine gives the actor's own profile; NotFound before there is one.
func (s *Service) Mine(ctx context.Context, actor account.Actor) (View, error) {
	if err := actor.Require("profile.mine"); err != nil {
		return View{}, err
	}
	p, err := s.own(ctx, actor)
	if err != nil {
		return View{}, err
	}
	return s.viewOf(p, actor), nil
}

// PutMine replaces what the actor's own profile states. Stale when somebody
// changed facts or consents after revision rev.
func (s *Service) PutMine(ctx context.Context, actor account.Actor, rev int64, facts Facts) (View, error) {
	if err := actor.Require("profile.mine"); err != nil {
		return View{}, err
	}
	return s.changeMine(ctx, actor, rev, func(p *Profile, now time.Time) error {
		if err := s.accept(&facts); err != nil {
			return err
		}
		if fields := changedFacts(&p.Facts, &facts); len(fields) > 0 {
			p.Facts = facts
			p.recordEdit(actor, now, "profile.update", fields...)
		}
		return nil
	})
}

// Consents gives the ledger of the actor's own decisions, oldest first, with
// the profile's revision.
func (s *Service) Consents(ctx context.Context, actor account.Actor) ([]Consent, int64, error) {
	v, err := s.Mine(ctx, actor)
	return v.Consents, v.Rev, err
}

// PutConsents adds the actor's decisions to the ledger; purposes that are not
// named stay as they are. Stale as for PutMine.
func (s *Service) PutConsents(ctx context.Context, actor account.Actor, rev int64, channel string, choices []Choice) (View, error) {
	if err := actor.Require("profile.mine"); err != nil {
		return View{}, err
	}
	if err := checkChoices("/consents", choices); err != nil {
		return View{}, err
	}
	return s.changeMine(ctx, actor, rev, func(p *Profile, now time.Time) error {
		if fields := p.decide(choices, actor.Account, channel, now); len(fields) > 0 {
			p.recordEdit(actor, now, "profile.consent", fields...)
		}
		return nil
	})
}

// Accesses lists who read the actor's identity, newest first. The position of
// a page is the number of readings before it, counted from the oldest, so
// that new ones do not move it.
func (s *Service) Accesses(ctx context.Context, actor account.Actor, page listing.Page) (listing.Result[Access], error) {
	v, err := s.Mine(ctx, actor)
	if err != nil {
		return listing.Result[Access]{}, err
	}
	left := len(v.Accesses)
	if page.After != "" {
		if left, err = strconv.Atoi(page.After); err != nil || left < 0 || left > len(v.Accesses) {
			return listing.Result[Access]{}, fault.New(fault.Syntax, "cursor")
		}
	}
	rest := v.Accesses[len(v.Accesses)-left:]
	shown := rest[:min(page.Size(), len(rest))]
	result := listing.Result[Access]{Items: shown, Total: len(v.Accesses)}
	if left > len(shown) {
		result.Next = strconv.Itoa(left - len(shown))
	}
	return result, nil
}

// changeMine applies a change to the actor's own profile at a revision.
func (s *Service) changeMine(ctx context.Context, actor account.Actor, rev int64, change func(*Profile, time.Time) error) (View, error) {
	p, err := s.own(ctx, actor)
	if err != nil {
		return View{}, err
	}
	p, err = s.Store.Update(ctx, p.ID, func(p *Profile) error {
		switch {
		case p.Owner != actor.Account: // erased since
			return absent()
		case rev < p.EditRev || rev > p.Rev:
			return fault.New(fault.Stale, "stale")
		}
		return change(p, account.Moment(s.Now()))
	})
	if err != nil {
		return View{}, notFound(err)
	}
	return s.viewOf(p, actor), nil
}

// own reads the profile the actor owns.
func (s *Service) own(ctx context.Context, actor account.Actor) (*Profile, error) {
	id, found := s.Reader.ProfileOf(actor.Account)
	if !found {
		return nil, absent()
	}
	p, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, notFound(err)
	}
	if p.Owner != actor.Account {
		return nil, absent()
	}
	return p, nil
}

// accept makes typed facts storable; see Facts.Accept.
func (s *Service) accept(f *Facts) error {
	if phone := text.CleanName(f.Identity.Phone); phone != "" {
		if e164, err := s.Phone(phone); err == nil {
			phone = e164
		}
		f.Identity.Phone = phone
	}
	return f.Accept(s.today())
}

func (s *Service) today() ref.Date { return ref.DateOf(s.Now()) }

// viewOf gives the actor's view of a profile that needs no reading noted.
func (s *Service) viewOf(p *Profile, actor account.Actor) View {
	return ViewFor(p, relationOf(p, actor, false, s.Now()), s.today())
}

func absent() error { return fault.New(fault.NotFound, "profile.not_found") }

// notFound gives every absent record the one code by which it is known.
func notFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return absent()
	}
	return err
}

func existsAlready(err error) error {
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "profile.exists").Because(err)
	}
	return err
}

// errUnchanged ends an update that has nothing to write.
var errUnchanged = errors.New("nothing to change")
