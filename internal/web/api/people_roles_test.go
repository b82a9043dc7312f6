package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/web/locale"
)

// TestAZ02EveryRoleOnEveryRouteOfPeople sends each role to each operation:
// without an account 401, with a role the table does not name 403, and
// otherwise neither.
func TestAZ02EveryRoleOnEveryRouteOfPeople(t *testing.T) {
	p := startPeople(t)
	routes := 0
	for _, route := range p.api.Routes() {
		if !strings.HasPrefix(route.Path, "/api/v1/") || route.ID == "logout" || route.ID == "endSessions" { // it would end the session of the rest
			continue
		}
		routes++
		for _, role := range append(account.Roles(), account.Anonymous) {
			p.tryRoute(route.Method, route.Path, account.RuleOf(account.Permission(route.Permission)), role)
		}
	}
	if routes < 49 {
		t.Errorf("%d routes were tried, want at least 49", routes)
	}
	load(t, p.api.Document())
}

// tryRoute sends one role to one operation.
func (p *people) tryRoute(method, path string, rule account.Rule, role account.Role) {
	p.t.Helper()
	name, want := "", 0
	if role != account.Anonymous {
		name = string(role) + "1"
	}
	switch {
	case rule.Public || slices.Contains(rule.Roles, role):
	case role == account.Anonymous:
		want = 401
	default:
		want = 403
	}
	body := map[bool]string{true: "{}"}[method != http.MethodGet]
	got := p.send(method, strings.Replace(path, "{id}", "pro_00000000000000000000000000", 1), p.token(name), body)
	refused := got.status == 401 || got.status == 403
	// Having the role is not enough to enter another person's profile, nor to
	// sign in or refresh with nothing.
	if strings.Contains(got.body, `"code":"profile.collector"`) {
		refused = false
	}
	if want != 0 && got.status != want || want == 0 && (refused || got.status >= 500) {
		p.t.Errorf("%s %s as %q: %d %s", method, path, role, got.status, got.body)
	}
}

// TestEveryProblemOfPeopleHasItsText looks for a message of its own for each
// code that these services answer with.
func TestEveryProblemOfPeopleHasItsText(t *testing.T) {
	texts, err := locale.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields(`problem.stale problem.transition problem.cursor problem.agency.not_active problem.offer.not_open problem.offer.full
 problem.offer.not_found problem.auth.login.failed problem.auth.throttled problem.auth.register.invalid problem.auth.password.policy
 problem.auth.password.wrong problem.auth.password.temporary problem.profile.invalid problem.profile.exists problem.profile.not_found
 problem.profile.collector problem.application.invalid problem.application.exists problem.application.profile_required
 problem.application.not_matched problem.application.no_account problem.application.not_found problem.match.not_found
 problem.match.unpublished field.account.email field.account.phone field.account.identifier.required field.auth.password.common
 field.auth.password.wrong field.auth.password.same field.profile.age field.profile.sex field.profile.nina field.profile.region.country
 field.profile.education.field field.profile.education.year field.profile.months field.profile.spell.purpose
 field.profile.recognition.occupation field.profile.purpose field.profile.consent.version field.profile.consent.required
 field.application.interview.date field.date.order field.date.future field.number.range field.reason.unknown field.text.forbidden
 field.required field.repeated field.too_long field.too_many field.ref.date field.ref.month field.ref.country field.ref.region
 field.ref.occupation field.ref.language field.ref.level field.ref.skill field.ref.licence field.ref.kind field.ref.education
 field.ref.amount field.ref.rate`) {
		if !texts.Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
}
