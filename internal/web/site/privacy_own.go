package site

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/profile"
)

// ownPath is where a person finds the own data.
const ownPath = "/mes-donnees"

// ownPage is the beginning of all a person can do with the own data.
type ownPage struct {
	Profile  bool // there is one, so that there are consents and readings
	Accesses int  // how often the identity was read
	Consents []consentLine
}

// consentLine is what a person decided last about one purpose, and before.
type consentLine struct {
	Purpose string
	Given   bool
	Decided bool
	Version string
	At      time.Time
	History []consentPast
}

// consentPast is one decision of the ledger.
type consentPast struct {
	Given            bool
	Version, Channel string
	At               time.Time
}

// accessPage is who read the person's identity, newest first.
type accessPage struct {
	Total int
	Items []accessLine
	Pager pager
}

// accessLine is one reading of the identity.
type accessLine struct {
	Who, Role, Reason, Note string
	At, Until               time.Time
}

// consentPage is the form of consents with what was decided before.
type consentPage struct {
	NoProfile bool
	Form      *form
	Lines     []consentLine
	Version   string // of the wording
}

func showOwnData(v *visit) error {
	page := ownPage{}
	if v.actor.Role == account.Candidate {
		mine, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
		switch {
		case err == nil:
			page = ownPage{Profile: true, Accesses: len(mine.Accesses), Consents: v.consentLines(mine.Consents)}
		case !isAbsent(err):
			return err
		}
	}
	return v.render("privacy/show", page)
}

// consentLines groups the ledger by purpose; within one the newest is first.
func (v *visit) consentLines(ledger []profile.Consent) []consentLine {
	var lines []consentLine
	for _, purpose := range profile.Purposes() {
		line := consentLine{Purpose: v.code("purpose", purpose)}
		for i := len(ledger) - 1; i >= 0; i-- {
			c := ledger[i]
			if c.Purpose != purpose {
				continue
			}
			if !line.Decided {
				line.Decided, line.Given, line.Version, line.At = true, c.Given, c.Version, c.At
			}
			line.History = append(line.History, consentPast{Given: c.Given, Version: c.Version, Channel: v.code("consent.channel", c.Channel), At: c.At})
		}
		lines = append(lines, line)
	}
	return lines
}

func listAccesses(v *visit) error {
	where, err := v.page(searchPageSize)
	if err != nil {
		return err
	}
	found, err := v.site.opts.Profiles.Accesses(v.ctx, v.actor, where)
	if err != nil && !isAbsent(err) {
		return err
	}
	page := accessPage{Total: found.Total, Pager: v.pager(found.Next)}
	for _, a := range found.Items {
		page.Items = append(page.Items, v.accessLine(a))
	}
	return v.render("privacy/accesses", page)
}

func (v *visit) accessLine(a profile.Access) accessLine {
	return accessLine{Who: v.reader(a), Role: v.code("role", a.Role), Reason: v.code("reason", a.Reason), Note: a.Note, At: a.At, Until: a.Until}
}

// reader names who read: an institution by its code, an agency by its name.
func (v *visit) reader(a profile.Access) string {
	if a.Role == account.Official {
		return v.code("institution", a.Who)
	}
	return a.Who
}

// consentForm asks about each purpose. Nothing is chosen for the person.
func (v *visit) consentForm(rev int64, values url.Values) *form {
	f := newForm(ownPath+"/consentements", v.t("consent.submit"), values)
	f.hide(revField, strconv.FormatInt(rev, 10))
	for _, purpose := range profile.Purposes() {
		f.add(field{
			Name: "consent-" + purpose, Label: v.code("purpose", purpose), Hint: v.code("consent.about", purpose), Kind: "radio",
			Options: []option{{Value: "yes", Label: v.t("consent.yes")}, {Value: "no", Label: v.t("consent.no")}},
		})
	}
	return f
}

func consentValues(ledger []profile.Consent) url.Values {
	values := url.Values{}
	for _, c := range ledger { // oldest first, so that the last one stays
		answer := "no"
		if c.Given {
			answer = "yes"
		}
		values.Set("consent-"+c.Purpose, answer)
	}
	return values
}

func editConsents(v *visit) error {
	page, err := v.newConsentPage(nil)
	if err != nil {
		return err
	}
	return v.render("privacy/consents", page)
}

// newConsentPage shows what is stored or, where values are given, what was
// typed.
func (v *visit) newConsentPage(values url.Values) (*consentPage, error) {
	ledger, rev, err := v.site.opts.Profiles.Consents(v.ctx, v.actor)
	if isAbsent(err) {
		return &consentPage{NoProfile: true}, nil
	}
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = consentValues(ledger)
	}
	return &consentPage{Form: v.consentForm(rev, values), Lines: v.consentLines(ledger), Version: profile.ConsentVersion}, nil
}

// updateConsents adds the decisions to the ledger. A purpose without an answer
// stays as it is.
func updateConsents(v *visit) error {
	in := v.posted()
	rev, err := v.revision()
	if err != nil {
		return err
	}
	var choices []profile.Choice
	for _, purpose := range profile.Purposes() {
		switch in.Get("consent-" + purpose) {
		case "yes":
			choices = append(choices, profile.Choice{Purpose: purpose, Given: true})
		case "no":
			choices = append(choices, profile.Choice{Purpose: purpose})
		}
	}
	_, err = v.site.opts.Profiles.PutConsents(v.ctx, v.actor, rev, profile.ChannelWeb, choices)
	if err == nil {
		v.redirect(ownPath+"/consentements", "flash.consents.saved")
		return nil
	}
	page, loading := v.newConsentPage(in)
	if loading != nil || page.Form == nil {
		return errors.Join(err, loading)
	}
	return v.again(page.Form, err, "privacy/consents", page)
}
