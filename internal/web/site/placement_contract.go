package site

import (
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// diffView is a contract beside the published offer.
type diffView struct {
	Rows      []diffRow
	Different int
	Blocking  int
}

// diffRow is one condition in both, and who gains by the difference.
type diffRow struct {
	Field                 string // as the comparison names it
	Label, Offered, Found string
	Verdict               string // code
	Blocking              bool
}

func (v *visit) newDiff(lines []placement.Line, offered, found offer.Terms) *diffView {
	d := &diffView{}
	for _, l := range lines {
		row := diffRow{Field: l.Field, Label: v.termLabel(l.Field), Offered: v.termValue(l.Field, offered), Found: v.termValue(l.Field, found), Verdict: string(l.Verdict), Blocking: l.Blocking()}
		if row.Offered == "" && row.Found == "" {
			continue // nothing to compare
		}
		if !l.Equal() {
			d.Different++
		}
		if row.Blocking {
			d.Blocking++
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// termLabel names a condition that is compared.
func (v *visit) termLabel(name string) string {
	for _, b := range benefitNames() {
		if name == "benefits."+b {
			return v.code("compared", "benefits."+b)
		}
	}
	for _, c := range costNames() {
		if name == "costs."+c {
			return v.code("compared", "costs."+c)
		}
	}
	return v.code("compared", name)
}

// termValue writes one condition of some terms; nothing where it is not stated.
func (v *visit) termValue(name string, t offer.Terms) string {
	switch name {
	case "occupation":
		return t.Occupation.Title(v.loc)
	case "kind":
		return t.Kind.Label(v.loc)
	case "employer":
		return joinedFirst(t.EmployerName, t.Employer)
	case "country":
		return t.Country.Name(v.loc)
	case "region":
		return t.Region
	case "city":
		return t.City
	case "start":
		return v.date(t.Start)
	case "durationMonths":
		return v.duration(t)
	case "hoursPerWeek", "daysPerWeek":
		return v.weekly(name, t)
	case "pay":
		return joinedFirst(v.pay(t.Pay), t.PayText)
	case "deductions":
		return joined(t.Deductions, func(d offer.Deduction) string {
			return d.Label + v.t("form.colon") + " " + ref.Money{Amount: d.Amount, Currency: t.Pay.Currency}.Display(v.loc)
		})
	case "costs.workerFee":
		if t.Costs.WorkerFee > 0 {
			return ref.Money{Amount: t.Costs.WorkerFee, Currency: t.Pay.Currency}.Display(v.loc)
		}
		return ""
	}
	return v.suppliedValue(name, t)
}

func (v *visit) weekly(name string, t offer.Terms) string {
	switch {
	case name == "hoursPerWeek" && t.HoursPerWeek > 0:
		return v.t("term.hours.value", v.hundredths(t.HoursPerWeek))
	case name == "daysPerWeek" && t.DaysPerWeek > 0:
		return v.t("term.days.value", v.hundredths(t.DaysPerWeek))
	}
	return ""
}

// suppliedValue writes what is provided, and who bears a cost.
func (v *visit) suppliedValue(name string, t offer.Terms) string {
	for _, b := range benefitsOf(t.Benefits) {
		if name == "benefits."+b.name && b.value != "" {
			return v.code("benefit.answer", b.value)
		}
	}
	for _, c := range costsOf(t) {
		if name == "costs."+c.name && c.payer != "" {
			return v.code("party", c.payer)
		}
	}
	return ""
}

// joinedFirst gives the first text that says something.
func joinedFirst(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// contractPage is one contract in plain words, beside the offer, with the
// notice of the country and what the person can do.
type contractPage struct {
	Back      backLink
	Reference string
	Title     string
	Stage     string // code
	Stated    time.Time
	Headline  []fact
	Facts     []factGroup
	Language  string
	Signed    ref.Date
	Paper     string // address of the form that gives the signed paper out; empty without one
	Diff      *diffView
	Notice    []noticeBlock
	Country   string
	Corridor  string // address of the page about the country
	Mine      bool   // the person reads it
	Read      string // address of the form that says so; empty once it was
	ReadAt    time.Time
	From      time.Time // from when it can be accepted
	Waiting   bool      // until then
	Held      bool
	Code      string // address of the form that asks for a code
	Accept    *form
	Decline   string // address of the form
	Accepted  time.Time
	Declined  string // reason
	Note      string // what the person wrote about it
}

func showContract(v *visit) error {
	p, c, err := v.fileContract()
	if err != nil {
		return err
	}
	page, err := v.newContractPage(p, c, nil)
	if err != nil {
		return err
	}
	return v.render("placement/contract", page)
}

// fileContract reads the contract of the address.
func (v *visit) fileContract() (*placement.Placement, *placement.Contract, error) {
	p, err := v.placementFile()
	if err != nil {
		return nil, nil, err
	}
	n, err := strconv.Atoi(v.param("n"))
	if err != nil || n < 1 || n > len(p.Contracts) {
		return nil, nil, fault.New(fault.NotFound, "placement.contract.not_found")
	}
	return p, &p.Contracts[n-1], nil
}

func (v *visit) newContractPage(p *placement.Placement, c *placement.Contract, typed url.Values) (*contractPage, error) {
	page := v.bareContractPage(p, c, typed)
	k, err := v.corridorFor(p.Country)
	if k == nil || err != nil {
		return page, err
	}
	page.Notice = noticeBlocks(k.Notice.In(v.loc))
	page.Corridor = corridorPath + "/" + string(corridor.CodeFor(p.Country))
	return page, nil
}

// bareContractPage makes the page but for the notice of the country.
func (v *visit) bareContractPage(p *placement.Placement, c *placement.Contract, typed url.Values) *contractPage {
	m := v.payToday(c.Terms)
	page := &contractPage{
		Back: backLink{v.fileAddress(p.ID), v.t("file.back", p.Reference)}, Reference: p.Reference, Title: p.Title, Stage: string(c.Stage), Stated: c.At,
		Headline: v.headline(c.Terms, m), Facts: v.termFacts(c.Terms, m)[:4], Language: c.Language.Name(v.loc), Signed: c.SignedOn,
		Diff: v.newDiff(c.Lines, p.Frozen.Terms, c.Terms), Country: p.Country.Name(v.loc), Mine: v.isPerson(), ReadAt: c.ShownAt,
		Held: p.Held(), Accepted: c.AcceptedAt,
	}
	if !c.DeclinedAt.IsZero() {
		page.Declined, page.Note = v.code("reason", c.DeclineReason), declineNote(p, c)
	}
	v.addChoices(page, p, c, typed)
	return page
}

// declineNote is what the person wrote on declining a contract.
func declineNote(p *placement.Placement, c *placement.Contract) string {
	for _, e := range p.History {
		if e.Action == placement.ActDecline && e.At.Equal(c.DeclinedAt) {
			return e.Note
		}
	}
	return ""
}

// isPerson reports whether the file is the visitor's own.
func (v *visit) isPerson() bool { return filesOf(v.actor.Role) == ownFiles }

// addChoices says what the person can do with the contract now.
func (v *visit) addChoices(page *contractPage, p *placement.Placement, c *placement.Contract, typed url.Values) {
	at := v.fileAddress(p.ID)
	own := at + "/contrats/" + strconv.Itoa(c.Number)
	proposed := p.State == placement.ContractProposed && p.CurrentContract() != nil && p.CurrentContract().Number == c.Number
	moving := p.State == placement.Transferred && openMove(p) != nil && openMove(p).Contract == c.Number && openMove(p).Consented.IsZero()
	if !page.Mine || !proposed && !moving {
		return
	}
	if proposed && c.ShownAt.IsZero() {
		page.Read, page.Decline = own+"/lectures", at+"/refus"
		return
	}
	if proposed {
		page.From, page.Decline = v.site.opts.Placements.AcceptableFrom(c), at+"/refus"
		page.Waiting = v.site.opts.Now().Before(page.From)
	} else {
		page.Decline = at + "/transfert/refus"
	}
	if page.Waiting || page.Held {
		return
	}
	page.Code = own + "/codes"
	page.Accept = v.acceptForm(own, typed)
}

func (v *visit) acceptForm(own string, typed url.Values) *form {
	f := newForm(own+"/acceptations", v.t("contract.accept"), typed)
	f.add(field{Name: "code", Label: v.t("contract.code"), Hint: v.t("contract.code.hint"), Mode: "numeric", Fill: "one-time-code", Max: 12, Required: true, Narrow: true})
	return f
}

// openMove gives the transfer that is not decided; nil when there is none.
func openMove(p *placement.Placement) *placement.Move {
	last := len(p.Journey.Transfers) - 1
	if last < 0 || p.Journey.Transfers[last].Decided.By != "" || !p.Journey.Transfers[last].Decided.At.IsZero() {
		return nil
	}
	return &p.Journey.Transfers[last]
}

// readContract notes « J’ai lu » : the cooling-off period begins.
func readContract(v *visit) error {
	p, c, err := v.fileContract()
	if err != nil {
		return err
	}
	if _, err := v.site.opts.Placements.ReadContract(v.ctx, v.actor, p.ID, c.Number); err != nil {
		return v.contractAgain(p, c, err)
	}
	v.redirect(v.fileAddress(p.ID)+"/contrats/"+strconv.Itoa(c.Number), "flash.contract.read")
	return nil
}

// requestContractCode has a code sent, for the contract or the transfer.
func requestContractCode(v *visit) error {
	p, c, err := v.fileContract()
	if err != nil {
		return err
	}
	if c.Stage == placement.Transfer {
		err = v.site.opts.Placements.SendTransferCode(v.ctx, v.actor, p.ID)
	} else {
		err = v.site.opts.Placements.RequestCode(v.ctx, v.actor, p.ID)
	}
	if err != nil {
		return v.contractAgain(p, c, err)
	}
	v.redirect(v.fileAddress(p.ID)+"/contrats/"+strconv.Itoa(c.Number), "flash.contract.code")
	return nil
}

// acceptContract accepts the contract, or consents to the transfer, with the
// code. Sent twice it is accepted once.
func acceptContract(v *visit) error {
	p, c, err := v.fileContract()
	if err != nil {
		return err
	}
	code, flash := plainNumber(v.posted().Get("code")), "flash.contract.accepted"
	switch {
	case !c.AcceptedAt.IsZero():
	case c.Stage == placement.Transfer:
		flash = "flash.transfer.consented"
		_, err = v.site.opts.Placements.ConsentToTransfer(v.ctx, v.actor, p.ID, code)
	default:
		_, err = v.site.opts.Placements.Accept(v.ctx, v.actor, p.ID, code)
	}
	if err != nil {
		return v.contractAgain(p, c, err)
	}
	v.redirect(v.fileAddress(p.ID), flash)
	return nil
}

// contractAgain shows the contract with what forbade the act.
func (v *visit) contractAgain(p *placement.Placement, c *placement.Contract, failed error) error {
	page, err := v.newContractPage(p, c, v.posted())
	if err != nil {
		return err
	}
	if page.Accept == nil {
		page.Accept = v.acceptForm(v.fileAddress(p.ID)+"/contrats/"+strconv.Itoa(c.Number), v.posted())
	}
	return v.again(page.Accept, failed, "placement/contract", page)
}
