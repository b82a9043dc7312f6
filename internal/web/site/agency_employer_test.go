package site

import (
	"net/url"

	"passerelle/internal/domain/fault"
)

// storiedEmployer is the form of an employer whose name sounds like another's.
func (v *visit) storiedEmployer() declarePage {
	page := declarePage{Form: v.declareForm(url.Values{"name": {hostile}}), Alike: []alikeLine{{Name: hostile, Place: hostile, State: "accredited", List: "state.employer", Percent: 90}}}
	page.Form.Ways = []way{{Value: declaredAnyway, Label: v.t("employer.none_of_these")}}
	v.correct(page.Form, fault.New(fault.Conflict, "employer.alike"))
	return page
}
