package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// licence is one licence text of a module.
type licence struct {
	SPDX string
	File string // name in the module
}

// names of files that hold a licence; other files beside them, such as NOTICE,
// change nothing about it.
var names = []string{"LICENSE*", "LICENCE*", "License*", "license*", "COPYING*", "UNLICENSE*", "MIT-LICENSE*"}

// mark is a sentence that one licence has and no other of the list before it.
type mark struct{ spdx, sentence string }

// marks are looked for in this order, in text without line ends.
var marks = []mark{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License, version 2.0"},
	{"CC0-1.0", "CC0 1.0 Universal"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee"},
	{"BSD-3-Clause", "Neither the name"},
	{"BSD-3-Clause", "may not be used to endorse or promote products"},
	{"BSD-3-Clause", "The names of its contributors may not be used"},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
}

// identify names a licence by its text; empty when it is none we know.
func identify(text []byte) string {
	plain := strings.Join(strings.Fields(string(text)), " ")
	for _, m := range marks {
		if strings.Contains(strings.ToLower(plain), strings.ToLower(m.sentence)) {
			return m.spdx
		}
	}
	return ""
}

// licencesOf finds the licences of a module in its sources.
func licencesOf(m module) ([]licence, error) {
	if m.Dir == "" {
		return nil, fmt.Errorf("%s %s is not in the module cache: go mod download", m.Path, m.Version)
	}
	var out []licence
	for _, pattern := range names {
		files, err := filepath.Glob(filepath.Join(m.Dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range files {
			l, err := read(path)
			if err != nil {
				return nil, err
			}
			if l.SPDX != "" && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s %s has no licence that is known here", m.Path, m.Version)
	}
	return out, nil
}

// read identifies one file; a directory or a source file is none.
func read(path string) (licence, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || strings.HasSuffix(path, ".go") {
		return licence{}, err
	}
	text, err := os.ReadFile(path)
	return licence{identify(text), filepath.Base(path)}, err
}

// spdx joins the licences of a module into one expression.
func spdx(all []licence) string {
	var ids []string
	for _, l := range all {
		if !slices.Contains(ids, l.SPDX) {
			ids = append(ids, l.SPDX)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " AND ")
}

// licences writes LICENCES.md.
func licences(modules []module) ([]byte, error) {
	var table bytes.Buffer
	counts := map[string]int{}
	var failed error
	for _, m := range modules {
		all, err := licencesOf(m)
		failed = errors.Join(failed, err)
		id := spdx(all)
		counts[id]++
		fmt.Fprintf(&table, "| %s | %s | %s |\n", m.Path, m.Version, id)
	}
	if failed != nil {
		return nil, failed
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Licences of what the program is made of\n\nWritten by `go run ./scripts/sbom licences` from the licence texts in the module cache; `scripts/supply` checks that it is current. The Go standard library (BSD-3-Clause) is linked as well.\n\n")
	var ids []string
	for id := range counts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		fmt.Fprintf(&out, "- %s: %d\n", id, counts[id])
	}
	fmt.Fprintf(&out, "\n| Module | Version | Licence (SPDX) |\n|---|---|---|\n%s", table.Bytes())
	return out.Bytes(), nil
}
