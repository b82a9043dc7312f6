package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/statistics"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

func fullErasure() *privacy.Erasure {
	return &privacy.Erasure{ID: "era_acc_01", Account: "acc_01", Profile: "pro_01", Reason: "request", At: peopleDay, DoneAt: peopleDay}
}

func fullPublication() *statistics.Publication {
	parts := []statistics.Line{{Code: "female", Count: 12, Others: 1, Lines: []statistics.Line{{Code: "x", Count: 2, Others: 3}}}}
	return &statistics.Publication{Quarter: "2026-Q3", PublishedAt: peopleDay, Tables: []statistics.Table{
		{Report: "profiles-by-region-and-sex", Threshold: 10, Shown: true, Line: statistics.Line{Code: "c", Count: 40, Others: 7,
			Lines: []statistics.Line{{Code: "2", Count: 33, Others: 8, Lines: parts}}}},
		{Report: "offers-by-country", Threshold: 5},
	}}
}

// TestPrivacyGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it.
func TestPrivacyGolden(t *testing.T) {
	for name, raw := range map[string]bson.Raw{
		"erasure":   must[bson.Raw](t)(store.EncodeErasure(fullErasure())),
		"statistic": must[bson.Raw](t)(store.EncodeStatistic(fullPublication())),
	} {
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
	wantFull(t, reflect.ValueOf(*fullErasure()), "privacy.Erasure")
}

func TestErasuresAndPublicationsRoundTrip(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	erasures, quarters := store.NewErasureStore(db), store.NewStatisticStore(db)
	for range 2 {
		err := erasures.Insert(t.Context(), fullErasure())
		if published := quarters.Insert(t.Context(), fullPublication()); fault.Is(err, fault.Conflict) != fault.Is(published, fault.Conflict) {
			t.Errorf("%v, %v", err, published)
		}
	}
	if diff := cmp.Diff(fullErasure(), must[*privacy.Erasure](t)(erasures.Get(t.Context(), "era_acc_01"))); diff != "" {
		t.Error(diff)
	}
	seen := 0
	err := quarters.LoadPublications(t.Context(), func(p *statistics.Publication) error {
		seen++
		if diff := cmp.Diff(fullPublication(), p); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	if err != nil || seen != 1 {
		t.Errorf("%d publications, %v", seen, err)
	}
}

// TestForgettingIsExact removes what belongs to one account and nothing else.
func TestForgettingIsExact(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	var told []message.State
	messages := store.NewMessageStore(db, func(m *message.Message) { told = append(told, m.State) })
	codes := store.NewCodeStore(db, nil)
	for _, owner := range []account.ID{"acc_1", "acc_2"} {
		for _, state := range []message.State{message.Queued, message.Sent} {
			m := &message.Message{Notice: message.Notice{ID: message.ID("msg_" + string(owner) + string(state)), Recipient: string(owner)}, Rev: 1, State: state}
			if err := messages.Insert(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		if err := codes.Insert(t.Context(), &account.Code{ID: account.CodeID("cod_" + owner), Rev: 1, Account: owner}); err != nil {
			t.Fatal(err)
		}
	}
	told = nil
	for range 2 {
		if err := messages.ForgetMessages(t.Context(), "acc_1"); err != nil {
			t.Fatal(err)
		}
		if err := codes.DeleteOf(t.Context(), "acc_1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 1 || told[0] != message.Dropped {
		t.Errorf("the desk was told %q", told)
	}
	if left := len(must[[]message.Message](t)(messages.MessagesTo(t.Context(), "acc_1"))); left != 0 {
		t.Errorf("%d messages are left", left)
	}
	if kept := len(must[[]message.Message](t)(messages.MessagesTo(t.Context(), "acc_2"))); kept != 2 {
		t.Errorf("%d messages of somebody else", kept)
	}
	_, err := codes.Get(t.Context(), "cod_acc_1")
	wantFault(t, err, fault.NotFound, "store.not_found")
	if _, err := codes.Get(t.Context(), "cod_acc_2"); err != nil {
		t.Error(err)
	}
}
