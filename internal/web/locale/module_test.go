package locale_test

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// module is the checked source of the program. Only its own packages are
// read: imports from elsewhere are empty stand-ins, and what depends on them
// is left untyped, which is of no matter for following codes.
type module struct {
	root  string
	fset  *token.FileSet
	info  *types.Info
	files []*ast.File
	done  map[string]*types.Package
}

// prefix is how the module's own import paths begin.
const prefix = "passerelle/"

// loadModule parses and checks every non-test file of the program.
func loadModule(t *testing.T) *module {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	m := &module{root: root, fset: token.NewFileSet(), done: map[string]*types.Package{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	for _, top := range []string{"cmd", "config", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(dir string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return filepath.SkipDir
			}
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				return err
			}
			_, err = m.Import(prefix + filepath.ToSlash(rel))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// Import checks a package of the module, or stands in for another.
func (m *module) Import(name string) (*types.Package, error) {
	if p, ok := m.done[name]; ok {
		return p, nil
	}
	rel, own := strings.CutPrefix(name, prefix)
	if !own {
		return m.standIn(name)
	}
	files, err := m.parse(filepath.Join(m.root, filepath.FromSlash(rel)))
	if err != nil {
		return nil, err
	}
	ignore := types.Config{Importer: m, Error: func(error) {}, DisableUnusedImportCheck: true}
	p, err := ignore.Check(name, m.fset, files, m.info)
	if p == nil {
		return nil, err
	}
	m.done[name] = p
	m.files = append(m.files, files...)
	return p, nil
}

// standIns is what is said of packages from elsewhere, where types depend on it.
var standIns = map[string]string{
	"sync": "package sync; func OnceValue[T any](f func() T) func() T { return f }",
}

func (m *module) standIn(name string) (*types.Package, error) {
	text, ok := standIns[name]
	if !ok {
		text = "package " + path.Base(name)
	}
	p := types.NewPackage(name, path.Base(name))
	file, err := parser.ParseFile(m.fset, name, text, parser.SkipObjectResolution)
	if err == nil {
		p, err = (&types.Config{}).Check(name, m.fset, []*ast.File{file}, nil)
	}
	if err != nil {
		p = types.NewPackage(name, "elsewhere") // its name is not that of its path
		p.MarkComplete()
	}
	m.done[name] = p
	return p, nil
}

func (m *module) parse(dir string) ([]*ast.File, error) {
	pkg, err := build.ImportDir(dir, 0)
	var none *build.NoGoError
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(m.fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// at shows a place as file:line from the module's root.
func (m *module) at(pos token.Pos) string {
	p := m.fset.Position(pos)
	if rel, err := filepath.Rel(m.root, p.Filename); err == nil {
		p.Filename = filepath.ToSlash(rel)
	}
	p.Column = 0
	return p.String()
}

// field finds a member of a struct type of the module.
func (m *module) field(t *testing.T, pkg, typ, name string) *types.Var {
	t.Helper()
	if p := m.done[prefix+pkg]; p != nil {
		if obj := p.Scope().Lookup(typ); obj != nil {
			if found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, p, name); found != nil {
				if v, ok := found.(*types.Var); ok {
					return v
				}
			}
		}
	}
	t.Fatalf("%s.%s has no member %s", pkg, typ, name)
	return nil
}
