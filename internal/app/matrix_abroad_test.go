package app

import (
	"net/http"

	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// abroadLines are the operations on placements from departure to return.
func abroadLines() []line {
	arrival := func(s *stage) object {
		body := s.contract()
		body["stage"] = "arrival"
		return body
	}
	lines := []line{
		dated("recordDeparture", otherAgency, (*stage).clearedFile, object{}),
		dated("recordArrival", otherTenants, (*stage).leaving, object{"place": "Almería"}),
		{operation: "stateContract", hidden: otherTenants, make: func(s *stage) target { return target{id: s.landed(), body: arrival(s)} }},
		on("recordCheckIn", "", otherTenants, (*stage).working).sending(object{"channel": "phone", "well": true, "paidAsAgreed": true}),
		{operation: "requestTransfer", hidden: otherAgency, make: func(s *stage) target { return target{id: s.working(), body: s.contract()} }},
		on("requestTransferCode", "", otherCandidate, (*stage).moving), on("consentToTransfer", "", otherCandidate, (*stage).moving),
		on("approveTransfer", "", nil, (*stage).agreed),
		{operation: "rejectTransfer", hidden: otherTenants, refused: []string{"agency"}, make: func(s *stage) target { return target{id: s.moving()} }},
		dated("endPlacement", otherTenants, (*stage).working, object{"outcome": "completed"}),
		dated("recordHomecoming", otherTenants, (*stage).done, object{"outcome": "returned"}),
		on("certifyPlacement", "", nil, (*stage).home).sending(object{"skills": []string{"maconnerie"}}),
		{operation: "addInsurancePeriod", hidden: otherTenants, make: func(s *stage) target {
			body := object{"country": "ES", "institution": "Seguridad Social", "branch": "health", "from": ref.DateOf(s.Clock().Now())}
			return target{id: s.working(), body: body}
		}},
		on("recordRehireWish", "", otherAgency, (*stage).home).sending(object{"wanted": true}),
		on("listRehires", "", otherAgency, (*stage).published),
		{operation: "openReintegrationCase", hidden: otherCandidate, refused: []string{"agency", "agency2"}, make: func(s *stage) target {
			return target{id: s.home(), body: object{"needs": []string{"work"}}}
		}},
		on("planReintegration", "", nil, (*stage).cared).sending(object{"needs": []string{"work"}}),
		on("recordFollowUp", "", nil, (*stage).cared).sending(object{"months": 3, "activity": "employed"}),
		on("closeReintegrationCase", "", nil, (*stage).cared).sending(object{"outcome": "settled"}),
	}
	return append(lines, trainingLines()...)
}

func trainingLines() []line {
	with := func(base func(*stage) string, change func(*placement.Placement)) func(*stage) string {
		return func(s *stage) string { return s.moved(base(s), change) }
	}
	trainee := func(p *placement.Placement) {
		p.Kind, p.Internship = ref.Internship, &placement.Internship{School: "ENI"}
	}
	evaluated := func(p *placement.Placement) {
		trainee(p)
		p.Internship.Evaluation = &placement.Evaluation{Skills: 4, Conduct: 4, Autonomy: 4}
	}
	expert := func(p *placement.Placement) {
		p.Kind, p.Mission = ref.ExpertMission, &placement.Mission{Host: "Hôpital"}
	}
	reported := func(p *placement.Placement) { expert(p); p.Mission.Report, p.Mission.ReportAt = "Fait.", p.Since }
	return []line{
		on("stateConvention", "", otherAgency, with((*stage).opened, trainee)), on("evaluateTrainee", "", otherAgency, with((*stage).working, trainee)),
		on("certifyInternship", "", nil, with((*stage).done, evaluated)), on("stateMission", "", otherAgency, with((*stage).opened, expert)),
		on("reportMission", "", otherCandidate, with((*stage).working, expert)),
		on("acceptMissionReport", "", otherAgency, with((*stage).working, reported)),
	}
}

// incidentLines are the operations on incidents.
func incidentLines() []line {
	coded := func(operation string, more object) line {
		return line{operation: operation, make: func(s *stage) target {
			id, code := s.incident()
			body := object{"code": code}
			for name, value := range more {
				body[name] = value
			}
			return target{id: id, body: body}
		}}
	}
	plainly := func(s *stage) string { id, _ := s.incident(); return id }
	return []line{
		plain("createIncident"), plain("listIncidents"), plain("listIncidentCategories"),
		{operation: "listReferralPartners", make: func(*stage) target { return target{query: "?country=ES"} }},
		on("showIncident", "", otherTenants, plainly), coded("readIncident", nil), coded("followIncident", object{"text": "Encore."}),
		on("claimIncident", "", nil, plainly), on("releaseIncidentClaim", "", nil, plainly),
		on("triageIncident", "", nil, plainly).sending(object{"category": "wages"}),
		on("answerIncident", "", otherAgency, (*stage).triaged), on("referIncident", "", nil, (*stage).triaged),
		on("closeIncident", "", nil, (*stage).triaged),
		on("reopenIncident", "", nil, func(s *stage) string {
			id := s.triaged()
			s.by("official2").must(http.StatusOK, "POST", "/incidents/"+id+"/resolutions", object{"state": "resolved", "reason": "paid"})
			return id
		}),
	}
}

// incident makes a report of the candidate that the agency sees.
func (s *stage) incident() (id, code string) {
	s.t.Helper()
	made := s.by("candidate").must(http.StatusCreated, "POST", "/incidents", object{
		"category": "wages", "description": "Deux mois sans salaire.", "placement": s.working(), "keepFromAgency": false,
	})
	return made.member("id"), made.member("code")
}

func (s *stage) triaged() string {
	s.t.Helper()
	id, _ := s.incident()
	s.by("official2").must(http.StatusOK, "POST", "/incidents/"+id+"/triages", object{"category": "wages"})
	return id
}

// dated is a line about something that happens today.
func dated(operation string, hidden []string, id func(*stage) string, body object) line {
	return line{operation: operation, hidden: hidden, make: func(s *stage) target {
		sent := object{"on": ref.DateOf(s.Clock().Now())}
		for name, value := range body {
			sent[name] = value
		}
		return target{id: id(s), body: sent}
	}}
}

// abroad gives a file in a state after clearance.
func (s *stage) abroad(state placement.State, change func(*placement.Placement)) string {
	today := ref.DateOf(s.Clock().Now())
	return s.moved(s.opened(), func(p *placement.Placement) {
		p.State = state
		p.Journey.DepartedOn, p.Journey.DueOn = today.AddDays(-1), today.AddDays(2)
		if state != placement.Departed {
			p.Journey.ArrivedOn, p.Journey.CheckIns = today.AddDays(-1), placement.Schedule(today.AddDays(-1))
		}
		change(p)
	})
}

func unchanged(*placement.Placement) {}

func (s *stage) leaving() string { return s.abroadLike("leaving", placement.Departed, unchanged) }
func (s *stage) landed() string  { return s.abroadLike("landed", placement.Arrived, unchanged) }
func (s *stage) working() string { return s.abroadLike("working", placement.InPost, unchanged) }

// abroadLike gives a file of that kind abroad.
func (s *stage) abroadLike(kind string, state placement.State, change func(*placement.Placement)) string {
	return s.fileLike(kind, func() string { return s.abroad(state, change) })
}

// moving is a file with a transfer that waits for consent, agreed one with it.
func (s *stage) moving() string { return s.abroadLike("moving", placement.Transferred, asked) }
func (s *stage) agreed() string {
	return s.abroadLike("agreed", placement.Transferred, func(p *placement.Placement) {
		asked(p)
		p.Journey.Transfers[0].Consented = p.Since
	})
}

func asked(p *placement.Placement) {
	p.Contracts = []placement.Contract{{Number: 1, Stage: placement.Transfer, Terms: p.Frozen.Terms}}
	p.Journey.Transfers = []placement.Move{{Contract: 1, From: p.Employer, Employer: p.Employer}}
}

func (s *stage) done() string { return s.abroadLike("done", placement.Completed, ended) }
func (s *stage) home() string { return s.abroadLike("home", placement.Returned, ended) }

// cared is a file of somebody back home whose case is open.
func (s *stage) cared() string {
	return s.abroadLike("cared", placement.Returned, func(p *placement.Placement) {
		ended(p)
		p.Ending.Case = &placement.Reintegration{Needs: []string{"work"}, FollowUp: []placement.FollowUp{{Months: 3, Due: p.Ending.On}}}
	})
}

func ended(p *placement.Placement) {
	p.Ending.On, p.Ending.HomeOn, p.Ending.By = p.Journey.ArrivedOn, p.Journey.ArrivedOn, "acc_desk"
}
