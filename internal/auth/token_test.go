package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// forger builds tokens that differ from a good one in chosen ways.
type forger struct {
	w      *world
	header map[string]any
	body   map[string]any
	sign   func(text string) []byte
}

func newForger(t testing.TB, w *world, id, session string) *forger {
	t.Helper()
	k, err := w.Keys.use(t.Context(), Login)
	if err != nil {
		t.Fatal(err)
	}
	now := w.time().Unix()
	return &forger{
		w:      w,
		header: map[string]any{"alg": "EdDSA", "typ": "at+jwt", "kid": k.sealed.KID},
		body: map[string]any{
			"iss": issuer, "aud": audience, "sub": id, "sid": session, "jti": "jti_1",
			"iat": now, "nbf": now, "exp": now + 900,
		},
		sign: func(text string) []byte { return ed25519.Sign(k.private, []byte(text)) },
	}
}

func segment(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (f *forger) token(t testing.TB) string {
	t.Helper()
	text := segment(t, f.header) + "." + segment(t, f.body)
	return text + "." + base64.RawURLEncoding.EncodeToString(f.sign(text))
}

// covers AU-10, AU-12
func TestForgedTokensAreRefused(t *testing.T) {
	w := newWorld(t)
	id := string(w.join(t, "awa@example.ml"))
	pair := w.login(t, "awa@example.ml", goodPass)
	c, err := w.tokens.read(pair.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	otherPublic, otherKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, _ := w.Keys.Verifier(Login, "login-1")
	signHMAC := func(key []byte) func(string) []byte {
		return func(text string) []byte {
			sig, err := jwt.SigningMethodHS256.Sign(text, key)
			if err != nil {
				t.Fatal(err)
			}
			return sig
		}
	}
	now := w.time().Unix()
	cases := []struct {
		name, code string
		change     func(f *forger)
	}{
		{"good", "", func(*forger) {}},
		{"good with keys in the header", "", func(f *forger) {
			f.header["jku"], f.header["x5u"] = "https://attacker.example/jwks", "https://attacker.example/x5"
			f.header["jwk"] = map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(otherPublic)}
		}},
		{"alg none", "algorithm", func(f *forger) { f.header["alg"] = "none"; f.sign = func(string) []byte { return nil } }},
		{"alg None", "algorithm", func(f *forger) { f.header["alg"] = "None"; f.sign = func(string) []byte { return nil } }},
		{"alg absent", "algorithm", func(f *forger) { delete(f.header, "alg") }},
		{"HS256 with the public key", "algorithm", func(f *forger) { f.header["alg"] = "HS256"; f.sign = signHMAC(public) }},
		{"HMAC under EdDSA's name", "signature", func(f *forger) { f.sign = signHMAC(public) }},
		{"RS256", "algorithm", func(f *forger) { f.header["alg"] = "RS256" }},
		{"unknown algorithm", "algorithm", func(f *forger) { f.header["alg"] = "XX1" }},
		{"another key", "signature", func(f *forger) {
			f.sign = func(text string) []byte { return ed25519.Sign(otherKey, []byte(text)) }
		}},
		{"another key in jwk", "signature", func(f *forger) {
			f.header["jwk"] = map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(otherPublic)}
			f.sign = func(text string) []byte { return ed25519.Sign(otherKey, []byte(text)) }
		}},
		{"stripped signature", "signature", func(f *forger) { f.sign = func(string) []byte { return nil } }},
		{"zero signature", "signature", func(f *forger) { f.sign = func(string) []byte { return make([]byte, 64) } }},
		{"typ JWT", "typ", func(f *forger) { f.header["typ"] = "JWT" }},
		{"typ absent", "typ", func(f *forger) { delete(f.header, "typ") }},
		{"typ of a seal", "typ", func(f *forger) { f.header["typ"] = "seal+jwt" }},
		{"crit", "critical", func(f *forger) { f.header["crit"] = []string{"exp"} }},
		{"kid absent", "kid", func(f *forger) { delete(f.header, "kid") }},
		{"kid unknown", "kid", func(f *forger) { f.header["kid"] = "login-2" }},
		{"kid a path", "kid", func(f *forger) { f.header["kid"] = "../../../../dev/null" }},
		{"kid a query", "kid", func(f *forger) { f.header["kid"] = "login-1' OR '1'='1" }},
		{"kid a number", "kid", func(f *forger) { f.header["kid"] = 1 }},
		{"expired", "expired", func(f *forger) { f.body["exp"] = now }},
		{"exp absent", "expired", func(f *forger) { delete(f.body, "exp") }},
		{"not yet", "not_yet", func(f *forger) { f.body["nbf"] = now + 60 }},
		{"nbf absent", "not_yet", func(f *forger) { delete(f.body, "nbf") }},
		{"issued later", "not_yet", func(f *forger) { f.body["iat"] = now + 60 }},
		{"iat absent", "not_yet", func(f *forger) { delete(f.body, "iat") }},
		{"too long", "lifetime", func(f *forger) { f.body["exp"] = now + 86400 }},
		{"another issuer", "issuer", func(f *forger) { f.body["iss"] = "https://other.example" }},
		{"issuer absent", "issuer", func(f *forger) { delete(f.body, "iss") }},
		{"another audience", "audience", func(f *forger) { f.body["aud"] = "other" }},
		{"several audiences", "audience", func(f *forger) { f.body["aud"] = []string{audience, "other"} }},
		{"audience absent", "audience", func(f *forger) { delete(f.body, "aud") }},
		{"subject absent", "subject", func(f *forger) { delete(f.body, "sub") }},
		{"jti absent", "id", func(f *forger) { delete(f.body, "jti") }},
		{"sid absent", "session", func(f *forger) { delete(f.body, "sid") }},
		{"sid unknown", "session", func(f *forger) { f.body["sid"] = "ses_0" }},
		{"session of somebody else", "session", func(f *forger) { f.body["sub"] = "acc_0" }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			f := newForger(t, w, id, c.Session)
			tc.change(f)
			actor, err := w.Authenticate(t.Context(), f.token(t))
			if tc.code != "" {
				refused(t, err, "auth.token."+tc.code)
			} else if err != nil || string(actor.Account) != id || actor.Session != c.Session {
				t.Fatalf("got %v %v", actor, err)
			}
		})
	}
}

// covers AU-10
func TestDamagedTokensAreRefused(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	good := w.login(t, "awa@example.ml", goodPass)
	parts := strings.Split(good.AccessToken, ".")
	altered := segment(t, map[string]any{"iss": issuer, "aud": audience, "sub": "acc_0", "exp": w.time().Unix() + 60})
	for name, tc := range map[string]struct{ token, code string }{
		"empty":               {"", "missing"},
		"no parts":            {"abc", "malformed"},
		"two parts":           {parts[0] + "." + parts[1], "malformed"},
		"four parts":          {good.AccessToken + ".x", "malformed"},
		"not base64":          {"!!." + parts[1] + "." + parts[2], "malformed"},
		"not JSON":            {base64.RawURLEncoding.EncodeToString([]byte("{")) + "." + parts[1] + "." + parts[2], "malformed"},
		"altered payload":     {parts[0] + "." + altered + "." + parts[2], "signature"},
		"signature cut off":   {parts[0] + "." + parts[1] + ".", "signature"},
		"too long":            {good.AccessToken + strings.Repeat("A", maxToken), "malformed"},
		"refresh as access":   {good.RefreshToken, "malformed"},
		"claims not an array": {parts[0] + "." + segment(t, []int{1}) + "." + parts[2], "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Authenticate(t.Context(), tc.token)
			refused(t, err, "auth.token."+tc.code)
		})
	}
}

// covers AU-08
func TestAccessTokenSaysNothingPersonal(t *testing.T) {
	w := newWorld(t)
	w.join(t, "awa@example.ml")
	pair := w.login(t, "awa@example.ml", goodPass)
	if pair.TokenType != "Bearer" || pair.ExpiresIn != 900 {
		t.Errorf("got %+v", pair)
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(pair.AccessToken, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	for name := range body {
		if !strings.Contains(" iss sub aud exp nbf iat jti sid ", " "+name+" ") {
			t.Errorf("claim %s", name)
		}
	}
	if len(body) != 8 {
		t.Errorf("%d claims, want 8", len(body))
	}
	w.pass(AccessLifetime - time.Second)
	if _, err := w.Authenticate(t.Context(), pair.AccessToken); err != nil {
		t.Errorf("before exp: %v", err)
	}
	w.pass(time.Second)
	_, err = w.Authenticate(t.Context(), pair.AccessToken)
	refused(t, err, "auth.token.expired")
}

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{"Bearer abc": "abc", "bearer  abc ": "abc", "": "", "Bearer": "", "Bearer ": "", "Basic abc": "", "abc": ""} {
		got, err := Bearer(header)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q %v", header, got, err)
		}
	}
}
