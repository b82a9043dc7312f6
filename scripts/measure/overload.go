package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The overload: how long capacity is looked for, how many times as much is
// then asked for, and how long.
const (
	capacityTime   = 8 * time.Second
	capacityCalls  = 64 // callers at once, each with one request under way
	timesCapacity  = 5
	overloadTime   = time.Minute
	overloadShort  = 20 * time.Second
	slowClients    = 40
	memoryLimitMB  = 512
	recoveryWithin = 5 * time.Second
)

// overload finds what the service can do, asks five times as much of it, with
// 40 slow clients and bodies of 10 MB beside, and looks at what it does.
func overload(ctx context.Context) error {
	lasts := overloadTime
	if slices.Contains(os.Args, "--short") {
		lasts = overloadShort
	}
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	p.apart()
	s, err := p.serve(ctx, "overload", "PASSERELLE_MEMORY_LIMIT_MB="+strconv.Itoa(memoryLimitMB))
	if err != nil {
		return err
	}
	return errors.Join(s.overloaded(ctx, lasts), s.stop())
}

// apart gives the server one processor and leaves the others to the driver,
// where that is possible: else they would fight for the same.
func (p *program) apart() {
	taskset, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		fmt.Println("server and driver share the processors")
		return
	}
	p.before = []string{taskset, "-c", "0"}
	runtime.GOMAXPROCS(runtime.NumCPU() - 1)
	fmt.Printf("the server has 1 processor, the driver %d\n", runtime.NumCPU()-1)
}

func (s *server) overloaded(ctx context.Context, lasts time.Duration) error {
	calls, err := s.calls(ctx)
	if err != nil {
		return err
	}
	if _, err := s.closed(ctx, calls, 2*time.Second); err != nil { // to warm up
		return err
	}
	base := s.descriptors()
	cpu := s.cpu()
	full, err := s.closed(ctx, calls, capacityTime)
	if err != nil {
		return err
	}
	fmt.Printf("at full load, %d callers: %.0f answers/s, p50 %.0f ms, p99 %.0f ms; the server had %.2f of a processor\n",
		capacityCalls, full.rate(), full.at(50), full.at(99), (s.cpu()-cpu)/full.wall.Seconds())
	cpu = s.cpu()
	stop := s.pester(ctx)
	over, err := s.flood(ctx, calls, full.rate()*timesCapacity, lasts)
	ended := time.Now()
	fmt.Printf("during the flood the server had %.2f of a processor\n", (s.cpu()-cpu)/lasts.Seconds())
	stop()
	if err != nil {
		return err
	}
	recovered, err := s.recovered(ctx, calls, full)
	if err != nil {
		return err
	}
	return s.judge(full, over, recovered, time.Since(ended), base)
}

// judge prints what happened and fails on what must not.
func (s *server) judge(full *times, over *flooded, recovered time.Duration, sinceEnd time.Duration, base int) error {
	goodput := float64(len(over.good.each)) / over.good.wall.Seconds()
	fmt.Printf("asked for %.0f/s (%.1f × capacity): %.0f/s served (%.0f %% of peak), p50 %.0f ms, p99 %.0f ms\n",
		over.offered, over.offered/full.rate(), goodput, 100*goodput/full.rate(), over.good.at(50), over.good.at(99))
	fmt.Printf("refused %d (429: %d, 503: %d), p50 %.1f ms, p99 %.0f ms; without Retry-After: %d; other answers: %v; no answer: %d; never sent: %d\n",
		len(over.refused.each), over.statuses[429], over.statuses[503], over.refused.at(50), over.refused.at(99), over.silent, over.others(), over.broken, over.unsent)
	fmt.Printf("beside it: /livez %d of %d answered, slowest %s; signed in %d of %d times, slowest %s\n",
		over.live.ok, over.live.tried, over.live.slowest.Round(time.Millisecond), over.logins.ok, over.logins.tried, over.logins.slowest.Round(time.Millisecond))
	fmt.Printf("peak memory %s with a limit of %d MB for the heap; %d descriptors before, %d after %.0f s; as fast as before after %s\n",
		s.peak(), memoryLimitMB, base, s.descriptors(), sinceEnd.Seconds(), recovered.Round(10*time.Millisecond))
	var wrong []error
	check := func(holds bool, format string, args ...any) {
		if !holds {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	check(goodput >= 0.8*full.rate(), "goodput is below 80 %% of the peak")
	check(over.good.at(99) <= 2*full.at(99), "p99 of what was served is more than twice that at full load")
	check(over.silent == 0 && len(over.others()) == 0, "refusals are not all 429 or 503 with Retry-After")
	check(over.live.ok == over.live.tried, "/livez did not always answer")
	check(over.logins.ok == over.logins.tried, "not every sign-in succeeded")
	check(over.refused.at(99) <= 2*full.at(99), "refusals do not come at once")
	check(recovered <= recoveryWithin, "it took %s to recover", recovered)
	return errors.Join(wrong...)
}

// call is one request of the load.
type call struct {
	path  string
	token string
}

// calls is what is asked for: long searches with every facet, pages, and
// matches both ways. Bare records cost little more than a refusal would.
func (s *server) calls(ctx context.Context) ([]call, error) {
	candidate, err := s.login(ctx, "candidate")
	if err != nil {
		return nil, err
	}
	agency, err := s.login(ctx, "agency")
	if err != nil {
		return nil, err
	}
	var mine, all list
	if err := errors.Join(agency.call(ctx, http.MethodGet, "/api/v1/offers?state=published&limit=5", nil, &mine),
		s.client().call(ctx, http.MethodGet, "/api/v1/offers?limit=20", nil, &all)); err != nil {
		return nil, err
	}
	const whole = "&limit=100&facets=country,kind,occupation,language,salary"
	calls := []call{
		{path: "/api/v1/offers?q=ma%C3%A7on" + whole}, {path: "/api/v1/offers?sort=-salary" + whole}, {path: "/api/v1/offers?payMin=1000&payCurrency=EUR" + whole},
		{path: "/offres"}, {path: "/offres?q=infirmier"}, {path: "/offres/" + all.Items[0].ID},
		{path: "/api/v1/profiles/me/matches?limit=100", token: candidate.token}, {path: "/api/v1/profiles/me/opportunities", token: candidate.token},
	}
	for _, o := range mine.Items {
		calls = append(calls, call{"/api/v1/offers/" + o.ID + "/matches?limit=100", agency.token})
	}
	return calls, nil
}

// cpu gives the processor time the server has had, in seconds.
func (s *server) cpu() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0 // only Linux tells
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	const ticks = 100 // of the kernel's clock in a second, on every Linux Go runs on
	return (user + system) / ticks
}

// descriptors counts the server's open files and connections.
func (s *server) descriptors() int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	if err != nil {
		return 0 // only Linux tells
	}
	return len(entries)
}

// recovered tells how long after the flood the service is as fast as it was at
// full load.
func (s *server) recovered(ctx context.Context, calls []call, full *times) (time.Duration, error) {
	began := time.Now()
	for time.Since(began) < time.Minute {
		now, err := s.closed(ctx, calls, 500*time.Millisecond)
		if err != nil && !strings.Contains(err.Error(), "503") {
			return 0, err
		}
		if err == nil && now.at(50) <= 1.5*full.at(50) {
			return time.Since(began), nil
		}
	}
	return time.Since(began), nil
}
