package report

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// teller is a way of showing files to somebody who may not see them.
type teller func(files []traits) func(Filter) View

// guarded is what View shows such readers.
func guarded(files []traits) func(Filter) View {
	classes := mask(files)
	return func(f Filter) View { return tally(classes, f) }
}

// plain hides every figure below the threshold and nothing else: masking
// without what keeps a figure from following from others.
func plain(files []traits) func(Filter) View {
	var each []class
	for _, t := range files {
		each = append(each, class{t, 1})
	}
	return func(f Filter) View {
		view := tally(each, f)
		few := func(n int) bool { return n < Threshold }
		if few(view.Total) {
			view.Total = 0
		}
		for i := range view.Parts {
			view.Parts[i].Lines = slices.DeleteFunc(view.Parts[i].Lines, func(l Line) bool { return few(l.Count) })
		}
		return view
	}
}

// valuesOf are what files can have along a dimension; the last value is one
// that no file has, as there always is.
func valuesOf(i int) []string {
	return [dimensions][]string{{"FR", "ES", "GA"}, {"departed", "in_post", "completed"}, {"agy_1", "agy_2", "agy_3"}, {"71", "22", "93"}, {"2026-04", "2026-05", "2026-03"}}[i]
}

// spare is where the value is that no file has.
const spare = 2

// drawFiles draws files that differ along three dimensions, in some large and
// many small groups, and says along which.
func drawFiles(r *rapid.T) (files []traits, open []int) {
	open = rapid.SampledFrom([][]int{{country, state, agencyOf}, {country, agencyOf, month}, {state, group, month}, {country, state, group}}).Draw(r, "open")
	for range rapid.IntRange(1, 5).Draw(r, "groups") {
		var t traits
		for i := range t {
			t[i] = valuesOf(i)[0]
		}
		for _, i := range open {
			t[i] = valuesOf(i)[rapid.IntRange(0, spare-1).Draw(r, "value")]
		}
		for range rapid.SampledFrom([]int{1, 2, 3, 4, 5, 6, 8}).Draw(r, "files") {
			files = append(files, t)
		}
	}
	return files, open
}

// filtersOver gives every combination of filters over the dimensions: more
// than the links of the pages lead to.
func filtersOver(open []int) []Filter {
	all := []traits{{}}
	for _, i := range open {
		for _, t := range slices.Clone(all) {
			for _, value := range valuesOf(i) {
				t[i] = value
				all = append(all, t)
			}
		}
	}
	var filters []Filter
	for _, t := range all {
		filters = append(filters, Filter{Country: ref.Country(t[country]), State: placement.State(t[state]), Agency: t[agencyOf], Group: ref.Occupation(t[group]), Month: ref.Month(t[month])})
	}
	return filters
}

func size(files []traits, f Filter) (n int) {
	for _, t := range files {
		if f.wanted().within(t) {
			n++
		}
	}
	return n
}

// subtraction tries every two views that a link leads between, and every total
// with the figures beside it: it gives the small figures that come out.
func subtraction(show func(Filter) View, filters []Filter) (leaks []string) {
	small := func(n int) bool { return n > 0 && n < Threshold }
	for _, f := range filters {
		view := show(f)
		for _, part := range view.Parts {
			left := view.Total - part.Rest
			for _, l := range part.Lines {
				left -= l.Count
				if rest := view.Total - l.Count; small(l.Count) || small(rest) {
					leaks = append(leaks, fmt.Sprintf("%+v without %s: %d", f, l.Code, rest))
				}
			}
			if small(left) || small(part.Rest) {
				leaks = append(leaks, fmt.Sprintf("%+v, what is left by %s: %d", f, part.Dimension, left))
			}
		}
	}
	return leaks
}

// certainties plays a reader who knows the method and sees every view at once.
// A small figure is safe when other files, that differ in one value of one of
// them or lack one, give another figure and the very same views. It gives those
// that are not, and how many there were.
func certainties(tell teller, files []traits, open []int) (known []string, small int) {
	filters := filtersOver(open)
	free := map[[2]int]bool{} // file, dimension: could be anything else
	for n := range files {
		free[[2]int{n, absent}] = sameViews(tell(files), tell(slices.Delete(slices.Clone(files), n, n+1)), filters)
		for _, i := range open {
			other := slices.Clone(files)
			other[n][i] = valuesOf(i)[spare]
			free[[2]int{n, i}] = sameViews(tell(files), tell(other), filters)
		}
	}
	for _, f := range filters {
		if n := size(files, f); n == 0 || n >= Threshold {
			continue
		}
		small++
		if !movable(files, f, open, free) {
			known = append(known, fmt.Sprintf("%+v: %d", f, size(files, f)))
		}
	}
	return known, small
}

// absent stands for a file that may not be there at all.
const absent = -1

// movable reports whether one of the files counted could as well be elsewhere
// or nowhere.
func movable(files []traits, f Filter, open []int, free map[[2]int]bool) bool {
	wanted := f.wanted()
	for n, t := range files {
		if wanted.within(t) && free[[2]int{n, absent}] {
			return true
		}
		for _, i := range open {
			if wanted.within(t) && wanted[i] != "" && free[[2]int{n, i}] {
				return true
			}
		}
	}
	return false
}

func sameViews(a, b func(Filter) View, filters []Filter) bool {
	for _, f := range filters {
		if !reflect.DeepEqual(a(f), b(f)) {
			return false
		}
	}
	return true
}

// TestNoMaskedFigureFollowsFromTheOthers: whoever may not see files cannot
// tell a small figure, neither by subtracting nor by knowing how figures are
// masked, from all views that filters lead to.
//
// covers PR-04
func TestNoMaskedFigureFollowsFromTheOthers(t *testing.T) {
	secrets, shown, drawn := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		drawn++
		files, open := drawFiles(r)
		if leaks := subtraction(guarded(files), filtersOver(open)); len(leaks) > 0 {
			r.Fatalf("%v: %s", files, leaks)
		}
		known, small := certainties(guarded, files, open)
		if len(known) > 0 {
			r.Fatalf("%v: %s", files, known)
		}
		secrets += small
		shown += guarded(files)(Filter{}).Total
	})
	if secrets < 2*drawn || shown < 2*drawn {
		t.Errorf("%d times drawn, %d small figures attacked, %d files shown: the test proves too little", drawn, secrets, shown)
	}
}

// TestTheAttackIsOne: without the classes, with small figures hidden one by
// one, both attacks succeed.
func TestTheAttackIsOne(t *testing.T) {
	subtracted, certain := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		files, open := drawFiles(r)
		subtracted += len(subtraction(plain(files), filtersOver(open)))
		known, _ := certainties(plain, files, open)
		certain += len(known)
	})
	if subtracted == 0 || certain == 0 {
		t.Errorf("%d figures by subtraction, %d by knowing the method", subtracted, certain)
	}
}

// TestViewsAddUp: what a link promises is what it leads to, and every part
// sums to the total, masked or not.
func TestViewsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		files, open := drawFiles(r)
		var each []class
		for _, x := range files {
			each = append(each, class{x, 1})
		}
		for name, classes := range map[string][]class{"masked": mask(files), "open": each} {
			for _, f := range filtersOver(open) {
				view := tally(classes, f)
				for _, part := range view.Parts {
					sum := part.Rest
					for _, l := range part.Lines {
						sum += l.Count
						if narrowed := tally(classes, narrow(f, part.Dimension, l.Code)); narrowed.Total != l.Count {
							r.Fatalf("%s: %+v: %d files of %s, %d behind the link", name, f, l.Count, l.Code, narrowed.Total)
						}
					}
					if sum != view.Total || name == "open" && view.Total != size(files, f) {
						r.Fatalf("%s: %+v: %s sums to %d of %d", name, f, part.Dimension, sum, view.Total)
					}
				}
			}
		}
	})
}

func narrow(f Filter, d Dimension, code string) Filter {
	switch d {
	case ByCountry:
		f.Country = ref.Country(code)
	case ByState:
		f.State = placement.State(code)
	case ByAgency:
		f.Agency = code
	case ByGroup:
		f.Group = ref.Occupation(code)
	case ByMonth:
		f.Month = ref.Month(code)
	}
	return f
}

// TestWhoSeesWhatOfAView: officials see every file of now; observers and
// administrators whole months, masked; nobody else anything.
func TestWhoSeesWhatOfAView(t *testing.T) {
	var cards []placement.Card
	for range 7 {
		cards = append(cards, walked("pla", placement.Opened, 20, placement.Departed, 60))
	}
	lone := walked("pla_lone", placement.Opened, 90)
	lone.Country = "ES"
	cards = append(cards, lone, walked("pla_new", placement.Opened, 0))
	s := service(cards...)
	open, err := s.View(context.Background(), official, Filter{Month: "2026-03"})
	if err != nil || open.Total != 8 || !open.Files || len(open.Parts) != 4 || open.Until != "" {
		t.Fatalf("%+v %v", open, err)
	}
	if c := open.Parts[0]; c.Dimension != ByCountry || !reflect.DeepEqual(c.Lines, []Line{{"FR", "", 7}, {"ES", "", 1}}) || open.Parts[2].Lines[0].Name != "Bureau agy_1" {
		t.Errorf("%+v", open.Parts)
	}
	for _, role := range []account.Role{account.Observer, account.Admin} {
		actor := account.Actor{Account: "acc_2", Role: role}
		view, err := s.View(context.Background(), actor, Filter{})
		if err != nil || view.Total != 7 || view.Files || view.Until != "2026-05-31" {
			t.Fatalf("%s: %+v %v", role, view, err)
		}
		if narrowed, err := s.View(context.Background(), actor, Filter{Country: "ES"}); err != nil || narrowed.Total != 0 {
			t.Errorf("%s: %+v %v", role, narrowed, err)
		}
		if _, err := s.View(context.Background(), actor, Filter{From: "2026-05-03"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s bounds the days: %v", role, err)
		}
	}
	for _, role := range []account.Role{account.Anonymous, account.Candidate, account.Agency} {
		if _, err := s.View(context.Background(), account.Actor{Account: "acc_3", Role: role}, Filter{}); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", role, err)
		}
	}
	if _, err := s.View(context.Background(), official, Filter{Month: "May"}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// TestMaskedFiguresStandForAMonth: what happens in a month shows when it is
// over.
func TestMaskedFiguresStandForAMonth(t *testing.T) {
	var cards []placement.Card
	for range 6 {
		cards = append(cards, walked("pla", placement.Opened, 100))
	}
	now := today
	s := NewService(files(cards), func() time.Time { return now })
	observer := account.Actor{Account: "acc_2", Role: account.Observer}
	before, err := s.View(context.Background(), observer, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	cards[0].State, cards[0].Steps = placement.Departed, append(cards[0].Steps, placement.Step{State: placement.Departed, At: today})
	now = today.AddDate(0, 0, 20)
	if after, err := s.View(context.Background(), observer, Filter{}); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("%+v, was %+v (%v)", after, before, err)
	}
	now = today.AddDate(0, 1, 0)
	if after, err := s.View(context.Background(), observer, Filter{}); err != nil || reflect.DeepEqual(before, after) {
		t.Errorf("still %+v (%v)", after, err)
	}
}

// TestAClassHasFiveAtLeast: five files are told with all that they share, four
// are not told apart from the others, and nothing is told of four in all.
func TestAClassHasFiveAtLeast(t *testing.T) {
	all := traits{"ES", "in_post", "agy_1", "71", "2026-05"}
	few := traits{"FR", "in_post", "agy_1", "71", "2026-05"}
	for n, want := range map[int][]class{4: nil, 5: {{all, 5}}} {
		if got := mask(slices.Repeat([]traits{all}, n)); !slices.Equal(got, want) {
			t.Errorf("%d files: %v", n, got)
		}
	}
	mixed := append(slices.Repeat([]traits{all}, 5), slices.Repeat([]traits{few}, 4)...)
	if got := mask(mixed); !slices.Equal(got, []class{{all, 5}}) {
		t.Errorf("four beside five: %v", got)
	}
	other := few
	other[country] = "IT"
	if got := mask(append(mixed, other)); len(got) != 2 || got[0].traits[country] != "" || got[0].count != 5 || got[0].traits[state] != "in_post" {
		t.Errorf("five of two countries: %v", got)
	}
}
