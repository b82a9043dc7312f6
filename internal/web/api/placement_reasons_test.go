package api

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/placement"
)

// TestListsAreTheDomains keeps the lists in the tags equal to the
// closed lists of the domain.
func TestListsAreTheDomains(t *testing.T) {
	states := make([]string, 0, 16)
	for _, s := range placement.States() {
		states = append(states, string(s))
	}
	for name, c := range map[string]struct {
		in   any
		path []string
		want []string
	}{
		"refuse an agency":   {refuseAgency{}, []string{"Body", "Reason"}, agency.Reasons(agency.ActRefuse)},
		"suspend an agency":  {suspendAgency{}, []string{"Body", "Reason"}, agency.Reasons(agency.ActSuspend)},
		"refuse an employer": {refuseEmployer{}, []string{"Body", "Reason"}, employer.Reasons(employer.ActRefuse)},
		"bar an employer":    {barEmployer{}, []string{"Body", "Reason"}, employer.Reasons(employer.ActBar)},
		"decline":            {declineContract{}, []string{"Body", "Reason"}, placement.Reasons(placement.ActDecline)},
		"return":             {returnPlacement{}, []string{"Body", "Reason"}, placement.Reasons(placement.ActReturn)},
		"refuse":             {refusePlacement{}, []string{"Body", "Reason"}, placement.Reasons(placement.ActRefuse)},
		"revoke":             {revokePlacement{}, []string{"Body", "Reason"}, placement.Reasons(placement.ActRevoke)},
		"cancel":             {cancelPlacement{}, []string{"Body", "Reason"}, placement.Reasons(placement.ActCancel)},
		"read":               {readDocument{}, []string{"Body", "Reason"}, placement.Reasons("read_document")},
		"cost":               {addCost{}, []string{"Body", "Category"}, placement.CostCategories()},
		"payer":              {addCost{}, []string{"Body", "PaidBy"}, textsOf(placement.Payers())},
		"state":              {listPlacements{}, []string{"State"}, states},
	} {
		if got := choices(t, reflect.TypeOf(c.in), c.path); !slices.Equal(got, c.want) {
			t.Errorf("%s: the tag says %v, the domain %v", name, got, c.want)
		}
	}
}

// choices gives the values of a field's oneof rule.
func choices(t *testing.T, in reflect.Type, path []string) []string {
	t.Helper()
	var field reflect.StructField
	for _, name := range path {
		if in.Kind() == reflect.Pointer {
			in = in.Elem()
		}
		found, ok := in.FieldByName(name)
		if !ok {
			t.Fatalf("no field %s in %s", name, in)
		}
		field, in = found, found.Type
	}
	for _, rule := range strings.Split(field.Tag.Get("validate"), ",") {
		if list, ok := strings.CutPrefix(rule, "oneof="); ok {
			return strings.Fields(list)
		}
	}
	return nil
}
