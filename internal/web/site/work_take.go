package site

import (
	"net/url"
	"slices"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// Who works on what waits. Placements keep their claims themselves; those of
// the other kinds are assignments.

// giveField says that a file is given back and not taken.
const giveField = "rendre"

// claimPart says on a file's page who works on it.
type claimPart struct {
	Holder     string // in words; empty when nobody does
	Mine       bool
	Take, Give *form // nil when not possible
}

// fileHref is the officials' page of a file.
func fileHref(f assignment.File) string {
	switch f.Kind {
	case assignment.Offer:
		return offerHref(offer.ID(f.ID))
	case assignment.Agency:
		return agencyAddress(agency.ID(f.ID))
	case assignment.Employer:
		return employerAddress(employer.ID(f.ID))
	}
	return caseHref(incident.ID(f.ID))
}

func offerHref(id offer.ID) string { return "/travail/offres/" + url.PathEscape(string(id)) }

func takeHref(f assignment.File) string { return fileHref(f) + "/prises" }

// claimOf says who works on a file, and offers to take it while it waits.
func (v *visit) claimOf(f assignment.File) claimPart {
	return v.newClaimPart(f, v.site.opts.Assignments.Holder(v.actor, f), v.site.opts.Assignments.Waits(v.actor, f))
}

func (v *visit) newClaimPart(f assignment.File, held assignment.Holding, waits bool) (part claimPart) {
	part.Holder, part.Mine = v.holder(held.By, held.Until)
	if waits && (part.Mine || part.Holder == "") {
		part.Take = newForm(takeHref(f), v.code("desk.do", "claim"), nil)
	}
	if part.Mine {
		part.Give = newForm(takeHref(f), v.code("desk.do", "unclaim"), nil)
		part.Give.hide(giveField, "1")
	}
	return part
}

// addClaim says in the queue who works on a file, and how it is taken or given
// back.
func (v *visit) addClaim(line *waitLine, f assignment.File) {
	v.showHolder(line, f, v.site.opts.Assignments.Holder(v.actor, f))
}

func (v *visit) showHolder(line *waitLine, f assignment.File, held assignment.Holding) {
	line.Holder, line.Mine = v.holder(held.By, held.Until)
	switch at := takeHref(f); {
	case line.Mine:
		line.Give = at
	case line.Holder == "":
		line.Take = at
	}
	line.Pick = pickOf(f)
}

// take answers the forms that take a file of the kind or give it back.
func take(kind assignment.Kind) handler {
	return func(v *visit) error {
		f := assignment.File{Kind: kind, ID: v.param("id")}
		if v.posted().Get(giveField) != "" {
			return v.afterTaking(fileHref(f), "flash.desk.given", v.site.opts.Assignments.GiveBack(v.ctx, v.actor, f))
		}
		_, err := v.site.opts.Assignments.Take(v.ctx, v.actor, f)
		return v.afterTaking(fileHref(f), "flash.desk.taken", err)
	}
}

// takeFile claims a placement from the queue, or gives it back.
func takeFile(v *visit) error {
	id := placement.ID(v.param("id"))
	act, flash := v.site.opts.Placements.Claim, "flash.desk.taken"
	if v.posted().Get(giveField) != "" {
		act, flash = v.site.opts.Placements.ReleaseClaim, "flash.desk.given"
	}
	_, err := act(v.ctx, v.actor, id)
	return v.afterTaking(departureHref(id), flash, err)
}

// afterTaking leads back to where the form stood: the queue, or the file. Who
// came too late is led to the file, which says who has it and until when.
func (v *visit) afterTaking(file, flash string, err error) error {
	switch {
	case hasCode(err, "placement.claimed"), hasCode(err, "assignment.taken"):
		v.redirect(file, "flash.desk.claimed")
	case hasCode(err, "assignment.idle"):
		v.redirect(file, "flash.desk.idle")
	case err != nil:
		return err
	case !v.posted().Has("genre"):
		v.redirect(file, flash)
	default:
		v.redirect(queueOf(v.posted().Get("genre")), flash)
	}
	return nil
}

// queueOf is the address of the queue of a kind; that of everything for a kind
// that does not exist.
func queueOf(kind string) string {
	if slices.ContainsFunc(queueKinds(), func(k queueKind) bool { return k.code == kind }) {
		return address("/travail", url.Values{"genre": {kind}})
	}
	return "/travail"
}

// myFiles are the files of every kind that this official has taken, ordered as
// the queue is.
func (v *visit) myFiles(after string) ([]waitLine, int, string, error) {
	cards, err := every(func(after string) (listing.Result[placement.Card], error) {
		return v.site.opts.Placements.List(v.ctx, v.actor, placement.Query{ClaimedBy: v.actor.Account, Order: placement.Urgent, After: after, Limit: listing.MaxLimit})
	})
	if err != nil {
		return nil, 0, "", err
	}
	var lines []waitLine
	for _, c := range cards {
		lines = append(lines, v.waitingFile(c))
	}
	lines = append(lines, v.assigned()...)
	slices.SortStableFunc(lines, compareWaiting)
	page, total, next := cutLines(lines, after)
	return page, total, next, nil
}

// assigned are the files that this official has taken, but for placements.
func (v *visit) assigned() (lines []waitLine) {
	mine := v.site.opts.Assignments.Mine(v.actor)
	for _, c := range mine.Incidents {
		lines = append(lines, v.waitingCase(c))
	}
	for _, c := range mine.Offers {
		state := c.State
		if c.HasNext {
			state = c.NextState
		}
		lines = append(lines, v.waitingOffer(c, state))
	}
	for _, c := range mine.Agencies {
		lines = append(lines, v.waitingAgency(c))
	}
	for _, c := range mine.Employers {
		if c.Pending != "" {
			lines = append(lines, v.waitingProposal(c))
		} else {
			lines = append(lines, v.waitingEmployer(c))
		}
	}
	return lines
}
