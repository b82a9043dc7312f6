package app

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// corrected is a file whose first contract breaks the promise, which two
// officials then refuse, and which is cleared in the end.
func (j *voyage) corrected() {
	j.begin("ML", nil)
	lower := object{"amount": "1500.00", "currency": "EUR", "period": "month", "basis": "gross", "paymentsPerYear": 12}
	blocking := j.proposes(1, object{"pay": lower, "costs": object{"visa": "worker", "flight": "employer", "medical": "employer", "training": "employer"}})
	if !slices.Equal(blocking, []string{"pay", "costs.visa"}) || !slices.Equal(j.file.HeldBy, []string{"substitution"}) {
		j.t.Fatalf("a contract with 400 euros less: %v, held by %v", blocking, j.file.HeldBy)
	}
	j.does("candidate", "open contract 1 and the notice", "contracts/1/readings", nil, "contract_proposed")
	j.later(73 * time.Hour)
	j.cannot("candidate", "ask for a code on a held file", "acceptance-codes", nil, http.StatusConflict, "placement.held")
	j.does("official A", "would lift the hold alone", "holds/releases", object{"kind": "substitution", "source": "contract/1", "reason": "Essai"}, "contract_proposed")
	j.cannot("official A", "lift it with a second call", "holds/releases", object{"kind": "substitution", "source": "contract/1", "reason": "Essai"}, http.StatusForbidden, "four_eyes.same")
	if !j.file.Held() {
		j.t.Error("one official lifted a hold")
	}
	if blocking := j.proposes(2, nil); len(blocking) > 0 || j.file.Held() {
		j.t.Fatalf("the corrected contract: %v, held by %v", blocking, j.file.HeldBy)
	}
	j.signs(2, "contract_accepted")
	j.completes("under_review")
	j.refusedByTwo()
	j.does("agency", "answer the refusal", "answers", object{"note": "Le contrat vaut pour le chantier prévu ; l’attestation est jointe."}, "under_review")
	j.does("official B", "give the file back for correction", "returns", object{"reason": "unclear_terms", "note": "Préciser le lieu."}, "contract_proposed")
	j.cannot("candidate", "accept what was given back without a code", "acceptances", object{"code": "123456"}, http.StatusUnprocessableEntity, "auth.code.wrong")
	if blocking := j.proposes(3, object{"region": "Almería"}); len(blocking) > 0 {
		j.t.Errorf("the third contract: %v", blocking)
	}
	j.signs(3, "contract_accepted")
	if !slices.Equal(j.file.Lacking, []string{"contract_signed"}) {
		j.t.Errorf("a new contract lacks its signed paper only, not %v", j.file.Lacking)
	}
	j.completes("under_review")
	j.clears("official B", "official A")
	j.does("official A", "take the clearance back", "revocations", object{"reason": "complaints"}, "under_review")
	j.cannot("agency", "leave on a clearance that was taken back", "departures", object{"on": j.day(0)}, http.StatusConflict, "transition")
	j.clears("official A", "official B")
	if f := j.file; len(f.Clearances) != 2 || f.Clearances[0].RevokedReason != "complaints" || f.Clearances[0].Number == f.Clearances[1].Number {
		j.t.Errorf("clearances: %+v", f.Clearances)
	}
}

// refusedByTwo has the file refused: by two officials, for one reason.
func (j *voyage) refusedByTwo() {
	j.t.Helper()
	j.cannot("official A", "refuse without a reason", "refusals", nil, http.StatusUnprocessableEntity, "")
	j.does("official A", "propose to refuse", "refusals", object{"reason": "employer_doubtful", "note": "Adresse introuvable."}, "under_review")
	if side := j.seen("agency"); side.Decision.RefusalReason != "" {
		j.t.Error("the agency sees what is not decided")
	}
	j.cannot("official A", "confirm one's own proposal", "refusals", object{"reason": "employer_doubtful"}, http.StatusForbidden, "four_eyes.same")
	j.cannot("official B", "confirm for another reason", "refusals", object{"reason": "safety"}, http.StatusConflict, "placement.refusal.differs")
	j.does("official B", "confirm the refusal", "refusals", nil, "refused")
	if d := j.seen("agency").Decision; d.RefusalReason != "employer_doubtful" || d.RefusalNote == "" || d.RefusalBy != "" {
		j.t.Errorf("the agency sees of the refusal: %+v", d)
	}
	j.cannot("official A", "clear a refused file", "clearances", object{}, http.StatusConflict, "transition")
}

// broken is a file that is transferred, and ends early after a report that the
// agency does not see.
func (j *voyage) broken() {
	j.begin("ML", nil)
	j.proposes(1, nil)
	j.signs(1, "contract_accepted")
	j.completes("under_review")
	j.clears("official B", "official A")
	j.days(7)
	j.does("agency", "note the departure", "departures", object{"on": j.day(0)}, "departed")
	j.late()
	j.does("mission", "note the arrival", "arrivals", object{"on": j.day(-4), "place": "Almería"}, "arrived")
	j.does("candidate", "state the contract found on arrival", "statements", j.contract(object{"stage": "arrival"}), "in_post")
	j.moves()
	j.days(20)
	id := j.reports()
	j.works(id)
	j.days(3)
	j.does("mission", "the work ends early", "endings", object{"outcome": "ended_early", "on": j.day(0), "cause": "employer_breach", "note": "Logement fermé à clé."}, "ended_early")
	if side := j.seen("agency").Ending; side.Cause != "employer_breach" {
		j.t.Errorf("the agency sees of the end: %+v", side)
	}
	j.days(2)
	j.does("mission", "bring the person home", "homecomings", object{"outcome": "returned", "on": j.day(0)}, "returned")
	j.reported("ES", "endedEarly")
}

// late lets the arrival be noted too late, which opens an incident.
func (j *voyage) late() {
	j.t.Helper()
	overdue := func() int {
		return read[struct{ Total int }](j.by("official A"), "/incidents"+query("placement", j.id, "category", "arrival_overdue")).Total
	}
	if n := overdue(); n != 0 {
		j.t.Errorf("%d incidents before anything is late", n)
	}
	j.days(5)
	for range 2 {
		j.job(j.t, "watch-journeys")
	}
	j.check("system", "the arrival is overdue: an incident", "departed")
	if n := overdue(); n != 1 || j.file.Journey.OverdueAt.IsZero() {
		j.t.Errorf("%d incidents about one late arrival", n)
	}
}

// moves is a transfer the person consents to with a code, and an official
// approves.
func (j *voyage) moves() {
	j.t.Helper()
	j.days(30)
	to := j.accredits("ES")
	j.cannot("agency", "transfer to an employer nobody knows", "transfers", j.contract(object{"employer": "emp_none"}), http.StatusUnprocessableEntity, "")
	blocking := j.file.HeldBy
	j.does("agency", "ask for a transfer", "transfers", j.contract(object{"employer": to}), "transferred")
	if len(blocking) > 0 || !slices.Equal(j.file.HeldBy, []string{"substitution"}) {
		j.t.Fatalf("another employer is not what was promised: held by %v", j.file.HeldBy)
	}
	j.cannot("official A", "approve without consent", "transfer-approvals", nil, http.StatusConflict, "placement.transfer.consent")
	j.cannot("candidate", "consent with a made-up code", "transfer-consents", object{"code": "000000"}, http.StatusUnprocessableEntity, "auth.code.wrong")
	j.does("candidate", "consent with the code", "transfer-consents", object{"code": j.codeFor("transfer-codes")}, "transferred")
	j.cannot("mission", "approve while held", "transfer-approvals", nil, http.StatusConflict, "placement.held")
	last := j.file.Contracts[len(j.file.Contracts)-1]
	if last.AcceptedAt.IsZero() || last.Stage != "transfer" {
		j.t.Errorf("the consent is not on the contract: %+v", last)
	}
	j.releases("substitution", j.file.Holds[0].Source, "transferred")
	j.does("mission", "approve the transfer", "transfer-approvals", nil, "in_post")
	if m := j.file.Journey.Transfers; len(m) != 1 || !m[0].Approved || m[0].Employer != to || m[0].ConsentedAt.IsZero() {
		j.t.Errorf("transfers: %+v", m)
	}
}

// releases lifts a hold: two officials, one reason each, which the person sees.
func (j *voyage) releases(kind, source, state string) {
	j.t.Helper()
	body := func(reason string) object { return object{"kind": kind, "source": source, "reason": reason} }
	held := len(j.file.Holds)
	j.does("official A", "agree to lift the hold "+kind, "holds/releases", body("La personne est d’accord."), state)
	if len(j.file.Holds) != held || !j.file.Holds[0].Released && kind == "substitution" {
		j.t.Errorf("one official lifted: %+v", j.file.Holds)
	}
	j.cannot("official A", "lift it alone", "holds/releases", body("Encore."), http.StatusForbidden, "four_eyes.same")
	j.does("official B", "lift the hold "+kind, "holds/releases", body("Vérifié au téléphone."), state)
	if len(j.file.Holds) != held-1 {
		j.t.Errorf("still held: %+v", j.file.Holds)
	}
	told := 0
	for _, e := range j.file.History {
		if strings.Contains(e.Action, "release") {
			told++
		}
	}
	if told < 2 {
		j.t.Error("the person does not find both reasons")
	}
}

// reports is a report about safety that the agency must not know of.
func (j *voyage) reports() string {
	j.t.Helper()
	agencyRev := len(j.seen("agency").History)
	made := j.by("candidate").must(http.StatusCreated, "POST", "/incidents", object{
		"category": "confinement", "indicators": []string{"isolation"}, "description": "On nous enferme la nuit.", "placement": j.id, "keepFromAgency": true,
	})
	id := made.member("id")
	j.check("candidate", "report: locked in at night", "in_post")
	if !slices.Contains(j.file.HeldBy, "safety") {
		j.t.Fatalf("a safety case does not hold the file: %v", j.file.HeldBy)
	}
	j.by("agency").must(http.StatusNotFound, "GET", "/incidents/"+id, nil)
	if read[lines](j.by("agency"), "/incidents"+query("placement", j.id)).has(id) || !read[lines](j.by("official A"), "/incidents"+query("placement", j.id)).has(id) {
		j.t.Error("the agency lists the case, or officials do not")
	}
	f := j.seen("agency")
	for _, h := range f.Holds {
		if h.Kind == "safety" {
			j.t.Error("the agency sees the hold")
		}
	}
	if slices.Contains(f.HeldBy, "safety") || len(f.History) != agencyRev {
		j.t.Errorf("the agency sees that something happened: %v, %d events after %d", f.HeldBy, len(f.History), agencyRev)
	}
	list := read[struct {
		Items []struct {
			ID     string
			HeldBy []string
		}
	}](j.by("agency"), "/placements"+query("held", "safety"))
	if len(list.Items) != 0 {
		j.t.Error("the agency finds the file by its safety hold")
	}
	j.cannot("agency", "transfer while held", "transfers", j.contract(object{"employer": j.accredits("ES")}), http.StatusConflict, "placement.held")
	return id
}

// works takes the case from the first look to its end, and lifts the hold.
func (j *voyage) works(id string) {
	j.t.Helper()
	steps := []struct {
		who, what string
		body      object
		state     string
	}{
		{"official A", "triages", object{"category": "confinement", "indicators": []string{"isolation", "restriction_of_movement"}}, "triaged"},
		{"official A", "answers", object{"text": "Le consulat vous appelle aujourd’hui.", "audience": "reporter"}, "in_progress"},
		{"mission", "referrals", object{"partner": "consulate", "country": "ES", "consented": true}, "referred"},
		{"mission", "resolutions", object{"state": "resolved", "reason": "person_safe", "note": "Logée au foyer."}, "resolved"},
	}
	for _, s := range steps {
		j.later(time.Hour)
		j.by("agency").must(http.StatusForbidden, "POST", "/incidents/"+id+"/triages", object{"category": "other"})
		j.by("agency").must(http.StatusNotFound, "POST", "/incidents/"+id+"/answers", object{"text": "Ce n’est rien."})
		r := j.by(s.who).must(http.StatusOK, "POST", "/incidents/"+id+"/"+s.what, s.body)
		if r.member("state") != s.state {
			j.t.Errorf("incident after %s: %s", s.what, r.body)
		}
		j.check(s.who, "incident: "+s.what, "in_post")
	}
	told := j.by("candidate").must(http.StatusOK, "POST", "/incidents/"+id+"/readings", object{})
	if !strings.Contains(string(told.body), "consulat vous appelle") {
		j.t.Errorf("the person does not read the answer: %s", told.body)
	}
	if !slices.Contains(j.file.HeldBy, "safety") {
		j.t.Error("closing the case lifted the hold")
	}
	j.releases("safety", id, "in_post")
	j.proves(id, "incident.report", "incident.triage", "incident.refer", "incident.resolve")
}
