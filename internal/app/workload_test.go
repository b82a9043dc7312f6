package app

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
)

// workload is many people working at once, at random, over the API.
type workload struct {
	*stage
	people []*caller
	agency *caller // of a new agency: to suspend a large one takes long
	bureau string  // its id

	mu           sync.Mutex
	offers       []string
	applications []string
	employers    []string
	done         map[string]int // action → how often it succeeded
	refused      map[string]int // action and code → how often it was refused
}

// worker is one of the goroutines.
type worker struct {
	*workload
	r *rand.Rand
}

// runWorkload makes that many steps from each of four workers.
func runWorkload(t *testing.T, s *stage, steps int) *workload {
	t.Helper()
	w := &workload{stage: s, done: map[string]int{}, refused: map[string]int{}}
	for _, name := range []string{"candidate", "candidate2", "agency", "agency2", "official", "official2", "official3", "observer"} {
		s.by(name)
	}
	for n := range 4 {
		person, _ := s.person(rich(fmt.Sprintf("Ouv%d", n), "1500.00"))
		w.people = append(w.people, person)
	}
	w.people = append(w.people, s.by("candidate"), s.by("candidate2"))
	w.agency, w.bureau = s.applicant([2]string{"official", "vettings"}, [2]string{"official2", "activations"})
	for range 12 {
		w.offers = append(w.offers, s.announceBy(w.agency, s.everything()))
	}
	var group sync.WaitGroup
	for n := range uint64(4) {
		group.Go(func() {
			one := &worker{w, rand.New(rand.NewPCG(n, 2021))}
			for range steps {
				one.step()
			}
		})
	}
	group.Wait()
	return w
}

// step does one thing, mostly with offers.
func (w *worker) step() {
	switch n := w.r.IntN(100); {
	case n < 6:
		w.create()
	case n < 48:
		w.moveOffer()
	case n < 64:
		w.apply()
	case n < 84:
		w.decide()
	case n < 92:
		w.changeProfile()
	case n < 98:
		w.moveEmployer()
	default:
		w.switchStanding()
	}
}

// note counts a success; every other answer must be a refusal, not a failure.
func (w *worker) note(action string, r *reply) *reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case r.status < 300:
		w.done[action]++
	case r.status >= 500 || r.status == http.StatusBadRequest || r.status == http.StatusUnauthorized:
		w.t.Errorf("%s: %d %s", action, r.status, r.body)
	default:
		w.refused[action+" "+r.member("code")]++
	}
	return r
}

// among draws a record from a list that grows.
func (w *worker) among(list *[]string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(*list) == 0 {
		return ""
	}
	return (*list)[w.r.IntN(len(*list))]
}

func (w *worker) keep(list *[]string, r *reply) {
	if id := r.member("id"); r.status < 300 && id != "" {
		w.mu.Lock()
		*list = append(*list, id)
		w.mu.Unlock()
	}
}

// pick draws one of some people; "agency" is the one of the workload.
func (w *worker) pick(names ...string) *caller {
	if name := names[w.r.IntN(len(names))]; name != "agency" {
		return w.by(name)
	}
	return w.agency
}

func (w *worker) terms() object {
	words := []string{"chantier", "atelier", "rivage", "montagne", "nuit", "bétonnière"}
	terms := w.everything()
	terms["title"] = fmt.Sprintf("Maçon de %s %d", words[w.r.IntN(len(words))], w.r.IntN(50))
	terms["places"] = 1 + w.r.IntN(2)
	if w.r.IntN(3) == 0 {
		terms["optionalSkills"] = []string{"ferraillage", "coffrage"}
	}
	return terms
}

func (w *worker) create() {
	r := w.note("create", w.agency.send("POST", "/offers", w.terms(), "Idempotency-Key", fmt.Sprintf("w%d", w.next())))
	w.keep(&w.offers, r)
}

// moveOffer takes an offer a step further, or aside.
func (w *worker) moveOffer() {
	id := w.among(&w.offers)
	if id == "" {
		return
	}
	shown := w.by("official").send("GET", "/offers/"+id, nil)
	act := func(who *caller, what string, body any) { w.note(what, who.send("POST", "/offers/"+id+"/"+what, body)) }
	aside := w.r.IntN(5) == 0
	switch state := shown.member("state"); {
	case aside && w.r.IntN(2) == 0 || state == "published" && w.r.IntN(4) == 0:
		w.note("edit", w.agency.send("PUT", "/offers/"+id, w.terms(), "If-Match", shown.header.Get("ETag")))
	case aside && state == "published":
		act(w.pick("official", "official2"), "suspensions", object{"reason": "complaints"})
	case aside && w.r.IntN(3) == 0:
		act(w.agency, []string{"withdrawals", "closures"}[w.r.IntN(2)], nil)
	case aside && state == "submitted":
		act(w.by("official"), []string{"returns", "refusals"}[w.r.IntN(2)], object{"reason": "duplicate"})
	case state == "suspended":
		act(w.pick("official", "official2", "official3"), "reopenings", nil)
	case state == "refused":
		act(w.agency, "answers", object{"note": "Corrigé."})
	default:
		w.forward(id, shown)
	}
}

// forward takes the version under work towards publication.
func (w *worker) forward(id string, shown *reply) {
	state := shown.member("review", "state")
	if state == "" {
		state = shown.member("state")
	}
	steps := map[string]struct {
		what string
		who  []string
	}{
		"draft": {"submissions", []string{"agency"}}, "submitted": {"approvals", []string{"official", "official2"}},
		"approved": {"publications", []string{"official2", "official3"}}, "published": {"objections", []string{"observer"}},
	}
	if step, ok := steps[state]; ok {
		var body any
		if step.what == "objections" {
			body = object{"reason": "pay_too_low"}
		}
		w.note(step.what, w.pick(step.who...).send("POST", "/offers/"+id+"/"+step.what, body))
	}
}

func (w *worker) apply() {
	id := w.among(&w.offers)
	if id == "" {
		return
	}
	person := w.people[w.r.IntN(len(w.people))]
	if w.r.IntN(3) == 0 {
		own := person.send("GET", "/profiles/me", nil).member("id")
		w.keep(&w.applications, w.note("invite", w.agency.send("POST", "/offers/"+id+"/invitations", object{"profile": own})))
		return
	}
	w.keep(&w.applications, w.note("apply", person.send("POST", "/offers/"+id+"/applications", object{"message": "Me voici."})))
}

func (w *worker) decide() {
	id := w.among(&w.applications)
	if id == "" {
		return
	}
	agency := w.agency
	switch w.r.IntN(8) {
	case 0, 1:
		w.note("select", agency.send("POST", "/applications/"+id+"/selections", nil))
	case 2:
		w.note("shortlist", agency.send("POST", "/applications/"+id+"/shortlistings", nil))
	case 3:
		w.note("interview", agency.send("POST", "/applications/"+id+"/interviews", nil))
	case 4:
		w.note("wait", agency.send("POST", "/applications/"+id+"/waitings", object{"rank": 1 + w.r.IntN(5)}))
	case 5:
		w.note("refuse", agency.send("POST", "/applications/"+id+"/refusals", object{"reason": "experience"}))
	default:
		for _, person := range w.people {
			what := []string{"withdrawals", "acceptances"}[w.r.IntN(2)]
			w.note(what, person.send("POST", "/applications/"+id+"/"+what, nil))
		}
	}
}

func (w *worker) changeProfile() {
	person := w.people[w.r.IntN(4)] // the demo candidates keep what they are
	shown := person.send("GET", "/profiles/me", nil)
	if w.r.IntN(3) == 0 {
		body := object{"consents": []object{{"purpose": "matching", "given": w.r.IntN(2) == 0}}}
		w.note("consent", person.send("PUT", "/profiles/me/consents", body, "If-Match", shown.header.Get("ETag")))
		return
	}
	facts := rich(fmt.Sprintf("Ouv%d", w.r.IntN(4)), fmt.Sprintf("%d.00", 1000+w.r.IntN(3000)))
	delete(facts, "consents")
	w.note("profile", person.send("PUT", "/profiles/me", facts, "If-Match", shown.header.Get("ETag")))
}

func (w *worker) moveEmployer() {
	id := w.among(&w.employers)
	if id == "" || w.r.IntN(4) == 0 {
		facts := object{"name": fmt.Sprintf("Obras %d", w.next()), "country": "ES"}
		w.keep(&w.employers, w.note("declare", w.agency.send("POST", "/employers", facts)))
		return
	}
	what := []string{"accreditations", "bars", "bars", "reopenings", "refusals"}[w.r.IntN(5)]
	body := object{}
	switch what {
	case "bars": // one act for all, so that a second official agrees to it
		body = object{"reason": "other", "note": "essai", "act": "Arrêté d’essai", "evidence": "Journal officiel"}
	case "reopenings":
		body = opening()
	case "refusals":
		body = object{"reason": "other", "note": "essai"}
	}
	w.note(what, w.pick("official", "official2", "official3").send("POST", "/employers/"+id+"/"+what, body))
}

// switchStanding has one official suspend the agency, or the corridor for its
// work, and after a while another one reopen it.
func (w *worker) switchStanding() {
	what, path := "agency", "/agencies/"+w.bureau
	body := func() object {
		return object{"act": fmt.Sprintf("Arrêté %d", w.next()), "evidence": "Journal officiel"}
	}
	if w.r.IntN(2) == 0 {
		what, path = "corridor", fmt.Sprintf("/corridors/ML-%s", w.stage.terms["country"])
		body = func() object {
			return object{"kind": "fixed_term", "occupation": "7112", "act": fmt.Sprintf("Arrêté %d", w.next()), "evidence": "Journal officiel"}
		}
	}
	closing := body()
	if what == "agency" {
		closing["reason"] = "complaints"
	}
	w.note(what+" suspensions", w.by("official").send("POST", path+"/suspensions", closing))
	for range 3 {
		w.moveOffer()
	}
	w.note(what+" reopenings", w.pick("official2", "official3").send("POST", path+"/reopenings", body()))
}
