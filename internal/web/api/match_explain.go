package api

import (
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/ref"
)

// matchExplanation is why a pair is or is not a match, as far as the caller
// may know. For those who see the score, the contributions sum to it.
type matchExplanation struct {
	Offer      string           `json:"offer"`
	Profile    string           `json:"profile"`
	Weights    string           `json:"weights" doc:"version of the weights"`
	Eligible   bool             `json:"eligible" doc:"every condition is met"`
	Band       string           `json:"band" doc:"strong, good or possible"`
	Rank       int              `json:"rank,omitempty" doc:"in the list the caller is shown; absent when not among the first 500"`
	Score      *int64           `json:"score,omitempty" doc:"0 to 10,000; not shown to agencies"`
	Gates      []matchGate      `json:"gates"`
	Components []matchComponent `json:"components"`
}

type matchGate struct {
	Code     string            `json:"code" example:"language"`
	Passed   bool              `json:"passed"`
	Compared []matchComparison `json:"compared,omitempty" doc:"not shown to agencies"`
}

type matchComparison struct {
	Want   matchValue   `json:"want"`
	Have   []matchValue `json:"have" doc:"empty where nothing is stated"`
	Passed bool         `json:"passed"`
}

type matchComponent struct {
	Code         string      `json:"code" example:"skills"`
	Weight       int64       `json:"weight" doc:"of 100"`
	Share        *int64      `json:"share,omitempty" doc:"0 to 10,000"`
	Contribution *int64      `json:"contribution,omitempty" doc:"to the score"`
	Facts        []matchFact `json:"facts,omitempty"`
}

type matchFact struct {
	Code   string       `json:"code" example:"missing"`
	Values []matchValue `json:"values"`
}

// matchValue is a value with its type; pages word it.
type matchValue struct {
	Type    string `json:"type" example:"language"`
	Code    string `json:"code,omitempty" example:"de"`
	Country string `json:"country,omitempty"`
	Level   string `json:"level,omitempty" doc:"of a language" example:"B1"`
	Amount  string `json:"amount,omitempty" doc:"of pay: EUR, gross, a month" example:"1500.00"`
	Number  *int64 `json:"number,omitempty" doc:"months, years, levels, ISCED level, or digits shared"`
}

func explanationOf(v match.View) matchExplanation {
	return matchExplanation{
		Offer: v.Offer, Profile: v.Profile, Weights: v.Weights, Eligible: v.Eligible, Band: string(v.Band),
		Rank: v.Rank, Score: v.Score,
		Gates:      mapped(v.Gates, gateOf),
		Components: mapped(v.Components, componentOf),
	}
}

func gateOf(g match.ExplainedGate) matchGate {
	return matchGate{Code: string(g.Code), Passed: g.Holds, Compared: mapped(g.Compared, func(c match.Comparison) matchComparison {
		return matchComparison{Want: valueOf(c.Want), Have: mapped(c.Have, valueOf), Passed: c.Holds}
	})}
}

func componentOf(c match.ViewComponent) matchComponent {
	return matchComponent{
		Code: string(c.Code), Weight: c.Weight, Share: c.Share, Contribution: c.Contribution,
		Facts: mapped(c.Facts, func(f match.Fact) matchFact {
			return matchFact{Code: string(f.Code), Values: mapped(f.Values, valueOf)}
		}),
	}
}

func valueOf(v match.Value) matchValue {
	out := matchValue{Type: string(v.Type), Code: v.Code, Country: string(v.Country)}
	switch v.Type {
	case match.LanguageValue:
		out.Level = ref.Level(v.Number).String()
	case match.PayValue:
		out.Amount = ref.Money{Amount: v.Number, Currency: "EUR"}.Format()
	case match.EducationValue, match.MonthsValue, match.YearsValue, match.LevelsValue, match.OccupationValue:
		out.Number = &v.Number
	}
	return out
}
