package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/web/locale"
)

// TestAZ02EveryRoleOnEveryRegisterRoute sends each role to each operation:
// without an account 401, with a role the table does not name 403, and
// otherwise neither.
func TestAZ02EveryRoleOnEveryRegisterRoute(t *testing.T) {
	r := startRegisters(t)
	routes := 0
	for _, route := range r.api.Routes() {
		if !strings.HasPrefix(route.Path, "/api/v1/") {
			continue
		}
		routes++
		rule := account.RuleOf(account.Permission(route.Permission))
		path := strings.NewReplacer("{id}", "agy_00000000000000000000000000", "{code}", "ML-ZW").Replace(route.Path)
		body := map[bool]string{true: "{}"}[route.Method != http.MethodGet]
		for _, role := range append(account.Roles(), account.Anonymous) {
			token := ""
			if role != account.Anonymous {
				token = string(role) + "1"
			}
			got := r.send(route.Method, path, token, body).status
			want := 0
			switch {
			case rule.Public || slices.Contains(rule.Roles, role):
			case role == account.Anonymous:
				want = 401
			default:
				want = 403
			}
			if want != 0 && got != want || want == 0 && (got == 401 || got == 403 || got >= 500) {
				t.Errorf("%s %s as %q: %d", route.Method, path, role, got)
			}
		}
	}
	if routes < 32 {
		t.Errorf("%d routes were tried, want at least 32", routes)
	}
	load(t, r.api.Document())
}

// TestEveryProblemOfTheRegistersHasItsText looks for a message of its own for
// each code that these services answer with.
func TestEveryProblemOfTheRegistersHasItsText(t *testing.T) {
	texts, err := locale.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields(`problem.stale problem.transition problem.four_eyes.own problem.four_eyes.same problem.account.not_found
 problem.agency.exists problem.agency.required problem.agency.withdrawn problem.agency.invalid problem.agency.licence.taken
 problem.agency.licence.expired problem.agency.facts.locked problem.employer.invalid problem.employer.registration.taken
 problem.employer.facts.locked problem.corridor.invalid problem.corridor.exists problem.corridor.not_suspended problem.corridor.act.used
 problem.corridor.suspensions.full field.account.email field.account.phone field.agency.kind field.agency.licence.form
 field.employer.registration.form field.corridor.floor field.corridor.hours field.corridor.source.required field.date.order
 field.reason.unknown field.text.forbidden field.required field.too_short field.too_long field.too_many field.unique field.url
 field.country field.date field.kind field.occupation field.amount field.sector`) {
		if !texts.Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
}
