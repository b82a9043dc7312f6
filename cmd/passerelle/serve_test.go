package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestServeDemo starts the demonstration as anybody would, asks whether it is
// well, and stops it.
func TestServeDemo(t *testing.T) {
	dir := demoDir(t)
	for _, line := range []string{"master key was written", "Passerelle is ready: http://127.0.0.1:", "candidate@demo.test", demoPassword} {
		if !strings.Contains(demo.printed, line) {
			t.Errorf("the first start does not say %q:\n%s", line, demo.printed)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "master.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("master key: %v %v", info, err)
	}
	s := serve(t, dir, "--demo")
	for path, status := range map[string]int{"/livez": 200, "/readyz": 200, "/openapi.json": 200, "/metrics": 404, "/debug/pprof/": 404} {
		if r := s.send("GET", path, "", nil); r.status != status {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if found := get[struct{ Total int }](s, "/api/v1/offers", ""); found.Total < 300 {
		t.Errorf("%d offers", found.Total)
	}
	call(t, nil, "probe", s.base+"/readyz").want(t, 0, "200")
	call(t, nil, "probe", s.base+"/nowhere").want(t, 1, "404")
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("SIGTERM: exit code %d\n%s", code, s.printed)
	}
	if strings.Contains(s.printed.String(), "master key was written") {
		t.Errorf("the second start makes a key:\n%s", s.printed)
	}
}

// TestDemoAndServiceKeepApart gives each the other's database.
func TestDemoAndServiceKeepApart(t *testing.T) {
	call(t, quiet, "serve", "--data-dir", demoDir(t)).want(t, 1, "was made by serve --demo")
	real := t.TempDir()
	call(t, nil, "user", "create", "root@example.ml", "--role", "admin", "--data-dir", real).want(t, 0)
	call(t, quiet, "serve", "--demo", "--data-dir", real).want(t, 1, "was not made by serve --demo")
	call(t, nil, "user", "disable", "nobody@example.ml", "--as", "root@example.ml", "--data-dir", real).want(t, 1, "no account with that address")
}

// TestALockedDirectoryNamesTheWayOut works beside a running server.
func TestALockedDirectoryNamesTheWayOut(t *testing.T) {
	dir := demoDir(t)
	s := serve(t, dir, "--demo")
	call(t, nil, "job", "run", "expire-offers", "--data-dir", dir).want(t, 1, "in use by another process", "--server URL")
	call(t, quiet, "serve", "--demo", "--data-dir", dir).want(t, 1, "in use by another process")
	if r := s.send("GET", "/readyz", "", nil); r.status != http.StatusOK {
		t.Errorf("the server suffered: %d", r.status)
	}
	if code := s.end(syscall.SIGINT); code != 0 {
		t.Errorf("SIGINT: exit code %d", code)
	}
	call(t, nil, "job", "run", "expire-offers", "--data-dir", dir).want(t, 0, "job expire-offers: done")
	call(t, nil, "job", "run", "make-tea", "--data-dir", dir).want(t, 1, "no job of that name")
}

// TestMistakesInTheCall are told apart from failures by their exit code.
func TestMistakesInTheCall(t *testing.T) {
	for _, args := range [][]string{
		{"fly"}, {"user", "fly"}, {"job", "fly"}, {"config", "fly"}, {"serve", "now"}, {"serve", "--fly"}, {"user", "create"},
		{"user", "create", "a@example.ml"}, {"import"}, {"import", "f", "--kind", "birds"}, {"job", "run"}, {"probe"},
		{"import", os.Args[0], "--server", "nowhere"}, {"import", os.Args[0], "--server", "http://127.0.0.1:1"},
	} {
		if r := call(t, nil, args...); r.code != 2 || r.stderr == "" {
			t.Errorf("%q: exit code %d\n%s%s", args, r.code, r.stdout, r.stderr)
		}
	}
	call(t, nil).want(t, 0, "serve", "import", "user")
	call(t, nil, "version").want(t, 0, "passerelle")
	call(t, nil, "import", "no-such-file", "--as", "a@example.ml", "--data-dir", t.TempDir()).want(t, 1, "no-such-file")
	call(t, []string{"PASSERELLE_LISTEN=nowhere"}, "serve").want(t, 1, "listen")
}

// TestConfigShowHidesSecrets prints settings that hold every kind of secret.
//
// covers SC-03
func TestConfigShowHidesSecrets(t *testing.T) {
	r := call(t, []string{
		"PASSERELLE_MASTER_KEY=c2VjcmV0LW1hc3Rlci1rZXktb2YtMzItYnl0ZXMhISE=", "PASSERELLE_DEMO_PASSWORD=une-clé-de-démonstration",
		"PASSERELLE_MONGODB_URI=mongodb://clerk:hunter2@db.example/?tlsCertificateKeyFilePassword=deep", "PASSERELLE_TOKEN=eyJhbGciOi",
	}, "config", "show").want(t, 0, "********", "db.example", "listen:")
	for _, secret := range []string{"c2VjcmV0", "démonstration", "hunter2", "deep", "eyJhbGciOi"} {
		if strings.Contains(r.stdout+r.stderr, secret) {
			t.Errorf("config show tells %q:\n%s", secret, r.stdout)
		}
	}
}
