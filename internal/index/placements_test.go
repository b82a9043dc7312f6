package index_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
)

var filesAt = time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)

// drawPlacement makes a file at random, with few values, so that they meet.
func drawPlacement(r *rapid.T, n int) *placement.Placement {
	states := placement.States()
	p := &placement.Placement{
		ID: placement.ID(fmt.Sprintf("pla_%03d", n)), Rev: 1, Agency: rapid.SampledFrom([]string{"agy_1", "agy_2"}).Draw(r, "agency"),
		Candidate: account.ID(rapid.SampledFrom([]string{"acc_1", "acc_2", ""}).Draw(r, "candidate")), Profile: "pro_1",
		Country: ref.Country(rapid.SampledFrom([]string{"ES", "FR"}).Draw(r, "country")), State: rapid.SampledFrom(states).Draw(r, "state"),
		Occupation: ref.Occupation(rapid.SampledFrom([]string{"7112", "7212", ""}).Draw(r, "occupation")),
		Since:      filesAt.Add(-time.Duration(rapid.IntRange(0, 40).Draw(r, "days")) * 24 * time.Hour),
		UpdatedAt:  filesAt.Add(-time.Duration(rapid.IntRange(0, 3).Draw(r, "hours")) * time.Hour),
	}
	for _, kind := range rapid.SliceOfN(rapid.SampledFrom([]placement.HoldKind{placement.HoldCorridor, placement.HoldSafety}), 0, 2).Draw(r, "holds") {
		p.Holds = append(p.Holds, placement.Hold{Kind: kind, Source: "x"})
	}
	if rapid.Bool().Draw(r, "claimed") {
		p.Claim = placement.Claim{By: "acc_official", Until: filesAt.Add(time.Duration(rapid.IntRange(-1, 1).Draw(r, "claim")) * time.Hour)}
	}
	return p
}

func drawPlacementQuery(r *rapid.T) placement.Query {
	return placement.Query{
		States:  rapid.SliceOfN(rapid.SampledFrom(placement.States()), 0, 3).Draw(r, "states"),
		Country: ref.Country(rapid.SampledFrom([]string{"", "ES"}).Draw(r, "in")), Occupation: ref.Occupation(rapid.SampledFrom([]string{"", "", "71", "9"}).Draw(r, "trade")), Held: placement.HoldKind(rapid.SampledFrom([]string{"", "safety"}).Draw(r, "held")),
		Overdue: rapid.Bool().Draw(r, "overdue"), Unclaimed: rapid.Bool().Draw(r, "unclaimed"),
		ClaimedBy: account.ID(rapid.SampledFrom([]string{"", "acc_official"}).Draw(r, "by")),
		Order:     rapid.SampledFrom([]placement.Order{placement.Newest, placement.Urgent}).Draw(r, "order"),
		Scope:     rapid.SampledFrom([]account.Scope{{}, {All: true}, {Agency: "agy_1"}, {Account: "acc_1"}}).Draw(r, "scope"),
		Limit:     rapid.IntRange(1, 7).Draw(r, "limit"),
	}
}

// risked gives the cards of the files with the risk that the definition gives
// them: agy_1 is private and active, agy_2 private and suspended.
func risked(files map[placement.ID]*placement.Placement) (cards []placement.Card) {
	carried := map[string]bool{}
	for _, p := range files {
		if p.State.Final() && p.State != placement.Cancelled {
			carried[p.Agency] = true
		}
	}
	for _, p := range files {
		c := placement.CardOf(p, placement.Calendar{}, filesAt)
		c.Risk, _ = p.Risk(placement.Known{Kind: agency.Private, Active: p.Agency == "agy_1", New: !carried[p.Agency]}, placement.Calendar{}, filesAt)
		cards = append(cards, c)
	}
	return cards
}

// wanted answers a query naively.
func wanted(files map[placement.ID]*placement.Placement, q placement.Query) (found []placement.Card) {
	for _, c := range risked(files) {
		s, claimed := q.Scope, c.ClaimBy != "" && filesAt.Before(c.ClaimUntil)
		switch {
		case !s.All && (s.Agency == "" || s.Agency != c.Agency) && (s.Account == "" || s.Account != c.Candidate),
			q.Occupation != "" && (c.Occupation == "" || c.Occupation[:len(q.Occupation)] != q.Occupation), len(q.States) > 0 && !slices.Contains(q.States, c.State), q.Country != "" && q.Country != c.Country,
			q.Held != "" && !slices.Contains(c.Holds, q.Held), q.Overdue && (c.Due.IsZero() || c.Due.After(filesAt)),
			q.Unclaimed && claimed, q.ClaimedBy != "" && !(claimed && c.ClaimBy == q.ClaimedBy):
		default:
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b placement.Card) int {
		if q.Order == placement.Newest {
			return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.ID, b.ID))
		}
		never := func(c placement.Card) int {
			if c.Due.IsZero() {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(b.Risk, a.Risk), never(a)-never(b), a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// TestPlacementsAreListedAsTheDefinitionSays compares every page of every
// drawn query with the naive answer, also after changes and drops. The files
// are written ten days before they are asked for: the risk is that of the day.
func TestPlacementsAreListedAsTheDefinitionSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := filesAt.AddDate(0, 0, -10)
		ix := index.New(index.Options{Now: func() time.Time { return now }, Weights: match.DefaultWeights()})
		ix.PutAgency(&agency.Agency{ID: "agy_1", State: agency.Active, Facts: agency.Facts{Kind: agency.Private}})
		ix.PutAgency(&agency.Agency{ID: "agy_2", State: agency.Suspended, Facts: agency.Facts{Kind: agency.Private}})
		files := map[placement.ID]*placement.Placement{}
		for range rapid.IntRange(0, 40).Draw(r, "writes") {
			p := drawPlacement(r, rapid.IntRange(0, 20).Draw(r, "n"))
			if rapid.IntRange(0, 9).Draw(r, "drop") == 0 {
				ix.DropPlacement(p.ID)
				delete(files, p.ID)
				continue
			}
			ix.PutPlacement(p)
			files[p.ID] = p
		}
		now = filesAt
		q := drawPlacementQuery(r)
		want := wanted(files, q)
		var got []string
		name := func(c placement.Card) string { return fmt.Sprint(c.ID, " ", c.Risk) }
		for {
			page := ix.SearchPlacements(q)
			if page.Total != len(want) {
				r.Fatalf("total %d, want %d", page.Total, len(want))
			}
			for _, c := range page.Items {
				got = append(got, name(c))
			}
			if q.After = page.Next; page.Next == "" {
				break
			}
		}
		if !slices.EqualFunc(got, want, func(have string, c placement.Card) bool { return have == name(c) }) {
			r.Fatalf("%v, want %v", got, want)
		}
		if n := len(ix.PlacementsAffected(func(*placement.Card) bool { return true })); n != len(files) || ix.Counts()[index.Placements] != n {
			r.Fatalf("%d files affected of %d", n, len(files))
		}
	})
}

// TestPlacementsOfAPerson: the files of a profile, as they come and go, and
// that of one round of an application.
func TestPlacementsOfAPerson(t *testing.T) {
	ix := index.New(index.Options{Now: func() time.Time { return filesAt }, Weights: match.DefaultWeights()})
	one, two := &placement.Placement{ID: placement.MakeID("app_1", 1), Profile: "pro_1"}, &placement.Placement{ID: placement.MakeID("app_1", 2), Profile: "pro_1"}
	ix.PutPlacement(one)
	ix.PutPlacement(two)
	ix.PutPlacement(one)
	if of := ix.PlacementsOf("pro_1"); len(of) != 2 {
		t.Errorf("%v", of)
	}
	ix.DropPlacement(one.ID)
	if _, found := ix.PlacementFor("app_1", 1); found || len(ix.PlacementsOf("pro_1")) != 1 {
		t.Error("a dropped file is still there")
	}
	if card, found := ix.PlacementFor("app_1", 2); !found || card.ID != two.ID {
		t.Errorf("%+v %t", card, found)
	}
}
