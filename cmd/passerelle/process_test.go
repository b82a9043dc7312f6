package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// reexec makes this test binary the program itself.
const reexec = "RUN_AS_PASSERELLE"

// patience bounds one call of the program; it is no measure of its speed.
const patience = 2 * time.Minute

func TestMain(m *testing.M) {
	if os.Getenv(reexec) != "" {
		main()
		return
	}
	code := m.Run()
	if demo.dir != "" {
		if err := os.RemoveAll(demo.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// command gives a call of the program with an environment of its own.
func command(environ []string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{reexec + "=1", "HOME=/nonexistent", "PASSERELLE_LOG_LEVEL=warn"}, environ...)
	return cmd
}

// result is what a call that has ended left behind.
type result struct {
	code           int
	stdout, stderr string
}

// run calls the program and waits for its end.
func call(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := command(environ, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }) // the code tells
	defer stop.Stop()
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// wantCode fails unless the call ended with that code and said all of that.
func (r result) want(t *testing.T, code int, says ...string) result {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, r.stdout, r.stderr)
	}
	for _, s := range says {
		if !strings.Contains(r.stdout+r.stderr, s) {
			t.Errorf("it does not say %q:\n%s%s", s, r.stdout, r.stderr)
		}
	}
	return r
}

// server is one run of serve.
type server struct {
	t       *testing.T
	cmd     *exec.Cmd
	base    string
	printed *bytes.Buffer
	ended   chan error
}

var quiet = []string{"PASSERELLE_LISTEN=127.0.0.1:0", "PASSERELLE_ADMIN_LISTEN=127.0.0.1:0", "PASSERELLE_RATE_LIMIT=off"}

// serve starts the service and waits until it has written its address.
func serve(t *testing.T, dir string, args ...string) *server {
	t.Helper()
	return serveWith(t, nil, dir, args...)
}

// serveWith is serve with more environment.
func serveWith(t *testing.T, environ []string, dir string, args ...string) *server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "address")
	s := &server{t: t, printed: &bytes.Buffer{}, ended: make(chan error, 1)}
	s.cmd = command(append(slices.Clone(quiet), environ...), append([]string{"serve", "--data-dir", dir, "--address-file", file}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.printed, s.printed
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() { _ = s.cmd.Process.Kill() }) // it has ended already unless the test failed
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		if text, err := os.ReadFile(file); err == nil {
			s.base = "http://" + string(text)
			return s
		}
		select {
		case err := <-s.ended:
			t.Fatalf("the server ended: %v\n%s", err, s.printed)
		case <-ctx.Done():
			t.Fatalf("the server is not ready\n%s", s.printed)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// end sends the signal and gives the exit code.
func (s *server) end(signal syscall.Signal) int {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Fatal(err)
	}
	select {
	case <-s.ended:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		s.t.Fatal("the server does not end")
		return -1
	}
}

// demo is a demonstration's data directory, made once by serve --demo itself.
var demo struct {
	sync.Once
	dir     string
	printed string
}

// demoDir gives a copy of it.
func demoDir(t *testing.T) string {
	t.Helper()
	demo.Do(func() {
		dir, err := os.MkdirTemp("", "demo-")
		if err != nil {
			t.Fatal(err)
		}
		demo.dir = dir
		s := serve(t, dir, "--demo")
		if code := s.end(syscall.SIGTERM); code != 0 {
			t.Fatalf("exit code %d\n%s", code, s.printed)
		}
		demo.printed = s.printed.String()
	})
	dir := t.TempDir()
	if err := copyDir(demo.dir, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copyDir copies regular files with their modes.
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

// reply is an answer of the service; status 0 means that there was none.
type reply struct {
	status int
	body   []byte
}

// send makes one request; headers come in pairs.
func (s *server) send(method, path, token string, body any, headers ...string) reply {
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Error(err)
	}
	request, err := http.NewRequest(method, s.base+path, bytes.NewReader(text))
	if err != nil {
		s.t.Error(err)
		return reply{}
	}
	if body == nil {
		request.Body, request.ContentLength = http.NoBody, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		return reply{}
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return reply{}
	}
	return reply{answer.StatusCode, content}
}

// get decodes an answer that must be there.
func get[T any](s *server, path, token string) (out T) {
	s.t.Helper()
	r := s.send("GET", path, token, nil)
	if err := json.Unmarshal(r.body, &out); r.status != http.StatusOK || err != nil {
		s.t.Fatalf("%s: %d %v %s", path, r.status, err, r.body)
	}
	return out
}

const demoPassword = "pont-sur-le-niger-2026"

// login gives an access token.
func (s *server) login(login, password string) string {
	s.t.Helper()
	r := s.send("POST", "/api/v1/auth/login", "", map[string]string{"login": login, "password": password})
	var pair struct{ AccessToken string }
	if err := json.Unmarshal(r.body, &pair); r.status != http.StatusOK || err != nil {
		s.t.Fatalf("login of %s: %d %v %s", login, r.status, err, r.body)
	}
	return pair.AccessToken
}
