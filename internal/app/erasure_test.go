package app

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
)

// TestPR02ErasureReachesEverything erases a person who has left traces in every
// place, and looks for them in every place.
func TestPR02ErasureReachesEverything(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	p := s.resident()
	running, selected := p.applies(s.published()), p.applies(s.published())
	s.by("agency").must(http.StatusOK, "POST", "/applications/"+selected+"/selections", nil)
	s.by("agency").must(http.StatusOK, "GET", "/profiles/"+p.profile, nil)
	s.by("official").must(http.StatusCreated, "POST", "/profiles/"+p.profile+"/disclosures", object{"reason": "assistance"})
	s.by("").must(http.StatusAccepted, "POST", "/auth/password/forgot", object{"login": p.email})
	id, _ := s.index.AccountByLogin(p.email)
	if r := p.must(http.StatusConflict, "DELETE", "/me", nil); r.member("code") != "privacy.placement_open" {
		t.Errorf("with an open placement: %s", r.body)
	}
	file := s.returned(selected)
	p.must(http.StatusNoContent, "DELETE", "/me", nil)
	s.nameless(file)

	s.gone(p, id.ID)
	if a := s.file(running); a.State != application.Withdrawn || a.Message != "" || a.Candidate != "" {
		t.Errorf("the running application: %+v", a)
	}
	if a := s.file(selected); a.State != application.Selected || a.Message != "" || a.Candidate != "" || len(a.History) != 2 {
		t.Errorf("the file that is kept: %+v", a)
	}
	s.by("agency").must(http.StatusOK, "GET", "/applications/"+selected, nil)
	s.subjectsForgotten(string(id.ID), p.profile, running, selected, string(file))
	ledger, err := os.ReadFile(filepath.Join(h.options.DataDir, erasuresFile))
	if err != nil || strings.Count(string(ledger), "\n") != 1 || !strings.Contains(string(ledger), p.profile) {
		t.Errorf("the ledger: %s %v", ledger, err)
	}
	for _, mark := range p.marks() {
		if strings.Contains(string(ledger), mark) {
			t.Errorf("the ledger holds %q", mark)
		}
	}
	s.by("").must(http.StatusAccepted, "POST", "/auth/register", object{"applicant": "candidate", "email": p.email, "password": p.password})
	again := s.by("").login(p.email, p.password)
	if fresh := again.must(http.StatusCreated, "POST", "/profiles", object{}).member("id"); fresh == p.profile {
		t.Error("the new account has the old profile")
	}
	again.must(http.StatusNoContent, "DELETE", "/me", nil)
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if found := searchFiles(t, h.options.DataDir, p.marks()[:6]); len(found) > 0 {
		t.Errorf("the files still hold %q", found)
	}
}

// returned puts a paper into the file of a selection and has it come to its
// end, which takes months otherwise.
func (s *stage) returned(selected string) placement.ID {
	s.t.Helper()
	id := placement.MakeID(selected, 1)
	if err := s.blobs.Put(s.t.Context(), "blb_passport", []byte("%PDF- "+familyName)); err != nil {
		s.t.Fatal(err)
	}
	_, err := s.stores.placements.Update(s.t.Context(), id, func(p *placement.Placement) error {
		p.State = placement.Returned
		p.Documents = []placement.Document{{ID: "doc_1", Item: "passport", Name: familyName + ".pdf", Blob: "blb_passport", SHA256: "ab"}}
		p.Ending.Note, p.Ending.Insurance = summary, []placement.InsurancePeriod{{Country: "ES", Number: nina}}
		p.History[0].Note = applyingFor
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// nameless tests that a file was kept, and nothing in it leads to the person.
func (s *stage) nameless(id placement.ID) {
	s.t.Helper()
	p, err := s.stores.placements.Get(s.t.Context(), id)
	if err != nil || p.State != placement.Returned || p.Candidate != "" || p.Documents[0].Name != "" || p.Documents[0].SHA256 != "ab" ||
		p.Ending.Note != "" || p.Ending.Insurance[0].Number != "" || p.History[0].Note != "" {
		s.t.Errorf("the placement that is kept: %+v %v", p, err)
	}
	if _, err := s.blobs.Open(s.t.Context(), "blb_passport"); !fault.Is(err, fault.NotFound) {
		s.t.Errorf("the content of a paper is still there: %v", err)
	}
}

// file reads an application as it is stored.
func (s *stage) file(id string) *application.Application {
	s.t.Helper()
	a, err := s.stores.applications.Get(s.t.Context(), application.ID(id))
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// gone looks everywhere for a person who was erased.
func (s *stage) gone(p *somebody, id account.ID) {
	s.t.Helper()
	ctx := s.t.Context()
	p.must(http.StatusUnauthorized, "GET", "/me", nil)
	s.by("").must(http.StatusUnauthorized, "POST", "/auth/login", object{"login": p.email, "password": p.password})
	for _, who := range []string{"official", "agency", "agency2"} {
		s.by(who).must(http.StatusNotFound, "GET", "/profiles/"+p.profile, nil)
	}
	s.by("official").must(http.StatusNotFound, "POST", "/profiles/"+p.profile+"/disclosures", object{"reason": "assistance"})
	if _, found := s.index.ProfileCard(profile.ID(p.profile)); found {
		s.t.Error("the index knows the profile")
	}
	if _, found := s.index.AccountByLogin(p.email); found {
		s.t.Error("the index knows the address")
	}
	for name, doc := range documentsOf(s.t, s.App) {
		for _, mark := range append(p.marks()[:6], p.email) {
			if strings.Contains(doc, mark) {
				s.t.Errorf("document %s holds %q", name, mark)
			}
		}
		if collection, _, _ := strings.Cut(name, "/"); strings.Contains(doc, string(id)) && !strings.Contains("audit audit_node audit_inbox audit_key erasure account profile application placement", collection) {
			s.t.Errorf("document %s names the account", name)
		}
	}
	a, err := s.stores.accounts.Get(ctx, id)
	if err != nil || !a.Stripped() || !a.CreatedAt.IsZero() {
		s.t.Errorf("the account: %+v %v", a, err)
	}
	record, err := s.stores.profiles.Get(ctx, profile.ID(p.profile))
	if err != nil || !record.Erased() || record.Owner != "" || len(record.Consents)+len(record.Accesses) > 0 {
		s.t.Errorf("the profile: %+v %v", record, err)
	}
	if _, err := s.db.Claims().Owner(ctx, "profile:"+string(id)); !fault.Is(err, fault.NotFound) {
		s.t.Errorf("the claim on the profile: %v", err)
	}
}

// subjectsForgotten carries the audit log and tests that nothing ties it to
// the records any more, while it is still whole.
func (s *stage) subjectsForgotten(subjects ...string) {
	s.t.Helper()
	for range 3 {
		if err := s.services.audit.carry(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, subject := range subjects {
		if key, err := s.stores.audits.SubjectKey(s.t.Context(), subject); err != nil || len(key.Wrapped) > 0 || key.ForgottenAt.IsZero() {
			s.t.Errorf("the key of %s: %v %v", subject, key.ForgottenAt, err)
		}
	}
	if report, err := s.VerifyAudit(s.t.Context(), nil); err != nil || report.Tampered != "" {
		s.t.Errorf("the log after an erasure: %s %v", report.Tampered, err)
	}
}

// TestPR02LastAdministratorStays: nobody is left without an administrator.
func TestPR02LastAdministratorStays(t *testing.T) {
	s := newStage(t, openHouse(t))
	s.by("admin").must(http.StatusOK, "POST", "/users/"+s.account(s.by("admin2"))+"/disablings", nil)
	if r := s.by("admin").must(http.StatusConflict, "DELETE", "/me", nil); r.member("code") != "account.admin.last" {
		t.Errorf("%s", r.body)
	}
	s.by("admin").must(http.StatusOK, "GET", "/me", nil)
}

// TestPR02ImportDoesNotBringBack: a row of an erased person is rejected.
func TestPR02ImportDoesNotBringBack(t *testing.T) {
	h := openHouse(t)
	collector, _ := h.index.AccountByLogin("official3@demo.test")
	actor := collector.Actor("")
	row := profile.Incoming{Key: "K-1", Hash: "one", Import: "imp_1", Run: 1, Row: 1, Choices: []profile.Choice{{Purpose: profile.PurposeMatching, Given: true}}}
	row.Facts.Identity.FamilyName = familyName
	kept, err := h.services.profiles.Upsert(t.Context(), actor, []profile.Incoming{row})
	if err != nil || kept[0].Kept != "created" {
		t.Fatal(kept, err)
	}
	if err := h.services.profiles.Erase(t.Context(), account.SystemActor(), kept[0].ID, "request"); err != nil {
		t.Fatal(err)
	}
	row.Hash = "two"
	again, err := h.services.profiles.Upsert(t.Context(), actor, []profile.Incoming{row})
	if err != nil || again[0].Kept != "rejected" || again[0].Faults[0].Code != "profile.erased" {
		t.Errorf("%+v %v", again, err)
	}
	if p, err := h.stores.profiles.Get(t.Context(), kept[0].ID); err != nil || !p.Erased() || p.Facts.Identity.FamilyName != "" {
		t.Errorf("%+v %v", p, err)
	}
}

// errKilled stands for the end of the process.
var errKilled = errors.New("the process was killed")

// killer ends the process at the nth write: before it, or just after it.
type killer struct {
	at    int
	after bool
	n     int
}

func (k *killer) write(do func() error) error {
	k.n++
	if k.n > k.at || k.n == k.at && !k.after {
		return errKilled
	}
	if err := do(); err != nil {
		return err
	}
	if k.n == k.at {
		return errKilled
	}
	return nil
}

// TestPR02ErasureResumesAfterEveryWrite kills an erasure at each of its
// writes, before and after, and lets the job complete it.
func TestPR02ErasureResumesAfterEveryWrite(t *testing.T) {
	s := newStage(t, openHouse(t))
	offer, cut := s.published(), 0
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			p := s.resident()
			p.applies(offer)
			card, _ := s.index.AccountByLogin(p.email)
			actor := card.Actor("")
			k := &killer{at: at, after: after}
			err := s.dying(k).Erase(t.Context(), actor)
			if err == nil {
				s.gone(p, card.ID)
				break
			}
			cut++
			if !errors.Is(err, errKilled) {
				t.Fatalf("write %d: %v", at, err)
			}
			if at == 1 && !after {
				p.must(http.StatusOK, "GET", "/me", nil) // nothing has happened
				p.must(http.StatusNoContent, "DELETE", "/me", nil)
				continue
			}
			p.must(http.StatusUnauthorized, "GET", "/me", nil) // no way back
			if _, err := s.services.privacy.Finish(t.Context()); err != nil {
				t.Fatalf("write %d: %v", at, err)
			}
			s.gone(p, card.ID)
			if t.Failed() {
				t.Fatalf("killed at write %d (after: %t)", at, after)
			}
		}
	}
	if cut < 24 {
		t.Errorf("only %d places to die at", cut)
	}
}

// dying makes a service whose writes the killer counts.
func (s *stage) dying(k *killer) *privacy.Service {
	deps := s.services.privacy.Deps
	deps.Fresh = func(context.Context, account.Actor, account.Permission) error { return nil }
	deps.Ledger = dyingLedger{deps.Ledger, k}
	deps.Closer, deps.Accounts = dyingCloser{deps.Closer, k}, dyingAccounts{deps.Accounts, k}
	deps.Profiles, deps.Applications = dyingProfiles{deps.Profiles, k}, dyingApplications{deps.Applications, k}
	deps.Sessions, deps.Messages = dyingSessions{deps.Sessions, k}, dyingMessages{deps.Messages, k}
	deps.Codes, deps.Replays = dyingTraces{deps.Codes, k}, dyingTraces{deps.Replays, k}
	deps.Placements = dyingPlacements{deps.Placements, k}
	deps.Claims, deps.Audit = dyingClaims{deps.Claims, k}, dyingAudit{deps.Audit, k}
	keep := deps.Keep
	deps.Keep = func(ctx context.Context) error { return k.write(func() error { return keep(ctx) }) }
	return privacy.NewService(deps)
}
