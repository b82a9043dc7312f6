package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"io"

	"passerelle/internal/domain/fault"
)

// Encrypt seals a secret under the purpose's current key (AES-256-GCM), tied
// to a place ("account/acc_…/factor"), so that it opens nowhere else. The
// result begins with the key's id.
func (r *Keyring) Encrypt(ctx context.Context, p Purpose, place string, plain []byte) ([]byte, error) {
	kid, secret, err := r.Secret(ctx, p)
	if err != nil {
		return nil, err
	}
	aead, err := gcm(secret)
	if err != nil {
		return nil, err
	}
	out := append([]byte{byte(len(kid))}, kid...)
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(r.random, nonce); err != nil {
		return nil, fmt.Errorf("auth: random source: %w", err)
	}
	return aead.Seal(append(out, nonce...), nonce, plain, at(p, place)), nil
}

// Decrypt opens what Encrypt sealed for that place; Unavailable code
// "key.sealed" when it was not, was altered, or its key is gone.
func (r *Keyring) Decrypt(p Purpose, place string, sealed []byte) ([]byte, error) {
	unreadable := fault.New(fault.Unavailable, "key.sealed")
	if len(sealed) < 1 || len(sealed) < 1+int(sealed[0]) {
		return nil, unreadable
	}
	kid, rest := string(sealed[1:1+sealed[0]]), sealed[1+sealed[0]:]
	secret, ok := r.SecretOf(p, kid)
	if !ok {
		return nil, unreadable
	}
	aead, err := gcm(secret)
	if err != nil {
		return nil, err
	}
	if len(rest) < aead.NonceSize() {
		return nil, unreadable
	}
	plain, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], at(p, place))
	if err != nil {
		return nil, unreadable.Because(err)
	}
	return plain, nil
}

func gcm(secret []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("auth: cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

func at(p Purpose, place string) []byte {
	return []byte("passerelle sealed\x00" + string(p) + "\x00" + place)
}
