package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// module is one module that is linked into the program.
type module struct {
	Path    string
	Version string
	Dir     string // its sources in the module cache
	Sum     string // as in go.sum
}

// linked lists the modules whose packages the released binary holds, by path,
// without building it.
func linked() ([]module, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", "-tags", "nomsgpack", "./cmd/passerelle")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := map[string]module{}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var p struct {
			Module *struct {
				module
				Main    bool
				Replace *module
			}
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Module == nil || p.Module.Main { // the standard library, or ourselves
			continue
		}
		if p.Module.Replace != nil {
			return nil, fmt.Errorf("%s is replaced; a bill of materials would not tell the truth", p.Module.Path)
		}
		found[p.Module.Path] = p.Module.module
	}
	return sorted(found)
}

// sorted orders the modules by path and adds their sums.
func sorted(found map[string]module) ([]module, error) {
	sums, err := goSum()
	if err != nil {
		return nil, err
	}
	var out []module
	for _, m := range found {
		m.Sum = sums[m.Path+" "+m.Version]
		if m.Sum == "" {
			return nil, fmt.Errorf("%s %s is not in go.sum", m.Path, m.Version)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return out, nil
}

// goSum reads go.sum: "path version" → sum.
func goSum() (map[string]string, error) {
	text, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 {
			sums[f[0]+" "+f[1]] = f[2]
		}
	}
	return sums, nil
}

// required counts the modules that a go.mod requires itself.
func required(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	file, err := modfile.Parse(path, text, nil)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range file.Require {
		if !r.Indirect {
			n++
		}
	}
	return n, nil
}
