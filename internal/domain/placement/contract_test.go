package placement_test

import (
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func TestOpeningAFile(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	p := d.file(id)
	if !ref.ValidReference("PLA", p.Reference) || p.State != placement.Opened || p.Frozen.Terms.Title != "Maçon coffreur" || len(p.Pending) != 1 {
		t.Errorf("opened: %+v", p)
	}
	want := []string{"passport", "contract_signed", "medical", "criminal_record", "visa", "training"}
	if got := p.Lacking(ref.DateOf(d.now)); !slices.Equal(got[:6], want) {
		t.Errorf("checklist: %v", got)
	}
	if again := d.open(); again != id || d.file(id).Rev != p.Rev {
		t.Error("opening again made or changed a file")
	}
	d.offer.Frozen.Terms.Title = "Autre chose"
	if d.file(id).Frozen.Terms.Title != "Maçon coffreur" {
		t.Error("the frozen offer moved")
	}
	d.selection.Round, d.selection.State = 2, application.Waiting
	_, err := d.Open(t.Context(), "app_1")
	d.want(err, fault.Conflict, "placement.not_selected")
}

func TestEveryDefaultCorridorHasAPlainChecklist(t *testing.T) {
	for _, c := range corridor.Defaults() {
		d := newDesk(t)
		d.corridor = &c
		var keys, papers []string
		for _, i := range d.file(d.open()).Checklist {
			if keys = append(keys, i.Key); len(i.Key) > 6 && i.Key[:6] == "paper_" {
				papers = append(papers, i.Label.FR)
			}
		}
		free := c.Destination == "CI" || c.Destination == "SN"
		if slices.Contains(keys, "visa") == free {
			t.Errorf("%s: visa in %v", c.Code, keys)
		}
		for _, p := range papers {
			for _, twice := range []string{"Passeport", "Contrat de travail", "Certificat médical d'aptitude", "Extrait de casier"} {
				if len(p) >= len(twice) && p[:len(twice)] == twice {
					t.Errorf("%s lists %q twice", c.Code, p)
				}
			}
		}
	}
}

func TestProposingAContract(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	for pointer, change := range map[string]func(*offer.Terms){
		"/pay":            func(x *offer.Terms) { x.Pay = ref.Pay{} },
		"/hoursPerWeek":   func(x *offer.Terms) { x.HoursPerWeek = 0 },
		"/durationMonths": func(x *offer.Terms) { x.DurationMonths = 0 },
		"/employer":       func(x *offer.Terms) { x.Employer, x.EmployerName = "", "" },
		"/country":        func(x *offer.Terms) { x.Country = "" },
	} {
		_, err := d.Propose(t.Context(), bureau, id, d.draft(change))
		d.wantField(err, pointer, "required")
	}
	draft := d.draft(nil)
	draft.Language, draft.Document, draft.SignedOn = "", "doc_x", "2027-01-01"
	_, err := d.Propose(t.Context(), bureau, id, draft)
	for pointer, code := range map[string]string{"/language": "required", "/document": "placement.document.unknown", "/signedOn": "date.future"} {
		d.wantField(err, pointer, code)
	}
	_, err = d.Propose(t.Context(), rival, id, d.draft(nil))
	d.want(err, fault.NotFound, "placement.not_found")
	p := d.propose(id, nil)
	if p.State != placement.ContractProposed || p.Held() || p.Contracts[0].Number != 1 {
		t.Errorf("proposed: %+v", p)
	}
}

func TestASuspensionActsAtOnce(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.agency = agency.Suspended
	_, err := d.Propose(t.Context(), bureau, id, d.draft(nil))
	d.want(err, fault.Conflict, "agency.not_active")
	d.agency, d.employer = agency.Active, employer.Barred
	_, err = d.Propose(t.Context(), bureau, id, d.draft(nil))
	d.want(err, fault.Conflict, "placement.employer.not_accredited")
	d.employer = employer.Accredited
	d.corridor.Suspensions = []corridor.Suspension{{Act: "Arrêté 1"}}
	_, err = d.Propose(t.Context(), bureau, id, d.draft(nil))
	d.want(err, fault.Conflict, "placement.corridor.closed")
}

func TestAWorseContractHoldsTheFileUntilItIsCorrected(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	p := d.propose(id, func(x *offer.Terms) { x.Pay.Min = 100000 })
	if len(p.Holds) != 1 || p.Holds[0].Kind != placement.HoldSubstitution || p.Holds[0].Source != "contract/1" {
		t.Fatalf("holds: %+v", p.Holds)
	}
	_, err := d.ReadContract(t.Context(), person, id, 1)
	d.ok(err)
	d.now = d.now.Add(100 * time.Hour)
	d.want(d.RequestCode(t.Context(), person, id), fault.Conflict, "placement.held")
	if p = d.propose(id, func(x *offer.Terms) { x.HoursPerWeek = 4800 }); len(p.Holds) != 1 || p.Holds[0].Source != "contract/2" {
		t.Fatalf("after another bad one: %+v", p.Holds)
	}
	if p = d.propose(id, nil); p.Held() {
		t.Fatalf("after the corrected one: %+v", p.Holds)
	}
	d.accept(id)
}

func TestWhoWorkedOnAFileAcceptsNoDifference(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, func(x *offer.Terms) { x.Benefits.Flight = offer.NotProvided })
	d.paper(id, officialA, "evidence")
	_, err := d.ReleaseHold(t.Context(), officialA, id, placement.HoldSubstitution, "contract/1", "La personne est d’accord.")
	d.want(err, fault.Forbidden, "four_eyes.own")
	if p := d.file(id); !p.Held() || p.Holds[0].ReleasedBy != "" {
		t.Errorf("after the refusal: %+v", p.Holds)
	}
}

func TestTwoOfficialsAcceptADifference(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, func(x *offer.Terms) { x.Benefits.Flight = offer.NotProvided })
	release := func(who account.Actor, reason string) error {
		_, err := d.ReleaseHold(t.Context(), who, id, placement.HoldSubstitution, "contract/1", reason)
		return err
	}
	d.wantField(release(officialA, ""), "/reason", "required")
	d.want(release(bureau, "non"), fault.Forbidden, "auth.forbidden")
	d.want(release(system, "non"), fault.Forbidden, "four_eyes")
	d.ok(release(officialA, "La personne est d’accord."))
	d.want(release(officialA, "encore"), fault.Forbidden, "four_eyes.same")
	if p := d.file(id); !p.Held() || p.Holds[0].Reason != "La personne est d’accord." {
		t.Fatalf("after one official: %+v", p.Holds)
	}
	d.ok(release(officialB, "Vérifié avec elle."))
	p, err := d.Get(t.Context(), person, id)
	d.ok(err)
	if last := p.History[len(p.History)-1]; p.Held() || last.Note != "Vérifié avec elle." {
		t.Errorf("the person sees %+v", last)
	}
	d.want(release(officialB, "encore"), fault.NotFound, "placement.hold.not_found")
	d.accept(id)
}

func TestCoolingOffAndCode(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, nil)
	accept := func(who account.Actor, code string) error {
		_, err := d.Accept(t.Context(), who, id, code)
		return err
	}
	d.want(accept(person, "1"), fault.Conflict, "placement.contract.unread")
	_, err := d.ReadContract(t.Context(), bureau, id, 1)
	d.want(err, fault.Forbidden, "auth.forbidden")
	read, err := d.ReadContract(t.Context(), person, id, 1)
	d.ok(err)
	shown := read.Contracts[0].ShownAt
	d.now = d.now.Add(71 * time.Hour)
	again, err := d.ReadContract(t.Context(), person, id, 1)
	d.ok(err)
	if !again.Contracts[0].ShownAt.Equal(shown) {
		t.Error("a second reading moved the period")
	}
	err = d.RequestCode(t.Context(), person, id)
	d.want(err, fault.Conflict, "placement.cooling_off")
	if got := fault.Of(err).Fields[0].Args[0]; got != shown.Add(72*time.Hour).Format(time.RFC3339) {
		t.Errorf("possible from %s", got)
	}
	d.now = shown.Add(72 * time.Hour)
	d.want(d.RequestCode(t.Context(), stranger, id), fault.NotFound, "placement.not_found")
	d.ok(d.RequestCode(t.Context(), person, id))
	d.want(accept(person, "wrong"), fault.Invalid, "auth.code.wrong")
	old := d.code(id, 1)
	d.propose(id, func(x *offer.Terms) { x.Pay.Min++ })
	d.want(accept(person, old), fault.Conflict, "placement.contract.unread")
	_, err = d.ReadContract(t.Context(), person, id, 2)
	d.ok(err)
	d.now = d.now.Add(72 * time.Hour)
	d.want(accept(person, old), fault.Invalid, "auth.code.wrong")
	d.ok(d.RequestCode(t.Context(), person, id))
	d.ok(accept(person, d.code(id, 2)))
	d.want(accept(person, "x"), fault.Conflict, "transition")
}

func TestDecliningFreesTheAgencyToProposeAgain(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, func(x *offer.Terms) { x.Pay.Min = 1 })
	_, err := d.Decline(t.Context(), person, id, placement.Grounds{Reason: "too_old"})
	d.wantField(err, "/reason", "reason.unknown")
	_, err = d.Decline(t.Context(), person, id, placement.Grounds{Reason: placement.OtherReason})
	d.wantField(err, "/note", "required")
	p, err := d.Decline(t.Context(), person, id, placement.Grounds{Reason: "pay"})
	d.ok(err)
	if p.State != placement.Opened || p.Held() || p.Contracts[0].DeclineReason != "pay" {
		t.Errorf("declined: %+v", p)
	}
	d.propose(id, nil)
}

func TestOthersSeeNothingAndTheAgencySeesLess(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	_, err := d.Refuse(t.Context(), officialA, id, placement.Grounds{Reason: "safety", Note: "entre nous"})
	d.ok(err)
	for _, who := range []account.Actor{stranger, rival} {
		_, err := d.Get(t.Context(), who, id)
		d.want(err, fault.NotFound, "placement.not_found")
	}
	p, err := d.Get(t.Context(), bureau, id)
	d.ok(err)
	if p.Candidate != "" || p.Decision.RefusalNote != "" || p.Decision.RefusalBy.By != "" || p.Pending != nil {
		t.Errorf("the agency sees %+v", p.Decision)
	}
	for _, e := range p.History {
		if e.Note == "entre nous" {
			t.Error("the agency reads what officials have not decided")
		}
	}
}
