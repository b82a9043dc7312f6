package store

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// placementDoc is one person's file from selection to return.
type placementDoc struct {
	Header       `bson:",inline"`
	Reference    string                  `bson:"reference"`
	Application  string                  `bson:"application"`
	Round        int                     `bson:"round"`
	Offer        offer.ID                `bson:"offer"`
	Agency       string                  `bson:"agency"`
	Employer     string                  `bson:"employer"`
	Profile      string                  `bson:"profile"`
	Candidate    account.ID              `bson:"candidate"`
	Country      ref.Country             `bson:"country"`
	Occupation   ref.Occupation          `bson:"occupation"`
	Kind         ref.WorkKind            `bson:"kind"`
	Title        string                  `bson:"title"`
	Frozen       offerSnapshotDoc        `bson:"frozen"`
	State        placement.State         `bson:"state"`
	Since        time.Time               `bson:"since"`
	Holds        []placementHoldDoc      `bson:"holds"`
	Contracts    []placementContractDoc  `bson:"contracts"`
	Checklist    []placementItemDoc      `bson:"checklist"`
	Documents    []placementDocumentDoc  `bson:"documents"`
	Costs        []placementCostDoc      `bson:"costs"`
	Claim        placementClaimDoc       `bson:"claim"`
	Decision     placementDecisionDoc    `bson:"decision"`
	Clearances   []placementClearanceDoc `bson:"clearances"`
	Journey      placementJourneyDoc     `bson:"journey"`
	Ending       placementEndingDoc      `bson:"ending"`
	Internship   *placementInternshipDoc `bson:"internship"`
	Mission      *placementMissionDoc    `bson:"mission"`
	CancelReason string                  `bson:"cancelReason"`
	History      []placementEventDoc     `bson:"history"`
	CreatedAt    time.Time               `bson:"createdAt"`
	UpdatedAt    time.Time               `bson:"updatedAt"`
	Pending      []entryDoc              `bson:"pending"`
	Outbox       []noticeDoc             `bson:"outbox"`
}

type placementHoldDoc struct {
	Kind       placement.HoldKind `bson:"kind"`
	Source     string             `bson:"source"`
	By         account.ID         `bson:"by"`
	At         time.Time          `bson:"at"`
	ReleasedBy account.ID         `bson:"releasedBy"`
	Reason     string             `bson:"reason"`
}

type placementContractDoc struct {
	Number        int                `bson:"number"`
	Stage         placement.Stage    `bson:"stage"`
	Terms         termsDoc           `bson:"terms"`
	Language      ref.Language       `bson:"language"`
	Document      string             `bson:"document"`
	By            account.ID         `bson:"by"`
	Role          account.Role       `bson:"role"`
	At            time.Time          `bson:"at"`
	Lines         []placementLineDoc `bson:"lines"`
	ShownAt       time.Time          `bson:"shownAt"`
	AcceptedAt    time.Time          `bson:"acceptedAt"`
	DeclinedAt    time.Time          `bson:"declinedAt"`
	DeclineReason string             `bson:"declineReason"`
	SignedOn      ref.Date           `bson:"signedOn"`
}

type placementLineDoc struct {
	Field     string            `bson:"field"`
	Verdict   placement.Verdict `bson:"verdict"`
	Protected bool              `bson:"protected"`
	Offered   string            `bson:"offered"`
	Found     string            `bson:"found"`
}

type placementItemDoc struct {
	Key      string           `bson:"key"`
	Label    placementTextDoc `bson:"label"`
	Required bool             `bson:"required"`
	Done     bool             `bson:"done"`
	DoneBy   account.ID       `bson:"doneBy"`
	DoneAt   time.Time        `bson:"doneAt"`
	Document string           `bson:"document"`
	Expires  ref.Date         `bson:"expires"`
}

type placementTextDoc struct {
	FR string `bson:"fr"`
	EN string `bson:"en"`
}

type placementDocumentDoc struct {
	ID       string                `bson:"id"`
	Item     string                `bson:"item"`
	Name     string                `bson:"name"`
	Media    string                `bson:"media"`
	Bytes    int64                 `bson:"bytes"`
	SHA256   string                `bson:"sha256"`
	Blob     string                `bson:"blob"`
	By       account.ID            `bson:"by"`
	Role     account.Role          `bson:"role"`
	At       time.Time             `bson:"at"`
	Readings []placementReadingDoc `bson:"readings"`
}

type placementReadingDoc struct {
	By     account.ID   `bson:"by"`
	Role   account.Role `bson:"role"`
	At     time.Time    `bson:"at"`
	Reason string       `bson:"reason"`
}

type placementCostDoc struct {
	ID           string       `bson:"id"`
	Category     string       `bson:"category"`
	Amount       moneyDoc     `bson:"amount"`
	EURCents     int64        `bson:"eurCents"`
	PaidBy       offer.Payer  `bson:"paidBy"`
	PaidOn       ref.Date     `bson:"paidOn"`
	Note         string       `bson:"note"`
	Document     string       `bson:"document"`
	By           account.ID   `bson:"by"`
	Role         account.Role `bson:"role"`
	At           time.Time    `bson:"at"`
	Struck       time.Time    `bson:"struck"`
	StruckBy     account.ID   `bson:"struckBy"`
	StruckReason string       `bson:"struckReason"`
}

type moneyDoc struct {
	Amount   int64        `bson:"amount"`
	Currency ref.Currency `bson:"currency"`
}

type placementClaimDoc struct {
	By    account.ID `bson:"by"`
	At    time.Time  `bson:"at"`
	Until time.Time  `bson:"until"`
}

type placementDecisionDoc struct {
	Reviewed      placementSignatureDoc `bson:"reviewed"`
	RefusalBy     placementSignatureDoc `bson:"refusalBy"`
	RefusalReason string                `bson:"refusalReason"`
	RefusalNote   string                `bson:"refusalNote"`
	Refused       placementSignatureDoc `bson:"refused"`
	Answered      bool                  `bson:"answered"`
	Answer        string                `bson:"answer"`
	AnsweredBy    account.ID            `bson:"answeredBy"`
}

type placementSignatureDoc struct {
	By account.ID `bson:"by"`
	At time.Time  `bson:"at"`
}

type placementClearanceDoc struct {
	Number        string                `bson:"number"`
	First         placementSignatureDoc `bson:"first"`
	Second        placementSignatureDoc `bson:"second"`
	From          ref.Date              `bson:"from"`
	Until         ref.Date              `bson:"until"`
	RevokedBy     account.ID            `bson:"revokedBy"`
	RevokedAt     time.Time             `bson:"revokedAt"`
	RevokedReason string                `bson:"revokedReason"`
}

type placementJourneyDoc struct {
	DepartedOn ref.Date              `bson:"departedOn"`
	Carrier    string                `bson:"carrier"`
	DueOn      ref.Date              `bson:"dueOn"`
	ArrivedOn  ref.Date              `bson:"arrivedOn"`
	ArrivedAt  string                `bson:"arrivedAt"`
	OverdueAt  time.Time             `bson:"overdueAt"`
	CheckIns   []placementCheckInDoc `bson:"checkIns"`
	Transfers  []placementMoveDoc    `bson:"transfers"`
}

type placementCheckInDoc struct {
	Day      int          `bson:"day"`
	Due      ref.Date     `bson:"due"`
	DoneAt   time.Time    `bson:"doneAt"`
	By       account.ID   `bson:"by"`
	Role     account.Role `bson:"role"`
	Channel  string       `bson:"channel"`
	Well     bool         `bson:"well"`
	PaidAs   bool         `bson:"paidAs"`
	Concerns []string     `bson:"concerns"`
	Note     string       `bson:"note"`
	Missed   time.Time    `bson:"missed"`
	AskedAt  time.Time    `bson:"askedAt"`
}

type placementMoveDoc struct {
	Contract  int                   `bson:"contract"`
	From      string                `bson:"from"`
	Employer  string                `bson:"employer"`
	Asked     placementSignatureDoc `bson:"asked"`
	Consented time.Time             `bson:"consented"`
	Decided   placementSignatureDoc `bson:"decided"`
	Approved  bool                  `bson:"approved"`
	Reason    string                `bson:"reason"`
}

type placementEndingDoc struct {
	On         ref.Date                      `bson:"on"`
	Cause      string                        `bson:"cause"`
	Note       string                        `bson:"note"`
	By         account.ID                    `bson:"by"`
	Role       account.Role                  `bson:"role"`
	At         time.Time                     `bson:"at"`
	HomeOn     ref.Date                      `bson:"homeOn"`
	HomeNote   string                        `bson:"homeNote"`
	Periods    []placementWorkPeriodDoc      `bson:"periods"`
	Skills     []ref.Skill                   `bson:"skills"`
	Certified  placementSignatureDoc         `bson:"certified"`
	Insurance  []placementInsurancePeriodDoc `bson:"insurance"`
	Rehire     bool                          `bson:"rehire"`
	RehireFrom ref.Date                      `bson:"rehireFrom"`
	RehireNote string                        `bson:"rehireNote"`
	Case       *placementReintegrationDoc    `bson:"case"`
}

type placementWorkPeriodDoc struct {
	Employer   string         `bson:"employer"`
	Occupation ref.Occupation `bson:"occupation"`
	Country    ref.Country    `bson:"country"`
	From       ref.Date       `bson:"from"`
	Until      ref.Date       `bson:"until"`
}

type placementInsurancePeriodDoc struct {
	Country     ref.Country `bson:"country"`
	Institution string      `bson:"institution"`
	ID          string      `bson:"id"`
	Number      string      `bson:"number"`
	Branch      string      `bson:"branch"`
	From        ref.Date    `bson:"from"`
	Until       ref.Date    `bson:"until"`
	Document    string      `bson:"document"`
	By          account.ID  `bson:"by"`
	At          time.Time   `bson:"at"`
}

type placementReintegrationDoc struct {
	OpenedAt time.Time              `bson:"openedAt"`
	Needs    []string               `bson:"needs"`
	Plan     string                 `bson:"plan"`
	Owner    account.ID             `bson:"owner"`
	FollowUp []placementFollowUpDoc `bson:"followUp"`
	ClosedAt time.Time              `bson:"closedAt"`
	Outcome  string                 `bson:"outcome"`
}

type placementFollowUpDoc struct {
	Months   int        `bson:"months"`
	Due      ref.Date   `bson:"due"`
	DoneAt   time.Time  `bson:"doneAt"`
	By       account.ID `bson:"by"`
	Activity string     `bson:"activity"`
	Note     string     `bson:"note"`
}

type placementInternshipDoc struct {
	School        string                  `bson:"school"`
	SchoolCity    string                  `bson:"schoolCity"`
	Programme     string                  `bson:"programme"`
	Tutor         string                  `bson:"tutor"`
	SchoolTutor   string                  `bson:"schoolTutor"`
	Stipend       payDoc                  `bson:"stipend"`
	HoursPerWeek  int                     `bson:"hoursPerWeek"`
	Objectives    string                  `bson:"objectives"`
	SchoolSigned  ref.Date                `bson:"schoolSigned"`
	HostSigned    ref.Date                `bson:"hostSigned"`
	TraineeSigned ref.Date                `bson:"traineeSigned"`
	Evaluation    *placementEvaluationDoc `bson:"evaluation"`
	Certificate   string                  `bson:"certificate"`
	CertifiedAt   time.Time               `bson:"certifiedAt"`
}

type placementEvaluationDoc struct {
	At       time.Time `bson:"at"`
	By       string    `bson:"by"`
	Skills   int       `bson:"skills"`
	Conduct  int       `bson:"conduct"`
	Autonomy int       `bson:"autonomy"`
	Comment  string    `bson:"comment"`
}

type placementMissionDoc struct {
	Host      string    `bson:"host"`
	Objective string    `bson:"objective"`
	Results   []string  `bson:"results"`
	Report    string    `bson:"report"`
	ReportAt  time.Time `bson:"reportAt"`
	Accepted  time.Time `bson:"accepted"`
}

type placementEventDoc struct {
	Action string          `bson:"action"`
	State  placement.State `bson:"state"`
	At     time.Time       `bson:"at"`
	By     account.ID      `bson:"by"`
	Role   account.Role    `bson:"role"`
	Reason string          `bson:"reason"`
	Note   string          `bson:"note"`
}
