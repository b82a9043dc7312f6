package site

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/sheet"
)

// Where an agency's tables are.
const (
	offersExport = "/agence/export/offres"
	tripsExport  = "/agence/export/placements"
)

// paged makes the rows of a table from the pages of a list, read one after
// the other.
func paged[T any](read func(after string) (listing.Result[T], error), row func(T) []sheet.Cell) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		for after := ""; ; {
			found, err := read(after)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range found.Items {
				if !yield(row(item), nil) {
					return
				}
			}
			if after = found.Next; after == "" {
				return
			}
		}
	}
}

// exportOffers gives the agency's offers.
func exportOffers(v *visit) error {
	q := offer.Query{States: offer.States(), IncludeOwnDrafts: true, Sort: offer.ByNewest, Limit: listing.MaxLimit}
	return v.sheet("passerelle-offres", v.offerTable(func(after string) (listing.Result[offer.Card], error) {
		if v.actor.Agency == "" {
			return listing.Result[offer.Card]{}, nil
		}
		q.After = after
		found, err := v.site.opts.Offers.Search(v.ctx, v.actor, q)
		return listing.Result[offer.Card]{Items: found.Items, Total: found.Total, Next: found.Next}, err
	}))
}

func (v *visit) offerTable(read func(after string) (listing.Result[offer.Card], error)) sheet.Table {
	t := v.table(v.t("csv.offers"), sheet.Note{Label: v.t("csv.filter"), Value: sheet.Text(v.t("work.all"))})
	t.Columns = []string{v.t("csv.reference"), v.t("draft.title"), v.t("draft.state"), v.t("draft.country"), v.t("draft.city"), v.t("term.trade"), v.t("term.kind"), v.t("term.places"), v.t("draft.places"),
		v.t("csv.pay.from"), v.t("csv.pay.to"), v.t("csv.pay.currency"), v.t("csv.pay.period"), v.t("csv.pay.basis"), v.t("draft.deadline"), v.t("candidate.since")}
	t.Rows = paged(read, func(c offer.Card) []sheet.Cell {
		row := textCells(c.Reference, c.Title, v.code("state.offer", c.State), c.Country.Name(v.loc), c.City, c.Occupation.Title(v.loc), c.Kind.Label(v.loc))
		row = append(append(row, sheet.Whole(c.Places), sheet.Whole(c.FreePlaces)), v.payCells(c.Pay)...)
		return append(row, sheet.Day(c.Deadline), dayOf(c.UpdatedAt))
	})
	return t
}

// payCells gives pay as it is stated: both ends, currency, period and basis.
func (v *visit) payCells(p ref.Pay) []sheet.Cell {
	if !p.Known() {
		return make([]sheet.Cell, 5)
	}
	low, high := p.Range()
	digits := p.Currency.Decimals()
	return append([]sheet.Cell{sheet.Decimal(low.Amount, digits), sheet.Decimal(high.Amount, digits)}, textCells(string(p.Currency), p.Period.Label(v.loc), p.Basis.Label(v.loc))...)
}

// exportTrips gives the agency's placements, those that its list shows under
// the same filters; nobody is named.
func exportTrips(v *visit) error {
	q, asked := v.tripQuery()
	q.Limit = listing.MaxLimit
	return v.sheet("passerelle-placements", v.tripTable(asked, func(after string) (listing.Result[placement.Card], error) {
		q.After = after
		return v.site.opts.Placements.List(v.ctx, v.actor, q)
	}))
}

// tripQuery reads the filters of an agency's list of placements.
func (v *visit) tripQuery() (placement.Query, url.Values) {
	asked, kept := v.query(), url.Values{}
	for _, name := range []string{"etape", "offre"} {
		if asked.Has(name) {
			kept.Set(name, clip(asked.Get(name), 64))
		}
	}
	return placement.Query{States: tripGroup(kept.Get("etape")), Overdue: kept.Get("etape") == "retard", Offer: offer.ID(kept.Get("offre"))}, kept
}

func (v *visit) tripTable(asked url.Values, read func(after string) (listing.Result[placement.Card], error)) sheet.Table {
	group, of := v.t("trips.all"), v.t("work.all")
	if name := asked.Get("etape"); name != "" && slices.Contains(tripGroups(), name) {
		group = v.code("trips.group", name)
	}
	if asked.Has("offre") {
		of = asked.Get("offre")
	}
	t := v.table(v.t("csv.trips"), sheet.Note{Label: v.t("csv.filter"), Value: sheet.Text(group)}, sheet.Note{Label: v.t("csv.offers"), Value: sheet.Text(of)})
	t.Columns = []string{v.t("csv.reference"), v.t("draft.title"), v.t("draft.country"), v.t("term.trade"), v.t("term.kind"), v.t("draft.state"), v.t("trips.next"), v.t("csv.who"), v.t("csv.due"),
		v.t("csv.holds"), v.t("depart.on"), v.t("conclude.on"), v.t("csv.cause"), v.t("candidate.since")}
	t.Rows = paged(read, v.tripRow)
	return t
}

func (v *visit) tripRow(c placement.Card) []sheet.Cell {
	next, who, _ := v.whoseTurn(c.Owner, c.NextAction)
	cause := c.Cause
	if cause != "" && c.State == placement.Cancelled {
		cause = v.code("reason", cause)
	} else if cause != "" {
		cause = v.code("end_cause", cause)
	}
	holds := joined(slices.Clone(c.Holds), func(k placement.HoldKind) string { return v.code("hold", k) })
	row := textCells(c.Reference, c.Title, c.Country.Name(v.loc), c.Occupation.Title(v.loc), c.Kind.Label(v.loc), v.code("state.placement", c.State), next, who)
	return append(row, dayOf(c.Due), sheet.Text(holds), sheet.Day(c.Abroad.Left), sheet.Day(c.Abroad.Home), sheet.Text(cause), dayOf(c.UpdatedAt))
}

// downloadRowErrors gives the rows that were not taken, with row, column and
// reason, and the row itself to be mended.
func downloadRowErrors(v *visit) error {
	i, rejected, err := v.importNamed()
	if err != nil {
		return err
	}
	return v.sheet("passerelle-erreurs", v.errorTable(i.File, rejected))
}

func (v *visit) errorTable(file string, rejected []intake.RowError) sheet.Table {
	t := v.table(v.t("csv.rejected"), sheet.Note{Label: v.t("intake.file"), Value: sheet.Text(file)})
	t.Columns = []string{v.t("csv.row"), v.t("csv.column"), v.t("csv.reason"), v.t("csv.raw")}
	t.Rows = func(yield func([]sheet.Cell, error) bool) {
		for _, e := range rejected {
			for _, f := range e.Errors {
				row := append([]sheet.Cell{sheet.Whole(e.Row)}, textCells(strings.TrimPrefix(f.Pointer, "/"), v.faultText(f.Code), e.Raw)...)
				if !yield(row, nil) {
					return
				}
			}
		}
	}
	return t
}
