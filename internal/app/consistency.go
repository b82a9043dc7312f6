package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/demo"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// Consistency is what a look at the whole store found.
type Consistency struct {
	Records  int      // documents looked at
	Places   int      // places held in offers
	Entries  int      // audit entries, in the log or still in a document
	Findings []string // what does not agree: noun, id and rule, never content; sorted
}

// CheckConsistency reads every document and reports what cannot be: a place
// held by nobody or a selected person without one, a record that belongs to
// none, two records where one is allowed, a change without its audit entry, a
// selection without its placement, a document without its content. It changes
// nothing. Run it while nobody writes, after RepairPlaces and RepairFiles.
func (a *App) CheckConsistency(ctx context.Context) (Consistency, error) {
	c := &checker{
		files:    newFileChecker(),
		accounts: map[account.ID]bool{}, agencies: map[string]bool{}, employers: map[string]bool{}, offers: map[string]*offer.Offer{},
		profiles: map[string]bool{}, owners: map[account.ID]string{}, selected: map[string]string{}, revisions: map[string]map[int64]bool{}, sample: map[string]int64{},
	}
	if err := c.readSample(ctx, a); err != nil {
		return Consistency{}, err
	}
	if err := c.readEntries(ctx, a); err != nil {
		return Consistency{}, err
	}
	if err := c.readRecords(ctx, a); err != nil {
		return Consistency{}, err
	}
	c.places()
	c.selections()
	slices.Sort(c.Findings)
	return c.Consistency, nil
}

type checker struct {
	Consistency
	files     fileChecker
	accounts  map[account.ID]bool
	agencies  map[string]bool
	employers map[string]bool
	offers    map[string]*offer.Offer
	profiles  map[string]bool
	owners    map[account.ID]string     // account → its profile
	selected  map[string]string         // application → offer
	sample    map[string]int64          // document of the demonstration → revision it was made at
	revisions map[string]map[int64]bool // document → revisions that have an entry
}

func (c *checker) find(id, rule string, args ...any) {
	c.Findings = append(c.Findings, id+": "+fmt.Sprintf(rule, args...))
}

// readSample makes the demonstration's sample again, where this is one: its
// ids and revisions are the same whenever it is made.
func (c *checker) readSample(ctx context.Context, a *App) error {
	isDemo, err := a.isDemo(ctx)
	if err != nil || !isDemo {
		return err
	}
	made, err := demo.Make(a.clock.Now(), demoSeed, corridor.Defaults())
	if err != nil {
		return err
	}
	for _, r := range made.Agencies {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Employers {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Offers {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Profiles {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Applications {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Placements {
		c.sample[string(r.ID)] = r.Rev
	}
	for _, r := range made.Accounts {
		c.sample[string(r.ID)] = r.Rev
	}
	return nil
}

// readEntries notes which revisions of which documents have an entry.
func (c *checker) readEntries(ctx context.Context, a *App) error {
	waiting, err := a.services.audit.carrier.Uncarried(ctx)
	if err != nil {
		return err
	}
	for id := range waiting {
		c.entry(id)
	}
	return a.stores.audits.LoadLeaves(ctx, func(l audit.Leaf) error {
		if !waiting[l.ID] {
			c.entry(l.ID)
		}
		return nil
	})
}

// entry reads "aud_<document>_<rev>_<n>".
func (c *checker) entry(id string) {
	c.Entries++
	parts := strings.Split(strings.TrimPrefix(id, "aud_"), "_")
	if len(parts) < 3 {
		return
	}
	rev, err := strconv.ParseInt(parts[len(parts)-2], 10, 64)
	if err != nil {
		return
	}
	document := strings.Join(parts[:len(parts)-2], "_")
	if c.revisions[document] == nil {
		c.revisions[document] = map[int64]bool{}
	}
	c.revisions[document][rev] = true
}

// record counts a document and looks whether each of its changes has an entry.
// What the demonstration's sample made begins without one.
func (c *checker) record(id string, rev int64) {
	c.Records++
	have := c.revisions[id]
	for r := c.sample[id] + 1; r <= rev; r++ {
		if !have[r] {
			c.find(id, "revision %d has no audit entry", r)
		}
	}
	for r := range have {
		if r > rev {
			c.find(id, "there is an audit entry of revision %d, the record is at %d", r, rev)
		}
	}
}

// readRecords reads registers first: the others belong to them.
func (c *checker) readRecords(ctx context.Context, a *App) error {
	s := a.stores
	return errors.Join(
		s.accounts.LoadAccounts(ctx, func(r *account.Account) error {
			c.accounts[r.ID] = true
			c.record(string(r.ID), r.Rev)
			return nil
		}),
		s.agencies.LoadAgencies(ctx, func(r *agency.Agency) error {
			c.agencies[string(r.ID)] = true
			c.record(string(r.ID), r.Rev)
			return nil
		}),
		s.employers.LoadEmployers(ctx, func(r *employer.Employer) error {
			c.employers[string(r.ID)] = true
			c.record(string(r.ID), r.Rev)
			return nil
		}),
		s.corridors.LoadCorridors(ctx, func(r *corridor.Corridor) error {
			c.Records++
			return nil
		}),
		s.offers.LoadOffers(ctx, c.offer),
		s.profiles.LoadProfiles(ctx, c.profile),
		s.applications.LoadApplications(ctx, c.application),
		s.incidents.LoadIncidents(ctx, func(r *incident.Incident) error {
			c.record(string(r.ID), r.Rev)
			return nil
		}),
		s.assignments.LoadAssignments(ctx, func(r *assignment.Assignment) error {
			c.record(string(r.ID), r.Rev)
			return nil
		}),
		c.readFiles(ctx, a),
		s.imports.LoadImports(ctx, func(r *intake.Import) error {
			c.Records++
			if r.Agency != "" && !c.agencies[r.Agency] {
				c.find(string(r.ID), "its agency does not exist")
			}
			return nil
		}),
	)
}

func (c *checker) offer(o *offer.Offer) error {
	c.offers[string(o.ID)] = o
	c.record(string(o.ID), o.Rev)
	if !c.agencies[o.Agency] {
		c.find(string(o.ID), "its agency does not exist")
	}
	if by := o.Terms().Employer; by != "" && !c.employers[by] {
		c.find(string(o.ID), "its employer does not exist")
	}
	return nil
}

func (c *checker) profile(p *profile.Profile) error {
	c.record(string(p.ID), p.Rev)
	if p.Owner != "" && !c.accounts[p.Owner] {
		c.find(string(p.ID), "its owner does not exist")
	}
	if other := c.owners[p.Owner]; p.Owner != "" && other != "" {
		c.find(string(p.ID), "its owner has another profile, %s", other)
	}
	c.owners[p.Owner], c.profiles[string(p.ID)] = string(p.ID), true
	return nil
}

func (c *checker) application(r *application.Application) error {
	c.record(string(r.ID), r.Rev)
	if c.offers[r.Offer] == nil {
		c.find(string(r.ID), "its offer does not exist")
	}
	if !c.profiles[r.Profile] {
		c.find(string(r.ID), "its profile does not exist")
	}
	if application.MakeID(r.Offer, r.Profile) != r.ID {
		c.find(string(r.ID), "it is not the file of its offer and profile")
	}
	if r.State == application.Selected {
		c.selected[string(r.ID)] = r.Offer
		c.files.selection(r)
	}
	return nil
}

// places compares the places held in offers with the people selected.
func (c *checker) places() {
	held := map[string]bool{}
	for id, o := range c.offers {
		c.Places += len(o.Taken)
		if free := o.Terms().Places - len(o.Taken); free < 0 {
			c.find(id, "%d people hold %d places", len(o.Taken), o.Terms().Places)
		}
		for _, holder := range o.Taken {
			if held[holder] {
				c.find(id, "%s holds a second place", holder)
			}
			held[holder] = true
			if c.selected[holder] != id {
				c.find(id, "%s holds a place and is not selected", holder)
			}
		}
	}
	for id, of := range c.selected {
		if !held[id] {
			c.find(id, "selected without a place in %s", of)
		}
	}
}
