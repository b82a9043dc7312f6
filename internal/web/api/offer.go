package api

import (
	"context"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/web/posting"
)

// offerBody is how large an offer may be: its description alone may have
// 20,000 characters.
const offerBody = 256 << 10

// RegisterOffers adds the operations on offers, from draft to closure.
func RegisterOffers(a *API, service *offer.Service) {
	h := &offerOperations{service, a.opts.PublicURL}
	h.registerReading(a)
	h.registerAgency(a)
	h.registerReview(a)
	h.registerStanding(a)
}

type offerOperations struct {
	service   *offer.Service
	publicURL string
}

func (h *offerOperations) registerReading(a *API) {
	Register(a, Op[searchOffers, offerPage]{
		Method: "GET", Path: "/offers", ID: "searchOffers", Summary: "Search offers open to applications today",
		Description: "No account is needed. With state, import, uncoded or mine it lists a worklist instead: every offer for officials, its own for an agency.",
		Permission:  "offer.search", Also: []int{403}, Handle: h.search,
	})
	Register(a, Op[suggestOffers, offerSuggestions]{
		Method: "GET", Path: "/offers/suggest", ID: "suggestOffers", Summary: "Complete a search word from titles of published offers",
		Permission: "offer.search", Handle: h.suggest,
	})
	Register(a, Op[followOffers, offerChanges]{
		Method: "GET", Path: "/offers/changes", ID: "followOffers", Summary: "Follow changes of published offers",
		Description: "Oldest change first. An offer that is no longer published comes once more, as gone, with its state.",
		Permission:  "offer.changes", Handle: h.changes,
	})
	Register(a, Op[showOffer, offerJSON]{
		Method: "GET", Path: "/offers/{id}", ID: "showOffer", Summary: "Read one offer",
		Description: "Everybody reads what is published, its agency and officials all of it. With \"Accept: application/ld+json\" a published offer is answered as a schema.org JobPosting.",
		Permission:  "offer.read", Handle: h.show,
	})
	Register(a, Op[showOffer, offerFindings]{
		Method: "GET", Path: "/offers/{id}/lint", ID: "lintOffer", Summary: "What the linter says of an offer now",
		Description: "Judges the version under work; for observers the published terms.",
		Permission:  "offer.lint", Handle: h.lint,
	})
}

func (h *offerOperations) registerAgency(a *API) {
	Register(a, Op[createOffer, offerJSON]{
		Method: "POST", Path: "/offers", ID: "createOffer", Summary: "Draft an offer",
		Description: "Only the title is mandatory to keep a draft; findings say what stands in the way of submission.",
		Permission:  "offer.create", Status: 201, MaxBody: offerBody, Handle: h.create,
	})
	Register(a, Op[changeOffer, offerJSON]{
		Method: "PUT", Path: "/offers/{id}", ID: "changeOffer", Summary: "Replace a draft's terms, or prepare a next version",
		Description: "An approved offer goes back to draft. Of a published offer a next version begins; the published terms stay in force until it is published.",
		Permission:  "offer.update", MaxBody: offerBody, Handle: h.change,
	})
	Register(a, Op[actOnOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/submissions", ID: "submitOffer", Summary: "Submit a draft for review",
		Description: "The agency must be active, and no finding may block.",
		Permission:  "offer.submit", Handle: h.submit,
	})
	Register(a, Op[answerOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/answers", ID: "answerOffer", Summary: "Answer a refusal, once",
		Permission: "offer.answer", Handle: h.answer,
	})
	Register(a, Op[withdrawOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/withdrawals", ID: "withdrawOffer", Summary: "Withdraw an offer before it is closed",
		Permission: "offer.withdraw", Handle: h.withdraw,
	})
	Register(a, Op[closeOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/closures", ID: "closeOffer", Summary: "Close a published offer",
		Permission: "offer.close", Handle: h.close,
	})
}

func (h *offerOperations) registerReview(a *API) {
	Register(a, Op[returnOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/returns", ID: "returnOffer", Summary: "Give a submitted or approved offer back to its agency",
		Permission: "offer.review", Handle: h.giveBack,
	})
	Register(a, Op[refuseOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/refusals", ID: "refuseOffer", Summary: "Refuse a submitted offer for a stated reason",
		Permission: "offer.review", Handle: h.refuse,
	})
	Register(a, Op[actOnOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/approvals", ID: "approveOffer", Summary: "First signature: approve a submitted offer",
		Permission: "offer.review", Handle: h.approve,
	})
	Register(a, Op[actOnOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/publications", ID: "publishOffer", Summary: "Second signature, by another official: publish",
		Description: "Linter, agency, employer and corridor are checked again, then the terms are frozen.",
		Permission:  "offer.publish", Handle: h.publish,
	})
}

func (h *offerOperations) registerStanding(a *API) {
	Register(a, Op[suspendOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/suspensions", ID: "suspendOffer", Summary: "Suspend a published offer at once",
		Permission: "offer.suspend", Handle: h.suspend,
	})
	Register(a, Op[reopenOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/reopenings", ID: "reopenOffer", Summary: "End an offer's own suspension; takes two officials",
		Description: "The first official's call is noted in reopening; the call of a second one publishes the offer again.",
		Permission:  "offer.suspend", Handle: h.reopen,
	})
	Register(a, Op[objectToOffer, offerJSON]{
		Method: "POST", Path: "/offers/{id}/objections", ID: "objectToOffer", Summary: "Object to a published offer",
		Permission: "offer.object", Handle: h.object,
	})
}

type showOffer struct {
	ID string `path:"id" validate:"max=64" doc:"id, or public reference"`
}

func (h *offerOperations) show(ctx context.Context, c *Call, in *showOffer) (offerJSON, error) {
	id := offer.ID(in.ID)
	if found, err := h.service.ByReference(c.Actor, in.ID); err == nil {
		id = found
	}
	v, err := h.service.Get(ctx, c.Actor, id)
	if err != nil {
		return offerJSON{}, err
	}
	out := c.offerOf(v)
	if c.wantsPosting() {
		if out.posting = posting.Of(v, h.publicURL); out.posting != nil {
			c.Header("Content-Type", linkedData)
		}
	}
	return out, nil
}

// done shows the offer after a change, as the caller may see it.
func (h *offerOperations) done(ctx context.Context, c *Call, o *offer.Offer, err error) (offerJSON, error) {
	if err != nil {
		return offerJSON{}, err
	}
	v, err := h.service.Get(ctx, c.Actor, o.ID)
	if err != nil {
		return offerJSON{}, err
	}
	return c.offerOf(v), nil
}

type createOffer struct{ Body offerTerms }

func (h *offerOperations) create(ctx context.Context, c *Call, in *createOffer) (offerJSON, error) {
	terms, err := in.Body.terms()
	if err != nil {
		return offerJSON{}, err
	}
	o, err := h.service.Create(ctx, c.Actor, terms)
	if err == nil {
		c.Location("/offers/" + string(o.ID))
	}
	return h.done(ctx, c, o, err)
}

type changeOffer struct {
	ID   string `path:"id" validate:"max=64"`
	Body offerTerms
}

// change asks the service even with terms that cannot be read, so that an
// offer that is not the caller's is answered 404 and not 422.
func (h *offerOperations) change(ctx context.Context, c *Call, in *changeOffer) (offerJSON, error) {
	terms, wrong := in.Body.terms()
	if wrong != nil {
		if v, err := h.service.Get(ctx, c.Actor, offer.ID(in.ID)); err != nil || !v.Managed {
			return offerJSON{}, fault.New(fault.NotFound, "offer.not_found")
		}
		return offerJSON{}, wrong
	}
	o, err := h.service.Edit(ctx, c.Actor, offer.ID(in.ID), c.Rev, terms)
	return h.done(ctx, c, o, err)
}

type actOnOffer struct {
	ID   string    `path:"id" validate:"max=64"`
	Body *struct{} // may be left out
}

func (h *offerOperations) submit(ctx context.Context, c *Call, in *actOnOffer) (offerJSON, error) {
	o, err := h.service.Submit(ctx, c.Actor, offer.ID(in.ID))
	return h.done(ctx, c, o, err)
}

func (h *offerOperations) approve(ctx context.Context, c *Call, in *actOnOffer) (offerJSON, error) {
	o, err := h.service.Approve(ctx, c.Actor, offer.ID(in.ID))
	return h.done(ctx, c, o, err)
}

func (h *offerOperations) publish(ctx context.Context, c *Call, in *actOnOffer) (offerJSON, error) {
	o, err := h.service.Publish(ctx, c.Actor, offer.ID(in.ID))
	return h.done(ctx, c, o, err)
}

func (h *offerOperations) lint(ctx context.Context, c *Call, in *showOffer) (offerFindings, error) {
	found, err := h.service.Lint(ctx, c.Actor, offer.ID(in.ID))
	if err != nil {
		return offerFindings{}, err
	}
	_, blocked := offer.Blocking(found)
	return offerFindings{Items: c.findingsOf(found), Total: len(found), Blocked: blocked}, nil
}

// offerFindings is a short list: it has no pages.
type offerFindings struct {
	Items   []findingJSON `json:"items"`
	Total   int           `json:"total"`
	Blocked bool          `json:"blocked" doc:"at least one finding stands in the way of submission"`
}
