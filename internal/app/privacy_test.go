package app

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// somebody is a person who has told the service everything.
type somebody struct {
	*caller
	email, phone, password, profile string
	n                               int64
}

// The marks by which somebody's data is found again, wherever it went.
const (
	familyName  = "Koné-Introuvable"
	givenNames  = "Oumou Zébédée"
	nina        = "19901234567890Z"
	card        = "CC-778899-Q"
	summary     = "Je parle à voix basse de mes vergers secrets."
	applyingFor = "Un message que seule l’agence lit, au sujet des tamariniers."
)

// marks lists what must not be found where personal data has no business.
func (p *somebody) marks() []string {
	return []string{familyName, givenNames, nina, card, "vergers secrets", "tamariniers", p.email, p.phone, strings.TrimPrefix(p.phone, "+223")}
}

// resident registers by e-mail, tells everything and agrees to be found.
func (s *stage) resident() *somebody {
	s.t.Helper()
	n := s.next()
	p := &somebody{n: n, email: fmt.Sprintf("oumou.%d@vergers.example", n), phone: fmt.Sprintf("+2237655%04d", n), password: "sept manguiers derriere la case"}
	s.by("").must(http.StatusAccepted, "POST", "/auth/register", object{"applicant": "candidate", "email": p.email, "password": p.password})
	p.caller = s.by("").login(p.email, p.password)
	p.profile = p.must(http.StatusCreated, "POST", "/profiles", object{
		"identity": object{"familyName": familyName, "givenNames": givenNames, "sex": "female", "birthDate": "1990-05-06", "nina": nina,
			"consularCard": card, "phone": p.phone, "email": p.email},
		"residence": object{"country": "ML", "region": "2", "city": "Kati"}, "summary": summary,
		"consents": []object{{"purpose": "matching", "given": true}, {"purpose": "statistics", "given": true}},
	}, "Idempotency-Key", fmt.Sprintf("resident-%d", n)).member("id")
	return p
}

// applies sends an application with a message.
func (p *somebody) applies(offer string) string {
	p.t.Helper()
	return p.must(http.StatusCreated, "POST", "/offers/"+offer+"/applications", object{"message": applyingFor}).member("id")
}

// TestPR01ExportHoldsEverything has an agency and an official read a person's
// identity, and finds all of it in the person's own export.
func TestPR01ExportHoldsEverything(t *testing.T) {
	s := newStage(t, openHouse(t))
	p := s.resident()
	application := p.applies(s.published())
	s.by("agency").must(http.StatusOK, "GET", "/profiles/"+p.profile, nil)
	s.by("official").must(http.StatusCreated, "POST", "/profiles/"+p.profile+"/disclosures", object{"reason": "assistance"})
	if err := s.RunJob(t.Context(), "carry-audit"); err != nil && Code(err) != "job.running" {
		t.Fatal(err)
	}
	r := p.must(http.StatusOK, "GET", "/me/export", nil)
	for _, mark := range append(p.marks(), application, "assistance", "profile.disclose", "loi n° 2013-015", "statistics", "ministry") {
		if !strings.Contains(string(r.body), mark) {
			t.Errorf("the export does not hold %q", mark)
		}
	}
	official, _ := s.index.AccountByLogin("official@demo.test")
	for _, secret := range []string{"argon2id", string(official.ID), "passwordHash", p.token} {
		if strings.Contains(string(r.body), secret) {
			t.Errorf("the export holds %q", secret)
		}
	}
	if r.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers: %v", r.header)
	}
	other := s.resident().must(http.StatusOK, "GET", "/me/export", nil)
	if strings.Contains(string(other.body), p.profile) || strings.Contains(string(other.body), p.phone) {
		t.Error("somebody else’s export holds this person")
	}
}

// TestPR01AU17ExportTakesAFreshPassword lets the session grow old.
func TestPR01AU17ExportTakesAFreshPassword(t *testing.T) {
	s := newStage(t, openHouse(t))
	p := s.resident()
	if _, err := s.Clock().Advance(s.Clock().Now().Add(11 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"GET /me/export", "DELETE /me"} {
		verb, path, _ := strings.Cut(method, " ")
		if r := p.must(http.StatusForbidden, verb, path, nil); r.member("code") != "auth.reauthenticate" {
			t.Errorf("%s: %s", method, r.body)
		}
	}
	p.must(http.StatusNoContent, "POST", "/auth/reauthentication", object{"password": p.password})
	p.must(http.StatusOK, "GET", "/me/export", nil)
}

// TestPR01ProcessingIsPublic reads the register of processing in both
// languages, without an account.
func TestPR01ProcessingIsPublic(t *testing.T) {
	nobody := readHouse(t).as(t, "")
	type register struct {
		Items []map[string]any
	}
	french, english := read[register](nobody, "/reference/processing?lang=fr"), read[register](nobody, "/reference/processing?lang=en")
	if len(french.Items) < 10 || len(french.Items) != len(english.Items) {
		t.Fatalf("%d lines, %d in English", len(french.Items), len(english.Items))
	}
	for i, line := range french.Items {
		for _, member := range []string{"code", "purpose", "subjects", "data", "recipients", "legalBasis", "period", "action"} {
			if line[member] == "" || english.Items[i][member] == "" {
				t.Errorf("%v has no %s", line["code"], member)
			}
		}
		if line["purpose"] == english.Items[i]["purpose"] {
			t.Errorf("%v is in one language", line["code"])
		}
	}
}

// TestPR06ConsentWithdrawnHidesAtOnce takes the consent away and looks at
// every place where an agency would meet the person.
//
// covers AZ-06
func TestPR06ConsentWithdrawnHidesAtOnce(t *testing.T) {
	s := newStage(t, openHouse(t))
	candidate, profile := s.person(s.twin())
	offer, agency := s.published(), s.by("agency")
	listed := func() bool {
		for path := "/offers/" + offer + "/matches?limit=100"; ; {
			page := read[struct {
				Items      []struct{ Profile string }
				NextCursor string
			}](agency, path)
			if slices.ContainsFunc(page.Items, func(m struct{ Profile string }) bool { return m.Profile == profile }) {
				return true
			}
			if page.NextCursor == "" {
				return false
			}
			path = "/offers/" + offer + "/matches?limit=100&cursor=" + page.NextCursor
		}
	}
	explain := "/matches/explain?offer=" + offer + "&profile=" + profile
	if !listed() {
		t.Fatal("the candidate does not match: the test proves nothing")
	}
	agency.must(http.StatusOK, "GET", "/profiles/"+profile, nil)
	agency.must(http.StatusOK, "GET", explain, nil)
	withdrawn := object{"consents": []object{{"purpose": "matching", "given": false}}}
	candidate.must(http.StatusOK, "PUT", "/profiles/me/consents", withdrawn, "If-Match", s.tag(candidate, "/profiles/me/consents"))
	if listed() {
		t.Error("still among the matches")
	}
	agency.must(http.StatusNotFound, "GET", "/profiles/"+profile, nil)
	agency.must(http.StatusNotFound, "GET", explain, nil)
	agency.must(http.StatusNotFound, "POST", "/offers/"+offer+"/invitations", object{"profile": profile})
}

// twin gives facts that match the stage's offers as the demo candidate's do.
func (s *stage) twin() object {
	s.t.Helper()
	same, facts := read[object](s.by("candidate"), "/profiles/me"), object{"consents": []object{{"purpose": "matching", "given": true}}}
	for _, member := range []string{"residence", "education", "experience", "occupations", "skills", "languages", "licences", "recognitions", "wishes"} {
		if stated, ok := same[member]; ok {
			facts[member] = stated
		}
	}
	identity, _ := same["identity"].(object)
	facts["identity"] = object{"birthDate": identity["birthDate"]}
	return facts
}

// TestPR07PersonalAnswersAreNotStored looks at every answer that a person gets
// about the own data, errors included.
func TestPR07PersonalAnswersAreNotStored(t *testing.T) {
	s := newStage(t, workHouse(t))
	p := s.resident()
	for _, path := range []string{"/me", "/me/export", "/me/sessions", "/profiles/me", "/profiles/me/consents", "/profiles/me/accesses", "/profiles/me/matches", "/applications", "/applications/app_none", "/profiles/" + p.profile} {
		if r := p.send("GET", path, nil); r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s (%d): Cache-Control %q", path, r.status, r.header.Get("Cache-Control"))
		}
	}
	for path, method := range map[string]string{"/auth/logout": "POST", "/me": "DELETE"} {
		one := s.resident()
		if r := one.must(http.StatusNoContent, method, path, nil); !strings.Contains(r.header.Get("Clear-Site-Data"), `"storage"`) {
			t.Errorf("%s %s does not clear the browser: %v", method, path, r.header)
		}
	}
}

// TestPR04StatisticsOverHTTP asks for what there is and for what must not be.
func TestPR04StatisticsOverHTTP(t *testing.T) {
	s := newStage(t, workHouse(t))
	if _, err := s.services.statistics.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	official := s.by("official")
	type report struct {
		Quarter   string
		Quarters  []string
		Threshold int
		Total     int
		Others    int
		Lines     []struct {
			Code, Label string
			Count       int
		}
	}
	counted := 0
	for _, name := range []string{"offers-by-country", "offers-by-occupation", "profiles-by-country", "profiles-by-region", "profiles-by-region-and-sex", "applications-by-outcome"} {
		got := read[report](official, "/statistics/"+name)
		sum := got.Others
		for _, l := range got.Lines {
			sum += l.Count
			counted++
			if l.Count < 5 || l.Label == "" || l.Label == l.Code {
				t.Errorf("%s: %+v", name, l)
			}
		}
		if len(got.Quarters) != 4 || got.Quarter != got.Quarters[0] || len(got.Lines) > 0 && sum != got.Total {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if counted < 20 {
		t.Errorf("only %d lines are shown", counted)
	}
	official.must(http.StatusNotFound, "GET", "/statistics/profiles-by-name", nil)
	official.must(http.StatusNotFound, "GET", "/statistics/offers-by-country?quarter=1999-Q1", nil)
	official.must(http.StatusUnprocessableEntity, "GET", "/statistics/offers-by-country?quarter=2026", nil)
	official.must(http.StatusBadRequest, "GET", "/statistics/offers-by-country?country=FR", nil)
}

// TestPersonalFieldsAreSealedOnDisk searches the database's files for what
// people have told, as a thief would.
func TestPersonalFieldsAreSealedOnDisk(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	p := s.resident()
	p.applies(s.published())
	dir, marks := h.options.DataDir, []string{familyName, givenNames, nina, card, p.email, p.phone, "+2237000", "personne77@demo.test", "candidate@demo.test"}
	s.by("").must(http.StatusOK, "POST", "/auth/login", object{"login": "candidate@demo.test", "password": s.DemoPassword()})
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if found := searchFiles(t, dir, marks); len(found) > 0 {
		t.Errorf("found %q", found)
	}
	if found := searchFiles(t, dir, []string{"published", "ministry"}); len(found) < 2 {
		t.Errorf("what is not sealed is not found either: the search is broken (%q)", found)
	}
}

// searchFiles looks for texts in the files of the database.
func searchFiles(t *testing.T, dir string, marks []string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.Contains(entry.Name(), ".sqlite") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, mark := range marks {
			quoted, _ := json.Marshal(mark) // a text always encodes
			if strings.Contains(string(text), mark) || strings.Contains(string(text), strings.Trim(string(quoted), `"`)) {
				found = append(found, entry.Name()+": "+mark)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
