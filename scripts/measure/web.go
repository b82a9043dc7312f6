package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The line and the telephone that pages are made for (conventions for pages,
// “400 kbit/s, 400 ms RTT, CPU x6”).
const (
	lineBytes   = 400_000 / 8 // bytes per second, each way
	lineLatency = 400         // ms
	slowness    = 6           // times slower than this machine
)

// What a page may cost (the same conventions: “First visit”, “CSS / JS” and
// the row of the slow line). Bytes are those on the line, with headers.
const (
	maxRequests = 4
	maxFirst    = 30 << 10
	maxRepeat   = 10 << 10
	maxHTML     = 14 << 10 // what the first flight of a connection carries
	maxCSS      = 10 << 10
	maxJS       = 6 << 10
	maxFCP      = 2500 // ms
	maxLCP      = 3000 // ms
	maxCLS      = 0.02
)

// webPage is a page of the table: as whom, where, and by which links.
type webPage struct {
	name, as, path string
	follow         []string
}

// offerLink leads from results to an offer, fileLink from a list to a file.
const (
	offerLink = "main article h3 a"
	ownLink   = "main a[href^='/mes-departs/']"
)

func webPages() []webPage {
	return []webPage{
		{"home", "", "/", nil},
		{"results", "", "/offres?q=soudeur", nil},
		{"offer", "", "/offres?q=soudeur", []string{offerLink}},
		{"corridor", "", "/couloirs/ML-ES", nil},
		{"sign-in", "", "/connexion", nil},
		{"candidate's file", "candidate", "/mes-departs", []string{ownLink}},
		{"official's queue", "official", "/travail", nil},
		{"dashboard", "official", "/tableau-de-bord", nil},
	}
}

// web prints what the main pages cost on the line, and how soon they are there.
func web(ctx context.Context) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	s, err := p.serve(ctx, "web")
	if err != nil {
		return err
	}
	err = s.makeFile(ctx)
	if err == nil {
		err = s.webTable(ctx, p.dir)
	}
	return errors.Join(err, s.stop())
}

func (s *server) webTable(ctx context.Context, scratch string) error {
	fmt.Printf("400 kbit/s, %d ms, processor %d times slower; KB on the line with headers, HTML/CSS/JS compressed\n", lineLatency, slowness)
	fmt.Printf("%-18s %5s %8s %5s %8s %7s %6s %6s %8s %8s %7s\n", "page", "first", "KB", "again", "KB", "HTML", "CSS", "JS", "FCP ms", "LCP ms", "CLS")
	var broken []string
	for _, page := range webPages() {
		cost, err := s.cost(ctx, scratch, page)
		if err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
		cost.print(page.name)
		for _, text := range cost.broken() {
			broken = append(broken, page.name+": "+text)
		}
	}
	if len(broken) > 0 {
		return errors.New("over a limit:\n  " + strings.Join(broken, "\n  "))
	}
	fmt.Println("every page keeps every limit")
	return nil
}

// line is what went over the line in one visit.
type line struct {
	requests int
	bytes    float64
}

// pageCost is what one page costs.
type pageCost struct {
	first, again line
	page         painted
}

// painted is what the browser noted: bytes as they were compressed, times in
// ms.
type painted struct{ HTML, CSS, JS, FCP, LCP, CLS float64 }

// cost visits a page with nothing kept, and once more.
func (s *server) cost(ctx context.Context, scratch string, page webPage) (*pageCost, error) {
	v, err := s.view(ctx, scratch, page.as, phoneWidth)
	if err != nil {
		return nil, err
	}
	defer v.end()
	if err := v.open(page.path, page.follow...); err != nil {
		return nil, err
	}
	address, err := ask[string](v, "location.href")
	if err != nil {
		return nil, err
	}
	if err := v.slow(); err != nil {
		return nil, err
	}
	var wire meter
	if err := chromedp.Listen(v.ctx, wire.hear); err != nil {
		return nil, err
	}
	c := &pageCost{}
	if c.first, err = wire.visit(v, address); err != nil {
		return nil, err
	}
	if c.page, err = ask[painted](v, paintScript); err != nil {
		return nil, err
	}
	c.again, err = wire.visit(v, address)
	return c, err
}

// slow makes the line and the machine those of the conventions, and forgets
// what the browser kept.
func (v *viewer) slow() error {
	return v.do(chromedp.Navigate("about:blank"), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		if err == nil {
			_, err = cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		}
		if err == nil {
			_, err = cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
				MatchedNetworkConditions: []*network.Conditions{{Latency: lineLatency, DownloadThroughput: lineBytes, UploadThroughput: lineBytes}},
			})
		}
		if err == nil {
			_, err = cdp.Call(ctx, t, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slowness})
		}
		return err
	}))
}

// meter counts what goes over the line.
type meter struct {
	mu    sync.Mutex
	known map[network.RequestID]bool
	line  line
}

func (m *meter) hear(event any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if m.known != nil && strings.HasPrefix(e.Response.URL, "http") {
			m.known[e.RequestID] = true
		}
	case *network.EventLoadingFinished:
		if m.known[e.RequestID] && e.EncodedDataLength > 0 { // what was kept costs nothing
			m.line.requests++
			m.line.bytes += e.EncodedDataLength
		}
	}
}

// visit opens an address from an empty page and waits until all is still.
func (m *meter) visit(v *viewer, address string) (line, error) {
	if err := v.do(chromedp.Navigate("about:blank")); err != nil {
		return line{}, err
	}
	m.mu.Lock()
	m.known, m.line = map[network.RequestID]bool{}, line{}
	m.mu.Unlock()
	if err := v.do(chromedp.Navigate(address)); err != nil {
		return line{}, err
	}
	if _, err := ask[bool](v, "new Promise(done => setTimeout(() => done(true), 1500))"); err != nil {
		return line{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.line, nil
}

// paintScript reads what the browser noted about its painting.
const paintScript = `new Promise(done => {
  const sum = end => performance.getEntriesByType('resource').filter(e => new URL(e.name).pathname.endsWith(end)).reduce((n, e) => n + e.encodedBodySize, 0);
  const out = {HTML: performance.getEntriesByType('navigation')[0]?.encodedBodySize ?? 0, CSS: sum('.css'), JS: sum('.js'), FCP: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, LCP: 0, CLS: 0};
  new PerformanceObserver(l => { for (const e of l.getEntries()) out.LCP = Math.max(out.LCP, e.startTime); }).observe({type: 'largest-contentful-paint', buffered: true});
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) out.CLS += e.value; }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(out), 500);
})`

func (c *pageCost) print(name string) {
	kb := func(n float64) float64 { return n / 1024 }
	fmt.Printf("%-18s %5d %8.1f %5d %8.1f %7.1f %6.1f %6.1f %8.0f %8.0f %7.3f\n", name, c.first.requests, kb(c.first.bytes), c.again.requests, kb(c.again.bytes),
		kb(c.page.HTML), kb(c.page.CSS), kb(c.page.JS), c.page.FCP, c.page.LCP, c.page.CLS)
}

// broken names the limits that are not kept. A figure of nought where there
// must be one is a measurement that failed.
func (c *pageCost) broken() []string {
	var out []string
	for _, limit := range []struct {
		name     string
		got, max float64
		needed   bool
	}{
		{"requests of the first visit", float64(c.first.requests), maxRequests, true}, {"bytes of the first visit", c.first.bytes, maxFirst, true},
		{"bytes of the next visit", c.again.bytes, maxRepeat, false}, {"bytes of HTML", c.page.HTML, maxHTML, true},
		{"bytes of CSS", c.page.CSS, maxCSS, true}, {"bytes of JavaScript", c.page.JS, maxJS, false},
		{"FCP in ms", c.page.FCP, maxFCP, true}, {"LCP in ms", c.page.LCP, maxLCP, true}, {"CLS", c.page.CLS, maxCLS, false},
	} {
		if limit.got > limit.max || limit.needed && limit.got <= 0 {
			out = append(out, fmt.Sprintf("%s: %.3g, limit %.3g", limit.name, limit.got, limit.max))
		}
	}
	return out
}
