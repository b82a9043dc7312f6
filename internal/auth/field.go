package auth

import (
	"context"
	"encoding/base64"
	"time"

	"passerelle/internal/domain/fault"
)

// reloadFor bounds the reading of the keys when a text names an unknown one.
const reloadFor = 5 * time.Second

// Fields seals personal texts of documents (purpose Field) and blinds what
// they are looked up by (purpose Lookup). It implements store.Cipher.
type Fields struct{ ring *Keyring }

// NewFields makes the cipher of a key ring.
func NewFields(ring *Keyring) Fields { return Fields{ring} }

// Seal encrypts a text for one place, under the current key.
func (f Fields) Seal(ctx context.Context, place string, plain []byte) ([]byte, error) {
	return f.ring.Encrypt(ctx, Field, place, plain)
}

// Open decrypts what Seal made for that place, under whichever key it was; one
// that another process has made since is read first. current is false when a
// newer key has taken over.
func (f Fields) Open(place string, sealed []byte) (plain []byte, current bool, err error) {
	kid := sealedUnder(sealed)
	plain, err = f.ring.Decrypt(Field, place, sealed)
	if err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), reloadFor)
		defer cancel()
		known, learning := f.ring.learn(ctx, Field, kid)
		if learning != nil || !known {
			return nil, false, err
		}
		if plain, err = f.ring.Decrypt(Field, place, sealed); err != nil {
			return nil, false, err
		}
	}
	newest, _ := f.ring.newest(Field)
	return plain, newest.sealed.KID == kid, nil
}

// sealedUnder reads the key id that a sealed text begins with.
func sealedUnder(sealed []byte) string {
	if len(sealed) < 1 || len(sealed) < 1+int(sealed[0]) {
		return ""
	}
	return string(sealed[1 : 1+sealed[0]])
}

// Blind gives a text's digest under the first and only key of its purpose:
// HMAC-SHA-256 in URL-safe base64.
func (f Fields) Blind(ctx context.Context, text string) (string, error) {
	if _, _, err := f.ring.Secret(ctx, Lookup); err != nil {
		return "", err
	}
	secret, ok := f.ring.SecretOf(Lookup, kidOf(Lookup, 1))
	if !ok {
		return "", fault.New(fault.Unavailable, "key.unknown")
	}
	return base64.RawURLEncoding.EncodeToString(mac(secret, []byte(text))), nil
}
