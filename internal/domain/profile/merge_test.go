package profile

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

const present ref.Month = "2026-11"

func TestMerge(t *testing.T) {
	entry := func(o ref.Occupation, from, until ref.Month) Experience {
		return Experience{Occupation: o, From: from, Until: until}
	}
	cases := []struct {
		name    string
		entries []Experience
		want    map[ref.Occupation]int
	}{
		{"both ends count", []Experience{entry("7111", "2020-01", "2020-12")}, map[ref.Occupation]int{"7111": 12}},
		{"one month", []Experience{entry("7111", "2020-01", "2020-01")}, map[ref.Occupation]int{"7111": 1}},
		{"open counts to the present month", []Experience{entry("7111", "2026-10", "")}, map[ref.Occupation]int{"7111": 2}},
		{"the later start loses the overlap",
			[]Experience{entry("5120", "2020-06", "2021-05"), entry("7111", "2020-01", "2020-12")},
			map[ref.Occupation]int{"7111": 12, "5120": 5}},
		{"swallowed whole", []Experience{entry("7111", "2020-01", "2022-12"), entry("5120", "2021-01", "2021-12")},
			map[ref.Occupation]int{"7111": 36, "5120": 0}},
		{"a gap is not counted", []Experience{entry("7111", "2020-01", "2020-03"), entry("7111", "2021-01", "2021-03")},
			map[ref.Occupation]int{"7111": 6}},
		{"the same start: the shorter one comes first",
			[]Experience{entry("5120", "2020-01", "2020-12"), entry("7111", "2020-01", "2020-06")},
			map[ref.Occupation]int{"7111": 6, "5120": 6}},
		{"two equal entries are one", []Experience{entry("7111", "2020-01", "2020-12"), entry("7111", "2020-01", "2020-12")},
			map[ref.Occupation]int{"7111": 12}},
		{"nothing beyond the present", []Experience{entry("7111", "2026-11", "2027-06")}, map[ref.Occupation]int{"7111": 1}},
		{"without start: as stated", []Experience{{Occupation: "6111", Months: 8}, entry("7111", "2020-01", "2020-12")},
			map[ref.Occupation]int{"6111": 8, "7111": 12}},
	}
	for _, c := range cases {
		got := map[ref.Occupation]int{}
		for _, e := range Merge(c.entries, present) {
			got[e.Occupation] += e.Months
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// monthText writes a month index as YYYY-MM.
func monthText(index int) ref.Month {
	return ref.DateOf(ref.Date("0001-01-01").Time().AddDate(0, index-12, 0)).Month()
}

func anyEntries(t *rapid.T) []Experience {
	last := present.Index()
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Experience {
		from := rapid.IntRange(last-120, last).Draw(t, "from")
		e := Experience{
			Occupation: rapid.SampledFrom([]ref.Occupation{"7111", "5120", "2221"}).Draw(t, "occupation"),
			Employer:   rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "employer"),
			From:       monthText(from),
		}
		if rapid.Bool().Draw(t, "ended") {
			e.Until = monthText(rapid.IntRange(from, last).Draw(t, "until"))
		}
		return e
	}), 0, 12).Draw(t, "entries")
}

func TestMergeCountsEachMonthOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyEntries(t)
		worked := map[int]bool{}
		for _, e := range entries {
			from, until := e.span(present)
			for m := from; m <= until; m++ {
				worked[m] = true
			}
		}
		facts := Facts{Experience: Merge(entries, present)}
		if facts.TotalMonths() != len(worked) {
			t.Fatalf("%d months counted, %d calendar months worked", facts.TotalMonths(), len(worked))
		}
		grouped := 0
		for _, g := range facts.MonthsByGroup() {
			grouped += g.Months
		}
		if grouped != len(worked) {
			t.Fatalf("%d months in groups, %d worked", grouped, len(worked))
		}
	})
}

func TestMergeIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyEntries(t)
		want := Merge(entries, present)
		shuffled := slices.Clone(entries)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := Merge(shuffled, present); !slices.Equal(got, want) {
			t.Fatalf("order changed the result:\n%v\n%v", got, want)
		}
		if again := Merge(want, present); !slices.Equal(again, want) {
			t.Fatalf("merging twice changed the result:\n%v\n%v", again, want)
		}
	})
}

func TestMergeLeavesItsInputAlone(t *testing.T) {
	entries := []Experience{{From: "2021-01", Until: "2021-02"}, {From: "2020-01", Until: "2020-02"}}
	Merge(entries, present)
	if entries[0].From != "2021-01" || entries[0].Months != 0 {
		t.Errorf("input changed: %v", entries)
	}
}
