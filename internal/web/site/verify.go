package site

import (
	"strings"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/text"
)

// verifyPath checks a reference or a licence number, askReference names it.
const (
	verifyPath   = "/verifier"
	askReference = "reference"
)

// The answers of a check. Each is a text "verify.<answer>".
const (
	verdictOpen      = "open"
	verdictFilled    = "filled"
	verdictClosed    = "closed"
	verdictSuspended = "suspended"
	verdictLicensed  = "licensed"
	verdictHeld      = "held"
	verdictEnded     = "ended"
	verdictUnknown   = "unknown"
	verdictMalformed = "malformed"
	verdictMistyped  = "mistyped"

	// verdictClearance begins those about an authorisation to leave; the answers
	// of the service follow.
	verdictClearance = "clearance_"
)

// verifyPage asks for a reference and tells what is known of it.
type verifyPage struct {
	Typed   string
	Verdict string // empty until something was asked
	Grade   string // "good", "warn" or "bad"
	Normal  string // the reference as it is written
	Name    string // title or name, where it may be told
	Note    string
	Facts   []fact
	Href    string // page of the offer or the agency
}

func verifyReference(v *visit) error {
	page := verifyPage{Typed: clip(v.query().Get(askReference), 80)}
	var err error
	switch {
	case page.Typed == "":
	case looksLikeOffer(page.Typed):
		err = v.verifyOffer(&page)
	case looksLike("AUT", page.Typed):
		err = v.verifyClearance(&page)
	default:
		err = v.verifyLicence(&page)
	}
	if err != nil {
		return err
	}
	page.Grade = gradeOf(page.Verdict)
	return v.render("verify/show", page)
}

// looksLikeOffer tells the reference of an offer from a licence number.
func looksLikeOffer(s string) bool {
	return looksLike("OFF", s) || looksLike("0FF", s)
}

// looksLike reports what begins with these letters, however it is punctuated.
func looksLike(prefix, s string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.Join(text.Tokens(s), "")), prefix)
}

func gradeOf(verdict string) string {
	switch verdict {
	case verdictOpen, verdictLicensed, verdictClearance + string(placement.ClearanceValid):
		return "good"
	case verdictClearance + string(placement.ClearanceEarly), verdictClearance + string(placement.ClearanceOver), verdictClearance + string(placement.ClearanceUsed):
		return "warn"
	case verdictFilled, verdictClosed, verdictEnded, verdictMalformed, verdictMistyped:
		return "warn"
	default:
		return "bad"
	}
}

// isNone says what is wrong with the number that was typed: a wrong sign, by
// the code of that fault, no number of ours, or one that was never given. Any
// other failure is given back.
func (p *verifyPage) isNone(err error, wrongSign string) error {
	switch {
	case hasCode(err, wrongSign):
		p.Verdict = verdictMistyped
	case fault.Is(err, fault.Invalid):
		p.Verdict = verdictMalformed
	case fault.Is(err, fault.NotFound):
		p.Verdict = verdictUnknown
	default:
		return err
	}
	return nil
}

// verifyClearance tells how an authorisation to leave stands. Who holds it is
// on the paper and not told here.
func (v *visit) verifyClearance(page *verifyPage) error {
	found, err := v.site.opts.Placements.Told(v.ctx, v.publicActor(), page.Typed)
	if err != nil {
		return page.isNone(err, "placement.clearance.check")
	}
	page.Normal, page.Verdict = found.Number, verdictClearance+string(found.Answer)
	page.Facts = []fact{
		{Label: v.t("search.country"), Value: v.countryName(found.Country)}, {Label: v.t("verify.days"), Value: v.t("clearance.days", v.date(found.From), v.date(found.Until))},
		{Label: v.t("verify.agency"), Value: found.AgencyName},
	}
	return nil
}

func (v *visit) verifyOffer(page *verifyPage) error {
	found, err := v.site.opts.Offers.Told(v.ctx, v.actor, page.Typed)
	if err != nil {
		return page.isNone(err, "offer.reference.check")
	}
	page.Normal, page.Name, page.Verdict = found.Reference, found.Title, offerVerdict(found)
	if found.State.Shown() {
		page.Href = "/offres/" + found.Reference
		page.Facts = []fact{
			{Label: v.t("verify.agency"), Value: found.AgencyName}, {Label: v.t("search.country"), Value: v.countryName(found.Country)},
			{Label: v.t("verify.published"), Value: v.date(found.Published)}, {Label: v.t("compare.deadline"), Value: v.deadlineText(found.Deadline)},
		}
	}
	return nil
}

func offerVerdict(s offer.Standing) string {
	switch {
	case s.Open:
		return verdictOpen
	case s.State == offer.Published || s.State == offer.Filled:
		return verdictFilled
	case s.State == offer.Suspended:
		return verdictSuspended
	default:
		return verdictClosed
	}
}

// verifyLicence looks for a registered agency with that licence number, however
// it is punctuated.
func (v *visit) verifyLicence(page *verifyPage) error {
	number := strings.Join(text.Tokens(page.Typed), "")
	page.Verdict = verdictMalformed
	if len(number) < 3 || !strings.ContainsAny(number, "0123456789") {
		return nil
	}
	page.Verdict = verdictUnknown
	found, err := v.site.opts.Agencies.List(v.ctx, v.publicActor(), agency.Query{Text: number, Limit: 100})
	for _, card := range found.Items {
		if err == nil && strings.Join(text.Tokens(card.Licence), "") == number {
			v.tellLicence(page, card)
			return nil
		}
	}
	return err
}

func (v *visit) tellLicence(page *verifyPage, c agency.Card) {
	line := v.licensedLine(c)
	page.Normal, page.Name, page.Href = c.Licence, c.Name, line.Href
	switch c.State {
	case agency.Active:
		page.Verdict = verdictLicensed
	case agency.Suspended:
		page.Verdict = verdictHeld
	default:
		page.Verdict = verdictEnded
	}
	page.Facts = []fact{
		{Label: v.t("agency.kind"), Value: line.Kind}, {Label: v.t("term.place"), Value: line.Place},
		{Label: v.t("agency.licence.until"), Value: v.date(c.LicenceUntil), Note: line.Left}, {Label: v.t("registry.offers"), Value: v.number(c.OpenOffers)},
	}
}
