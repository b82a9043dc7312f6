package site

import (
	"net/url"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
)

// addAct asks for the legal act under which something is closed or opened.
func (v *visit) addAct(f *form) {
	f.add(field{Name: "act", Label: v.t("work.act"), Hint: v.t("work.act.hint"), Max: 120, Fill: "off", Required: true})
	f.add(field{Name: "evidence", Label: v.t("work.evidence"), Hint: v.t("work.evidence.hint"), Kind: "area", Rows: 3, Max: 2000, Required: true})
}

// actTyped reads the answers to addAct.
func actTyped(in url.Values) corridor.LegalAct {
	return corridor.LegalAct{Number: in.Get("act"), Evidence: in.Get("evidence")}
}

// agencyReopeningForm asks for the act that ends an agency's suspension.
func (v *visit) agencyReopeningForm(at string, values url.Values) *form {
	f := newForm(at+"/reouvertures", v.t("work.reopen"), values)
	v.addAct(f)
	f.add(field{Name: "note", Label: v.t("work.note"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

// employerReopeningForm asks for the act that ends a bar.
func (v *visit) employerReopeningForm(at string, values url.Values) *form {
	f := newForm(at+"/reouvertures", v.t("employer.reopen"), values)
	v.addAct(f)
	return f
}

// proposedAct fills in the act that one official proposed: a second one agrees
// to the same act, and another number would be a new proposal.
func proposedAct(e *employer.Employer) url.Values {
	d, ok := e.Proposed()
	if !ok {
		return nil
	}
	return url.Values{"act": {d.Act}, "evidence": {d.Evidence}}
}
