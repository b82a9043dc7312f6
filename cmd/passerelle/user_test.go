package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// oneTime reads the one-time password a call printed.
func oneTime(t *testing.T, r result) string {
	t.Helper()
	_, password, found := strings.Cut(r.stdout, "one-time password: ")
	if !found {
		t.Fatalf("no password: %s", r.stdout)
	}
	return strings.TrimSpace(password)
}

// TestAU18AccountsFromTheCommandLine makes the first administrator, lets him
// make others, and follows them to the service: alone he decides, and as soon
// as there is a second one, two decide.
//
// covers AU-18, AZ-07
func TestAU18AccountsFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	user := func(args ...string) result {
		t.Helper()
		return call(t, nil, append(append([]string{"user"}, args...), "--data-dir", dir)...)
	}
	user("create", "chef@example.ml", "--role", "official").want(t, 1, "--as EMAIL")
	root := oneTime(t, user("create", "root@example.ml", "--role", "admin").want(t, 0, "role admin"))
	user("create", "root2@example.ml", "--role", "admin").want(t, 1, "an administrator exists already")
	user("create", "root@example.ml", "--role", "admin", "--as", "root@example.ml").want(t, 1)
	user("create", "x@example.ml", "--role", "king", "--as", "root@example.ml").want(t, 1)
	user("create", "x@example.ml", "--role", "official", "--as", "nobody@example.ml").want(t, 1)
	first := oneTime(t, user("create", "chef@example.ml", "--role", "official", "--institution", "ministry", "--as", "root@example.ml").want(t, 0))
	user("create", "y@example.ml", "--role", "observer", "--as", "chef@example.ml").want(t, 1, "may not do this")
	second := oneTime(t, user("reset", "chef@example.ml", "--as", "root@example.ml").want(t, 0))
	other := oneTime(t, user("create", "syndicat@example.ml", "--role", "observer", "--as", "root@example.ml").want(t, 0))
	user("disable", "syndicat@example.ml", "--as", "root@example.ml").want(t, 0, "disabled")
	user("disable", "syndicat@example.ml").want(t, 1, "--as EMAIL")
	user("create", "deux@example.ml", "--role", "admin", "--as", "root@example.ml").want(t, 0, "no other administrator")
	proposed := oneTime(t, user("create", "trois@example.ml", "--role", "observer", "--as", "root@example.ml").want(t, 0, "waits for the confirmation"))

	s := serve(t, dir)
	for login, password := range map[string]string{"trois@example.ml": proposed, "chef@example.ml": first, "syndicat@example.ml": other} {
		r := s.send("POST", "/api/v1/auth/login", "", map[string]string{"login": login, "password": password})
		if r.status != http.StatusUnauthorized {
			t.Errorf("%s signs in with a password that is void: %d %s", login, r.status, r.body)
		}
	}
	for login, password := range map[string]string{"root@example.ml": root, "chef@example.ml": second} {
		token := s.login(login, password)
		if me := get[struct{ MustChangePassword bool }](s, "/api/v1/me", token); !me.MustChangePassword {
			t.Errorf("%s: the one-time password may be kept", login)
		}
		if r := s.send("GET", "/api/v1/applications", token, nil); r.status != http.StatusForbidden {
			t.Errorf("%s works with a one-time password: %d %s", login, r.status, r.body)
		}
	}
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.printed)
	}
}
