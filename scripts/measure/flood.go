package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The flood comes from this many addresses of the loopback network, each with
// at most that many connections: one address alone would meet its own cap.
const (
	floodAddresses   = 24
	floodConnections = 100
)

// closed has callers ask one after the other, each waiting for its answer.
func (s *server) closed(ctx context.Context, calls []call, lasts time.Duration) (*times, error) {
	clients, t := s.callers(), &times{}
	var mu sync.Mutex
	var failed error
	var group sync.WaitGroup
	began := time.Now()
	for n := range capacityCalls {
		group.Go(func() {
			c := clients[n%len(clients)]
			for i := n; time.Since(began) < lasts; i++ {
				at := time.Now()
				status, _, err := c.ask(ctx, calls[i%len(calls)])
				took := time.Since(at)
				if err == nil && status >= 300 {
					err = fmt.Errorf("%s answers %d", calls[i%len(calls)].path, status)
				}
				mu.Lock()
				t.each = append(t.each, took)
				if failed == nil {
					failed = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	group.Wait()
	t.wall = time.Since(began)
	slices.Sort(t.each)
	for _, c := range clients {
		c.close()
	}
	return t, failed
}

// tally counts attempts of one kind.
type tally struct {
	tried, ok int
	slowest   time.Duration
}

func (t *tally) add(ok bool, took time.Duration) {
	t.tried++
	if ok {
		t.ok++
	}
	t.slowest = max(t.slowest, took)
}

// flooded is what came back of a flood.
type flooded struct {
	mu            sync.Mutex
	good, refused times
	offered       float64 // requests a second that were asked for
	statuses      map[int]int
	silent        int // refusals without Retry-After
	broken        int // no answer
	unsent        int // no connection was free
	live, logins  tally
}

func (f *flooded) others() map[int]int {
	out := map[int]int{}
	for status, n := range f.statuses {
		if status >= 300 && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
			out[status] = n
		}
	}
	return out
}

func (f *flooded) note(status int, retryAfter bool, err error, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.broken++
		return
	}
	f.statuses[status]++
	switch {
	case status < 300:
		f.good.each = append(f.good.each, took)
	default:
		f.refused.each = append(f.refused.each, took)
		if !retryAfter {
			f.silent++
		}
	}
}

// flood asks at that rate whether or not answers come back, as many strangers
// do, and meanwhile looks at the service's health and signs in.
func (s *server) flood(ctx context.Context, calls []call, rate float64, lasts time.Duration) (*flooded, error) {
	f := &flooded{statuses: map[int]int{}}
	clients := s.callers()
	free := make(chan struct{}, floodAddresses*floodConnections)
	var group sync.WaitGroup
	done, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	group.Go(func() { s.beside(done, f) })
	began, sent := time.Now(), 0
	for now := time.Duration(0); now < lasts; now = time.Since(began) {
		for due := int(rate * now.Seconds()); sent < due; sent++ {
			select {
			case free <- struct{}{}:
			default:
				f.unsent++
				continue
			}
			what, c := calls[rand.IntN(len(calls))], clients[sent%len(clients)]
			group.Go(func() {
				defer func() { <-free }()
				at := time.Now()
				status, retryAfter, err := c.ask(ctx, what)
				f.note(status, retryAfter, err, time.Since(at))
			})
		}
		time.Sleep(2 * time.Millisecond) // the beat of the flood
	}
	f.good.wall = time.Since(began)
	group.Wait()
	f.offered = float64(sent) / lasts.Seconds()
	for _, t := range []*times{&f.good, &f.refused} {
		slices.Sort(t.each)
		if len(t.each) == 0 {
			return f, errors.New("the flood was either all served or all refused")
		}
	}
	for _, c := range clients {
		c.close()
	}
	return f, nil
}

// beside asks for the health all the while, and signs in now and then.
func (s *server) beside(ctx context.Context, f *flooded) {
	plain := s.callers()[0]
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() {
		for ctx.Err() == nil {
			at := time.Now()
			_, err := s.login(context.WithoutCancel(ctx), "candidate2")
			f.mu.Lock()
			f.logins.add(err == nil, time.Since(at))
			f.mu.Unlock()
			time.Sleep(time.Second) // between two people
		}
	})
	for ctx.Err() == nil {
		at := time.Now()
		status, _, err := plain.ask(context.WithoutCancel(ctx), call{path: "/livez"})
		f.mu.Lock()
		f.live.add(err == nil && status == http.StatusOK, time.Since(at))
		f.mu.Unlock()
		time.Sleep(200 * time.Millisecond) // between two looks
	}
}

// pester holds slow connections open and sends bodies that are too large,
// until it is told to stop.
func (s *server) pester(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	var refused atomic.Int64
	for range slowClients {
		group.Go(func() {
			for ctx.Err() == nil {
				s.dribble(ctx)
			}
		})
	}
	large := bytes.Repeat([]byte{'a'}, 10<<20)
	group.Go(func() {
		for ctx.Err() == nil {
			answer, err := http.Post("http://"+s.address+"/api/v1/auth/login", "application/json", bytes.NewReader(large))
			if err == nil {
				if answer.StatusCode == http.StatusRequestEntityTooLarge {
					refused.Add(1)
				}
				_ = answer.Body.Close() // it is not read
			}
			time.Sleep(250 * time.Millisecond) // four a second
		}
	})
	return func() {
		cancel()
		group.Wait()
		fmt.Printf("beside it %d slow clients, and %d bodies of 10 MB refused with 413\n", slowClients, refused.Load())
	}
}

// dribble sends a request byte by byte until the server has enough of it.
func (s *server) dribble(ctx context.Context) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return
	}
	defer conn.Close()
	_, err = conn.Write([]byte("POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"))
	for err == nil && ctx.Err() == nil {
		time.Sleep(300 * time.Millisecond) // that slow
		_, err = conn.Write([]byte(" "))
	}
}
