package corridor

import (
	"testing"

	"passerelle/internal/domain/agreement"
)

// TestTenCorridorsAreComplete in both languages, and cite what is on record.
func TestTenCorridorsAreComplete(t *testing.T) {
	complete := map[Code]bool{}
	for _, code := range []Code{"ML-FR", "ML-ES", "ML-IT", "ML-MA", "ML-DZ", "ML-CI", "ML-SN", "ML-GA", "ML-SA", "ML-CA"} {
		complete[code] = true
	}
	for _, c := range Defaults() {
		if len(c.Checklist) != len(c.Documents) || len(c.Fees) == 0 {
			t.Errorf("%s: %d items, %d documents, %d fees", c.Code, len(c.Checklist), len(c.Documents), len(c.Fees))
		}
		for _, item := range Items() {
			if _, pays := c.WorkerPays(item); pays {
				t.Errorf("%s: the worker pays for %s", c.Code, item)
			}
		}
		if !complete[c.Code] {
			continue
		}
		delete(complete, c.Code)
		if len(c.Social) != len(Branches()) || len(c.Arrival) != len(Topics()) || len(c.Recognised) < len(healthWork()) {
			t.Errorf("%s: %d branches, %d services, %d recognitions", c.Code, len(c.Social), len(c.Arrival), len(c.Recognised))
		}
		for _, id := range c.Agreements {
			if _, ok := (seeded{}).Agreement(agreement.ID(id)); !ok {
				t.Errorf("%s cites %s, which is not on record", c.Code, id)
			}
		}
		texts := []Text{}
		for _, h := range c.Arrival {
			texts = append(texts, h.Text)
		}
		for _, r := range c.Recognised {
			texts = append(texts, r.Authority, r.Procedure)
		}
		for _, x := range c.Social {
			texts = append(texts, x.Note)
		}
		for _, x := range texts {
			if x.FR == "" || x.EN == "" {
				t.Errorf("%s: a wording is incomplete: %+v", c.Code, x)
			}
		}
	}
	if len(complete) != 0 {
		t.Errorf("not described: %v", complete)
	}
}
