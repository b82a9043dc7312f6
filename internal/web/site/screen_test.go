package site_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// modeVariable names the way to walk the journeys in Chromium; without it they
// are walked over HTTP. axeVariable names a file with axe-core, which the
// project does not hold; without it states are not put through it.
const (
	modeVariable = "PASSERELLE_BROWSER"
	axeVariable  = "PASSERELLE_AXE"
)

// The ways to walk the journeys in Chromium.
const (
	byTouch   = "touch"   // a telephone, in French, without JavaScript
	byKeys    = "keys"    // as narrow, in French, without JavaScript, nothing but keys
	inEnglish = "english" // a desk, in English, with JavaScript
)

// The window, in CSS pixels, and how long one step may take on a busy machine.
const (
	phoneWide, phoneHigh = 360, 740
	deskWide, deskHigh   = 1280, 900
	patient              = 40 * time.Second
)

//go:embed testdata/screen.js
var screenScript string

// chromium is the one browser of a test run, and what the run has seen.
type chromium struct {
	mode     string
	patience time.Duration // of one step
	ctx      context.Context
	end      func()
	dir      string // for files to send
	axe      string // the source of axe-core; empty = states are not put through it

	mu    sync.Mutex
	seen  map[string]bool // kinds and states of pages that were looked at closely
	walks []*walked
}

// inBrowser is nil when the journeys are walked over HTTP. TestMain sets it.
var inBrowser *chromium

func TestMain(m *testing.M) {
	os.Exit(runIn(os.Getenv(modeVariable), m.Run))
}

func runIn(mode string, tests func() int) int {
	if mode != "" {
		c, err := startChromium(mode, os.Getenv(axeVariable))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		inBrowser = c
		defer c.report(os.Stdout)
		defer c.end()
	}
	status := tests()
	if status == 0 && complete(mode) {
		return everywhere.judge(os.Stderr)
	}
	return status
}

func startChromium(mode, axeFile string) (*chromium, error) {
	if mode != byTouch && mode != byKeys && mode != inEnglish {
		return nil, fmt.Errorf("%s is %q; it may be %s, %s or %s", modeVariable, mode, byTouch, byKeys, inEnglish)
	}
	c := &chromium{mode: mode, patience: patient, seen: map[string]bool{}}
	if axeFile != "" {
		engine, err := os.ReadFile(axeFile)
		if err != nil {
			return nil, err
		}
		c.axe = string(engine)
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "passerelle-browser-"); err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(c.dir+"/profile"),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("deny-permission-prompts", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(ctx)
	c.ctx, c.end = ctx, func() {
		leave()
		stop()
		if err := os.RemoveAll(c.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if err := chromedp.Do(ctx); err != nil {
		c.end()
		return nil, fmt.Errorf("Chromium does not start: %w", err)
	}
	return c, nil
}

// screen is a tab with cookies of its own.
type screen struct {
	*chromium
	ctx    context.Context
	width  int64
	height int64
	loaded chan cdp.LoaderID

	mu       sync.Mutex
	loader   cdp.LoaderID // of the page that is open
	file     cdp.LoaderID // of what came last and is no page
	answers  map[cdp.LoaderID]*network.Response
	failures map[cdp.LoaderID]string
	noticed  []string // what the browser complained of since last asked
}

// screen opens a tab as the mode says; it is closed at the end of the test.
func (c *chromium) screen(t testing.TB) (*screen, error) {
	ctx, leave := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	s := &screen{chromium: c, ctx: ctx, loaded: make(chan cdp.LoaderID, 64), answers: map[cdp.LoaderID]*network.Response{}, failures: map[cdp.LoaderID]string{}}
	if err := chromedp.Listen(ctx, s.hear); err != nil {
		return nil, err
	}
	s.width, s.height = phoneWide, phoneHigh
	if c.mode == inEnglish {
		s.width, s.height = deskWide, deskHigh
	}
	_, err := chromedp.Call(ctx, page.SetLifecycleEventsEnabled, page.SetLifecycleEventsEnabledParams{Enabled: true})
	if err == nil {
		_, err = chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": languages(c.mode)}})
	}
	if err == nil && c.mode == byTouch {
		_, err = chromedp.Call(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 1})
	}
	return s, errors.Join(err, s.scripts(c.mode == inEnglish), s.wide(s.width))
}

// wide gives the window a width in CSS pixels.
func (s *screen) wide(width int64) error {
	_, err := chromedp.Call(s.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.mode == byTouch})
	return err
}

// scripts lets the page's own scripts run, or not.
func (s *screen) scripts(run bool) error {
	_, err := chromedp.Call(s.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
	return err
}

// hear keeps what the browser tells about pages, and what it complains of.
func (s *screen) hear(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			s.answers[e.LoaderID] = e.Response
		} else if e.Response.Status >= http.StatusBadRequest {
			s.notice(fmt.Sprintf("%s: %d", e.Response.URL, e.Response.Status))
		}
	case *network.EventLoadingFailed:
		if e.Type == network.ResourceTypeDocument {
			s.failures[cdp.LoaderID(e.RequestID)] = e.ErrorText
			s.arrived(cdp.LoaderID(e.RequestID))
		} else if !e.Canceled {
			s.notice("a request failed: " + e.ErrorText + " " + string(e.BlockedReason))
		}
	case *page.EventLifecycleEvent:
		if e.Name == "load" {
			s.arrived(e.LoaderID)
		}
	case *log.EventEntryAdded:
		s.hearLog(e.Entry)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			s.notice(fmt.Sprintf("the console shows an error: %v", e.Args))
		}
	case *runtime.EventExceptionThrown:
		s.notice("a script failed: " + e.ExceptionDetails.Text)
	}
}

// hearLog takes up errors; that a page itself answers with 404 or 422 is for
// the journey to judge.
func (s *screen) hearLog(e *log.Entry) {
	if e.Level != log.EntryLevelError || e.Source == log.EntrySourceNetwork {
		return
	}
	s.notice(fmt.Sprintf("%s: %s", e.Source, e.Text))
}

func (s *screen) notice(text string) { s.noticed = append(s.noticed, text) }

func (s *screen) arrived(at cdp.LoaderID) {
	select {
	case s.loaded <- at:
	default: // nobody waits for so many
	}
}

// complaints gives what was noticed since last asked.
func (s *screen) complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.noticed
	s.noticed = nil
	return out
}

// errNoPage says that an address led to no page: a download, or nothing.
var errNoPage = errors.New("no page came")

// navigate goes to an address as if it had been typed.
func (s *screen) navigate(address string) error {
	return s.leave(func(ctx context.Context) error {
		went, err := chromedp.Call(ctx, page.Navigate, page.NavigateParams{URL: address})
		if err == nil && went.ErrorText != "" {
			err = fmt.Errorf("%w: %s", errNoPage, went.ErrorText)
		}
		return err
	})
}

// leave does what leads to another page, and waits until that one is there.
func (s *screen) leave(act func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(s.ctx, s.patience)
	defer cancel()
	for len(s.loaded) > 0 {
		<-s.loaded
	}
	if err := act(ctx); err != nil {
		return err
	}
	for {
		select {
		case at := <-s.loaded:
			if at == s.loader {
				continue
			}
			s.mu.Lock()
			failure := s.failures[at]
			s.mu.Unlock()
			if failure != "" {
				s.file = at
				return fmt.Errorf("%w: %s", errNoPage, failure)
			}
			s.loader = at
			return nil
		case <-ctx.Done():
			return errors.New("nothing came of it: the page stays as it is")
		}
	}
}

// answer is how the server answered for the page that is open.
func (s *screen) answer() (int, http.Header) { return s.answered(s.loader) }

// answered is how the server answered a request.
func (s *screen) answered(loader cdp.LoaderID) (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, header := s.answers[loader], http.Header{}
	if a == nil {
		return 0, header
	}
	for name, value := range a.Headers {
		for line := range strings.SplitSeq(fmt.Sprint(value), "\n") {
			header.Add(name, line)
		}
	}
	if a.Status == http.StatusNotModified {
		return http.StatusOK, header // the page is the one that was kept
	}
	return int(a.Status), header
}

// ask evaluates a script in the page, also where the page's own do not run. For
// each %s it takes an argument.
func ask[T any](s *screen, script string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.patience)
	defer cancel()
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			var none T
			return none, err
		}
		args[i] = string(text)
	}
	if len(args) > 0 {
		script = fmt.Sprintf(script, args...)
	}
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// onScreen is what a page shows.
type onScreen struct {
	HTML, URL, Type string
	Forms           int
	Wrong           []string
}

// read takes in the page that is open.
func (s *screen) read() (*onScreen, error) {
	p, err := ask[onScreen](s, screenScript+"\npasserelleScreen.page()")
	return &p, err
}

// follow goes by a link of the page to an address, when it shows one.
func (s *screen) follow(address string) (bool, error) {
	s.mu.Lock()
	somewhere := s.loader != ""
	s.mu.Unlock()
	if !somewhere {
		return false, nil
	}
	found, err := ask[bool](s, "globalThis.passerelleScreen?.link(%s) ?? false", address)
	if err != nil || !found {
		return false, err
	}
	return true, s.leave(func(ctx context.Context) error { return s.activate(ctx) })
}
