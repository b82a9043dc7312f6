package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/profile"
)

// quietHouse opens an empty service without listeners.
func quietHouse(t *testing.T) *App {
	t.Helper()
	a, err := New(t.Context(), Options{DataDir: t.TempDir(), Offline: true, Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// old is somebody who was here so many months ago.
type old struct {
	name   string
	months int                 // since the last sign-in
	state  application.State   // of an application; empty = none
	ended  int                 // months since its last step
	fate   map[string]struct{} // classes that apply
}

func classes(codes ...string) map[string]struct{} {
	set := map[string]struct{}{}
	for _, code := range codes {
		set[code] = struct{}{}
	}
	return set
}

// olds is everybody of the test, on both sides of each limit.
func olds() []old {
	return []old{
		{"present", 1, "", 0, classes()}, {"nearly", 23, "", 0, classes()}, {"gone", 25, "", 0, classes("accounts")},
		{"gone with a live file", 25, application.Shortlisted, 1, classes()}, {"gone and selected", 25, application.Selected, 24, classes()},
		{"refused lately", 1, application.Refused, 11, classes()}, {"refused long ago", 1, application.Refused, 13, classes("ended_applications")},
		{"withdrawn long ago", 1, application.Withdrawn, 13, classes("ended_applications")}, {"never answered", 1, application.Invited, 13, classes("ended_applications")},
		{"selected long ago", 1, application.Selected, 119, classes()}, {"selected ten years ago", 1, application.Selected, 121, classes("placement_files")},
		{"gone and refused", 30, application.Refused, 30, classes("accounts", "ended_applications")},
	}
}

// settle writes the records of a person.
func (a *App) settle(t *testing.T, n int, o old) {
	t.Helper()
	now := a.clock.Now()
	back := func(months int) time.Time { return now.AddDate(0, -months, 0) }
	id := account.ID(fmt.Sprintf("acc_old%d", n))
	acc := &account.Account{ID: id, Rev: 1, Email: fmt.Sprintf("ancien%d@example.ml", n), Role: account.Candidate, State: account.Active, CreatedAt: back(200), LastLoginAt: back(o.months)}
	own := &profile.Profile{ID: profile.ID(fmt.Sprintf("pro_old%d", n)), Rev: 1, Owner: id, CreatedAt: back(200), UpdatedAt: back(200)}
	own.Facts.Identity.FamilyName = familyName
	errs := []error{a.stores.accounts.Insert(t.Context(), acc), a.stores.profiles.Insert(t.Context(), own)}
	if o.state != "" {
		errs = append(errs, a.stores.applications.Insert(t.Context(), &application.Application{
			ID: application.ID(fmt.Sprintf("app_old%d", n)), Rev: 1, Offer: "off_none", Profile: string(own.ID), Candidate: id, State: o.state, Message: applyingFor, Round: 1, UpdatedAt: back(o.ended),
		}))
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// collect writes a profile without account, and an import with a rejected row.
func (a *App) collect(t *testing.T, n, months int) {
	t.Helper()
	at := a.clock.Now().AddDate(0, -months, 0)
	p := &profile.Profile{ID: profile.ID(fmt.Sprintf("pro_collected%d", n)), Rev: 1, CollectedBy: "acc_official", CreatedAt: at, UpdatedAt: at}
	i := &intake.Import{ID: intake.ID(fmt.Sprintf("imp_old%d", n)), Rev: 1, Kind: intake.Profiles, State: intake.Done, CreatedAt: at, UpdatedAt: at}
	row := intake.RowError{Import: i.ID, Row: 1, Raw: familyName}
	for _, err := range []error{
		a.stores.profiles.Insert(t.Context(), p), a.stores.imports.Insert(t.Context(), i), a.stores.imports.PutRowErrors(t.Context(), []intake.RowError{row}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestPR03RetentionByClass puts people on both sides of every limit, looks at
// the dry run, which changes nothing, and then at what the job has done.
func TestPR03RetentionByClass(t *testing.T) {
	a := quietHouse(t)
	due := map[string]int{"collected_profiles": 1, "import_rows": 2}
	for n, o := range olds() {
		a.settle(t, n, o)
		for code := range o.fate {
			due[code]++
		}
	}
	a.collect(t, 1, 2)
	a.collect(t, 2, 12)
	a.collect(t, 3, 25)
	due["ended_applications"]-- // erased with the person before its class is looked at
	before := documentsOf(t, a)
	plan, err := a.PlanJob(t.Context(), "retention")
	if err != nil {
		t.Fatal(err)
	}
	if after := documentsOf(t, a); len(after) != len(before) {
		t.Errorf("the dry run has changed %d documents into %d", len(before), len(after))
	}
	for n, o := range olds() {
		a.judge(t, n, old{name: o.name + " after the dry run", state: o.state})
	}
	for code, want := range due {
		if code == "ended_applications" {
			want++ // nobody is erased by a dry run
		}
		if line := fmt.Sprintf("due %6d  done %6d", want, 0); !strings.Contains(lineOf(plan, code), line) {
			t.Errorf("the plan says %q, want %q", lineOf(plan, code), line)
		}
	}
	report, err := a.services.privacy.Retain(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Counts {
		if c.Due != due[c.Class] || c.Done != c.Due {
			t.Errorf("%+v, want %d", c, due[c.Class])
		}
	}
	for n, o := range olds() {
		a.judge(t, n, o)
	}
	a.judgeCollected(t)
	if again, err := a.services.privacy.Retain(t.Context(), false); err != nil || strings.Contains(again.String(), "done      1") {
		t.Errorf("once more: %s %v", again, err)
	}
	a.retentionRecorded(t)
}

func lineOf(report, code string) string {
	for _, line := range strings.Split(report, "\n") {
		if strings.HasPrefix(line, code+" ") {
			return line
		}
	}
	return ""
}

// judge looks at what has become of a person.
func (a *App) judge(t *testing.T, n int, o old) {
	t.Helper()
	_, erased := o.fate["accounts"]
	acc, err := a.stores.accounts.Get(t.Context(), account.ID(fmt.Sprintf("acc_old%d", n)))
	own, profileErr := a.stores.profiles.Get(t.Context(), profile.ID(fmt.Sprintf("pro_old%d", n)))
	if err != nil || profileErr != nil || acc.Stripped() != erased || own.Erased() != erased || (own.Facts.Identity.FamilyName == "") != erased {
		t.Errorf("%s: %+v %v", o.name, acc, err)
	}
	if o.state == "" {
		return
	}
	_, ended := o.fate["ended_applications"]
	_, placed := o.fate["placement_files"]
	file, err := a.stores.applications.Get(t.Context(), application.ID(fmt.Sprintf("app_old%d", n)))
	if nameless := erased || ended || placed; err != nil || (file.Candidate == "") != nameless || (file.Message == "") != nameless || file.State != o.state {
		t.Errorf("%s: %+v %v", o.name, file, err)
	}
}

func (a *App) judgeCollected(t *testing.T) {
	t.Helper()
	for n, want := range map[int]struct {
		erased bool
		rows   int
	}{1: {false, 1}, 2: {false, 0}, 3: {true, 0}} {
		p, err := a.stores.profiles.Get(t.Context(), profile.ID(fmt.Sprintf("pro_collected%d", n)))
		rows, rowsErr := a.stores.imports.RowErrors(t.Context(), intake.ID(fmt.Sprintf("imp_old%d", n)))
		if err != nil || rowsErr != nil || p.Erased() != want.erased || len(rows) != want.rows {
			t.Errorf("collected %d: erased %v, %d rows, %v %v", n, p.Erased(), len(rows), err, rowsErr)
		}
	}
}

// retentionRecorded finds in the audit log how many of which class.
func (a *App) retentionRecorded(t *testing.T) {
	t.Helper()
	if err := a.services.audit.carry(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := a.services.audit.ledger.Entries(t.Context(), account.SystemActor(), audit.Query{Action: "retention.apply"}, listing.Page{Limit: 100})
	if err != nil || found.Total != 5 { // no case is due
		t.Errorf("%d entries, %v", found.Total, err)
	}
}

// TestPR03DryRunIsForRetentionOnly: other jobs cannot say beforehand.
func TestPR03DryRunIsForRetentionOnly(t *testing.T) {
	a := quietHouse(t)
	for name, code := range map[string]string{"expire-offers": "job.no_plan", "none": "job.not_found"} {
		if _, err := a.PlanJob(t.Context(), name); Code(err) != code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPR03OwnersAreWarnedOnce: whoever will be erased within 30 days is told
// once, with the day; who signs in is told anew when idle again; who is seen
// often, or is due already, is not. covers PR-03
func TestPR03OwnersAreWarnedOnce(t *testing.T) {
	a := quietHouse(t)
	now := a.clock.Now()
	idle := map[account.ID]time.Time{
		"acc_soon": now.AddDate(0, -24, 20), "acc_later": now.AddDate(0, -24, 40), "acc_due": now.AddDate(0, -24, -1), "acc_new": now,
	}
	for id, seen := range idle {
		err := a.stores.accounts.Insert(t.Context(), &account.Account{ID: id, Rev: 1, Email: string(id) + "@example.ml", Role: account.Candidate, State: account.Active,
			CreatedAt: now.AddDate(-5, 0, 0), LastLoginAt: account.Moment(seen)})
		if err != nil {
			t.Fatal(err)
		}
	}
	warn := func(want int) {
		t.Helper()
		if told, err := a.services.privacy.Warn(t.Context()); err != nil || told != want {
			t.Errorf("told %d, want %d: %v", told, want, err)
		}
	}
	warn(1)
	warn(0)
	for id := range idle {
		acc, err := a.stores.accounts.Get(t.Context(), id)
		if err != nil || (len(acc.Outbox) == 1) != (id == "acc_soon") {
			t.Errorf("%s: %+v %v", id, acc.Outbox, err)
		}
		if id == "acc_soon" && (acc.Outbox[0].Template != "retention.warning" || acc.Outbox[0].Args["at"] != account.Moment(idle[id]).AddDate(0, 24, 0).Format(time.RFC3339)) {
			t.Errorf("the notice: %+v", acc.Outbox[0])
		}
	}
	_, err := a.stores.accounts.Update(t.Context(), "acc_soon", func(acc *account.Account) error {
		acc.WarnedAt = account.Moment(idle["acc_soon"].AddDate(0, 0, -1)) // told before the last sign-in
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	warn(1)
}
