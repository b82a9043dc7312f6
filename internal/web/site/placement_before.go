package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// acceptedFiles is what the field of a file lets choose.
const acceptedFiles = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"

// deedsBefore are the deeds before departure, and those that have no time.
func deedsBefore() []deed {
	return []deed{
		{name: "propose", path: "contrat", roles: agencySide(), permission: "placement.propose", flash: "flash.contract.proposed",
			ready: inState(placement.Opened, placement.ContractProposed), ask: askContract, do: proposeContract},
		{name: "item", path: "pieces/:key", roles: bothSides(), permission: "placement.document", flash: "flash.item.marked", upload: true, ask: askItem, do: markItem},
		{name: "paper", path: "documents", roles: bothSides(), permission: "placement.document", flash: "flash.paper.added", upload: true,
			ready: func(_ *visit, p *placement.Placement) bool { return p.State != placement.Cancelled }, ask: askPaper, do: addPaper},
		{name: "cost", path: "frais", roles: bothSides(), permission: "placement.cost", flash: "flash.cost.added", upload: true,
			ready: func(v *visit, p *placement.Placement) bool { return p.State != placement.Cancelled || v.isPerson() }, ask: askExpense, do: addExpense},
		{name: "strike", path: "frais/:cost/radiations", roles: bothSides(), permission: "placement.cost", flash: "flash.cost.struck", danger: true, ask: askStrike, do: strikeCost},
		{name: "decline", path: "refus", roles: candidateSide(), permission: "placement.accept", flash: "flash.contract.declined", danger: true,
			ready: inState(placement.ContractProposed), ask: askReason(placement.ActDecline), do: declineContract},
		{name: "answer", path: "reponse", roles: bothSides(), permission: "placement.answer", flash: "flash.file.answered",
			ready: func(_ *visit, p *placement.Placement) bool {
				return p.State == placement.Refused && !p.Decision.Answered
			}, ask: askAnswer, do: answerRefusal},
		{name: "depart", path: "depart", roles: agencySide(), permission: "placement.depart", flash: "flash.file.departed",
			ready: inState(placement.Cleared), ask: askDeparture, do: noteDeparture},
		{name: "cancel", path: "annulation", roles: bothSides(), permission: "placement.cancel", flash: "flash.file.cancelled", danger: true,
			ready: func(_ *visit, p *placement.Placement) bool { return p.State.BeforeDeparture() }, ask: askReason(placement.ActCancel), do: cancelFile},
	}
}

// askContract begins with the offer, or with the contract that was declined.
func askContract(v *visit, p *placement.Placement, page *deedPage) error {
	base, language := p.Frozen.Terms, ref.Language("")
	if c := p.CurrentContract(); c != nil {
		base, language = c.Terms, c.Language
	}
	return v.askTerms(p, page, base, language)
}

// askTerms fills the form with some terms, unless something was typed, and
// offers to compare before anything is kept.
func (v *visit) askTerms(p *placement.Placement, page *deedPage, base offer.Terms, language ref.Language) error {
	if page.restored == nil {
		page.Form.values = contractValues(base, language)
	}
	page.Form.Draft = true
	page.Form.Live, page.Form.Ways = wayCompare, []way{{Value: wayCompare, Label: v.t("contract.compare")}}
	page.Facts = []factGroup{{Title: v.t("contract.offer"), Facts: v.headline(p.Frozen.Terms, frozenPay(&p.Frozen))}}
	return v.contractFields(page.Form, p, base)
}

// compareOnly answers the button that compares: the page is shown again with
// the comparison, and nothing is kept. done is false for the other button.
func (v *visit) compareOnly(name string, p *placement.Placement, in url.Values, d placement.Draft) (done bool, err error) {
	if in.Get(wayField) != wayCompare {
		return false, nil
	}
	found, lines := p.Preview(d.Terms)
	diff := v.newDiff(lines, p.Frozen.Terms, found)
	for _, each := range deeds() {
		if each.name != name {
			continue
		}
		page, err := each.page(v, p, in)
		if err != nil {
			return true, err
		}
		page.Diff = diff
		page.Form.tellDiff(v, diff)
		if v.isPart() {
			page.Live = &livePart{State: liveShown, Said: v.diffSum(diff), See: &entryLink{"#comparaison", v.t("contract.see")}, Form: page.Form}
			return true, errShown{v.renderPart(http.StatusOK, "placement/deed", page)}
		}
		return true, errShown{v.render("placement/deed", page)}
	}
	return false, nil
}

// tellDiff says at the fields what the published offer says there.
func (f *form) tellDiff(v *visit, d *diffView) {
	for _, row := range d.Rows {
		if row.Verdict == string(placement.Same) {
			continue
		}
		offered := row.Offered
		if offered == "" {
			offered = v.t("term.unsaid")
		}
		f.tell(fieldName("/"+strings.ReplaceAll(row.Field, ".", "/")), notice{Lead: v.code("verdict", row.Verdict) + v.t("form.colon"), Text: v.t("contract.offer.says", offered), Blocking: row.Blocking})
	}
}

// diffSum counts the differences.
func (v *visit) diffSum(d *diffView) string {
	switch {
	case d.Blocking > 0:
		return v.count("contract.worse", d.Blocking)
	case d.Different > 0:
		return v.count("contract.different", d.Different)
	}
	return v.t("contract.equal")
}

// errShown ends a deed that has answered by itself, so that its form may be
// sent again. Its cause is the failure of that answer; nil for none.
type errShown struct{ cause error }

func (errShown) Error() string { return "answered already" }

func proposeContract(v *visit, p *placement.Placement, in url.Values) error {
	base := p.Frozen.Terms
	if c := p.CurrentContract(); c != nil {
		base = c.Terms
	}
	d, err := v.readDraft(base, in)
	if err != nil {
		return err
	}
	if done, err := v.compareOnly("propose", p, in, d); done {
		return err
	}
	_, err = v.site.opts.Placements.Propose(v.ctx, v.actor, p.ID, d)
	return err
}

// itemOf finds an item of the checklist.
func (v *visit) itemOf(p *placement.Placement) (placement.Item, error) {
	i := slices.IndexFunc(p.Checklist, func(i placement.Item) bool { return i.Key == v.param("key") })
	if i < 0 || !mayMark(v.actor.Role, p, p.Checklist[i]) {
		return placement.Item{}, fault.New(fault.NotFound, "placement.not_found")
	}
	return p.Checklist[i], nil
}

// mayMark reports whether a side states that item, in this state.
func mayMark(role account.Role, p *placement.Placement, i placement.Item) bool {
	switch p.State {
	case placement.Opened, placement.ContractProposed, placement.ContractAccepted, placement.UnderReview:
	default:
		return false
	}
	switch i.Key {
	case placement.ItemContract:
		return role == account.Agency
	case placement.ItemTraining:
		return role == account.Candidate
	}
	return true
}

func askItem(v *visit, p *placement.Placement, page *deedPage) error {
	item, err := v.itemOf(p)
	if err != nil {
		return err
	}
	page.Title, page.Form.Draft = v.itemLabel(item), true
	if item.Key == placement.ItemTraining {
		page.Form.Upload, page.Lead = false, v.t("item.training.lead")
		return nil
	}
	v.fileField(page.Form)
	page.Form.add(field{Name: "expires", Label: v.t("item.expires"), Hint: v.t("item.expires.hint"), Kind: "date", Narrow: true, Required: item.Key == placement.ItemPassport})
	return nil
}

func (v *visit) fileField(f *form) {
	f.add(field{Name: fileField, Label: v.t("paper.file"), Hint: v.t("paper.file.hint"), Kind: "file", Accept: acceptedFiles, Required: true})
}

// markItem adds the paper and states that the item is there. What can be known
// to be wrong beforehand is told before the paper is kept.
func markItem(v *visit, p *placement.Placement, in url.Values) error {
	item, err := v.itemOf(p)
	if err != nil {
		return err
	}
	m := placement.Mark{Key: item.Key, Done: true}
	if item.Key != placement.ItemTraining {
		if m.Expires, err = v.readExpiry(item, in); err != nil {
			return err
		}
		d, err := v.keepPaper(p, item.Key)
		if err != nil {
			return err
		}
		m.Document = d.ID
	}
	_, err = v.site.opts.Placements.MarkItem(v.ctx, v.actor, p.ID, m)
	return err
}

func (v *visit) readExpiry(item placement.Item, in url.Values) (ref.Date, error) {
	var bad fault.List
	day := readDate(in, "expires", &bad)
	bad.Check(len(bad) > 0 || day.Known() || item.Key != placement.ItemPassport, "/expires", "required")
	bad.Check(!day.Known() || day >= v.today(), "/expires", "placement.document.expired")
	return day, bad.Err("placement.invalid")
}

// keepPaper adds the file of the form to the documents.
func (v *visit) keepPaper(p *placement.Placement, item string) (placement.Document, error) {
	sent, err := v.sentFile(placement.MaxDocument)
	if err != nil {
		return placement.Document{}, err
	}
	return v.site.opts.Placements.AddDocument(v.ctx, v.actor, p.ID, placement.Upload{Item: item, Name: sent.Name, Content: sent.Content})
}

func askPaper(v *visit, _ *placement.Placement, page *deedPage) error {
	v.fileField(page.Form)
	page.Form.add(field{Name: "item", Label: v.t("paper.kind"), Kind: "select", Required: true, Options: v.codes("paper", placement.Papers(), v.t("form.choose"))})
	return nil
}

func addPaper(v *visit, p *placement.Placement, in url.Values) error {
	if !slices.Contains(placement.Papers(), in.Get("item")) {
		return fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "/item", Code: "required"})
	}
	_, err := v.keepPaper(p, in.Get("item"))
	return err
}

func askExpense(v *visit, p *placement.Placement, page *deedPage) error {
	if v.isPerson() {
		page.Warning = v.t("cost.nothing")
	}
	currencies := []option{}
	for _, c := range ref.Currencies(v.loc) {
		currencies = append(currencies, option{Value: string(c), Label: c.Name(v.loc) + " (" + string(c) + ")"})
	}
	if page.restored == nil {
		page.Form.values.Set("currency", string(ref.XOF))
	}
	f := page.Form
	f.add(field{Name: "category", Label: v.t("cost.category"), Kind: "select", Required: true, Options: v.codes("cost_category", placement.CostCategories(), v.t("form.choose"))})
	f.add(field{Name: "amount", Label: v.t("draft.amount"), Mode: "decimal", Max: 20, Required: true, Narrow: true})
	f.add(field{Name: "currency", Label: v.t("draft.currency"), Kind: "select", Required: true, Options: currencies})
	var payers []string
	for _, p := range placement.Payers() {
		payers = append(payers, string(p))
	}
	f.add(field{Name: "paidBy", Label: v.t("cost.payer"), Kind: "radio", Required: true, Options: v.codes("party", payers, "")})
	f.add(field{Name: "paidOn", Label: v.t("cost.day"), Kind: "date", Required: true, Narrow: true})
	f.add(field{Name: fileField, Label: v.t("cost.receipt"), Hint: v.t("cost.receipt.hint"), Kind: "file", Accept: acceptedFiles})
	if known := v.paperOptions(p, "receipt"); len(known) > 1 {
		f.add(field{Name: "document", Label: v.t("cost.receipt.kept"), Kind: "select", Options: known})
	}
	f.add(field{Name: "note", Label: v.t("deed.note"), Hint: v.t("cost.note.hint"), Kind: "area", Rows: 3, Max: maxDeedNote})
	return nil
}

func addExpense(v *visit, p *placement.Placement, in url.Values) error {
	e := placement.Expense{Category: in.Get("category"), PaidBy: offer.Payer(in.Get("paidBy")), Note: readText(in, "note"), Document: in.Get("document")}
	r := &termReader{in: in}
	currency, err := ref.ParseCurrency(in.Get("currency"))
	r.bad.Check(err == nil && currency != "", "/currency", "required")
	e.Amount.Currency = currency
	if len(r.bad) == 0 {
		e.Amount.Amount = r.amount("amount", currency)
	}
	r.bad.Check(strings.TrimSpace(in.Get("amount")) != "", "/amount", "required")
	r.bad.Check(e.Category != "", "/category", "required")
	r.bad.Check(e.PaidBy != "", "/paidBy", "required")
	e.PaidOn = readDate(in, "paidOn", &r.bad)
	if err := r.bad.Err("placement.invalid"); err != nil {
		return err
	}
	if e.Document, err = v.receipt(p, e.Document); err != nil {
		return err
	}
	_, err = v.site.opts.Placements.AddCost(v.ctx, v.actor, p.ID, e)
	return err
}

// receipt keeps the receipt that came with the form; without one, that chosen
// among the documents counts, or none.
func (v *visit) receipt(p *placement.Placement, chosen string) (string, error) {
	if !v.fileSent() {
		return chosen, nil
	}
	d, err := v.keepPaper(p, "receipt")
	return d.ID, err
}

func askStrike(v *visit, p *placement.Placement, page *deedPage) error {
	i := slices.IndexFunc(p.Costs, func(c placement.Cost) bool { return c.ID == v.param("cost") })
	if i < 0 {
		return fault.New(fault.NotFound, "placement.cost.not_found")
	}
	page.Facts = []factGroup{{Title: v.t("costs.title"), Facts: []fact{{Label: v.code("cost_category", p.Costs[i].Category), Value: p.Costs[i].Amount.Display(v.loc), Note: v.date(p.Costs[i].PaidOn)}}}}
	page.Form.add(field{Name: "reason", Label: v.t("cost.strike.reason"), Kind: "area", Rows: 3, Max: maxDeedNote, Required: true})
	return nil
}

func strikeCost(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.StrikeCost(v.ctx, v.actor, p.ID, v.param("cost"), readText(in, "reason"))
	return err
}

// askReason asks for a reason of that action.
func askReason(action string) func(*visit, *placement.Placement, *deedPage) error {
	return func(v *visit, _ *placement.Placement, page *deedPage) error {
		v.reasonFields(page.Form, "reason", placement.Reasons(action))
		return nil
	}
}

func declineContract(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.Decline(v.ctx, v.actor, p.ID, placement.Grounds{Reason: in.Get("reason"), Note: readText(in, "note")})
	return err
}

func cancelFile(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.Cancel(v.ctx, v.actor, p.ID, placement.Grounds{Reason: in.Get("reason"), Note: readText(in, "note")})
	return err
}

func askAnswer(v *visit, p *placement.Placement, page *deedPage) error {
	if p.Decision.RefusalReason != "" {
		page.Facts = []factGroup{{Title: v.t("file.refusal"), Facts: []fact{{Label: v.t("work.reason"), Value: v.code("reason", p.Decision.RefusalReason), Note: p.Decision.RefusalNote}}}}
	}
	page.Form.add(field{Name: "note", Label: v.t("file.answer"), Kind: "area", Rows: 6, Max: maxDeedNote, Required: true})
	return nil
}

func answerRefusal(v *visit, p *placement.Placement, in url.Values) error {
	_, err := v.site.opts.Placements.Answer(v.ctx, v.actor, p.ID, readText(in, "note"))
	return err
}

func askDeparture(v *visit, p *placement.Placement, page *deedPage) error {
	if n := len(p.Clearances); n > 0 {
		c := p.Clearances[n-1]
		page.Facts = []factGroup{{Title: v.t("file.clearance"), Facts: []fact{{Label: v.t("clearance.number"), Value: c.Number}, {Label: v.t("clearance.valid"), Value: v.t("clearance.days", v.date(c.From), v.date(c.Until))}}}}
	}
	page.Form.add(field{Name: "on", Label: v.t("depart.on"), Kind: "date", Required: true, Narrow: true})
	page.Form.add(field{Name: "carrier", Label: v.t("depart.carrier"), Hint: v.t("depart.carrier.hint"), Max: 200})
	page.Form.add(field{Name: "dueOn", Label: v.t("depart.due"), Hint: v.t("depart.due.hint"), Kind: "date", Narrow: true})
	return nil
}

func noteDeparture(v *visit, p *placement.Placement, in url.Values) error {
	var bad fault.List
	d := placement.Departure{On: readDate(in, "on", &bad), Carrier: readText(in, "carrier"), DueOn: readDate(in, "dueOn", &bad)}
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	_, err := v.site.opts.Placements.Depart(v.ctx, v.actor, p.ID, d)
	return err
}
