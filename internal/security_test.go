package internal

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The rows of the security table, and where the proofs are written down: an id
// in the name of a test ("TestAU04…"), or in a comment on it ("// covers
// AU-04, AZ-03").
const (
	securityRows   = "testdata/security.tsv"
	securityGolden = "testdata/security.golden"
	rowsExpected   = 85
)

var (
	idInName    = regexp.MustCompile(`(AU|AZ|IN|LM|UP|PR|AD|WB|SC|RL)([0-9]{2})`)
	idInComment = regexp.MustCompile(`\b(AU|AZ|IN|LM|UP|PR|AD|WB|SC|RL)-([0-9]{2})\b`)
)

// securityRow is one thing that must be true.
type securityRow struct{ id, title, note string }

// TestSecurityTable compares the table of what must be true with the tests
// there are: each row has at least one, or says what it waits for. The golden
// file shows the whole; it changes with every proof that is added or lost.
func TestSecurityTable(t *testing.T) {
	rows := readRows(t)
	if len(rows) != rowsExpected {
		t.Errorf("the table has %d rows, want %d", len(rows), rowsExpected)
	}
	proofs := readProofs(t)
	var out strings.Builder
	for _, r := range rows {
		tests := proofs[r.id]
		delete(proofs, r.id)
		slices.Sort(tests)
		tests = slices.Compact(tests)
		switch {
		case strings.HasPrefix(r.note, "later: ") && len(tests) > 0:
			t.Errorf("%s has tests and is marked %q", r.id, r.note)
		case strings.HasPrefix(r.note, "script: "):
			checkScripts(t, r)
		case r.note == "" && len(tests) == 0:
			t.Errorf("%s (%s) has no test", r.id, r.title)
		}
		fmt.Fprintf(&out, "%s  %s\n", r.id, r.title)
		if r.note != "" {
			fmt.Fprintf(&out, "       %s\n", r.note)
		}
		for _, name := range tests {
			fmt.Fprintf(&out, "       %s\n", name)
		}
	}
	for id, tests := range proofs {
		t.Errorf("%v name %s, which is not in the table", tests, id)
	}
	compareGolden(t, out.String())
}

func readRows(t *testing.T) (rows []securityRow) {
	t.Helper()
	text, err := os.ReadFile(securityRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		parts := append(strings.Split(line, "\t"), "", "")
		rows = append(rows, securityRow{parts[0], parts[1], parts[2]})
	}
	return rows
}

// checkScripts makes sure that the scripts a row names are there.
func checkScripts(t *testing.T, r securityRow) {
	t.Helper()
	for _, path := range strings.Split(strings.TrimPrefix(r.note, "script: "), ", ") {
		if info, err := os.Stat(filepath.Join("..", path)); err != nil || info.Mode()&0o100 == 0 {
			t.Errorf("%s names %s, which cannot be run (%v)", r.id, path, err)
		}
	}
}

// readProofs finds the ids in every test file: id → "folder TestName".
func readProofs(t *testing.T) map[string][]string {
	t.Helper()
	proofs := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../"))
		for _, declared := range file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Test") && !strings.HasPrefix(f.Name.Name, "Fuzz") {
				continue
			}
			for _, id := range idsOf(files, file, f) {
				proofs[id] = append(proofs[id], folder+" "+f.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return proofs
}

// idsOf gives the ids in the name of a test, in its comment, and in a comment
// on its first line.
func idsOf(files *token.FileSet, file *ast.File, f *ast.FuncDecl) (ids []string) {
	add := func(matches [][]string) {
		for _, m := range matches {
			ids = append(ids, m[1]+"-"+m[2])
		}
	}
	add(idInName.FindAllStringSubmatch(f.Name.Name, -1))
	if f.Doc != nil {
		if _, covers, ok := strings.Cut(f.Doc.Text(), "covers "); ok {
			add(idInComment.FindAllStringSubmatch(covers, -1))
		}
	}
	line := files.Position(f.Pos()).Line
	for _, c := range file.Comments {
		if files.Position(c.Pos()).Line == line {
			add(idInComment.FindAllStringSubmatch(c.Text(), -1))
		}
	}
	return ids
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(securityGolden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(securityGolden)
	if err != nil {
		t.Fatalf("%v (run with -update to make it)", err)
	}
	before, after := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, line := range before {
		if !slices.Contains(after, line) {
			t.Errorf("gone: %s", line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			t.Errorf("new: %s", line)
		}
	}
	if got != string(want) {
		t.Errorf("%s differs; run go test ./internal -update and read the difference", securityGolden)
	}
}
