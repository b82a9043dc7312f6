package assignment

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func TestOnlyThoseWhoDecideTakeFiles(t *testing.T) {
	w := newWorld()
	for _, role := range []account.Role{account.Candidate, account.Agency, account.Admin, account.Observer} {
		actor := account.Actor{Account: "acc_x", Role: role, Agency: "agy_1"}
		for _, f := range files() {
			if _, err := w.Take(t.Context(), actor, f); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s takes a file: %v", role, err)
			}
			if err := w.GiveBack(t.Context(), actor, f); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s gives a file back: %v", role, err)
			}
		}
	}
	for _, f := range files() {
		must[Holding](t)(w.Take(t.Context(), first, f))
		if held := w.Holder(account.Actor{Account: "acc_x", Role: account.Agency, Agency: "agy_1"}, f); held != (Holding{}) {
			t.Errorf("an agency sees %+v", held)
		}
	}
	if _, err := w.Take(t.Context(), account.Actor{}, files()[0]); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := w.Take(t.Context(), first, File{"letter", "off_1"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestOneOfficialHasAFile(t *testing.T) {
	for _, f := range files() {
		w := newWorld()
		mine := must[Holding](t)(w.Take(t.Context(), first, f))
		if want := (Holding{"acc_a", morning, morning.Add(4 * time.Hour)}); mine != want || w.Holder(second, f) != want {
			t.Errorf("%s: %+v, the other official sees %+v", f.Kind, mine, w.Holder(second, f))
		}
		_, err := w.Take(t.Context(), second, f)
		wantFault(t, err, fault.Conflict, "assignment.taken")
		if told := fault.Of(err).Fields; len(told) != 1 || !slices.Equal(told[0].Args, []string{"acc_a", "2026-11-23T12:00:00Z"}) {
			t.Errorf("%s: the other one is told %+v", f.Kind, told)
		}
		wantFault(t, w.GiveBack(t.Context(), second, f), fault.Conflict, "assignment.taken")
		w.now = w.now.Add(3 * time.Hour)
		if longer := must[Holding](t)(w.Take(t.Context(), first, f)); !longer.Until.Equal(w.now.Add(For)) {
			t.Errorf("%s: longer until %s", f.Kind, longer.Until)
		}
		for range 2 { // giving back twice is no error
			if err := w.GiveBack(t.Context(), first, f); err != nil {
				t.Error(err)
			}
		}
		if held := must[Holding](t)(w.Take(t.Context(), second, f)); held.By != "acc_b" {
			t.Errorf("%s: %+v after it was given back", f.Kind, held)
		}
		a, _ := w.Assignment(f.Assignment())
		var acts []string
		for _, e := range a.Pending {
			acts = append(acts, e.Action+" "+e.Actor)
		}
		if want := []string{"assignment.take acc_a", "assignment.take acc_a", "assignment.give_back acc_a", "assignment.take acc_b"}; !slices.Equal(acts, want) || a.Rev != 4 {
			t.Errorf("%s: remembered at revision %d: %q", f.Kind, a.Rev, acts)
		}
	}
}

func TestAFileIsFreeAfterFourHours(t *testing.T) {
	w, f := newWorld(), files()[3]
	must[Holding](t)(w.Take(t.Context(), first, f))
	w.now = morning.Add(For - time.Millisecond)
	if w.Holder(first, f).By != "acc_a" || len(w.Mine(first).Incidents) != 1 {
		t.Error("it was lost before the time")
	}
	w.now = morning.Add(For)
	if w.Holder(first, f) != (Holding{}) || len(w.Mine(first).Incidents) != 0 {
		t.Error("it is still held")
	}
	rev := must[*Assignment](t)(w.Get(t.Context(), f.Assignment())).Rev
	if err := w.GiveBack(t.Context(), second, f); err != nil || must[*Assignment](t)(w.Get(t.Context(), f.Assignment())).Rev != rev {
		t.Errorf("giving back what nobody has: %v", err)
	}
	must[Holding](t)(w.Take(t.Context(), second, f))
}

func TestAnAssignmentEndsWithItsStep(t *testing.T) {
	w := newWorld()
	for _, f := range files() {
		must[Holding](t)(w.Take(t.Context(), first, f))
	}
	w.goOn()
	for _, f := range files() {
		if held := w.Holder(second, f); held != (Holding{}) {
			t.Errorf("%s: %+v", f.Kind, held)
		}
		if held := must[Holding](t)(w.Take(t.Context(), second, f)); held.By != "acc_b" {
			t.Errorf("%s: %+v", f.Kind, held)
		}
	}
	w.rest()
	for _, f := range files() {
		if w.Waits(first, f) || w.Holder(first, f) != (Holding{}) {
			t.Errorf("%s waits for nobody and is held", f.Kind)
		}
		_, err := w.Take(t.Context(), first, f)
		wantFault(t, err, fault.Conflict, "assignment.idle")
		_, err = w.Take(t.Context(), first, File{f.Kind, "none"})
		wantFault(t, err, fault.NotFound, string(f.Kind)+".not_found")
		wantFault(t, w.GiveBack(t.Context(), first, File{f.Kind, "none"}), fault.NotFound, string(f.Kind)+".not_found")
	}
	if mine := w.Mine(second); len(mine.Offers)+len(mine.Agencies)+len(mine.Employers)+len(mine.Incidents) != 0 {
		t.Errorf("%+v", mine)
	}
}

func TestTheNextVersionOfAnOfferWaits(t *testing.T) {
	w, f := newWorld(), files()[0]
	w.offers["off_1"] = offer.Card{State: offer.Published, HasNext: true, NextState: offer.Submitted}
	must[Holding](t)(w.Take(t.Context(), first, f))
	w.offers["off_1"] = offer.Card{State: offer.Published, HasNext: true, NextState: offer.Draft}
	if w.Waits(first, f) {
		t.Error("a draft waits")
	}
}

func TestMine(t *testing.T) {
	w := newWorld()
	for _, f := range files() {
		must[Holding](t)(w.Take(t.Context(), first, f))
	}
	mine := w.Mine(first)
	if len(mine.Offers) != 1 || len(mine.Agencies) != 1 || len(mine.Employers) != 1 || len(mine.Incidents) != 1 {
		t.Fatalf("%+v", mine)
	}
	if mine.Incidents[0].Reporter != "" {
		t.Error("it names who reported")
	}
	if other := w.Mine(second); len(other.Offers) != 0 {
		t.Errorf("%+v", other)
	}
}

// late is a store that finds nothing until something was inserted elsewhere.
type late struct {
	Store
	inserted func() error
}

func (l *late) Insert(ctx context.Context, a *Assignment) error {
	if err := l.inserted(); err != nil {
		return err
	}
	return l.Store.Insert(ctx, a)
}

// TestTwoAtOnce: the other official's file is there after the first look and
// before the insert.
func TestTwoAtOnce(t *testing.T) {
	w, f := newWorld(), files()[0]
	rival := NewService(w.Deps)
	w.Service.Store = &late{w.Shelf, func() error { _, err := rival.Take(t.Context(), second, f); return err }}
	_, err := w.Take(t.Context(), first, f)
	wantFault(t, err, fault.Conflict, "assignment.taken")
	if held := w.Holder(first, f); held.By != "acc_b" {
		t.Errorf("%+v", held)
	}
}

// TestNobodyIsRobbed: whatever officials do, a file changes hands only when its
// holder gave it back, its time was over or it went on, and every change has
// its entry.
func TestNobodyIsRobbed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		states := []offer.State{offer.Submitted, offer.Approved, offer.Published}
		f := files()[0]
		for range rapid.IntRange(1, 30).Draw(t, "acts") {
			before, actor := w.Holder(first, f), rapid.SampledFrom([]account.Actor{first, second}).Draw(t, "actor")
			rev := revision(w, f)
			var err error
			switch rapid.SampledFrom([]string{"take", "give", "wait", "move"}).Draw(t, "act") {
			case "take":
				held, failed := w.Take(t.Context(), actor, f)
				if err = failed; err == nil && (held.By != actor.Account || before.By != "" && before.By != actor.Account) {
					t.Fatalf("%s took what was %+v", actor.Account, before)
				}
			case "give":
				if err = w.GiveBack(t.Context(), actor, f); err == nil && (before.By == actor.Account) != (revision(w, f) > rev) {
					t.Fatalf("given back %+v", before)
				}
			case "wait":
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
				continue
			case "move":
				w.offers["off_1"] = offer.Card{State: rapid.SampledFrom(states).Draw(t, "state")}
				continue
			}
			if after := w.Holder(first, f); err != nil && after != before {
				t.Fatalf("failed with %v and left %+v for %+v", err, after, before)
			}
			if a, known := w.Assignment(f.Assignment()); known && int64(len(a.Pending)) != a.Rev {
				t.Fatalf("revision %d, %d entries", a.Rev, len(a.Pending))
			}
		}
	})
}

func revision(w *world, f File) int64 {
	if a, known := w.Assignment(f.Assignment()); known {
		return a.Rev
	}
	return 0
}
