package collect

import (
	"strings"
	"testing"
)

func TestPlainText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":            {"Soudeur TIG, 35 h", "Soudeur TIG, 35 h"},
		"paragraphs":       {"<p>Un</p>\n<p>&nbsp;</p><p>Deux</p>", "Un\n\nDeux"},
		"escaped twice":    {"&lt;p&gt;Fish &amp;amp; chips&lt;br /&gt;daily&lt;/p&gt;", "Fish & chips\ndaily"},
		"escaped thrice":   {"&amp;lt;p&amp;gt;Un&amp;lt;/p&amp;gt;", "Un"},
		"lists":            {"<p>Tâches :</p><ul><li>porter</li><li>trier</li></ul><p>Fin</p>", "Tâches :\n\n- porter\n- trier\n\nFin"},
		"script":           {"a<script>alert(1)</script>b<style>p{}</style>c", "abc"},
		"escaped script":   {"&lt;p&gt;a&lt;script&gt;alert(1)&lt;/script&gt;b&lt;/p&gt;", "ab"},
		"event handler":    {`<img src=x onerror="alert(1)">vu`, "vu"},
		"less than":        {"moins de &lt; 5 ans & plus", "moins de < 5 ans & plus"},
		"address in angle": {"écrire à <aminata@exemple.ml> merci", "écrire à <aminata@exemple.ml> merci"},
		"unclosed":         {"<ul><li>un<li>deux", "- un\n- deux"},
		"inline":           {"<strong>Poste</strong> fixe<em>.</em>", "Poste fixe."},
		"office":           {"<p>Avant<o:p></o:p></p>", "Avant"},
		"bidi":             {"pay\u202eroll", "payroll"},
		"table":            {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
	} {
		if got := PlainText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// FuzzPlainText holds that no tag of ours survives and that nothing panics.
func FuzzPlainText(f *testing.F) {
	f.Add("<p>a</p>")
	f.Add("&lt;script&gt;alert(1)&lt;/script&gt;")
	f.Fuzz(func(t *testing.T, s string) {
		out := PlainText(s)
		if strings.ContainsAny(out, "\r\x00\u202e") {
			t.Errorf("control characters in %q", out)
		}
		if strings.Contains(out, "\n\n\n") || out != strings.TrimSpace(out) {
			t.Errorf("untidy %q", out)
		}
	})
}
