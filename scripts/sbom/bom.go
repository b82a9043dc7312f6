package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
)

// component is a part of the program in a CycloneDX document.
type component struct {
	Type       string         `json:"type"`
	Ref        string         `json:"bom-ref"`
	Name       string         `json:"name"`
	Version    string         `json:"version,omitempty"`
	Scope      string         `json:"scope,omitempty"`
	Licences   []licensed     `json:"licenses,omitempty"`
	PURL       string         `json:"purl,omitempty"`
	Properties []nameAndValue `json:"properties,omitempty"`
}

type licensed struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type nameAndValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// document is a CycloneDX bill of materials.
type document struct {
	Format     string `json:"bomFormat"`
	Spec       string `json:"specVersion"`
	Serial     string `json:"serialNumber"`
	Version    int    `json:"version"`
	Components struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Parts        []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// bom writes the bill of materials. Its serial number is made from its
// content, so that the same program has the same one.
func bom(modules []module, out io.Writer) error {
	d := document{Format: "CycloneDX", Spec: "1.6", Version: 1}
	d.Components.Component = component{Type: "application", Ref: "passerelle", Name: "passerelle"}
	std := component{Type: "library", Ref: "std", Name: "std", Version: runtime.Version(), Scope: "required", PURL: "pkg:golang/std@" + runtime.Version()}
	std.Licences = identified([]licence{{SPDX: "BSD-3-Clause"}})
	d.Parts = []component{std}
	all := dependency{Ref: "passerelle", On: []string{"std"}}
	for _, m := range modules {
		part, err := componentOf(m)
		if err != nil {
			return err
		}
		d.Parts, all.On = append(d.Parts, part), append(all.On, part.Ref)
	}
	d.Dependencies = []dependency{all}
	plain, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(plain)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // UUID version 8
	d.Serial = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(d)
}

func componentOf(m module) (component, error) {
	found, err := licencesOf(m)
	if err != nil {
		return component{}, err
	}
	purl := "pkg:golang/" + m.Path + "@" + m.Version
	return component{
		Type: "library", Ref: purl, Name: m.Path, Version: m.Version, Scope: "required", PURL: purl,
		Licences: identified(found), Properties: []nameAndValue{{"go:sum", m.Sum}},
	}, nil
}

// identified lists licences once each.
func identified(all []licence) []licensed {
	var out []licensed
	seen := map[string]bool{}
	for _, l := range all {
		if seen[l.SPDX] {
			continue
		}
		seen[l.SPDX] = true
		var one licensed
		one.Licence.ID = l.SPDX
		out = append(out, one)
	}
	return out
}
