package auth

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// FuzzAccessToken: without the key nobody makes a token that is taken, and
// every refusal says so and nothing else.
//
// covers AU-10
func FuzzAccessToken(f *testing.F) {
	w := newWorld(f)
	id := string(w.join(f, "awa@example.ml"))
	good := w.login(f, "awa@example.ml", goodPass).AccessToken
	none := newForger(f, w, id, "ses_1")
	none.header["alg"] = "none"
	for _, seed := range []string{good, none.token(f), good + ".", good[:len(good)-2], strings.Replace(good, ".", "..", 1), "", "a.b.c", "e30.e30.", "\x00", strings.Repeat("a", 3000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := w.tokens.read(token)
		if err == nil && token != good {
			t.Fatalf("taken: %q for %q", token, c.Subject)
		}
		if err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Fatalf("%q: %v", token, err)
		}
		if kid := kidIn(token); len(kid) > len(token) {
			t.Fatalf("kid %q", kid)
		}
	})
}

// FuzzBearer: what is taken out of a header is one word of it.
func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"Bearer abc", "bearer  abc ", "Basic abc", "", "Bearer", "Bearer a b", "\tBearer x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		token, err := Bearer(header)
		if err == nil && (token == "" || !strings.Contains(header, token)) || err != nil && token != "" {
			t.Fatalf("%q gives %q, %v", header, token, err)
		}
	})
}

// FuzzRefreshToken: what is taken is written again as it was read.
//
// covers AU-09
func FuzzRefreshToken(f *testing.F) {
	good := refreshToken("ses_01J", bytes.Repeat([]byte{1}, sharedSize), bytes.Repeat([]byte{2}, secretSize))
	for _, seed := range []string{good, good + "=", "ses_.a.b", "...", "", "ses_x", strings.Repeat("ses_.", 100), strings.Replace(good, "AQ", "AR", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		id, shared, secret, err := parseRefresh(token)
		if err != nil {
			if id != "" || shared != nil || secret != nil || !fault.Is(err, fault.Unauthenticated) {
				t.Fatalf("%q: refused with %q, %v", token, id, err)
			}
			return
		}
		if refreshToken(id, shared, secret) != token {
			t.Fatalf("%q has a second spelling", token)
		}
	})
}

// FuzzMasterKey: a key is 32 bytes that cannot be guessed, or it is refused
// without a word of it in the refusal.
func FuzzMasterKey(f *testing.F) {
	random := make([]byte, masterSize)
	_, _ = rand.Read(random) // never fails, by its contract
	for _, seed := range []string{base64.StdEncoding.EncodeToString(random), base64.RawURLEncoding.EncodeToString(random), strings.Repeat("A", 43) + "=", "", "changeme", "====", "\x00", base64.StdEncoding.EncodeToString([]byte("a secret that somebody has typed"))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) {
		key, err := decodeKey(encoded)
		if err == nil {
			_, err = NewMaster(key, rand.Reader)
		}
		if err == nil && (len(key) != masterSize || isGuessable(key)) {
			t.Fatalf("taken: %x", key)
		}
		if err != nil && len(encoded) > 20 && strings.Contains(err.Error(), string(encoded)) {
			t.Fatalf("the refusal tells the key: %v", err)
		}
	})
}

// FuzzPHC: a stored hash is read with bounded costs, or not at all.
func FuzzPHC(f *testing.F) {
	good := cheap().phc(make([]byte, saltSize), make([]byte, hashSize))
	for _, seed := range []string{good, strings.Replace(good, "m=8", "m=4294967295", 1), strings.Replace(good, "t=1", "t=0", 1), "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "$$$$$", "", good + "$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cost, salt, key, err := parsePHC(s)
		if err != nil {
			return
		}
		if cost.MemoryKiB > maxMemoryKiB || cost.Passes < 1 || cost.Passes > maxPasses || cost.Lanes < 1 || len(salt) < 8 || len(key) < 16 {
			t.Fatalf("%q is read as %+v", s, cost)
		}
	})
}

// FuzzPhone: a number that is taken is in E.164 and stays the same.
func FuzzPhone(f *testing.F) {
	for _, seed := range []string{"70 00 00 00", "+223 70 00 00 00", "0033612345678", "", "+", "call me", "٧٠٠٠٠٠٠٠", "+2237000000000000000", "tel:+22370000000;ext=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, err := ParsePhone(s)
		if err != nil {
			return
		}
		if again, err := ParsePhone(number); !account.IsE164(number) || err != nil || again != number {
			t.Fatalf("%q is %q, and that is %q (%v)", s, number, again, err)
		}
	})
}
