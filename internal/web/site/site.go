package site

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
	"passerelle/internal/domain/statistics"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/web"
	"passerelle/internal/web/locale"
)

//go:embed templates static locale
var embedded embed.FS

// minKey is the least length of a key, in bytes.
const minKey = 32

// Options are what a Site is made from. All are required but Demo.
type Options struct {
	Server       *web.Server
	Auth         *auth.Service
	Offers       *offer.Service
	Matches      *match.Service
	Applications *application.Service
	Profiles     *profile.Service
	Agencies     *agency.Service
	Employers    *employer.Service
	Corridors    *corridor.Service
	Imports      *intake.Service
	Accounts     *account.Service
	Privacy      *privacy.Service
	Statistics   *statistics.Service
	Audit        AuditLog
	Keys         auth.KeyService
	Agreements   *agreement.Service
	Placements   *placement.Service
	Suspensions  *suspension.Service
	Reports      *report.Service
	Incidents    *incident.Service
	Assignments  *assignment.Service
	// IncidentByReference finds a case by what its reporter was given.
	IncidentByReference func(reference string) (incident.ID, bool)
	Operations          Operations
	// Export writes everything about a person as the API does, for JSON.
	Export    func(*privacy.Export, account.Actor, ref.Locale) any
	CSRFKey   []byte // at least 32 random bytes; binds form tokens to sessions
	CursorKey []byte // at least 32 random bytes; signs positions in lists
	PublicURL string // address as people type it: scheme, host, no path
	Demo      bool   // a banner on every page says that all data are fictitious
	Trial     string // password of the demonstration's accounts, shown where one signs in; empty shows nothing
	Now       func() time.Time
}

func (o *Options) check() error {
	switch {
	case o.Server == nil, o.Auth == nil, o.Offers == nil, o.Matches == nil, o.Applications == nil, o.Profiles == nil,
		o.Agencies == nil, o.Employers == nil, o.Corridors == nil, o.Imports == nil, o.Accounts == nil, o.Now == nil,
		o.Privacy == nil, o.Statistics == nil, o.Audit == nil, o.Keys.Ring == nil, o.Operations == nil, o.Export == nil,
		o.Agreements == nil, o.Placements == nil, o.Suspensions == nil, o.Reports == nil, o.Incidents == nil, o.Assignments == nil, o.IncidentByReference == nil:
		return errors.New("site: an option is missing")
	case len(o.CSRFKey) < minKey || len(o.CursorKey) < minKey:
		return fmt.Errorf("site: keys must have at least %d bytes", minKey)
	}
	return nil
}

// Site is the pages. Make it with New, then Mount it once.
type Site struct {
	opts      Options
	texts     *locale.Catalogue
	assets    assets
	views     *views
	jar       jar
	renewals  *renewals
	kept      *keptForms
	sent      *memory[sentForm]
	drawn     *lru.Cache[string, qrCode]
	showings  *memory[showing]
	crossSite *http.CrossOriginProtection
}

// New parses every template and checks every message. It fails when an option
// is missing, the public address is malformed, or an embedded file is wrong.
func New(o Options) (*Site, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Site{opts: o, renewals: newRenewals(o.Now), kept: newKeptForms(o.Now), sent: newSentForms(o.Now), showings: newShowings(o.Now)}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return s, s.trust(o.PublicURL)
}

// load reads what is embedded.
func (s *Site) load() error {
	messages, err := fs.Sub(embedded, "locale")
	if err != nil {
		return err
	}
	if s.texts, err = locale.Load(messages); err != nil {
		return err
	}
	if s.assets, err = readAssets(embedded); err != nil {
		return err
	}
	if s.drawn, err = lru.New[string, qrCode](drawnCodes); err != nil {
		return err
	}
	s.views, err = parseViews(embedded, s.words, s.assets)
	return err
}

// trust learns from the public address where forms may come from and how
// cookies are to be kept.
func (s *Site) trust(public string) error {
	u, err := url.Parse(public)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("site: the public address %q is not one", public)
	}
	s.jar = newJar(u)
	s.crossSite = http.NewCrossOriginProtection()
	return s.crossSite.AddTrustedOrigin(u.Scheme + "://" + u.Host)
}

// Mount adds the pages to the server's engine and takes over its error page.
func (s *Site) Mount() {
	engine := s.opts.Server.Engine()
	engine.Use(s.prepare)
	engine.GET(assetPrefix+":file", s.serveAsset)
	for _, r := range s.routes() {
		if r.maxBody > 0 {
			s.opts.Server.LimitBody(r.method, r.path, r.maxBody)
		}
		engine.Handle(r.method, r.path, s.handle(r))
	}
	s.opts.Server.SetErrorPage(s.errorPage)
}
