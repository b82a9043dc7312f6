package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

const (
	crashDir  = "STORE_CRASH_DIR"
	crashSync = "STORE_CRASH_NOSYNC"
)

// TestCrashChild is the process that TestKilledProcessKeepsWrites kills.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("runs as the child of TestKilledProcessKeepsWrites")
	}
	db, err := store.Open(t.Context(), store.Options{Dir: dir, NoSync: os.Getenv(crashSync) != "",
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	docs := store.NewDocs(db)
	run := rand.Uint64()
	together(4, func(worker int) {
		for i := 0; ; i++ {
			id := fmt.Sprintf("doc_%x_%d_%d", run, worker, i)
			d, err := docs.Insert(t.Context(), doc(id))
			if err == nil {
				d, err = docs.Update(t.Context(), id, increment)
			}
			if err != nil {
				t.Error(err)
				return
			}
			// One write call a line: a line is there whole or not at all.
			fmt.Fprintf(os.Stdout, "ack %s %d\n", d.ID, d.Seq)
		}
	})
}

// TestKilledProcessKeepsWrites kills a writing process at random moments, from
// its first start on, and finds every acknowledged write afterwards. With
// NoSync it also shows that a kill needs no flush to the disk.
//
// covers RL-01
func TestKilledProcessKeepsWrites(t *testing.T) {
	for _, noSync := range []string{"", "1"} {
		t.Run("nosync="+noSync, func(t *testing.T) {
			dir := t.TempDir()
			acknowledged := map[string]string{}
			for range 6 {
				killAfter(t, dir, noSync, rand.IntN(150), acknowledged)
			}
			docs := store.NewDocs(storetest.OpenEmbedded(t, storetest.Dir(dir)))
			for id, seq := range acknowledged {
				d, err := docs.Get(t.Context(), id)
				if err != nil || fmt.Sprint(d.Seq) != seq {
					t.Errorf("%s: acknowledged at seq %s, found %d, %v", id, seq, d.Seq, err)
				}
			}
			t.Logf("%d acknowledged writes, %d documents found", len(acknowledged), count(t, docs))
		})
	}
}

// killAfter runs the child, kills it after that many acknowledged writes, and
// notes them all.
func killAfter(t *testing.T, dir, noSync string, lines int, acknowledged map[string]string) {
	t.Helper()
	child := exec.CommandContext(context.Background(), os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = append(os.Environ(), crashDir+"="+dir, crashSync+"="+noSync)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if lines == 0 {
		kill(t, child) // during the start
	}
	seen := 0
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) != 3 || fields[0] != "ack" {
			t.Errorf("the child says: %s", scanner.Text())
			continue
		}
		acknowledged[fields[1]] = fields[2]
		if seen++; seen == lines {
			kill(t, child)
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child was not killed")
	}
}

func kill(t *testing.T, child *exec.Cmd) {
	t.Helper()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
}
