package store_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// stored is what a document must read back as: nil slices and maps empty,
// times in UTC with milliseconds.
func stored(d store.Doc, seq int64) store.Doc {
	d.Seq = seq
	d.At = d.At.UTC().Truncate(time.Millisecond)
	if d.Tags == nil {
		d.Tags = []string{}
	}
	if d.Bytes == nil {
		d.Bytes = []byte{}
	}
	if d.Labels == nil {
		d.Labels = map[string]string{}
	}
	parts := make([]store.Part, len(d.Parts))
	for i, p := range d.Parts {
		parts[i] = storedPart(p)
	}
	d.Parts, d.Whole = parts, storedPart(d.Whole)
	if d.Perhaps != nil {
		p := storedPart(*d.Perhaps)
		d.Perhaps = &p
	}
	return d
}

func storedPart(p store.Part) store.Part {
	at := make([]time.Time, len(p.At))
	for i, x := range p.At {
		at[i] = x.UTC().Truncate(time.Millisecond)
	}
	p.At = at
	return p
}

// samples are documents at the edges of what may be stored.
func samples() map[string]store.Doc {
	bamako := time.FixedZone("", 3600)
	full := store.Doc{
		Text: "Ségou – « soudeur », ɛ ɔ ɲ ŋ Ɛ Ɔ Ɲ Ŋ", Number: math.MaxInt64, Small: math.MaxInt32, Real: math.MaxFloat64, Yes: true,
		At: time.Date(2031, 2, 3, 4, 5, 6, 789_999_999, bamako), Tags: []string{"", "a", "a"}, Bytes: []byte{0, 255, 1},
		Labels: map[string]string{"fr": "soudeur", "bm": "nɛgɛnumu"},
		Parts:  []store.Part{{}, {Name: "ߞߊ߬ߙߊ߲", At: []time.Time{{}, time.Unix(0, 0)}}}, Perhaps: &store.Part{Name: "عامل لحام"},
	}
	return map[string]store.Doc{
		"empty":       {},
		"full":        full,
		"least":       {Number: math.MinInt64, Small: math.MinInt32, Real: -math.MaxFloat64},
		"past float":  {Number: 1<<53 + 1, Small: math.MaxInt, Real: math.SmallestNonzeroFloat64},
		"nko":         {Text: "ߒߞߏ ߟߊ߫ ߖߊ߬ߡߊ߬ߣߊ ߡߊ߬ߟߌ", Tags: []string{"ߛߓߍߛߎ߲"}},
		"arabic":      {Text: "وزارة الماليين بالخارج — \u200f١٢٣", Tags: []string{"\u200f", "\u202e"}},
		"hostile":     {Text: "\x00\x01\"'\\</script>\u2028$where\n\r\t{\"$k\":1}", Tags: []string{"$set", "a.b"}},
		"combining":   {Text: "e\u0301 vs é, 👩🏾‍🏭, \U0010FFFF"},
		"long":        {Text: strings.Repeat("é", 1<<20)},
		"far past":    {At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)},
		"before 1970": {At: time.Date(1960, 9, 22, 0, 0, 0, 1_000_000, time.UTC)},
		"far future":  {At: time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC)},
	}
}

func TestRoundTrips(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		m := mirrorOf(docs)
		for name, d := range samples() {
			d.ID, d.Rev = "doc_"+name, math.MaxInt64
			given := must[store.Doc](t)(docs.Insert(t.Context(), d))
			read := must[store.Doc](t)(docs.Get(t.Context(), d.ID))
			if diff := cmp.Diff(stored(d, 1), read); diff != "" {
				t.Errorf("%s: read back otherwise:\n%s", name, diff)
			}
			if diff := cmp.Diff(given, read); diff != "" {
				t.Errorf("%s: insert gave another document:\n%s", name, diff)
			}
			// The same content once more, so that only seq differs.
			again := must[store.Doc](t)(docs.Replace(t.Context(), read))
			if diff := cmp.Diff(stored(d, 2), again); diff != "" {
				t.Errorf("%s: replaced otherwise:\n%s", name, diff)
			}
			if !read.At.IsZero() == d.At.IsZero() {
				t.Errorf("%s: zero time not kept", name)
			}
		}
		m.equals(t, docs)
	})
}

func TestAnyIDRoundTrips(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		for i, id := range []string{"email:é.ɛ@exemple.ml", "licence:ML:12/3", "a\"b", `a\b`, "a<b>&c", "\u2028", "ߒߞߏ", "$x.y", "' OR 1", strings.Repeat("x", 512)} {
			d := doc(id)
			d.Number = int64(i)
			must[store.Doc](t)(docs.Insert(t.Context(), d))
			_, err := docs.Insert(t.Context(), d)
			wantFault(t, err, fault.Conflict, "store.duplicate")
			got := must[store.Doc](t)(docs.Update(t.Context(), id, increment))
			if got.ID != id || got.Number != int64(i)+1 {
				t.Errorf("%q: got %q, %d", id, got.ID, got.Number)
			}
			if err := docs.Delete(t.Context(), id); err != nil {
				t.Errorf("%q: %v", id, err)
			}
		}
		_, err := docs.Insert(t.Context(), doc(strings.Repeat("x", 513)))
		wantFault(t, err, fault.Invalid, "store.id")
	})
}

// TestRefusedDocumentIsADefect: what the embedded engine refuses for its content
// is not answered as something to try again.
func TestRefusedDocumentIsADefect(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	docs := store.NewDocs(db)
	d := doc("doc_a")
	d.Real = math.Inf(1)
	_, err := docs.Insert(t.Context(), d)
	if err == nil || fault.Of(err) != nil {
		t.Errorf("got %v, want an error that is no fault", err)
	}
	_, err = docs.Get(t.Context(), "doc_a")
	wantFault(t, err, fault.NotFound, "store.not_found")
}

func TestTextMustBeUTF8(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		for name, d := range map[string]store.Doc{
			"text": {Text: "S\xe9gou"}, "element": {Tags: []string{"ok", "\xff"}}, "nested": {Parts: []store.Part{{Name: "\xc3"}}},
			"key": {Labels: map[string]string{"\xff": ""}},
		} {
			d.ID = "doc_" + name
			_, err := docs.Insert(t.Context(), d)
			wantFault(t, err, fault.Invalid, "store.text")
		}
		binary := doc("doc_bytes")
		binary.Bytes = []byte("\xff\xc3")
		must[store.Doc](t)(docs.Insert(t.Context(), binary))
	})
}

func TestTooLargeIsInvalid(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		d := doc("doc_a")
		d.Text = strings.Repeat("x", 16<<20)
		_, err := docs.Insert(t.Context(), d)
		wantFault(t, err, fault.Invalid, "store.too_large")
	})
}

func TestRandomDocumentsRoundTrip(t *testing.T) {
	on(t, func(t *testing.T, _ *store.DB, docs *store.Docs) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			d := drawDoc(r)
			d.ID = fmt.Sprintf("doc_%d", n)
			if _, err := docs.Insert(t.Context(), d); err != nil {
				r.Fatal(err)
			}
			got, err := docs.Get(t.Context(), d.ID)
			if err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(stored(d, 1), got); diff != "" {
				r.Fatal(diff)
			}
		})
	})
}

func drawDoc(r *rapid.T) store.Doc {
	at := rapid.Map(rapid.Int64Range(-1<<45, 1<<45), func(ms int64) time.Time { return time.UnixMilli(ms) })
	part := rapid.Custom(func(r *rapid.T) store.Part {
		return store.Part{Name: rapid.String().Draw(r, "name"), At: rapid.SliceOfN(at, 0, 3).Draw(r, "at")}
	})
	return store.Doc{
		Header: store.Header{Rev: rapid.Int64().Draw(r, "rev")},
		Text:   rapid.String().Draw(r, "text"),
		Number: rapid.Int64().Draw(r, "number"),
		Small:  rapid.Int().Draw(r, "small"),
		Yes:    rapid.Bool().Draw(r, "yes"),
		At:     at.Draw(r, "at"),
		Tags:   rapid.SliceOfN(rapid.String(), 0, 4).Draw(r, "tags"),
		Bytes:  rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(r, "bytes"),
		Labels: rapid.MapOfN(rapid.StringMatching(`[a-z][a-z-]{0,8}`), rapid.String(), 0, 3).Draw(r, "labels"),
		Parts:  rapid.SliceOfN(part, 0, 3).Draw(r, "parts"),
		Whole:  part.Draw(r, "whole"),
	}
}
