package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"passerelle/internal/web/api"
)

func TestSigningUpInAndOut(t *testing.T) {
	p := startPeople(t)
	body := fmt.Sprintf(`{"applicant":"candidate","email":"Awa@Example.ML","password":%q,"locale":"fr"}`, password)
	p.call(202, "POST", "/auth/register", "", body)
	p.call(401, "GET", "/me", "", "")
	pair := p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"email":"awa@example.ml","password":%q}`, password))
	if pair.keys() != "accessToken expiresIn refreshToken tokenType" || pair.text("tokenType") != "Bearer" || pair["expiresIn"] != float64(900) {
		t.Errorf("login answers %v", pair.keys())
	}
	me := p.call(200, "GET", "/me", pair.text("accessToken"), "")
	if me.text("email") != "awa@example.ml" || me.text("role") != "candidate" || me["passwordHash"] != nil || me["mustChangePassword"] != false {
		t.Errorf("me: %v", me)
	}
	next := p.call(200, "POST", "/auth/refresh", "", fmt.Sprintf(`{"refreshToken":%q}`, pair.text("refreshToken")))
	p.call(204, "POST", "/auth/logout", next.text("accessToken"), "")
	p.call(401, "GET", "/me", next.text("accessToken"), "")
	p.call(401, "POST", "/auth/refresh", "", fmt.Sprintf(`{"refreshToken":%q}`, next.text("refreshToken")))
}

// TestRegisterAU06: the answer tells nobody whether there is an account.
func TestRegisterAU06(t *testing.T) {
	p := startPeople(t)
	p.token("candidate1")
	known := p.send("POST", api.Base+"/auth/register", "", fmt.Sprintf(`{"applicant":"candidate","email":"candidate1@example.org","password":%q}`, "Trois-pirogues-vertes-58"))
	fresh := p.send("POST", api.Base+"/auth/register", "", fmt.Sprintf(`{"applicant":"agency","phone":"76 00 00 01","password":%q}`, "Trois-pirogues-vertes-58"))
	if known.status != fresh.status || known.body != fresh.body {
		t.Errorf("%d %s, but %d %s", known.status, known.body, fresh.status, fresh.body)
	}
	p.call(401, "POST", "/auth/login", "", `{"email":"candidate1@example.org","password":"Trois-pirogues-vertes-58"}`)
	p.call(200, "POST", "/auth/login", "", `{"phone":"+223 76 00 00 01","password":"Trois-pirogues-vertes-58"}`)
	wrong := p.send("POST", api.Base+"/auth/login", "", `{"email":"candidate1@example.org","password":"wrong-wrong-wrong"}`)
	nobody := p.send("POST", api.Base+"/auth/login", "", `{"email":"nobody@example.org","password":"wrong-wrong-wrong"}`)
	if wrong.status != 401 || wrong.problem(t).Code != nobody.problem(t).Code || wrong.problem(t).Detail != nobody.problem(t).Detail {
		t.Errorf("%s, but %s", wrong.body, nobody.body)
	}
}

func TestRegisterRefuses(t *testing.T) {
	p := startPeople(t)
	for body, want := range map[string]string{
		`{"applicant":"candidate","email":"a@b.ml","password":"short"}`:                                         "/password",
		`{"applicant":"official","email":"a@b.ml","password":"Balafon-ngoni-2741"}`:                             "/applicant",
		`{"applicant":"candidate","email":"a@b.ml","password":"Balafon-ngoni-2741","role":"admin"}`:             "/role unknown",
		`{"applicant":"candidate","password":"Balafon-ngoni-2741"}`:                                             "/email",
		`{"applicant":"candidate","email":"not one","password":"Balafon-ngoni-2741"}`:                           "/email",
		`{"applicant":"candidate","email":{"$ne":null},"password":"Balafon-ngoni-2741"}`:                        "/email type",
		`{"applicant":"candidate","email":"a@b.ml","password":"Balafon-ngoni-2741","agency":"agy_1"}`:           "/agency unknown",
		`{"applicant":"candidate","email":"a@b.ml","phone":"12","password":"Balafon-ngoni-2741","locale":"xx"}`: "/locale",
	} {
		if got := p.call(422, "POST", "/auth/register", "", body); !strings.Contains(got.codes(), want) {
			t.Errorf("%s: %s", body, got.codes())
		}
	}
	for _, body := range []string{`{"password":"x"}`, `{"email":"a@b.ml","phone":"76000001","password":"x"}`} {
		p.call(422, "POST", "/auth/login", "", body)
	}
}

func TestPasswordChangeAU13(t *testing.T) {
	p := startPeople(t)
	own := p.token("candidate1")
	other := p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"candidate1@example.org","password":%q}`, password))
	change := func(status int, current, next string) record {
		return p.call(status, "POST", "/auth/password/change", own, fmt.Sprintf(`{"currentPassword":%q,"newPassword":%q}`, current, next))
	}
	if got := change(422, "not-the-password", "Trois-pirogues-vertes-58"); !strings.Contains(got.codes(), "/currentPassword") {
		t.Errorf("wrong password: %s", got.codes())
	}
	if got := change(422, password, "password1234"); !strings.Contains(got.codes(), "/newPassword") {
		t.Errorf("a common password: %s", got.codes())
	}
	p.forward(time.Second)
	change(204, password, "Trois-pirogues-vertes-58")
	p.call(200, "GET", "/me", own, "")
	p.call(401, "GET", "/me", other.text("accessToken"), "")
	p.call(401, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"candidate1@example.org","password":%q}`, password))
}
