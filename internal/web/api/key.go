package api

import (
	"context"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/listing"
)

// RegisterKeys adds what administrators do with the service's keys.
func RegisterKeys(a *API, service auth.KeyService) {
	h := &keyOperations{service}
	Register(a, Op[struct{}, List[keyJSON]]{
		Method: "GET", Path: "/keys", ID: "listKeys", Summary: "List the service's keys, never their secrets",
		Permission: "key.manage", Handle: h.list,
	})
	Register(a, Op[rotateKey, rotatedKey]{
		Method: "POST", Path: "/keys/{purpose}/rotations", ID: "rotateKey", Summary: "Make a new key of a purpose",
		Description: "The old key signs no more. What it signed or sealed stays good: tokens until they run out, seals and sealed fields always.",
		Permission:  "key.manage", Status: 201, Handle: h.rotate,
	})
}

type keyOperations struct{ service auth.KeyService }

type keyJSON struct {
	KID       string    `json:"kid" example:"login-2"`
	Purpose   string    `json:"purpose" example:"login"`
	State     string    `json:"state" doc:"active, retiring or retired"`
	CreatedAt time.Time `json:"createdAt"`
	NotAfter  time.Time `json:"notAfter,omitzero" doc:"what it signed is good until then; left out = always"`
	Signs     bool      `json:"signs" doc:"a signing key, published in the key set"`
}

func (h *keyOperations) list(ctx context.Context, c *Call, _ *struct{}) (List[keyJSON], error) {
	keys, err := h.service.List(ctx, c.Actor)
	if err != nil {
		return List[keyJSON]{}, err
	}
	return NewList(c, listing.Result[auth.KeyInfo]{Items: keys, Total: len(keys)}, func(k auth.KeyInfo) keyJSON {
		return keyJSON{KID: k.KID, Purpose: string(k.Purpose), State: k.State, CreatedAt: k.CreatedAt, NotAfter: k.NotAfter, Signs: k.Signs}
	}), nil
}

type rotateKey struct {
	Purpose string `path:"purpose" validate:"max=20"`
}

type rotatedKey struct {
	KID string `json:"kid" example:"login-3"`
}

func (h *keyOperations) rotate(ctx context.Context, c *Call, in *rotateKey) (rotatedKey, error) {
	kid, err := h.service.Rotate(ctx, c.Actor, auth.Purpose(in.Purpose))
	return rotatedKey{KID: kid}, err
}
