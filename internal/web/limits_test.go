package web_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/web"
)

// until counts the answers of a request up to the first 429.
func until(t *testing.T, limit int, request func() reply) (n int, last reply) {
	t.Helper()
	for n = 0; n <= limit+5; n++ {
		if last = request(); last.status == http.StatusTooManyRequests {
			return n, last
		}
	}
	t.Fatalf("no limit after %d requests", n)
	return n, last
}

func TestRateByAddress(t *testing.T) {
	k := newKernel(t, web.Options{Rates: web.Rates{Anonymous: 3, Identified: 50, Account: 7}})
	first := k.get("/api/v1/open/1")
	if first.header.Get("RateLimit-Policy") != `"anonymous";q=3;w=60` || !strings.HasPrefix(first.header.Get("RateLimit"), `"anonymous";r=2;t=`) {
		t.Errorf("%v", first.header)
	}
	n, last := until(t, 3, func() reply { return k.get("/api/v1/open/1") })
	wait, err := strconv.Atoi(last.header.Get("Retry-After"))
	if n != 2 || err != nil || wait < 1 || wait > 60 || last.problem(t).Code != "request.rate" {
		t.Errorf("%d more, %v", n, last.header)
	}
	if r := k.get("/none"); r.status != 429 {
		t.Errorf("pages count as well: %d", r.status)
	}
	if r := k.get("/livez"); r.status != 200 {
		t.Errorf("probes are never limited: %d", r.status)
	}
	// An account has its own count, whatever happens at its address.
	n, last = until(t, 7, func() reply { return k.get("/api/v1/open/1", "Authorization: Bearer agency") })
	if n != 7 || !strings.HasPrefix(last.header.Get("RateLimit-Policy"), `"account";q=7`) {
		t.Errorf("%d, %v", n, last.header)
	}
	if r := k.get("/api/v1/open/1", "Authorization: Bearer official"); r.status != 200 {
		t.Errorf("another account: %d", r.status)
	}
}

// TestBadTokensCost: guessing tokens is no cheaper than having none.
func TestBadTokensCost(t *testing.T) {
	k := newKernel(t, web.Options{Rates: web.Rates{Anonymous: 3}})
	n, _ := until(t, 3, func() reply { return k.get("/api/v1/open/1", "Authorization: Bearer forged") })
	if n != 3 {
		t.Errorf("%d guesses", n)
	}
}

// TestAU07ClientAddress: forwarding headers count from configured proxies only.
func TestAU07ClientAddress(t *testing.T) {
	direct := newKernel(t, web.Options{Rates: web.Rates{Anonymous: 2}})
	i := 0
	forged := func(k *kernel) func() reply {
		return func() reply {
			i++
			return k.get("/api/v1/open/1", "X-Forwarded-For: 10.0.0."+strconv.Itoa(i), "X-Real-IP: 10.0.0."+strconv.Itoa(i))
		}
	}
	if n, _ := until(t, 2, forged(direct)); n != 2 {
		t.Errorf("%d requests under forged addresses", n)
	}
	// httptest requests come from 192.0.2.1.
	behind := newKernel(t, web.Options{Rates: web.Rates{Anonymous: 2}, TrustedProxies: []string{"192.0.2.0/24"}})
	for range 6 {
		if r := forged(behind)(); r.status != 200 {
			t.Fatalf("a proxy's clients share one limit: %d", r.status)
		}
	}
	if n, _ := until(t, 2, func() reply { return behind.get("/api/v1/open/1", "X-Forwarded-For: 2001:db8::"+strconv.Itoa(i)) }); n != 2 {
		t.Errorf("%d requests from one IPv6 network", n)
	}
	if _, err := web.New(web.Options{Authenticator: tokens{}, TrustedProxies: []string{"nonsense"}}); err == nil {
		t.Error("a malformed proxy is accepted")
	}
	if _, err := web.New(web.Options{}); err == nil {
		t.Error("a missing authenticator is accepted")
	}
}

// TestRL11Room: what does not fit is refused at once; probes and sign-in fit.
func TestRL11Room(t *testing.T) {
	k := newKernel(t, web.Options{Concurrency: 2, Rates: web.Rates{Off: true}})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { k.get("/api/v1/wait") })
	}
	<-k.entered
	<-k.entered
	r := k.get("/api/v1/open/1")
	if r.status != 503 || r.header.Get("Retry-After") != "1" || r.problem(t).Code != "request.overload" {
		t.Errorf("%d %v", r.status, r.header)
	}
	if r := k.send("POST", "/api/v1/auth/login", "{}"); r.status != 200 {
		t.Errorf("sign-in: %d", r.status)
	}
	if r := k.get("/livez"); r.status != 200 {
		t.Errorf("probe: %d", r.status)
	}
	close(k.hold)
	wg.Wait()
	if r := k.get("/api/v1/open/1"); r.status != 200 {
		t.Errorf("places are not freed: %d", r.status)
	}
	if got := k.counts("passerelle_http_refused_total")["reason=overload"]; got != 1 {
		t.Errorf("%v refusals counted", got)
	}
}

// listen starts Serve on 127.0.0.1 and gives its address and its end.
func (k *kernel) listen() (address string, stop func() error) {
	k.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		k.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- k.Serve(ctx, l) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	k.t.Cleanup(func() { _ = stop() }) // tests that look at the error have stopped it before
	return l.Addr().String(), stop
}

// ask sends one request on a connection and gives the status line.
func ask(conn net.Conn, path string) (string, error) {
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return "", err
	}
	return bufio.NewReader(conn).ReadString('\n')
}

// TestLM05ConnectionCap: connections over an address's share are closed.
func TestLM05ConnectionCap(t *testing.T) {
	k := newKernel(t, web.Options{ConnectionsPerAddress: 2, Rates: web.Rates{Off: true}})
	address, _ := k.listen()
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
	held := []net.Conn{dial(), dial()}
	for i, conn := range held {
		if line, err := ask(conn, "/livez"); err != nil || !strings.Contains(line, "200") {
			t.Fatalf("connection %d: %q %v", i, line, err)
		}
	}
	if line, err := ask(dial(), "/livez"); err == nil {
		t.Errorf("a third connection is served: %q", line)
	}
	if err := held[0].Close(); err != nil {
		t.Fatal(err)
	}
	for range 200 { // the server notices the end a little later
		if line, err := ask(dial(), "/livez"); err == nil && strings.Contains(line, "200") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the place of a closed connection is not freed")
}

// TestRL07Drain: what is in flight is answered, then Serve ends without error.
func TestRL07Drain(t *testing.T) {
	k := newKernel(t, web.Options{Rates: web.Rates{Off: true}})
	address, stop := k.listen()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + address + "/api/v1/wait")
		if err != nil {
			answered <- err.Error()
			return
		}
		if err := resp.Body.Close(); err != nil {
			answered <- err.Error()
			return
		}
		answered <- resp.Status
	}()
	<-k.entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for !k.Draining() {
		time.Sleep(time.Millisecond)
	}
	close(k.hold)
	if got := <-answered; got != "200 OK" {
		t.Errorf("the request in flight: %s", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if _, err := http.Get("http://" + address + "/livez"); err == nil {
		t.Error("the listener is still open")
	}
}

// TestDrainIsBounded: a request that never ends is cut off.
func TestDrainIsBounded(t *testing.T) {
	k := newKernel(t, web.Options{Rates: web.Rates{Off: true}, DrainTimeout: 10 * time.Millisecond})
	address, stop := k.listen()
	failed := make(chan bool, 1)
	go func() {
		resp, err := http.Get("http://" + address + "/api/v1/wait")
		if err == nil {
			err = errors.Join(resp.Body.Close(), errors.New(resp.Status))
		}
		failed <- err != nil
	}()
	<-k.entered
	if err := stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
	<-failed
	close(k.hold)
	if !strings.Contains(k.logs.String(), "cut off") {
		t.Error("the cut is not logged")
	}
}
