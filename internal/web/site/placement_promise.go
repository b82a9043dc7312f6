package site

import (
	"net/url"
	"slices"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// What a file says of money and of papers that run out: what was paid against
// what the offer promised, and which paper is lacking.

// addPromise sets what was paid beside what the offer said.
func (v *visit) addPromise(page *tripPage, p *placement.Placement) {
	page.Promise = v.costFacts(p.Frozen.Terms)
	for _, s := range p.Shares() {
		paid := v.shareText(s)
		page.Shares = append(page.Shares, fact{Label: v.code("party", s.Payer), Value: paid})
		if s.Payer == offer.ByWorker {
			page.Paid = paid
		}
	}
	for _, c := range page.Costs {
		if c.Broken {
			page.Broken++
		}
	}
}

// shareText tells a sum as it was paid; several currencies are brought to CFA
// francs.
func (v *visit) shareText(s placement.Share) string {
	if s.Exact.Currency != "" {
		return s.Exact.Display(v.loc)
	}
	return v.t("costs.about", v.francs(s.EURCents, v.today()))
}

// firstLacking gives the first paper that the file waits for and that the
// visitor can bring; only once the contract is accepted does it wait for one.
func (v *visit) firstLacking(p *placement.Placement) (placement.Item, bool) {
	if p.State != placement.ContractAccepted {
		return placement.Item{}, false
	}
	lacking := p.Lacking(v.today())
	i := slices.IndexFunc(p.Checklist, func(i placement.Item) bool {
		return slices.Contains(lacking, i.Key) && mayMark(v.actor.Role, p, i)
	})
	if i < 0 {
		return placement.Item{}, false
	}
	return p.Checklist[i], true
}

func (v *visit) itemAddress(p *placement.Placement, i placement.Item) string {
	return v.fileAddress(p.ID) + "/pieces/" + url.PathEscape(i.Key)
}

// expiryText says how long a paper is still good, where that is not long.
func (v *visit) expiryText(i placement.Item) string {
	days := int(i.Expires.Time().Sub(v.today().Time()).Hours() / 24)
	switch i.Expiry(v.today()) {
	case placement.Expired:
		return v.count("item.expired", -days)
	case placement.Soon:
		return v.count("item.expires_in", days)
	}
	return ""
}
