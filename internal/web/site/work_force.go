package site

import (
	"context"
	"net/url"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/offer"
)

// What officials decide about offers in force and agencies at work.

// forceForm asks for reason and note of an act on an offer in force; its fields
// begin with the act, since several such forms stand on one page.
func (v *visit) forceForm(action, submit, act string, values url.Values) *form {
	f := newForm(action, submit, values)
	required := act == offer.ActSuspend
	empty := v.t("form.choose")
	if !required {
		empty = v.t("form.none")
	}
	f.add(field{Name: act + "-reason", Label: v.t("work.reason"), Kind: "select", Required: required, Options: v.codes("reason", offer.Reasons(act), empty)})
	f.add(field{Name: act + "-note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func (v *visit) suspensionForm(at string, values url.Values) *form {
	f := v.forceForm(at+"/suspensions", v.t("work.suspend"), offer.ActSuspend, values)
	f.Danger = true
	return f
}

func (v *visit) reopeningForm(at string, values url.Values) *form {
	return v.forceForm(at+"/reouvertures", v.t("work.reopen"), offer.ActReopen, values)
}

func (v *visit) closureForm(at string, values url.Values) *form {
	f := v.forceForm(at+"/clotures", v.t("work.close"), offer.ActClose, values)
	f.Danger = true
	return f
}

// addForce offers what can be decided about an offer in force. An offer that
// was suspended with its agency, its employer or its corridor is reopened with
// them, not here.
func (v *visit) addForce(page *reviewPage, o offer.View) {
	at := "/travail/offres/" + url.PathEscape(string(o.ID))
	page.Trail, page.FirstReopen = trailOf(string(o.ID)), o.FirstReopen
	for _, c := range o.Causes {
		page.Causes = append(page.Causes, v.code("cause", c))
		if c == offer.CauseOwn && o.State == offer.Suspended {
			page.Reopen = v.reopeningForm(at, nil)
		}
	}
	for _, n := range o.Objections {
		page.Objections = append(page.Objections, decisionLine{Act: v.t("observe.objection"), Reason: v.code("reason", n.Reason), Note: n.Note, At: n.At})
	}
	if o.State == offer.Published {
		page.Suspend = v.suspensionForm(at, nil)
	}
	if o.State.InForce() {
		page.Close = v.closureForm(at, nil)
	}
}

// forms are the places of the forms with a reason that may stand on the page.
func (p *reviewPage) forms() []**form {
	return []**form{&p.Return, &p.Refuse, &p.Suspend, &p.Reopen, &p.Close}
}

type forceAct = func(context.Context, account.Actor, offer.ID, offer.Decision) (*offer.Offer, error)

// force carries out an act on an offer in force and leads back to it.
func (v *visit) force(act string, do forceAct, asked func(string, url.Values) *form, flash func(*offer.Offer) string) error {
	id, in := offer.ID(v.param("id")), v.posted()
	o, err := do(v.ctx, v.actor, id, offer.Decision{Reason: in.Get(act + "-reason"), Note: in.Get(act + "-note")})
	at := "/travail/offres/" + url.PathEscape(string(id))
	if err != nil {
		return v.reviewAgain(id, asked(at, in), prefixed(err, act))
	}
	v.redirect(at, flash(o))
	return nil
}

func suspendOffer(v *visit) error {
	return v.force(offer.ActSuspend, v.site.opts.Offers.Suspend, v.suspensionForm, func(*offer.Offer) string { return "flash.offer.suspended" })
}

func reopenOffer(v *visit) error {
	return v.force(offer.ActReopen, v.site.opts.Offers.Reopen, v.reopeningForm, func(o *offer.Offer) string {
		if o.ReopenedBy != "" {
			return "flash.offer.reopening"
		}
		return "flash.offer.reopened"
	})
}

func closeOffer(v *visit) error {
	return v.force(offer.ActClose, v.site.opts.Offers.Close, v.closureForm, func(*offer.Offer) string { return "flash.offer.closed" })
}

func agencyAddress(id agency.ID) string { return "/travail/agences/" + url.PathEscape(string(id)) }

func (v *visit) agencySuspensionForm(at string, values url.Values) *form {
	f := newForm(at+"/suspensions", v.t("work.suspend"), values)
	f.Danger = true
	f.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", agency.Reasons(agency.ActSuspend), v.t("form.choose"))})
	v.addAct(f)
	f.add(field{Name: "note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func suspendAgency(v *visit) error {
	id, in := agency.ID(v.param("id")), v.posted()
	if _, err := v.site.opts.Agencies.Suspend(v.ctx, v.actor, id, in.Get("reason"), in.Get("note"), actTyped(in)); err != nil {
		return v.vetAgain(id, v.agencySuspensionForm(agencyAddress(id), in), err)
	}
	v.redirect(agencyAddress(id), "flash.agency.suspended")
	return nil
}

func reopenAgency(v *visit) error {
	id, in := agency.ID(v.param("id")), v.posted()
	if _, err := v.site.opts.Agencies.Reopen(v.ctx, v.actor, id, in.Get("note"), actTyped(in)); err != nil {
		return v.vetAgain(id, v.agencyReopeningForm(agencyAddress(id), in), err)
	}
	v.redirect(agencyAddress(id), "flash.agency.reopened")
	return nil
}

// alikeAgencies lists the other agencies whose name looks or sounds like this
// one.
func (v *visit) alikeAgencies(a *agency.Agency) (lines []alikeLine) {
	for _, l := range v.site.opts.Agencies.LookAlikes(v.actor, a) {
		lines = append(lines, alikeLine{Href: agencyAddress(l.ID), Name: l.Name, Place: v.place(l.City, "", l.Country), State: string(l.State), List: "state.agency", Percent: l.Similarity})
	}
	return lines
}
