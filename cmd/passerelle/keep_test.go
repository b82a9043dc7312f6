package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// freeAddress gives an address nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// totals finds the digests a command has printed.
func totals(r result) string {
	return strings.Join(regexp.MustCompile(`(?m)^  (?:offer|profile|account|key) .*$`).FindAllString(r.stdout, -1), "\n")
}

// TestRL09BackupFromTheCommandLine goes the way of an operator: a backup of the
// running service, a check, a restore elsewhere, an export, its import, and
// the service started from what came out.
func TestRL09BackupFromTheCommandLine(t *testing.T) {
	dir, place := demoDir(t), t.TempDir()
	admin := freeAddress(t)
	s := serveWith(t, []string{"PASSERELLE_ADMIN_LISTEN=" + admin}, dir, "--demo")
	token := filepath.Join(place, "token")
	if err := os.WriteFile(token, []byte(s.login("admin@demo.test", demoPassword)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, key := filepath.Join(place, "running.backup"), filepath.Join(dir, "master.key")
	call(t, nil, "backup", filepath.Join(place, "locked"), "--data-dir", dir).want(t, 1, "--server")
	call(t, nil, "backup", file, "--server", "http://"+admin, "--token-file", token).want(t, 0, "bytes")
	call(t, nil, "backup", file, "--server", "http://"+admin, "--token-file", token).want(t, 1, "exists")
	call(t, nil, "backup", filepath.Join(place, "x"), "--server", s.base, "--token-file", token).want(t, 1, "404")
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Fatalf("exit code %d\n%s", code, s.printed)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	checked := call(t, nil, "restore", file, "--check", "--key-file", key).want(t, 0, "the backup is whole")
	call(t, nil, "restore", file, "--check").want(t, 1, "--key-file")
	second := filepath.Join(place, "second")
	call(t, nil, "restore", file, "--data-dir", dir, "--key-file", key).want(t, 1, "empty place")
	restored := call(t, nil, "restore", file, "--data-dir", second, "--key-file", key).want(t, 0, "every document as in the manifest", "index: offer", "audit log:")
	if totals(restored) == "" || totals(restored) != totals(checked) {
		t.Errorf("restored\n%s\nchecked\n%s", totals(restored), totals(checked))
	}
	export, third := filepath.Join(place, "export"), filepath.Join(place, "third")
	exported := call(t, nil, "export", export, "--data-dir", second).want(t, 0, "not encrypted")
	moved := call(t, nil, "import", export, "--data-dir", third, "--key-file", key).want(t, 0, "every document as in the manifest")
	if totals(moved) != totals(exported) || totals(moved) != totals(checked) {
		t.Errorf("moved\n%s\nexported\n%s", totals(moved), totals(exported))
	}
	call(t, nil, "backup", filepath.Join(place, "third.backup"), "--data-dir", third).want(t, 0, "documents")
	s = serve(t, third, "--demo")
	s.login("official@demo.test", demoPassword)
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.printed)
	}
}

func TestBackupNeedsData(t *testing.T) {
	empty := t.TempDir()
	call(t, nil, "backup", filepath.Join(empty, "b"), "--data-dir", empty).want(t, 1, "no database")
	call(t, nil, "export", filepath.Join(empty, "e"), "--data-dir", empty).want(t, 1, "no database")
	if left, err := os.ReadDir(empty); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	call(t, nil, "restore").want(t, 2)
	call(t, nil, "restore", "a", "--from-export", "b").want(t, 2)
	call(t, nil, "restore", "--check", "--from-export", empty).want(t, 2)
}

// TestSC03NoSecretInArguments goes through every flag of every command: other
// users of the machine can read arguments, so a secret is only ever named by
// the file that holds it.
func TestSC03NoSecretInArguments(t *testing.T) {
	secret := regexp.MustCompile(`(?i)password|passphrase|secret|token|credential|(^|-)key`)
	flags, seen := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z][a-z-]*)`), 0
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, flag := range flags.FindAllStringSubmatch(cmd.Flags().FlagUsages()+cmd.PersistentFlags().FlagUsages(), -1) {
			seen++
			if name := flag[1]; secret.MatchString(name) && !strings.HasSuffix(name, "-file") {
				t.Errorf("%s --%s takes a secret", cmd.CommandPath(), name)
			}
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	p := &program{}
	root := p.root()
	root.SetContext(context.Background())
	visit(root)
	if seen < 20 {
		t.Errorf("only %d flags found", seen)
	}
}
