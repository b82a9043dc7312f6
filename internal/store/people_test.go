package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

var peopleDay = time.Date(2026, 3, 2, 10, 20, 30, 456_000_000, time.UTC)

// fullAccount has every member set.
func fullAccount() *account.Account {
	return &account.Account{
		ID: "acc_01", Rev: 4, Email: "awa@example.ml", Phone: "+22376123456", PasswordHash: "$argon2id$v=19$x",
		Role: account.Official, Agency: "agy_01", Institution: "anpe", Collector: true, Locale: ref.French, State: account.Active,
		CreatedAt: peopleDay, UpdatedAt: peopleDay, LastLoginAt: peopleDay, SessionsFrom: peopleDay, TemporaryUntil: peopleDay,
		EmailVerifiedAt: peopleDay, PhoneVerifiedAt: peopleDay,
		Factor:  account.Factor{Secret: []byte{9}, Since: peopleDay, LastStep: 58, Recovery: [][]byte{{1, 2}, {3}}, Offered: []byte{8}, OfferedAt: peopleDay},
		Grant:   account.Grant{Post: account.Post{Role: account.Official, Agency: "agy_01", Institution: "anpe", Collector: true}, By: "acc_02", At: peopleDay},
		ResetBy: "acc_03", ResetAt: peopleDay, Devices: []string{"0102030405060708"}, WarnedAt: peopleDay,
		Pending: registerLog("acc_01"), Outbox: message.Outbox{fullNotice("msg_acc_01_4_0")},
	}
}

// fullSession has every member set.
func fullSession() *account.Session {
	return &account.Session{
		ID: "ses_01", Account: "acc_01", Family: []byte{1, 2}, Current: []byte{3}, Previous: []byte{4, 0}, Generation: 7,
		Label: "Téléphone", CreatedAt: peopleDay, TrustedAt: peopleDay, UsedAt: peopleDay, ExpiresAt: peopleDay,
		RevokedAt: peopleDay, Reason: account.RevokedByLogout,
	}
}

// fullClaim has every member set.
func fullClaim() *idempotency.Record {
	return &idempotency.Record{
		ID: "idm_01", Account: "acc_01", Fingerprint: "f", LeaseUntil: peopleDay, ExpiresAt: peopleDay,
		Answer: &idempotency.Answer{Status: 201, Body: []byte(`{"é":1}`), Header: map[string]string{"Location": "/x", "Content-Type": "application/json"}},
	}
}

// fullProfile has every member set.
func fullProfile() *profile.Profile {
	return &profile.Profile{
		ID: "pro_01", Rev: 4, EditRev: 3, Owner: "acc_01", CollectedBy: "acc_02", Import: "imp_01", SourceRun: 2, SourceRow: 5, SourceKey: "k", SourceHash: "h",
		Facts: profile.Facts{
			Identity: profile.Identity{GivenNames: "Awa Ɛɔɲŋ", FamilyName: "Traoré", Sex: profile.Female, BirthDate: "1994-03-07", BirthPlace: "Sikasso",
				Nationality: []ref.Country{"ML"}, NINA: "19403071234567A", Email: "awa@example.ml", Phone: "+22376123456", ConsularCard: "C-1"},
			Residence:    profile.Residence{Country: "ML", City: "Sikasso", Region: "3", Cercle: "Sikasso", Commune: "Sikasso"},
			Education:    []profile.Education{{Level: 5, Field: "0913", Title: "BTS", Institution: "INFSS", Country: "ML", Year: 2016, RecognisedIn: []ref.Country{"FR"}}},
			Experience:   []profile.Experience{{Occupation: "0110", Title: "Cadre", Employer: "Armée", Country: "ML", From: "2017-01", Until: "2019-12", Months: 36}},
			Spells:       []profile.Spell{{Country: "CI", From: "2019-06", Until: "2021-01", Purpose: "work"}},
			Occupations:  []ref.Occupation{"3221"},
			Skills:       []ref.Skill{"soins-infirmiers"},
			Languages:    []profile.LanguageSkill{{Language: "bm", Level: ref.C2, Native: true}},
			Licences:     []ref.Licence{"permis-b"},
			Recognitions: []profile.Recognition{{Occupation: "2221", Country: "FR", Authority: "Ordre", Date: "2024-01-01"}},
			Wishes: profile.Wishes{Occupations: []ref.Occupation{"2221"}, Countries: []ref.Country{"FR"}, Kinds: []ref.WorkKind{ref.Permanent},
				MinPayCents: 150000, AvailableFrom: "2027-02-15"},
			Interests: profile.Interests{Mentoring: true, ExpertMissions: true, Investment: true},
			Summary:   "Je cherche\nun poste.",
		},
		Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: true, Version: "2026-1", At: peopleDay, Channel: profile.ChannelWeb, By: "acc_01"}},
		Accesses: []profile.Access{{By: "acc_03", Role: account.Official, Agency: "agy_01", Who: "ministry", At: peopleDay, Reason: "other",
			Note: "voir", Until: peopleDay.Add(time.Hour)}},
		CreatedAt: peopleDay, UpdatedAt: peopleDay, ErasedAt: peopleDay, Pending: registerLog("pro_01"),
	}
}

// fullApplication has every member set.
func fullApplication() *application.Application {
	return &application.Application{
		ID: "app_01", Rev: 4, Offer: "off_01", Agency: "agy_01", Profile: "pro_01", Candidate: "acc_01", State: application.Waiting,
		Rank: 2, Reason: "other", Message: "Bonjour", OfferTitle: "Soudeur", OfferVer: 3, Round: 2, EligibleAtApply: true, InterviewAt: peopleDay,
		History:   []application.Event{{State: application.Refused, At: peopleDay, By: account.Agency, Reason: "language"}},
		CreatedAt: peopleDay, UpdatedAt: peopleDay, Pending: registerLog("app_01"),
	}
}

// TestPeopleGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A change
// of it needs a migration.
func TestPeopleGolden(t *testing.T) {
	for name, encode := range map[string]func() (bson.Raw, error){
		"account":     func() (bson.Raw, error) { return store.EncodeAccount(fullAccount()) },
		"session":     func() (bson.Raw, error) { return store.EncodeSession(fullSession()) },
		"idempotency": func() (bson.Raw, error) { return store.EncodeIdempotency(fullClaim()) },
		"profile":     func() (bson.Raw, error) { return store.EncodeProfile(fullProfile()) },
		"application": func() (bson.Raw, error) { return store.EncodeApplication(fullApplication()) },
		"message":     func() (bson.Raw, error) { return store.EncodeMessage(fullMessage()) },
		"code":        func() (bson.Raw, error) { return store.EncodeCode(fullCode()) },
	} {
		raw := must[bson.Raw](t)(encode())
		var got bytes.Buffer
		if err := json.Indent(&got, must[[]byte](t)(bson.MarshalExtJSON(raw, true, false)), "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		path := filepath.Join("testdata", name+".golden.json")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), got.String()); diff != "" {
			t.Errorf("%s is stored in another form:\n%s", name, diff)
		}
	}
}

func TestPeopleSamplesAreFull(t *testing.T) {
	for _, v := range []any{*fullAccount(), *fullSession(), *fullProfile(), *fullApplication(), *fullMessage(), *fullCode()} {
		wantFull(t, reflect.ValueOf(v), reflect.TypeOf(v).String())
	}
}

func TestProfileStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[profile.Profile]{}
		s := store.NewProfileStore(db, heard.watch)
		var _ profile.Store = s
		keepsContract(t, s, heard, contractOf[profile.Profile, profile.ID]{noun: "store", id: "pro_01", full: fullProfile,
			empty: func() *profile.Profile { return &profile.Profile{ID: "pro_01", Rev: 1} },
			rev:   func(p *profile.Profile) *int64 { return &p.Rev }, load: s.LoadProfiles})
		another := fullProfile()
		another.ID = "pro_02"
		existing := must[[]profile.ID](t)(s.InsertMany(t.Context(), []*profile.Profile{fullProfile(), another}))
		if len(existing) != 1 || existing[0] != "pro_01" {
			t.Errorf("existing: %v", existing)
		}
	})
}

func TestApplicationStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[application.Application]{}
		s := store.NewApplicationStore(db, heard.watch)
		var _ application.Store = s
		keepsContract(t, s, heard, contractOf[application.Application, application.ID]{noun: "store", id: "app_01", full: fullApplication,
			empty: func() *application.Application { return &application.Application{ID: "app_01", Rev: 1} },
			rev:   func(a *application.Application) *int64 { return &a.Rev }, load: s.LoadApplications})
	})
}

func TestSessionStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		s := store.NewSessionStore(db)
		var _ auth.SessionStore = s
		if err := s.Insert(t.Context(), fullSession()); err != nil {
			t.Fatal(err)
		}
		sameRecord(t, "read", fullSession(), must[*account.Session](t)(s.Get(t.Context(), "ses_01")))
		if _, err := s.Update(t.Context(), "ses_01", func(f *account.Session) error { f.Generation++; return nil }); err != nil {
			t.Error(err)
		}
		if got := must[*account.Session](t)(s.Get(t.Context(), "ses_01")).Generation; got != 8 {
			t.Errorf("generation %d", got)
		}
		seen := 0
		if err := s.Each(t.Context(), func(*account.Session) error { seen++; return nil }); err != nil || seen != 1 {
			t.Errorf("saw %d families, %v", seen, err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "ses_01"); err != nil {
				t.Error(err)
			}
		}
		_, err := s.Get(t.Context(), "ses_01")
		wantFault(t, err, fault.NotFound, "store.not_found")
	})
}
