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

// pages compares several pages with the idle handler.
func (s *server) pages(ctx context.Context) error {
	fmt.Printf("\n%d requests from %d clients each, the two in turns\n", pageRequests, pageClients)
	fmt.Printf("%-44s %9s %9s %9s %10s %8s\n", "page", "p50 ms", "p95 ms", "p99 ms", "requests/s", "bytes")
	for _, path := range []string{"/offres?country=GB", "/offres?q=nurse&country=GB", "/offres?q=mental+health", "/api/v1/offers?country=GB&limit=20"} {
		bytes, err := fetch(ctx, "http://"+s.address+path)
		if err != nil {
			return err
		}
		idle, err := idle(bytes)
		if err != nil {
			return err
		}
		ours, theirs, err := race(ctx, "http://"+s.address+path, "http://"+idle.Addr().String()+path)
		if err := errors.Join(err, idle.Close()); err != nil {
			return err
		}
		ours.print(path, len(bytes))
		theirs.print("  a handler that does nothing", len(bytes))
		fmt.Printf("  ratio of p95: %.1f, of requests/s: %.2f\n", ours.at(95)/theirs.at(95), ours.rate()/theirs.rate())
	}
	return nil
}

// fetch gives the compressed bytes of a page and checks that it is one.
func fetch(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
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
func race(ctx context.Context, a, b string) (ours, theirs *times, err error) {
	ours, theirs = &times{}, &times{}
	for range 10 {
		for _, side := range []struct {
			url string
			t   *times
		}{{a, ours}, {b, theirs}} {
			if err := side.t.run(ctx, side.url, pageRequests/10); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, t := range []*times{ours, theirs} {
		slices.Sort(t.each)
	}
	return ours, theirs, nil
}

func (t *times) run(ctx context.Context, url string, n int) error {
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	began := time.Now()
	for range pageClients {
		group.Go(func() {
			for range n / pageClients {
				at := time.Now()
				_, err := fetch(ctx, url)
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
