package corridor

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

func TestOpenFollowsTheSwitch(t *testing.T) {
	tests := []struct {
		name       string
		suspended  []Suspension
		kind       ref.WorkKind
		occupation ref.Occupation
		want       bool
	}{
		{"no suspension", nil, ref.Seasonal, "9211", true},
		{"everything", []Suspension{{}}, ref.Seasonal, "9211", false},
		{"this kind", []Suspension{{Kind: ref.Seasonal}}, ref.Seasonal, "9211", false},
		{"another kind", []Suspension{{Kind: ref.Permanent}}, ref.Seasonal, "9211", true},
		{"this occupation group", []Suspension{{Occupation: "92"}}, ref.Seasonal, "9211", false},
		{"another occupation group", []Suspension{{Occupation: "53"}}, ref.Seasonal, "9211", true},
		{"group of this kind", []Suspension{{Kind: ref.Seasonal, Occupation: "92"}}, ref.Permanent, "9211", true},
		{"second of two", []Suspension{{Kind: ref.Permanent}, {Occupation: "9211"}}, ref.Seasonal, "9211", false},
		{"uncoded occupation", []Suspension{{Occupation: "92"}}, ref.Seasonal, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Corridor{Destination: "ES", Suspensions: tt.suspended}
			if got := c.Open(tt.kind, tt.occupation); got != tt.want {
				t.Errorf("Open = %v, want %v", got, tt.want)
			}
			home := &Corridor{Destination: ref.Mali, Suspensions: tt.suspended}
			if !home.Open(tt.kind, tt.occupation) {
				t.Error("the way home is closed")
			}
		})
	}
}

func TestLongestPrefixGivesTheFloor(t *testing.T) {
	c := &Corridor{Floors: []Floor{{Prefix: "2", EURCents: 200}, {EURCents: 100}, {Prefix: "221", EURCents: 300}, {Prefix: "221", From: "2026-01-01", EURCents: 310}, {Prefix: "221", From: "2027-01-01", EURCents: 330}}}
	for occupation, want := range map[ref.Occupation]int64{"9211": 100, "2512": 200, "2212": 310, "": 100} {
		if got, ok := c.Floor(occupation, "2026-06-01"); !ok || got != want {
			t.Errorf("Floor(%q) = %d %v, want %d", occupation, got, ok, want)
		}
	}
	if _, ok := (&Corridor{}).Floor("9211", "2026-06-01"); ok {
		t.Error("a floor out of nowhere")
	}
}

func TestParseCode(t *testing.T) {
	for _, good := range []string{"ML-ES", "ML-ML"} {
		if c, err := ParseCode(good); err != nil || string(c) != good || CodeFor(c.Destination()) != c {
			t.Errorf("ParseCode(%q) = %q, %v", good, c, err)
		}
	}
	for _, bad := range []string{"", "ML-", "ML-XX", "ES-ML", "ml-es", "ML-ESP", "ML-es", "ES", "ML-ES ", "ML-SU"} {
		if _, err := ParseCode(bad); !fault.Is(err, fault.NotFound) {
			t.Errorf("ParseCode(%q): %v, want not found", bad, err)
		}
	}
}

// sound gives facts that break no rule.
func sound() Facts {
	return Facts{
		Bases:  []Basis{{Title: Text{FR: "Accord", EN: "Agreement"}, Date: "2019-02-25", Source: "https://example.org/a", Confirmed: true}},
		Floors: []Floor{{EURCents: 100000, Source: "décret"}, {Prefix: "221", EURCents: 200000}}, MaxHours: 4800,
		Kinds: []ref.WorkKind{ref.Seasonal}, Regulated: []ref.Occupation{"221"},
		Documents: []Text{{FR: "Passeport"}}, Notice: Text{FR: "Vos droits", EN: "Your rights"},
	}
}

func TestFactsAreChecked(t *testing.T) {
	if err := sound().Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		pointer, code string
		spoil         func(*Facts)
	}{
		{"/bases/0/title/fr", "required", func(f *Facts) { f.Bases[0].Title.FR = " " }},
		{"/bases/0/title/en", "too_long", func(f *Facts) { f.Bases[0].Title.EN = strings.Repeat("é", 401) }},
		{"/bases/0/title/fr", "text.forbidden", func(f *Facts) { f.Bases[0].Title.FR = "Accord\u202e" }},
		{"/bases/0/date", "ref.date", func(f *Facts) { f.Bases[0].Date = "2019-02-30" }},
		{"/bases/0/source", "corridor.source.required", func(f *Facts) { f.Bases[0].Source = "" }},
		{"/bases/0/source", "url", func(f *Facts) { f.Bases[0].Source = "javascript://x" }},
		{"/bases", "too_many", func(f *Facts) { f.Bases = make([]Basis, 61) }},
		{"/floors/1/prefix", "ref.occupation", func(f *Facts) { f.Floors[1].Prefix = "999" }},
		{"/floors/1/prefix", "unique", func(f *Facts) { f.Floors[1].Prefix = "" }},
		{"/floors/0/amount", "corridor.floor", func(f *Facts) { f.Floors[0].EURCents = 0 }},
		{"/floors/0/amount", "corridor.floor", func(f *Facts) { f.Floors[0].EURCents = -1 }},
		{"/floors/0/source", "corridor.source.required", func(f *Facts) { f.Floors[0].Source, f.Floors[0].Confirmed = "", true }},
		{"/maxHours", "corridor.hours", func(f *Facts) { f.MaxHours = -1 }},
		{"/maxHours", "corridor.hours", func(f *Facts) { f.MaxHours = 16801 }},
		{"/kinds/0", "ref.kind", func(f *Facts) { f.Kinds[0] = "slavery" }},
		{"/kinds/1", "unique", func(f *Facts) { f.Kinds = []ref.WorkKind{ref.Seasonal, ref.Seasonal} }},
		{"/kinds/0", "required", func(f *Facts) { f.Kinds[0] = "" }},
		{"/regulated/0", "ref.occupation", func(f *Facts) { f.Regulated[0] = "00000" }},
		{"/regulated/0", "required", func(f *Facts) { f.Regulated[0] = "" }},
		{"/documents/0/fr", "required", func(f *Facts) { f.Documents[0] = Text{EN: "Passport"} }},
		{"/notice/fr", "required", func(f *Facts) { f.Notice.FR = "" }},
		{"/notice/fr", "too_long", func(f *Facts) { f.Notice.FR = strings.Repeat("a", 8001) }},
	}
	for _, tt := range tests {
		t.Run(tt.pointer+" "+tt.code, func(t *testing.T) {
			f := sound()
			tt.spoil(&f)
			err := f.Check()
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("Check = %v, want invalid", err)
			}
			for _, field := range fault.Of(err).Fields {
				if field.Pointer == tt.pointer && field.Code == tt.code {
					return
				}
			}
			t.Errorf("no %s at %s in %v", tt.code, tt.pointer, err)
		})
	}
}

// TestReopeningOpensWhatItCovers holds the switch against its definition:
// after any suspensions and a reopening of everything by somebody else, all is
// open; a reopening of a part never opens what it does not cover.
func TestReopeningOpensWhatItCovers(t *testing.T) {
	kinds := rapid.SampledFrom(append(ref.WorkKinds(), ""))
	groups := rapid.SampledFrom([]ref.Occupation{"", "9", "92", "921", "9211", "2", "22", "2212"})
	rapid.Check(t, func(t *rapid.T) {
		c := &Corridor{Code: "ML-ES", Destination: "ES"}
		a, b := official("acc_a"), official("acc_b")
		for i := range rapid.IntRange(1, 5).Draw(t, "n") {
			o := Order{Kind: kinds.Draw(t, "kind"), Occupation: groups.Draw(t, "group"), Act: "A" + string(rune('0'+i)), Evidence: "e"}
			if changed, err := c.suspend(a, clock(), "sus_1", o); err != nil || !changed {
				t.Fatalf("suspend: %v %v", changed, err)
			}
			if c.Open(o.Kind, o.Occupation) {
				t.Fatal("open right after its suspension")
			}
		}
		before := len(c.Suspensions)
		part := Order{Kind: kinds.Draw(t, "partKind"), Occupation: groups.Draw(t, "part"), Act: "R1", Evidence: "e"}
		_, err := c.reopen(b, clock(), "", part)
		lifted := before - len(c.Suspensions)
		if (err == nil) != (lifted > 0) {
			t.Fatalf("reopened %d suspensions with error %v", lifted, err)
		}
		for _, s := range c.Suspensions {
			if part.covers(s) {
				t.Fatalf("%+v is still in force", s)
			}
		}
		if len(c.Suspensions) == 0 {
			return
		}
		if _, err := c.reopen(b, clock(), "", Order{Act: "R2", Evidence: "e"}); err != nil || len(c.Suspensions) != 0 {
			t.Fatalf("reopening everything: %v", err)
		}
	})
}
