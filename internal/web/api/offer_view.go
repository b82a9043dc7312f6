package api

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/posting"
)

// offerJSON is one offer as far as the caller may see it. Its own members are
// the terms in force, or those of the only version there is.
type offerJSON struct {
	ID         string `json:"id"`
	Rev        int64  `json:"rev"`
	Reference  string `json:"reference" example:"OFF-2026-7K3Q9Z"`
	State      string `json:"state" example:"published"`
	Version    int    `json:"version" doc:"of the terms shown"`
	Agency     string `json:"agency"`
	AgencyName string `json:"agencyName"`
	AgencyKind string `json:"agencyKind" example:"private"`
	Open       bool   `json:"open" doc:"people may apply today"`
	FreePlaces int    `json:"freePlaces"`
	offerTerms
	Published *offerPublication `json:"published,omitempty"`
	Findings  []findingJSON     `json:"findings" doc:"of the linter; for the public, the warnings of the published version"`
	UpdatedAt time.Time         `json:"updatedAt"`

	// For its agency and officials.
	Review     *offerReview    `json:"review,omitempty" doc:"the version under work; for its agency and officials, like the following members"`
	Causes     []string        `json:"causes,omitzero" doc:"of suspension: own, agency, employer, corridor"`
	Reopening  bool            `json:"reopening,omitempty" doc:"one of two officials has agreed to reopen"`
	Objections []objectionJSON `json:"objections,omitzero"`
	Source     *offerSource    `json:"source,omitempty" doc:"file the offer came from"`
	CreatedAt  time.Time       `json:"createdAt,omitzero"`
	ClosedAt   time.Time       `json:"closedAt,omitzero"`

	posting *posting.JobPosting // written instead, where linked data is asked for
}

// offerPublication is what publishing froze.
type offerPublication struct {
	At            time.Time `json:"at"`
	SHA256        string    `json:"sha256" doc:"of the canonical JSON (RFC 8785) of the terms"`
	MonthlyGross  string    `json:"monthlyGross,omitempty" doc:"normalised pay in EUR; absent when it cannot be computed" example:"1500.00"`
	RateValidFrom string    `json:"rateValidFrom,omitempty" doc:"day from which the exchange rate used holds"`
}

// offerReview is a version on its way. Terms are there when they are not the
// offer's own members.
type offerReview struct {
	Version     int         `json:"version"`
	State       string      `json:"state" example:"submitted"`
	Terms       *offerTerms `json:"terms,omitempty"`
	SubmittedAt time.Time   `json:"submittedAt,omitzero"`
	ApprovedAt  time.Time   `json:"approvedAt,omitzero"`
	ApprovedBy  string      `json:"approvedBy,omitempty" doc:"officials only"`
	Reason      string      `json:"reason,omitempty" doc:"of the last return or refusal"`
	Note        string      `json:"note,omitempty"`
	Answered    bool        `json:"answered" doc:"the one answer to a refusal is used up"`
	Answer      string      `json:"answer,omitempty"`
}

type objectionJSON struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Note   string    `json:"note,omitempty"`
}

type offerSource struct {
	Import     string `json:"import"`
	Row        int    `json:"row"`
	Key        string `json:"key,omitempty"`
	Posted     string `json:"posted,omitempty"`
	Coding     string `json:"coding,omitempty" doc:"how the occupation was found; absent = given by the source"`
	Confidence int    `json:"confidence" doc:"of the coding, 0 to 100"`
	Original   string `json:"original,omitempty" doc:"description before contacts were masked; officials only"`
}

// findingJSON is one thing the linter has to say.
type findingJSON struct {
	Code     string `json:"code" example:"lint.pay.below_floor"`
	Pointer  string `json:"pointer" example:"/pay/amount"`
	Blocking bool   `json:"blocking"`
	Detail   string `json:"detail" doc:"in the caller's language"`
}

// findingsOf words findings in the caller's language.
func (c *Call) findingsOf(found []offer.Finding) []findingJSON {
	texts := c.api.opts.Server.Messages()
	return mapped(found, func(f offer.Finding) findingJSON {
		detail, _ := texts.Text(c.Locale, f.Args, f.Code)
		return findingJSON{Code: f.Code, Pointer: f.Pointer, Blocking: f.Blocking, Detail: detail}
	})
}

// offerOf shows a view. What the domain left out of it stays out.
func (c *Call) offerOf(v offer.View) offerJSON {
	out := offerJSON{
		ID: string(v.ID), Rev: v.Rev, Reference: v.Reference, State: string(v.State), Version: v.Version, Agency: v.Agency,
		AgencyName: v.AgencyName, AgencyKind: v.AgencyKind, Open: v.Open, FreePlaces: v.FreePlaces, offerTerms: offerTermsOf(v.Terms),
		Findings: c.findingsOf(v.Findings), UpdatedAt: v.UpdatedAt,
	}
	if s := v.Snapshot; s != nil {
		out.Published = &offerPublication{At: s.PublishedAt, SHA256: s.SHA256, RateValidFrom: string(s.RateFrom)}
		if s.PayKnown {
			out.Published.MonthlyGross = money(s.PayCents, ref.EUR)
		}
	}
	if v.Managed {
		out.addManaged(v, c.Actor.Role == account.Official)
	}
	return out
}

func (out *offerJSON) addManaged(v offer.View, official bool) {
	out.Causes, out.Reopening, out.CreatedAt, out.ClosedAt = textsOf(v.Causes), v.FirstReopen, v.CreatedAt, v.ClosedAt
	out.Objections = mapped(v.Objections, func(o offer.Objection) objectionJSON {
		return objectionJSON{At: o.At, Reason: o.Reason, Note: o.Note}
	})
	if s := v.Source; s.Key != "" {
		out.Source = &offerSource{Import: s.Import, Row: s.Row, Key: s.Key, Posted: string(s.Posted), Coding: s.Coding, Confidence: s.Confidence, Original: s.Original}
	}
	if r := v.Review; r != nil {
		out.Review = &offerReview{
			Version: r.Number, State: string(r.State), SubmittedAt: r.SubmittedAt, ApprovedAt: r.ApprovedAt,
			Reason: r.Reason, Note: r.Note, Answered: r.Answered, Answer: r.Answer,
		}
		if official {
			out.Review.ApprovedBy = string(r.ApprovedBy)
		}
		if r.Number != v.Version {
			terms := offerTermsOf(r.Terms)
			out.Review.Terms = &terms
		}
	}
}
