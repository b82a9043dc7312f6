package match

import (
	"context"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

var update = flag.Bool("update", false, "write the golden files")

// plainReader answers by the definition itself, from what it is given.
type plainReader struct {
	offers   map[offer.ID]*Offer
	cards    map[offer.ID]offer.Card
	profiles map[profile.ID]*Profile
	owners   map[profile.ID]account.ID
	applied  map[string]bool
}

func (r plainReader) MatchProfiles(id offer.ID, k int, today ref.Date) ([]Ranked, int) {
	var all []*Profile
	for _, p := range r.profiles {
		all = append(all, p)
	}
	if r.offers[id] == nil {
		return nil, 0
	}
	return TopProfiles(r.offers[id], all, k, DefaultWeights(), today)
}

func (r plainReader) MatchOffers(id profile.ID, k int, today ref.Date) ([]Ranked, int) {
	if r.profiles[id] == nil {
		return nil, 0
	}
	return TopOffers(r.profiles[id], r.OpenOffers(today), k, DefaultWeights(), today)
}

func (r plainReader) Pair(o offer.ID, p profile.ID) (*Offer, *Profile, bool) {
	return r.offers[o], r.profiles[p], r.offers[o] != nil && r.profiles[p] != nil
}

func (r plainReader) ProfileInputs(id profile.ID) (*Profile, bool) {
	return r.profiles[id], r.profiles[id] != nil
}

func (r plainReader) OpenOffers(today ref.Date) (open []*Offer) {
	for _, o := range r.offers {
		if o.OpenOn(today) {
			open = append(open, o)
		}
	}
	return open
}

func (r plainReader) OfferCard(id offer.ID) (offer.Card, bool) {
	card, ok := r.cards[id]
	return card, ok
}

func (r plainReader) ProfileCard(id profile.ID) (profile.Card, bool) {
	p := r.profiles[id]
	if p == nil {
		return profile.Card{}, false
	}
	return profile.Card{ID: id, Owner: r.owners[id], Visible: p.Visible, Education: p.Education}, true
}

func (r plainReader) ProfileOf(owner account.ID) (profile.ID, bool) {
	for id, have := range r.owners {
		if have == owner && owner != "" {
			return id, true
		}
	}
	return "", false
}

// AgencyCard knows every agency as active but those named suspended.
func (r plainReader) AgencyCard(id agency.ID) (agency.Card, bool) {
	if id == "agy_suspended" {
		return agency.Card{ID: id, State: agency.Suspended}, true
	}
	return agency.Card{ID: id, State: agency.Active}, id != ""
}

func (r plainReader) AppliedTo(p profile.ID, agency string) bool {
	return r.applied[string(p)+" "+agency]
}

// world has two agencies' published offers, a draft, and 130 welders: number
// 0 is visible, number 1 is not, number 2 is not but applied to agency one.
func world() plainReader {
	r := plainReader{offers: map[offer.ID]*Offer{}, cards: map[offer.ID]offer.Card{}, profiles: map[profile.ID]*Profile{},
		owners: map[profile.ID]account.ID{}, applied: map[string]bool{"pro_002 agy_1": true}}
	for id, agency := range map[offer.ID]string{"off_1": "agy_1", "off_2": "agy_2", "off_draft": "agy_1"} {
		o := weldingJob()
		o.ID, o.Open = string(id), id != "off_draft"
		r.offers[id] = &o
		card := offer.Card{ID: id, Agency: agency}
		if o.Open {
			card.PublishedAt = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
		}
		r.cards[id] = card
	}
	for i := range 130 {
		p, id := welder(), profile.ID(fmt.Sprintf("pro_%03d", i))
		p.ID, p.Visible, p.MinPayCents = string(id), i != 1 && i != 2, int64(90_000+i%7*10_000)
		r.profiles[id], r.owners[id] = &p, account.ID(fmt.Sprintf("acc_%03d", i))
	}
	return r
}

func service(r plainReader) *Service {
	return NewService(Deps{Reader: r, Weights: DefaultWeights(), Now: func() time.Time { return someDay.Time() }})
}

var (
	person     = account.Actor{Account: "acc_000", Role: account.Candidate}
	hidden     = account.Actor{Account: "acc_001", Role: account.Candidate}
	recruiter  = account.Actor{Account: "acc_r", Role: account.Agency, Agency: "agy_1"}
	unattached = account.Actor{Account: "acc_u", Role: account.Agency}
	clerk      = account.Actor{Account: "acc_o", Role: account.Official}
	watcher    = account.Actor{Account: "acc_w", Role: account.Observer}
	nobody     = account.Actor{}
)

func TestWhoMayExplainWhat(t *testing.T) {
	tests := []struct {
		name    string
		actor   account.Actor
		offer   offer.ID
		profile profile.ID
		want    fault.Kind
		code    string
	}{
		{"own pair", person, "off_1", "pro_000", 0, ""},
		{"own pair while hidden", hidden, "off_1", "pro_001", 0, ""},
		{"another person", person, "off_1", "pro_003", fault.NotFound, "profile.not_found"},
		{"an unpublished offer", person, "off_draft", "pro_000", fault.NotFound, "offer.not_found"},
		{"an agency's pair", recruiter, "off_1", "pro_000", 0, ""},
		{"hidden but applied", recruiter, "off_1", "pro_002", 0, ""},
		{"hidden", recruiter, "off_1", "pro_001", fault.NotFound, "profile.not_found"},
		{"another agency's offer", recruiter, "off_2", "pro_000", fault.NotFound, "offer.not_found"},
		{"the agency's own draft", recruiter, "off_draft", "pro_000", fault.Conflict, "match.unpublished"},
		{"an applicant without agency", unattached, "off_1", "pro_000", fault.NotFound, "offer.not_found"},
		{"official", clerk, "off_2", "pro_001", 0, ""},
		{"official on a draft", clerk, "off_draft", "pro_001", 0, ""},
		{"official, no such offer", clerk, "off_x", "pro_001", fault.NotFound, "offer.not_found"},
		{"official, no such profile", clerk, "off_1", "pro_x", fault.NotFound, "profile.not_found"},
		{"observer", watcher, "off_1", "pro_000", fault.Forbidden, "auth.forbidden"},
		{"nobody", nobody, "off_1", "pro_000", fault.Unauthenticated, "auth.required"},
	}
	for _, test := range tests {
		_, err := service(world()).Explain(context.Background(), test.actor, test.offer, test.profile)
		if test.code == "" && err != nil || test.code != "" && (fault.KindOf(err) != test.want || fault.Of(err).Code != test.code) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestExplainedRankIsTheListsRank(t *testing.T) {
	s := service(world())
	list, err := s.MatchesForOffer(context.Background(), recruiter, "off_1", listing.Page{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range list.Items {
		view, err := s.Explain(context.Background(), recruiter, "off_1", line.Profile.ID)
		if err != nil || view.Rank != line.Rank || view.Band != line.Band {
			t.Errorf("%s: rank %d band %s, in the list %d %s (%v)", line.Profile.ID, view.Rank, view.Band, line.Rank, line.Band, err)
		}
	}
	view, err := s.Explain(context.Background(), recruiter, "off_1", "pro_002")
	if err != nil || view.Rank != 0 || !view.Eligible {
		t.Errorf("who applied need not be found: %+v %v", view, err)
	}
}

// TestAPersonReadsTheRankOfTheOwnList: the place of the offer among the offers
// for that person, and none where the list does not hold it.
func TestAPersonReadsTheRankOfTheOwnList(t *testing.T) {
	w := world()
	s := service(w)
	who := account.Actor{Account: w.owners["pro_003"], Role: account.Candidate}
	list, err := s.MatchesForProfile(context.Background(), who, listing.Page{})
	if err != nil || len(list.Items) != 2 {
		t.Fatal(list, err)
	}
	for _, line := range list.Items {
		view, err := s.Explain(context.Background(), who, line.Offer.ID, "pro_003")
		if err != nil || view.Rank != line.Rank || view.Rank == 0 {
			t.Errorf("%s: rank %d, in the list %d (%v)", line.Offer.ID, view.Rank, line.Rank, err)
		}
	}
	w.profiles["pro_003"].Kinds = []ref.WorkKind{ref.Internship}
	if view, err := s.Explain(context.Background(), who, "off_1", "pro_003"); err != nil || view.Rank != 0 || view.Eligible {
		t.Errorf("what is not for the person has rank %d, eligible %v (%v)", view.Rank, view.Eligible, err)
	}
}

func TestMatchesForOfferByRole(t *testing.T) {
	s := service(world())
	for _, test := range []struct {
		actor account.Actor
		offer offer.ID
		want  fault.Kind
	}{{recruiter, "off_2", fault.NotFound}, {unattached, "off_1", fault.NotFound}, {clerk, "off_x", fault.NotFound},
		{person, "off_1", fault.Forbidden}, {watcher, "off_1", fault.Forbidden}, {nobody, "off_1", fault.Unauthenticated}} {
		if _, err := s.MatchesForOffer(context.Background(), test.actor, test.offer, listing.Page{}); fault.KindOf(err) != test.want || err == nil {
			t.Errorf("%s %s: %v", test.actor.Role, test.offer, err)
		}
	}
	for _, actor := range []account.Actor{recruiter, clerk} {
		list, err := s.MatchesForOffer(context.Background(), actor, "off_1", listing.Page{})
		if err != nil || list.Total != 128 || len(list.Items) != listing.DefaultLimit {
			t.Fatalf("%s: %d of %d, %v", actor.Role, len(list.Items), list.Total, err)
		}
		for _, line := range list.Items {
			if line.Profile.Owner != "" || !line.Profile.Visible || (line.Score == nil) != (actor.Role == account.Agency) {
				t.Errorf("%s is shown %+v", actor.Role, line)
			}
		}
	}
	if draft, err := s.MatchesForOffer(context.Background(), recruiter, "off_draft", listing.Page{}); err != nil || draft.Total != 0 {
		t.Errorf("a draft matches %d, %v", draft.Total, err)
	}
}

func TestOwnMatchesAndOpportunities(t *testing.T) {
	r := world()
	r.offers["off_2"].Licences = []ref.Licence{"permis-c"}
	s := service(r)
	list, err := s.MatchesForProfile(context.Background(), hidden, listing.Page{})
	if err != nil || list.Total != 1 || list.Items[0].Offer.ID != "off_1" || list.Items[0].Score == nil || list.Items[0].Rank != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	chances, err := s.Opportunities(context.Background(), hidden)
	if err != nil || len(chances) != 1 || chances[0] != (Opportunity{Change{Kind: GetLicence, Code: "permis-c"}, 1}) {
		t.Fatalf("%+v %v", chances, err)
	}
	without := account.Actor{Account: "acc_new", Role: account.Candidate}
	if _, err := s.Opportunities(context.Background(), without); !fault.Is(err, fault.NotFound) {
		t.Errorf("without a profile: %v", err)
	}
	if _, err := s.MatchesForProfile(context.Background(), recruiter, listing.Page{}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an agency has no own matches: %v", err)
	}
}

func TestWalkingTheRankedList(t *testing.T) {
	r := world()
	s := service(r)
	want, total := r.MatchProfiles("off_1", MaxRanked, someDay)
	var got []string
	page := listing.Page{Limit: 17}
	for {
		list, err := s.MatchesForOffer(context.Background(), clerk, "off_1", page)
		if err != nil || list.Total != total {
			t.Fatal(list.Total, err)
		}
		for _, line := range list.Items {
			if line.Rank != len(got)+1 || *line.Score != want[len(got)].Score {
				t.Fatalf("rank %d score %d at place %d", line.Rank, *line.Score, len(got)+1)
			}
			got = append(got, string(line.Profile.ID))
		}
		if page.After = list.Next; list.Next == "" {
			break
		}
	}
	for i, r := range want {
		if i >= len(got) || got[i] != r.ID {
			t.Fatalf("place %d of the walk", i)
		}
	}
	for _, bad := range []string{"x", "1", "0.pro_1", "-1.pro_1", "501.pro_1", "1.", "9999999999999999999.a"} {
		_, err := s.MatchesForOffer(context.Background(), clerk, "off_1", listing.Page{After: bad})
		if !fault.Is(err, fault.Syntax) || fault.Of(err).Code != "cursor" {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

// TestWalkGoesOnAfterAChange: whoever leaves the list between two pages costs
// nobody else the place on the next.
func TestWalkGoesOnAfterAChange(t *testing.T) {
	r := world()
	s := service(r)
	first, err := s.MatchesForOffer(context.Background(), clerk, "off_1", listing.Page{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := r.MatchProfiles("off_1", MaxRanked, someDay)
	r.profiles[profile.ID(before[3].ID)].Visible = false
	second, err := s.MatchesForOffer(context.Background(), clerk, "off_1", listing.Page{Limit: 10, After: first.Next})
	if err != nil || string(second.Items[0].Profile.ID) != before[10].ID {
		t.Fatalf("%+v, want %s first (%v)", second.Items[0], before[10].ID, err)
	}
}

// TestWhoSeesWhichField prints for every role which leaves of an explanation
// are filled; the golden file is the rule.
func TestWhoSeesWhichField(t *testing.T) {
	o, p := weldingJob(), welder()
	e := Explain(&o, &p, DefaultWeights(), ToProfiles, someDay)
	var b strings.Builder
	for _, role := range append(account.Roles(), account.Anonymous) {
		fmt.Fprintf(&b, "explanation, %q\n", role)
		leaves(&b, "  ", reflect.ValueOf(ViewFor(role, e)))
	}
	s := service(world())
	for _, actor := range []account.Actor{recruiter, clerk} {
		list, err := s.MatchesForOffer(context.Background(), actor, "off_1", listing.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "match, %q\n", actor.Role)
		leaves(&b, "  ", reflect.ValueOf(list.Items[0]))
	}
	const file = "testdata/views.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Fatalf("who sees what has changed (%v); run with -update and review:\n%s", err, b.String())
	}
}

// leaves prints every filled leaf of v with its path; gates and components
// are named by their code.
func leaves(b *strings.Builder, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			leaves(b, path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			leaves(b, fmt.Sprintf("%s[%s]", path, label(v.Index(i), i)), v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				leaves(b, path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	default:
		if !v.IsZero() {
			fmt.Fprintf(b, "%s = %v\n", path, v)
		}
	}
}

func label(v reflect.Value, i int) string {
	if v.Kind() == reflect.Struct {
		if code := v.FieldByName("Code"); code.IsValid() && code.String() != "" {
			return code.String()
		}
	}
	return fmt.Sprint(i)
}

func TestASuspendedAgencyReadsNothing(t *testing.T) {
	r := plainReader{
		cards:    map[offer.ID]offer.Card{"off_1": {ID: "off_1", Agency: "agy_suspended", PublishedAt: time.Now()}},
		offers:   map[offer.ID]*Offer{"off_1": {ID: "off_1"}},
		profiles: map[profile.ID]*Profile{"pro_1": {ID: "pro_1", Visible: true}},
	}
	s := NewService(Deps{Reader: r, Weights: DefaultWeights(), Now: time.Now})
	actor := account.Actor{Account: "acc_1", Role: account.Agency, Agency: "agy_suspended"}
	if _, err := s.MatchesForOffer(t.Context(), actor, "off_1", listing.Page{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("matches: %v", err)
	}
	if _, err := s.Explain(t.Context(), actor, "off_1", "pro_1"); !fault.Is(err, fault.Conflict) {
		t.Errorf("explanation: %v", err)
	}
}
