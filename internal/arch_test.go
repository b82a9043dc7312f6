package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of our own rooms a room's non-test files may use. A
// room named with a trailing slash allows everything below it.
var mayImport = map[string][]string{
	"cmd/passerelle":           {"config", "internal/app"},
	"config":                   {},
	"internal/app":             {"internal/"},
	"internal/web":             {"internal/auth", "internal/domain/", "internal/web/locale"},
	"internal/web/api":         {"internal/web", "internal/web/rules", "internal/web/posting", "internal/web/locale", "internal/auth", "internal/domain/"},
	"internal/web/site":        {"internal/web", "internal/web/rules", "internal/web/posting", "internal/web/locale", "internal/web/sheet", "internal/auth", "internal/domain/"},
	"internal/web/rules":       {"internal/domain/"},
	"internal/web/posting":     {"internal/domain/"},
	"internal/web/locale":      {"internal/domain/"},
	"internal/web/sheet":       {"internal/domain/"},
	"internal/jobs":            {"internal/domain/"},
	"internal/demo":            {"internal/domain/"},
	"internal/auth":            {"internal/domain/"},
	"internal/ledger":          {"internal/domain/"},
	"internal/notify":          {"internal/domain/"},
	"internal/collect":         {"internal/domain/"},
	"internal/backup":          {"internal/domain/fault"},
	"internal/store":           {"internal/domain/", "internal/store/embedded"},
	"internal/store/embedded":  {"internal/domain/fault"},
	"internal/store/storetest": {"internal/store", "internal/domain/"},
	"internal/index":           {"internal/domain/"},
}

// domainOrder is the DAG inside domain: a room may use only rooms before it.
var domainOrder = []string{"fault", "text", "ref", "audit", "listing", "message", "account", "lifecycle", "lifecycle/lifecycletest", "idempotency", "agreement", "corridor", "agency", "employer", "offer", "profile", "match", "application", "intake", "placement", "suspension", "incident", "assignment", "report", "privacy", "statistics"}

// owner names the only rooms that may import a third-party module.
var owner = map[string][]string{
	"github.com/gin-gonic/gin":        {"internal/web", "internal/web/api", "internal/web/site"},
	"go.mongodb.org/mongo-driver":     {"internal/store", "internal/store/storetest"},
	"github.com/FerretDB/FerretDB":    {"internal/store/embedded"},
	"modernc.org/sqlite":              {"internal/store/embedded"},
	"github.com/golang-jwt/jwt":       {"internal/auth"},
	"github.com/pquerna/otp":          {"internal/auth"},
	"github.com/wneessen/go-mail":     {"internal/notify"},
	"github.com/kljensen/snowball":    {"internal/index"},
	"github.com/knadh/koanf":          {"config"},
	"github.com/spf13/cobra":          {"cmd/passerelle"},
	"golang.org/x/mod":                {"internal/ledger"},
	"github.com/boombuler/barcode":    {"internal/web/site"},
	"github.com/xuri/excelize":        {"internal/web/sheet"},
	"github.com/nyaruka/phonenumbers": {"internal/auth", "internal/collect"},
}

func TestArrowsPointDown(t *testing.T) {
	for _, f := range sources(t) {
		room := filepath.ToSlash(filepath.Dir(f.path))
		for _, path := range f.imports {
			own, isOwn := strings.CutPrefix(path, "passerelle/")
			switch {
			case isOwn:
				checkOwn(t, f.path, room, own)
			case strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
				checkThirdParty(t, f.path, room, path)
			}
		}
	}
}

func checkOwn(t *testing.T, file, room, target string) {
	t.Helper()
	if noun, ok := strings.CutPrefix(room, "internal/domain/"); ok {
		used, inDomain := strings.CutPrefix(target, "internal/domain/")
		at, below := slices.Index(domainOrder, noun), slices.Index(domainOrder, used)
		if !inDomain || at < 0 || below < 0 || below >= at {
			t.Errorf("%s: domain/%s may not import %s", file, noun, target)
		}
		return
	}
	allowed, known := mayImport[room]
	if !known {
		t.Errorf("%s: room %s is not on the map in doc.go", file, room)
		return
	}
	for _, a := range allowed {
		if target == a || strings.HasSuffix(a, "/") && strings.HasPrefix(target, a) {
			return
		}
	}
	t.Errorf("%s: %s may not import %s", file, room, target)
}

func checkThirdParty(t *testing.T, file, room, path string) {
	t.Helper()
	if strings.HasPrefix(room, "internal/domain/") {
		t.Errorf("%s: domain may not import %s", file, path)
	}
	for module, rooms := range owner {
		if strings.HasPrefix(path, module) && !slices.Contains(rooms, room) {
			t.Errorf("%s: %s belongs to %v", file, path, rooms)
		}
	}
}

type source struct {
	path    string // relative to the module root
	imports []string
}

// sources parses every non-test Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var out []source
	for _, top := range []string{"cmd", "config", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			s := source{path: filepath.ToSlash(rel)}
			for _, spec := range file.Imports {
				value, _ := strconv.Unquote(spec.Path.Value)
				s.imports = append(s.imports, value)
			}
			out = append(out, s)
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d sources found", len(out))
	}
	return out
}

// TestDomainReadsNoClock keeps time injected: a rule that reads the clock
// cannot be tested for tomorrow.
func TestDomainReadsNoClock(t *testing.T) {
	for _, f := range sources(t) {
		if !strings.HasPrefix(f.path, "internal/domain/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", f.path))
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"time.Now()", "time.Since(", "rand.", "`json:", "`bson:"} {
			if strings.Contains(string(text), call) {
				t.Errorf("%s uses %s", f.path, call)
			}
		}
	}
}

// TestFilesStayShort is the house's size budget.
func TestFilesStayShort(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if lines := strings.Count(string(text), "\n"); lines > 500 {
			t.Errorf("%s has %d lines; the limit is 500", path, lines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
