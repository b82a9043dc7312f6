package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/lifecycle"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// door is a function that writes to the audit log an action it is given.
type door struct {
	room   string // package; empty = all of them
	name   string
	at     int // place of the action among the parameters
	prefix string
}

// actionReader finds the actions in the source text: the texts that stand as
// the action of an audit entry, or are handed to a function that writes one.
type actionReader struct {
	consts map[string]map[string]bool // package.name of a constant → its texts
	doors  map[door]bool
	found  map[string]bool
	files  []*ast.File
}

// actionForm is the form of an action as it is written.
var actionForm = regexp.MustCompile(`^[a-z]+(\.[a-z_]+)+$`)

func readActions(t *testing.T) *actionReader {
	t.Helper()
	r := &actionReader{consts: map[string]map[string]bool{}, doors: map[door]bool{}, found: map[string]bool{}}
	for _, room := range []string{"domain", "auth", "app", "ledger", "jobs", "web"} {
		err := filepath.WalkDir(room, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			r.files = append(r.files, file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range r.files {
		ast.Inspect(file, func(n ast.Node) bool { return r.constant(file.Name.Name, n) })
	}
	for before := -1; before != len(r.doors)+len(r.found); {
		before = len(r.doors) + len(r.found)
		for _, file := range r.files {
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
					r.function(file.Name.Name, f)
				}
			}
		}
	}
	return r
}

func (r *actionReader) constant(room string, n ast.Node) bool {
	if spec, ok := n.(*ast.ValueSpec); ok {
		for i, name := range spec.Names {
			if i < len(spec.Values) {
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					key := room + "." + name.Name
					if r.consts[key] == nil {
						r.consts[key] = map[string]bool{}
					}
					text, _ := strconv.Unquote(lit.Value)
					r.consts[key][text] = true
				}
			}
		}
	}
	return true
}

// function reads what one function writes and hands on.
func (r *actionReader) function(room string, f *ast.FuncDecl) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			entry, change := called(n.Type) == "Entry", room == "offer" && called(n.Type) == "change"
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && entry && called(kv.Key) == "Action" {
					r.action(room, f, kv.Value, "")
				} else if ok && change && called(kv.Key) == "action" {
					r.action(room, f, kv.Value, "offer.")
				}
			}
		case *ast.CallExpr:
			for d := range maps.Clone(r.doors) {
				if called(n.Fun) == d.name && d.at < len(n.Args) && (d.room == "" || d.room == room) {
					r.action(room, f, n.Args[d.at], d.prefix)
				}
			}
		}
		return true
	})
}

// called gives the last name of an expression.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// action reads an expression that gives an action after that prefix.
func (r *actionReader) action(room string, f *ast.FuncDecl, e ast.Expr, prefix string) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			r.add(prefix + text)
		}
	case *ast.BinaryExpr:
		if lit, ok := e.X.(*ast.BasicLit); ok {
			text, _ := strconv.Unquote(lit.Value)
			r.action(room, f, e.Y, prefix+text)
		}
	case *ast.CallExpr: // string(x), cmp.Or(x, y)
		for _, arg := range e.Args {
			r.action(room, f, arg, prefix)
		}
	case *ast.Ident, *ast.SelectorExpr:
		name := called(e)
		at := 0
		for _, p := range f.Type.Params.List {
			for _, given := range p.Names {
				if given.Name == name {
					d := door{room, f.Name.Name, at, prefix}
					if name := f.Name.Name; name == "Record" {
						d.room = "" // of an account, also called from elsewhere
					}
					r.doors[d] = true
					return
				}
				at++
			}
		}
		if of, ok := e.(*ast.SelectorExpr); ok && r.consts[called(of.X)+"."+name] != nil {
			room = called(of.X)
		}
		for text := range r.consts[room+"."+name] {
			r.add(prefix + text)
		}
	}
}

func (r *actionReader) add(action string) {
	if actionForm.MatchString(action) {
		r.found[action] = true
	}
}

// steps adds the steps of a transition table: most reach the log by way of a
// value that holds one.
func steps[S ~string](r *actionReader, noun string, table lifecycle.Table[S]) {
	for _, step := range table {
		r.add(noun + "." + step.Action)
	}
}

// TestEveryActionIsListed: whatever is written to the audit log is in its list
// of actions, for which pages have words, and nothing else is.
func TestEveryActionIsListed(t *testing.T) {
	r := readActions(t)
	read := len(r.found)
	steps(r, "agency", agency.Transitions())
	steps(r, "application", application.Transitions())
	steps(r, "employer", employer.Transitions())
	steps(r, "incident", incident.Transitions())
	steps(r, "offer", offer.Transitions())
	steps(r, "placement", placement.Transitions())
	for _, action := range []string{employer.ProposalPrefix + employer.ActBar, employer.ProposalPrefix + employer.ActReopen} {
		r.found["employer."+action] = true
	}
	r.found["import."+intake.ApproveAll], r.found["import."+intake.PublishAll] = true, true
	if read < 130 || !r.found["offer.publish"] || !r.found["auth.login"] || !r.found["offer.import"] || !r.found["incident.follow_up"] || !r.found["quota.exceeded"] {
		t.Errorf("only %d actions are found: %v", read, slices.Sorted(maps.Keys(r.found)))
	}
	if found := slices.Sorted(maps.Keys(r.found)); !slices.Equal(found, audit.Actions()) {
		for _, action := range found {
			if !slices.Contains(audit.Actions(), action) {
				t.Errorf("%s is written, and not in audit.Actions", action)
			}
		}
		for _, action := range audit.Actions() {
			if !r.found[action] {
				t.Errorf("%s is in audit.Actions, and nothing writes it", action)
			}
		}
	}
}
