package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// RegisterAgencyKeys adds the operations on agencies' API keys.
func RegisterAgencyKeys(a *API, service *agency.Service) {
	h := &agencyKeyOperations{service}
	Register(a, Op[agencyID, List[agencyKeyJSON]]{
		Method: "GET", Path: "/agencies/{id}/keys", ID: "listAgencyKeys", Summary: "List an agency's API keys, never their secrets",
		Description: "For the agency's owner and for administrators. Keys that ended are listed for 90 days.",
		Permission:  "agency.keys", Handle: h.list,
	})
	Register(a, Op[createAgencyKey, newAgencyKey]{
		Method: "POST", Path: "/agencies/{id}/keys", ID: "createAgencyKey", Summary: "Make an API key; its secret is in this answer alone",
		Description: "The key is sent as a bearer token. It acts in the name of the owner, within its scopes, and ends with its last day, the owner's account or the agency.",
		Permission:  "agency.keys", Status: 201, Unstored: true, Handle: h.create,
	})
	Register(a, Op[agencyKeyID, newAgencyKey]{
		Method: "POST", Path: "/agencies/{id}/keys/{key}/rotations", ID: "rotateAgencyKey", Summary: "Give an API key a new secret",
		Description: "The secret before stays good for 24 hours.",
		Permission:  "agency.keys", Status: 201, Unstored: true, Handle: h.rotate,
	})
	Register(a, Op[agencyKeyID, agencyKeyJSON]{
		Method: "POST", Path: "/agencies/{id}/keys/{key}/revocations", ID: "revokeAgencyKey", Summary: "End an API key at once",
		Permission: "agency.keys", Handle: h.revoke,
	})
}

type agencyKeyOperations struct{ service *agency.Service }

type agencyID struct {
	ID string `path:"id" validate:"id=agy"`
}

type agencyKeyID struct {
	ID  string `path:"id" validate:"id=agy"`
	Key string `path:"key" validate:"id=key"`
}

type createAgencyKey struct {
	ID   string `path:"id" validate:"id=agy"`
	Body struct {
		Name    string   `json:"name" validate:"required,max=60,name" example:"Logiciel de paie"`
		Scopes  []string `json:"scopes" validate:"required,min=1,max=5,dive,oneof=offers.read offers.write imports.write applications.read placements.read"`
		Expires string   `json:"expires" validate:"required,date" doc:"last day; at most 366 days ahead" example:"2027-06-30"`
	}
}

// agencyKeyJSON is a key as it is listed.
type agencyKeyJSON struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Prefix    string    `json:"prefix" doc:"what the key begins with" example:"pas_7zq4m2x9ka"`
	Scopes    []string  `json:"scopes"`
	Live      bool      `json:"live"`
	CreatedAt time.Time `json:"createdAt"`
	Expires   string    `json:"expires" doc:"last day"`
	RotatedAt time.Time `json:"rotatedAt,omitzero"`
	UsedAt    time.Time `json:"usedAt,omitzero" doc:"to the hour; left out = never"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
}

// newAgencyKey is a key with its secret.
type newAgencyKey struct {
	Key    agencyKeyJSON `json:"key"`
	Secret string        `json:"secret" doc:"the whole key, shown this once"`
}

func (h *agencyKeyOperations) show(k agency.Key) agencyKeyJSON {
	return agencyKeyJSON{
		ID: string(k.ID), Name: k.Name, Prefix: k.Prefix, Scopes: textsOf(k.Scopes), Live: h.service.KeyLive(k), CreatedAt: k.CreatedAt,
		Expires: string(k.Expires), RotatedAt: k.RotatedAt, UsedAt: k.UsedAt, RevokedAt: k.RevokedAt,
	}
}

func (h *agencyKeyOperations) list(ctx context.Context, c *Call, in *agencyID) (List[agencyKeyJSON], error) {
	keys, err := h.service.Keys(ctx, c.Actor, agency.ID(in.ID))
	if err != nil {
		return List[agencyKeyJSON]{}, err
	}
	return NewList(c, listing.Result[agency.Key]{Items: keys, Total: len(keys)}, h.show), nil
}

func (h *agencyKeyOperations) create(ctx context.Context, c *Call, in *createAgencyKey) (newAgencyKey, error) {
	spec := agency.KeySpec{Name: in.Body.Name, Expires: ref.Date(in.Body.Expires)}
	for _, s := range in.Body.Scopes {
		spec.Scopes = append(spec.Scopes, account.KeyScope(s))
	}
	k, secret, err := h.service.CreateKey(ctx, c.Actor, agency.ID(in.ID), spec)
	if err != nil {
		return newAgencyKey{}, err
	}
	return newAgencyKey{h.show(k), secret}, nil
}

func (h *agencyKeyOperations) rotate(ctx context.Context, c *Call, in *agencyKeyID) (newAgencyKey, error) {
	k, secret, err := h.service.RotateKey(ctx, c.Actor, agency.ID(in.ID), agency.KeyID(in.Key))
	if err != nil {
		return newAgencyKey{}, err
	}
	return newAgencyKey{h.show(k), secret}, nil
}

func (h *agencyKeyOperations) revoke(ctx context.Context, c *Call, in *agencyKeyID) (agencyKeyJSON, error) {
	k, err := h.service.RevokeKey(ctx, c.Actor, agency.ID(in.ID), agency.KeyID(in.Key))
	if err != nil {
		return agencyKeyJSON{}, err
	}
	return h.show(k), nil
}
