package placement_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// The people of these tests.
var (
	person    = account.Actor{Account: "acc_person", Role: account.Candidate}
	stranger  = account.Actor{Account: "acc_stranger", Role: account.Candidate}
	bureau    = account.Actor{Account: "acc_bureau", Role: account.Agency, Agency: "agy_1"}
	rival     = account.Actor{Account: "acc_rival", Role: account.Agency, Agency: "agy_2"}
	officialA = account.Actor{Account: "acc_a", Role: account.Official}
	officialB = account.Actor{Account: "acc_b", Role: account.Official}
	officialC = account.Actor{Account: "acc_c", Role: account.Official}
	system    = account.SystemActor()
)

// desk is the service over maps: the rules of the room without a database.
type desk struct {
	*placement.Service
	t         *testing.T
	now       time.Time
	made      int
	files     lifecycletest.Shelf[placement.ID, placement.Placement]
	blobs     map[string][]byte
	codes     map[string]string // by person and matter
	released  []application.ID
	agency    agency.State
	employer  employer.State
	corridor  *corridor.Corridor
	offer     *offer.Offer
	selection *application.Application
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), files: lifecycletest.NewShelf(func(p *placement.Placement) placement.ID { return p.ID }), blobs: map[string][]byte{},
		codes: map[string]string{}, agency: agency.Active, employer: employer.Accredited}
	for _, c := range corridor.Defaults() {
		if c.Destination == "ES" {
			d.corridor = &c
		}
	}
	d.offer = &offer.Offer{ID: "off_1", Agency: "agy_1", State: offer.Published,
		Frozen: &offer.Snapshot{Version: 1, Terms: promised(), PublishedAt: d.now.Add(-240 * time.Hour)}}
	d.selection = &application.Application{ID: "app_1", Offer: "off_1", Agency: "agy_1", Profile: "pro_1", Candidate: person.Account,
		State: application.Selected, Round: 1}
	d.Service = placement.NewService(placement.Deps{
		Store: d.files, Model: deskModel{d}, Offers: deskOffers{d}, Applications: deskApplications{d}, Codes: deskCodes{d}, Blobs: deskBlobs{d},
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return d.now }, NewID: d.newID,
	})
	return d
}

// promised are the terms of the offer in these tests: lawful in Spain.
func promised() offer.Terms {
	t := offer.Terms{
		Title: "Maçon coffreur", Occupation: "7112", Kind: ref.FixedTerm, Employer: "emp_1", EmployerName: "Obras del Sur SL", Country: "ES",
		City: "Almería", Places: 2, Start: "2027-03-01", DurationMonths: 12, HoursPerWeek: 4000, DaysPerWeek: 500,
		Pay:      ref.Pay{Min: 180000, Currency: ref.EUR, Period: ref.PerMonth, Basis: ref.Gross},
		Benefits: offer.Benefits{Housing: offer.Provided, Meals: offer.NotProvided, Flight: offer.Provided},
		Costs:    offer.Costs{Visa: offer.ByEmployer, Flight: offer.ByEmployer, Medical: offer.ByEmployer, Training: offer.ByEmployer},
	}
	t.Normalise()
	return t
}

func (d *desk) newID(prefix string) string { d.made++; return fmt.Sprintf("%s%04d", prefix, d.made) }

// open gives the id of a newly opened file.
func (d *desk) open() placement.ID {
	d.t.Helper()
	p, err := d.Open(d.t.Context(), "app_1")
	d.ok(err)
	return p.ID
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("unexpected: %v", err)
	}
}

// want asserts a fault.
func (d *desk) want(err error, kind fault.Kind, code string) {
	d.t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		d.t.Fatalf("got %v, want %s %s", err, kind, code)
	}
}

// wantField asserts an Invalid fault with that field code.
func (d *desk) wantField(err error, pointer, code string) {
	d.t.Helper()
	if !lifecycletest.IsField(err, pointer, code) {
		d.t.Fatalf("got %v, want the field %s %s", err, pointer, code)
	}
}

func (d *desk) file(id placement.ID) *placement.Placement {
	d.t.Helper()
	p, err := d.files.Get(d.t.Context(), id)
	d.ok(err)
	return p
}

func (d *desk) draft(change func(*offer.Terms)) placement.Draft {
	terms := promised()
	if change != nil {
		change(&terms)
	}
	return placement.Draft{Terms: terms, Language: "es", SignedOn: "2026-11-20"}
}

func (d *desk) propose(id placement.ID, change func(*offer.Terms)) *placement.Placement {
	d.t.Helper()
	p, err := d.Propose(d.t.Context(), bureau, id, d.draft(change))
	d.ok(err)
	return p
}

// accept has the person read, wait and accept the present contract.
func (d *desk) accept(id placement.ID) *placement.Placement {
	d.t.Helper()
	number := d.file(id).CurrentContract().Number
	_, err := d.ReadContract(d.t.Context(), person, id, number)
	d.ok(err)
	d.now = d.now.Add(placement.DefaultCoolingOff)
	d.ok(d.RequestCode(d.t.Context(), person, id))
	p, err := d.Accept(d.t.Context(), person, id, d.code(id, number))
	d.ok(err)
	return p
}

func (d *desk) code(id placement.ID, number int) string {
	return d.codes[fmt.Sprintf("%s placement/%s/contract/%d", person.Account, id, number)]
}

func (d *desk) paper(id placement.ID, actor account.Actor, item string) string {
	d.t.Helper()
	doc, err := d.AddDocument(d.t.Context(), actor, id, placement.Upload{Item: item, Name: item + ".pdf", Content: []byte("%PDF-1.4\nrien\n%%EOF\n")})
	d.ok(err)
	return doc.ID
}

// fill marks every required item that is lacking.
func (d *desk) fill(id placement.ID) *placement.Placement {
	d.t.Helper()
	for _, key := range d.file(id).Lacking(ref.DateOf(d.now)) {
		who, m := bureau, placement.Mark{Key: key, Done: true, Expires: "2029-12-31"}
		if key == placement.ItemTraining {
			who = person
		} else {
			m.Document = d.paper(id, who, key)
		}
		_, err := d.MarkItem(d.t.Context(), who, id, m)
		d.ok(err)
	}
	return d.file(id)
}

// reviewable gives a file under review.
func (d *desk) reviewable() placement.ID {
	d.t.Helper()
	id := d.open()
	d.propose(id, nil)
	d.accept(id)
	if p := d.fill(id); p.State != placement.UnderReview {
		d.t.Fatalf("the complete file is %s", p.State)
	}
	return id
}

func (d *desk) cleared() placement.ID {
	d.t.Helper()
	return d.signed(d.reviewable())
}

// signed has two officials clear a file under review.
func (d *desk) signed(id placement.ID) placement.ID {
	d.t.Helper()
	_, err := d.Review(d.t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Clear(d.t.Context(), officialB, id, placement.Validity{})
	d.ok(err)
	return id
}

type deskModel struct{ *desk }

func (m deskModel) SearchPlacements(placement.Query) listing.Result[placement.Card] {
	return listing.Result[placement.Card]{}
}

func (m deskModel) PlacementCard(id placement.ID) (placement.Card, bool) {
	p, err := m.files.Get(context.Background(), id)
	if err != nil {
		return placement.Card{}, false
	}
	return placement.CardOf(p, placement.Calendar{}, m.now), true
}

func (m deskModel) EachPlacement(see func(*placement.Card) bool) {
	for id := range m.files.Docs {
		if c, ok := m.PlacementCard(id); ok && !see(&c) {
			return
		}
	}
}

func (m deskModel) Corridor(corridor.Code) (*corridor.Corridor, bool) {
	return m.corridor, m.corridor != nil
}

func (m deskModel) AgencyCard(id agency.ID) (agency.Card, bool) {
	return agency.Card{ID: id, State: m.agency, Kind: agency.Private}, true
}

func (m deskModel) AgencyKnown(id agency.ID) placement.Known {
	card, _ := m.AgencyCard(id)
	carried := false
	m.EachPlacement(func(c *placement.Card) bool {
		carried = c.Agency == string(id) && c.Carried()
		return !carried
	})
	return placement.KnownOf(card, carried)
}

func (m deskModel) EmployerCard(id employer.ID) (employer.Card, bool) {
	return employer.Card{ID: id, State: m.desk.employer, Country: "ES"}, id == "emp_1"
}

func (m deskModel) ProfileCard(profile.ID) (profile.Card, bool) { return profile.Card{}, false }

// Accounts gives two members of the agency.
func (m deskModel) Accounts(q account.Query) (page listing.Result[account.Card]) {
	if q.Role == account.Agency && q.State == account.Active && q.Agency == "agy_1" {
		page.Items = []account.Card{{ID: "acc_m2"}, {ID: "acc_m1"}}
	}
	return page
}

type deskOffers struct{ *desk }

func (o deskOffers) Get(context.Context, offer.ID) (*offer.Offer, error) { return o.offer, nil }

type deskApplications struct{ *desk }

func (a deskApplications) Get(context.Context, application.ID) (*application.Application, error) {
	return a.selection, nil
}

func (a deskApplications) Release(_ context.Context, id application.ID) error {
	a.desk.released = append(a.desk.released, id)
	return nil
}

type deskCodes struct{ *desk }

func (c deskCodes) Send(_ context.Context, who account.ID, matter string) error {
	c.codes[string(who)+" "+matter] = c.newID("")
	return nil
}

func (c deskCodes) Spend(_ context.Context, who account.ID, matter, code string) error {
	key := string(who) + " " + matter
	if code == "" || c.codes[key] != code {
		return fault.New(fault.Invalid, "auth.code.wrong")
	}
	delete(c.codes, key)
	return nil
}

type deskBlobs struct{ *desk }

func (b deskBlobs) Put(_ context.Context, key string, content []byte) error {
	b.blobs[key] = content
	return nil
}

func (b deskBlobs) Open(_ context.Context, key string) (io.ReadCloser, error) {
	content, found := b.blobs[key]
	if !found {
		return nil, fault.New(fault.NotFound, "blob.not_found")
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

func (b deskBlobs) Remove(_ context.Context, key string) error {
	delete(b.blobs, key)
	return nil
}
