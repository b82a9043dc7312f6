package app

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/web"
	"passerelle/internal/web/api"
	"passerelle/internal/web/rules"
)

// buildWeb makes the server with API and pages, and the admin handler.
func (a *App) buildWeb(ctx context.Context, keys *auth.Keyring) (err error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, flow := range account.Flows() {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "passerelle_quota_refused_total", Help: "Refusals because the day's quota of an account was used up.",
			ConstLabels: prometheus.Labels{"flow": string(flow)},
		}, func() float64 { return float64(a.services.quotas.Refused(flow)) }))
	}
	a.server, err = web.New(web.Options{
		Logger: a.options.Log, Registry: registry, Authenticator: a.services.auth, TrustedProxies: a.options.TrustedProxies,
		HSTS: a.options.HSTS, Reserved: []string{"POST /api/v1/auth/login", "POST /connexion"}, Rates: web.Rates{Off: a.options.RateLimitOff}, DrainTimeout: a.options.Drain, Refused: a.services.audit.refusals.Note,
	})
	if err != nil {
		return err
	}
	_, cursorKey, err := keys.Secret(ctx, auth.Cursor)
	if err != nil {
		return err
	}
	if err := a.buildAPI(cursorKey); err != nil {
		return err
	}
	if err := a.buildSite(ctx, keys, cursorKey); err != nil {
		return err
	}
	a.adminMux = a.adminHandler(registry)
	return nil
}

func (a *App) buildAPI(cursorKey []byte) error {
	checker, err := rules.New()
	if err != nil {
		return err
	}
	table, err := api.New(api.Options{
		Server: a.server, Checker: checker, Replay: a.services.replays, CursorKey: cursorKey, PublicURL: a.publicURL(), Version: a.options.Version, Ready: a.ready,
	})
	if err != nil {
		return err
	}
	s := &a.services
	api.RegisterAuth(table, s.auth)
	api.RegisterMe(table, s.accounts)
	api.RegisterUsers(table, s.accounts, s.auth)
	api.RegisterKeys(table, s.keys)
	api.RegisterAgencies(table, s.agencies, s.suspensions)
	api.RegisterAgencyKeys(table, s.agencies)
	api.RegisterEmployers(table, s.employers, s.suspensions)
	api.RegisterCorridors(table, s.corridors, s.suspensions)
	api.RegisterAgreements(table, s.agreements)
	api.RegisterReference(table)
	api.RegisterOffers(table, s.offers)
	api.RegisterCodings(table, s.offers)
	api.RegisterProfiles(table, s.profiles, a.clock.Now)
	api.RegisterMatches(table, s.matches)
	api.RegisterApplications(table, s.applications)
	api.RegisterPlacements(table, s.placements, a.clock.Now)
	api.RegisterImports(table, s.imports)
	api.RegisterIncidents(table, s.incidents)
	api.RegisterClaims(table, s.assignments)
	api.RegisterAudit(table, s.audit.ledger)
	api.RegisterPrivacy(table, s.privacy)
	api.RegisterStatistics(table, s.statistics)
	api.RegisterReports(table, s.reports)
	if a.options.Demo {
		api.RegisterDemo(table, a.clock)
	}
	return table.Mount()
}

// adminHandler serves what only operators may see: metrics, and why the
// service is or is not ready.
func (a *App) adminHandler(registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("POST /backups", a.serveBackup)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		detail := a.detail(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if detail.Error != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(detail) // nobody is left to tell of a broken connection
	})
	return mux
}

// detail is the readiness as operators see it.
type detail struct {
	Version      string              `json:"version"`
	Embedded     bool                `json:"embedded"`
	Unsettled    int                 `json:"unsettledWrites"`
	Accounts     int                 `json:"accounts"`
	Profiles     int                 `json:"profiles"`
	Offers       map[offer.State]int `json:"offers"`
	PendingAudit int                 `json:"pendingOutboxes"`
	Error        string              `json:"error,omitempty"`
}

func (a *App) detail(ctx context.Context) detail {
	all := account.Scope{All: true}
	people, _ := a.index.CountProfiles()
	d := detail{
		Version: a.options.Version, Embedded: a.db.Embedded(), Unsettled: a.db.Unsettled(), Profiles: people,
		Accounts: a.index.Accounts(account.Query{Scope: all}).Total, Offers: a.index.OffersByState(all),
		PendingAudit: len(a.index.PendingSubjects()),
	}
	if err := a.ready(ctx); err != nil {
		d.Error = err.Error()
	}
	return d
}
