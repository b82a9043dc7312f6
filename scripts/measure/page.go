package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The load on a page.
const (
	pageRequests = 3000
	pageClients  = 4
)

// page measures the results page over the real advertisements beside a
// handler that does nothing but send the same bytes, in one run, in turns.
func page(ctx context.Context) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	const then = "PASSERELLE_DEMO_NOW=2020-10-15T08:00:00Z"
	s, err := p.serve(ctx, "page", then)
	if err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	if out, err := p.imports(ctx, "page").Output(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if s, err = p.serve(ctx, "page", then); err != nil {
		return err
	}
	err = s.decide(ctx, then)
	if err == nil {
		err = s.pages(ctx)
	}
	return errors.Join(err, s.stop())
}

// pageLoad is what is asked of one page: addresses in turn, and the limit
// its p95 has to keep, in milliseconds; 0 is none.
type pageLoad struct {
	name   string
	paths  []string
	limit  float64
	cookie string
}

// pageLoads lists the pages: results with and without words, many different
// offers, so that no answer is kept from the one before, and an official's
// dashboard.
func (s *server) pageLoads(ctx context.Context) ([]pageLoad, error) {
	var found list
	if err := s.client().call(ctx, http.MethodGet, "/api/v1/offers?country=GB&limit=100", nil, &found); err != nil {
		return nil, err
	}
	offers := pageLoad{name: fmt.Sprintf("/offres/…, %d different", len(found.Items)), limit: 50}
	for _, each := range found.Items {
		offers.paths = append(offers.paths, "/offres/"+each.ID)
	}
	if len(offers.paths) < 100 {
		return nil, fmt.Errorf("only %d offers are published", len(offers.paths))
	}
	cookie, err := s.cookie(ctx, "official")
	if err != nil {
		return nil, err
	}
	const results = 150
	return []pageLoad{
		{"/offres?country=GB", []string{"/offres?country=GB"}, results, ""},
		{"/offres?q=nurse&country=GB", []string{"/offres?q=nurse&country=GB"}, results, ""},
		{"/offres?q=mental+health", []string{"/offres?q=mental+health"}, results, ""},
		{"/api/v1/offers?country=GB&limit=20", []string{"/api/v1/offers?country=GB&limit=20"}, results, ""},
		offers,
		{"/tableau-de-bord, an official", []string{"/tableau-de-bord"}, 300, cookie},
		{"/travail, an official", []string{"/travail"}, 300, cookie},
	}, nil
}

// pages compares several pages with the idle handler. It fails where a page
// is slower than its limit.
func (s *server) pages(ctx context.Context) error {
	loads, err := s.pageLoads(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d requests from %d clients each, the two in turns\n", pageRequests, pageClients)
	fmt.Printf("%-44s %9s %9s %9s %10s %8s\n", "page", "p50 ms", "p95 ms", "p99 ms", "requests/s", "bytes")
	var slow error
	for _, load := range loads {
		bytes, err := fetch(ctx, "http://"+s.address+load.paths[0], load.cookie)
		if err != nil {
			return err
		}
		idle, err := idle(bytes)
		if err != nil {
			return err
		}
		ours, theirs, err := race(ctx, load, "http://"+s.address, "http://"+idle.Addr().String())
		if err := errors.Join(err, idle.Close()); err != nil {
			return err
		}
		ours.print(load.name, len(bytes))
		theirs.print("  a handler that does nothing", len(bytes))
		fmt.Printf("  ratio of p95: %.1f, of requests/s: %.2f; limit of p95: %.0f ms\n", ours.at(95)/theirs.at(95), ours.rate()/theirs.rate(), load.limit)
		if load.limit > 0 && ours.at(95) > load.limit {
			slow = errors.Join(slow, fmt.Errorf("%s: p95 %.0f ms is over %.0f ms", load.name, ours.at(95), load.limit))
		}
	}
	return slow
}

// fetch gives the compressed bytes of a page and checks that it is one.
func fetch(ctx context.Context, url, cookie string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", url, answer.Status)
	}
	if err != nil || answer.Header.Get("Content-Encoding") != "gzip" {
		return content, err
	}
	plain, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, plain)
	return content, err
}

var transport = &http.Transport{MaxIdleConnsPerHost: pageClients, DisableCompression: true}

// idle serves the same bytes without doing anything.
func idle(content []byte) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(content) // the client counts what it gets
	})}
	go func() { _ = server.Serve(l) }() // it ends when the listener is closed
	return l, nil
}

// times are the durations of requests.
type times struct {
	each []time.Duration
	wall time.Duration
}

func (t *times) at(percent int) float64 {
	return float64(t.each[(len(t.each)-1)*percent/100].Microseconds()) / 1000
}

func (t *times) rate() float64 { return float64(len(t.each)) / t.wall.Seconds() }

func (t *times) print(name string, size int) {
	fmt.Printf("%-44s %9.2f %9.2f %9.2f %10.0f %8d\n", name, t.at(50), t.at(95), t.at(99), t.rate(), size)
}

// race asks both in turns, in ten rounds.
func race(ctx context.Context, load pageLoad, a, b string) (ours, theirs *times, err error) {
	ours, theirs = &times{}, &times{}
	for range 10 {
		for _, side := range []struct {
			base string
			t    *times
		}{{a, ours}, {b, theirs}} {
			if err := side.t.run(ctx, side.base, load, pageRequests/10); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, t := range []*times{ours, theirs} {
		slices.Sort(t.each)
	}
	return ours, theirs, nil
}

func (t *times) run(ctx context.Context, base string, load pageLoad, n int) error {
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	began := time.Now()
	for who := range pageClients {
		group.Go(func() {
			for i := range n / pageClients {
				at := time.Now()
				_, err := fetch(ctx, base+load.paths[(i*pageClients+who)%len(load.paths)], load.cookie)
				took := time.Since(at)
				mu.Lock()
				t.each, failed = append(t.each, took), errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	t.wall += time.Since(began)
	return failed
}
