package store_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/offer"
	"passerelle/internal/ledger"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// recordScene is two offers and an account whose changes are in the log, and a
// way to their documents past the program.
type recordScene struct {
	t      *testing.T
	offers *store.OfferStore
	raw    *mongo.Collection
	log    *ledger.Ledger
}

func newRecordScene(t *testing.T) *recordScene {
	db := storetest.Open(t)
	s := &recordScene{t: t, offers: store.NewOfferStore(db, nil)}
	s.log = ledger.New(ledger.Deps{Store: store.NewAuditStore(db), Keys: newOneKey(t), Random: rand.Reader, Now: func() time.Time { return registerDay }})
	for _, id := range []offer.ID{"off_1", "off_2"} {
		o := fullOffer()
		o.ID, o.Rev, o.Pending = id, 1, nil
		s.noted(o)
		if err := s.offers.Insert(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		s.carry(id)
	}
	uri, name := store.Address(db)
	client := must[*mongo.Client](t)(mongo.Connect(options.Client().ApplyURI(uri).SetMaxPoolSize(1)))
	t.Cleanup(func() {
		if err := client.Disconnect(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	s.raw = client.Database(name).Collection("offer")
	return s
}

func (s *recordScene) noted(o *offer.Offer) {
	o.Pending.Add(audit.Entry{At: registerDay, Actor: "acc_a", Role: "agency", Action: "offer.update", Subject: string(o.ID), Rev: o.Rev})
}

// carry brings what waits in an offer to the log.
func (s *recordScene) carry(id offer.ID) {
	s.t.Helper()
	entries := must[audit.Log](s.t)(s.offers.ReadPending(s.t.Context(), string(id)))
	logged := must[[]string](s.t)(s.log.Append(s.t.Context(), entries))
	if err := s.offers.DropPending(s.t.Context(), string(id), logged); err != nil {
		s.t.Fatal(err)
	}
}

func (s *recordScene) report() ledger.DocumentReport {
	s.t.Helper()
	d := must[*ledger.Documents](s.t)(s.log.Documents(s.t.Context()))
	if err := s.offers.EachDigest(s.t.Context(), func(doc audit.Document) error { return d.See(s.t.Context(), doc) }); err != nil {
		s.t.Fatal(err)
	}
	return d.Report()
}

func (s *recordScene) find(id string) bson.M {
	s.t.Helper()
	var doc bson.M
	if err := s.raw.FindOne(s.t.Context(), byDoc(id)).Decode(&doc); err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func (s *recordScene) replace(id string, doc any) {
	s.t.Helper()
	if res := must[*mongo.UpdateResult](s.t)(s.raw.ReplaceOne(s.t.Context(), byDoc(id), doc)); res.MatchedCount != 1 {
		s.t.Fatalf("%s: %+v", id, res)
	}
}

// TestAD02RecordChangedBehindTheLog: one member of one offer is changed in the
// database, its revision is moved, an older state is put back, the offer is
// taken away; each time it is the one that is named. covers AD-02
func TestAD02RecordChangedBehindTheLog(t *testing.T) {
	s := newRecordScene(t)
	if r := s.report(); r.Wrong != "" || r.Agreed != 2 {
		t.Fatalf("untouched: %+v", r)
	}
	before := s.find("off_2")
	change := func(what, want string, alter func(bson.M)) {
		doc := s.find("off_2")
		alter(doc)
		s.replace("off_2", doc)
		if r := s.report(); !strings.HasPrefix(r.Wrong, "record off_2 "+want) || r.Agreed != 1 {
			t.Errorf("%s: %+v", what, r)
		}
		s.replace("off_2", before)
	}
	change("a member", "is not what was stored then", func(d bson.M) { d["reference"] = "OFF-2026-AAAAAA" })
	change("the state", "is not what was stored then", func(d bson.M) { d["state"] = "published" })
	change("an added place", "is not what was stored then", func(d bson.M) { d["taken"] = bson.A{"app_x"} })
	change("a later revision", "is at revision 2, of which", func(d bson.M) { d["rev"] = int64(2) })
	change("the seq alone, then a member", "is not what", func(d bson.M) { d["seq"], d["agency"] = int64(99), "agy_x" })
	if r := s.report(); r.Wrong != "" || r.Agreed != 2 {
		t.Fatalf("put back: %+v", r)
	}
	must[*offer.Offer](t)(s.offers.Update(t.Context(), "off_2", func(o *offer.Offer) error {
		o.Rev++
		o.Current.Terms.Title = "other"
		s.noted(o)
		return nil
	}))
	if r := s.report(); r.Wrong != "" || r.Waiting != 1 {
		t.Errorf("with an entry that waits: %+v", r)
	}
	s.carry("off_2")
	s.replace("off_2", before)
	if r := s.report(); !strings.HasPrefix(r.Wrong, "record off_2 is at revision 1: ") {
		t.Errorf("an older state: %+v", r)
	}
	must[*mongo.DeleteResult](t)(s.raw.DeleteOne(t.Context(), byDoc("off_1")))
	if r := s.report(); !strings.HasPrefix(r.Wrong, "record off_1 is gone") {
		t.Errorf("the first by id is named: %+v", r)
	}
}

// TestRecordOfAForgottenSubject: once the key is destroyed nobody can tell, and
// that is no finding.
func TestRecordOfAForgottenSubject(t *testing.T) {
	s := newRecordScene(t)
	if err := s.log.Forget(t.Context(), "off_1"); err != nil {
		t.Fatal(err)
	}
	if r := s.report(); r.Wrong != "" || r.Forgotten != 1 || r.Agreed != 1 {
		t.Errorf("%+v", r)
	}
}

// TestSignInLeavesTheDigest: what every sign-in writes is no part of what the
// log attests, and what opens the account is.
func TestSignInLeavesTheDigest(t *testing.T) {
	db := storetest.Open(t)
	s := store.NewAccountStore(db, nil)
	a := fullAccount()
	if err := s.Insert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	digest := func() (found string) {
		err := s.EachDigest(t.Context(), func(d audit.Document) error { found = string(d.Digest); return nil })
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	change := func(alter func(*account.Account)) {
		must[*account.Account](t)(s.Update(t.Context(), a.ID, func(have *account.Account) error { alter(have); return nil }))
	}
	first := digest()
	change(func(a *account.Account) {
		a.Enter(registerDay.Add(time.Hour))
		a.Devices = []string{"d"}
		a.Factor.LastStep++
	})
	if digest() != first {
		t.Error("a sign-in changes what the log attests")
	}
	change(func(a *account.Account) { a.Role = account.Admin })
	if digest() == first {
		t.Error("another role is not seen")
	}
}
