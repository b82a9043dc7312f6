package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"passerelle/internal/domain/ref"
)

// layouts are the parts every page may use; "page" is the frame itself.
func layouts() []string {
	return []string{"layout/page", "layout/form", "layout/part", "layout/trust", "layout/file", "layout/intake", "layout/live", "layout/stored"}
}

// templates is every page there is, by noun and verb. A file that is not named
// here, and a name without a file, stop the program when it starts.
func templates() []string {
	return append(append(append(publicTemplates(), trustTemplates()...), personTemplates()...), append(fileTemplates(), []string{
		"session/new", "session/register", "session/password", "session/code",
		"factor/show", "factor/prove", "factor/enrol", "factor/recovery", "reset/new", "reset/edit", "account/show",
		"match/index", "application/index",
		"draft/index", "draft/edit", "candidate/index",
		"work/index", "work/lot", "work/offer", "work/agency", "work/imports",
		"problem/show",
	}...)...)
}

// views are the parsed templates by language and name.
type views struct {
	pages map[ref.Locale]map[string]*template.Template
}

// parseViews parses each page with a copy of the layout of its own, so that no
// page's blocks can stand in for another's, once per language.
func parseViews(files fs.FS, speak func(ref.Locale) words, a assets) (*views, error) {
	if err := declared(files); err != nil {
		return nil, err
	}
	v := &views{pages: map[ref.Locale]map[string]*template.Template{}}
	for _, loc := range ref.Locales() {
		v.pages[loc] = map[string]*template.Template{}
		base, err := template.New("base").Funcs(speak(loc).funcs(a)).ParseFS(files, paths(layouts())...)
		if err != nil {
			return nil, err
		}
		for _, name := range templates() {
			page, err := base.Clone()
			if err != nil {
				return nil, err
			}
			if v.pages[loc][name], err = page.ParseFS(files, paths([]string{name})...); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

func paths(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "templates/" + name + ".html"
	}
	return list
}

// declared compares the files with the table.
func declared(files fs.FS) error {
	missing := map[string]bool{}
	for _, name := range append(layouts(), templates()...) {
		missing[name] = true
	}
	err := fs.WalkDir(files, "templates", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(path, "templates/"), ".html")
		if !missing[name] {
			return fmt.Errorf("template %s is not declared", path)
		}
		delete(missing, name)
		return nil
	})
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("templates without a file: %v", slices.Sorted(maps.Keys(missing)))
	}
	return err
}

// render gives a complete page.
func (v *views) render(loc ref.Locale, name string, s screen) ([]byte, error) {
	return v.execute(loc, name, "page", s)
}

// part gives what a page answers to a form that is sent while somebody types.
func (v *views) part(loc ref.Locale, name string, s screen) ([]byte, error) {
	return v.execute(loc, name, "part", s)
}

func (v *views) execute(loc ref.Locale, name, block string, s screen) ([]byte, error) {
	page, ok := v.pages[loc][name]
	if !ok {
		return nil, fmt.Errorf("site: no page %q in %q", name, loc)
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, block, s); err != nil {
		return nil, fmt.Errorf("site: %s: %w", name, err)
	}
	return b.Bytes(), nil
}
