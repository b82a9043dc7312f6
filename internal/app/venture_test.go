package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/demo"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
)

// venture is a small service with one agency. Each of its files begins with an
// offer of one place and a person who applied to it. Its time is moved by hand.
type venture struct {
	*App
	t         *testing.T
	sample    *demo.Sample
	dir       string
	begin     time.Time
	now       time.Time
	made      int
	file      application.ID
	candidate account.Actor
	agency    account.Actor
	officials []account.Actor
}

// newVenture takes an offer whose placement was cleared, and what belongs to
// it, out of the sample.
func newVenture(t *testing.T) *venture {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	sample, err := demo.Make(now, demoSeed, corridor.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(sample.Placements, func(p *placement.Placement) bool { return p.State == placement.Cleared })
	if at < 0 {
		t.Fatal("no placement of the sample is cleared")
	}
	p := sample.Placements[at]
	v := &venture{t: t, sample: sample, begin: now, now: now, agency: account.Actor{Account: p.History[1].By, Role: account.Agency, Agency: p.Agency}}
	keep(&sample.Offers, func(o *offer.Offer) bool { return o.ID == p.Offer })
	keep(&sample.Profiles, func(o *profile.Profile) bool { return string(o.ID) == p.Profile })
	keep(&sample.Agencies, func(a *agency.Agency) bool { return string(a.ID) == p.Agency })
	keep(&sample.Employers, func(e *employer.Employer) bool { return string(e.ID) == p.Employer })
	keep(&sample.Accounts, func(a *account.Account) bool { return a.Role == account.Official || a.ID == v.agency.Account })
	for _, a := range sample.Accounts {
		if a.Role == account.Official {
			v.officials = append(v.officials, a.Actor())
		}
	}
	v.open(t.TempDir())
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	v.stock()
	return v
}

// keep leaves in a list what fits.
func keep[T any](list *[]*T, fits func(*T) bool) {
	*list = slices.DeleteFunc(*list, func(item *T) bool { return !fits(item) })
}

// began gives a record the audit entry of its making.
func (v *venture) began(log *audit.Log, rev *int64, id string) {
	*log, *rev = nil, 1
	log.Add(audit.Entry{At: v.now, Action: "test.begin", Subject: id, Rev: 1})
}

// stock stores what all files share.
func (v *venture) stock() {
	v.t.Helper()
	var failed []error
	for _, a := range v.sample.Accounts {
		v.began(&a.Pending, &a.Rev, string(a.ID))
		failed = append(failed, v.stores.accounts.Insert(v.t.Context(), a))
	}
	for _, r := range v.sample.Agencies {
		v.began(&r.Pending, &r.Rev, string(r.ID))
		failed = append(failed, v.stores.agencies.Insert(v.t.Context(), r))
	}
	for _, r := range v.sample.Employers {
		v.began(&r.Pending, &r.Rev, string(r.ID))
		failed = append(failed, v.stores.employers.Insert(v.t.Context(), r))
	}
	if err := errors.Join(failed...); err != nil {
		v.t.Fatal(err)
	}
}

// offers publishes another offer with that many places.
func (v *venture) offers(places int) *offer.Offer {
	v.t.Helper()
	v.made++
	o := *v.sample.Offers[0]
	o.ID = offer.ID(fmt.Sprintf("off_venture%d", v.made))
	o.Reference = offer.MakeReference(o.ID, v.begin.Year(), 0)
	o.State, o.Taken = offer.Published, nil
	frozen := *o.Frozen
	frozen.Terms.Places, o.Current.Terms.Places = places, places
	o.Frozen = &frozen
	v.began(&o.Pending, &o.Rev, string(o.ID))
	if err := v.stores.offers.Insert(v.t.Context(), &o); err != nil {
		v.t.Fatal(err)
	}
	return &o
}

// applicant makes somebody with a profile.
func (v *venture) applicant() *profile.Profile {
	v.t.Helper()
	v.made++
	a := &account.Account{ID: account.ID(fmt.Sprintf("acc_venture%d", v.made)), Email: fmt.Sprintf("p%d@example.ml", v.made), Role: account.Candidate,
		Locale: ref.French, State: account.Active, CreatedAt: v.begin, UpdatedAt: v.begin, SessionsFrom: v.begin}
	p := *v.sample.Profiles[0]
	p.ID, p.Owner = profile.ID(fmt.Sprintf("pro_venture%d", v.made)), a.ID
	v.began(&a.Pending, &a.Rev, string(a.ID))
	v.began(&p.Pending, &p.Rev, string(p.ID))
	if err := errors.Join(v.stores.accounts.Insert(v.t.Context(), a), v.stores.profiles.Insert(v.t.Context(), &p)); err != nil {
		v.t.Fatal(err)
	}
	return &p
}

// applies sends the application of a person to an offer.
func (v *venture) applies(o *offer.Offer, p *profile.Profile) application.ID {
	v.t.Helper()
	a := &application.Application{
		ID: application.MakeID(string(o.ID), string(p.ID)), Offer: string(o.ID), Agency: o.Agency, Profile: string(p.ID), Candidate: p.Owner,
		State: application.Submitted, OfferTitle: o.Frozen.Terms.Title, OfferVer: o.Frozen.Version, Round: 1, CreatedAt: v.begin, UpdatedAt: v.begin,
	}
	v.began(&a.Pending, &a.Rev, string(a.ID))
	if err := v.stores.applications.Insert(v.t.Context(), a); err != nil {
		v.t.Fatal(err)
	}
	return a.ID
}

// another begins a file of its own.
func (v *venture) another() {
	v.t.Helper()
	v.now = v.begin
	p := v.applicant()
	v.file, v.candidate = v.applies(v.offers(1), p), account.Actor{Account: p.Owner, Role: account.Candidate}
}

// open starts the service on a directory.
func (v *venture) open(dir string) {
	v.t.Helper()
	a, err := New(v.t.Context(), Options{DataDir: dir, Offline: true, Fast: true})
	if err != nil {
		v.t.Fatal(err)
	}
	v.App, v.dir = a, dir
	v.arrange()
}

// arrange has the services live by the venture's time and trust every code.
func (v *venture) arrange() {
	s := &v.services
	s.applications.Now = func() time.Time { return v.now }
	s.placements.Now, s.placements.Codes = s.applications.Now, anyCode{}
}

// restart forgets everything that is not in the store, as a new process would,
// and builds index and services from the store.
func (v *venture) restart() {
	v.t.Helper()
	keys, err := v.openKeys(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	v.db.UseCipher(auth.NewFields(keys))
	v.index = index.New(index.Options{Now: v.clock.Now, Weights: v.options.Weights.match(), Calendar: workingDays()})
	v.stores, v.services = openStores(v.db, v.index), services{}
	if err := errors.Join(v.stores.load(v.t.Context(), v.index), v.build(v.t.Context(), keys)); err != nil {
		v.t.Fatal(err)
	}
	v.arrange()
}

// reopen ends the process in earnest, and looks at everything again.
func (v *venture) reopen() {
	v.t.Helper()
	if err := v.Close(); err != nil {
		v.t.Fatal(err)
	}
	v.open(v.dir)
	if found, err := v.CheckConsistency(v.t.Context()); err != nil || len(found.Findings) > 0 {
		v.t.Errorf("after all: %v %v", found.Findings, err)
	}
	if report, err := v.VerifyAudit(v.t.Context(), nil); err != nil || report.Tampered != "" || report.Entries == 0 {
		v.t.Errorf("the log: %+v %v", report, err)
	}
}

// anyCode takes every code.
type anyCode struct{}

func (anyCode) Send(context.Context, account.ID, string) error { return nil }

func (anyCode) Spend(context.Context, account.ID, string, string) error { return nil }

// id is the placement of the first round.
func (v *venture) id() placement.ID { return placement.MakeID(string(v.file), 1) }

func (v *venture) placement() *placement.Placement {
	v.t.Helper()
	p, err := v.stores.placements.Get(v.t.Context(), v.id())
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

// repair does what the jobs do after a start.
func (v *venture) repair() {
	v.t.Helper()
	ctx := v.t.Context()
	err := errors.Join(second(v.services.applications.RepairPlaces(ctx)), v.repairFiles(ctx), second(v.services.applications.RepairPlaces(ctx)))
	for range 3 {
		err = errors.Join(err, v.services.audit.carry(ctx))
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }
