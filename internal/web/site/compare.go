package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// comparePath is the page that sets offers side by side, askOffer the
// parameter that names them, and comparedMost how many there can be.
const (
	comparePath  = "/comparer"
	askOffer     = "offre"
	askAdded     = "ajouter" // a reference as somebody typed it
	comparedMost = 4
)

// comparePage sets up to four offers side by side.
type comparePage struct {
	Offers  []comparedOffer
	Rows    []compareRow
	Gone    []string // references under which nothing can be read any more
	Kept    []hiddenField
	Wrong   string // what is wrong with the reference typed
	Typed   string
	More    bool   // another one has room
	Search  string // address of the search that keeps what is here
	CanRead bool
}

// comparedOffer heads a column.
type comparedOffer struct{ Title, Reference, Href, Remove string }

// compareRow is one thing the offers say.
type compareRow struct {
	Label string
	Cells []compareCell
}

// compareCell is what one offer says; Value is empty where it says nothing.
type compareCell struct {
	Of, Value, Note string
	Bad             bool
}

// comparedReferences reads references, each once and at most four; what is none
// is left out.
func comparedReferences(sent []string) []string {
	var list []string
	for _, s := range sent {
		if normal, err := offer.ParseReference(s); err == nil {
			list = withReference(list, normal)
		}
	}
	return list
}

// withReference adds a reference unless it is there or four are.
func withReference(list []string, reference string) []string {
	if slices.Contains(list, reference) || len(list) >= comparedMost {
		return list
	}
	return append(slices.Clone(list), reference)
}

func compareAddress(references []string) string {
	if len(references) == 0 {
		return comparePath
	}
	return comparePath + "?" + url.Values{askOffer: references}.Encode()
}

func showComparison(v *visit) error {
	references := comparedReferences(v.query()[askOffer])
	page := comparePage{Typed: clip(v.query().Get(askAdded), 40)}
	if page.Typed != "" {
		added, err := offer.ParseReference(page.Typed)
		if err == nil {
			v.redirect(compareAddress(withReference(references, added)), "")
			return nil
		}
		page.Wrong = v.problemText(err)
	}
	views, gone, err := v.comparedViews(references)
	if err != nil {
		return err
	}
	page.Gone = gone
	v.fillComparison(&page, views)
	return v.render("compare/show", page)
}

// problemText gives the words for a failure.
func (v *visit) problemText(err error) string {
	return v.site.opts.Server.Problem(err, "", v.loc).Detail
}

// comparedViews reads the offers; those nobody may read any more are told.
func (v *visit) comparedViews(references []string) (views []offer.View, gone []string, err error) {
	for _, reference := range references {
		id, err := v.site.opts.Offers.ByReference(v.actor, reference)
		var view offer.View
		if err == nil {
			view, err = v.site.opts.Offers.Get(v.ctx, v.actor, id)
		}
		switch {
		case fault.Is(err, fault.NotFound), err == nil && view.Snapshot == nil:
			gone = append(gone, reference)
		case err != nil:
			return nil, nil, err
		default:
			views = append(views, view)
		}
	}
	return views, gone, nil
}

func (v *visit) fillComparison(page *comparePage, views []offer.View) {
	var all []string
	for _, o := range views {
		all = append(all, o.Reference)
		page.Kept = append(page.Kept, hiddenField{askOffer, o.Reference})
	}
	for _, o := range views {
		others := slices.DeleteFunc(slices.Clone(all), func(r string) bool { return r == o.Reference })
		page.Offers = append(page.Offers, comparedOffer{o.Snapshot.Terms.Title, o.Reference, "/offres/" + o.Reference, compareAddress(others)})
	}
	page.More = len(views) < comparedMost
	page.Search = address("/offres", url.Values{askCompared: all})
	if len(views) > 0 {
		page.Rows = v.compareRows(views)
	}
}

// compareRows puts each thing into a row, in the order in which it matters to
// whoever is about to leave.
func (v *visit) compareRows(views []offer.View) []compareRow {
	var rows []compareRow
	add := func(label string, cell func(offer.View, offer.Terms) compareCell) {
		row := compareRow{Label: label}
		for _, o := range views {
			c := cell(o, o.Snapshot.Terms)
			c.Of = o.Snapshot.Terms.Title
			row.Cells = append(row.Cells, c)
		}
		rows = append(rows, row)
	}
	plain := func(f func(offer.Terms) string) func(offer.View, offer.Terms) compareCell {
		return func(_ offer.View, t offer.Terms) compareCell { return compareCell{Value: f(t)} }
	}
	add(v.t("compare.state"), v.stateCell)
	add(v.t("term.place"), plain(func(t offer.Terms) string { return v.place(t.City, t.Region, t.Country) }))
	add(v.t("compare.agency"), func(o offer.View, t offer.Terms) compareCell {
		return compareCell{Value: o.AgencyName, Note: t.EmployerName}
	})
	add(v.t("term.pay"), plain(func(t offer.Terms) string { return v.pay(t.Pay) }))
	add(v.t("compare.monthly"), v.monthlyCell)
	add(v.t("term.hourly"), v.hourlyCell)
	if slices.ContainsFunc(views, func(o offer.View) bool { return v.powerCell(o, o.Snapshot.Terms).Value != "" }) {
		add(v.t("compare.power"), v.powerCell)
	}
	add(v.t("term.hours"), plain(func(t offer.Terms) string { return v.hoursText(t) }))
	add(v.t("term.duration"), plain(v.duration))
	add(v.t("compare.cost"), v.costCell)
	add(v.t("compare.deductions"), plain(v.deductionText))
	add(v.t("terms.benefits"), v.benefitCell)
	add(v.t("compare.cover"), plain(func(t offer.Terms) string { return v.benefitText(t.Benefits.Insurance) }))
	add(v.t("term.languages"), plain(func(t offer.Terms) string { return v.needs(t.Languages) }))
	add(v.t("compare.deadline"), plain(func(t offer.Terms) string { return v.deadlineText(t.Deadline) }))
	add(v.t("compare.risk"), v.riskCell)
	return rows
}

func (v *visit) stateCell(o offer.View, _ offer.Terms) compareCell {
	if o.Open {
		return compareCell{Value: v.t("compare.open")}
	}
	return compareCell{Value: v.t("compare.shut"), Note: v.code("offer.says", o.State), Bad: true}
}

// monthlyCell gives the pay of a month in CFA francs, and says whether taxes
// and contributions are still to be taken from it.
func (v *visit) monthlyCell(o offer.View, t offer.Terms) compareCell {
	m, basis := v.monthOf(o, t), v.t("compare.basis", t.Pay.Basis.Label(v.loc))
	if t.Pay.Known() && t.Pay.Currency == ref.XOF && t.Pay.Period == ref.PerMonth && t.Pay.PaymentsPerYear != 13 {
		low, _ := t.Pay.Range() // as stated, without the rounding of the way there and back
		return compareCell{Value: low.Display(v.loc), Note: basis}
	}
	if !m.known {
		return compareCell{}
	}
	return compareCell{Value: v.francs(m.cents, m.on), Note: basis}
}

// powerCell gives what buys in Mali what a month's pay buys at the place of
// work, with the source and the year of the figures; nothing where none is
// known.
func (v *visit) powerCell(o offer.View, t offer.Terms) compareCell {
	m := v.monthOf(o, t)
	francs, year, ok := ref.ComparableInMali(m.cents, t.Country, m.on)
	if !m.known || !ok {
		return compareCell{}
	}
	return compareCell{Value: francs.Display(v.loc), Note: v.t("compare.power.source", ref.ParitySource, strconv.Itoa(year))}
}

// monthOf brings the pay to a month in EUR cents, gross or net as it is stated.
func (v *visit) monthOf(o offer.View, t offer.Terms) monthlyPay {
	m := frozenPay(o.Snapshot)
	if t.Pay.Basis == ref.Net {
		gross := t.Pay
		gross.Basis = ref.Gross // to bring it to a month only
		m.cents, m.known = ref.NormalisedPay(gross, t.HoursPerWeek, t.DaysPerWeek, m.on)
	}
	return m
}

func (v *visit) hourlyCell(o offer.View, t offer.Terms) compareCell {
	cents, ok := hourly(t, frozenPay(o.Snapshot))
	if !ok {
		return compareCell{}
	}
	return compareCell{Value: v.francs(cents, frozenPay(o.Snapshot).on)}
}

func (v *visit) hoursText(t offer.Terms) string {
	if t.HoursPerWeek == 0 {
		return ""
	}
	return v.t("term.hours.value", v.hundredths(t.HoursPerWeek))
}

// costCell names what the worker pays, and what the offer does not say.
func (v *visit) costCell(_ offer.View, t offer.Terms) compareCell {
	var mine, unsaid []string
	if t.Costs.WorkerFee > 0 {
		mine = append(mine, v.t("term.fee")+v.t("form.colon")+" "+ref.Money{Amount: t.Costs.WorkerFee, Currency: t.Pay.Currency}.Display(v.loc))
	}
	for _, c := range costsOf(t) {
		switch c.payer {
		case offer.ByWorker:
			mine = append(mine, v.code("compared", "costs."+c.name))
		case "":
			unsaid = append(unsaid, v.code("compared", "costs."+c.name))
		}
	}
	cell := compareCell{Value: v.t("compare.cost.none"), Bad: len(mine) > 0}
	if len(mine) > 0 {
		cell.Value = strings.Join(mine, ", ")
	}
	if len(unsaid) > 0 {
		cell.Note = v.t("compare.unsaid", strings.Join(unsaid, ", "))
	}
	return cell
}

func (v *visit) deductionText(t offer.Terms) string {
	if len(t.Deductions) == 0 {
		return v.t("compare.deductions.none")
	}
	return joined(t.Deductions, func(d offer.Deduction) string {
		return d.Label + v.t("form.colon") + " " + ref.Money{Amount: d.Amount, Currency: t.Pay.Currency}.Display(v.loc)
	})
}

func (v *visit) benefitCell(_ offer.View, t offer.Terms) compareCell {
	var given, unsaid []string
	for _, b := range benefitsOf(t.Benefits) {
		switch b.value {
		case offer.Provided:
			given = append(given, v.code("compared", "benefits."+b.name))
		case "":
			unsaid = append(unsaid, v.code("compared", "benefits."+b.name))
		}
	}
	cell := compareCell{Value: strings.Join(given, ", ")}
	if len(given) == 0 && len(unsaid) < len(benefitsOf(t.Benefits)) {
		cell.Value = v.t("compare.nothing")
	}
	if len(unsaid) > 0 && cell.Value != "" {
		cell.Note = v.t("compare.unsaid", strings.Join(unsaid, ", "))
	}
	return cell
}

func (v *visit) benefitText(b offer.Benefit) string {
	if b == "" {
		return ""
	}
	return v.code("benefit.answer", b)
}

func (v *visit) deadlineText(d ref.Date) string {
	if !d.Known() {
		return v.t("offer.open_ended")
	}
	return v.date(d)
}

// riskCell tells what the offer was published with, and how its corridor
// stands.
func (v *visit) riskCell(o offer.View, t offer.Terms) compareCell {
	var risks []string
	for _, n := range v.warnings(o.Snapshot.Warnings) {
		risks = append(risks, n.Text)
	}
	way, err := v.corridorFor(t.Country)
	if err == nil && way != nil && !way.Open(t.Kind, t.Occupation) {
		risks = append(risks, v.t("corridor.suspended"))
	}
	if len(risks) == 0 {
		return compareCell{Value: v.t("compare.risk.none")}
	}
	return compareCell{Value: strings.Join(risks, " "), Bad: true}
}

// corridorFor reads the corridor to a country; nil where there is none, as for
// work in Mali.
func (v *visit) corridorFor(country ref.Country) (*corridor.Corridor, error) {
	if country == "" || country == ref.Mali {
		return nil, nil
	}
	way, err := v.site.opts.Corridors.Current(v.actor, corridor.CodeFor(country))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return way, err
}
