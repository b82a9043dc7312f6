package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// house is one running demonstration as its users meet it, and its inside for
// what a test has to know beforehand.
type house struct {
	*App
	base string
	stop func() error

	numbers atomic.Int64
	mu      sync.Mutex
	tokens  map[string]string
}

// seed holds a demonstration's data directory, made once and only copied from
// then on: loading a copy is faster than making the sample again.
var seed struct {
	sync.Once
	dir string
	err error
}

// running is a demonstration that several tests use.
type running struct {
	sync.Once
	dir   string
	house *house
	err   error
}

// shared is for tests that only read, worked for those that make their own
// records and leave registers and corridors as they found them.
var shared, worked running

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	failed := []error{shared.end(), worked.end()}
	if seed.dir != "" {
		failed = append(failed, os.RemoveAll(seed.dir))
	}
	if err := errors.Join(failed...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func demoOptions(dir string) Options {
	return Options{Listen: "127.0.0.1:0", DataDir: dir, Demo: true, Fast: true, RateLimitOff: true, Version: "test"}
}

func seededDir(t testing.TB) string {
	t.Helper()
	seed.Do(func() {
		if seed.dir, seed.err = os.MkdirTemp("", "house-"); seed.err != nil {
			return
		}
		var a *App
		if a, seed.err = New(context.Background(), demoOptions(seed.dir)); seed.err == nil {
			seed.err = a.Close()
		}
	})
	if seed.err != nil {
		t.Fatal(seed.err)
	}
	return seed.dir
}

// openHouse runs a demonstration of the test's own.
func openHouse(t testing.TB) *house {
	t.Helper()
	dir := t.TempDir()
	if err := copyDir(seededDir(t), dir); err != nil {
		t.Fatal(err)
	}
	return openHouseWith(t, demoOptions(dir))
}

// copyDir copies regular files with their modes: the master key must stay
// readable by its owner only.
func copyDir(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, relative), 0o700)
		case !info.Mode().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), content, info.Mode().Perm())
	})
}

// readHouse gives the demonstration that is shared and must not be changed.
func readHouse(t testing.TB) *house { return shared.open(t) }

// workHouse gives the one whose tests only make records of their own.
func workHouse(t testing.TB) *house { return worked.open(t) }

func (r *running) open(t testing.TB) *house {
	t.Helper()
	from := seededDir(t)
	r.Do(func() {
		if r.dir, r.err = os.MkdirTemp("", "house-"); r.err != nil {
			return
		}
		if r.err = copyDir(from, r.dir); r.err == nil {
			r.house, r.err = runHouse(r.dir)
		}
	})
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.house
}

func (r *running) end() error {
	var stopped error
	if r.house != nil {
		stopped = r.house.stop()
	}
	if r.dir == "" {
		return stopped
	}
	return errors.Join(stopped, os.RemoveAll(r.dir))
}

func runHouse(dir string) (*house, error) { return runHouseWith(demoOptions(dir)) }

// openHouseWith runs a house of its own for a test, until the test ends.
func openHouseWith(t testing.TB, options Options) *house {
	t.Helper()
	h, err := runHouseWith(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func runHouseWith(options Options) (*house, error) {
	a, err := New(context.Background(), options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	h := &house{App: a, base: "http://" + a.Address(), tokens: map[string]string{}}
	h.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	return h, nil
}

// caller is somebody who speaks to the API.
type caller struct {
	t     testing.TB
	base  string
	token string
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// member gives a text of the answer by the names that lead to it.
func (r *reply) member(names ...string) string {
	var v any
	_ = json.Unmarshal(r.body, &v) // no JSON has no members
	for _, name := range names {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	text, _ := v.(string)
	return text
}

// as signs in to a demo account, once per house; "" is nobody.
func (h *house) as(t testing.TB, name string) *caller {
	t.Helper()
	c := &caller{t: t, base: h.base}
	if name == "" {
		return c
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tokens[name] == "" {
		h.tokens[name] = c.login(name+"@demo.test", h.DemoPassword()).token
	}
	c.token = h.tokens[name]
	return c
}

// login gives a caller with a session of its own.
func (c *caller) login(login, password string) *caller {
	c.t.Helper()
	pair := c.must(http.StatusOK, "POST", "/auth/login", object{"login": login, "password": password})
	return &caller{c.t, c.base, pair.member("accessToken")}
}

type object = map[string]any

// form is a body that is sent as it is, under its own content type.
type form struct {
	contentType string
	content     []byte
}

// send makes one request; path is under /api/v1 unless it is a whole one.
// Headers come in pairs. A request without answer fails the test and has the
// status 0.
func (c *caller) send(method, path string, body any, headers ...string) *reply {
	c.t.Helper()
	r, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Error(err)
		return &reply{header: http.Header{}}
	}
	return r
}

func (c *caller) try(method, path string, body any, headers ...string) (*reply, error) {
	request, err := c.request(method, path, body, headers...)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return &reply{answer.StatusCode, answer.Header, text}, err
}

var client = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 32},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (c *caller) request(method, path string, body any, headers ...string) (*http.Request, error) {
	if !isRoot(path) {
		path = "/api/v1" + path
	}
	content, contentType, err := encoded(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, c.base+path, content)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request, nil
}

func isRoot(path string) bool {
	for _, root := range []string{"/api/v1/", "/livez", "/readyz", "/openapi.json", "/.well-known/"} {
		if len(path) >= len(root) && path[:len(root)] == root {
			return true
		}
	}
	return false
}

func encoded(body any) (io.Reader, string, error) {
	switch b := body.(type) {
	case nil:
		return http.NoBody, "", nil
	case form:
		return bytes.NewReader(b.content), b.contentType, nil
	}
	text, err := json.Marshal(body)
	return bytes.NewReader(text), "application/json", err
}

// must makes a request that has to be answered with that status.
func (c *caller) must(status int, method, path string, body any, headers ...string) *reply {
	c.t.Helper()
	r := c.send(method, path, body, headers...)
	if r.status != status {
		c.t.Fatalf("%s %s: %d, want %d\n%s", method, path, r.status, status, r.body)
	}
	return r
}

// read decodes the answer to a GET.
func read[T any](c *caller, path string) (out T) {
	c.t.Helper()
	r := c.must(http.StatusOK, "GET", path, nil)
	if err := json.Unmarshal(r.body, &out); err != nil {
		c.t.Fatalf("GET %s: %v\n%s", path, err, r.body)
	}
	return out
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to make it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", path, firstDifference(string(want), got))
	}
}

// firstDifference shows the first lines that are not the same.
func firstDifference(want, got string) string {
	a, b := bytes.Split([]byte(want), []byte("\n")), bytes.Split([]byte(got), []byte("\n"))
	out, shown := "", 0
	for i := 0; i < max(len(a), len(b)) && shown < 12; i++ {
		var x, y []byte
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if !bytes.Equal(x, y) {
			out += fmt.Sprintf("line %d\n- %s\n+ %s\n", i+1, x, y)
			shown++
		}
	}
	return out
}
