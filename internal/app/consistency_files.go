package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
)

// fileChecker looks at placements and what they lean on.
type fileChecker struct {
	selected  map[string]int // application → the round in which it is selected
	nameless  map[string]bool
	live      map[string]int // application → placements that are not cancelled
	incidents map[string]bool
	contents  map[string]bool // keys in the blob directory
	number    map[string]string
}

func newFileChecker() fileChecker {
	return fileChecker{selected: map[string]int{}, nameless: map[string]bool{}, live: map[string]int{}, incidents: map[string]bool{},
		contents: map[string]bool{}, number: map[string]string{}}
}

// selection notes an application whose person is selected.
func (f *fileChecker) selection(a *application.Application) {
	f.selected[string(a.ID)], f.nameless[string(a.ID)] = a.Round, a.Candidate == ""
}

// readFiles reads placements after everything they belong to.
func (c *checker) readFiles(ctx context.Context, a *App) error {
	seen := func(name string) {
		if !strings.HasPrefix(name, ".") {
			c.files.contents[name] = true
		}
	}
	return errors.Join(
		a.blobs.names(seen),
		a.stores.incidents.LoadIncidents(ctx, func(i *incident.Incident) error {
			c.files.incidents[string(i.ID)] = true
			c.record(string(i.ID), i.Rev)
			return nil
		}),
		a.stores.placements.LoadPlacements(ctx, c.placement),
	)
}

func (c *checker) placement(p *placement.Placement) error {
	id := string(p.ID)
	c.record(id, p.Rev)
	if c.offers[string(p.Offer)] == nil {
		c.find(id, "its offer does not exist")
	}
	if !c.profiles[p.Profile] {
		c.find(id, "its profile does not exist")
	}
	if placement.MakeID(p.Application, p.Round) != p.ID {
		c.find(id, "it is not the file of its application and round")
	}
	if other := c.files.number[p.Reference]; other != "" {
		c.find(id, "its reference is that of %s", other)
	}
	c.files.number[p.Reference] = id
	if p.State != placement.Cancelled {
		c.files.live[p.Application]++
		if round, selected := c.files.selected[p.Application]; !selected || round != p.Round {
			c.find(id, "it goes on and its application is not selected")
		}
	}
	c.content(p)
	return nil
}

// content looks at what a file holds.
func (c *checker) content(p *placement.Placement) {
	id := string(p.ID)
	if last := len(p.History) - 1; last < 0 || p.History[last].State != p.State {
		c.find(id, "its history does not end in its state")
	}
	if !slices.Contains(placement.States(), p.State) {
		c.find(id, "its state is unknown")
	}
	for _, h := range p.Holds {
		if h.Kind == placement.HoldSafety && strings.HasPrefix(h.Source, "inc_") && !c.files.incidents[h.Source] {
			c.find(id, "it is held for an incident that does not exist")
		}
	}
	for i, contract := range p.Contracts {
		if contract.Number != i+1 {
			c.find(id, "contract %d has number %d", i+1, contract.Number)
		}
	}
	for _, d := range p.Documents {
		if d.Blob != "" && !c.files.contents[d.Blob] {
			c.find(id, "document %s has no content", d.ID)
		}
	}
	if p.State == placement.Cleared && (len(p.Clearances) == 0 || !p.Clearances[len(p.Clearances)-1].RevokedAt.IsZero()) {
		c.find(id, "it is cleared without a clearance in force")
	}
}

// selections compares the people selected with the files that go on. Somebody
// who was erased may have been selected before there were files.
func (c *checker) selections() {
	for id := range c.files.selected {
		switch n := c.files.live[id]; {
		case n > 1:
			c.find(id, "%d placements go on", n)
		case n == 0 && !c.files.nameless[id]:
			c.find(id, "selected without a placement")
		}
	}
}
