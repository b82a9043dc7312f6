package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// agencyApplications is where an agency finds the applications to its offers.
const agencyApplications = "/agence/candidatures"

func offerAddress(id offer.ID) string { return "/agence/offres/" + url.PathEscape(string(id)) }

// pipelinePage is everybody on the way to one offer's places.
type pipelinePage struct {
	Title, Back string
	Tabs        []tabLink
	Places      int
	Free        int
	Stages      []stageCount
	Trips       []tripLine
	Ends        []tabLink // what can be done at its end
}

// stageCount is one stage with those who are in it.
type stageCount struct {
	State, Next string // codes
	Files       []fileLine
}

// stages is the order in which an agency sees applications.
func stages() []application.State {
	return []application.State{application.Submitted, application.Shortlisted, application.Interviewed, application.Waiting, application.Selected, application.Invited,
		application.Refused, application.Withdrawn, application.Closed}
}

func (v *visit) offerTabs(id offer.ID, now string) (tabs []tabLink) {
	for _, name := range []string{"suivi", "candidats", "versions"} {
		tabs = append(tabs, tabLink{offerAddress(id) + "/" + name, v.code("offer.tab", name), name == now})
	}
	return tabs
}

func showPipeline(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	applied, err := v.allApplications(o.ID)
	if err != nil {
		return err
	}
	cards, err := v.allTrips(placement.Query{Offer: o.ID})
	if err != nil {
		return err
	}
	page := pipelinePage{Title: o.Terms.Title, Back: offerAddress(o.ID), Tabs: v.offerTabs(o.ID, "suivi"), Places: o.Terms.Places, Free: o.FreePlaces, Ends: v.endLinks(o)}
	for _, state := range stages() {
		group := stageCount{State: string(state), Next: string(state)}
		for _, a := range applied {
			if a.State == state {
				group.Files = append(group.Files, v.fileLine(a))
			}
		}
		page.Stages = append(page.Stages, group)
	}
	for _, c := range cards {
		page.Trips = append(page.Trips, v.tripLine(c))
	}
	return v.render("team/pipeline", page)
}

// allApplications reads every application to an offer.
func (v *visit) allApplications(id offer.ID) (all []application.Card, err error) {
	q := application.Query{Offer: string(id), Limit: listing.MaxLimit}
	for {
		found, err := v.site.opts.Applications.List(v.ctx, v.actor, q)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if q.After = found.Next; q.After == "" {
			return all, nil
		}
	}
}

func (v *visit) fileLine(a application.Card) fileLine {
	return fileLine{Code: shortCode(string(a.ID)), Href: agencyApplications + "/" + url.PathEscape(string(a.ID)), State: string(a.State), Rank: a.Rank, Updated: a.UpdatedAt}
}

// applicantPage is one application as its agency sees it, with what it can
// decide.
type applicantPage struct {
	Code, Title string
	Back        string
	State       string
	Rank        int
	Reason      string
	Message     string
	Interview   time.Time
	Person      []factGroup
	Gates       []gateLine
	Trip        string // address of the placement, once there is one
	Decisions   []*form
	Error       *form // the decision that could not be taken
	History     []eventLine
}

// decisions are what an agency decides about an application.
func decisions() []string {
	return []string{application.ActShortlist, application.ActInterview, application.ActWait, application.ActSelect, application.ActRefuse}
}

// decisionPath is where the form of a decision goes.
func decisionPath(action string) string {
	return map[string]string{
		application.ActShortlist: "preselections", application.ActInterview: "entretiens", application.ActWait: "attentes",
		application.ActSelect: "selections", application.ActRefuse: "refus",
	}[action]
}

func showApplicant(v *visit) error {
	a, err := v.site.opts.Applications.Get(v.ctx, v.actor, application.ID(v.param("id")))
	if err != nil {
		return err
	}
	page, err := v.newApplicantPage(a, "", nil)
	if err != nil {
		return err
	}
	return v.render("team/applicant", page)
}

func (v *visit) newApplicantPage(a *application.Application, failed string, typed url.Values) (*applicantPage, error) {
	page := v.bareApplicantPage(a, failed, typed)
	why := matchLine{}
	if err := v.explain(&why, offer.ID(a.Offer), profile.ID(a.Profile)); err != nil {
		return nil, err
	}
	page.Gates = why.Gates
	seen, err := v.site.opts.Profiles.View(v.ctx, v.actor, profile.ID(a.Profile))
	if err != nil && !isAbsent(err) && !fault.Is(err, fault.Forbidden) {
		return nil, err
	}
	if err == nil {
		page.Person = v.personFacts(seen)
	}
	if a.State != application.Selected {
		return page, nil
	}
	id := placement.MakeID(string(a.ID), a.Round)
	if _, err := v.site.opts.Placements.Get(v.ctx, v.actor, id); err == nil {
		page.Trip = v.fileAddress(id)
	} else if !isAbsent(err) {
		return nil, err
	}
	return page, nil
}

func (v *visit) bareApplicantPage(a *application.Application, failed string, typed url.Values) *applicantPage {
	page := &applicantPage{Code: shortCode(string(a.ID)), Title: a.OfferTitle, Back: offerAddress(offer.ID(a.Offer)) + "/suivi", State: string(a.State), Rank: a.Rank, Message: a.Message, Interview: a.InterviewAt}
	if a.Reason != "" {
		page.Reason = v.code("reason", a.Reason)
	}
	for _, e := range slices.Backward(a.History) {
		line := eventLine{State: string(e.State), By: v.code("actor", e.By), At: e.At}
		if e.Reason != "" {
			line.Reason = v.code("reason", e.Reason)
		}
		page.History = append(page.History, line)
	}
	for _, action := range decisions() {
		if _, err := application.Transitions().Next(action, a.State, v.actor.Role); err != nil {
			continue
		}
		var values url.Values
		if action == failed {
			values = typed
		}
		f := v.decisionForm(a, action, values)
		if action == failed {
			page.Error = f
		}
		page.Decisions = append(page.Decisions, f)
	}
	return page
}

// decisionForm asks what a decision needs; fields are named by it, since the
// page holds several.
func (v *visit) decisionForm(a *application.Application, action string, values url.Values) *form {
	f := newForm(agencyApplications+"/"+url.PathEscape(string(a.ID))+"/"+decisionPath(action), v.code("decision", action), values)
	switch action {
	case application.ActInterview:
		f.add(field{Name: action + "-at", Label: v.t("decision.day"), Hint: v.t("decision.day.hint"), Kind: "date", Narrow: true})
		f.add(field{Name: action + "-hour", Label: v.t("decision.hour"), Hint: v.t("decision.hour.hint"), Max: 5, Narrow: true})
	case application.ActWait:
		f.add(field{Name: action + "-rank", Label: v.t("decision.rank"), Mode: "numeric", Max: 4, Required: true, Narrow: true})
	case application.ActRefuse:
		f.Danger = true
		f.add(field{Name: action + "-reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", application.Reasons(application.ActRefuse), v.t("form.choose"))})
	}
	f.number()
	return f
}

// personFacts is what an agency is told of a person who applied.
func (v *visit) personFacts(p profile.View) []factGroup {
	i := p.Identity
	trades := joined(p.Worked, func(o ref.Occupation) string { return o.Title(v.loc) })
	return []factGroup{
		{v.t("applicant.who"), []fact{
			{Label: v.t("applicant.name"), Value: strings.TrimSpace(i.GivenNames + " " + i.FamilyName)}, {Label: v.t("applicant.phone"), Value: i.Phone},
			{Label: v.t("applicant.email"), Value: i.Email}, {Label: v.t("candidate.lives"), Value: joinedFirst(p.Residence.City, p.Residence.Country.Name(v.loc))},
		}},
		{v.t("applicant.profile"), []fact{
			{Label: v.t("candidate.trades"), Value: trades}, {Label: v.t("term.experience"), Value: v.months(p.Months)}, {Label: v.t("term.education"), Value: p.HighestEducation.Label(v.loc)},
			{Label: v.t("term.languages"), Value: joined(p.Languages, func(l profile.LanguageSkill) string { return l.Language.Name(v.loc) + " " + l.Level.String() })},
			{Label: v.t("evaluation.skills"), Value: joined(p.Skills, func(s ref.Skill) string { return s.Label(v.loc) })},
			{Label: v.t("term.licences"), Value: joined(p.Licences, func(l ref.Licence) string { return l.Label(v.loc) })},
		}},
	}
}

// decideApplication takes a decision, once however often its form is sent.
func decideApplication(action, flash string) handler {
	return func(v *visit) error {
		id, in := application.ID(v.param("id")), v.posted()
		err := v.once(func() error { return v.decideOn(id, action, in) })
		if err == nil {
			v.redirect(agencyApplications+"/"+url.PathEscape(string(id)), flash)
			return nil
		}
		a, readErr := v.site.opts.Applications.Get(v.ctx, v.actor, id)
		if readErr != nil {
			return readErr
		}
		page, pageErr := v.newApplicantPage(a, action, in)
		if pageErr != nil {
			return pageErr
		}
		if page.Error == nil { // the state has moved on: the page says where to
			page.Error = v.decisionForm(a, action, in)
		}
		return v.again(page.Error, prefixed(err, action), "team/applicant", page)
	}
}

func (v *visit) decideOn(id application.ID, action string, in url.Values) (err error) {
	s := v.site.opts.Applications
	switch action {
	case application.ActShortlist:
		_, err = s.Shortlist(v.ctx, v.actor, id)
	case application.ActInterview:
		at, wrong := readMoment(in.Get(action+"-at"), in.Get(action+"-hour"))
		if wrong != nil {
			return wrong
		}
		_, err = s.Interview(v.ctx, v.actor, id, at)
	case application.ActWait:
		rank, wrong := strconv.Atoi(plainNumber(in.Get(action + "-rank")))
		if wrong != nil {
			return fault.New(fault.Invalid, "application.invalid", fault.Field{Pointer: "/rank", Code: "integer"})
		}
		_, err = s.Wait(v.ctx, v.actor, id, rank)
	case application.ActSelect:
		_, err = s.Select(v.ctx, v.actor, id)
	case application.ActRefuse:
		_, err = s.Refuse(v.ctx, v.actor, id, in.Get(action+"-reason"))
	}
	return err
}

// readMoment reads a day and an hour; nothing typed is no moment.
func readMoment(day, hour string) (time.Time, error) {
	if strings.TrimSpace(day) == "" {
		return time.Time{}, nil
	}
	var bad fault.List
	d, ok := typedDate(day)
	bad.Check(ok, "/at", "ref.date")
	clock, err := time.Parse("15:04", strings.NewReplacer("h", ":", " ", "", "\u00a0", "").Replace(strings.ToLower(joinedFirst(strings.TrimSpace(hour), "09:00"))))
	bad.Check(err == nil, "/hour", "invalid")
	if err := bad.Err("application.invalid"); err != nil {
		return time.Time{}, err
	}
	return d.Time().Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute), nil
}
