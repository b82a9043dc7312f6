package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/text"
)

// TestCellsCarryNoFormula: whatever begins as a formula does is shown as text,
// and nothing else is touched. covers IN-06
func TestCellsCarryNoFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\x00=1": "'\x00=1", "＝1": "'＝1", " =1": "' =1", "\u00a0=1": "'\u00a0=1",
		"": "", "Soudeur": "Soudeur", "a=1": "a=1", "Aïssata": "Aïssata", "'=1": "'=1",
	} {
		if got := text.Cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "cell")
		got := text.Cell(in)
		if got != in && got != "'"+in || strings.HasPrefix(got, "=") || strings.HasPrefix(got, "@") {
			t.Fatalf("%q became %q", in, got)
		}
	})
}
