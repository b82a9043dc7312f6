// Command sbom tells what the program is made of: the modules that are linked
// into it, their licences, and a bill of materials.
//
//	go run ./scripts/sbom bom          CycloneDX 1.6 (JSON) on standard output
//	go run ./scripts/sbom licences     writes LICENCES.md
//	go run ./scripts/sbom check        compares LICENCES.md and the dependency budget
//
// What it says depends on go.mod and on the sources of the modules only, so two
// runs give the same bytes.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// The dependency budget.
const (
	maxLinked = 175 // modules linked into the binary
	maxDirect = 65  // modules that go.mod requires itself, tests included
)

const licencesFile = "LICENCES.md"

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	commands := map[string]func([]module, io.Writer) error{"bom": bom, "licences": writeLicences, "check": check}
	if len(args) != 1 || commands[args[0]] == nil {
		return errors.New("usage: sbom bom|licences|check")
	}
	modules, err := linked()
	if err != nil {
		return err
	}
	return commands[args[0]](modules, out)
}

func writeLicences(modules []module, out io.Writer) error {
	text, err := licences(modules)
	if err != nil {
		return err
	}
	if err := os.WriteFile(licencesFile, text, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %d modules\n", licencesFile, len(modules))
	return err
}

// check fails when a module has no licence we know, when LICENCES.md is not
// current, or when the budget is exceeded.
func check(modules []module, out io.Writer) error {
	text, err := licences(modules)
	if err != nil {
		return err
	}
	committed, err := os.ReadFile(licencesFile)
	if err != nil {
		return err
	}
	if !bytes.Equal(text, committed) {
		return fmt.Errorf("%s is not current: go run ./scripts/sbom licences", licencesFile)
	}
	direct, err := required("go.mod")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d modules linked (budget %d), %d required directly (budget %d), every licence known and listed\n",
		len(modules), maxLinked, direct, maxDirect)
	if len(modules) > maxLinked || direct > maxDirect {
		return errors.New("the dependency budget is exceeded")
	}
	return nil
}
