package agreement

import (
	"strings"
	"testing"
)

func TestDefaultsAreSound(t *testing.T) {
	seen := map[ID]bool{}
	for _, d := range Defaults() {
		if err := d.Check(); err != nil || seen[d.ID] || !strings.HasPrefix(string(d.ID), "agr_") || len(d.ID) > 64 {
			t.Errorf("%s: %v", d.ID, err)
		}
		if seen[d.ID] = true; d.Title.EN == "" || d.Confirmed != (d.Source != "") {
			t.Errorf("%s: title %+v, source %q, confirmed %t", d.ID, d.Title, d.Source, d.Confirmed)
		}
		for _, c := range d.Clauses {
			if c.Topic.EN == "" || c.Summary.EN == "" {
				t.Errorf("%s: %+v is not worded in English", d.ID, c)
			}
		}
	}
	a := Agreement{Facts: franceSocialSecurity().Facts}
	if a.InForce("1983-05-31") || !a.InForce("1983-06-01") {
		t.Error("in force on the wrong day")
	}
	if a.ExpiresOn = "2030-01-01"; !a.InForce("2030-01-01") || a.InForce("2030-01-02") {
		t.Error("ends on the wrong day")
	}
}
