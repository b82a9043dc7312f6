package site

import (
	"context"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/privacy"
)

// Where administrators look after keys and after the service itself.
const (
	keysPath    = "/administration/cles"
	servicePath = "/administration/service"
)

// Operations is what the pages ask of the running service.
type Operations interface {
	Health(ctx context.Context) Health
	Jobs() []Job
	// RunJob runs a job once and returns when it is done; NotFound without
	// such a job, Conflict while it runs elsewhere.
	RunJob(ctx context.Context, name string) error
}

// Health is how the service is.
type Health struct {
	Version                    string
	Embedded                   bool // the database is the engine within the program
	Accounts, Profiles, Offers int
	Unsettled                  int    // writes whose outcome is not known yet
	Pending                    int    // documents with entries on their way to the audit log
	Problem                    string // why requests cannot be answered; empty when all is well
}

// Job is one kind of background work.
type Job struct {
	Name  string
	Every time.Duration
	Begun time.Time // of the last run in this process; zero = none yet
	Took  time.Duration
	Error string // what stopped the last run
}

// administrationPage is where an administrator's work begins.
type administrationPage struct {
	Accounts int
	Problem  string
}

func showAdministration(v *visit) error {
	h := v.site.opts.Operations.Health(v.ctx)
	return v.render("admin/index", administrationPage{Accounts: h.Accounts, Problem: h.Problem})
}

// keysPage is every key, by what it is for.
type keysPage struct {
	Items  []keyLine
	Rotate []rotation
}

type keyLine struct {
	KID, Purpose, State string
	Created, Until      time.Time
	Signs               bool
}

// rotation makes a new key of one purpose.
type rotation struct{ Purpose, Action string }

func listKeys(v *visit) error {
	keys, err := v.site.opts.Keys.List(v.ctx, v.actor)
	if err != nil {
		return err
	}
	return v.render("admin/keys", v.newKeysPage(keys))
}

func (v *visit) newKeysPage(keys []auth.KeyInfo) keysPage {
	var page keysPage
	for _, k := range keys {
		page.Items = append(page.Items, keyLine{KID: k.KID, Purpose: v.code("key.purpose", k.Purpose), State: k.State, Created: k.CreatedAt, Until: k.NotAfter, Signs: k.Signs})
	}
	for _, p := range auth.Purposes() {
		page.Rotate = append(page.Rotate, rotation{Purpose: v.code("key.purpose", p), Action: keysPath + "/" + url.PathEscape(string(p)) + "/rotations"})
	}
	return page
}

func rotateKey(v *visit) error {
	p := auth.Purpose(v.param("purpose"))
	if !slices.Contains(auth.Purposes(), p) {
		return fault.New(fault.NotFound, "key.not_found")
	}
	if _, err := v.site.opts.Keys.Rotate(v.ctx, v.actor, p); err != nil {
		return v.orProve(err)
	}
	v.redirect(keysPath, "flash.key.rotated")
	return nil
}

// servicePage is health and background work.
type servicePage struct {
	Health []fact
	Error  string
	Jobs   []jobLine
}

type jobLine struct {
	Name, About, Every, Run string
	Begun                   time.Time
	Took, Error             string
}

func showService(v *visit) error {
	return v.render("admin/service", v.newServicePage(v.site.opts.Operations.Health(v.ctx), v.site.opts.Operations.Jobs()))
}

func (v *visit) newServicePage(h Health, jobs []Job) servicePage {
	engine := v.t("service.server")
	if h.Embedded {
		engine = v.t("service.embedded")
	}
	page := servicePage{Error: h.Problem, Health: []fact{
		{Label: v.t("service.version"), Value: h.Version}, {Label: v.t("service.database"), Value: engine},
		{Label: v.t("service.accounts"), Value: v.number(h.Accounts)}, {Label: v.t("service.profiles"), Value: v.number(h.Profiles)},
		{Label: v.t("service.offers"), Value: v.number(h.Offers)}, {Label: v.t("service.unsettled"), Value: v.number(h.Unsettled)},
		{Label: v.t("service.pending"), Value: v.number(h.Pending)},
	}}
	for _, j := range jobs {
		line := jobLine{Name: j.Name, About: v.code("job", j.Name), Every: v.every(j.Every), Run: servicePath + "/taches/" + url.PathEscape(j.Name), Begun: j.Begun, Error: j.Error}
		if !j.Begun.IsZero() {
			line.Took = v.took(j.Took)
		}
		page.Jobs = append(page.Jobs, line)
	}
	return page
}

// took writes how long something took.
func (v *visit) took(d time.Duration) string {
	if d < time.Second {
		return v.t("service.took.milliseconds", int(d.Milliseconds()))
	}
	return v.t("service.took.seconds", v.hundredths(int(d/(10*time.Millisecond))))
}

// every writes how often something is due.
func (v *visit) every(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return v.count("hours", int(d/time.Hour))
	case d >= time.Minute:
		return v.count("minutes", int(d/time.Minute))
	}
	return v.count("seconds", int(d/time.Second))
}

func runJob(v *visit) error {
	err := v.site.opts.Operations.RunJob(v.ctx, v.param("job"))
	switch {
	case err == nil:
		v.redirect(servicePath, "flash.job.done")
		return nil
	case fault.Is(err, fault.Conflict):
		v.redirect(servicePath, "flash.job.running")
		return nil
	}
	return err
}

// retentionPage says what the retention would do now.
type retentionPage struct {
	At    time.Time
	Items []retentionLine
}

type retentionLine struct {
	Purpose, Period, After string
	Due                    int
}

// showRetention plans the retention; nothing is changed.
func showRetention(v *visit) error {
	report, err := v.site.opts.Privacy.Retain(v.ctx, true)
	if err != nil {
		return err
	}
	return v.render("admin/retention", v.newRetentionPage(report))
}

func (v *visit) newRetentionPage(r privacy.Report) retentionPage {
	page := retentionPage{At: r.At}
	for _, c := range r.Counts {
		line := retentionLine{Purpose: c.Class, After: v.code("privacy.action", c.Action), Due: c.Due}
		for _, p := range privacy.Register() {
			if p.Code == c.Class {
				line.Purpose, line.Period = p.Purpose.In(v.loc), p.Period.In(v.loc)
			}
		}
		page.Items = append(page.Items, line)
	}
	return page
}
