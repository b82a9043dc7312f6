package site

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

const offeredURI = "otpauth://totp/Passerelle:chef%40example.ml?algorithm=SHA1&digits=6&issuer=Passerelle&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

// accountStories is every state of the pages about one's own account.
func accountStories(v *visit) []story {
	wrongCode := fault.New(fault.Unauthenticated, "auth.mfa.failed")
	tried, lost := v.newCodePage(hostile, "/travail"), v.newCodePage("ticket", "")
	v.correct(tried.Form, atField(wrongCode, "code"))
	v.correct(lost.Recovery, atField(wrongCode, "recovery"))
	lost.Lost = true
	enrolled := account.Factor{Secret: []byte{1}, Since: testNow, Recovery: [][]byte{{1}, {2}}}
	removing := v.newFactorPage(enrolled)
	v.correct(removing.Remove, fault.New(fault.Invalid, "auth.mfa.wrong", fault.Field{Pointer: "/code", Code: "auth.mfa.wrong"}))
	must := v.newFactorPage(account.Factor{})
	must.Must = true
	proof, forgot, reset := v.proofForm(hostile, true), v.forgotForm(url.Values{"login": {hostile}}), v.resetForm(url.Values{"demande": {hostile}, "code": {hostile}})
	v.correct(proof, fault.New(fault.Invalid, "auth.password.wrong", fault.Field{Pointer: "/password", Code: "auth.password.wrong"}))
	v.correct(forgot, atField(fault.New(fault.Invalid, "account.phone", fault.Field{Pointer: "/phone", Code: "account.phone"}), "login"))
	v.correct(reset, account.BadCode())
	mine := v.newAccountPage(&account.Account{Email: hostile, Phone: "+22376001122", Factor: enrolled}, []auth.SessionInfo{
		{ID: "ses_1", Label: hostile, CreatedAt: testNow, UsedAt: testNow, Current: true}, {ID: "ses_2", CreatedAt: testNow, UsedAt: testNow},
	})
	return append([]story{
		{"asked", "session/code", "", v.newCodePage("ticket", "/travail")}, {"wrong", "session/code", "", tried}, {"lost", "session/code", "", lost},
		{"must", "factor/show", account.Official, must}, {"none", "factor/show", account.Candidate, v.newFactorPage(account.Factor{})},
		{"enrolled", "factor/show", account.Admin, v.newFactorPage(enrolled)}, {"wrong", "factor/show", account.Admin, removing},
		{"password", "factor/prove", account.Agency, formPage{v.proofForm(hostile, false)}}, {"wrong", "factor/prove", account.Admin, formPage{proof}},
		{"full", "factor/recovery", account.Official, recoveryPage{Codes: []string{"abcd-efgh-jkmn-pqrs", hostile}, Next: "/travail"}},
		{"asked", "reset/new", "", formPage{v.forgotForm(nil)}}, {"wrong", "reset/new", "", formPage{forgot}},
		{"asked", "reset/edit", "", formPage{v.resetForm(nil)}}, {"wrong", "reset/edit", "", formPage{reset}},
		{"code", "session/password", account.Official, formPage{v.passwordForm(hostile, true)}},
		{"full", "account/show", account.Candidate, mine}, {"alone", "account/show", account.Observer, &accountPage{Phone: "+22376001122", Sessions: mine.Sessions[:1]}},
	}, enrolStories(v)...)
}

func enrolStories(v *visit) []story {
	var all []story
	for _, state := range []string{"offered", "wrong"} {
		page, err := v.newEnrolPage(offeredURI)
		if err != nil {
			panic(err)
		}
		if state == "wrong" {
			v.correct(page.Form, fault.New(fault.Invalid, "auth.mfa.wrong", fault.Field{Pointer: "/code", Code: "auth.mfa.wrong"}))
		}
		all = append(all, story{state, "factor/enrol", account.Official, page})
	}
	return all
}

func TestOfferedSecretIsShownThreeWays(t *testing.T) {
	s := bareSite(t)
	v, _ := bareVisit(s, "GET", factorPath, ref.French)
	page, err := v.newEnrolPage(offeredURI)
	if err != nil {
		t.Fatal(err)
	}
	doc := document(t, s, ref.French, "factor/enrol", screen{Frame: frame{Locale: ref.French}, Page: page})
	if got := doc.Find(".secret").Text(); got != "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP" {
		t.Errorf("secret %q", got)
	}
	if got := doc.Find(`a[href^="otpauth:"]`).AttrOr("href", ""); got != offeredURI {
		t.Errorf("link %q", got)
	}
	if doc.Find(".qr path").Length() != 1 || doc.Find(".qr[aria-label]").Length() != 1 {
		t.Error("the QR code is not one labelled path")
	}
	code := doc.Find("#code")
	if code.AttrOr("inputmode", "") != "numeric" || code.AttrOr("autocomplete", "") != "one-time-code" {
		t.Error("the field of the code is not one of digits")
	}
}

// TestOnlyOffersBecomeLinks: what comes back from the browser is a link only
// when it is what it was.
func TestOnlyOffersBecomeLinks(t *testing.T) {
	for _, uri := range []string{
		"", "javascript:alert(1)", "https://evil.test/?secret=JBSWY3DPEHPK3PXP", "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP",
		"otpauth://totp/a", "otpauth://totp/a?secret=%3Cb%3E", offeredURI + "&x=" + strings.Repeat("a", maxOffer), "otpauth://totp/%zz",
	} {
		if _, err := readOffer(uri); !hasCode(err, "auth.mfa.not_offered") {
			t.Errorf("%.60q: %v", uri, err)
		}
	}
	if secret, err := readOffer(offeredURI); err != nil || len(secret) != 32 {
		t.Errorf("%q %v", secret, err)
	}
}

// TestQRCodeIsDrawnWhole: the three corner marks, seven modules wide, stand
// inside the quiet zone, and what differs is drawn differently.
func TestQRCodeIsDrawnWhole(t *testing.T) {
	drawn, err := newQRCode(offeredURI)
	if err != nil {
		t.Fatal(err)
	}
	side := drawn.Size - 2*quietZone
	if side < 21 || (side-17)%4 != 0 {
		t.Errorf("%d modules a side", side)
	}
	at := func(x, y int) string { return fmt.Sprintf("M%d %dh7v1h-7z", x, y) }
	for _, mark := range []string{at(4, 4), at(4, 10), at(side-3, 4), at(side-3, 10), at(4, side-3), at(4, side+3)} {
		if !strings.Contains(drawn.Path, mark) {
			t.Errorf("no %s", mark)
		}
	}
	if other, err := newQRCode(offeredURI + "&a=b"); err != nil || other.Path == drawn.Path {
		t.Errorf("the drawing does not depend on the text: %v", err)
	}
	if _, err := newQRCode(strings.Repeat("a", 5000)); err == nil {
		t.Error("too long a text was drawn")
	}
}

func TestKindsOfResetCode(t *testing.T) {
	for typed, want := range map[string]auth.PasswordReset{
		" cod_1.abc ": {Token: "cod_1.abc"},
		"https://passerelle.example/mot-de-passe/nouveau#cod_1.abc": {Token: "cod_1.abc"},
		"123 456": {Request: "cod_9", Code: "123 456"}, "abcd-efgh-jkmn-pqrs": {Code: "abcd-efgh-jkmn-pqrs"}, "1234567": {Code: "1234567"}, "": {},
	} {
		if got := readReset(typed, "cod_9"); got != want {
			t.Errorf("%q: %+v", typed, got)
		}
	}
	if got := readReset("123456", ""); got != (auth.PasswordReset{Code: "123456"}) {
		t.Errorf("digits without a request: %+v", got)
	}
}

func TestDevicesHaveNames(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/mon-compte", ref.French)
	for label, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36":                  "Chrome, Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0":                                                 "Firefox, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile Safari/604.1": "Safari, iPhone",
		"curl/8.5": "curl/8.5", "": "Appareil inconnu",
	} {
		if got := v.device(label); got != want {
			t.Errorf("%q is called %q", label, got)
		}
	}
}

// TestWhoMustEnrolSeesNothingElse: every page for everybody leads on, too.
func TestWhoMustEnrolSeesNothingElse(t *testing.T) {
	s := bareSite(t)
	pages := 0
	for _, r := range s.routes() {
		if r.method != "GET" {
			continue
		}
		v, _ := bareVisit(s, "GET", r.path, ref.French)
		v.route, v.actor = r, account.Actor{Account: "acc_1", Role: account.Official, Session: "ses_1", Restricted: true, Enrol: true}
		kept := v.actor.Require(r.permission) == nil && !v.mustEnrolFirst()
		if want := r.path == factorPath || r.path == "/mot-de-passe"; kept != want {
			t.Errorf("%s stays: %v", r.path, kept)
		}
		v.actor.Restricted, v.actor.Enrol = false, false
		if pages++; v.mustEnrolFirst() {
			t.Errorf("%s leads away whoever owes nothing", r.path)
		}
	}
	if pages < 20 {
		t.Errorf("only %d pages", pages)
	}
}
