package app

import (
	"strings"
	"testing"

	"passerelle/internal/domain/corridor"
)

// TestAD02RecordsAreWhatTheLogSays: sign-ins and changes leave records that
// agree with the log; then one member of one record is changed without an
// entry, and the verification names it. covers AD-02
func TestAD02RecordsAreWhatTheLogSays(t *testing.T) {
	h := openHouse(t)
	for _, who := range []string{"candidate", "official", "admin"} {
		h.as(t, who)
	}
	h.carried(t)
	report, err := h.VerifyAudit(t.Context(), nil)
	if err != nil || report.Tampered != "" || report.Records.Agreed == 0 {
		t.Fatalf("%+v %v", report, err)
	}
	_, err = h.stores.corridors.Update(t.Context(), "ML-ES", func(c *corridor.Corridor) error {
		c.UpdatedAt = c.UpdatedAt.AddDate(0, 0, 1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if report, err = h.VerifyAudit(t.Context(), nil); err != nil || !strings.HasPrefix(report.Tampered, "record ML-ES is not what was stored then") {
		t.Errorf("%+v %v", report, err)
	}
}
