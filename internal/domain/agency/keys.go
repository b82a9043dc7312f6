package agency

import (
	"context"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Keys lists an agency's keys, the latest first, for its owner and for
// administrators; any other agency's caller finds nothing.
func (s *Service) Keys(ctx context.Context, actor account.Actor, id ID) ([]Key, error) {
	a, err := s.keyholder(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return a.listed(s.Now()), nil
}

// KeyLive reports whether a key is good now.
func (s *Service) KeyLive(k Key) bool { return k.Live(s.Now()) }

// keyholder reads the agency whose keys the actor may see: its founder, who
// answers for it, and administrators. Another member is told so.
func (s *Service) keyholder(ctx context.Context, actor account.Actor, id ID) (*Agency, error) {
	if err := actor.Require("agency.keys"); err != nil {
		return nil, err
	}
	if actor.Role == account.Admin {
		return s.Store.Get(ctx, id)
	}
	a, err := s.own(ctx, actor, id)
	if err == nil && a.CreatedBy != actor.Account {
		err = fault.New(fault.Forbidden, "agency.key.owner")
	}
	return a, err
}

// CreateKey makes a key and gives it with its secret, which cannot be had
// again. Only the agency's owner makes keys, and not more than MaxKeys that
// are good at one time.
func (s *Service) CreateKey(ctx context.Context, actor account.Actor, id ID, spec KeySpec) (Key, string, error) {
	if _, err := s.keyholder(ctx, actor, id); err != nil {
		return Key{}, "", err
	}
	if actor.Role != account.Agency {
		return Key{}, "", fault.New(fault.Forbidden, "agency.key.owner")
	}
	now := account.Moment(s.Now())
	spec.Name = text.CleanName(spec.Name)
	if err := spec.check(ref.DateOf(now)); err != nil {
		return Key{}, "", err
	}
	made := Key{ID: KeyID(s.NewID("key_")), Name: spec.Name, Scopes: spec.Scopes, By: actor.Account, CreatedAt: now, Expires: spec.Expires}
	made.Prefix = KeyMark + lastOf(string(made.ID), 10)
	secret := strings.ToLower(s.Secret())
	made.Hash = hashOf(secret)
	err := s.changeKeys(ctx, actor, id, now, "agency.key.create", func(a *Agency) error {
		switch {
		case a.State == Withdrawn:
			return fault.New(fault.Conflict, "agency.withdrawn")
		case a.liveKeys(now) >= MaxKeys:
			return fault.New(fault.Conflict, "agency.key.many")
		}
		a.Keys = append(a.Keys, made)
		return nil
	})
	if err != nil {
		return Key{}, "", err
	}
	s.tell(ctx, actor.Account, "agency.key.created", made)
	return made, made.Prefix + "_" + secret, nil
}

// RotateKey gives a key a new secret. The one before stays good for
// KeyOverlap, so that no program need stop.
func (s *Service) RotateKey(ctx context.Context, actor account.Actor, id ID, key KeyID) (Key, string, error) {
	if _, err := s.keyholder(ctx, actor, id); err != nil {
		return Key{}, "", err
	}
	if actor.Role != account.Agency {
		return Key{}, "", fault.New(fault.Forbidden, "agency.key.owner")
	}
	now, secret := account.Moment(s.Now()), strings.ToLower(s.Secret())
	var turned Key
	err := s.changeKeys(ctx, actor, id, now, "agency.key.rotate", func(a *Agency) error {
		k := a.Key(key)
		switch {
		case k == nil:
			return fault.New(fault.NotFound, "agency.key.not_found")
		case !k.Live(now):
			return fault.New(fault.Conflict, "agency.key.ended")
		}
		k.Previous, k.Hash, k.RotatedAt = k.Hash, hashOf(secret), now
		turned = *k
		return nil
	})
	if err != nil {
		return Key{}, "", err
	}
	s.tell(ctx, turned.By, "agency.key.rotated", turned)
	return turned, turned.Prefix + "_" + secret, nil
}

// RevokeKey ends a key at once; ending an ended one changes nothing. An
// administrator may end any agency's key.
func (s *Service) RevokeKey(ctx context.Context, actor account.Actor, id ID, key KeyID) (Key, error) {
	a, err := s.keyholder(ctx, actor, id)
	if err != nil {
		return Key{}, err
	}
	if k := a.Key(key); k == nil {
		return Key{}, fault.New(fault.NotFound, "agency.key.not_found")
	} else if !k.RevokedAt.IsZero() {
		return *k, nil
	}
	now := account.Moment(s.Now())
	var ended Key
	err = s.changeKeys(ctx, actor, id, now, "agency.key.revoke", func(a *Agency) error {
		k := a.Key(key)
		if k == nil {
			return fault.New(fault.NotFound, "agency.key.not_found")
		}
		k.RevokedAt, k.Previous = now, nil
		ended = *k
		return nil
	})
	if err == nil {
		s.tell(ctx, ended.By, "agency.key.revoked", ended)
	}
	return ended, err
}

// changeKeys changes the keys and leaves the audit entry.
func (s *Service) changeKeys(ctx context.Context, actor account.Actor, id ID, now time.Time, action string, change func(*Agency) error) error {
	_, err := s.Store.Update(ctx, id, func(a *Agency) error {
		if err := change(a); err != nil {
			return err
		}
		a.record(actor, now, action, "", "keys")
		return nil
	})
	return err
}

// tell leaves the owner a notice. The key stands either way, so a failure is
// logged.
func (s *Service) tell(ctx context.Context, owner account.ID, template string, k Key) {
	if err := s.Members.Tell(ctx, owner, template, map[string]string{"key": k.Prefix}); err != nil {
		s.Log.WarnContext(ctx, "notice about an agency's key not left", "key", string(k.ID), "error", err)
	}
}

// UseKey notes that a key was used, to the hour. It changes nothing that the
// agency states, so the revision stays.
func (s *Service) UseKey(ctx context.Context, id ID, key KeyID, at time.Time) error {
	_, err := s.Store.Update(ctx, id, func(a *Agency) error {
		if k := a.Key(key); k != nil && at.Sub(k.UsedAt) >= usedEvery {
			k.UsedAt = account.Moment(at)
		}
		return nil
	})
	return err
}

// NoteUse reports whether a use at that moment has to be noted.
func (k *Key) NoteUse(at time.Time) bool { return at.Sub(k.UsedAt) >= usedEvery }

func lastOf(s string, n int) string { return s[max(0, len(s)-n):] }
