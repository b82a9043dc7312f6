package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"passerelle/internal/domain/account"
	"passerelle/internal/web/api"
)

const nextPassword = "Trois-pirogues-vertes-58"

func (p *people) pair(name string) record {
	p.t.Helper()
	p.token(name)
	return p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"%s@example.org","password":%q}`, name, password))
}

func refreshOf(pair record) string {
	return fmt.Sprintf(`{"refreshToken":%q}`, pair.text("refreshToken"))
}

func TestAU09AReusedRefreshTokenEndsTheSession(t *testing.T) {
	p := startPeople(t)
	first := p.pair("candidate1")
	second := p.call(200, "POST", "/auth/refresh", "", refreshOf(first))
	p.forward(time.Minute)
	third := p.call(200, "POST", "/auth/refresh", "", refreshOf(second))
	p.forward(time.Minute)
	if got := p.call(401, "POST", "/auth/refresh", "", refreshOf(first)); got.text("code") != "auth.refresh.reused" {
		t.Errorf("%v", got)
	}
	p.call(401, "POST", "/auth/refresh", "", refreshOf(third))
	for _, pair := range []record{first, second, third} {
		p.call(401, "GET", "/me", pair.text("accessToken"), "")
	}
}

// TestAU13SessionsEndAtOnce: after each change the next request is refused,
// without time passing.
func TestAU13SessionsEndAtOnce(t *testing.T) {
	p := startPeople(t)
	admin := p.token("admin1")
	for name, change := range map[string]func(id string, pair record){
		"disabled": func(id string, _ record) {
			p.call(200, "POST", "/users/"+id+"/disablings", admin, `{"reason":"fraud"}`)
		},
		"role": func(id string, _ record) {
			rev := p.call(200, "GET", "/users/"+id, admin, "")["rev"]
			p.call(200, "PATCH", "/users/"+id, admin, `{"role":"agency"}`, fmt.Sprintf(`If-Match: "v%v"`, rev))
		},
		"reset": func(id string, _ record) { p.call(200, "POST", "/users/"+id+"/resets", admin, "") },
		"signout": func(_ string, pair record) {
			p.call(204, "POST", "/me/sessions/revocations", pair.text("accessToken"), "")
		},
		"password": func(_ string, pair record) {
			other := p.call(200, "POST", "/auth/refresh", "", refreshOf(pair))
			p.call(204, "POST", "/auth/password/change", p.pair("password2").text("accessToken"), fmt.Sprintf(`{"currentPassword":%q,"newPassword":%q}`, password, nextPassword))
			p.call(200, "GET", "/me", other.text("accessToken"), "") // another account's
			p.call(204, "POST", "/auth/logout", other.text("accessToken"), "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			id := p.person(name)
			pair := p.pair(name)
			p.forward(time.Millisecond)
			p.call(200, "GET", "/me", pair.text("accessToken"), "")
			change(id, pair)
			p.call(401, "GET", "/me", pair.text("accessToken"), "")
			p.call(401, "POST", "/auth/refresh", "", refreshOf(pair))
		})
	}
}

// person opens a candidate's account whose tokens are found by that name.
func (p *people) person(name string) string {
	p.t.Helper()
	p.tokens[name] = "-" // signed in by pair
	p.tokens["password2"] = "-"
	id := account.ID(p.newID("acc_"))
	for owner, one := range map[account.ID]string{id: name, account.ID(p.newID("acc_")): "password2"} {
		a := &account.Account{ID: owner, Rev: 1, Email: one + "@example.org", PasswordHash: p.hash, Role: account.Candidate, Locale: "fr", State: account.Active}
		if err := p.accounts.Insert(p.t.Context(), a); err != nil && one != "password2" {
			p.t.Fatal(err)
		}
	}
	return string(id)
}

func TestAU06ForgottenPasswordsAnswerAlike(t *testing.T) {
	p := startPeople(t)
	p.token("candidate1")
	known := p.send("POST", api.Base+"/auth/password/forgot", "", `{"email":"candidate1@example.org"}`)
	nobody := p.send("POST", api.Base+"/auth/password/forgot", "", `{"email":"nobody@example.org"}`)
	if known.status != 202 || known.status != nobody.status || known.body != nobody.body {
		t.Errorf("%d %s, but %d %s", known.status, known.body, nobody.status, nobody.body)
	}
	token := p.sent("candidate1@example.org")
	body := fmt.Sprintf(`{"token":%q,"newPassword":%q}`, token, nextPassword)
	if got := p.call(422, "POST", "/auth/password/reset", "", fmt.Sprintf(`{"token":%q,"newPassword":"short"}`, token)); !strings.Contains(got.codes(), "/newPassword") {
		t.Errorf("%s", got.codes())
	}
	p.call(204, "POST", "/auth/password/reset", "", body)
	p.call(422, "POST", "/auth/password/reset", "", body)
	p.call(401, "GET", "/me", p.tokens["candidate1"], "")
	p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"candidate1@example.org","password":%q}`, nextPassword))
	for _, wrong := range []string{`{}`, `{"newPassword":"Trois-pirogues-vertes-58"}`, `{"code":"1","newPassword":"Trois-pirogues-vertes-58","role":"admin"}`} {
		p.call(422, "POST", "/auth/password/reset", "", wrong)
	}
}

func TestAU15PhoneAccountsResetBySMS(t *testing.T) {
	p := startPeople(t)
	p.call(202, "POST", "/auth/register", "", fmt.Sprintf(`{"applicant":"candidate","phone":"76 00 00 07","password":%q}`, password))
	asked := p.call(202, "POST", "/auth/password/forgot", "", `{"phone":"76000007"}`)
	reset := func(status int, request, code string) record {
		return p.call(status, "POST", "/auth/password/reset", "", fmt.Sprintf(`{"requestId":%q,"code":%q,"newPassword":%q}`, request, code, nextPassword))
	}
	code := p.sent("+22376000007")
	reset(422, "cod_0", code)
	reset(204, asked.text("requestId"), code)
	reset(422, asked.text("requestId"), code)
	p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"phone":"76000007","password":%q}`, nextPassword))
}

func TestResetInPersonOverHTTP(t *testing.T) {
	p := startPeople(t)
	p.token("candidate1")
	p.token("official2")
	for _, role := range []string{"candidate2", "agency1", "observer1"} {
		p.as(403, role, "POST", "/users/reset-codes", `{"login":"candidate1@example.org","reason":"other"}`)
	}
	p.as(403, "official1", "POST", "/users/reset-codes", `{"login":"official2@example.org","reason":"other"}`)
	p.as(404, "official1", "POST", "/users/reset-codes", `{"login":"nobody@example.org","reason":"other"}`)
	p.as(422, "official1", "POST", "/users/reset-codes", `{"login":"candidate1@example.org","reason":"because"}`)
	paper := p.as(201, "official1", "POST", "/users/reset-codes", `{"login":"candidate1@example.org","reason":"no_email"}`)
	p.forward(time.Second)
	p.call(204, "POST", "/auth/password/reset", "", fmt.Sprintf(`{"code":%q,"newPassword":%q}`, strings.ToUpper(paper.text("code")), nextPassword))
	p.call(401, "GET", "/me", p.tokens["candidate1"], "")
}

func TestAU16SecondFactorOverHTTP(t *testing.T) {
	p := startPeople(t)
	own := p.token("official1")
	offer := p.call(200, "POST", "/auth/mfa/enrol", own, "")
	now := func() string {
		code, err := totp.GenerateCode(offer.text("secret"), p.now())
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	got := p.call(200, "POST", "/auth/mfa/confirm", own, fmt.Sprintf(`{"code":%q}`, now()))
	if codes, _ := got["recoveryCodes"].([]any); len(codes) != 10 {
		t.Errorf("%v", got)
	}
	if me := p.call(200, "GET", "/me", own, ""); me["secondFactor"] != true {
		t.Errorf("%v", me)
	}
	p.forward(time.Minute)
	asked := p.call(401, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"official1@example.org","password":%q}`, password))
	if asked.text("code") != "auth.mfa.required" || asked.text("ticket") == "" {
		t.Fatalf("%v", asked)
	}
	for body, status := range map[string]int{
		`{"ticket":%q}`: 422, `{"ticket":%q,"code":"000000"}`: 401, `{"ticket":%q,"code":"000000","password":"x"}`: 422, `{"ticket":"x%s","code":"000000"}`: 401,
	} {
		p.call(status, "POST", "/auth/login", "", fmt.Sprintf(body, asked.text("ticket")))
	}
	body := fmt.Sprintf(`{"ticket":%q,"code":%q}`, asked.text("ticket"), now())
	pair := p.call(200, "POST", "/auth/login", "", body)
	p.call(401, "POST", "/auth/login", "", body) // a code counts once
	p.forward(11 * time.Minute)
	if got := p.call(403, "POST", "/auth/mfa/enrol", pair.text("accessToken"), ""); got.text("code") != "auth.reauthenticate" {
		t.Errorf("%v", got)
	}
	p.call(204, "POST", "/auth/reauthentication", pair.text("accessToken"), fmt.Sprintf(`{"password":%q,"code":%q}`, password, now()))
	p.call(200, "POST", "/auth/mfa/enrol", pair.text("accessToken"), "")
	id := p.call(200, "GET", "/me", pair.text("accessToken"), "").text("id")
	if got := p.as(200, "admin1", "POST", "/users/"+id+"/factor-removals", `{"reason":"lost"}`); got["secondFactor"] != false {
		t.Errorf("%v", got)
	}
	p.as(409, "admin1", "POST", "/users/"+id+"/factor-removals", "")
	p.call(401, "GET", "/me", pair.text("accessToken"), "")
}

func TestAU18SessionsOverHTTP(t *testing.T) {
	p := startPeople(t)
	one := p.pair("candidate1")
	p.forward(time.Second)
	two := p.pair("candidate1")
	list := p.call(200, "GET", "/me/sessions", two.text("accessToken"), "")
	items := list.items("items")
	if list["total"] != float64(3) || items[0]["current"] != true {
		t.Fatalf("%v", list)
	}
	for _, item := range items[1:] {
		path := "/me/sessions/" + item.text("id")
		p.as(404, "candidate2", "DELETE", path, "")
		p.call(204, "DELETE", path, two.text("accessToken"), "")
	}
	p.call(401, "GET", "/me", one.text("accessToken"), "")
	three := p.pair("candidate1")
	p.call(204, "POST", "/me/sessions/revocations", two.text("accessToken"), `{"keepCurrent":true}`)
	p.call(200, "GET", "/me", two.text("accessToken"), "")
	p.call(401, "GET", "/me", three.text("accessToken"), "")
}

func TestAU17IdentifiersOverHTTP(t *testing.T) {
	p := startPeople(t)
	own := p.token("candidate1")
	asked := p.call(202, "POST", "/me/identifiers", own, `{"phone":"76 00 00 09"}`)
	p.call(204, "POST", "/me/identifiers/confirmations", own, fmt.Sprintf(`{"requestId":%q,"code":%q}`, asked.text("requestId"), p.sent("+22376000009")))
	if me := p.call(200, "GET", "/me", own, ""); me.text("phone") != "+22376000009" || me["phoneVerified"] != true || me["emailVerified"] != false {
		t.Errorf("%v", me)
	}
	p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"phone":"76000009","password":%q}`, password))
	p.forward(11 * time.Minute)
	p.call(403, "POST", "/me/identifiers", own, `{"email":"new@example.org"}`)
	for _, body := range []string{`{}`, `{"email":"a@b.ml","phone":"76000009"}`, `{"email":"x"}`, `{"phone":"1"}`} {
		p.call(422, "POST", "/me/identifiers", own, body)
	}
}

// TestUsersAZ07 goes through what administrators do with accounts.
//
// covers AZ-07
func TestUsersAZ07(t *testing.T) {
	p := startPeople(t)
	made := p.as(201, "admin1", "POST", "/users", `{"email":"agent@example.ml","role":"official","institution":"anpe"}`)
	if made.text("password") == "" || made.text("role") != "official" || made["temporaryUntil"] == nil {
		t.Fatalf("%v", made)
	}
	p.as(409, "admin1", "POST", "/users", `{"email":"agent@example.ml","role":"official","institution":"anpe"}`)
	p.as(422, "admin1", "POST", "/users", `{"email":"b@example.ml","role":"official"}`)
	p.as(422, "admin1", "POST", "/users", `{"email":"b@example.ml","role":"system"}`)
	path := "/users/" + made.text("id")
	p.as(404, "admin1", "GET", "/users/acc_none", "")
	p.as(412, "admin1", "PATCH", path, `{"collector":true}`, `If-Match: "v99"`)
	p.as(428, "admin1", "PATCH", path, `{"collector":true}`)
	p.as(409, "admin1", "POST", path+"/disablings", "")
	if got := p.as(403, "admin1", "POST", path+"/confirmations", `{"rev":1}`); got.text("code") != "four_eyes.same" {
		t.Errorf("%v", got)
	}
	p.as(422, "admin2", "POST", path+"/confirmations", `{}`)
	p.as(412, "admin2", "POST", path+"/confirmations", `{"rev":9}`)
	if got := p.as(200, "admin2", "POST", path+"/confirmations", `{"rev":1}`); got.text("state") != "active" || got["proposal"] != nil {
		t.Errorf("%v", got)
	}
	p.as(409, "admin2", "POST", path+"/confirmations", `{"rev":2}`)
	changed := p.as(200, "admin1", "PATCH", path, `{"collector":true,"institution":"mission"}`, `If-Match: "v2"`)
	if proposal, _ := changed["proposal"].(map[string]any); changed["collector"] != false || proposal["institution"] != "mission" || changed["rev"] != float64(3) {
		t.Errorf("%v", changed)
	}
	p.as(200, "admin2", "POST", path+"/rejections", `{"reason":"not needed"}`)
	p.as(409, "admin2", "POST", path+"/rejections", "")
	p.as(422, "admin1", "PATCH", path, `{"role":"candidate"}`, `If-Match: "v4"`)
	p.as(200, "admin1", "POST", path+"/disablings", "")
	p.as(409, "admin1", "POST", path+"/disablings", "")
	p.as(200, "admin1", "POST", path+"/enablings", "")
	if found := p.as(200, "admin1", "GET", "/users?q=agent&role=official&state=active", ""); found["total"] != float64(1) {
		t.Errorf("%v", found)
	}
	reset := p.as(200, "admin1", "POST", path+"/resets", "")
	if reset.text("password") == "" || reset.text("password") == made.text("password") {
		t.Errorf("%v", reset)
	}
	pair := p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"login":"agent@example.ml","password":%q}`, reset.text("password")))
	if got := p.call(403, "GET", "/me/sessions", pair.text("accessToken"), ""); got.text("code") != "auth.password.temporary" {
		t.Errorf("%v", got)
	}
	own := p.as(200, "admin1", "GET", "/me", "").text("id")
	p.as(403, "admin1", "POST", "/users/"+own+"/disablings", "")
}

func TestAU11KeysOverHTTP(t *testing.T) {
	p := startPeople(t)
	before := p.token("admin1")
	if got := p.as(201, "admin1", "POST", "/keys/login/rotations", ""); got.text("kid") != "login-2" {
		t.Errorf("%v", got)
	}
	p.call(200, "GET", "/me", before, "")
	p.as(404, "admin1", "POST", "/keys/none/rotations", "")
	list := p.as(200, "admin1", "GET", "/keys", "")
	for _, k := range list.items("items") {
		if len(k) > 6 || k["wrapped"] != nil || k.text("kid") == "login-1" && k.text("state") != "retiring" {
			t.Errorf("%v", k)
		}
	}
	p.as(403, "official1", "GET", "/keys", "")
}
