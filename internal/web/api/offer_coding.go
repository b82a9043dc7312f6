package api

import (
	"context"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// RegisterCodings adds the clerk's act on many drafts at once.
func RegisterCodings(a *API, service *offer.Service) {
	Register(a, Op[codeOffers, codingJSON]{
		Method: "POST", Path: "/offers/codings", ID: "codeOffers", Summary: "Code the occupation of many drafts by one rule on their titles",
		Description: "Drafts of an import or an agency that wait for a code, and whose title contains the words, get the occupation. Whoever codes an offer can neither approve nor publish it.",
		Permission:  "offer.code",
		Handle: func(ctx context.Context, c *Call, in *codeOffers) (codingJSON, error) {
			rule := offer.CodeRule{
				Import: in.Body.Import, Agency: in.Body.Agency, TitleContains: in.Body.TitleContains,
				Occupation: ref.Occupation(in.Body.Occupation), Recode: in.Body.Recode,
			}
			b, err := service.CodeByRule(ctx, c.Actor, rule)
			return codingJSON{Total: b.Total, Done: b.Done, Skipped: b.Skipped, Reasons: toCodeCounts(b.Reasons)}, err
		},
	})
}

type codeOffers struct {
	Body struct {
		Import        string `json:"import" validate:"omitempty,id=imp" doc:"drafts of this import; it or agency must be stated"`
		Agency        string `json:"agency" validate:"omitempty,id=agy" doc:"drafts of this agency"`
		TitleContains string `json:"titleContains" validate:"required,min=3,max=200,line" doc:"compared without case and accents" example:"staff nurse"`
		Occupation    string `json:"occupation" validate:"required,unit_group" doc:"unit group of ISCO-08" example:"2221"`
		Recode        bool   `json:"recode" doc:"also change drafts that were coded from their title"`
	}
}

// codingJSON says what became of the drafts whose titles matched.
type codingJSON struct {
	Total   int         `json:"total" doc:"drafts the rule is for"`
	Done    int         `json:"done"`
	Skipped int         `json:"skipped"`
	Reasons []codeCount `json:"reasons" doc:"why drafts were left as they were"`
}
