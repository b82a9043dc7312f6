package account

import (
	"testing"

	"passerelle/internal/domain/fault"
)

// TestKeysReachNoFurtherThanTheirScopes: every permission of every scope is an
// agency's, and a key without the scope is refused what its owner may do.
//
// covers AZ-01
func TestKeysReachNoFurtherThanTheirScopes(t *testing.T) {
	owner := Actor{Account: "acc_1", Role: Agency, Agency: "agy_1"}
	reached := map[Permission]bool{}
	for _, s := range KeyScopes() {
		by := owner
		by.Key, by.Scopes = "key_1", JoinScopes([]KeyScope{s})
		if len(s.Permissions()) == 0 {
			t.Errorf("%s reaches nothing", s)
		}
		for _, r := range Rules() {
			within := false
			for _, p := range s.Permissions() {
				within = within || p == r.Permission
			}
			err := by.Require(r.Permission)
			switch {
			case within && err != nil:
				t.Errorf("%s: %s: %v", s, r.Permission, err)
			case !within && !r.Public && !fault.Is(err, fault.Forbidden):
				t.Errorf("%s reaches %s: %v", s, r.Permission, err)
			}
			reached[r.Permission] = reached[r.Permission] || within
		}
	}
	for _, never := range []Permission{"agency.keys", "agency.members", "agency.withdraw", "auth.password.change", "me.export", "application.decide"} {
		if reached[never] {
			t.Errorf("a key reaches %s", never)
		}
	}
	if err := (Actor{Account: "acc_1", Role: Agency, Key: "key_1"}).Require("offer.create"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a key without scopes drafts an offer: %v", err)
	}
	if len(KeyScope("x").Permissions()) != 0 {
		t.Error("an unknown scope reaches something")
	}
}
