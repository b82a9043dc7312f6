package account_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

func TestParseEmail(t *testing.T) {
	label := strings.Repeat("a", 63)
	for in, want := range map[string]string{
		"Awa.Traore@Example.ML": "awa.traore@example.ml", "  a@b.ml\n": "a@b.ml", "a.b.c@gmail.com": "a.b.c@gmail.com", "a+tag@b.ml": "a+tag@b.ml",
		"o'brien_x@sub.example-1.co": "o'brien_x@sub.example-1.co", "a@xn--caf-dma.fr": "a@xn--caf-dma.fr", strings.Repeat("l", 64) + "@b.ml": strings.Repeat("l", 64) + "@b.ml",
		"": "", "a": "", "@b.ml": "", "a@": "", "a@b": "", "a@b@c.ml": "", ".a@b.ml": "", "a.@b.ml": "", "a..b@b.ml": "", "a b@c.ml": "", "a@b..ml": "", "a@-b.ml": "",
		"a@b-.ml": "", "a@b.1": "", "a@1.2.3.4": "", "a@[1.2.3.4]": "", "é@b.ml": "", "a@é.ml": "", "a\x00@b.ml": "", "a@b.ml\r\nBcc:x@y.z": "", "\"a b\"@c.ml": "",
		"a\u200b@b.ml": "", "<a@b.ml>": "", "a@b.ml,c@d.ml": "", strings.Repeat("l", 65) + "@b.ml": "", "a@" + label + "a.ml": "",
		"a@" + strings.Repeat(label+".", 4) + "ml": "",
	} {
		got, err := account.ParseEmail(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q %v, want %q", in, got, err, want)
		}
		if err != nil {
			wantCode(t, err, fault.Invalid, "account.email")
		}
	}
}

func TestNormalFormIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zA-Z0-9.+_]{1,20}@[a-zA-Z0-9.-]{1,20}\.[a-zA-Z]{1,4}`)).Draw(t, "in")
		once, err := account.ParseEmail(in)
		if err != nil {
			return
		}
		if twice, err := account.ParseEmail(once); err != nil || twice != once {
			t.Fatalf("%q, then %q %v", once, twice, err)
		}
		if upper, err := account.ParseEmail(strings.ToUpper(once)); err != nil || upper != once {
			t.Fatalf("%q in capitals gives %q %v", once, upper, err)
		}
	})
}

func TestLoginsAndKeys(t *testing.T) {
	a := account.Account{Email: "a@b.ml", Phone: "+22376123456"}
	var keys []string
	for _, id := range a.Logins() {
		keys = append(keys, id.Key())
	}
	if got := strings.Join(keys, " "); got != "email:a@b.ml phone:+22376123456" {
		t.Error(got)
	}
	if none := (&account.Account{}).Logins(); len(none) != 0 || !(account.Identifier{}).IsZero() {
		t.Error(none)
	}
	for s, want := range map[string]bool{"+22376123456": true, "+1234567": false, "+12345678": true, "+1234567890123456": false, "22376123456": false, "+02376123456": false, "+2237612345a": false, "": false} {
		if account.IsE164(s) != want {
			t.Errorf("%q: want %v", s, want)
		}
	}
}
