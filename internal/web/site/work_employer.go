package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/employer"
)

// employerPage is one employer's file as an official decides on it.
type employerPage struct {
	claimPart
	Name, State string
	Pending     string // what one official proposed, in words
	Own         bool   // it was this official
	Facts       []fact
	Sites       []string
	Alike       []alikeLine
	Decisions   []decisionLine
	Trail       string
	Updated     time.Time
	Error       string
	Wrong       []wrongField
	Accredit    string // address of the form; empty when not possible
	Refuse, Bar *form
	Reopen      *form
}

// alikeLine is a record with a like-sounding name.
type alikeLine struct {
	Href, Name, Place, State, List string
	Percent                        int
}

func reviewEmployer(v *visit) error {
	e, err := v.site.opts.Employers.Get(v.ctx, v.actor, employer.ID(v.param("id")))
	if err != nil {
		return err
	}
	page, err := v.loadEmployerPage(e)
	if err != nil {
		return err
	}
	return v.render("work/employer", page)
}

func employerAddress(id employer.ID) string { return employersPath + "/" + url.PathEscape(string(id)) }

func (v *visit) newEmployerPage(e *employer.Employer, alike []employer.LookAlike) *employerPage {
	f, at := e.Facts, employerAddress(e.ID)
	page := &employerPage{
		Name: f.Name, State: string(e.State), Trail: trailOf(string(e.ID)), Updated: e.UpdatedAt, Decisions: v.employerDecisions(e.Decisions),
		Facts: []fact{
			{Label: v.t("employer.country"), Value: f.Country.Name(v.loc)}, {Label: v.t("employer.registration"), Value: f.Registration},
			{Label: v.t("employer.sector"), Value: f.Sector}, {Label: v.t("agency.website"), Value: f.Website},
			{Label: v.t("employer.declared_by"), Value: v.declaredBy(e)},
		},
	}
	for _, s := range f.Sites {
		page.Sites = append(page.Sites, joinedTexts(s.Name, s.City, s.Region))
	}
	for _, l := range alike {
		page.Alike = append(page.Alike, alikeLine{Href: employerAddress(l.ID), Name: l.Name, Place: l.Country.Name(v.loc), State: string(l.State), List: "state.employer", Percent: l.Similarity})
	}
	if pending := e.PendingAction(); pending != "" {
		page.Pending = v.code("employer.proposed", pending)
		page.Own = e.Decisions[len(e.Decisions)-1].By == v.actor.Account
	}
	v.addEmployerForms(page, e, at)
	return page
}

func (v *visit) addEmployerForms(page *employerPage, e *employer.Employer, at string) {
	switch e.State {
	case employer.Declared:
		page.Accredit, page.Refuse = at+"/accreditations", v.employerForm(at+"/refus", v.t("work.refuse"), employer.ActRefuse, nil)
	case employer.Accredited:
		page.Bar = v.employerForm(at+"/exclusions", v.t("employer.bar"), employer.ActBar, proposedAct(e))
	case employer.Barred:
		page.Reopen = v.employerReopeningForm(at, proposedAct(e))
	}
}

func (v *visit) declaredBy(e *employer.Employer) string {
	if e.Agency == "" {
		return v.code("role", account.Official)
	}
	return e.Agency
}

// nameAgency puts the name of the agency that declared an employer in the place
// of its id; an agency that cannot be read stays an id.
func (v *visit) nameAgency(page *employerPage, e *employer.Employer) error {
	if e.Agency == "" {
		return nil
	}
	a, err := v.site.opts.Agencies.Line(v.actor, agency.ID(e.Agency))
	if isAbsent(err) {
		return nil
	}
	if err == nil {
		page.Facts[len(page.Facts)-1].Value = a.Name
	}
	return err
}

// loadEmployerPage shows one employer's file.
func (v *visit) loadEmployerPage(e *employer.Employer) (*employerPage, error) {
	page := v.newEmployerPage(e, v.site.opts.Employers.LookAlikes(v.actor, e))
	page.claimPart = v.claimOf(assignment.File{Kind: assignment.Employer, ID: string(e.ID)})
	return page, v.nameAgency(page, e)
}

func (v *visit) employerDecisions(all []employer.Decision) []decisionLine {
	lines := make([]decisionLine, len(all))
	for i, d := range all {
		lines[i] = decisionLine{Act: v.code("event.employer", d.Action), Note: d.Note, Legal: d.Act, Evidence: d.Evidence, At: d.At, Mine: d.By == v.actor.Account}
		if d.Reason != "" {
			lines[i].Reason = v.code("reason", d.Reason)
		}
	}
	return lines
}

func (v *visit) employerForm(action, submit, act string, values url.Values) *form {
	f := newForm(action, submit, values)
	f.Danger = true
	f.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", employer.Reasons(act), v.t("form.choose"))})
	if act == employer.ActBar {
		v.addAct(f)
	}
	f.add(field{Name: "note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func accreditEmployer(v *visit) error {
	id := employer.ID(v.param("id"))
	_, err := v.site.opts.Employers.Accredit(v.ctx, v.actor, id, "")
	return v.afterEmployer(id, newForm("", "", nil), err, "flash.employer.accredited", "")
}

func refuseEmployer(v *visit) error {
	id, in := employer.ID(v.param("id")), v.posted()
	_, err := v.site.opts.Employers.Refuse(v.ctx, v.actor, id, in.Get("reason"), in.Get("note"))
	return v.afterEmployer(id, v.employerForm(employerAddress(id)+"/refus", v.t("work.refuse"), employer.ActRefuse, in), err, "flash.employer.refused", "")
}

func barEmployer(v *visit) error {
	id, in := employer.ID(v.param("id")), v.posted()
	e, err := v.site.opts.Employers.Bar(v.ctx, v.actor, id, in.Get("reason"), in.Get("note"), actTyped(in))
	return v.afterEmployer(id, v.employerForm(employerAddress(id)+"/exclusions", v.t("employer.bar"), employer.ActBar, in), err, "flash.employer.barred", pendingOf(e))
}

func reopenEmployer(v *visit) error {
	id, in := employer.ID(v.param("id")), v.posted()
	e, err := v.site.opts.Employers.Reopen(v.ctx, v.actor, id, "", actTyped(in))
	return v.afterEmployer(id, v.employerReopeningForm(employerAddress(id), in), err, "flash.employer.reopened", pendingOf(e))
}

func pendingOf(e *employer.Employer) string {
	if e == nil {
		return ""
	}
	return e.PendingAction()
}

// afterEmployer leads back to the file. Where the act was the first of two
// officials', the message says that it waits for the second.
func (v *visit) afterEmployer(id employer.ID, f *form, failed error, flash, pending string) error {
	if failed == nil {
		if pending != "" {
			flash = "flash.employer.proposed"
		}
		v.redirect(employerAddress(id), flash)
		return nil
	}
	e, err := v.site.opts.Employers.Get(v.ctx, v.actor, id)
	if err != nil {
		return failed
	}
	page, err := v.loadEmployerPage(e)
	if err != nil {
		return err
	}
	switch {
	case page.Refuse != nil && f.Action == page.Refuse.Action:
		page.Refuse = f
	case page.Bar != nil && f.Action == page.Bar.Action:
		page.Bar = f
	case page.Reopen != nil && f.Action == page.Reopen.Action:
		page.Reopen = f
	}
	return v.decideAgain(f, failed, "work/employer", page, &page.Error, &page.Wrong)
}
