package index

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// model holds the same documents as the index and answers by the definition:
// every document is looked at, nothing is kept between questions.
type model struct {
	offers       map[offer.ID]*offer.Offer
	profiles     map[profile.ID]*profile.Profile
	agencies     map[agency.ID]*agency.Agency
	employers    map[employer.ID]*employer.Employer
	corridors    map[corridor.Code]*corridor.Corridor
	applications map[application.ID]*application.Application
}

func newModel() *model {
	return &model{map[offer.ID]*offer.Offer{}, map[profile.ID]*profile.Profile{}, map[agency.ID]*agency.Agency{},
		map[employer.ID]*employer.Employer{}, map[corridor.Code]*corridor.Corridor{}, map[application.ID]*application.Application{}}
}

func (m *model) standing(o *offer.Offer) *match.Offer {
	a, e := m.agencies[agency.ID(o.Agency)], m.employers[employer.ID(o.Terms().Employer)]
	found := match.FromOffer(o, m.corridors[corridor.CodeFor(o.Terms().Country)],
		a != nil && a.State == agency.Active, e != nil && e.State == employer.Barred)
	return &found
}

func (m *model) public(o *offer.Offer, today ref.Date) bool {
	a, e := m.agencies[agency.ID(o.Agency)], m.employers[employer.ID(o.Terms().Employer)]
	c := m.corridors[corridor.CodeFor(o.Terms().Country)]
	return o.OpenOn(today) && len(o.Causes) == 0 && a != nil && a.State == agency.Active && (e == nil || e.State != employer.Barred) &&
		(o.Terms().Country == ref.Mali || c != nil && c.Open(o.Terms().Kind, o.Terms().Occupation)) &&
		o.Frozen != nil && ref.DateOf(o.Frozen.PublishedAt) <= today
}

func (m *model) visible(o *offer.Offer, q offer.Query) bool {
	own := q.Scope.Agency != "" && o.Agency == q.Scope.Agency
	switch {
	case q.Scope.All:
		return true
	case q.Scope.Public:
		return m.public(o, q.Today) || own && q.IncludeOwnDrafts
	}
	return own
}

// anyOf reports whether the list is empty or some element satisfies holds.
func anyOf[T any](list []T, holds func(T) bool) bool {
	return len(list) == 0 || slices.ContainsFunc(list, holds)
}

func (m *model) keeps(o *offer.Offer, q offer.Query) bool {
	t, whole := o.Terms(), q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == o.Agency
	pay := o.Frozen != nil && o.Frozen.PayKnown && o.Frozen.PayCents >= q.PayMinCents
	recent := o.Frozen != nil && ref.DateOf(o.Frozen.PublishedAt) >= q.Today.AddDays(-q.PublishedWithin)
	spoken := !slices.ContainsFunc(t.Languages, func(l offer.LanguageNeed) bool { return !slices.Contains(q.Languages, l.Language) })
	guessed := o.Source.Coding != "" && o.Source.Coding != "clerk" && o.Source.Confidence < ref.ConfidenceLimit
	return m.visible(o, q) &&
		anyOf(q.Countries, func(c ref.Country) bool { return c == t.Country }) &&
		!slices.Contains(q.ExceptCountries, t.Country) &&
		anyOf(q.Occupations, func(p ref.Occupation) bool { return strings.HasPrefix(string(t.Occupation), string(p)) }) &&
		anyOf(q.Kinds, func(k ref.WorkKind) bool { return k == t.Kind }) &&
		(len(q.Languages) == 0 || spoken) && (q.PayMinCents == 0 || pay) && (q.PublishedWithin == 0 || recent) &&
		(q.Agency == "" || q.Agency == o.Agency) && (q.Employer == "" || q.Employer == t.Employer) &&
		anyOf(q.States, func(s offer.State) bool { return s == o.State || whole && o.Next != nil && o.Next.State == s }) &&
		(q.Import == "" || q.Import == o.Source.Import) &&
		(!q.UncodedOnly || o.State == offer.Draft && (len(t.Occupation) != 4 || guessed))
}

// written is the text of an offer, word by word with its weight; "" stands
// between the parts.
type written struct {
	words  []piece
	weight []int
	length int
}

func (m *model) text(o *offer.Offer) (w written) {
	t := o.Terms()
	for i, part := range []string{t.Title, t.Description, t.EmployerName, t.City} {
		weight := 1
		if i == 0 {
			weight = 3
		}
		for _, p := range pieces(part) {
			w.words, w.weight, w.length = append(w.words, p), append(w.weight, weight), w.length+weight
		}
		w.words, w.weight = append(w.words, piece{}), append(w.weight, 0)
	}
	return w
}

func related(a, b piece) bool {
	return a.folded == b.folded || slices.ContainsFunc(a.stems(), func(s string) bool { return slices.Contains(b.stems(), s) })
}

// counts gives how often the item occurs as written and by its relatives.
func (w written) counts(it item) (exact, family int) {
	for at := range w.words {
		if w.words[at].folded == "" {
			continue
		}
		switch {
		case it.prefix:
			if strings.HasPrefix(w.words[at].folded, it.words[0].folded) {
				family += w.weight[at]
			}
		case it.quoted:
			if at+len(it.words) <= len(w.words) && slices.EqualFunc(it.words, w.words[at:at+len(it.words)], func(a, b piece) bool { return a.folded == b.folded }) {
				exact += w.weight[at]
			}
		default:
			if w.words[at].folded == it.words[0].folded {
				exact += w.weight[at]
			}
			if related(w.words[at], it.words[0]) {
				family += w.weight[at]
			}
		}
	}
	return exact, family
}

// relevance gives the BM25 score of every offer that has the words.
func (m *model) relevance(q string) map[offer.ID]int64 {
	texts, scores, total := map[offer.ID]written{}, map[offer.ID]float64{}, 0
	for id, o := range m.offers {
		texts[id], scores[id] = m.text(o), 0
		total += texts[id].length
	}
	mean := math.Max(1, float64(total)/float64(len(texts)))
	for _, it := range parse(q) {
		exact, family, withExact, withFamily := map[offer.ID]int{}, map[offer.ID]int{}, 0, 0
		for id, w := range texts {
			exact[id], family[id] = w.counts(it)
			withExact, withFamily = withExact+min(1, exact[id]), withFamily+min(1, family[id])
		}
		for id := range texts {
			if (exact[id]+family[id] > 0) == it.exclude {
				delete(scores, id)
			}
			if _, ok := scores[id]; ok && !it.exclude {
				scores[id] += bm25(exact[id], withExact, len(texts), texts[id].length, mean)
				scores[id] += bm25(family[id], withFamily, len(texts), texts[id].length, mean)
			}
		}
	}
	whole := map[offer.ID]int64{}
	for id, s := range scores {
		whole[id] = int64(math.Round(s * 1e6))
	}
	return whole
}

func bm25(count, holding, all, length int, mean float64) float64 {
	if count == 0 {
		return 0
	}
	rarity := math.Log(1 + (float64(all-holding)+0.5)/(float64(holding)+0.5))
	return rarity * float64(count) * (bm25K1 + 1) / (float64(count) + bm25K1*(1-bm25B+bm25B*float64(length)/mean))
}

// search lists all ids in order.
func (m *model) search(q offer.Query) (ids []offer.ID) {
	relevance := m.relevance(q.Text)
	words := len(parse(q.Text)) > 0
	for id, o := range m.offers {
		if _, found := relevance[id]; found && m.keeps(o, q) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b offer.ID) int {
		return cmp.Or(m.order(m.offers[a], m.offers[b], q, relevance, words), cmp.Compare(a, b))
	})
	return ids
}

func (m *model) order(a, b *offer.Offer, q offer.Query, relevance map[offer.ID]int64, words bool) int {
	switch {
	case q.Sort == offer.ByClosing:
		return cmp.Compare(cmp.Or(a.Terms().Deadline, "9999"), cmp.Or(b.Terms().Deadline, "9999"))
	case q.Sort == offer.ByPay:
		return cmp.Compare(payOf(b), payOf(a))
	case q.Sort == offer.ByOldest:
		return dateOf(a, q).Compare(dateOf(b, q))
	case q.Sort != offer.ByNewest && words:
		return cmp.Compare(relevance[b.ID], relevance[a.ID])
	}
	public := offer.Query{}
	return dateOf(b, public).Compare(dateOf(a, public))
}

func payOf(o *offer.Offer) int64 {
	if o.Frozen == nil || !o.Frozen.PayKnown {
		return -1
	}
	return o.Frozen.PayCents
}

func dateOf(o *offer.Offer, q offer.Query) time.Time {
	waits := o.Working().State == offer.Submitted || o.Working().State == offer.Approved
	switch {
	case waits && (q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == o.Agency):
		return o.Working().SubmittedAt
	case o.Frozen != nil:
		return o.Frozen.PublishedAt
	case !o.Working().SubmittedAt.IsZero():
		return o.Working().SubmittedAt
	}
	return o.CreatedAt
}

// facet counts the values of one facet without its own filter.
func (m *model) facet(f offer.Facet, q offer.Query) map[string]int {
	counts := map[string]int{}
	switch f {
	case offer.FacetCountry:
		q.Countries, q.ExceptCountries = nil, nil
	case offer.FacetOccupation:
		q.Occupations = nil
	case offer.FacetKind:
		q.Kinds = nil
	case offer.FacetLanguage:
		q.Languages = nil
	case offer.FacetSalary:
		q.PayMinCents = 0
	}
	for _, id := range m.search(q) {
		for value := range m.facetValues(f, m.offers[id]) {
			counts[value]++
		}
	}
	delete(counts, "")
	return counts
}

func (m *model) facetValues(f offer.Facet, o *offer.Offer) map[string]bool {
	t := o.Terms()
	switch f {
	case offer.FacetCountry:
		return map[string]bool{string(t.Country): true}
	case offer.FacetOccupation:
		return map[string]bool{string(t.Occupation[:min(2, len(t.Occupation))]): true}
	case offer.FacetUnit:
		return map[string]bool{string(t.Occupation): true}
	case offer.FacetKind:
		return map[string]bool{string(t.Kind): true}
	case offer.FacetLanguage:
		found := map[string]bool{}
		for _, l := range t.Languages {
			found[string(l.Language)] = true
		}
		return found
	}
	pay := payOf(o)
	value := UnknownPay
	for _, bound := range SalaryBands() {
		if pay >= 0 && pay/100 >= bound {
			value = strconv.FormatInt(bound, 10)
		}
	}
	return map[string]bool{value: true}
}

func (m *model) agencyList(q agency.Query) (ids []agency.ID) {
	for id, a := range m.agencies {
		sees := q.Scope.All || q.Scope.Public && a.State.Registered() || q.Scope.Agency != "" && q.Scope.Agency == string(id)
		if sees && (q.State == "" || q.State == a.State) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b agency.ID) int {
		return cmp.Or(cmp.Compare(text.Fold(m.agencies[a].Facts.Name), text.Fold(m.agencies[b].Facts.Name)), cmp.Compare(a, b))
	})
	return ids
}

func (m *model) applicationList(q application.Query) (ids []application.ID) {
	for id, a := range m.applications {
		sees := q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == a.Agency || q.Scope.Account != "" && q.Scope.Account == a.Candidate
		if sees && (q.Offer == "" || q.Offer == a.Offer) && anyOf(q.States, func(s application.State) bool { return s == a.State }) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b application.ID) int {
		return cmp.Or(m.applications[b].UpdatedAt.Compare(m.applications[a].UpdatedAt), cmp.Compare(a, b))
	})
	return ids
}

var everyScope = []account.Scope{{}, {All: true}, {Public: true}, {Agency: "agy_1"}, {Public: true, Agency: "agy_1"}, {Account: "acc_1"}}
