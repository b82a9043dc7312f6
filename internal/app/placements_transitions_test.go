package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// route is one call that can change the state of a file, with a body that is
// good where the call is allowed at all.
type route struct {
	path   string
	label  string
	action string // of the transition table
	system bool   // the step is the system's, as a consequence of the call
	body   func(*stage) object
}

func fixed(body object) func(*stage) object { return func(*stage) object { return body } }

// today is a body that says that something happens today.
func today(more object) func(*stage) object {
	return func(s *stage) object {
		body := object{"on": ref.DateOf(s.Clock().Now())}
		for name, value := range more {
			body[name] = value
		}
		return body
	}
}

func transitionRoutes() []route {
	none := fixed(nil)
	arrival := func(s *stage) object {
		body := s.contract()
		body["stage"] = "arrival"
		return body
	}
	return []route{
		{path: "contracts", action: placement.ActPropose, body: (*stage).contract},
		{path: "declines", action: placement.ActDecline, body: fixed(object{"reason": "pay"})},
		{path: "acceptances", action: placement.ActAccept, body: fixed(object{"code": "123456"})},
		{path: "checklist-items", action: placement.ActComplete, system: true, body: fixed(object{"key": "training"})},
		{path: "returns", action: placement.ActReturn, body: fixed(object{"reason": "file_incomplete"})},
		{path: "refusals", action: placement.ActRefuse, body: fixed(object{"reason": "safety"})},
		{path: "answers", action: placement.ActAnswer, body: fixed(object{"note": "Voici la pièce."})},
		{path: "clearances", action: placement.ActClear, body: fixed(object{})},
		{path: "revocations", action: placement.ActRevoke, body: fixed(object{"reason": "complaints"})},
		{path: "departures", action: placement.ActDepart, body: today(nil)},
		{path: "arrivals", action: placement.ActArrive, body: today(object{"place": "Almería"})},
		{path: "statements", action: placement.ActTakeUp, system: true, body: arrival},
		{path: "transfers", action: placement.ActTransfer, body: (*stage).contract},
		{path: "transfer-approvals", action: placement.ActApproveTransfer, body: none},
		{path: "transfer-rejections", action: placement.ActRejectTransfer, body: fixed(object{"reason": "not_wanted"})},
		{path: "endings", label: "completed", action: placement.ActFinish, body: today(object{"outcome": "completed"})},
		{path: "endings", label: "ended_early", action: placement.ActEndEarly, body: today(object{"outcome": "ended_early", "cause": "family"})},
		{path: "homecomings", label: "returned", action: placement.ActComeHome, body: today(object{"outcome": "returned"})},
		{path: "homecomings", label: "stayed", action: placement.ActStay, body: today(object{"outcome": "stayed"})},
		{path: "homecomings", label: "renewed", action: placement.ActRenew, body: today(object{"outcome": "renewed"})},
		{path: "cancellations", action: placement.ActCancel, body: fixed(object{"reason": "changed_mind"})},
	}
}

func (r route) name() string { return strings.TrimSpace(r.path + " " + r.label) }

// callers are the columns of the matrix and, where two officials are needed,
// the one who has signed first.
func callers(state placement.State) []column {
	if state != placement.UnderReview {
		return columns()
	}
	return append(columns(), column{"official2", account.Official})
}

// TestPlacementTransitionsOverTheAPI sends every caller down every route from
// every state, and once more while a hold stops the step. Whatever changes a state has
// to be a step of the transition table by that role.
func TestPlacementTransitionsOverTheAPI(t *testing.T) {
	h := openHouse(t)
	h.services.placements.Codes = anyCode{} // codes have tests of their own
	g := &ground{stage: newStage(t, h)}
	g.copies = newCopies()
	first, ok := h.index.AccountByLogin("official2@demo.test")
	if !ok {
		t.Fatal("no official2")
	}
	g.first = placement.Signature{By: first.ID, At: h.Clock().Now()}
	if states, routes := len(placement.States()), len(transitionRoutes()); routes != len(actions()) || states != 16 {
		t.Fatalf("%d routes for %d actions of %d states", routes, len(actions()), states)
	}
	var out strings.Builder
	for _, state := range placement.States() {
		fmt.Fprintf(&out, "%s\n", state)
		for _, r := range transitionRoutes() {
			fmt.Fprintf(&out, "  %-22s %s\n", r.name(), g.try(state, false, r))
			if stopped(state, r.action) {
				fmt.Fprintf(&out, "  %-22s %s\n", r.name()+", held", g.try(state, true, r))
			}
		}
	}
	g.twoOfficials()
	t.Logf("%d calls, %d of them changed a state", g.calls, g.changes)
	golden(t, "placement_transitions.golden", out.String())
}

// stopped reports whether a hold stops that step, which there would be.
func stopped(from placement.State, action string) bool {
	return slices.Contains(placement.Forward(), action) && slices.ContainsFunc(placement.Transitions(), func(s lifecycle.Step[placement.State]) bool {
		return s.Action == action && slices.Contains(s.From, from)
	})
}

// actions lists the actions of the table, each once; the first is no route.
func actions() (list []string) {
	for _, step := range placement.Transitions() {
		if !slices.Contains(list, step.Action) {
			list = append(list, step.Action)
		}
	}
	return list
}

// ground is where the files of the test stand.
type ground struct {
	*stage
	first          placement.Signature // of the first of two officials
	calls, changes int
}

// try sends every caller down one route from one state, and groups them by
// what they got.
func (g *ground) try(state placement.State, held bool, r route) string {
	g.t.Helper()
	got, order := map[string][]string{}, []string{}
	id, body := "", r.body(g.stage)
	for _, c := range callers(state) {
		if id == "" {
			id = g.standing(state, held)
		}
		answer := g.call(c, id, r, body)
		after, _ := g.index.PlacementCard(placement.ID(id))
		outcome := fmt.Sprint(answer.status, " ", answer.member("code"))
		switch {
		case after.State != state:
			outcome = "→ " + string(after.State)
			g.changes++
		case answer.status < 300:
			outcome = "noted"
		}
		g.judge(state, held, r, c, after.State, answer)
		if answer.status < 300 {
			id = "" // it is used up
		}
		if got[outcome] == nil {
			order = append(order, outcome)
		}
		got[outcome] = append(got[outcome], orAnonymous(c.name))
	}
	slices.SortStableFunc(order, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
	var parts []string
	for _, outcome := range order {
		parts = append(parts, outcome+": "+strings.Join(got[outcome], " "))
	}
	return strings.Join(parts, " | ")
}

// rank puts what succeeded first.
func rank(outcome string) string {
	if outcome[0] >= '0' && outcome[0] <= '9' {
		return "2" + outcome
	}
	return "1" + outcome
}

func (g *ground) call(c column, id string, r route, body object) *reply {
	g.calls++
	var sent any
	if body != nil {
		sent = body
	}
	return g.by(c.name).send(http.MethodPost, "/placements/"+id+"/"+r.path, sent)
}

// judge holds what happened to the transition table.
func (g *ground) judge(from placement.State, held bool, r route, c column, to placement.State, answer *reply) {
	g.t.Helper()
	role, own := c.role, c.name == "candidate" || c.name == "agency" || c.role == account.Official
	if r.system {
		role = account.System
	}
	next, err := placement.Transitions().Next(r.action, from, role)
	allowed := err == nil && own && !(held && slices.Contains(placement.Forward(), r.action))
	what := fmt.Sprintf("%s from %s (held: %v) as %s", r.name(), from, held, orAnonymous(c.name))
	switch {
	case to != from && !allowed, to != from && to != next, to == from && allowed && next != from && !own:
		g.t.Errorf("%s: led to %s, the table says %v %s", what, to, allowed, next)
	case allowed && !r.system && c.name != "official2" && answer.status >= 300:
		g.t.Errorf("%s: %d %s, and the table allows it", what, answer.status, answer.body)
	case answer.status >= 500, !own && answer.status < 300:
		g.t.Errorf("%s: %d %s", what, answer.status, answer.body)
	}
}

// standing gives a file in a state, as the days before it would have left it.
func (g *ground) standing(state placement.State, held bool) string {
	kind := string(state)
	if held {
		kind += " held"
	}
	return g.fileLike(kind, func() string {
		return g.moved(g.clearedFile(), func(p *placement.Placement) {
			g.set(p, state)
			if held {
				p.Holds = []placement.Hold{{Kind: placement.HoldSafety, Source: "inc_1", By: "system", At: p.Since}}
			}
		})
	})
}

func (g *ground) set(p *placement.Placement, state placement.State) {
	p.State, p.Claim, p.Decision, p.Documents, p.History = state, placement.Claim{}, placement.Decision{}, nil, nil
	p.Checklist = slices.DeleteFunc(p.Checklist, func(i placement.Item) bool { return i.Key != "passport" && i.Key != "training" })
	contract := p.CurrentContract()
	contract.Lines = nil // what is not needed here is only read, again and again
	contract.ShownAt = p.Since.AddDate(0, 0, -9)
	if state.BeforeDeparture() && state != placement.Cleared {
		p.Clearances = nil
	}
	switch state {
	case placement.Opened:
		p.Contracts = nil
	case placement.ContractProposed, placement.ContractAccepted:
		for i := range p.Checklist {
			p.Checklist[i].Done = p.Checklist[i].Key != "training"
		}
		if state == placement.ContractProposed {
			contract.AcceptedAt = time.Time{}
		}
	case placement.UnderReview:
		p.Decision = placement.Decision{Reviewed: g.first, RefusalBy: g.first, RefusalReason: "safety"}
	case placement.Refused:
		p.Decision = placement.Decision{RefusalBy: g.first, RefusalReason: "safety", Refused: placement.Signature{By: "acc_desk", At: p.Since}}
	}
	if !state.BeforeDeparture() && state != placement.Cancelled {
		g.setAbroad(p, state)
	}
}

func (g *ground) setAbroad(p *placement.Placement, state placement.State) {
	today := ref.DateOf(g.Clock().Now())
	p.Journey.DepartedOn, p.Journey.DueOn = today.AddDays(-1), today.AddDays(2)
	if state == placement.Departed {
		return
	}
	p.Journey.ArrivedOn, p.Journey.CheckIns = today.AddDays(-1), placement.Schedule(today.AddDays(-1))
	if state == placement.Transferred {
		p.Contracts = append(p.Contracts, placement.Contract{Number: len(p.Contracts) + 1, Stage: placement.Transfer, Terms: p.Frozen.Terms})
		p.Journey.Transfers = []placement.Move{{Contract: len(p.Contracts), From: p.Employer, Employer: p.Employer, Consented: p.Since}}
	}
	if !state.Abroad() {
		ended(p)
	}
}

// twoOfficials looks through every file of the house: whoever signed first
// never signed second.
func (g *ground) twoOfficials() {
	g.t.Helper()
	signed := 0
	err := g.stores.placements.LoadPlacements(g.t.Context(), func(p *placement.Placement) error {
		for _, c := range p.Clearances {
			signed++
			if c.First.By == "" || c.Second.By == "" || c.First.By == c.Second.By {
				g.t.Errorf("%s was cleared by %q and %q", p.ID, c.First.By, c.Second.By)
			}
		}
		if d := p.Decision; d.Refused.By != "" && d.Refused.By == d.RefusalBy.By {
			g.t.Errorf("%s was refused twice by %s", p.ID, d.Refused.By)
		}
		return nil
	})
	if err != nil || signed == 0 {
		g.t.Errorf("%d clearances, %v", signed, err)
	}
}
