package site_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"

	"passerelle/internal/app"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

const (
	chief    = "chef@example.ml"
	chiefKey = "trois greniers de mil pleins"
)

// strict is a running service as in production: officials and administrators
// owe a second factor.
type strict struct {
	*house
	app     *app.App
	options app.Options
	first   string // the temporary password of the first administrator
}

func openStrict(t *testing.T) *strict {
	t.Helper()
	s := openApp(t, false)
	var err error
	if s.first, _, err = s.app.CreateUser(t.Context(), app.NewUser{Login: chief, Role: string(account.Admin)}); err != nil {
		t.Fatal(err)
	}
	return s
}

func openApp(t *testing.T, demo bool) *strict {
	t.Helper()
	s := &strict{options: app.Options{Listen: "127.0.0.1:0", DataDir: t.TempDir(), Demo: demo, Fast: true, RateLimitOff: true, Version: "test"}}
	if demo {
		s.options.DemoNow = sampleTime()
	}
	var err error
	if s.app, err = app.New(t.Context(), s.options); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s.house = (&house{base: "http://" + s.app.Address()}).in(t)
	return s
}

// in gives the service to a subtest.
func (s *strict) in(t *testing.T) *strict {
	return &strict{house: s.house.in(t), app: s.app, options: s.options, first: s.first}
}

// wait moves the clock of a demonstration.
func (s *strict) wait(d time.Duration) {
	s.t.Helper()
	if _, err := s.app.Clock().Advance(s.app.Clock().Now().Add(d)); err != nil {
		s.t.Fatal(err)
	}
}

// logIn types login and password, and nothing more.
func (h *house) logIn(login, password string) *browser {
	b := h.visitor()
	b.open("/connexion")
	return b.submit("main form", url.Values{"login": {login}, "password": {password}})
}

// codeAt gives the code that the application shows so many steps from now.
func (s *strict) codeAt(secret string, steps int) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.app.Clock().Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// TestSecondFactorJourney goes from the temporary password of a first
// administrator to a second sign-in with a code, a third with a recovery
// code, a lost password, and the end of the second factor.
func TestSecondFactorJourney(t *testing.T) {
	s := openStrict(t)
	b := s.logIn(chief, s.first).sees(200, "h1", "Changer de mot de passe")
	b.submit("main form", url.Values{"currentPassword": {s.first}, "newPassword": {chiefKey}})
	b.sees(200, "h1", "Double authentification").sees(200, ".flash", "mot de passe est changé").sees(200, ".flash.warn", "Activez-la")
	for _, path := range []string{"/", "/offres", "/mon-compte", "/travail", "/mot-de-passe/oublie"} {
		if b.open(path); b.at.Path != "/double-authentification" {
			t.Errorf("%s stays at %s", path, b.at)
		}
	}
	secret, codes := enrolOn(t, s, b)
	b.open(b.link("main a.go")).sees(200, "h1", "Administration")
	recovery := signInWithCode(t, s, secret, codes)
	resetByMail(t, s, codes[1])
	ended := removeOwnFactor(t, s, codes[2:])
	if b.open("/mon-compte"); b.at.Path != "/connexion" {
		t.Errorf("a session outlives the password: %s", b.at)
	}
	if recovery.open("/mon-compte"); recovery.at.Path != "/connexion" || ended.open("/offres").at.Path != "/double-authentification" {
		t.Error("a void session goes on, or the second factor is owed no longer")
	}
}

// enrolOn enrols a second factor in a browser that stands before it.
func enrolOn(t *testing.T, s *strict, b *browser) (secret string, codes []string) {
	t.Helper()
	b.submit("main form", nil).sees(200, "h1", "Enregistrer la clé")
	secret = strings.ReplaceAll(b.text(".secret"), " ", "")
	if uri, err := url.Parse(b.link(`a[href^="otpauth:"]`)); err != nil || uri.Query().Get("secret") != secret || b.Find("svg.qr path").Length() != 1 {
		t.Fatalf("the link or the drawing is not of the secret: %v", err)
	}
	b.submit("main form", url.Values{"code": {"12 34"}}).sees(422, ".summary", "Code à six chiffres")
	if again := strings.ReplaceAll(b.text(".secret"), " ", ""); again != secret {
		t.Fatalf("a wrong code changed the secret to %q", again)
	}
	b.submit("main form", url.Values{"code": {s.codeAt(secret, 0)}}).sees(200, "main", "Imprimez")
	b.Find(".codes li").Each(func(_ int, li *goquery.Selection) { codes = append(codes, li.Text()) })
	if len(codes) != 10 || b.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d recovery codes, Cache-Control %q", len(codes), b.header.Get("Cache-Control"))
	}
	return secret, codes
}

// signInWithCode signs in twice: with a code, and with a recovery code, which
// counts once. It gives the second browser.
func signInWithCode(t *testing.T, s *strict, secret string, codes []string) *browser {
	t.Helper()
	b := s.visitor()
	b.open("/mon-compte")
	b.submit("main form", url.Values{"login": {chief}, "password": {chiefKey}}).sees(200, "h1", "Code de connexion")
	if b.Find("#code[inputmode=numeric][autocomplete=one-time-code]").Length() != 1 || b.Find("input[name=ticket]").AttrOr("value", "") == "" {
		t.Error("the page does not ask for digits, or has no ticket")
	}
	b.submit("main form", url.Values{"code": {"000"}}).sees(422, "#code-erreur", "pas correct").sees(422, "h1", "Code de connexion")
	b.submit("main form", url.Values{"code": {s.codeAt(secret, 1)}}).sees(200, "h1", "Mon compte")
	other := s.logIn(chief, chiefKey)
	other.submit("main details form", url.Values{"recovery": {strings.ToUpper(codes[0])}}).sees(200, ".flash", "connecté")
	third := s.logIn(chief, chiefKey)
	third.submit("main details form", url.Values{"recovery": {codes[0]}}).sees(422, "#recovery-erreur", "pas correct")
	third.submit("main form", url.Values{"ticket": {"forged"}, "recovery": {codes[1]}}).sees(422, ".summary", "expiré").sees(422, "h1", "Se connecter")
	b.open("/double-authentification").sees(200, "main", "9 codes de secours")
	return other
}

// resetByMail chooses a new password with the code of an e-mail.
func resetByMail(t *testing.T, s *strict, recovery string) {
	t.Helper()
	b := s.visitor()
	b.open("/connexion").open(b.link(`main a[href$="/oublie"]`))
	b.submit("main form", url.Values{"login": {"rien"}}).sees(422, "#login-erreur", "")
	nobody := b.submit("main form", url.Values{"login": {"personne@example.ml"}}).text("main")
	b.open("/mot-de-passe/oublie").submit("main form", url.Values{"login": {chief}}).sees(200, ".flash", "Si un compte existe")
	if b.text("main") != nobody || b.at.RawQuery != "" {
		t.Error("the answer depends on whether there is an account")
	}
	b.submit("main form", url.Values{"code": {"cod_x.y"}, "newPassword": {"six calebasses de lait"}}).sees(422, "#code-erreur", "plus valable")
	link := s.mailed(chief, regexp.MustCompile(`http\S+/mot-de-passe/nouveau#\S+`))
	b.submit("main form", url.Values{"code": {link}, "newPassword": {"court"}}).sees(422, "#newPassword-erreur", "")
	b.submit("main form", url.Values{"newPassword": {"six calebasses de lait"}}).sees(200, ".flash", "enregistré")
	b.submit("main form", url.Values{"login": {chief}, "password": {"six calebasses de lait"}})
	b.submit("main details form", url.Values{"recovery": {recovery}}).sees(200, ".flash", "connecté")
}

// mailed waits for a message to somebody that holds the pattern.
func (s *strict) mailed(to string, pattern *regexp.Regexp) string {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err := s.app.RunJob(context.Background(), "send-messages"); err != nil && !fault.Is(err, fault.Conflict) {
			s.t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(s.options.DataDir, "messages", "*.txt"))
		if err != nil {
			s.t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				s.t.Fatal(err)
			}
			if found := pattern.Find(text); found != nil && strings.Contains(string(text), "To: "+to) {
				return string(found)
			}
		}
	}
	s.t.Fatalf("no message holds %s", pattern)
	return ""
}

// removeOwnFactor ends other sessions and takes the second factor away.
func removeOwnFactor(t *testing.T, s *strict, codes []string) *browser {
	t.Helper()
	b, elsewhere := s.logIn(chief, "six calebasses de lait"), s.logIn(chief, "six calebasses de lait")
	b.submit("main details form", url.Values{"recovery": {codes[0]}})
	elsewhere.submit("main details form", url.Values{"recovery": {codes[1]}})
	b.open("/mon-compte").sees(200, ".mark", "Cette session").sees(200, ".terms", chief)
	before := b.Find(".list tbody tr").Length()
	b.submit(".list td form", nil).sees(200, ".flash", "La session est fermée")
	if b.Find(".list tbody tr").Length() != before-1 {
		t.Error("the session is still in the list")
	}
	b.submit(`form[action="/mon-compte/fermetures"]`, nil).sees(200, ".flash", "Toutes les autres sessions")
	if b.Find(".list tbody tr").Length() != 1 || elsewhere.open("/mon-compte").at.Path != "/connexion" {
		t.Error("another session goes on")
	}
	token := b.Find("main input[name=jeton]").AttrOr("value", b.Find(".who input[name=jeton]").AttrOr("value", ""))
	if b.post("/mon-compte/sessions/ses_nobody/fermetures", url.Values{"jeton": {token}}); b.status != http.StatusNotFound {
		t.Errorf("an unknown session: %d", b.status)
	}
	b.open("/double-authentification").submit(`form[action$="/retraits"]`, url.Values{"code": {"999"}}).sees(422, "#code-erreur", "")
	return b.submit(`form[action$="/retraits"]`, url.Values{"code": {codes[2]}}).sees(200, ".flash", "désactivée").sees(200, ".flash.warn", "Activez-la")
}
