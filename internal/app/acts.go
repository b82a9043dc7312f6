package app

import (
	"context"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/suspension"
)

// acts carries a changed agency, employer or corridor on. The rooms of all
// three are made before the service that does it, which needs what they need.
type acts struct {
	suspensions *suspension.Service // set once it is made
}

// buildActs makes the service that carries suspensions and reopenings.
func (a *App) buildActs() {
	s, sv := a.stores, &a.services
	sv.suspensions = suspension.NewService(suspension.Deps{
		Store: s.suspensions, Reader: a.index, Agencies: s.agencies, Employers: s.employers, Offers: sv.offers,
		Files: sv.placements, Messages: s.out.messages, Log: a.options.Log, Now: a.clock.Now,
	})
	a.acts = acts{sv.suspensions}
}

// AgencyChanged implements agency.Consequences.
func (c *acts) AgencyChanged(ctx context.Context, id agency.ID, active bool) error {
	return c.suspensions.AgencyChanged(ctx, id, active)
}

// EmployerChanged implements employer.Consequences.
func (c *acts) EmployerChanged(ctx context.Context, id employer.ID, accredited bool) error {
	return c.suspensions.EmployerChanged(ctx, id, accredited)
}

// CorridorChanged implements corridor.Consequences.
func (c *acts) CorridorChanged(ctx context.Context, code corridor.Code) error {
	return c.suspensions.CorridorChanged(ctx, code)
}
