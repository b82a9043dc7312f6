package auth

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// Purposes lists what keys are for that can be rotated: all but Lookup.
func Purposes() []Purpose {
	return []Purpose{Login, Seal, Clearance, Checkpoint, Cursor, CSRF, MFA, Field, Subject, Code, Ticket}
}

// KeyInfo is what may be known of a key: never the key.
type KeyInfo struct {
	KID       string
	Purpose   Purpose
	State     string // active, retiring or retired
	CreatedAt time.Time
	NotAfter  time.Time // what it signed is good until then; zero = always
	Signs     bool      // an Ed25519 key, published in the key set
}

// List gives all keys by purpose, the oldest first.
func (r *Keyring) List() []KeyInfo {
	var out []KeyInfo
	for _, p := range append(Purposes(), Lookup) {
		t, _ := traitOf(p)
		for _, k := range r.all(p) {
			out = append(out, KeyInfo{
				KID: k.sealed.KID, Purpose: p, State: k.sealed.State, CreatedAt: k.sealed.CreatedAt, NotAfter: k.sealed.NotAfter, Signs: t.signing,
			})
		}
	}
	return out
}

// Retire wipes the secrets of keys whose time is over, and says how many. The
// entry stays, so that numbers are never used twice. It reads the keys first,
// so a job that runs it also learns of other processes' rotations.
func (r *Keyring) Retire(ctx context.Context) (retired int, err error) {
	r.change.Lock()
	defer r.change.Unlock()
	if err := r.Reload(ctx); err != nil {
		return 0, err
	}
	for _, p := range Purposes() {
		for _, k := range r.all(p) {
			if k.sealed.State != keyRetiring || k.accepted(r.now()) {
				continue
			}
			k.sealed.State, k.sealed.Wrapped = keyRetired, nil
			if err := r.store.ReplaceKey(ctx, k.sealed); err != nil {
				return retired, err
			}
			r.remember(key{sealed: k.sealed, n: k.n})
			retired++
		}
	}
	return retired, nil
}

// reloadEvery bounds how often unknown key ids make the store be read, so
// that forged ones cannot keep it busy.
const reloadEvery = 5 * time.Second

// learn reads the keys again when kid may be that of a key another process
// made: newer than all known. It reports whether the kid is known now.
func (r *Keyring) learn(ctx context.Context, p Purpose, kid string) (bool, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(kid, string(p)+"-"))
	last, _ := r.newest(p)
	if err != nil || kid != kidOf(p, number) || number <= last.n {
		return false, nil
	}
	if !r.mayLearn() {
		return false, nil
	}
	if err := r.Reload(ctx); err != nil {
		return false, err
	}
	_, known := r.find(p, kid)
	return known, nil
}

func (r *Keyring) mayLearn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if since := r.now().Sub(r.learned); since >= 0 && since < reloadEvery {
		return false
	}
	r.learned = r.now()
	return true
}

// KeyService is what administrators do with keys. A rotation that cannot be
// recorded does not take place; Recorder may be nil, then none is.
type KeyService struct {
	Ring     *Keyring
	Recorder audit.Recorder
}

// List gives all keys, without their secrets.
func (s KeyService) List(_ context.Context, actor account.Actor) ([]KeyInfo, error) {
	if err := actor.Require("key.manage"); err != nil {
		return nil, err
	}
	return s.Ring.List(), nil
}

// Rotate makes a new key of the purpose, and gives its id; what older keys
// signed stays good until it would have run out. NotFound for a purpose that
// is none.
func (s KeyService) Rotate(ctx context.Context, actor account.Actor, p Purpose) (kid string, err error) {
	if err := actor.Require("key.manage"); err != nil {
		return "", err
	}
	if !slices.Contains(Purposes(), p) {
		return "", fault.New(fault.NotFound, "key.not_found")
	}
	if s.Recorder != nil {
		err := s.Recorder.Record(ctx, audit.Entry{
			Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: "key.rotate", Subject: "key", Reason: string(p),
		})
		if err != nil {
			return "", err
		}
	}
	return s.Ring.Rotate(ctx, p)
}
