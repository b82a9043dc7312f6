package suspension_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

var crowded = flag.Int("files", 400, "placements, and as many applications, that are there when a corridor is suspended")

const act = "Arrêté n° 2026-0412"

var spain = suspension.Scope{Target: suspension.Target{Kind: suspension.Corridor, ID: "ML-ES"}}

// TestSuspensionIsCarriedThroughKills suspends a corridor with many live
// files: it acts at once, before anything is carried; then the carrying is
// killed again and again and goes on each time; the same for the reopening.
func TestSuspensionIsCarriedThroughKills(t *testing.T) {
	db := storetest.Open(t)
	p := start(t, db)
	p.crowd(t, *crowded)
	expected := p.bruteForce(t)
	before := time.Now()
	order := corridor.Order{Act: act, Evidence: "Journal officiel"}
	keep(t, second(p.corridors.Suspend(t.Context(), anne, "ML-ES", order)))
	t.Logf("suspended in %v with %d files", time.Since(before).Round(time.Millisecond), len(expected.files))
	p.actsAtOnce(t)
	p.listsAll(t, expected)
	if n := len(p.told(t)); n != 0 {
		t.Fatalf("%d messages before the job ran", n)
	}
	p = p.carriedThroughKills(t, db)
	p.held(t, expected, act)
	p.toldOnce(t, suspension.NewID(suspension.Closing, spain, act), expected.people)
	p.settled(t, offer.Suspended)

	lift := corridor.Order{Act: "Arrêté n° 2026-0500", Evidence: "Journal officiel"}
	keep(t, second(p.corridors.Reopen(t.Context(), binta, "ML-ES", lift)))
	p = p.carriedThroughKills(t, db)
	p.held(t, expected, "")
	p.toldOnce(t, suspension.NewID(suspension.Opening, spain, lift.Act), expected.people)
	p.settled(t, offer.Published)
}

func second[T any](_ T, err error) error { return err }

// crowdFacts is what a suspension of Spain must touch, counted from the stored
// documents themselves.
type crowdFacts struct {
	files      []string // type and id
	placements []placement.ID
	people     map[account.ID]bool
}

func (p *process) bruteForce(t *testing.T) crowdFacts {
	t.Helper()
	found, spanish := crowdFacts{people: map[account.ID]bool{}}, map[string]bool{}
	keep(t, p.offers.LoadOffers(t.Context(), func(o *offer.Offer) error {
		if o.Terms().Country == "ES" {
			spanish[string(o.ID)] = true
			found.files = append(found.files, "offer "+string(o.ID))
		}
		return nil
	}))
	keep(t, p.applied.LoadApplications(t.Context(), func(a *application.Application) error {
		if spanish[a.Offer] && a.State.Live() {
			found.files, found.people[a.Candidate] = append(found.files, "application "+string(a.ID)), true
		}
		return nil
	}))
	keep(t, p.placements.LoadPlacements(t.Context(), func(x *placement.Placement) error {
		if x.Country == "ES" && !x.State.Final() {
			found.files, found.people[x.Candidate] = append(found.files, "placement "+string(x.ID)), true
			found.placements = append(found.placements, x.ID)
		}
		return nil
	}))
	delete(found.people, "")
	slices.Sort(found.files)
	return found
}

// actsAtOnce checks search, matching, applying, selecting and a forward step
// while nothing has been carried.
func (p *process) actsAtOnce(t *testing.T) {
	t.Helper()
	results, err := p.index.SearchOffers(offer.Query{Scope: account.Scope{Public: true}, Limit: 100})
	if err != nil || results.Total != crowdOffers/6 {
		t.Errorf("search finds %d offers, %v; want those to France alone", results.Total, err)
	}
	person := &profile.Profile{ID: "pro_new", Rev: 1, Owner: "acc_new", Facts: profile.Facts{Identity: profile.Identity{BirthDate: "1994-03-07"}},
		Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}}}
	p.index.PutProfile(person)
	today := ref.DateOf(noon())
	top, total := p.index.MatchOffers("pro_new", match.MaxRanked, today)
	for _, m := range top {
		if card, _ := p.index.OfferCard(offer.ID(m.ID)); card.Country != "FR" {
			t.Fatalf("matched with %s to %s", m.ID, card.Country)
		}
	}
	_, eligible := p.index.MatchProfiles("off_000", 10, today)
	_, french := p.index.MatchProfiles("off_005", 10, today)
	if total != crowdOffers/6 || eligible != 0 || french == 0 {
		t.Errorf("%d matches of the person, %d of the Spanish offer, %d of the French", total, eligible, french)
	}
	stored, err := p.offers.Get(t.Context(), "off_000")
	if err != nil || stored.State != offer.Published {
		t.Fatalf("the offer is %s already, %v: the checks above prove nothing", stored.State, err)
	}
	newcomer := account.Actor{Account: "acc_new", Role: account.Candidate}
	_, err = p.applications.Apply(t.Context(), newcomer, "off_000", "")
	wantCode(t, "apply", err, "offer.not_open")
	_, err = p.applications.Select(t.Context(), agent, "app_00003")
	wantCode(t, "select", err, "offer.not_open")
	_, err = p.files.Propose(t.Context(), agent, "pla_00000", placement.Draft{})
	wantCode(t, "propose", err, "placement.corridor.closed")
	if _, err = p.applications.Apply(t.Context(), newcomer, "off_005", ""); err != nil {
		t.Errorf("apply for France: %v", err)
	}
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// listsAll walks the list of affected files, by the scope and by the act.
func (p *process) listsAll(t *testing.T, expected crowdFacts) {
	t.Helper()
	for _, q := range []suspension.Query{{Scope: spain, Limit: 100}, {Scope: spain, Act: act, Limit: 37}} {
		var got []string
		for {
			page, err := p.Affected(t.Context(), anne, q)
			keep(t, err)
			for _, f := range page.Files.Items {
				if got = append(got, string(f.Type)+" "+f.ID); f.Person != "" {
					t.Fatalf("%s names its person", f.ID)
				}
			}
			if page.Files.Total != len(expected.files) || page.Counts.People != len(expected.people) || page.Counts.Placements != len(expected.placements) {
				t.Fatalf("total %d, %+v", page.Files.Total, page.Counts)
			}
			if q.After = page.Files.Next; q.After == "" {
				break
			}
		}
		if slices.Sort(got); !slices.Equal(got, expected.files) {
			t.Errorf("%d files listed, want %d", len(got), len(expected.files))
		}
	}
}

// carriedThroughKills runs the job with less power than it needs, starting a
// new process after each kill, until it is done; once more changes nothing.
func (p *process) carriedThroughKills(t *testing.T, db *store.DB) *process {
	t.Helper()
	kills, began := 0, time.Now()
	for ; ; kills++ {
		p.power.left = *crowded/4 + 17*kills
		err := p.Carry(t.Context())
		if err == nil {
			break
		}
		if !errors.Is(err, errKilled) || kills > 60 {
			t.Fatal(err)
		}
		p = start(t, db)
	}
	if kills < 3 {
		t.Fatalf("killed only %d times", kills)
	}
	t.Logf("carried through %d kills in %v", kills, time.Since(began).Round(time.Millisecond))
	for _, a := range p.index.Acts() {
		if !a.Finished() || a.Carried() != a.Total() || a.Total() == 0 {
			t.Errorf("after the last run: %+v", a)
		}
	}
	told := len(p.told(t))
	p.power.left = 1 << 30
	if keep(t, p.Carry(t.Context())); len(p.told(t)) != told || p.power.left != 1<<30 {
		t.Error("a repeat wrote something")
	}
	return p
}

// held checks that exactly the affected placements carry one hold of that act;
// an empty source means none.
func (p *process) held(t *testing.T, expected crowdFacts, source string) {
	t.Helper()
	keep(t, p.placements.LoadPlacements(t.Context(), func(x *placement.Placement) error {
		want := 0
		if source != "" && slices.Contains(expected.placements, x.ID) {
			want = 1
		}
		if len(x.Holds) != want || want == 1 && (x.Holds[0].Kind != placement.HoldCorridor || x.Holds[0].Source != source) {
			return fmt.Errorf("%s has the holds %+v, want %d", x.ID, x.Holds, want)
		}
		if steps := len(x.History); steps > 2 {
			return fmt.Errorf("%s has %d steps: a hold was put or lifted twice", x.ID, steps)
		}
		return nil
	}))
}

func (p *process) told(t *testing.T) (all []*message.Message) {
	t.Helper()
	keep(t, p.messages.LoadMessages(t.Context(), func(m *message.Message) error { all = append(all, m); return nil }))
	return all
}

// toldOnce checks that every person, and nobody else, got one message of that
// act.
func (p *process) toldOnce(t *testing.T, id suspension.ID, people map[account.ID]bool) {
	t.Helper()
	got := map[account.ID]int{}
	for _, m := range p.told(t) {
		if m.ID == message.ID("msg_"+string(id)+"_"+m.Recipient) {
			got[account.ID(m.Recipient)]++
		}
	}
	for person, n := range got {
		if n != 1 || !people[person] {
			t.Errorf("%s got %d messages", person, n)
		}
	}
	if missing := slices.DeleteFunc(slices.Sorted(maps.Keys(people)), func(id account.ID) bool { return got[id] > 0 }); len(missing) > 0 {
		t.Errorf("%d of %d people were not told: %v", len(missing), len(people), missing[:min(5, len(missing))])
	}
}

// settled checks the records of the offers.
func (p *process) settled(t *testing.T, want offer.State) {
	t.Helper()
	keep(t, p.offers.LoadOffers(t.Context(), func(o *offer.Offer) error {
		if expected := map[bool]offer.State{true: want, false: offer.Published}[o.Terms().Country == "ES"]; o.State != expected {
			return fmt.Errorf("%s is %s, want %s", o.ID, o.State, expected)
		}
		return nil
	}))
}
