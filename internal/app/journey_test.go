package app

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
)

// lines is a list as the API gives it.
type lines struct {
	Items []struct {
		ID      string
		Title   string
		Offer   string
		Profile string
	}
	Total      int
	NextCursor string
}

func (l lines) has(id string) bool {
	for _, item := range l.Items {
		if item.ID == id || item.Offer == id {
			return true
		}
	}
	return false
}

// found searches without an account for an offer by a phrase of its title.
func (s *stage) found(id, title string) bool {
	s.t.Helper()
	return read[lines](s.by(""), "/offers?limit=100&q="+url.QueryEscape(`"`+title+`"`)).has(id)
}

// matched looks for the offer among those that match the candidate.
func (s *stage) matched(id string) bool {
	s.t.Helper()
	for path := "/profiles/me/matches?limit=100"; ; {
		page := read[lines](s.by("candidate"), path)
		if page.has(id) || page.NextCursor == "" {
			return page.has(id)
		}
		path = "/profiles/me/matches?limit=100&cursor=" + page.NextCursor
	}
}

// TestAZ07FourEyesUntilAnOfferIsPublic walks one offer through all hands, and
// tries at each station what must not be possible.
func TestAZ07FourEyesUntilAnOfferIsPublic(t *testing.T) {
	s := newStage(t, workHouse(t))
	terms := s.offer(nil)
	title, _ := terms["title"].(string)
	agency, a, b := s.by("agency"), s.by("official"), s.by("official2")
	id := agency.must(http.StatusCreated, "POST", "/offers", terms).member("id")
	path := "/offers/" + id
	a.must(http.StatusConflict, "POST", path+"/approvals", nil)
	agency.must(http.StatusOK, "POST", path+"/submissions", nil)
	agency.must(http.StatusForbidden, "POST", path+"/approvals", nil)
	a.must(http.StatusConflict, "POST", path+"/publications", nil)
	a.must(http.StatusOK, "POST", path+"/approvals", nil)
	if r := a.must(http.StatusForbidden, "POST", path+"/publications", nil); r.member("code") != "four_eyes" && r.member("code") != "offer.four_eyes" {
		t.Errorf("the first official publishes: %s", r.body)
	}
	s.by("").must(http.StatusNotFound, "GET", path, nil)
	if s.found(id, title) || s.matched(id) {
		t.Error("an approved offer is shown before the second signature")
	}
	b.must(http.StatusOK, "POST", path+"/publications", nil)
	if !s.found(id, title) || !s.matched(id) {
		t.Error("the published offer is not found, or does not match")
	}
	s.sealStays(id, terms)
}

// sealStays begins a next version and sees that what was published stays as it
// is, for everybody, until the next version has gone the same way.
func (s *stage) sealStays(id string, terms object) {
	s.t.Helper()
	path := "/offers/" + id
	agency, public := s.by("agency"), s.by("")
	sealed := public.must(http.StatusOK, "GET", path, nil)
	terms["title"] = "Un tout autre intitulé"
	terms["places"] = 3
	r := agency.must(http.StatusOK, "PUT", path, terms, "If-Match", s.tag(agency, path))
	if r.member("review", "state") != "draft" {
		s.t.Errorf("no next version: %s", r.body)
	}
	after := public.must(http.StatusOK, "GET", path, nil)
	hash := sealed.member("published", "sha256")
	if hash == "" || after.member("published", "sha256") != hash || after.member("title") != sealed.member("title") {
		s.t.Errorf("the edit shows:\n%s\n%s", sealed.body, after.body)
	}
	s.walk(id, [2]string{"agency", "submissions"}, [2]string{"official2", "approvals"})
	s.by("official2").must(http.StatusForbidden, "POST", path+"/publications", nil)
	if now := public.must(http.StatusOK, "GET", path, nil); now.member("published", "sha256") != hash {
		s.t.Errorf("an unpublished version shows: %s", now.body)
	}
	s.walk(id, [2]string{"official", "publications"})
	now := public.must(http.StatusOK, "GET", path, nil)
	if now.member("title") != "Un tout autre intitulé" || now.member("published", "sha256") == hash {
		s.t.Errorf("the second version is not in force: %s", now.body)
	}
}

// TestAZ07AnEditBetweenTheSignaturesVoidsTheFirst is the way around four eyes
// that must not exist.
func TestAZ07AnEditBetweenTheSignaturesVoidsTheFirst(t *testing.T) {
	s := newStage(t, workHouse(t))
	id := s.approved()
	path := "/offers/" + id
	s.by("agency").must(http.StatusOK, "PUT", path, s.offer(nil), "If-Match", s.tag(s.by("agency"), path))
	s.by("official3").must(http.StatusConflict, "POST", path+"/publications", nil)
	if got := s.by("agency").must(http.StatusOK, "GET", path, nil); got.member("state") != "draft" {
		t.Errorf("after an edit the offer is %s", got.member("state"))
	}
}

// TestAZ07AnImportTakesThreePeople imports as an official for an agency, and
// has the whole approved and published.
func TestAZ07AnImportTakesThreePeople(t *testing.T) {
	s := newStage(t, workHouse(t))
	file := s.upload(object{"agency": s.agencyID("service")})
	id := s.by("official3").must(http.StatusAccepted, "POST", "/imports", file).member("id")
	done := s.until("/imports/"+id, func(i object) bool { return i["state"] != "running" })
	if done["created"] != 1.0 || done["rejected"] != 1.0 || done["rows"] != 2.0 {
		t.Fatalf("import: %v", done)
	}
	path := "/imports/" + id
	s.by("official").must(http.StatusConflict, "POST", path+"/publications", nil)
	s.by("official3").must(http.StatusForbidden, "POST", path+"/approvals", nil)
	s.decided(id, "official", "approvals")
	for _, who := range []string{"official", "official3"} {
		s.by(who).must(http.StatusForbidden, "POST", path+"/publications", nil)
	}
	batch, _ := s.decided(id, "official2", "publications")["batch"].(object)
	if batch["total"] != 1.0 || batch["done"] != 1.0 {
		t.Errorf("publication: %v", batch)
	}
	if !s.found(read[lines](s.by("official"), "/offers?import="+id).Items[0].ID, "Maçon importé") {
		t.Error("the imported offer is not public")
	}
	again := s.by("official3").must(http.StatusAccepted, "POST", "/imports", file).member("id")
	done = s.until("/imports/"+again, func(i object) bool { return i["state"] != "running" })
	if again != id || done["created"] != 0.0 || done["unchanged"] != 1.0 {
		t.Errorf("the same file again: %v", done)
	}
}

// TestAZ08ASuspensionHidesAtOnce suspends an agency and a corridor, and looks
// for their offers in search, matches and application with the next request.
func TestAZ08ASuspensionHidesAtOnce(t *testing.T) {
	s := newStage(t, workHouse(t))
	terms := s.offer(nil)
	title, _ := terms["title"].(string)
	member, agency := s.applicant([2]string{"official", "vettings"}, [2]string{"official2", "activations"})
	id := s.announceBy(member, terms)
	act := object{"act": "Arrêté d’essai", "evidence": "Journal officiel", "kind": terms["kind"], "occupation": terms["occupation"]}
	file := s.by("candidate").must(http.StatusCreated, "POST", "/offers/"+s.announceBy(member, s.offer(nil))+"/applications", nil).member("id")
	for _, way := range []struct {
		what string
		path string
		body object
	}{{"agency", "/agencies/" + agency, s.act("complaints")}, {"corridor", fmt.Sprintf("/corridors/ML-%s", terms["country"]), act}} {
		if !s.found(id, title) || !s.matched(id) {
			t.Fatalf("before the suspension of the %s the offer is not there", way.what)
		}
		s.by("official").must(http.StatusOK, "POST", way.path+"/suspensions", way.body)
		if s.found(id, title) || s.matched(id) {
			t.Errorf("the offer is shown after the suspension of its %s", way.what)
		}
		r := s.by("candidate").send("POST", "/offers/"+id+"/applications", nil)
		if r.status != http.StatusConflict && r.status != http.StatusNotFound {
			t.Errorf("applying after the suspension of the %s: %d %s", way.what, r.status, r.body)
		}
		if r := member.send("POST", "/applications/"+file+"/selections", nil); r.status != http.StatusConflict && r.status != http.StatusForbidden {
			t.Errorf("selecting after the suspension of the %s: %d %s", way.what, r.status, r.body)
		}
		s.by("").must(http.StatusNotFound, "GET", "/offers/"+id, nil)
		s.by("official").must(http.StatusForbidden, "POST", way.path+"/reopenings", reopening(way.body))
		s.by("official2").must(http.StatusOK, "POST", way.path+"/reopenings", reopening(way.body))
	}
	// Where an act touches many offers, a job brings them back.
	err := s.RunJob(t.Context(), "carry-suspensions")
	for ; fault.Is(err, fault.Conflict); err = s.RunJob(t.Context(), "carry-suspensions") {
		time.Sleep(10 * time.Millisecond) // it runs already, by itself
	}
	if err != nil {
		t.Fatal(err)
	}
	if !s.found(id, title) || !s.matched(id) {
		t.Error("the offer is not back after the reopenings")
	}
}

// reopening gives the body of a reopening: an act of its own, and for a
// corridor the part it is about.
func reopening(suspension object) object {
	if suspension["kind"] == nil {
		return opening()
	}
	return object{"act": "Arrêté de levée", "evidence": "Journal officiel", "kind": suspension["kind"], "occupation": suspension["occupation"]}
}

// TestAZ06WithdrawnConsentHidesAtOnce takes back the consent to be found.
func TestAZ06WithdrawnConsentHidesAtOnce(t *testing.T) {
	s := newStage(t, workHouse(t))
	offer := s.announce(s.everything())
	person, id := s.person(rich("Visible", "1500.00"))
	listed := func() bool {
		all := read[lines](s.by("agency"), "/offers/"+offer+"/matches?limit=100")
		return slices.ContainsFunc(all.Items, func(i struct{ ID, Title, Offer, Profile string }) bool { return i.Profile == id })
	}
	if !listed() {
		t.Fatal("the person does not match: the test sees nothing")
	}
	s.by("agency").must(http.StatusOK, "GET", "/profiles/"+id, nil)
	consents := object{"consents": []object{{"purpose": "matching", "given": false}}}
	person.must(http.StatusOK, "PUT", "/profiles/me/consents", consents, "If-Match", s.tag(person, "/profiles/me"))
	if listed() {
		t.Error("the person is still listed")
	}
	s.by("agency").must(http.StatusNotFound, "GET", "/profiles/"+id, nil)
	s.by("agency").must(http.StatusNotFound, "GET", "/matches/explain?offer="+offer+"&profile="+id, nil)
	s.by("agency").must(http.StatusNotFound, "POST", "/offers/"+offer+"/invitations", object{"profile": id})
}
