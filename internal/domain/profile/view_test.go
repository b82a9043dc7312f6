package profile

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestVisibilityGolden(t *testing.T) {
	const golden = "testdata/visibility.golden"
	got := Visibility()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("who sees what changed:\n%s\nwant\n%s", got, want)
	}
}

// viewMembers ties the members of View that are not named like their field.
var viewMembers = map[string]string{
	"Relation": "", "Worked": "occupationsWorked", "Identity.Nationality": "identity/nationalities",
	"Wishes.MinPayCents": "wishes/minPay",
}

// TestViewsHoldWhatTheTableSays looks at the members of each view that are
// not zero, and finds exactly those the table shows.
func TestViewsHoldWhatTheTableSays(t *testing.T) {
	p := fullProfile(t)
	for _, relation := range append(Relations(), Stranger) {
		want := []string{}
		for _, f := range fields() {
			if f.seenBy&relation != 0 {
				want = append(want, f.name)
			}
		}
		got := []string{}
		shown(reflect.ValueOf(ViewFor(p, relation, today)), "", &got)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s\nsees  %v\ntable %v", relation, got, want)
		}
	}
}

// shown lists the non-zero members by field name; of nested structs those of
// identity, residence and wishes one by one.
func shown(v reflect.Value, path string, out *[]string) {
	for i := range v.NumField() {
		name := strings.TrimPrefix(path+"."+v.Type().Field(i).Name, ".")
		member := v.Field(i)
		switch {
		case name == "Identity" || name == "Residence" || name == "Wishes":
			shown(member, name, out)
		case !member.IsZero():
			if field := fieldName(name); field != "" {
				*out = append(*out, field)
			}
		}
	}
}

func fieldName(member string) string {
	if name, special := viewMembers[member]; special {
		return name
	}
	parts := strings.Split(member, ".")
	for i, part := range parts {
		if strings.ToUpper(part) == part {
			parts[i] = strings.ToLower(part)
			continue
		}
		parts[i] = strings.ToLower(part[:1]) + part[1:]
	}
	return strings.Join(parts, "/")
}

// TestAgenciesNeverSee is the list of the ministry's rule 9, by value: none of
// these texts may be anywhere in what an agency gets.
func TestAgenciesNeverSee(t *testing.T) {
	p := fullProfile(t)
	always := []string{"1994-03-07", "Sikasso", "19403071234567A", "C-123", "150000", "Centre de santé", "Clinique",
		"Infirmière", "Institut", "BTS", "Je cherche", "female", "2027-02-15"}
	before := append([]string{"Awa", "Traoré", "awa@example.ml", "+22376123456"}, always...)
	for relation, hidden := range map[Relation][]string{AgencySeeking: before, AgencyApproached: always, OfficialPlain: {
		"Awa", "Traoré", "awa@example.ml", "+22376123456", "1994-03-07", "19403071234567A", "C-123", "Je cherche", "female"}} {
		text := dump(reflect.ValueOf(ViewFor(p, relation, today)))
		for _, secret := range hidden {
			if strings.Contains(text, secret) {
				t.Errorf("%s sees %q", relation, secret)
			}
		}
	}
	if text := dump(reflect.ValueOf(ViewFor(p, AgencyApproached, today))); !strings.Contains(text, "+22376123456") {
		t.Error("an agency the person applied to cannot call")
	}
}

// dump writes every leaf of a value.
func dump(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Struct:
		if when, ok := v.Interface().(time.Time); ok {
			return when.Format(time.RFC3339) + "\n"
		}
		var b strings.Builder
		for i := range v.NumField() {
			b.WriteString(dump(v.Field(i)))
		}
		return b.String()
	case reflect.Slice:
		var b strings.Builder
		for i := range v.Len() {
			b.WriteString(dump(v.Index(i)))
		}
		return b.String()
	case reflect.Int, reflect.Int64:
		return ref.Money{Amount: v.Int(), Currency: "XOF"}.Format() + "\n"
	case reflect.String:
		return v.String() + "\n"
	}
	return ""
}

func TestRelationOf(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	hidden := &Profile{Owner: "acc_awa"}
	visible := &Profile{Owner: "acc_awa", Consents: []Consent{{Purpose: PurposeMatching, Given: true}}}
	disclosed := &Profile{Accesses: []Access{{By: "acc_off", Role: account.Official, At: now.Add(-29 * time.Minute), Until: now.Add(time.Minute)}}}
	lapsed := &Profile{Accesses: []Access{{By: "acc_off", Role: account.Official, At: now.Add(-30 * time.Minute), Until: now}}}
	collected := &Profile{}
	agent := account.Actor{Account: "acc_agy", Role: account.Agency, Agency: "agy_1"}
	official := account.Actor{Account: "acc_off", Role: account.Official}
	cases := []struct {
		name    string
		p       *Profile
		actor   account.Actor
		applied bool
		want    Relation
	}{
		{"owner", hidden, account.Actor{Account: "acc_awa", Role: account.Candidate}, false, Owner},
		{"another candidate", visible, account.Actor{Account: "acc_other", Role: account.Candidate}, false, Stranger},
		{"owner's account in another role", visible, account.Actor{Account: "acc_awa", Role: account.Observer}, false, Stranger},
		{"no account, no owner", collected, account.Actor{Role: account.Candidate}, false, Stranger},
		{"official", hidden, official, false, OfficialPlain},
		{"official in time", disclosed, official, false, OfficialKnowing},
		{"official too late", lapsed, official, false, OfficialPlain},
		{"another official", disclosed, account.Actor{Account: "acc_off2", Role: account.Official}, false, OfficialPlain},
		{"agency, hidden", hidden, agent, false, Stranger},
		{"agency, visible", visible, agent, false, AgencySeeking},
		{"agency, applied", hidden, agent, true, AgencyApproached},
		{"agency account without agency", visible, account.Actor{Account: "acc_x", Role: account.Agency}, true, Stranger},
		{"administrator", visible, account.Actor{Account: "acc_adm", Role: account.Admin}, false, Stranger},
		{"observer", visible, account.Actor{Account: "acc_obs", Role: account.Observer}, false, Stranger},
		{"nobody", visible, account.Actor{}, false, Stranger},
	}
	for _, c := range cases {
		if got := relationOf(c.p, c.actor, c.applied, now); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAgeBand(t *testing.T) {
	for birth, want := range map[ref.Date]string{"2001-11-21": "25-29", "2001-11-22": "20-24", "1996-11-22": "25-29", "": "", "2030-01-01": ""} {
		if got := ageBand(birth, today); got != want {
			t.Errorf("%s: %q, want %q", birth, got, want)
		}
	}
}

func TestConsentLedger(t *testing.T) {
	p, now := &Profile{}, time.Unix(0, 0)
	steps := []struct {
		choice  Choice
		changed int
		visible bool
	}{
		{Choice{Purpose: PurposeMatching}, 1, false},
		{Choice{Purpose: PurposeMatching, Given: true}, 1, true},
		{Choice{Purpose: PurposeMatching, Given: true}, 0, true},
		{Choice{Purpose: PurposeContact, Given: true}, 1, true},
		{Choice{Purpose: PurposeMatching, Given: true, Version: "2027-1"}, 1, true},
		{Choice{Purpose: PurposeMatching}, 1, false},
	}
	entries := 0
	for i, s := range steps {
		changed := p.decide([]Choice{s.choice}, "acc_awa", ChannelWeb, now)
		entries += s.changed
		if len(changed) != s.changed || len(p.Consents) != entries || p.Visible() != s.visible {
			t.Errorf("step %d: changed %v, %d entries, visible %v", i, changed, len(p.Consents), p.Visible())
		}
	}
	if checkChoices("/consents", []Choice{{Purpose: "spam"}}) == nil ||
		checkChoices("/consents", []Choice{{Purpose: PurposeContact}, {Purpose: PurposeContact}}) == nil {
		t.Error("an unknown or repeated purpose is accepted")
	}
}

// fullProfile has something in every member.
func fullProfile(t *testing.T) *Profile {
	t.Helper()
	facts := fullFacts()
	if err := facts.Accept(today); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	return &Profile{
		ID: "pro_1", Rev: 3, EditRev: 2, Owner: "acc_awa", CollectedBy: "acc_collector", Facts: facts,
		Consents:  []Consent{{Purpose: PurposeMatching, Given: true, Version: ConsentVersion, At: at, Channel: ChannelWeb, By: "acc_awa"}},
		Accesses:  []Access{{By: "acc_x", Role: account.Official, Who: "ministry", At: at, Reason: "assistance", Until: at.Add(DisclosureFor)}},
		CreatedAt: at, UpdatedAt: at,
	}
}
