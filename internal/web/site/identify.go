package site

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// identify finds out who asks. An access token that has run out is renewed on
// the way; a session that has ended leaves the visitor anonymous.
func (v *visit) identify() error {
	access, refresh := v.site.jar.read(v.gin, cookieAccess), v.site.jar.read(v.gin, cookieRefresh)
	actor, err := v.authenticate(access)
	if fault.Is(err, fault.Unauthenticated) && refresh != "" {
		actor, err = v.renew(refresh)
	}
	if fault.Is(err, fault.Unauthenticated) {
		if access != "" || refresh != "" {
			v.forget()
		}
		return nil
	}
	if err != nil {
		return err
	}
	v.actor = actor
	web.SetActor(v.gin, actor)
	return nil
}

func (v *visit) authenticate(access string) (account.Actor, error) {
	if access == "" {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	return v.site.opts.Auth.Authenticate(v.ctx, access)
}

// renew exchanges the refresh token and keeps the new pair.
func (v *visit) renew(refresh string) (account.Actor, error) {
	pair, err := v.site.renewals.do(refresh, func() (auth.TokenPair, error) {
		return v.site.opts.Auth.Refresh(context.WithoutCancel(v.ctx), refresh, v.client())
	})
	if err != nil {
		return account.Actor{}, err
	}
	v.keep(pair)
	return v.site.opts.Auth.Authenticate(v.ctx, pair.AccessToken)
}

// keep stores a session's tokens in the browser until it is closed: telephones
// and computers are shared.
func (v *visit) keep(pair auth.TokenPair) {
	v.site.jar.set(v.gin, cookieAccess, pair.AccessToken, pair.ExpiresIn)
	v.site.jar.set(v.gin, cookieRefresh, pair.RefreshToken, 0)
}

func (v *visit) forget() {
	v.site.jar.clear(v.gin, cookieAccess)
	v.site.jar.clear(v.gin, cookieRefresh)
}

// renewalGrace is how long the answer of a renewal is given again to whoever
// presents the same token: a browser that opens two pages at once, or lost the
// answer on a bad line, must not count as a thief.
const renewalGrace = 20 * time.Second

// renewals makes one exchange of all that present the same refresh token
// within the grace.
type renewals struct {
	now func() time.Time
	mu  sync.Mutex
	all map[[sha256.Size]byte]*renewal
}

type renewal struct {
	done chan struct{} // closed when pair and err are set
	pair auth.TokenPair
	err  error
	at   time.Time
}

func newRenewals(now func() time.Time) *renewals {
	return &renewals{now: now, all: map[[sha256.Size]byte]*renewal{}}
}

// do runs exchange for the first of several callers and gives its answer to
// all. Failures are not kept.
func (r *renewals) do(token string, exchange func() (auth.TokenPair, error)) (auth.TokenPair, error) {
	key := sha256.Sum256([]byte(token))
	mine, first := r.enter(key)
	if !first {
		<-mine.done
		return mine.pair, mine.err
	}
	defer close(mine.done)
	mine.err = fault.New(fault.Unavailable, "auth.refresh")
	mine.pair, mine.err = exchange()
	if mine.err != nil {
		r.mu.Lock()
		delete(r.all, key)
		r.mu.Unlock()
	}
	return mine.pair, mine.err
}

func (r *renewals) enter(key [sha256.Size]byte) (mine *renewal, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for k, old := range r.all {
		if now.Sub(old.at) > renewalGrace {
			delete(r.all, k)
		}
	}
	if there, ok := r.all[key]; ok {
		return there, false
	}
	mine = &renewal{done: make(chan struct{}), at: now}
	r.all[key] = mine
	return mine, true
}
