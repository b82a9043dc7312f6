package app

import (
	"context"

	"passerelle/internal/auth"
	"passerelle/internal/domain/agency"
	"passerelle/internal/index"
)

// agencyKeys finds agencies' API keys in memory and notes their use.
type agencyKeys struct {
	*index.Index
	*agency.Service
}

// Key is what an operator may know of a key.
type Key = auth.KeyInfo

// Keys lists the keys, in the name of an administrator.
func (a *App) Keys(ctx context.Context, as string) ([]Key, error) {
	actor, err := a.actAs(ctx, as)
	if err != nil {
		return nil, err
	}
	return a.services.keys.List(ctx, actor)
}

// RotateKey makes a new key of a purpose, and gives its id.
func (a *App) RotateKey(ctx context.Context, as, purpose string) (kid string, err error) {
	actor, err := a.actAs(ctx, as)
	if err != nil {
		return "", err
	}
	return a.services.keys.Rotate(ctx, actor, auth.Purpose(purpose))
}
