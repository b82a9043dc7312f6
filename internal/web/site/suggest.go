package site

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// Where the script asks while somebody types or chooses filters.
const (
	suggestPath  = "/suggestions"
	countPath    = "/nombre-offres"
	suggestMost  = 8
	suggestBytes = 1000 // of one answer
	suggestFor   = 5 * time.Minute
)

// The lists that are suggested from.
const (
	suggestOffers   = "offres"
	suggestTrades   = "metiers"
	suggestSkills   = "competences"
	suggestLicences = "permis"
)

// suggest completes what is typed: pairs of a text and, where there is one, its
// code.
func suggest(v *visit) error {
	pairs, err := v.suggestions(v.param("list"), clip(strings.TrimSpace(v.query().Get("q")), 100))
	if err != nil {
		return err
	}
	body, err := json.Marshal(pairs)
	for err == nil && len(body) > suggestBytes {
		pairs = pairs[:len(pairs)-1]
		body, err = json.Marshal(pairs)
	}
	if err != nil {
		return err
	}
	web.CachePublic(v.gin, suggestFor)
	v.gin.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

func (v *visit) suggestions(list, q string) ([][]string, error) {
	pairs := [][]string{}
	switch list {
	case suggestOffers:
		titles, err := v.site.opts.Offers.Suggest(v.ctx, v.publicActor(), q)
		for _, title := range titles[:min(len(titles), suggestMost)] {
			pairs = append(pairs, []string{title})
		}
		return pairs, err
	case suggestTrades:
		for _, s := range ref.SuggestOccupations(q, v.loc, suggestMost) {
			pairs = append(pairs, []string{s.Label, string(s.Occupation)})
		}
	case suggestSkills:
		pairs = labelPairs(labelsWith(q, ref.Skills(), v.skillName), v.skillName)
	case suggestLicences:
		pairs = labelPairs(labelsWith(q, ref.Licences(), v.licenceName), v.licenceName)
	default:
		return nil, fault.New(fault.NotFound, "request.not_found")
	}
	return pairs, nil
}

func (v *visit) skillName(s ref.Skill) string     { return s.Label(v.loc) }
func (v *visit) licenceName(l ref.Licence) string { return l.Label(v.loc) }

func labelPairs[T ~string](codes []T, label func(T) string) [][]string {
	pairs := [][]string{}
	for _, code := range codes[:min(len(codes), suggestMost)] {
		pairs = append(pairs, []string{label(code), string(code)})
	}
	return pairs
}

// countOffers says how many offers the filters leave, as the button that
// applies them says it.
func countOffers(v *visit) error {
	q, _ := v.searchQuery(v.query())
	q.Facets, q.Limit = nil, 1
	found, err := v.site.opts.Offers.Search(v.ctx, v.publicActor(), q)
	if err != nil {
		return err
	}
	web.CachePublic(v.gin, time.Minute)
	v.gin.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(v.count("search.see", found.Total)))
	return nil
}
