package auth

import (
	"github.com/nyaruka/phonenumbers"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// homeRegion is where a phone number without a country code belongs.
const homeRegion = "ML"

// maxPhone bounds what the parser is given, in octets.
const maxPhone = 40

// ParsePhone gives the E.164 form of a phone number; without a country code
// it is a number of Mali. Invalid code "account.phone".
func ParsePhone(s string) (string, error) {
	if len(s) <= maxPhone {
		n, err := phonenumbers.Parse(s, homeRegion)
		if err == nil && phonenumbers.IsValidNumber(n) {
			if e164 := phonenumbers.Format(n, phonenumbers.E164); account.IsE164(e164) {
				return e164, nil
			}
		}
	}
	return "", fault.New(fault.Invalid, "account.phone", fault.Field{Pointer: "/phone", Code: "account.phone"})
}
