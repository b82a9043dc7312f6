package site

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// TestKeptFormsRunOutAndMakeRoom: what is kept has an end, and a bound.
func TestKeptFormsRunOutAndMakeRoom(t *testing.T) {
	now := testNow
	k := newKeptForms(func() time.Time { return now })
	first := k.put(keptForm{size: keptTotal / 2})
	now = now.Add(time.Minute)
	second := k.put(keptForm{size: keptTotal / 2})
	if _, ok := k.get(first); !ok {
		t.Error("the first form is gone while there is room")
	}
	third := k.put(keptForm{size: 1})
	if _, ok := k.get(first); ok {
		t.Error("the oldest form did not make room")
	}
	now = now.Add(keptFor)
	for _, name := range []string{second, third, "unknown"} {
		if _, ok := k.get(name); ok {
			t.Errorf("%s is kept too long", name)
		}
	}
	k.put(keptForm{})
	if len(k.all) != 1 {
		t.Errorf("%d forms are kept", len(k.all))
	}
}

// TestKeptFormsAreOnesOwn: a form is kept only with a genuine mark, without
// secrets, and recalled by the account it was made for on its own page.
func TestKeptFormsAreOnesOwn(t *testing.T) {
	s := bareSite(t)
	typed := func(token string) *visit {
		v := post(s, url.Values{tokenField: {token}, "summary": {hostile}, "currentPassword": {"x"}, "code": {"1"}}, nothing)
		v.gin.Request.URL.Path = profilePath + "/presentation"
		v.route.method = "POST"
		return v
	}
	for _, token := range []string{"", "a", "a.b", "a.b.c", s.sign("session", "ses_1")} {
		if typed(token).keepForm() {
			t.Errorf("a form with the token %q was kept", token)
		}
	}
	if !typed("ended."+s.mark("acc_1")).keepForm() || len(s.kept.all) != 1 {
		t.Fatal("a form of one's own is not kept")
	}
	for name, f := range s.kept.all {
		if f.values.Has(tokenField) || f.values.Has("currentPassword") || f.values.Has("code") || f.values.Get("summary") != hostile {
			t.Errorf("kept: %v", f.values)
		}
		for who, want := range map[account.ID]bool{"acc_1": true, "acc_2": false, "": false} {
			for path, here := range map[string]bool{f.page: true, profilePath: false} {
				v, _ := bareVisit(s, "GET", path, ref.French)
				v.route.method, v.actor = "GET", account.Actor{Account: who, Role: account.Candidate, Session: "ses_9"}
				v.gin.Request.Header.Set("Cookie", s.jar.prefix+cookieKept+"="+name)
				if got := v.recall() != nil; got != (want && here) {
					t.Errorf("%q on %s sees it: %v", who, path, got)
				}
			}
		}
	}
}

// TestFormsAreRestoredWhole: every kind of field takes what was typed.
func TestFormsAreRestoredWhole(t *testing.T) {
	kept := &keptForm{action: "/a", values: url.Values{"text": {hostile}, "several": {"x", "z"}, "rev": {"3"}}}
	f := newForm("/a", "go", url.Values{"text": {"stored"}, "several": {"y"}})
	f.hide("rev", "7")
	f.add(field{Name: "text"})
	f.add(field{Name: "secret", Kind: "password"})
	f.add(field{Name: "several", Kind: "checks", Options: []option{{Value: "x"}, {Value: "y"}, {Value: "z"}}})
	other := newForm("/b", "go", nil)
	if other.restore(kept) || !f.restore(kept) || !f.Restored {
		t.Fatal("the wrong form was restored")
	}
	chosen := ""
	for _, o := range f.find("several").Options {
		if o.Chosen {
			chosen += o.Value
		}
	}
	if f.find("text").Value != hostile || chosen != "xz" || f.Hidden[0].Value != "3" {
		t.Errorf("%+v", f)
	}
}

func nothing(*http.Request) {}
