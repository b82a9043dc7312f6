package app

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// The ports of a placement's way, each with its writes counted by a killer.
type (
	dyingApplicationStore struct {
		application.Store
		*killer
	}
	dyingPlaces struct {
		application.Places
		*killer
	}
	dyingPlacementStore struct {
		placement.Store
		*killer
	}
	dyingCodes struct {
		placement.Codes
		*killer
	}
	dyingBlobs struct {
		placement.Blobs
		*killer
	}
)

func (d dyingApplicationStore) Insert(ctx context.Context, a *application.Application) error {
	return d.write(func() error { return d.Store.Insert(ctx, a) })
}

func (d dyingApplicationStore) Update(ctx context.Context, id application.ID, change func(*application.Application) error) (a *application.Application, err error) {
	looked := false // an update that only looks writes nothing
	err = d.write(func() error {
		a, err = d.Store.Update(ctx, id, func(a *application.Application) error {
			before := a.Rev
			err := change(a)
			looked = err != nil && a.Rev == before
			return err
		})
		return err
	})
	if looked {
		d.n--
	}
	return a, err
}

func (d dyingPlaces) TakePlace(ctx context.Context, id offer.ID, holder string) error {
	return d.write(func() error { return d.Places.TakePlace(ctx, id, holder) })
}

func (d dyingPlaces) FreePlace(ctx context.Context, id offer.ID, holder string) error {
	return d.write(func() error { return d.Places.FreePlace(ctx, id, holder) })
}

func (d dyingPlacementStore) Insert(ctx context.Context, p *placement.Placement) error {
	return d.write(func() error { return d.Store.Insert(ctx, p) })
}

func (d dyingPlacementStore) Update(ctx context.Context, id placement.ID, change func(*placement.Placement) error) (p *placement.Placement, err error) {
	err = d.write(func() error {
		p, err = d.Store.Update(ctx, id, change)
		return err
	})
	return p, err
}

func (d dyingCodes) Send(ctx context.Context, person account.ID, matter string) error {
	return d.write(func() error { return d.Codes.Send(ctx, person, matter) })
}

func (d dyingCodes) Spend(ctx context.Context, person account.ID, matter, code string) error {
	return d.write(func() error { return d.Codes.Spend(ctx, person, matter, code) })
}

func (d dyingBlobs) Put(ctx context.Context, key string, content []byte) error {
	return d.write(func() error { return d.Blobs.Put(ctx, key, content) })
}

// dieAt has the services of applications and placements die with the killer.
func (a *App) dieAt(k *killer) {
	s := &a.services
	s.applications.Store = dyingApplicationStore{s.applications.Store, k}
	s.applications.Places = dyingPlaces{s.applications.Places, k}
	s.placements.Store = dyingPlacementStore{s.placements.Store, k}
	s.placements.Codes, s.placements.Blobs = dyingCodes{s.placements.Codes, k}, dyingBlobs{s.placements.Blobs, k}
}
