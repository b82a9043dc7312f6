package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// incidentDoc is one case. What people said is sealed.
type incidentDoc struct {
	Header      `bson:",inline"`
	Reference   string             `bson:"reference"`
	Placement   placement.ID       `bson:"placement"`
	Offer       string             `bson:"offer"`
	Agency      string             `bson:"agency"`
	Country     ref.Country        `bson:"country"`
	Source      incident.Source    `bson:"source"`
	Reporter    account.ID         `bson:"reporter"`
	Discreet    bool               `bson:"discreet"`
	Category    string             `bson:"category"`
	Indicators  []string           `bson:"indicators"`
	Description string             `bson:"description"`
	Safety      bool               `bson:"safety"`
	State       incident.State     `bson:"state"`
	TriageDue   time.Time          `bson:"triageDue"`
	Owner       account.ID         `bson:"owner"`
	Entries     []incidentEntryDoc `bson:"entries"`
	Referrals   []referralDoc      `bson:"referrals"`
	History     []incidentEventDoc `bson:"history"`
	Outcome     string             `bson:"outcome"`
	Closing     string             `bson:"closing"`
	HeldAt      time.Time          `bson:"heldAt"`
	Next        string             `bson:"nextCode"`
	Last        string             `bson:"lastCode"`
	CreatedAt   time.Time          `bson:"createdAt"`
	UpdatedAt   time.Time          `bson:"updatedAt"`
	Pending     []entryDoc         `bson:"pending"`
	Outbox      []noticeDoc        `bson:"outbox"`
}

type incidentEntryDoc struct {
	At       time.Time         `bson:"at"`
	By       account.ID        `bson:"by"`
	Role     account.Role      `bson:"role"`
	Reporter bool              `bson:"reporter"`
	Audience incident.Audience `bson:"audience"`
	Text     string            `bson:"text"`
}

type referralDoc struct {
	Partner   string      `bson:"partner"`
	Country   ref.Country `bson:"country"`
	Consented bool        `bson:"consented"`
	Note      string      `bson:"note"`
	At        time.Time   `bson:"at"`
	By        account.ID  `bson:"by"`
}

type incidentEventDoc struct {
	Action string         `bson:"action"`
	State  incident.State `bson:"state"`
	At     time.Time      `bson:"at"`
	By     account.ID     `bson:"by"`
	Role   account.Role   `bson:"role"`
	Reason string         `bson:"reason"`
}

// IncidentStore keeps incidents. It implements incident.Store.
type IncidentStore struct {
	*aggregate[incident.Incident, incidentDoc, incident.ID]
}

// NewIncidentStore gives access to the incidents; watch is told of every
// acknowledged write.
func NewIncidentStore(db *DB, watch func(*incident.Incident)) *IncidentStore {
	docs := newCollection[incidentDoc](db, nameIncident)
	kept := newAggregate[incident.Incident, incidentDoc, incident.ID](docs, toIncidentDoc, fromIncidentDoc, watch)
	return &IncidentStore{kept.sealing(personalOfIncident)}
}

// personalOfIncident names what people said. The lists are copied first: a copy
// of the document shares them.
func personalOfIncident(d *incidentDoc) []personal {
	texts := []personal{{name: "description", text: &d.Description}, {name: "closing", text: &d.Closing}}
	d.Entries, d.Referrals = slices.Clone(d.Entries), slices.Clone(d.Referrals)
	for i := range d.Entries {
		texts = append(texts, personal{name: "entries/" + strconv.Itoa(i), text: &d.Entries[i].Text})
	}
	for i := range d.Referrals {
		texts = append(texts, personal{name: "referrals/" + strconv.Itoa(i), text: &d.Referrals[i].Note})
	}
	return texts
}

// LoadIncidents gives every incident to fn, in no particular order.
func (s *IncidentStore) LoadIncidents(ctx context.Context, fn func(*incident.Incident) error) error {
	return s.load(ctx, fn)
}

func toIncidentDoc(i *incident.Incident) incidentDoc {
	return incidentDoc{
		Header: Header{ID: string(i.ID), Rev: i.Rev}, Reference: i.Reference,
		Placement: i.Placement, Offer: i.Offer, Agency: i.Agency, Country: i.Country, Source: i.Source, Reporter: i.Reporter,
		Discreet: i.Discreet, Category: i.Category, Indicators: i.Indicators, Description: i.Description, Safety: i.Safety,
		State: i.State, TriageDue: i.TriageDue, Owner: i.Owner,
		Entries:   convert(i.Entries, func(e incident.Entry) incidentEntryDoc { return incidentEntryDoc(e) }),
		Referrals: convert(i.Referrals, func(r incident.Referral) referralDoc { return referralDoc(r) }),
		History:   convert(i.History, func(e incident.Event) incidentEventDoc { return incidentEventDoc(e) }),
		Outcome:   i.Outcome, Closing: i.Closing, HeldAt: i.HeldAt, Next: i.Next, Last: i.Last,
		CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt, Pending: toPending(i.Pending), Outbox: toOutbox(i.Outbox),
	}
}

func fromIncidentDoc(d *incidentDoc) *incident.Incident {
	return &incident.Incident{
		ID: incident.ID(d.ID), Rev: d.Rev, Reference: d.Reference,
		Placement: d.Placement, Offer: d.Offer, Agency: d.Agency, Country: d.Country, Source: d.Source, Reporter: d.Reporter,
		Discreet: d.Discreet, Category: d.Category, Indicators: orNil(d.Indicators), Description: d.Description, Safety: d.Safety,
		State: d.State, TriageDue: d.TriageDue, Owner: d.Owner,
		Entries:   convert(d.Entries, func(e incidentEntryDoc) incident.Entry { return incident.Entry(e) }),
		Referrals: convert(d.Referrals, func(r referralDoc) incident.Referral { return incident.Referral(r) }),
		History:   convert(d.History, func(e incidentEventDoc) incident.Event { return incident.Event(e) }),
		Outcome:   d.Outcome, Closing: d.Closing, HeldAt: d.HeldAt, Next: d.Next, Last: d.Last,
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending), Outbox: fromOutbox(d.Outbox),
	}
}
