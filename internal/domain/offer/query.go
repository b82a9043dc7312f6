package offer

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// Sort orders search results; ties always break by id ascending.
type Sort string

// The sorts; the empty Sort is relevance with words, newest first without.
const (
	ByRelevance Sort = "relevance"
	ByNewest    Sort = "-datePosted"
	ByClosing   Sort = "validThrough"
	ByPay       Sort = "-salary"
	ByOldest    Sort = "datePosted" // queues: oldest first
)

// Facet names a breakdown of results by one property; its counts ignore the
// query's own filter on that property.
type Facet string

// The facets.
const (
	FacetCountry    Facet = "country"
	FacetOccupation Facet = "occupation" // 2-digit group
	FacetKind       Facet = "kind"
	FacetLanguage   Facet = "language"
	FacetSalary     Facet = "salary" // bands of monthly gross pay in EUR
	FacetUnit       Facet = "unit"   // the occupation as coded; heeds every filter
)

// Query is a search. Values within one filter are alternatives, filters add up.
type Query struct {
	Text             string           // words (all must occur), "a phrase", -without, prefix*
	Countries        []ref.Country    // any of
	ExceptCountries  []ref.Country    // none of
	Occupations      []ref.Occupation // prefixes, any of
	Kinds            []ref.WorkKind
	Languages        []ref.Language // offers that require no language outside this list
	PayMinCents      int64          // monthly gross EUR cents; offers of unknown pay never match; 0 = no filter
	PublishedWithin  int            // days; 0 = no filter
	Agency           string
	Employer         string
	States           []State // outside Public scope only
	Import           string
	UncodedOnly      bool // drafts whose coding is below the limit
	Facets           []Facet
	Sort             Sort
	After            string // position of the last item before the page; empty = from the start
	Before           string // position of the first item after the page, to go back; stands above After
	Limit            int
	Scope            account.Scope
	Today            ref.Date // search shows only what is open that day in Public scope
	IncludeOwnDrafts bool
}

// Card is an offer in lists (≤ 1 KB): no description.
type Card struct {
	ID           ID
	Reference    string
	Rev          int64
	Agency       string
	AgencyName   string
	AgencyKind   string
	EmployerName string
	Title        string
	Occupation   ref.Occupation
	Kind         ref.WorkKind
	Country      ref.Country
	Region       string
	City         string
	Places       int
	FreePlaces   int
	Start        ref.Date
	Duration     int // months
	HoursPerWeek int // hundredths
	Pay          ref.Pay
	PayCents     int64
	PayKnown     bool
	Languages    []LanguageNeed
	Deadline     ref.Date
	State        State // of the working version for its agency and officials
	Version      int
	HasNext      bool
	NextState    State
	Warnings     int
	Blocking     int
	Confidence   int
	Import       string
	PublishedAt  time.Time
	Announce     bool // applicants have still to be told of changed terms
	// WaitsSince is when the version under work was submitted or, once one
	// official has approved it, approved; zero while it waits for no official.
	WaitsSince time.Time
	UpdatedAt  time.Time
}

// FacetCount is one line of a facet.
type FacetCount struct {
	Value string
	Count int
}

// Results is a page of a search with the facets asked for.
type Results struct {
	Items  []Card
	Total  int
	Next   string // position to go on After; empty on the last page
	Prev   string // position to go back Before; empty on the first page
	Facets map[Facet][]FacetCount
}
