package auth

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
)

// AgencyKeys finds agencies' API keys and notes that they are used.
type AgencyKeys interface {
	// AgencyKey finds a key, good or not, by its prefix.
	AgencyKey(prefix string) (agency.ID, agency.Key, bool)
	// AgencyCard finds an agency, whatever its state.
	AgencyCard(id agency.ID) (agency.Card, bool)
	// UseKey notes the moment of a use.
	UseKey(ctx context.Context, id agency.ID, key agency.KeyID, at time.Time) error
}

// authenticateKey gives the actor of an API key: the member who made it,
// within the key's scopes. The key ends with that member's account, his
// membership, or the agency. Every refusal is alike.
func (s *Service) authenticateKey(ctx context.Context, sent string) (account.Actor, error) {
	refused := refuse("key", nil)
	prefix, secret, ok := agency.ParseKey(sent)
	if !ok || s.Agencies == nil {
		return account.Actor{}, refused
	}
	id, key, known := s.Agencies.AgencyKey(prefix)
	now := s.Now()
	if !known || !key.Opens(secret, now) {
		return account.Actor{}, refused
	}
	held, _ := s.Agencies.AgencyCard(id)
	maker, _ := s.Lookup.AccountCard(key.By)
	if !held.State.Registered() && held.State != agency.Vetted && held.State != agency.Applied ||
		maker.State != account.Active || maker.Role != account.Agency || maker.Agency != string(id) {
		return account.Actor{}, refused
	}
	if key.NoteUse(now) {
		if err := s.Agencies.UseKey(ctx, id, key.ID, now); err != nil {
			return account.Actor{}, err
		}
	}
	actor := maker.Actor("")
	actor.Key, actor.Scopes = string(key.ID), account.JoinScopes(key.Scopes)
	return actor, nil
}
