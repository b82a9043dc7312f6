package auth

import (
	"bytes"
	"testing"

	"passerelle/internal/domain/fault"
)

func TestFieldsOpenAcrossRotations(t *testing.T) {
	w := &world{}
	ring := openRing(t, w)
	fields := NewFields(ring)
	first, err := fields.Seal(t.Context(), "profile/pro_1/phone", []byte("+22376123456"))
	if err != nil || bytes.Contains(first, []byte("76123456")) {
		t.Fatalf("%x %v", first, err)
	}
	elsewhere := NewFields(openRing(t, w)) // a process that does not know of the rotation yet
	if _, err := ring.Rotate(t.Context(), Field); err != nil {
		t.Fatal(err)
	}
	second, err := fields.Seal(t.Context(), "profile/pro_1/phone", []byte("+22376123456"))
	if err != nil || bytes.Equal(first, second) {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by      Fields
		sealed  []byte
		current bool
	}{"old": {fields, first, false}, "new": {fields, second, true}, "new, elsewhere": {elsewhere, second, true}} {
		if plain, current, err := c.by.Open("profile/pro_1/phone", c.sealed); err != nil || string(plain) != "+22376123456" || current != c.current {
			t.Errorf("%s: %q %v %v", name, plain, current, err)
		}
	}
}

func TestFieldsRefuseOtherPlacesAndDamage(t *testing.T) {
	fields := NewFields(openRing(t, &world{}))
	sealed, err := fields.Seal(t.Context(), "profile/pro_1/phone", []byte("+22376123456"))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(name, place string, text []byte) {
		if _, _, err := fields.Open(place, text); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("another person", "profile/pro_2/phone", sealed)
	refused("another field", "profile/pro_1/nina", sealed)
	refused("nothing", "profile/pro_1/phone", nil)
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		refused("damaged", "profile/pro_1/phone", damaged)
		refused("cut", "profile/pro_1/phone", sealed[:i])
	}
}

func TestBlindIsTheSameForEver(t *testing.T) {
	w := &world{}
	ring := openRing(t, w)
	a, err := NewFields(ring).Blind(t.Context(), "phone:+22376123456")
	if err != nil || len(a) != 43 {
		t.Fatal(a, err)
	}
	if _, err := ring.Rotate(t.Context(), Lookup); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Keyring{"after a rotation": ring, "after a restart": openRing(t, w)} {
		if b, err := NewFields(r).Blind(t.Context(), "phone:+22376123456"); err != nil || a != b {
			t.Errorf("%s: %s, was %s (%v)", name, b, a, err)
		}
	}
	if c, err := NewFields(ring).Blind(t.Context(), "phone:+22376123457"); err != nil || a == c {
		t.Errorf("another number: %s %v", c, err)
	}
	if c, err := NewFields(openRing(t, &world{})).Blind(t.Context(), "phone:+22376123456"); err != nil || a == c {
		t.Errorf("another key: %s %v", c, err)
	}
}
