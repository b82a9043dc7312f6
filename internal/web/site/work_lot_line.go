package site

import (
	"net/url"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// What can be done in a batch with each kind of thing, and what cannot:
//   - everything can be taken and given back;
//   - offers are approved, published and returned;
//   - an agency is declared verified, the first of two signatures, and an
//     employer accredited, where no name looks or sounds like theirs: who
//     resembles another is looked at on the page that shows both. The signature
//     that lets an agency recruit is given on the agency's own page;
//   - incidents are neither sorted nor closed: each is somebody's distress,
//     and only who reads it sees whether a person is in danger;
//   - nothing is refused, suspended or barred: a refusal has its own reason.

// The kinds of things of the queue that can be picked, as their picks begin.
const (
	pickFile     = "depart."
	pickOffer    = "offre."
	pickAgency   = "agence."
	pickEmployer = "employeur."
	pickCase     = "signalement."
)

// picks says how the pick of a file of a kind begins.
func picks() map[assignment.Kind]string {
	return map[assignment.Kind]string{assignment.Offer: pickOffer, assignment.Agency: pickAgency, assignment.Employer: pickEmployer, assignment.Incident: pickCase}
}

// pickOf names a file in a batch.
func pickOf(f assignment.File) string { return picks()[f.Kind] + f.ID }

// lotLine says what the act does with one thing.
func (v *visit) lotLine(act, pick string, in url.Values) (line lotLine, err error) {
	line.pick = pick
	prefix, id, _ := strings.Cut(pick, ".")
	for kind, begins := range picks() {
		if begins == prefix+"." {
			line.file = assignment.File{Kind: kind, ID: id}
		}
	}
	switch {
	case prefix+"." == pickFile:
		err = v.departureLotLine(&line, act, placement.ID(id))
	case line.file.Kind == assignment.Offer:
		err = v.offerLotLine(&line, act, in)
	case line.file.Kind == assignment.Agency:
		err = v.agencyLotLine(&line, act)
	case line.file.Kind == assignment.Employer:
		err = v.employerLotLine(&line, act)
	case line.file.Kind == assignment.Incident:
		err = v.caseLotLine(&line, act)
	default:
		err = fault.New(fault.NotFound, "request.not_found")
	}
	if isAbsent(err) {
		return lotLine{Title: v.t("desk.lot.absent"), Says: v.t("desk.lot.not"), Fails: true}, nil
	}
	if line.sign == nil && err == nil {
		line.Fails = true
		if line.Says == "" {
			line.Says = v.t("desk.lot.not")
		}
	}
	return line, err
}

func (v *visit) offerLotLine(line *lotLine, act string, in url.Values) error {
	id := offer.ID(line.file.ID)
	o, err := v.site.opts.Offers.Get(v.ctx, v.actor, id)
	if err != nil {
		return err
	}
	terms, state := working(o)
	line.Href, line.Title, line.About = offerHref(id), terms.Title, joinedTexts(o.Reference, v.place(terms.City, "", terms.Country))
	v.share(line, act)
	switch {
	case act == lotSign && state == offer.Submitted:
		line.Says = v.t("work.approve")
		line.sign = func(v *visit) error { _, err := v.site.opts.Offers.Approve(v.ctx, v.actor, id); return err }
	case act == lotSign && state == offer.Approved:
		line.Says = v.t("work.publish")
		line.sign = func(v *visit) error { _, err := v.site.opts.Offers.Publish(v.ctx, v.actor, id); return err }
	case act == lotReturn && (state == offer.Submitted || state == offer.Approved):
		line.Says = v.t("work.return")
		d := offer.Decision{Reason: in.Get("reason"), Note: readText(in, "note")}
		line.sign = func(v *visit) error { _, err := v.site.opts.Offers.Return(v.ctx, v.actor, id, d); return err }
	}
	return nil
}

func (v *visit) agencyLotLine(line *lotLine, act string) error {
	id := agency.ID(line.file.ID)
	a, err := v.site.opts.Agencies.Get(v.ctx, v.actor, id)
	if err != nil {
		return err
	}
	line.Href, line.Title, line.About = agencyAddress(id), a.Facts.Name, joinedTexts(a.Facts.Licence, v.place(a.Facts.City, "", a.Facts.Country))
	v.share(line, act)
	if act == lotSign && a.State == agency.Applied {
		v.vouch(line, len(v.site.opts.Agencies.LookAlikes(v.actor, a)) > 0, "agency.vet",
			func(v *visit) error { _, err := v.site.opts.Agencies.Vet(v.ctx, v.actor, id, ""); return err })
	}
	return nil
}

func (v *visit) employerLotLine(line *lotLine, act string) error {
	id := employer.ID(line.file.ID)
	e, err := v.site.opts.Employers.Get(v.ctx, v.actor, id)
	if err != nil {
		return err
	}
	line.Href, line.Title, line.About = employerAddress(id), e.Facts.Name, joinedTexts(e.Facts.Registration, e.Facts.Country.Name(v.loc))
	v.share(line, act)
	if act == lotSign && e.State == employer.Declared {
		v.vouch(line, len(v.site.opts.Employers.LookAlikes(v.actor, e)) > 0, "employer.accredit",
			func(v *visit) error { _, err := v.site.opts.Employers.Accredit(v.ctx, v.actor, id, ""); return err })
	}
	return nil
}

// vouch signs for somebody unless their name is like another's.
func (v *visit) vouch(line *lotLine, alike bool, says string, sign func(*visit) error) {
	if alike {
		line.Says = v.t("desk.lot.alike")
		return
	}
	line.Says, line.sign = v.t(says), sign
}

func (v *visit) caseLotLine(line *lotLine, act string) error {
	i, err := v.site.opts.Incidents.Get(v.ctx, v.actor, incident.ID(line.file.ID))
	if err != nil {
		return err
	}
	line.Href, line.Title, line.About = caseHref(i.ID), v.code("incident_category", i.Category), joinedTexts(i.Reference, i.Country.Name(v.loc))
	v.share(line, act)
	if act == lotSign {
		line.Says = v.t("desk.lot.case")
	}
	return nil
}

// share takes a file that is no placement, or gives it back.
func (v *visit) share(line *lotLine, act string) {
	f, held := line.file, v.site.opts.Assignments.Holder(v.actor, line.file)
	v.shareLine(line, act, held.By, held.Until, v.site.opts.Assignments.Waits(v.actor, f),
		func(v *visit) error { _, err := v.site.opts.Assignments.Take(v.ctx, v.actor, f); return err },
		func(v *visit) error { return v.site.opts.Assignments.GiveBack(v.ctx, v.actor, f) })
}

func (v *visit) departureLotLine(line *lotLine, act string, id placement.ID) error {
	p, err := v.site.opts.Placements.Get(v.ctx, v.actor, id)
	if err != nil {
		return err
	}
	line.Href, line.Title, line.About = departureHref(id), p.Title, joinedTexts(p.Reference, p.Country.Name(v.loc))
	v.shareLine(line, act, p.Claim.By, p.Claim.Until, !p.State.Final(),
		func(v *visit) error { _, err := v.site.opts.Placements.Claim(v.ctx, v.actor, id); return err },
		func(v *visit) error { _, err := v.site.opts.Placements.ReleaseClaim(v.ctx, v.actor, id); return err })
	return nil
}

// shareLine offers to take what waits and nobody else has, and to give back
// what is one's own.
func (v *visit) shareLine(line *lotLine, act string, by account.ID, until time.Time, waits bool, take, give func(*visit) error) {
	holder, mine := v.holder(by, until)
	switch {
	case act != lotTake && act != lotGive:
	case holder != "" && !mine:
		line.held(v, by, until)
	case act == lotTake && waits:
		line.Says, line.sign = v.t("desk.take"), take
	case act == lotGive && mine:
		line.Says, line.sign = v.t("desk.give"), give
	}
}

// held says who has the thing, where somebody has.
func (l *lotLine) held(v *visit, by account.ID, until time.Time) {
	if holder, _ := v.holder(by, until); holder != "" {
		l.Says = v.t("desk.works", holder)
	}
}
