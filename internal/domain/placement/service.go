package placement

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// Offers reads offers as they are stored.
type Offers interface {
	Get(ctx context.Context, id offer.ID) (*offer.Offer, error)
}

// Applications is what a placement asks of the application it came from.
type Applications interface {
	// Get reads one application as stored.
	Get(ctx context.Context, id application.ID) (*application.Application, error)
	// Release closes a selected application whose placement was cancelled, and
	// frees its place. It may be repeated.
	Release(ctx context.Context, id application.ID) error
}

// Directory is what the read model knows of the other sides.
type Directory interface {
	Reader
	Corridor(code corridor.Code) (*corridor.Corridor, bool)
	AgencyCard(id agency.ID) (agency.Card, bool)
	EmployerCard(id employer.ID) (employer.Card, bool)
	ProfileCard(id profile.ID) (profile.Card, bool)
	Accounts(q account.Query) listing.Result[account.Card]
}

// People reads what a clearance says of the person.
type People interface {
	Get(ctx context.Context, id profile.ID) (*profile.Profile, error)
}

// Codes are the one-time codes a person accepts with. Matter names what is
// accepted, so that a code for one contract is good for no other.
type Codes interface {
	Send(ctx context.Context, person account.ID, matter string) error
	// Spend uses the code up; Invalid code "auth.code.wrong" for a wrong, used
	// or old one.
	Spend(ctx context.Context, person account.ID, matter, code string) error
}

// Blobs keeps the encrypted contents of documents under chosen keys.
type Blobs interface {
	Put(ctx context.Context, key string, content []byte) error
	// Open gives the content; NotFound when there is none.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	Remove(ctx context.Context, key string) error
}

// Incidents opens a case about what a check-in told. It may be repeated.
type Incidents interface {
	FromCheckIn(ctx context.Context, p *Placement, alert Alert) error
}

// Deps are what a Service is made of.
type Deps struct {
	Store        Store
	Model        Directory
	Offers       Offers
	Applications Applications
	People       People
	Codes        Codes
	Blobs        Blobs
	Incidents    Incidents // set after the incident service is made; nil = the job opens cases later
	Calendar     Calendar
	CoolingOff   time.Duration // between seeing a contract and accepting it
	Log          *slog.Logger  // takes what failed after a change was stored
	Now          func() time.Time
	NewID        func(prefix string) string
}

// Service is what people do with placements. What it gives out is cut to what
// the actor may know.
type Service struct {
	Deps
	pictures sync.Mutex // held while an uploaded picture is unpacked
}

// NewService makes the service. Without a cooling-off period the default one
// holds.
func NewService(deps Deps) *Service {
	if deps.CoolingOff <= 0 {
		deps.CoolingOff = DefaultCoolingOff
	}
	return &Service{Deps: deps}
}

// Scope gives the placements an actor may see: one's own, those of one's
// agency, or for officials all.
func Scope(actor account.Actor) account.Scope { return application.Scope(actor) }

// List gives a page of the placements the actor may see; whatever scope the
// query brings, the actor's own decides.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("placement.read"); err != nil {
		return listing.Result[Card]{}, err
	}
	if q.Scope = Scope(actor); !q.Scope.Sees() {
		return listing.Result[Card]{}, nil
	}
	if !q.askable(actor) {
		return listing.Result[Card]{}, nil
	}
	page := s.Model.SearchPlacements(q)
	for i := range page.Items {
		cutCard(&page.Items[i], actor)
	}
	return page, nil
}

// Get reads one placement; NotFound when it is not the actor's.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.read"); err != nil {
		return nil, err
	}
	p, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, notFound(err)
	}
	if !p.concerns(actor) {
		return nil, absent()
	}
	return p.shownTo(actor), nil
}

// concerns reports whether the placement is the actor's to see.
func (p *Placement) concerns(actor account.Actor) bool {
	scope := Scope(actor)
	return scope.All || scope.Account != "" && scope.Account == p.Candidate || scope.Agency != "" && scope.Agency == p.Agency
}

// act says who changes a file, and when.
type act struct {
	actor account.Actor
	now   time.Time
}

// change runs one change of a file under its lock: the actor must be concerned,
// do says what happens. Every service method that writes goes through it.
func (s *Service) change(ctx context.Context, actor account.Actor, id ID, do func(p *Placement, by act) error) (*Placement, error) {
	by := act{actor, account.Moment(s.Now())}
	p, err := s.Store.Update(ctx, id, func(p *Placement) error {
		if !p.concerns(actor) {
			return absent()
		}
		if err := do(p, by); err != nil {
			return err
		}
		return p.advance(by)
	})
	if err != nil {
		return nil, notFound(err)
	}
	return p.shownTo(actor), nil
}

// move takes one step of the transition table. Holds stop forward steps:
// Conflict code "placement.held". A claim ends with the step it was made at, so
// that whoever had the file before does not seem to have it when it comes back.
func (p *Placement) move(by act, action, reason, note string) error {
	next, err := Transitions().Next(action, p.State, by.actor.Role)
	if err != nil {
		return err
	}
	if p.Held() && forward(action) {
		return fault.New(fault.Conflict, "placement.held")
	}
	p.State, p.Since, p.Claim = next, by.now, Claim{}
	p.note(by, action, reason, note)
	return nil
}

// note adds what happened to the history and to the audit log, and counts the
// revision. Fields names what changed beside the state.
func (p *Placement) note(by act, action, reason, note string, fields ...string) {
	p.History = append(p.History, Event{Action: action, State: p.State, At: by.now, By: by.actor.Account, Role: by.actor.Role, Reason: reason, Note: note})
	p.record(by, action, reason, fields...)
}

// record adds what happened to the audit log alone, and counts the revision.
func (p *Placement) record(by act, action, reason string, fields ...string) {
	p.Rev++
	p.UpdatedAt = by.now
	p.Pending.Add(audit.Entry{At: by.now, Actor: string(by.actor.Account), Role: string(by.actor.Role), Origin: by.actor.Origin,
		Action: "placement." + action, Subject: string(p.ID), Rev: p.Rev, Reason: reason, Fields: fields})
}

func forward(action string) bool {
	for _, f := range Forward() {
		if f == action {
			return true
		}
	}
	return false
}

func absent() error { return fault.New(fault.NotFound, "placement.not_found") }

// notFound gives an absent file the one code by which it is known; what is
// absent within a file has its own.
func notFound(err error) error {
	if fault.Is(err, fault.NotFound) && !strings.HasPrefix(fault.Of(err).Code, "placement.") {
		return absent()
	}
	return err
}
