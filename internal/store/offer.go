package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// offerDoc is one vacancy's file.
type offerDoc struct {
	Header      `bson:",inline"`
	Reference   string             `bson:"reference"`
	Agency      string             `bson:"agency"`
	AgencyKind  string             `bson:"agencyKind"`
	CreatedBy   account.ID         `bson:"createdBy"`
	State       offer.State        `bson:"state"`
	Current     offerVersionDoc    `bson:"current"`
	Next        *offerVersionDoc   `bson:"next"`
	Frozen      *offerSnapshotDoc  `bson:"frozen"`
	Earlier     []offerSnapshotDoc `bson:"earlier"`
	Announce    int                `bson:"announce"`
	Causes      []offer.Cause      `bson:"causes"`
	SuspendedBy account.ID         `bson:"suspendedBy"`
	ReopenedBy  account.ID         `bson:"reopenedBy"`
	Taken       []string           `bson:"taken"`
	Objections  []objectionDoc     `bson:"objections"`
	Source      offerSourceDoc     `bson:"source"`
	CreatedAt   time.Time          `bson:"createdAt"`
	UpdatedAt   time.Time          `bson:"updatedAt"`
	ClosedAt    time.Time          `bson:"closedAt"`
	Pending     []entryDoc         `bson:"pending"`
}

type offerVersionDoc struct {
	Number      int          `bson:"number"`
	State       offer.State  `bson:"state"`
	Terms       termsDoc     `bson:"terms"`
	Findings    []findingDoc `bson:"findings"`
	SubmittedBy account.ID   `bson:"submittedBy"`
	SubmittedAt time.Time    `bson:"submittedAt"`
	ApprovedBy  account.ID   `bson:"approvedBy"`
	ApprovedAt  time.Time    `bson:"approvedAt"`
	Editors     []account.ID `bson:"editors"`
	Reason      string       `bson:"reason"`
	Note        string       `bson:"note"`
	Answered    bool         `bson:"answered"`
	Answer      string       `bson:"answer"`
}

type offerSnapshotDoc struct {
	Version     int          `bson:"version"`
	Terms       termsDoc     `bson:"terms"`
	PublishedBy account.ID   `bson:"publishedBy"`
	PublishedAt time.Time    `bson:"publishedAt"`
	PayCents    int64        `bson:"payCents"`
	PayKnown    bool         `bson:"payKnown"`
	RateFrom    ref.Date     `bson:"rateFrom"`
	SHA256      string       `bson:"sha256"`
	Warnings    []findingDoc `bson:"warnings"`
}

type termsDoc struct {
	Title            string             `bson:"title"`
	Description      string             `bson:"description"`
	Occupation       ref.Occupation     `bson:"occupation"`
	Kind             ref.WorkKind       `bson:"kind"`
	Employer         string             `bson:"employer"`
	EmployerName     string             `bson:"employerName"`
	Country          ref.Country        `bson:"country"`
	Region           string             `bson:"region"`
	City             string             `bson:"city"`
	Places           int                `bson:"places"`
	Start            ref.Date           `bson:"start"`
	DurationMonths   int                `bson:"durationMonths"`
	HoursPerWeek     int                `bson:"hoursPerWeek"` // hundredths
	DaysPerWeek      int                `bson:"daysPerWeek"`  // hundredths
	Pay              payDoc             `bson:"pay"`
	PayText          string             `bson:"payText"`
	Benefits         benefitsDoc        `bson:"benefits"`
	Deductions       []deductionDoc     `bson:"deductions"`
	Languages        []languageNeedDoc  `bson:"languages"`
	Education        ref.EducationLevel `bson:"education"`
	ExperienceMonths int                `bson:"experienceMonths"`
	RequiredSkills   []ref.Skill        `bson:"requiredSkills"`
	OptionalSkills   []ref.Skill        `bson:"optionalSkills"`
	Licences         []ref.Licence      `bson:"licences"`
	MinAge           int                `bson:"minAge"`
	Regulated        bool               `bson:"regulated"`
	Costs            costsDoc           `bson:"costs"`
	Deadline         ref.Date           `bson:"deadline"`
}

type payDoc struct {
	Min             int64        `bson:"min"` // minor units
	Max             int64        `bson:"max"`
	Currency        ref.Currency `bson:"currency"`
	Period          ref.Period   `bson:"period"`
	Basis           ref.Basis    `bson:"basis"`
	PaymentsPerYear int          `bson:"paymentsPerYear"`
}

type benefitsDoc struct {
	Housing   offer.Benefit `bson:"housing"`
	Meals     offer.Benefit `bson:"meals"`
	Transport offer.Benefit `bson:"transport"`
	Insurance offer.Benefit `bson:"insurance"`
	Flight    offer.Benefit `bson:"flight"`
}

type costsDoc struct {
	Visa      offer.Payer `bson:"visa"`
	Flight    offer.Payer `bson:"flight"`
	Medical   offer.Payer `bson:"medical"`
	Training  offer.Payer `bson:"training"`
	WorkerFee int64       `bson:"workerFee"` // minor units of the pay's currency
}

type deductionDoc struct {
	Label  string `bson:"label"`
	Amount int64  `bson:"amount"`
}

type languageNeedDoc struct {
	Language ref.Language `bson:"language"`
	Level    ref.Level    `bson:"level"`
}

type findingDoc struct {
	Code     string   `bson:"code"`
	Pointer  string   `bson:"pointer"`
	Blocking bool     `bson:"blocking"`
	Args     []string `bson:"args"`
}

type objectionDoc struct {
	By     account.ID `bson:"by"`
	At     time.Time  `bson:"at"`
	Reason string     `bson:"reason"`
	Note   string     `bson:"note"`
}

type offerSourceDoc struct {
	Import     string       `bson:"import"`
	Run        int          `bson:"run"`
	Row        int          `bson:"row"`
	Key        string       `bson:"key"`
	Hash       string       `bson:"hash"`
	Posted     ref.Date     `bson:"posted"`
	Original   string       `bson:"original"`
	Coding     string       `bson:"coding"`
	Confidence int          `bson:"confidence"`
	Coders     []account.ID `bson:"coders"`
}

// OfferStore keeps offers. It implements offer.Store.
type OfferStore struct {
	*aggregate[offer.Offer, offerDoc, offer.ID]
}

// NewOfferStore gives access to the offers; watch is told of every
// acknowledged write.
func NewOfferStore(db *DB, watch func(*offer.Offer)) *OfferStore {
	docs := newCollection[offerDoc](db, nameOffer)
	return &OfferStore{newAggregate[offer.Offer, offerDoc, offer.ID](docs, toOfferDoc, fromOfferDoc, watch)}
}

// Get reads one offer; fault.NotFound, code "offer.not_found", when there is
// none.
func (s *OfferStore) Get(ctx context.Context, id offer.ID) (*offer.Offer, error) {
	o, err := s.aggregate.Get(ctx, id)
	return o, absentAs("offer.not_found", err)
}

// Update changes an offer under its lock.
func (s *OfferStore) Update(ctx context.Context, id offer.ID, change func(*offer.Offer) error) (*offer.Offer, error) {
	o, err := s.aggregate.Update(ctx, id, change)
	return o, absentAs("offer.not_found", err)
}

// LoadOffers gives every offer to fn, in no particular order.
func (s *OfferStore) LoadOffers(ctx context.Context, fn func(*offer.Offer) error) error {
	return s.load(ctx, fn)
}
