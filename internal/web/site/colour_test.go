package site

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"testing"
)

var colourForm = regexp.MustCompile(`--([a-z]+):#([0-9a-f]{6})`)

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestTextContrast: every pair of text and ground that the style uses keeps
// 7:1, so that it can be read in sunlight.
func TestTextContrast(t *testing.T) {
	data, err := fs.ReadFile(embedded, "static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]string{"white": "ffffff", "footer": "f3efe4", "link": "0b4d3f", "brown": "5a2f05", "demo": "4a2603"}
	for _, m := range colourForm.FindAllStringSubmatch(string(data), -1) {
		colours[m[1]] = m[2]
	}
	for _, pair := range [][2]string{
		{"ink", "paper"}, {"ink", "card"}, {"ink", "leaf"}, {"ink", "sand"}, {"ink", "pink"}, {"soft", "paper"}, {"soft", "card"}, {"soft", "leaf"},
		{"green", "paper"}, {"green", "card"}, {"green", "leaf"}, {"link", "paper"}, {"link", "card"}, {"clay", "paper"}, {"red", "paper"}, {"red", "card"}, {"red", "pink"},
		{"white", "green"}, {"white", "deep"}, {"footer", "green"}, {"brown", "sand"}, {"demo", "sand"},
	} {
		a, b := luminance(t, colours[pair[0]]), luminance(t, colours[pair[1]])
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 7 {
			t.Errorf("%s on %s: %.2f:1", pair[0], pair[1], ratio)
		}
	}
}
