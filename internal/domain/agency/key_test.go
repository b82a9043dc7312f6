package agency

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

var offersKey = KeySpec{Name: "Logiciel  de paie", Scopes: []account.KeyScope{account.ScopeOffers}, Expires: "2026-12-31"}

func founded(t *testing.T) (*Service, *world, account.Actor, ID) {
	t.Helper()
	s, w := newWorld()
	founder := account.Actor{Account: "acc_f", Role: account.Agency}
	a, err := s.Create(t.Context(), founder, Facts{Name: "Sahel Emploi", Country: "ML", Kind: Private, Licence: "1", LicenceUntil: "2030-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	founder.Agency = string(a.ID)
	return s, w, founder, a.ID
}

// TestKeyLivesAndEnds follows a key from its making to its end.
func TestKeyLivesAndEnds(t *testing.T) {
	s, w, owner, id := founded(t)
	made, sent, err := s.CreateKey(t.Context(), owner, id, offersKey)
	if err != nil || made.Name != "Logiciel de paie" || !strings.HasPrefix(sent, made.Prefix+"_") || len(sent) < 40 {
		t.Fatal(made, sent, err)
	}
	if strings.Contains(w.docs[id], strings.TrimPrefix(sent, made.Prefix+"_")) {
		t.Error("the secret is kept")
	}
	opens := func(sent string) bool {
		prefix, secret, ok := ParseKey(sent)
		of, key, known := w.AgencyKey(prefix)
		return ok && known && of == id && key.Opens(secret, w.now)
	}
	if !opens(sent) || opens(sent+"x") || opens(made.Prefix+"_") || opens(made.Prefix) || opens("") {
		t.Error("the wrong secrets open")
	}
	_, next, err := s.RotateKey(t.Context(), owner, id, made.ID)
	if err != nil || next == sent || !opens(next) || !opens(sent) {
		t.Errorf("after the rotation: %v, new %t, old %t", err, opens(next), opens(sent))
	}
	w.now = w.now.Add(KeyOverlap)
	if !opens(next) || opens(sent) {
		t.Errorf("a day after the rotation: new %t, old %t", opens(next), opens(sent))
	}
	rev := readAgency(t, w, id).Rev
	if err := s.UseKey(t.Context(), id, made.ID, w.now); err != nil || readAgency(t, w, id).Rev != rev || readAgency(t, w, id).Key(made.ID).UsedAt.IsZero() {
		t.Errorf("a use: %v", err)
	}
	for range 2 {
		if _, err := s.RevokeKey(t.Context(), owner, id, made.ID); err != nil || opens(next) {
			t.Errorf("a revoked key: %v, opens %t", err, opens(next))
		}
	}
	if _, _, err := s.RotateKey(t.Context(), owner, id, made.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("a revoked key turns: %v", err)
	}
	want := "agency.key.created acc_f PRE agency.key.rotated acc_f PRE agency.key.revoked acc_f PRE"
	if got := strings.ReplaceAll(strings.Join(w.heard[len(w.heard)-3:], " "), made.Prefix, "PRE"); got != want {
		t.Errorf("told: %s", got)
	}
	var acts []string
	for _, e := range readAgency(t, w, id).Pending {
		acts = append(acts, e.Action)
	}
	if got := strings.Join(acts, " "); got != "agency.create agency.key.create agency.key.rotate agency.key.revoke" {
		t.Errorf("recorded: %s", got)
	}
}

func readAgency(t *testing.T, w *world, id ID) *Agency {
	t.Helper()
	a, err := w.read(id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestKeysEndByThemselves: after its last day a key opens nothing, and in time
// it is no longer listed.
func TestKeysEndByThemselves(t *testing.T) {
	s, w, owner, id := founded(t)
	made, sent, err := s.CreateKey(t.Context(), owner, id, offersKey)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, _ := ParseKey(sent)
	for day, want := range map[string]bool{"2026-12-31": true, "2027-01-01": false, "2027-06-01": false} {
		w.now, _ = time.Parse(time.DateOnly, day)
		if got := made.Opens(secret, w.now); got != want {
			t.Errorf("%s: opens %t", day, got)
		}
	}
	w.now, _ = time.Parse(time.DateOnly, "2027-02-01")
	keys, err := s.Keys(t.Context(), owner, id)
	w.now = w.now.Add(keptEnded)
	later, laterErr := s.Keys(t.Context(), owner, id)
	if err != nil || laterErr != nil || len(keys) != 1 || len(later) != 0 {
		t.Errorf("%d keys, later %d, %v %v", len(keys), len(later), err, laterErr)
	}
}

// TestWhoHoldsKeys: the founder makes keys, an administrator lists and ends
// them, another member is told why not, and strangers find nothing.
//
// covers AZ-03
func TestWhoHoldsKeys(t *testing.T) {
	s, _, owner, id := founded(t)
	made, _, err := s.CreateKey(t.Context(), owner, id, offersKey)
	if err != nil {
		t.Fatal(err)
	}
	for who, c := range map[string]struct {
		actor              account.Actor
		list, make, revoke fault.Kind
	}{
		"member":    {account.Actor{Account: "acc_m", Role: account.Agency, Agency: string(id)}, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		"stranger":  {account.Actor{Account: "acc_s", Role: account.Agency, Agency: "agy_2"}, fault.NotFound, fault.NotFound, fault.NotFound},
		"official":  {account.Actor{Account: "acc_o", Role: account.Official}, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		"nobody":    {account.Actor{}, fault.Unauthenticated, fault.Unauthenticated, fault.Unauthenticated},
		"admin":     {account.Actor{Account: "acc_a", Role: account.Admin}, 0, fault.Forbidden, 0},
		"by a key":  {account.Actor{Account: owner.Account, Role: account.Agency, Agency: string(id), Key: "key_1", Scopes: account.JoinScopes(account.KeyScopes())}, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		"the owner": {owner, 0, 0, 0},
	} {
		_, listErr := s.Keys(t.Context(), c.actor, id)
		_, _, makeErr := s.CreateKey(t.Context(), c.actor, id, offersKey)
		_, _, turnErr := s.RotateKey(t.Context(), c.actor, id, made.ID)
		for what, got := range map[string]error{"lists": listErr, "makes": makeErr, "rotates": turnErr} {
			want := c.make
			if what == "lists" {
				want = c.list
			}
			if f := fault.Of(got); got == nil && want != 0 || got != nil && (f == nil || f.Kind != want) {
				t.Errorf("%s %s: %v", who, what, got)
			}
		}
		if who == "the owner" || who == "admin" {
			continue // the next test ends keys
		}
		if _, err := s.RevokeKey(t.Context(), c.actor, id, made.ID); fault.Of(err) == nil || fault.Of(err).Kind != c.revoke {
			t.Errorf("%s revokes: %v", who, err)
		}
	}
	if _, err := s.RevokeKey(t.Context(), account.Actor{Account: "acc_a", Role: account.Admin}, id, made.ID); err != nil {
		t.Errorf("an administrator revokes: %v", err)
	}
	if _, err := s.RevokeKey(t.Context(), owner, id, "key_none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such key: %v", err)
	}
}

func TestKeyRules(t *testing.T) {
	s, w, owner, id := founded(t)
	today := ref.DateOf(w.now)
	for name, change := range map[string]func(*KeySpec){
		"/name":    func(k *KeySpec) { k.Name = " " },
		"/scopes":  func(k *KeySpec) { k.Scopes = []account.KeyScope{"all"} },
		"/scopes ": func(k *KeySpec) { k.Scopes = nil },
		"/scopes+": func(k *KeySpec) { k.Scopes = []account.KeyScope{account.ScopeOffers, account.ScopeOffers} },
		"/name ":   func(k *KeySpec) { k.Name = strings.Repeat("é", 61) },
		"/name+":   func(k *KeySpec) { k.Name = "a\u202eb" },
		"/expires": func(k *KeySpec) { k.Expires = "2026-03-01" },
		"/expires ": func(k *KeySpec) {
			k.Expires = ref.DateOf(today.Time().AddDate(0, 0, KeyDays+1))
		},
		"/expires+": func(k *KeySpec) { k.Expires = "" },
		"/expires-": func(k *KeySpec) { k.Expires = "2026-13-01" },
	} {
		spec := offersKey
		change(&spec)
		_, _, err := s.CreateKey(t.Context(), owner, id, spec)
		if f := fault.Of(err); f == nil || len(f.Fields) == 0 || f.Fields[0].Pointer != strings.TrimRight(name, " +-") {
			t.Errorf("%q: %v", name, err)
		}
	}
	for i := range MaxKeys {
		w.joinErr = errors.New("no notice")
		if _, _, err := s.CreateKey(t.Context(), owner, id, offersKey); err != nil {
			t.Fatal(i, err)
		}
	}
	if _, _, err := s.CreateKey(t.Context(), owner, id, offersKey); fault.Of(err) == nil || fault.Of(err).Code != "agency.key.many" {
		t.Error(err)
	}
	seen := map[string]bool{}
	for _, k := range readAgency(t, w, id).Keys {
		seen[k.Prefix+fmt.Sprint(k.Hash)] = true
	}
	if len(seen) != MaxKeys {
		t.Errorf("%d different keys of %d", len(seen), MaxKeys)
	}
}
