package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The load of one round: this many writes from this many clients.
const (
	crashWrites  = 2000
	crashClients = 16
	crashRounds  = 3
)

// crash kills the server at a random moment during a load of writes, starts
// it again and looks whether every acknowledged write is there, whole, once,
// and the same in lists as in the record itself.
func crash(ctx context.Context) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	l := &load{acked: map[int]string{}}
	for round := 1; round <= crashRounds; round++ {
		if err := l.round(ctx, p, round); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	return nil
}

// load is what the clients have sent and what was acknowledged. Write n makes
// a draft whose title and description name n; the same idempotency key is
// sent again after a crash.
type load struct {
	mu     sync.Mutex
	killAt int            // number of acknowledged writes at which kill is called
	kill   func()         // ends the server
	acked  map[int]string // write → id of the offer
}

func (l *load) round(ctx context.Context, p *program, round int) error {
	s, err := p.serve(ctx, "crash")
	if err != nil {
		return err
	}
	var stopped atomic.Bool
	before := len(l.acked)
	l.killAt = before + 50 + rand.IntN(crashWrites-200)
	l.kill = func() {
		stopped.Store(true)
		_ = s.cmd.Process.Kill() // it may have ended by itself; the check below tells
	}
	l.send(ctx, s, (round-1)*crashWrites, &stopped)
	if err := s.kill(); err != nil {
		return err
	}
	acked := len(l.acked) - before
	began := time.Now()
	if s, err = p.serve(ctx, "crash"); err != nil {
		return err
	}
	restart := time.Since(began)
	if err := l.check(ctx, s); err != nil {
		return errors.Join(err, s.stop())
	}
	l.killAt = 0
	never := atomic.Bool{}
	l.send(ctx, s, (round-1)*crashWrites, &never)
	if len(l.acked) != round*crashWrites {
		return errors.Join(fmt.Errorf("only %d of %d writes were acknowledged in the end", len(l.acked), round*crashWrites), s.stop())
	}
	if err := l.check(ctx, s); err != nil {
		return errors.Join(err, s.stop())
	}
	fmt.Printf("round %d: killed with %d of %d writes acknowledged; restart %.1f s; all acknowledged present, none half-written, none doubled, lists = records; the rest went in with their keys\n",
		round, acked, crashWrites, restart.Seconds())
	return s.stop()
}

// send makes the writes of a round that are not acknowledged yet.
func (l *load) send(ctx context.Context, s *server, first int, stopped *atomic.Bool) {
	var next atomic.Int64
	next.Store(int64(first))
	var group sync.WaitGroup
	for range crashClients {
		group.Go(func() {
			c, err := s.login(ctx, "agency")
			for err == nil && !stopped.Load() {
				n := int(next.Add(1)) - 1
				if n >= first+crashWrites {
					return
				}
				l.write(ctx, c, n)
			}
		})
	}
	group.Wait()
}

// description is long enough that a half-written record would show.
func description(n int) string {
	return strings.Repeat(fmt.Sprintf("Écriture %d, sans rien perdre. ", n), 60)
}

func (l *load) write(ctx context.Context, c *client, n int) {
	l.mu.Lock()
	_, done := l.acked[n]
	l.mu.Unlock()
	if done {
		return
	}
	var made struct{ ID string }
	body := map[string]any{"title": fmt.Sprintf("Maçon charge %d", n), "description": description(n), "country": "SN", "occupation": "7112", "kind": "fixed_term", "places": 1 + n%9}
	if err := c.call(ctx, http.MethodPost, "/api/v1/offers", body, &made, "Idempotency-Key", fmt.Sprintf("charge-%d", n)); err != nil {
		return // not acknowledged: it is sent again after the restart
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked[n] = made.ID
	if len(l.acked) == l.killAt {
		l.kill()
	}
}

// check compares every acknowledged write with the record and with the lists.
func (l *load) check(ctx context.Context, s *server) error {
	c, err := s.login(ctx, "agency")
	if err != nil {
		return err
	}
	listed, err := drafts(ctx, c)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, title := range listed {
		seen[title]++
	}
	for n, id := range l.acked {
		var o struct{ Title, Description string }
		if err := c.call(ctx, http.MethodGet, "/api/v1/offers/"+id, nil, &o); err != nil {
			return fmt.Errorf("acknowledged write %d is lost: %w", n, err)
		}
		title := fmt.Sprintf("Maçon charge %d", n)
		switch {
		case o.Title != title || o.Description != strings.TrimSpace(description(n)):
			return fmt.Errorf("write %d is half-written", n)
		case listed[id] != title:
			return fmt.Errorf("write %d is not in the list", n)
		}
	}
	for title, times := range seen {
		if times > 1 && strings.HasPrefix(title, "Maçon charge") {
			return fmt.Errorf("%q is there %d times", title, times)
		}
	}
	return nil
}

// drafts lists the agency's drafts, id → title, page by page.
func drafts(ctx context.Context, c *client) (map[string]string, error) {
	out := map[string]string{}
	path := "/api/v1/offers?state=draft&limit=100"
	for cursor := ""; ; {
		var l list
		if err := c.call(ctx, http.MethodGet, path+cursor, nil, &l); err != nil {
			return nil, err
		}
		for _, o := range l.Items {
			out[o.ID] = o.Title
		}
		if l.NextCursor == "" {
			if len(out) != l.Total {
				return nil, fmt.Errorf("the pages hold %d drafts, the total says %d", len(out), l.Total)
			}
			return out, nil
		}
		cursor = "&cursor=" + l.NextCursor
	}
}
