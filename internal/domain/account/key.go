package account

import "time"

// SealedKey is a key as it is stored: wrapped by the master key, so that a copy
// of the database opens nothing.
type SealedKey struct {
	KID, Purpose        string    // key id; what it is for ("login", "seal", "fields" …), one purpose per key
	CreatedAt, NotAfter time.Time // UTC; NotAfter is zero for a key without an end
	State               string    // where the key is in its rotation
	Wrapped, Public     []byte    // the secret, wrapped; the public half of a signing key, or empty
}
