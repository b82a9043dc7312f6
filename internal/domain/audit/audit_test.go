package audit_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/audit"
)

func TestOriginOf(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2::5": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48", "": "", "host": "", "203.0.113.77:80": "",
	} {
		if got := audit.OriginOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestLeafTextIsPinned(t *testing.T) {
	leaf := audit.Leaf{MAC: []byte{1, 2}, Entry: audit.Entry{ID: "aud_off_1_3_0", At: time.Date(2026, 11, 3, 9, 0, 0, 120_000_000, time.FixedZone("", 3600)),
		Actor: "acc_1", Role: "official", Action: "offer.publish", Subject: "off_1", Rev: 3, Reason: "other", Fields: []string{"pay", "state"}, Origin: "203.0.113.0/24", Count: 2}}
	const want = `{"action":"offer.publish","actor":"acc_1","at":"2026-11-03T08:00:00.120Z","count":2,"fields":["pay","state"],"id":"aud_off_1_3_0",` +
		`"mac":"AQI=","origin":"203.0.113.0/24","reason":"other","rev":3,"role":"official","subject":"off_1"}`
	if got := string(leaf.Text()); got != want {
		t.Errorf("%s", got)
	}
	if got := string(audit.Leaf{}.Text()); got != `{"at":"0001-01-01T00:00:00.000Z"}` {
		t.Errorf("%s", got)
	}
}

// TestLeafTextTellsEverything: no two different entries have one text.
func TestLeafTextTellsEverything(t *testing.T) {
	word := rapid.StringN(0, 6, -1)
	draw := func(t *rapid.T, name string) audit.Leaf {
		return audit.Leaf{MAC: []byte(word.Draw(t, name)), Entry: audit.Entry{
			ID: word.Draw(t, name), At: time.UnixMilli(rapid.Int64Range(0, 9).Draw(t, name)), Actor: word.Draw(t, name), Role: word.Draw(t, name),
			Action: word.Draw(t, name), Subject: word.Draw(t, name), Rev: rapid.Int64Range(0, 9).Draw(t, name), Reason: word.Draw(t, name),
			Fields: rapid.SliceOfN(word, 0, 2).Draw(t, name), Origin: word.Draw(t, name),
		}}
	}
	rapid.Check(t, func(t *rapid.T) {
		leaf := draw(t, "leaf")
		var read struct {
			ID, Actor, Role, Action, Subject, Reason, Origin string
			Rev                                              int64
			Fields                                           []string
			MAC                                              []byte
			At                                               time.Time
		}
		if err := json.Unmarshal(leaf.Text(), &read); err != nil {
			t.Fatal(err)
		}
		back := audit.Leaf{MAC: read.MAC, Entry: audit.Entry{ID: read.ID, At: read.At, Actor: read.Actor, Role: read.Role, Action: read.Action,
			Subject: read.Subject, Rev: read.Rev, Reason: read.Reason, Fields: read.Fields, Origin: read.Origin}}
		if string(back.Text()) != string(leaf.Text()) || back.Actor != leaf.Actor || back.Subject != leaf.Subject || back.Reason != leaf.Reason || string(back.MAC) != string(leaf.MAC) {
			t.Fatalf("%s read back as %s", leaf.Text(), back.Text())
		}
	})
}

func TestWithout(t *testing.T) {
	var log audit.Log
	for rev := range int64(3) {
		log.Add(audit.Entry{Subject: "off_1", Rev: rev})
		log.Add(audit.Entry{Subject: "off_1", Rev: rev})
	}
	left := log.Without([]string{"aud_off_1_0_0", "aud_off_1_2_1", "aud_x"})
	if len(left) != 4 || left[0].ID != "aud_off_1_0_1" || left[3].ID != "aud_off_1_2_0" || log.Without(nil) == nil {
		t.Errorf("%+v", left)
	}
}
