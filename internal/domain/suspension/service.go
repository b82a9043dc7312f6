package suspension

import (
	"context"
	"log/slog"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// Reader answers from the read model; what it gives is not to be changed.
type Reader interface {
	// Acts lists every act, the oldest first.
	Acts() []*Act
	Act(id ID) (*Act, bool)
	// EachFile shows every offer in force, every live application and every
	// placement that has not ended, in no particular order, until see says no.
	EachFile(see func(*File) bool)
	Corridor(code corridor.Code) (*corridor.Corridor, bool)
	Corridors() []*corridor.Corridor
	AgencyCard(id agency.ID) (agency.Card, bool)
	// AgenciesSuspended lists the agencies that are suspended.
	AgenciesSuspended() []agency.ID
	EmployerCard(id employer.ID) (employer.Card, bool)
	// EmployersBarred lists the employers that are barred.
	EmployersBarred() []employer.ID
	AccountCard(id account.ID) (account.Card, bool)
}

// Agencies reads an agency's decisions.
type Agencies interface {
	Get(ctx context.Context, id agency.ID) (*agency.Agency, error)
}

// Employers reads an employer's decisions.
type Employers interface {
	Get(ctx context.Context, id employer.ID) (*employer.Employer, error)
}

// Offers carries standings on to offers.
type Offers interface {
	AgencyChanged(ctx context.Context, id agency.ID, active bool) error
	EmployerChanged(ctx context.Context, id employer.ID, accredited bool) error
	CorridorChanged(ctx context.Context, code corridor.Code) error
	// Reconsider compares one offer with its agency, employer and corridor.
	Reconsider(ctx context.Context, id offer.ID) error
}

// Files puts holds on placements and lifts them; both may be repeated.
type Files interface {
	Hold(ctx context.Context, actor account.Actor, id placement.ID, kind placement.HoldKind, source, reason string) (*placement.Placement, error)
	ReleaseHold(ctx context.Context, actor account.Actor, id placement.ID, kind placement.HoldKind, source, reason string) (*placement.Placement, error)
}

// Messages takes messages; those whose id is there already are left alone.
type Messages interface {
	InsertMany(ctx context.Context, messages []*message.Message) (existing []message.ID, err error)
}

// Deps are the ports a Service is made of.
type Deps struct {
	Store     Store
	Reader    Reader
	Agencies  Agencies
	Employers Employers
	Offers    Offers
	Files     Files
	Messages  Messages
	Log       *slog.Logger // takes what failed after a change was stored
	Now       func() time.Time
}

// Service carries acts on, and tells what they touch.
type Service struct {
	Deps
	wake chan struct{}
}

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps, wake: make(chan struct{}, 1)} }

// Wake tells when an act is to be carried at once.
func (s *Service) Wake() <-chan struct{} { return s.wake }

func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default: // it rings already
	}
}

// List gives the acts about a target, the oldest first; officials only.
func (s *Service) List(_ context.Context, actor account.Actor, t Target) ([]*Act, error) {
	if err := t.require(actor); err != nil {
		return nil, err
	}
	var found []*Act
	for _, a := range s.Reader.Acts() {
		if a.Scope.Target == t {
			found = append(found, a)
		}
	}
	return found, nil
}
