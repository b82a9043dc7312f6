package site

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/offer"
)

// newDraftPath is the form of an offer that does not exist yet.
const newDraftPath = "/agence/offres/nouvelle"

func draftPath(id offer.ID) string { return "/agence/offres/" + url.PathEscape(string(id)) }

func newDraft(v *visit) error {
	f, err := v.draftForm(newDraftPath, draftValues(offer.Terms{Places: 1}))
	if err != nil {
		return err
	}
	return v.render("draft/edit", draftPage{New: true, Form: f})
}

// createDraft makes a draft, once for each showing of its form: what the same
// form sends afterwards changes that draft.
func createDraft(v *visit) error {
	s := v.showing()
	defer s.release()
	if s.made != "" {
		return v.keepOffer(s, offer.ID(s.made), "flash.draft.saved")
	}
	terms, err := readTerms(offer.Terms{}, v.posted())
	if v.keepsOnly() && strings.TrimSpace(terms.Title) == "" {
		return v.untitled()
	}
	var made *offer.Offer
	if err == nil {
		made, err = v.site.opts.Offers.Create(v.onceOnly("page.offer.create"), v.actor, terms)
	}
	if err != nil {
		return v.notCreated(err)
	}
	s.made, s.rev = string(made.ID), made.Rev
	if !sameTerms(made.Working().Terms, terms) { // made before, by a sending whose answer was lost
		return v.keepOffer(s, made.ID, "flash.draft.created")
	}
	return v.keptOffer(made, "flash.draft.created")
}

// onceOnly gives the request the name of this showing of the form, so that it
// makes one record even where the showing is not remembered any more.
func (v *visit) onceOnly(operation string) context.Context {
	nonce := clip(v.posted().Get(nonceField), 64)
	if nonce == "" {
		return v.ctx
	}
	return idempotency.With(v.ctx, idempotency.Key{Account: v.actor.Account, Operation: operation, Value: nonce})
}

// notCreated shows the form of a new offer again.
func (v *visit) notCreated(err error) error {
	f, formErr := v.draftForm(newDraftPath, v.posted())
	if formErr != nil {
		return formErr
	}
	if v.isPart() {
		return v.draftRefused(f, err)
	}
	return v.again(f, err, "draft/edit", draftPage{New: true, Form: f})
}

// untitled says what a draft needs before it is kept.
func (v *visit) untitled() error {
	return v.renderPart(http.StatusOK, "draft/edit", draftPage{Live: &livePart{State: liveRefused, Said: v.t("draft.untitled")}})
}

func updateDraft(v *visit) error {
	s := v.showing()
	defer s.release()
	return v.keepOffer(s, offer.ID(v.param("id")), "flash.draft.saved")
}

// keepOffer takes what was typed into the form of an own offer.
func (v *visit) keepOffer(s *showing, id offer.ID, flash string) error {
	o, err := v.offerOfAgency(id)
	if err != nil {
		return err
	}
	if v.posted().Get(wayField) == wayJudge {
		return v.judgeDraft(o)
	}
	kept, err := v.editOffer(s, o)
	if err != nil {
		return v.draftAgain(o, err)
	}
	return v.keptOffer(kept, flash)
}

// editOffer keeps the terms. What arrives after something later, or says what
// is stored already, changes nothing.
func (v *visit) editOffer(s *showing, o offer.View) (*offer.Offer, error) {
	before, state := working(o)
	stored := &offer.Offer{ID: o.ID, Rev: o.Rev, Current: offer.Version{Terms: before, State: state, Findings: o.Findings}}
	if s.isLate(v) {
		return stored, nil
	}
	terms, err := readTerms(before, v.posted())
	if err != nil {
		return nil, err
	}
	rev, err := s.since(v, o.Rev)
	switch {
	case sameTerms(before, terms) && (err != nil || rev != o.Rev || v.keepsOnly()):
		s.rev = o.Rev
		return stored, nil
	case err != nil:
		return nil, err
	case v.keepsOnly() && state != offer.Draft:
		return nil, fault.New(fault.Stale, "stale")
	}
	kept, err := v.site.opts.Offers.Edit(v.ctx, v.actor, o.ID, rev, terms)
	if err == nil {
		s.rev = kept.Rev
	}
	return kept, err
}

// sameTerms reports whether typed terms, once stored, are those there are.
func sameTerms(stored, typed offer.Terms) bool {
	typed.Normalise()
	return len(offer.ChangedFields(stored, typed)) == 0
}

// keptOffer leads back to the offer, or tells the script that it was kept.
func (v *visit) keptOffer(o *offer.Offer, flash string) error {
	if !v.isPart() {
		v.redirect(draftPath(o.ID), flash)
		return nil
	}
	f, err := v.draftForm(draftPath(o.ID), v.posted())
	if err != nil {
		return err
	}
	found := o.Working().Findings
	page := draftPage{Findings: v.findings(found), Live: v.keptPart(f, o.Rev)}
	page.Live.To = draftPath(o.ID)
	v.atFields(f, found)
	if _, blocked := offer.Blocking(found); !blocked {
		page.Submit = draftPath(o.ID) + "/soumissions"
	}
	return v.renderPart(http.StatusOK, "draft/edit", page)
}

// judgeDraft tells what the linter says of typed terms, and keeps nothing.
func (v *visit) judgeDraft(o offer.View) error {
	before, _ := working(o)
	terms, err := readTerms(before, v.posted())
	var found []offer.Finding
	if err == nil {
		found, err = v.site.opts.Offers.Judge(v.ctx, v.actor, o.ID, terms)
	}
	if err != nil {
		return v.draftAgain(o, err)
	}
	o.Findings = found
	page, err := v.newDraftPage(o, v.posted())
	if err != nil {
		return err
	}
	page.Judged, page.Submit = true, ""
	if !v.isPart() || page.Form == nil {
		return v.render("draft/edit", page)
	}
	page.Live = &livePart{State: liveShown, Said: v.judged(found), Form: page.Form}
	return v.renderPart(http.StatusOK, "draft/edit", page)
}

// judged counts what was found.
func (v *visit) judged(found []offer.Finding) string {
	blocking := len(found) - len(offer.Warnings(found))
	switch {
	case blocking > 0:
		return v.count("lint.blocking", blocking)
	case len(found) > 0:
		return v.count("lint.warnings", len(found))
	}
	return v.t("lint.clean")
}

// draftAgain shows what was typed again, with what forbade to keep it. Where a
// colleague was faster, it shows both, and only a second sending replaces what
// is stored.
func (v *visit) draftAgain(o offer.View, failed error) error {
	page, err := v.newDraftPage(o, v.posted())
	if err != nil || page.Form == nil {
		return failed
	}
	if v.isPart() {
		return v.draftRefused(page.Form, failed)
	}
	if !fault.Is(failed, fault.Stale) {
		return v.again(page.Form, failed, "draft/edit", page)
	}
	before, _ := working(o)
	typed, err := readTerms(before, v.posted())
	if err != nil {
		return failed
	}
	typed.Normalise()
	page.Conflict = v.changeLines(application.TermsChange{Before: before, After: typed, Changes: offer.Differences(before, typed)})
	page.Form.Failed, page.Form.Error = true, v.t("draft.conflict")
	page.Form.renew(o.Rev)
	return v.renderAs(http.StatusConflict, "draft/edit", page)
}

func (v *visit) draftRefused(f *form, failed error) error {
	part, status, err := v.refusedPart(f, failed)
	if err != nil {
		return err
	}
	return v.renderPart(status, "draft/edit", draftPage{Live: part})
}
