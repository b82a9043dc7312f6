package site

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// covers WB-03
func TestLocalPath(t *testing.T) {
	for given, want := range map[string]string{
		"/offres?q=a&b=c": "/offres?q=a&b=c", "": "/", "//evil.test": "/", "/\\evil.test": "/", "https://evil.test/": "/",
		"javascript:alert(1)": "/", "offres": "/", "/a\r\nSet-Cookie: x=y": "/", "/\t/evil.test": "/", "/mes-offres": "/mes-offres",
	} {
		if got := localPath(given); got != want {
			t.Errorf("%q leads to %q, want %q", given, got, want)
		}
	}
}

// covers WB-02
func TestCookies(t *testing.T) {
	for address, secure := range map[string]bool{
		"http://localhost:8080": false, "http://127.0.0.1:8080": false, "http://[::1]:8080": false,
		"https://localhost": true, "https://passerelle.example": true, "http://passerelle.example": true, "http://127.0.0.1.evil.test": true,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		s := bareSite(t)
		s.jar = newJar(u)
		v, w := bareVisit(s, "GET", "/", ref.French)
		s.jar.set(v.gin, cookieAccess, "value", 5)
		c := w.Result().Cookies()[0]
		hosted := strings.HasPrefix(c.Name, "__Host-")
		if c.Secure != secure || hosted != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: %s", address, c)
		}
	}
}

func TestCursorIsGoodForItsListOnly(t *testing.T) {
	s := bareSite(t)
	v, _ := bareVisit(s, "GET", "/offres?q=a&pays=FR", ref.French)
	next := v.pager("place.1").Next
	for address, want := range map[string]string{
		next: "place.1", "/offres?q=a&pays=FR": "", strings.Replace(next, "pays=FR", "pays=ES", 1): "!", strings.Replace(next, "/offres", "/mes-offres", 1): "!",
		"/offres?suite=AAAA": "!", "/offres?suite=%00": "!",
	} {
		v, _ := bareVisit(s, "GET", address, ref.French)
		got, err := v.position()
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%s gives %q, want %q", address, got, want)
		}
	}
	v, _ = bareVisit(s, "GET", next, ref.French)
	if p := v.pager(""); p.First != "/offres?pays=FR&q=a" || p.Next != "" {
		t.Errorf("%+v", p)
	}
}

// post makes a visit that posts a form.
func post(s *Site, values url.Values, change func(*http.Request)) *visit {
	v, _ := bareVisit(s, "POST", "/connexion", ref.French)
	v.gin.Request = httptest.NewRequest("POST", "http://localhost:8080/connexion", strings.NewReader(values.Encode()))
	v.gin.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	change(v.gin.Request)
	return v
}

// covers WB-03
func TestFormsNeedTheirToken(t *testing.T) {
	s := bareSite(t)
	visitor, session := account.Actor{}, account.Actor{Account: "acc_1", Role: account.Candidate, Session: "ses_1"}
	cookie := func(r *http.Request) { r.Header.Set("Cookie", s.jar.prefix+cookieVisitor+"=AAAAAAAAAAAAAAAAAAAAAAAA") }
	mine, theirs := s.sign("session", "ses_1"), s.sign("session", "ses_2")
	anonymous := s.sign("visitor", "AAAAAAAAAAAAAAAAAAAAAAAA")
	for name, c := range map[string]struct {
		actor  account.Actor
		token  string
		change func(*http.Request)
		ok     bool
	}{
		"own session":          {session, mine, func(*http.Request) {}, true},
		"another's session":    {session, theirs, func(*http.Request) {}, false},
		"no token":             {session, "", func(*http.Request) {}, false},
		"visitor's token":      {session, anonymous, cookie, false},
		"visitor":              {visitor, anonymous, cookie, true},
		"visitor, no cookie":   {visitor, anonymous, func(*http.Request) {}, false},
		"visitor of a session": {visitor, mine, cookie, false},
		"other site":           {session, mine, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, false},
		"other origin":         {session, mine, func(r *http.Request) { r.Header.Set("Origin", "https://evil.test") }, false},
		"own origin":           {session, mine, func(r *http.Request) { r.Header.Set("Origin", "http://localhost:8080") }, true},
		"JSON":                 {session, mine, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, false},
		"token in the address": {session, "", func(r *http.Request) { r.URL.RawQuery = url.Values{tokenField: {mine}}.Encode() }, false},
	} {
		v := post(s, url.Values{tokenField: {c.token}}, c.change)
		v.actor = c.actor
		if err := v.checkForm(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLanguageOfFormAnswers: what answers a form leads to a page that exists.
func TestLanguageOfFormAnswers(t *testing.T) {
	s := bareSite(t)
	for path, want := range map[string]string{
		"/connexion": "/connexion", "/offres/OFF-1/candidatures": "/offres/OFF-1", "/travail/agences/agy_1/refus": "/travail/agences/agy_1",
		"/agence/offres/off_1": "/agence/offres/off_1", "/mes-candidatures/app_1/retraits": "/mes-candidatures/app_1", "/deconnexion": "/",
	} {
		r := httptest.NewRequest("POST", path+"?a=b", nil)
		if got := s.inLanguage(r, ref.English); got != want+"?lang=en" {
			t.Errorf("%s leads to %s", path, got)
		}
	}
}

func TestFlashShowsOnlyItsOwnMessages(t *testing.T) {
	s := bareSite(t)
	for value, want := range map[string]string{"flash.applied": "flash.applied", "home.title": "", "flash.nothing": "", "<b>": ""} {
		v, w := bareVisit(s, "GET", "/", ref.French)
		v.gin.Request.AddCookie(&http.Cookie{Name: s.jar.prefix + cookieFlash, Value: value})
		v.takeFlash()
		if v.flash != want || !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("%q: %q, %q", value, v.flash, w.Header().Get("Set-Cookie"))
		}
	}
}

// TestRenewalsAreOne: many requests with one spent access token exchange the
// refresh token once, and for a few seconds the answer may be given again.
func TestRenewalsAreOne(t *testing.T) {
	now := testNow
	r := newRenewals(func() time.Time { return now })
	var calls atomic.Int64
	exchange := func() (auth.TokenPair, error) {
		n := calls.Add(1)
		return auth.TokenPair{AccessToken: strings.Repeat("a", int(n))}, nil
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if pair, err := r.do("token", exchange); err != nil || pair.AccessToken != "a" {
				t.Errorf("%v %v", pair, err)
			}
		})
	}
	group.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d exchanges", calls.Load())
	}
	now = now.Add(renewalGrace + time.Second)
	if pair, _ := r.do("token", exchange); pair.AccessToken != "aa" {
		t.Error("the answer was kept too long")
	}
	failed := func() (auth.TokenPair, error) { return auth.TokenPair{}, fault.New(fault.Unauthenticated, "x") }
	if _, err := r.do("other", failed); err == nil {
		t.Error("no failure")
	}
	if _, err := r.do("other", exchange); err != nil {
		t.Error("a failure was kept")
	}
}

func TestUndeclaredTemplatesStopTheProgram(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range append(layouts(), templates()...) {
		files["templates/"+name+".html"] = &fstest.MapFile{}
	}
	if err := declared(files); err != nil {
		t.Fatal(err)
	}
	files["templates/home/extra.html"] = &fstest.MapFile{}
	if declared(files) == nil {
		t.Error("an undeclared file was accepted")
	}
	delete(files, "templates/home/extra.html")
	delete(files, "templates/home/show.html")
	if declared(files) == nil {
		t.Error("a missing file was accepted")
	}
}

func TestStylesAreSmallAndStrict(t *testing.T) {
	data, err := fs.ReadFile(embedded, "static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(data)
	if len(css) > 30<<10 {
		t.Errorf("%d bytes of CSS", len(css))
	}
	for _, never := range []string{"@import", "@font-face", "http:", "https:", "//"} {
		if strings.Contains(css, never) {
			t.Errorf("the style uses %s", never)
		}
	}
}

// TestTermsThroughTheForm: what a draft holds is what comes back from its own
// form, also for what the form does not ask.
func TestTermsThroughTheForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		amount := int64(number("amount", 9_999_999))
		terms := offer.Terms{
			Title: rapid.StringMatching(`[a-zé ]{3,40}`).Draw(t, "title"), Occupation: "7112", Kind: ref.FixedTerm, Employer: "emp_1", EmployerName: "Un", Country: "FR",
			City: "Lyon", Places: number("places", 99), DurationMonths: number("months", 60), HoursPerWeek: number("hours", 6000), DaysPerWeek: number("days", 700),
			Start: "2027-01-01", Deadline: "2026-12-01", ExperienceMonths: number("experience", 60), MinAge: number("age", 60), Education: ref.EducationLevel(number("education", 8)),
			RequiredSkills: []ref.Skill{"soudage-tig"}, Regulated: true, Benefits: offer.Benefits{Housing: offer.Provided, Flight: offer.NotProvided}, Costs: offer.Costs{Visa: offer.ByEmployer},
			Languages: []offer.LanguageNeed{{Language: "fr", Level: ref.B1}, {Language: "de", Level: ref.A2}},
		}
		if amount > 0 {
			terms.Pay = ref.Pay{Min: amount, Max: amount + 100, Currency: rapid.SampledFrom([]ref.Currency{"EUR", "XOF", "TND"}).Draw(t, "currency"), Period: ref.PerMonth, Basis: ref.Gross, PaymentsPerYear: 12}
		}
		got, err := readTerms(terms, draftValues(terms))
		if err != nil {
			t.Fatal(err)
		}
		if changed := offer.ChangedFields(terms, got); len(changed) > 0 {
			t.Fatalf("changed: %v", changed)
		}
	})
}

func TestTypedNumbers(t *testing.T) {
	in := url.Values{"title": {"Maçon"}, "places": {"1 200"}, "hoursPerWeek": {"37,5"}, "pay-amount": {"1\u202f500,5"}, "pay-currency": {"EUR"}, "pay-period": {"month"}, "pay-basis": {"gross"}}
	terms, err := readTerms(offer.Terms{}, in)
	if err != nil || terms.Places != 1200 || terms.HoursPerWeek != 3750 || terms.Pay.Min != 150050 {
		t.Errorf("%+v %v", terms, err)
	}
	in = url.Values{"places": {"dix"}, "hoursPerWeek": {"1.234"}, "pay-amount": {"-5"}, "pay-currency": {"EUR"}, "languages-0-language": {"fr"}}
	_, err = readTerms(offer.Terms{}, in)
	var pointers []string
	for _, f := range fault.Of(err).Fields {
		pointers = append(pointers, f.Pointer)
	}
	if got := strings.Join(pointers, " "); got != "/places /hoursPerWeek /pay/amount /languages/0/level" {
		t.Errorf("faults at %s", got)
	}
}
