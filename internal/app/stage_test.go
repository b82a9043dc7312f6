package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/profile"
)

// stage makes records in the state a test needs, by the same calls its users
// would make. It may be used from many goroutines.
type stage struct {
	*house
	t     testing.TB
	terms object // of an offer of the agency that candidate@demo.test matches

	copies *copies // nil = every record is made by the calls of its users
}

func newStage(t testing.TB, h *house) *stage {
	t.Helper()
	s := &stage{house: h, t: t}
	s.terms = s.matchedTerms()
	return s
}

func (s *stage) by(name string) *caller { return s.as(s.t, name) }

// next gives a number that this house has not given before.
func (s *stage) next() int64 { return s.numbers.Add(1) }

// termNames are the members of an offer that its agency states.
var termNames = []string{
	"title", "description", "occupation", "kind", "employer", "employerName", "country", "region", "city", "places", "start", "durationMonths",
	"hoursPerWeek", "daysPerWeek", "pay", "payText", "benefits", "deductions", "languages", "education", "experienceMonths", "requiredSkills",
	"optionalSkills", "licences", "minAge", "regulated", "costs", "deadline",
}

// stated keeps of an offer, as the API shows it, what can be sent again.
func stated(offer object) object {
	terms := object{}
	for _, name := range termNames {
		if value, ok := offer[name]; ok {
			terms[name] = value
		}
	}
	return terms
}

func (s *stage) agencyID(name string) string {
	s.t.Helper()
	return s.by(name).must(http.StatusOK, "GET", "/me", nil).member("agency")
}

func (s *stage) matchedTerms() object {
	s.t.Helper()
	found := read[struct{ Items []struct{ Offer string } }](s.by("candidate"), "/profiles/me/matches?limit=100")
	mine := s.agencyID("agency")
	for _, m := range found.Items {
		if o := read[object](s.by(""), "/offers/"+m.Offer); o["agency"] == mine && o["country"] != "ML" {
			return stated(o)
		}
	}
	s.t.Fatal("no offer of the agency matches the candidate")
	return nil
}

// offer gives new terms, with some members replaced.
func (s *stage) offer(with object) object {
	terms := maps.Clone(s.terms)
	terms["title"] = fmt.Sprintf("Poste d’essai %d", s.next())
	maps.Copy(terms, with)
	return terms
}

func (s *stage) draft() string {
	s.t.Helper()
	return s.offerLike("draft", func() string {
		return s.by("agency").must(http.StatusCreated, "POST", "/offers", s.offer(nil)).member("id")
	})
}

// walk takes an offer through the steps "who what".
func (s *stage) walk(id string, steps ...[2]string) string {
	s.t.Helper()
	for _, step := range steps {
		s.by(step[0]).must(http.StatusOK, "POST", "/offers/"+id+"/"+step[1], nil)
	}
	return id
}

func (s *stage) submitted() string {
	s.t.Helper()
	return s.offerLike("submitted", func() string { return s.walk(s.draft(), [2]string{"agency", "submissions"}) })
}

func (s *stage) approved() string {
	s.t.Helper()
	return s.offerLike("approved", func() string { return s.walk(s.submitted(), [2]string{"official2", "approvals"}) })
}

func (s *stage) published() string {
	s.t.Helper()
	return s.offerLike("published", func() string { return s.walk(s.approved(), [2]string{"official3", "publications"}) })
}

func (s *stage) suspended() string {
	s.t.Helper()
	id := s.published()
	s.by("official2").must(http.StatusOK, "POST", "/offers/"+id+"/suspensions", object{"reason": "complaints"})
	return id
}

func (s *stage) refused() string {
	s.t.Helper()
	id := s.submitted()
	s.by("official2").must(http.StatusOK, "POST", "/offers/"+id+"/refusals", object{"reason": "pay_too_low"})
	return id
}

// application makes one of the candidate to a new offer of the agency.
func (s *stage) application() string {
	s.t.Helper()
	return s.by("candidate").must(http.StatusCreated, "POST", "/offers/"+s.published()+"/applications", nil).member("id")
}

func (s *stage) invitation() string {
	s.t.Helper()
	body := object{"profile": s.profileOf("candidate")}
	return s.by("agency").must(http.StatusCreated, "POST", "/offers/"+s.published()+"/invitations", body).member("id")
}

func (s *stage) profileOf(name string) string {
	s.t.Helper()
	return s.by(name).must(http.StatusOK, "GET", "/profiles/me", nil).member("id")
}

// newcomer registers and signs in.
func (s *stage) newcomer(applicant string) (c *caller, email, password string) {
	s.t.Helper()
	email, password = fmt.Sprintf("nouveau%d@example.ml", s.next()), "quatre chevaux lents et doux"
	s.by("").must(http.StatusAccepted, "POST", "/auth/register", object{"applicant": applicant, "email": email, "password": password})
	return s.by("").login(email, password), email, password
}

// person registers a candidate with a profile of that content.
func (s *stage) person(facts object) (c *caller, id string) {
	s.t.Helper()
	c, _, _ = s.newcomer("candidate")
	return c, c.must(http.StatusCreated, "POST", "/profiles", facts).member("id")
}

// applicant makes a new agency, in the state after some decisions.
func (s *stage) applicant(decisions ...[2]string) (c *caller, id string) {
	s.t.Helper()
	c, _, _ = s.newcomer("agency")
	facts := object{"name": fmt.Sprintf("Bureau d’essai %d", s.next()), "country": "ML", "kind": "private", "licence": fmt.Sprintf("E-%d", s.next()), "licenceUntil": "2099-12-31"}
	id = c.must(http.StatusCreated, "POST", "/agencies", facts).member("id")
	for _, d := range decisions {
		body := object{}
		if d[1] == "suspensions" {
			body = s.act("complaints")
		}
		s.by(d[0]).must(http.StatusOK, "POST", "/agencies/"+id+"/"+d[1], body)
	}
	return c, id
}

// employer makes one declared by the agency, in the state after some decisions.
func (s *stage) employer(decisions ...[2]string) string {
	s.t.Helper()
	facts := object{"name": fmt.Sprintf("Essais Reunidos %d", s.next()), "country": "ES"}
	id := s.by("agency").must(http.StatusCreated, "POST", "/employers", facts).member("id")
	for _, d := range decisions {
		body := object{}
		if d[1] == "bars" {
			body = object{"reason": "unpaid_wages", "act": "Arrêté d’essai", "evidence": "Journal officiel"}
		}
		s.by(d[0]).must(http.StatusOK, "POST", "/employers/"+id+"/"+d[1], body)
	}
	return id
}

// act gives the body of a suspension or bar under an act of its own; without a
// reason that of a reopening.
func (s *stage) act(reason string) object {
	body := object{"act": fmt.Sprintf("Arrêté d’essai %d", s.next()), "evidence": "Journal officiel"}
	if reason != "" {
		body["reason"] = reason
	}
	return body
}

// upload makes a form with a file of offers, one new row in it and a bad one.
func (s *stage) upload(fields object) form {
	s.t.Helper()
	row := maps.Clone(s.terms)
	file := []object{{
		"key": fmt.Sprintf("essai-%d", s.next()), "title": "Maçon importé", "country": row["country"], "occupation": row["occupation"], "kind": row["kind"],
		"employer": row["employerName"], "description": row["description"], "hoursPerWeek": "40", "daysPerWeek": "5", "durationMonths": 6,
		"payAmount": "2500.00", "payCurrency": "EUR", "payPeriod": "month", "payBasis": "gross",
	}, {"key": "sans titre", "country": "ZZ"}}
	text, err := json.Marshal(file)
	if err != nil {
		s.t.Fatal(err)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if _, ok := fields["kind"]; !ok {
		fields["kind"] = "offers"
	}
	for name, value := range fields {
		if err := w.WriteField(name, fmt.Sprint(value)); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "essai.json")
	if err == nil {
		_, err = part.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return form{w.FormDataContentType(), b.Bytes()}
}

// imported makes a finished import of the agency.
func (s *stage) imported() string {
	s.t.Helper()
	id := s.by("agency").must(http.StatusAccepted, "POST", "/imports", s.upload(object{})).member("id")
	s.until("/imports/"+id, func(i object) bool { return i["state"] != "running" })
	return id
}

// until reads a record as an official until it is as wanted.
func (s *stage) until(path string, done func(object) bool) object {
	s.t.Helper()
	for range 1000 {
		if o := read[object](s.by("official"), path); done(o) {
			return o
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("%s does not come to its end", path)
	return nil
}

// decided has a whole import approved or published, to the end of the batch.
func (s *stage) decided(id, who, what string) object {
	s.t.Helper()
	s.by(who).must(http.StatusAccepted, "POST", "/imports/"+id+"/"+what, nil)
	return s.until("/imports/"+id, func(i object) bool {
		batch, _ := i["batch"].(object)
		return batch["endedAt"] != nil
	})
}

// tag reads the entity tag of a record.
func (s *stage) tag(who *caller, path string) string {
	s.t.Helper()
	return who.must(http.StatusOK, "GET", path, nil).header.Get("ETag")
}

// owned finds a visible profile that belongs to somebody with an account.
func (s *stage) owned() (profile.ID, account.ID) {
	s.t.Helper()
	card, ok := s.index.AccountByLogin("candidate2@demo.test")
	id, found := s.index.ProfileOf(card.ID)
	if !ok || !found {
		s.t.Fatal("candidate2 has no profile")
	}
	return id, card.ID
}
