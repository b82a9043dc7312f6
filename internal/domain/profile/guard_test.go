package profile_test

import (
	"context"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// TestOnlyWhoMayOpensAProfile: each method asks first whether the role may do
// the thing at all. covers AZ-01
func TestOnlyWhoMayOpensAProfile(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input(found(true))).ID
	doors := map[string]func(context.Context, account.Actor) error{
		"View":   func(ctx context.Context, who account.Actor) error { _, err := w.View(ctx, who, id); return err },
		"Mine":   func(ctx context.Context, who account.Actor) error { _, err := w.Mine(ctx, who); return err },
		"Create": func(ctx context.Context, who account.Actor) error { _, err := w.Create(ctx, who, input()); return err },
		"PutMine": func(ctx context.Context, who account.Actor) error {
			_, err := w.PutMine(ctx, who, 1, input().Facts)
			return err
		},
		"Consents": func(ctx context.Context, who account.Actor) error { _, _, err := w.Consents(ctx, who); return err },
		"PutConsents": func(ctx context.Context, who account.Actor) error {
			_, err := w.PutConsents(ctx, who, 1, profile.ChannelWeb, []profile.Choice{found(false)})
			return err
		},
		"Accesses": func(ctx context.Context, who account.Actor) error {
			_, err := w.Accesses(ctx, who, listing.Page{})
			return err
		},
		"Disclose": func(ctx context.Context, who account.Actor) error {
			_, _, err := w.Disclose(ctx, who, id, "file_review", "")
			return err
		},
	}
	may := map[account.Role]map[string]bool{
		account.Candidate: {"View": true, "Mine": true, "Create": true, "PutMine": true, "Consents": true, "PutConsents": true, "Accesses": true},
		account.Agency:    {"View": true},
		account.Official:  {"View": true, "Create": true, "Disclose": true},
	}
	for name, enter := range doors {
		for _, who := range []account.Actor{{}, binta, recruiter, collector, admin, observer} {
			err := enter(t.Context(), who)
			refused := fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Unauthenticated)
			if refused == may[who.Role][name] {
				t.Errorf("%s by %q: %v", name, who.Role, err)
			}
		}
	}
}

// TestNobodyErasesAnother: a profile goes for its person and for the system;
// what is gone is gone for everybody, the official with a reason as well.
func TestNobodyErasesAnother(t *testing.T) {
	w := newWorld(t)
	own, collected := w.create(t, awa, input(found(true))).ID, w.create(t, collector, input(found(true))).ID
	for _, who := range []account.Actor{binta, recruiter, officer, collector, admin, {}} {
		for _, id := range []profile.ID{own, collected} {
			wantCode(t, w.Erase(t.Context(), who, id, "request"), fault.NotFound, "profile.not_found")
		}
	}
	for id, who := range map[profile.ID]account.Actor{own: awa, collected: account.SystemActor()} {
		var rev int64
		for range 2 {
			if err := w.Erase(t.Context(), who, id, "request"); err != nil {
				t.Fatal(err)
			}
			p, err := w.store.Get(t.Context(), id)
			if err != nil || !p.Erased() || p.Owner != "" || p.CollectedBy != "" || len(p.Consents) != 0 || p.Facts.Identity.FamilyName != "" || rev != 0 && p.Rev != rev {
				t.Errorf("%+v %v", p, err)
			}
			rev = p.Rev
		}
		for _, reader := range []account.Actor{awa, officer, recruiter} {
			_, err := w.View(t.Context(), reader, id)
			wantCode(t, err, fault.NotFound, "profile.not_found")
		}
		_, _, err := w.Disclose(t.Context(), officer, id, "file_review", "")
		wantCode(t, err, fault.NotFound, "profile.not_found")
	}
}

// TestAConsentNamesTheWordingAgreedTo: today's where none is named, and never
// two answers to one question. covers PR-05
func TestAConsentNamesTheWordingAgreedTo(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Create(t.Context(), awa, input(found(true), found(false))); !fault.Is(err, fault.Invalid) {
		t.Errorf("two answers to one question: %v", err)
	}
	w.create(t, awa, input(found(true)))
	put := func(choices ...profile.Choice) error {
		_, rev, err := w.Consents(t.Context(), awa)
		if err == nil {
			_, err = w.PutConsents(t.Context(), awa, rev, profile.ChannelWeb, choices)
		}
		return err
	}
	for _, version := range []string{" ", "a b", "-1", "123456789012345678901"} {
		if err := put(profile.Choice{Purpose: profile.PurposeMatching, Given: true, Version: version}); !fault.Is(err, fault.Invalid) {
			t.Errorf("version %q: %v", version, err)
		}
	}
	for _, version := range []string{"", profile.ConsentVersion, "2025-3"} { // the first two are what was agreed to already
		if err := put(profile.Choice{Purpose: profile.PurposeMatching, Given: true, Version: version}); err != nil {
			t.Errorf("version %q: %v", version, err)
		}
	}
	consents, rev, err := w.Consents(t.Context(), awa)
	if err != nil || len(consents) != 2 || rev != 2 || consents[0].Version != profile.ConsentVersion || consents[1].Version != "2025-3" {
		t.Errorf("%+v, revision %d, %v", consents, rev, err)
	}
	for _, c := range consents {
		if c.By != awa.Account || c.At.IsZero() {
			t.Errorf("%+v", c)
		}
	}
}

// TestTheHighestEducationCounts, whatever order it is stated in; what is not
// classified counts as none.
func TestTheHighestEducationCounts(t *testing.T) {
	for _, c := range []struct {
		levels []ref.EducationLevel
		want   ref.EducationLevel
	}{{nil, 0}, {[]ref.EducationLevel{9}, 0}, {[]ref.EducationLevel{3, 8, 9, 5}, 8}, {[]ref.EducationLevel{5, 3}, 5}} {
		f := profile.Facts{}
		for _, level := range c.levels {
			f.Education = append(f.Education, profile.Education{Level: level})
		}
		if got := f.HighestEducation(); got != c.want {
			t.Errorf("%v: %d", c.levels, got)
		}
	}
}
