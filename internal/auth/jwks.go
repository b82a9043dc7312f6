package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// jwk is a public key as RFC 8037 writes it.
type jwk struct {
	KTY string `json:"kty"`
	CRV string `json:"crv"`
	X   string `json:"x"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	KID string `json:"kid"`
}

// JWKS gives the public halves of all accepted signing keys that are in use,
// as a JSON Web Key Set (RFC 7517), oldest first. The kid starts with the
// purpose, and a verifier takes a key for its own purpose only.
func (r *Keyring) JWKS() ([]byte, error) {
	set := struct {
		Keys []jwk `json:"keys"`
	}{Keys: []jwk{}}
	now := r.now()
	for _, p := range []Purpose{Login, Seal, Clearance, Checkpoint} {
		for _, k := range r.all(p) {
			if k.private != nil && k.accepted(now) {
				x := base64.RawURLEncoding.EncodeToString(k.private.Public().(ed25519.PublicKey))
				set.Keys = append(set.Keys, jwk{KTY: "OKP", CRV: "Ed25519", X: x, Use: "sig", Alg: algorithm, KID: k.sealed.KID})
			}
		}
	}
	out, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("auth: key set: %w", err)
	}
	return out, nil
}
