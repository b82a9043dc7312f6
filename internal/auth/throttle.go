package auth

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"passerelle/internal/domain/fault"
)

// allowance is how often something may be tried before waits begin.
type allowance struct {
	free   int           // tries without a wait
	first  time.Duration // wait after the first try beyond them; doubles each time
	most   time.Duration // longest wait
	forget time.Duration // time without a try after which counting starts again
}

// The allowances. Addresses are generous: in Mali many people share one
// behind their operator's translation.
func perAccount() allowance {
	return allowance{free: 10, first: time.Second, most: 15 * time.Minute, forget: time.Hour}
}
func perAddress() allowance {
	return allowance{free: 60, first: time.Second, most: 15 * time.Minute, forget: time.Hour}
}

// allowanceOf gives what one subject may be tried for: fewer where a message
// is sent each time, or where few guesses would do.
func allowanceOf(what string) allowance {
	a := perAccount()
	switch what {
	case "accept":
		a.free, a.first = 6, 30*time.Second
	case "forgot", "identifier":
		a.free, a.first = 3, time.Minute
	case "mfa", "code":
		a.free, a.first = 5, 2*time.Second
	}
	return a
}

// maxTracked bounds the throttle's memory: entries, the least recent leave.
const maxTracked = 1 << 16

// tries is what is remembered of one key.
type tries struct {
	key   string
	count int
	last  time.Time
	until time.Time // no try before this
	known bool      // an address that has signed in to this account before
}

// Throttle slows guessing down, per account and per address. A refused try
// counts for nothing, so nobody can prolong a wait, and a wait is never longer
// than 15 minutes; from an address that has signed in to the account before,
// tries are counted apart, so a stranger's guessing does not stop the owner.
// It is kept in memory: an attacker cannot restart the service, and what must
// outlive it is stored elsewhere, namely the wrong tries of a code that was
// sent, in the code, and the last step of a second factor, in the account.
type Throttle struct {
	now func() time.Time

	mu      sync.Mutex
	entries map[string]*list.Element
	recent  *list.List // of *tries, the most recent in front
}

// NewThrottle makes an empty throttle.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, entries: map[string]*list.Element{}, recent: list.New()}
}

// attempt is one counted try; succeed takes it back.
type attempt struct {
	throttle *Throttle
	address  string // key of the address; empty when not known
	account  string // key of the account, or of its pair with a known address
	pair     string
}

// try counts one try of what ("login") on a subject from an address before
// its outcome is known, so that tries at the same time are all counted.
// Exhausted code "auth.throttled" with the time to wait, when it is too many.
func (t *Throttle) try(what, subject, address string) (*attempt, error) {
	network := networkOf(address)
	a := &attempt{throttle: t}
	if network != "" {
		a.address = what + "\x00address\x00" + network
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if subject != "" {
		a.account, a.pair = what+"\x00account\x00"+subject, what+"\x00pair\x00"+subject+"\x00"+network
		if p := t.peek(a.pair); p != nil && p.known {
			a.account = a.pair
		}
	}
	if wait := max(t.waitOf(a.address), t.waitOf(a.account)); wait > 0 {
		return nil, fault.New(fault.Exhausted, "auth.throttled").After(wait)
	}
	t.count(a.address, perAddress())
	t.count(a.account, allowanceOf(what))
	return a, nil
}

func (t *Throttle) waitOf(key string) time.Duration {
	if e := t.peek(key); e != nil {
		return e.until.Sub(t.now())
	}
	return 0
}

func (t *Throttle) peek(key string) *tries {
	if at, ok := t.entries[key]; ok {
		return at.Value.(*tries)
	}
	return nil
}

// touch finds or makes the entry and puts it in front.
func (t *Throttle) touch(key string) *tries {
	at, ok := t.entries[key]
	if !ok {
		at = t.recent.PushFront(&tries{key: key})
		t.entries[key] = at
	}
	t.recent.MoveToFront(at)
	for len(t.entries) > maxTracked {
		oldest := t.recent.Remove(t.recent.Back()).(*tries)
		delete(t.entries, oldest.key)
	}
	return at.Value.(*tries)
}

func (t *Throttle) count(key string, a allowance) {
	if key == "" {
		return
	}
	e, now := t.touch(key), t.now()
	if now.Sub(e.last) > a.forget {
		e.count = 0
	}
	e.count++
	e.last = now
	if over := e.count - a.free; over > 0 {
		wait := a.most
		if over <= 20 {
			wait = min(a.most, a.first<<(over-1))
		}
		e.until = now.Add(wait)
	}
}

// succeed says that the try was the owner's: the account's count starts
// again, the address gets its try back and is known for that account.
func (a *attempt) succeed() {
	if a == nil {
		return
	}
	t := a.throttle
	t.mu.Lock()
	defer t.mu.Unlock()
	if a.account != "" {
		e := t.touch(a.account)
		e.count, e.until = 0, time.Time{}
		t.touch(a.pair).known = true
	}
	if e := t.peek(a.address); e != nil && e.count > 0 {
		if e.count--; e.count <= perAddress().free {
			e.until = time.Time{}
		}
	}
}

// release takes the try back and says nothing else: the password was right,
// and more is to be proved.
func (a *attempt) release() {
	if a == nil {
		return
	}
	t := a.throttle
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range []string{a.account, a.address} {
		if e := t.peek(key); e != nil && e.count > 0 {
			e.count--
			e.until = time.Time{}
		}
	}
}

// networkOf gives what an address counts as: itself for IPv4, its /64 for
// IPv6, since one subscriber has that many; as it is when unreadable.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
