package app

import (
	"context"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/api"
	"passerelle/internal/web/site"
)

// buildSite adds the pages to the server.
func (a *App) buildSite(ctx context.Context, keys *auth.Keyring, cursorKey []byte) error {
	_, csrfKey, err := keys.Secret(ctx, auth.CSRF)
	if err != nil {
		return err
	}
	s := &a.services
	pages, err := site.New(site.Options{
		Server: a.server, Auth: s.auth, Offers: s.offers, Matches: s.matches, Applications: s.applications, Profiles: s.profiles,
		Agencies: s.agencies, Employers: s.employers, Corridors: s.corridors, Imports: s.imports, Accounts: s.accounts,
		Privacy: s.privacy, Statistics: s.statistics, Audit: s.audit.ledger, Keys: s.keys, Operations: operations{a}, Export: exportDocument,
		Agreements: s.agreements, Placements: s.placements, Suspensions: s.suspensions, Reports: s.reports, Incidents: s.incidents, Assignments: s.assignments, IncidentByReference: a.incidentByReference,
		CSRFKey: csrfKey, CursorKey: cursorKey, PublicURL: a.publicURL(), Demo: a.options.Demo, Trial: a.options.trial(), Now: a.clock.Now,
	})
	if err != nil {
		return err
	}
	pages.Mount()
	return nil
}

// incidentByReference looks through all cases: there are few, and whoever asks
// must hold a code as well.
func (a *App) incidentByReference(reference string) (found incident.ID, ok bool) {
	a.index.EachIncident(func(c *incident.Card) bool {
		if c.Reference == reference {
			found, ok = c.ID, true
		}
		return !ok
	})
	return found, ok
}

// exportDocument is everything about a person as the API gives it.
func exportDocument(e *privacy.Export, actor account.Actor, l ref.Locale) any {
	return api.ExportDocument(e, actor, l)
}

// operations tells the administrators' pages how the service is.
type operations struct{ app *App }

// Health gives the figures that operators also see on their own listener.
func (o operations) Health(ctx context.Context) site.Health {
	d := o.app.detail(ctx)
	h := site.Health{
		Version: d.Version, Embedded: d.Embedded, Accounts: d.Accounts, Profiles: d.Profiles, Unsettled: d.Unsettled, Pending: d.PendingAudit, Problem: d.Error,
	}
	for _, n := range d.Offers {
		h.Offers += n
	}
	return h
}

// Jobs lists the background work with its last run in this process.
func (o operations) Jobs() []site.Job {
	var list []site.Job
	for _, s := range o.app.runner.Statuses() {
		job := site.Job{Name: s.Name, Every: s.Every, Begun: s.Begun, Took: s.Took}
		if s.Err != nil {
			job.Error = s.Err.Error()
		}
		list = append(list, job)
	}
	return list
}

// RunJob runs a job once; see jobs.Runner.
func (o operations) RunJob(ctx context.Context, name string) error { return o.app.RunJob(ctx, name) }
