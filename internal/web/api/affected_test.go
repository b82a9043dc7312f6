package api_test

import (
	"testing"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// TestAffectedFilesOfAnAgencyAndAnEmployer lists what a suspension would touch.
func TestAffectedFilesOfAnAgencyAndAnEmployer(t *testing.T) {
	r := startRegisters(t)
	employer, bureau := r.newEmployer(t), string(agency.MakeID("agency1"))
	firm := employer[len("/employers/"):]
	terms := offer.Terms{Title: "Cueilleur", Occupation: "9211", Kind: ref.Seasonal, Country: "ES", Employer: firm, Places: 2}
	r.index.PutOffer(&offer.Offer{ID: "off_1", Rev: 1, Reference: "OFF-1", Agency: bureau, State: offer.Published,
		Current: offer.Version{Number: 1, Terms: terms}, Frozen: &offer.Snapshot{Version: 1, Terms: terms}})
	r.index.PutPlacement(&placement.Placement{ID: "pla_1", Rev: 1, Offer: "off_1", Agency: bureau, Employer: "emp_other", Candidate: "candidate1",
		Profile: "pro_1", Country: "ES", Occupation: "9211", Kind: ref.Seasonal, State: placement.InPost})
	for path, want := range map[string]float64{"/agencies/" + bureau: 2, employer: 1} {
		list := r.call(200, "GET", path+"/affected?limit=1", "official1", "")
		counts, _ := list["counts"].(map[string]any)
		if list["total"] != want || counts["offers"] != 1.0 || counts["people"] != want-1 {
			t.Errorf("%s: %v", path, list)
		}
		if got := r.call(200, "GET", path+"/affected?type=offer", "official1", ""); got["total"] != 1.0 {
			t.Errorf("%s, offers alone: %v", path, got)
		}
		for token, status := range map[string]int{"": 401, "agency1": 403, "candidate1": 403, "admin1": 403, "observer1": 403} {
			r.call(status, "GET", path+"/affected", token, "")
		}
		r.call(404, "GET", path+"/affected?act=unknown", "official1", "")
	}
	r.call(404, "GET", "/agencies/agy_none/affected", "official1", "")
	r.call(404, "GET", "/employers/emp_none/affected", "official1", "")
}
