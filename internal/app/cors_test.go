package app

import (
	"strings"
	"testing"
)

// TestWB06NoOtherSiteReadsUs asks as a script of another site would: no answer
// allows it, whatever the operation, and asking beforehand is refused.
func TestWB06NoOtherSiteReadsUs(t *testing.T) {
	h := readHouse(t)
	nobody, asked := h.as(t, ""), 0
	for _, o := range describe(t, h).operations() {
		path := strings.NewReplacer("{id}", "off_00000000000000000000000000", "{code}", "ML-ES").Replace(o.path)
		for _, method := range []string{"OPTIONS", o.method} {
			r := nobody.send(method, path, nil, "Origin", "https://other.example", "Access-Control-Request-Method", o.method, "Access-Control-Request-Headers", "authorization")
			asked++
			for name := range r.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s answers with %s", method, path, name)
				}
			}
			if method == "OPTIONS" && r.status < 400 {
				t.Errorf("OPTIONS %s: %d", path, r.status)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d requests", asked)
	}
}
