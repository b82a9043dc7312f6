package suspension_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/store/storetest"
)

// ordered is how one kind of target is closed and opened: by two officials
// where it takes two, and as often again as a request may be repeated.
type ordered struct {
	target      suspension.Target
	close, open func(t *testing.T, act corridor.LegalAct)
	again       func(t *testing.T, act corridor.LegalAct) error // the order that closed, once more
	selecting   string                                          // code when its agency selects, and when it takes a file on
	forward     string
}

func (p *process) ofAgency() ordered {
	s := agency.NewService(agency.Deps{Store: p.agencies, Reader: p.index, Consequences: p.Service, Log: slog.New(slog.DiscardHandler), Now: noon})
	return ordered{
		target: suspension.Target{Kind: suspension.Agency, ID: "agy_1"}, selecting: "agency.not_active", forward: "agency.not_active",
		close: func(t *testing.T, act corridor.LegalAct) {
			keep(t, second(s.Suspend(t.Context(), anne, "agy_1", "complaints", "", act)))
		},
		open: func(t *testing.T, act corridor.LegalAct) {
			keep(t, second(s.Reopen(t.Context(), binta, "agy_1", "", act)))
		},
		again: func(t *testing.T, act corridor.LegalAct) error {
			return second(s.Suspend(t.Context(), anne, "agy_1", "complaints", "", act))
		},
	}
}

func (p *process) ofEmployer() ordered {
	s := employer.NewService(employer.Deps{Store: p.employers, Reader: p.index, Consequences: p.Service, Log: slog.New(slog.DiscardHandler), Now: noon})
	return ordered{
		target: suspension.Target{Kind: suspension.Employer, ID: "emp_1"}, selecting: "offer.not_open", forward: "placement.employer.not_accredited",
		close: func(t *testing.T, act corridor.LegalAct) {
			keep(t, second(s.Bar(t.Context(), anne, "emp_1", "abuse", "", act)))
			keep(t, second(s.Bar(t.Context(), binta, "emp_1", "abuse", "", act)))
		},
		open: func(t *testing.T, act corridor.LegalAct) {
			keep(t, second(s.Reopen(t.Context(), anne, "emp_1", "", act)))
			keep(t, second(s.Reopen(t.Context(), binta, "emp_1", "", act)))
			keep(t, second(s.Accredit(t.Context(), anne, "emp_1", "")))
		},
		again: func(t *testing.T, act corridor.LegalAct) error {
			return second(s.Bar(t.Context(), binta, "emp_1", "abuse", "", act))
		},
	}
}

// market is four offers to Spain, of two agencies with two employers, and for
// each person a placement and an application; every tenth has no account.
func (p *process) market(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	keep(t, p.registers.Insert(ctx, &corridor.Corridor{Code: "ML-ES", Rev: 1, Destination: "ES"}))
	for n := range 2 {
		keep(t, p.agencies.Insert(ctx, &agency.Agency{ID: agency.ID(fmt.Sprintf("agy_%d", n+1)), Rev: 1, State: agency.Active, Facts: agency.Facts{Name: "Sahel Emploi"}}))
		keep(t, p.employers.Insert(ctx, &employer.Employer{ID: employer.ID(fmt.Sprintf("emp_%d", n+1)), Rev: 1, State: employer.Accredited, Facts: employer.Facts{Name: "Frutas", Country: "ES"}}))
	}
	for i := range 40 {
		o := crowdOffer(i % 4)
		o.Agency = fmt.Sprintf("agy_%d", i%2+1)
		o.Current.Terms.Employer = fmt.Sprintf("emp_%d", i/2%2+1)
		o.Frozen.Terms = o.Current.Terms
		person := account.ID(fmt.Sprintf("acc_%05d", i))
		if i < 4 {
			keep(t, p.offers.Insert(ctx, o))
		}
		keep(t, p.accounts.Insert(ctx, &account.Account{ID: person, Rev: 1, Role: account.Candidate, State: account.Active, Phone: fmt.Sprintf("+2237%07d", i)}))
		if i%10 == 8 {
			person = ""
		}
		file := crowdFile(i, o, person)
		file.Employer = o.Current.Terms.Employer
		keep(t, p.placements.Insert(ctx, file))
		keep(t, p.applied.Insert(ctx, crowdApplication(i, o, person)))
	}
}

// touched is what an act about the target must touch, counted from the stored
// documents themselves.
func (p *process) touched(t *testing.T, target suspension.Target) crowdFacts {
	t.Helper()
	found, offers := crowdFacts{people: map[account.ID]bool{}}, map[string]bool{}
	about := func(agency, employer string) bool { return target.ID == agency || target.ID == employer }
	keep(t, p.offers.LoadOffers(t.Context(), func(o *offer.Offer) error {
		if offers[string(o.ID)] = about(o.Agency, o.Terms().Employer); offers[string(o.ID)] {
			found.files = append(found.files, "offer "+string(o.ID))
		}
		return nil
	}))
	keep(t, p.applied.LoadApplications(t.Context(), func(a *application.Application) error {
		if offers[a.Offer] && a.State.Live() {
			found.files, found.people[a.Candidate] = append(found.files, "application "+string(a.ID)), true
		}
		return nil
	}))
	keep(t, p.placements.LoadPlacements(t.Context(), func(x *placement.Placement) error {
		if about(x.Agency, x.Employer) && !x.State.Final() {
			found.files, found.people[x.Candidate] = append(found.files, "placement "+string(x.ID)), true
			found.placements = append(found.placements, x.ID)
		}
		return nil
	}))
	delete(found.people, "")
	slices.Sort(found.files)
	return found
}

// TestAgenciesAndEmployersAreClosedLikeCorridors suspends an agency and bars an
// employer under a legal act: it acts before anything is carried, lists every
// file, tells everybody once and quotes the act; so does the reopening.
func TestAgenciesAndEmployersAreClosedLikeCorridors(t *testing.T) {
	for name, of := range map[string]func(*process) ordered{"agency": (*process).ofAgency, "employer": (*process).ofEmployer} {
		t.Run(name, func(t *testing.T) {
			p := start(t, storetest.Open(t))
			p.market(t)
			x := of(p)
			expected, scope := p.touched(t, x.target), suspension.Scope{Target: x.target}
			closing := corridor.LegalAct{Number: act, Evidence: "Journal officiel"}
			x.close(t, closing)
			p.closedAtOnce(t, x)
			p.lists(t, scope, act, expected)
			keep(t, p.Carry(t.Context()))
			p.held(t, expected, act)
			p.toldOnce(t, suspension.NewID(suspension.Closing, scope, act), expected.people)
			p.quotes(t, act)
			told := len(p.told(t))
			keep(t, x.again(t, closing))
			keep(t, p.Carry(t.Context()))
			if got := len(p.told(t)); got != told || len(p.index.Acts()) != 1 {
				t.Errorf("the same act again: %d messages of %d, %d acts", got, told, len(p.index.Acts()))
			}
			x.open(t, corridor.LegalAct{Number: "Arrêté n° 2026-0500", Evidence: "Journal officiel"})
			keep(t, p.Carry(t.Context()))
			p.held(t, expected, "")
			p.toldOnce(t, suspension.NewID(suspension.Opening, scope, "Arrêté n° 2026-0500"), expected.people)
			if err := x.again(t, closing); err == nil || len(p.index.Acts()) != 2 {
				t.Errorf("a lifted act closed again: %v, %d acts", err, len(p.index.Acts()))
			}
			if found, err := p.index.SearchOffers(offer.Query{Scope: account.Scope{Public: true}}); err != nil || found.Total != 4 {
				t.Errorf("after the reopening %d offers are found, %v", found.Total, err)
			}
		})
	}
}

// closedAtOnce checks search, matching, applying, selecting and a forward step
// before the job has run. off_000 is of agy_1 and emp_1, off_003 of neither.
func (p *process) closedAtOnce(t *testing.T, x ordered) {
	t.Helper()
	if n := len(p.told(t)); n != 0 {
		t.Fatalf("%d messages before the job ran", n)
	}
	found, err := p.index.SearchOffers(offer.Query{Scope: account.Scope{Public: true}})
	if err != nil || found.Total != 2 {
		t.Errorf("search finds %d offers, %v; want the two of the others", found.Total, err)
	}
	p.index.PutProfile(&profile.Profile{ID: "pro_new", Rev: 1, Owner: "acc_new", Facts: profile.Facts{Identity: profile.Identity{BirthDate: "1994-03-07"}},
		Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}}})
	today := ref.DateOf(noon())
	_, mine := p.index.MatchOffers("pro_new", 10, today)
	_, closed := p.index.MatchProfiles("off_000", 10, today)
	_, free := p.index.MatchProfiles("off_003", 10, today)
	if mine != 2 || closed != 0 || free == 0 {
		t.Errorf("%d matches of the person, %d of the closed offer, %d of another", mine, closed, free)
	}
	newcomer := account.Actor{Account: "acc_new", Role: account.Candidate}
	_, err = p.applications.Apply(t.Context(), newcomer, "off_000", "")
	wantCode(t, "apply", err, "offer.not_found") // few offers are told within the request
	_, err = p.applications.Select(t.Context(), agent, "app_00000")
	wantCode(t, "select", err, x.selecting)
	_, err = p.files.Propose(t.Context(), agent, "pla_00000", placement.Draft{})
	wantCode(t, "propose", err, x.forward)
	if _, err = p.applications.Apply(t.Context(), newcomer, "off_003", ""); err != nil {
		t.Errorf("apply to another: %v", err)
	}
}

// lists compares the affected list, by target and by act, with what was
// counted.
func (p *process) lists(t *testing.T, scope suspension.Scope, number string, expected crowdFacts) {
	t.Helper()
	for _, q := range []suspension.Query{{Scope: scope, Limit: 100}, {Scope: scope, Act: number, Limit: 100}} {
		page, err := p.Affected(t.Context(), anne, q)
		keep(t, err)
		var got []string
		for _, f := range page.Files.Items {
			got = append(got, string(f.Type)+" "+f.ID)
		}
		if slices.Sort(got); !slices.Equal(got, expected.files) || page.Counts.People != len(expected.people) || page.Counts.Silent == 0 {
			t.Errorf("listed %v with %+v, want %v", got, page.Counts, expected.files)
		}
	}
	_, err := p.Affected(t.Context(), agent, suspension.Query{Scope: scope})
	wantCode(t, "the list for an agency", err, "auth.forbidden")
}

// quotes checks that every message cites the number of the act.
func (p *process) quotes(t *testing.T, number string) {
	t.Helper()
	if i := slices.IndexFunc(p.told(t), func(m *message.Message) bool {
		return m.Args["act"] != number || !strings.HasPrefix(number, strings.TrimSuffix(m.Args["shortAct"], "..."))
	}); i >= 0 {
		t.Errorf("a message quotes %v", p.told(t)[i].Args)
	}
}

// TestActsOfEarlierDecisions reads decisions that were stored before acts were
// asked for: they are known by their place among the decisions.
func TestActsOfEarlierDecisions(t *testing.T) {
	p := start(t, storetest.Open(t))
	keep(t, p.agencies.Insert(t.Context(), &agency.Agency{ID: "agy_9", Rev: 1, State: agency.Suspended, Facts: agency.Facts{Name: "Sahel Emploi"},
		Decisions: []agency.Decision{{Action: "vet"}, {Action: "activate"}, {Action: "suspend", By: "acc_anne", At: noon(), Reason: "complaints"}}}))
	keep(t, p.Carry(t.Context()))
	scope := suspension.Scope{Target: suspension.Target{Kind: suspension.Agency, ID: "agy_9"}}
	a, ok := p.index.Act(suspension.NewID(suspension.Closing, scope, "agy_9/3"))
	if !ok || a.Evidence != "complaints" || !a.Finished() {
		t.Errorf("%+v, %v", a, ok)
	}
}
