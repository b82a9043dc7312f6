package ref

import "testing"

// TestComparableInMali holds the formula to figures worked out by hand.
func TestComparableInMali(t *testing.T) {
	for _, tc := range []struct {
		name    string
		cents   int64
		country Country
		on      Date
		francs  int64
		year    int
	}{
		// 1,000 EUR × 206.347012535207 ÷ 0.700999 = 294,361.35 francs.
		{"France", 100_000, "FR", "2026-11-21", 294_361, 2022},
		// 1,000 EUR are 655,957 francs, × 206.347012535207 ÷ 236.84941261744 = 571,480.4.
		{"Senegal", 100_000, "SN", "2026-11-21", 571_480, 2022},
		{"Mali itself", 100_000, "ML", "2026-11-21", 655_957, 2022},
		{"the year itself", 100_000, "FR", "2022-06-01", 294_361, 2022},
	} {
		got, year, ok := ComparableInMali(tc.cents, tc.country, tc.on)
		if !ok || got != (Money{tc.francs, XOF}) || year != tc.year {
			t.Errorf("%s: %v of %d, %v; want %d", tc.name, got, year, ok, tc.francs)
		}
	}
	for name, ask := range map[string]struct {
		cents   int64
		country Country
		on      Date
	}{"no figure": {100, "ZW", "2026-11-21"}, "before the table": {100, "FR", "2021-12-31"}, "no day": {100, "FR", ""}, "no pay": {0, "FR", "2026-11-21"}} {
		if got, _, ok := ComparableInMali(ask.cents, ask.country, ask.on); ok {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestParitiesHold: every line names a country and its currency, of which the
// rates are known, and Mali is in every year.
func TestParitiesHold(t *testing.T) {
	if len(parityBook) < 10 {
		t.Fatalf("%d parities", len(parityBook))
	}
	for key, p := range parityBook {
		if _, err := ParseCountry(string(key.country)); err != nil {
			t.Errorf("%v: %v", key, err)
		}
		if _, err := ParseCurrency(string(p.Currency)); err != nil {
			t.Errorf("%v: %v", key, err)
		}
		if _, ok := parityBook[parityKey{Mali, key.year}]; !ok {
			t.Errorf("%v: Mali has no figure in that year", key)
		}
	}
	if book, years := readParities("ML\tXOF\t2020\t2\nML\tXOF\t2023\t4\nFR\tEUR\t2020\t1\n"); len(book) != 3 || years != [2]int{2020, 2023} {
		t.Errorf("%v %v", book, years)
	}
}
