package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// referenceAge is how long shared caches may keep a vocabulary.
const referenceAge = time.Hour

// maxSuggestions bounds the completions of an occupation.
const maxSuggestions = 20

// RegisterReference adds the vocabularies.
func RegisterReference(a *API) {
	for _, v := range []struct{ path, id, summary string }{
		{"occupations", "listOccupations", "Occupations of ISCO-08, all four levels"},
		{"countries", "listCountries", "Countries of ISO 3166-1"},
		{"languages", "listLanguages", "Languages of ISO 639"},
		{"currencies", "listCurrencies", "Currencies of ISO 4217"},
		{"skills", "listSkills", "Skills"},
		{"education-levels", "listEducationLevels", "Education levels of ISCED 2011"},
		{"kinds", "listKinds", "Kinds of work"},
	} {
		Register(a, Op[listTerms, List[termJSON]]{
			Method: http.MethodGet, Path: "/reference/" + v.path, ID: v.id, Summary: v.summary,
			Description: "Without limit the answer is the whole vocabulary.",
			Permission:  "reference.read", Handle: listOf(v.path),
		})
	}
	Register(a, Op[suggestOccupations, List[suggestionJSON]]{
		Method: http.MethodGet, Path: "/reference/occupations/suggest", ID: "suggestOccupations",
		Summary:     "Find occupations from a job title or a code as it is typed",
		Description: "Best match first; the score runs from 0 to 100.",
		Permission:  "reference.read", Handle: suggest,
	})
}

type listTerms struct {
	Lang   string `query:"lang" validate:"omitempty,locale" doc:"language of the labels; default: the caller's"`
	Limit  *int   `query:"limit" validate:"omitempty,min=1,max=100" doc:"terms on a page; absent = all"`
	Cursor Cursor `query:"cursor" doc:"nextCursor of the page before"`
}

// termJSON is one term of a vocabulary.
type termJSON struct {
	Code     string `json:"code" example:"7212"`
	Label    string `json:"label" example:"Soudeurs et oxycoupeurs"`
	Parent   string `json:"parent,omitempty" doc:"code of the group above, of occupations"`
	Alpha3   string `json:"alpha3,omitempty" doc:"three-letter code, of countries"`
	Currency string `json:"currency,omitempty" doc:"in which wages are paid, of countries"`
	Decimals *int   `json:"decimals,omitempty" doc:"digits after the point, of currencies"`
}

// vocabulary gives the terms of one vocabulary in the order shown.
func vocabulary(name string, l ref.Locale) []termJSON {
	switch name {
	case "occupations":
		return mapped(ref.Occupations(0), func(o ref.Occupation) termJSON {
			return termJSON{Code: string(o), Label: o.Title(l), Parent: string(o.Parent())}
		})
	case "countries":
		return mapped(ref.Countries(l), func(c ref.Country) termJSON {
			return termJSON{Code: string(c), Label: c.Name(l), Alpha3: c.Alpha3(), Currency: string(c.Currency())}
		})
	case "languages":
		return mapped(ref.Languages(l), func(x ref.Language) termJSON { return termJSON{Code: string(x), Label: x.Name(l)} })
	case "currencies":
		return mapped(ref.Currencies(l), func(c ref.Currency) termJSON {
			decimals := c.Decimals()
			return termJSON{Code: string(c), Label: c.Name(l), Decimals: &decimals}
		})
	case "skills":
		return mapped(ref.Skills(), func(s ref.Skill) termJSON { return termJSON{Code: string(s), Label: s.Label(l)} })
	case "education-levels":
		return mapped(ref.EducationLevels(), func(e ref.EducationLevel) termJSON { return termJSON{Code: e.String(), Label: e.Label(l)} })
	default:
		return mapped(ref.WorkKinds(), func(k ref.WorkKind) termJSON { return termJSON{Code: string(k), Label: k.Label(l)} })
	}
}

// listOf makes the handler of one vocabulary.
func listOf(name string) func(context.Context, *Call, *listTerms) (List[termJSON], error) {
	return func(_ context.Context, c *Call, in *listTerms) (List[termJSON], error) {
		terms := vocabulary(name, chosen(c, in.Lang))
		list := List[termJSON]{Items: terms, Total: len(terms)}
		if err := cut(c, &list, in); err != nil {
			return List[termJSON]{}, err
		}
		return list, tagged(c, list)
	}
}

// chosen is the language asked for, or else the caller's.
func chosen(c *Call, lang string) ref.Locale {
	if lang == "" {
		return c.Locale
	}
	return ref.Locale(lang)
}

// cut keeps one page. Vocabularies never change while the program runs, so a
// position is the number of terms before it.
func cut(c *Call, list *List[termJSON], in *listTerms) error {
	from := 0
	if in.Cursor.After != "" {
		n, err := strconv.Atoi(in.Cursor.After)
		if err != nil || n < 0 || n > list.Total {
			return web.Refuse(http.StatusBadRequest, "cursor")
		}
		from = n
	}
	to := list.Total
	if in.Limit != nil {
		to = min(from+*in.Limit, list.Total)
	}
	list.Items = slices.Clone(list.Items[from:to])
	if to < list.Total {
		list.NextCursor = c.Next(strconv.Itoa(to))
	}
	return nil
}

// tagged lets caches keep the answer and compare it by its content.
func tagged(c *Call, out any) error {
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	c.ContentTag(base64.RawURLEncoding.EncodeToString(sum[:12]))
	c.CachePublic(referenceAge)
	return nil
}

type suggestOccupations struct {
	Q     string `query:"q" validate:"max=200" doc:"job title or ISCO-08 code, complete or not" example:"soud"`
	Lang  string `query:"lang" validate:"omitempty,locale" doc:"language of the labels; default: the caller's"`
	Limit int    `query:"limit" default:"10" validate:"min=1,max=20"`
}

// suggestionJSON is one suggested occupation.
type suggestionJSON struct {
	Code  string `json:"code" example:"7212"`
	Label string `json:"label" example:"Soudeurs et oxycoupeurs"`
	Score int    `json:"score" doc:"0 to 100"`
}

func suggest(_ context.Context, c *Call, in *suggestOccupations) (List[suggestionJSON], error) {
	found := ref.SuggestOccupations(in.Q, chosen(c, in.Lang), min(in.Limit, maxSuggestions))
	items := mapped(found, func(s ref.Suggestion) suggestionJSON {
		return suggestionJSON{Code: string(s.Occupation), Label: s.Label, Score: s.Score}
	})
	return List[suggestionJSON]{Items: items, Total: len(items)}, tagged(c, items)
}
