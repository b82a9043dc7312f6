package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// publicFor is how long shared caches may keep completions. Offers themselves
// are not cached: a suspension hides them at once.
const publicFor = time.Minute

type searchOffers struct {
	Page
	Q                   string   `query:"q" validate:"omitempty,max=200" doc:"words that must all occur, \"a phrase\", -without, prefix*"`
	Country             []string `query:"country" validate:"max=100,dive,max=3" doc:"any of; !FR = not there"`
	Occupation          []string `query:"occupation" validate:"max=100,dive,occupation" doc:"ISCO-08 prefixes, any of"`
	Kind                []string `query:"kind" validate:"max=20,dive,kind"`
	Language            []string `query:"language" validate:"max=50,dive,language" doc:"offers that require no other language than these"`
	PayMin              string   `query:"payMin" validate:"omitempty,amount" doc:"least monthly gross pay; offers of unknown pay do not match" example:"1500"`
	PayCurrency         string   `query:"payCurrency" default:"EUR" validate:"currency"`
	PublishedWithinDays int      `query:"publishedWithinDays" validate:"min=0,max=3650"`
	Agency              string   `query:"agency" validate:"max=64"`
	Employer            string   `query:"employer" validate:"max=64"`
	Facets              []string `query:"facets" validate:"max=10,dive,oneof=country occupation kind language salary" doc:"counts to answer with; each ignores the filter on itself"`
	Sort                string   `query:"sort" validate:"omitempty,oneof=relevance -datePosted datePosted validThrough -salary"`
	State               []string `query:"state" validate:"max=10,dive,oneof=draft submitted refused approved published suspended filled closed withdrawn expired" doc:"worklist"`
	Import              string   `query:"import" validate:"max=64" doc:"worklist: offers of an import, in row order of their making"`
	Uncoded             bool     `query:"uncoded" doc:"worklist: drafts whose occupation is not coded well enough"`
	Mine                bool     `query:"mine" doc:"worklist: everything one may manage"`
}

// offerPage is a page of a search.
type offerPage struct {
	List[offerLine]
	Facets map[string][]facetValue `json:"facets,omitempty" doc:"by facet, most frequent first"`
}

type facetValue struct {
	Value string `json:"value" example:"ES"`
	Count int    `json:"count"`
}

func (h *offerOperations) search(ctx context.Context, c *Call, in *searchOffers) (offerPage, error) {
	q, err := in.query()
	if err != nil {
		return offerPage{}, err
	}
	found, err := h.service.Search(ctx, c.Actor, q)
	if err != nil {
		return offerPage{}, err
	}
	out := offerPage{List: List[offerLine]{Items: mapped(found.Items, c.offerLineOf), Total: found.Total, NextCursor: c.Next(found.Next)}}
	for facet, counts := range found.Facets {
		if out.Facets == nil {
			out.Facets = map[string][]facetValue{}
		}
		out.Facets[string(facet)] = mapped(counts, func(f offer.FacetCount) facetValue { return facetValue(f) })
	}
	return out, nil
}

// query reads the filters; 400 for those the rules of the tags cannot judge.
func (in *searchOffers) query() (offer.Query, error) {
	q := offer.Query{
		Text: in.Q, Occupations: typed[ref.Occupation](in.Occupation), Kinds: typed[ref.WorkKind](in.Kind), Languages: typed[ref.Language](in.Language),
		PublishedWithin: in.PublishedWithinDays, Agency: in.Agency, Employer: in.Employer, States: typed[offer.State](in.State),
		Import: in.Import, UncodedOnly: in.Uncoded, IncludeOwnDrafts: in.Mine, Facets: typed[offer.Facet](in.Facets), Sort: offer.Sort(in.Sort),
		After: in.Cursor.After, Limit: in.Limit,
	}
	for _, code := range in.Country {
		not, isNot := strings.CutPrefix(code, "!")
		country, err := ref.ParseCountry(not)
		switch {
		case err != nil || country == "":
			return q, wrongQuery("country", "country")
		case isNot:
			q.ExceptCountries = append(q.ExceptCountries, country)
		default:
			q.Countries = append(q.Countries, country)
		}
	}
	return q, in.readPay(&q)
}

// readPay turns the least pay into euro cents at today's reference rate. The
// decimals of the currency may be left out.
func (in *searchOffers) readPay(q *offer.Query) error {
	if in.PayMin == "" {
		return nil
	}
	currency, text := ref.Currency(in.PayCurrency), in.PayMin
	if decimals := currency.Decimals(); decimals > 0 && !strings.Contains(text, ".") {
		text += "." + strings.Repeat("0", decimals)
	}
	m, err := ref.ParseMoney(text, currency)
	if err != nil {
		return wrongQuery("payMin", "amount")
	}
	if m.Amount == 0 {
		return nil
	}
	pay := ref.Pay{Min: m.Amount, Currency: currency, Period: ref.PerMonth, Basis: ref.Gross}
	cents, known := ref.NormalisedPay(pay, 0, 0, latestRate)
	if !known {
		return wrongQuery("payCurrency", "ref.currency")
	}
	q.PayMinCents = max(1, cents)
	return nil
}

// latestRate asks for the newest rate of the table, whatever the day.
const latestRate ref.Date = "9999-12-31"

func wrongQuery(name, code string) error {
	return web.RefuseFields("request.query", fault.Field{Pointer: name, Code: code})
}

// offerLine is an offer in lists: no description. Members that say how an
// unpublished offer stands are there for those who manage it.
type offerLine struct {
	ID           string          `json:"id"`
	Rev          int64           `json:"rev"`
	Reference    string          `json:"reference" example:"OFF-2026-7K3Q9Z"`
	Title        string          `json:"title" example:"Maçon coffreur"`
	Agency       string          `json:"agency"`
	AgencyName   string          `json:"agencyName"`
	AgencyKind   string          `json:"agencyKind"`
	EmployerName string          `json:"employerName,omitempty"`
	Occupation   string          `json:"occupation,omitempty" example:"7112"`
	Kind         string          `json:"kind,omitempty" example:"fixed_term"`
	Country      string          `json:"country,omitempty" example:"ES"`
	Region       string          `json:"region,omitempty"`
	City         string          `json:"city,omitempty"`
	Places       int             `json:"places"`
	FreePlaces   int             `json:"freePlaces"`
	Start        string          `json:"start,omitempty"`
	Duration     int             `json:"durationMonths,omitempty"`
	HoursPerWeek string          `json:"hoursPerWeek,omitempty" example:"37.5"`
	Pay          *offerPay       `json:"pay,omitempty"`
	MonthlyGross string          `json:"monthlyGross,omitempty" doc:"normalised pay in EUR" example:"1500.00"`
	Languages    []offerLanguage `json:"languages"`
	Deadline     string          `json:"deadline,omitempty"`
	State        string          `json:"state" example:"published"`
	PublishedAt  time.Time       `json:"publishedAt,omitzero"`
	UpdatedAt    time.Time       `json:"updatedAt"`

	Version    *int   `json:"version,omitempty"`
	NextState  string `json:"nextState,omitempty" doc:"of the next version of a published offer"`
	Warnings   *int   `json:"warnings,omitempty"`
	Blocking   *int   `json:"blocking,omitempty" doc:"findings that stand in the way"`
	Confidence *int   `json:"confidence,omitempty" doc:"of the occupation's coding, 0 to 100"`
	Import     string `json:"import,omitempty"`
}

func (c *Call) offerLineOf(card offer.Card) offerLine {
	out := offerLine{
		ID: string(card.ID), Rev: card.Rev, Reference: card.Reference, Title: card.Title, Agency: card.Agency, AgencyName: card.AgencyName,
		AgencyKind: card.AgencyKind, EmployerName: card.EmployerName, Occupation: string(card.Occupation), Kind: string(card.Kind),
		Country: string(card.Country), Region: card.Region, City: card.City, Places: card.Places, FreePlaces: card.FreePlaces,
		Start: string(card.Start), Duration: card.Duration, HoursPerWeek: offer.Hundredths(card.HoursPerWeek), Pay: offerPayOf(card.Pay),
		Languages: mapped(card.Languages, offerLanguageOf), Deadline: string(card.Deadline), State: string(card.State),
		PublishedAt: card.PublishedAt, UpdatedAt: card.UpdatedAt,
	}
	if card.PayKnown {
		out.MonthlyGross = money(card.PayCents, ref.EUR)
	}
	if c.Actor.Role == account.Official || c.Actor.Role == account.Agency && c.Actor.Agency == card.Agency && card.Agency != "" {
		out.Version, out.Warnings, out.Blocking, out.Confidence = &card.Version, &card.Warnings, &card.Blocking, &card.Confidence
		out.NextState, out.Import = string(card.NextState), card.Import
	}
	return out
}

type suggestOffers struct {
	Q string `query:"q" validate:"required,max=100" doc:"the beginning of a word, two letters or more"`
}

type offerSuggestions struct {
	Items []string `json:"items"`
}

func (h *offerOperations) suggest(ctx context.Context, c *Call, in *suggestOffers) (offerSuggestions, error) {
	titles, err := h.service.Suggest(ctx, c.Actor, in.Q)
	if err != nil {
		return offerSuggestions{}, err
	}
	c.CachePublic(publicFor)
	return offerSuggestions{Items: textsOf(titles)}, nil
}

type followOffers struct {
	Page
	Since time.Time `query:"since" doc:"RFC 3339; absent = from the first offer on"`
}

// offerChanges is a page of the feed. NextCursor leads on while there is more;
// next time begin at the last changedAt.
type offerChanges struct {
	Items      []offerChange `json:"items"`
	NextCursor string        `json:"nextCursor,omitempty"`
}

type offerChange struct {
	ID        string     `json:"id"`
	Reference string     `json:"reference"`
	Rev       int64      `json:"rev"`
	State     string     `json:"state"`
	ChangedAt time.Time  `json:"changedAt"`
	Gone      bool       `json:"gone" doc:"no longer published"`
	Offer     *offerLine `json:"offer,omitempty" doc:"absent when gone"`
}

func (h *offerOperations) changes(ctx context.Context, c *Call, in *followOffers) (offerChanges, error) {
	since, after, err := in.position()
	if err != nil {
		return offerChanges{}, err
	}
	found, err := h.service.Changes(ctx, c.Actor, since, after, in.Limit)
	if err != nil {
		return offerChanges{}, err
	}
	out := offerChanges{Items: mapped(found, c.offerChangeOf)}
	if n := len(found); n > 0 && n == in.Limit {
		last := found[n-1].Card
		out.NextCursor = c.Next(last.UpdatedAt.UTC().Format(time.RFC3339Nano) + " " + string(last.ID))
	}
	return out, nil
}

// position reads the cursor, which is the last line's instant and id.
func (in *followOffers) position() (since time.Time, after offer.ID, err error) {
	if in.Cursor.After == "" {
		return in.Since, "", nil
	}
	instant, id, _ := strings.Cut(in.Cursor.After, " ")
	if since, err = time.Parse(time.RFC3339Nano, instant); err != nil {
		return since, "", web.Refuse(http.StatusBadRequest, "cursor")
	}
	return since, offer.ID(id), nil
}

func (c *Call) offerChangeOf(x offer.Change) offerChange {
	out := offerChange{
		ID: string(x.Card.ID), Reference: x.Card.Reference, Rev: x.Card.Rev, State: string(x.Card.State), ChangedAt: x.Card.UpdatedAt, Gone: x.Gone,
	}
	if !x.Gone {
		line := c.offerLineOf(x.Card)
		out.Offer = &line
	}
	return out
}
