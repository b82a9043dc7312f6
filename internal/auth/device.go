package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
)

// greet notes the device a person signs in with, and tells the owner of the
// account when it is one that has not been seen before. It is called under the
// account's lock.
func (s *Service) greet(a *account.Account, from Client) {
	if !a.Meet(deviceOf(from.Label)) {
		return
	}
	now, actor := s.Now(), a.Actor()
	actor.Origin = audit.OriginOf(from.Address)
	a.Record(actor, now, "auth.device", "", "devices")
	a.Tell(now, "login.device", told(now))
}

// deviceOf gives a digest of what a browser calls itself, without its version:
// an update does not make another device of it.
func deviceOf(label string) string {
	kind := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == '_' {
			return -1
		}
		return r
	}, cut(label, 4*maxLabel))
	sum := sha256.Sum256([]byte("device\x00" + kind))
	return hex.EncodeToString(sum[:8])
}
