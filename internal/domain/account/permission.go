package account

import (
	"slices"
	"sync"

	"passerelle/internal/domain/fault"
)

// Permission names one operation. The table below drives the router's guard,
// the OpenAPI document (x-roles, security) and the role × route test.
type Permission string

// Rule says who may do what. Public operations need no account at all.
type Rule struct {
	Permission  Permission
	Public      bool
	Roles       []Role
	Description string
}

var (
	everyone   = []Role{Candidate, Agency, Official, Admin, Observer}
	candidates = []Role{Candidate}
	agencies   = []Role{Agency}
	officials  = []Role{Official}
	admins     = []Role{Admin}
	observers  = []Role{Observer}
)

// Rules is the permission file: the only place where a role is tied to an
// operation. Object-level rules ("its own offer") are checked by the services
// on top of it.
func Rules() []Rule {
	return []Rule{
		{"auth.register", true, nil, "Open a candidate's or an agency applicant's account"},
		{"auth.login", true, nil, "Sign in"},
		{"auth.refresh", true, nil, "Exchange a refresh token"},
		{"auth.logout", false, everyone, "End this session"},
		{"auth.password.forgot", true, nil, "Ask for a password reset"},
		{"auth.password.reset", true, nil, "Set a new password with a reset code"},
		{"auth.password.change", false, everyone, "Change one's own password"},
		{"auth.mfa", false, everyone, "Enrol, confirm or remove one's own second factor"},
		{"auth.reauthenticate", false, everyone, "Prove one's own password again"},
		{"me.sessions", false, everyone, "List and end one's own sessions"},
		{"me.identifiers", false, everyone, "Change or verify one's own e-mail address and phone number"},
		{"me.read", false, everyone, "Read one's own account"},
		{"me.export", false, everyone, "Take all one's own data away"},
		{"me.delete", false, everyone, "Erase one's own account"},
		{"user.manage", false, admins, "Create, change and disable accounts"},
		{"account.reset_in_person", false, []Role{Official, Admin}, "Hand a person a one-use code for a new password"},
		{"key.manage", false, admins, "List and rotate the service's keys"},

		{"agency.create", false, agencies, "Apply for recognition as an agency"},
		{"agency.read", true, nil, "Read the public register of agencies"},
		{"agency.update", false, agencies, "Change one's own agency's file"},
		{"agency.members", false, agencies, "Add members to one's own agency"},
		{"agency.keys", false, []Role{Agency, Admin}, "Make, list, rotate and revoke an agency's API keys"},
		{"agency.withdraw", false, agencies, "Withdraw one's own agency"},
		{"agency.vet", false, officials, "Vet or refuse an agency"},
		{"agency.activate", false, officials, "Second signature: activate a vetted agency"},
		{"agency.suspend", false, officials, "Suspend or reopen an agency"},

		{"employer.create", false, []Role{Agency, Official}, "Declare an employer abroad"},
		{"employer.read", false, []Role{Agency, Official, Observer}, "Read employers"},
		{"employer.update", false, []Role{Agency, Official}, "Correct a declared employer"},
		{"employer.decide", false, officials, "Accredit, refuse, bar or reopen an employer"},

		{"offer.search", true, nil, "Search published offers"},
		{"offer.read", true, nil, "Read one offer; unpublished ones only by its agency and officials"},
		{"offer.create", false, agencies, "Draft an offer"},
		{"offer.update", false, agencies, "Change a draft or prepare a next version"},
		{"offer.submit", false, agencies, "Submit a draft for review"},
		{"offer.answer", false, agencies, "Answer a refusal, once"},
		{"offer.withdraw", false, agencies, "Withdraw an offer before it is closed"},
		{"offer.close", false, []Role{Agency, Official}, "Close an offer"},
		{"offer.review", false, officials, "Return, refuse or approve a submitted offer"},
		{"offer.publish", false, officials, "Second signature: publish an approved offer"},
		{"offer.suspend", false, officials, "Suspend or reopen a published offer"},
		{"offer.code", false, officials, "Code the occupations of drafts by a rule on their titles"},
		{"offer.lint", false, []Role{Agency, Official, Observer}, "Read the linter's findings"},
		{"offer.object", false, observers, "Object to an offer"},
		{"offer.invite", false, agencies, "Invite a matched person to apply"},
		{"offer.matches", false, []Role{Agency, Official}, "Profiles that match an offer"},
		{"offer.changes", true, nil, "Follow changes of published offers"},

		{"profile.create", false, []Role{Candidate, Official}, "Create one's own profile, or collect another person's"},
		{"profile.mine", false, candidates, "Read and change one's own profile, consents and accesses"},
		{"profile.read", false, []Role{Candidate, Agency, Official}, "Read a profile as far as one's role allows"},
		{"profile.disclose", false, officials, "Disclose an identity for a stated reason"},
		{"profile.matches", false, candidates, "Offers that match one's own profile"},

		{"match.explain", false, []Role{Candidate, Agency, Official}, "Explain one pair of offer and profile"},

		{"application.create", false, candidates, "Apply for an offer"},
		{"application.read", false, []Role{Candidate, Agency, Official}, "Read applications one is part of"},
		{"application.accept", false, candidates, "Accept an invitation"},
		{"application.withdraw", false, candidates, "Withdraw one's own application"},
		{"application.decide", false, agencies, "Shortlist, interview, rank, select or refuse"},

		{"placement.read", false, []Role{Candidate, Agency, Official}, "Read placements one is part of"},
		{"placement.propose", false, agencies, "State a contract"},
		{"placement.accept", false, candidates, "Accept or decline a contract or a transfer"},
		{"placement.state", false, []Role{Candidate, Agency, Official}, "State the contract found on arrival or on a pay slip"},
		{"placement.document", false, []Role{Candidate, Agency, Official}, "Add documents and read them for a reason"},
		{"placement.cost", false, []Role{Candidate, Agency, Official}, "Add or strike a line of the costs ledger"},
		{"placement.answer", false, []Role{Candidate, Agency}, "Answer the refusal of a placement, once"},
		{"placement.review", false, officials, "Claim, return, review or refuse a placement, release a hold"},
		{"placement.clear", false, officials, "Second signature: clear a placement, or revoke a clearance"},
		{"clearance.check", true, nil, "Check the number of a clearance"},
		{"placement.depart", false, []Role{Agency, Official}, "Note a departure"},
		{"placement.arrive", false, []Role{Candidate, Agency, Official}, "Note an arrival or a check-in"},
		{"placement.transfer", false, agencies, "Ask for a transfer"},
		{"placement.train", false, []Role{Agency, Official}, "State a tutor's evaluation, accept the report of a mission"},
		{"placement.rehire", false, agencies, "State that the employer wants a person back"},
		{"placement.end", false, []Role{Candidate, Agency, Official}, "End the work abroad, note what followed"},
		{"placement.certify", false, officials, "Certify periods and skills, run a reintegration case"},
		{"placement.cancel", false, []Role{Candidate, Agency, Official}, "Cancel a placement before departure"},

		{"incident.create", true, nil, "Report an incident, also without a name"},
		{"incident.read", false, []Role{Candidate, Agency, Official}, "Read incidents one is part of"},
		{"incident.follow", true, nil, "Follow one's own report, with its code or one's account"},
		{"incident.answer", false, []Role{Agency, Official}, "Answer an incident"},
		{"incident.decide", false, officials, "Triage, refer, close or reopen an incident"},

		{"corridor.read", true, nil, "Read corridors, their rules and rights"},
		{"corridor.update", false, officials, "Change a corridor's data"},
		{"corridor.suspend", false, officials, "Suspend or reopen a corridor"},

		{"import.create", false, []Role{Agency, Official}, "Import a file of offers or profiles"},
		{"import.read", false, []Role{Agency, Official}, "Follow an import and read its row errors"},
		{"import.decide", false, officials, "Approve or publish a whole import"},

		{"reference.read", true, nil, "Read the vocabularies"},
		{"statistics.read", false, []Role{Official, Admin, Observer}, "Read statistics"},
		{"report.read", false, officials, "Read reports on running placements"},
		{"report.figures", false, []Role{Official, Admin, Observer}, "Count placements; masked for who may not read the reports"},
		{"audit.read", false, []Role{Official, Admin}, "Read the audit log"},
		{"service.backup", false, admins, "Take an encrypted backup, on the administrators' listener"},
		{"service.read", true, nil, "Health, keys and the API description"},
		{"demo.clock", true, nil, "Move the demonstration clock forward; demo only"},
	}
}

// RuleOf finds the rule of a permission. An unknown permission has a rule that
// allows nobody.
func RuleOf(p Permission) Rule {
	if r, ok := rulesByPermission()[p]; ok {
		return r
	}
	return Rule{Permission: p}
}

// rulesByPermission is Rules for looking up, made once: every request asks.
var rulesByPermission = sync.OnceValue(func() map[Permission]Rule {
	found := map[Permission]Rule{}
	for _, r := range Rules() {
		found[r.Permission] = r
	}
	return found
})

// Allows reports whether the role may do it. The system may do everything:
// its limits are the transition tables.
func (r Rule) Allows(role Role) bool {
	if r.Public || role == System {
		return true
	}
	for _, have := range r.Roles {
		if have == role {
			return true
		}
	}
	return false
}

// whileRestricted lists what a person with a temporary password may do besides
// what needs no account at all.
var whileRestricted = []Permission{"auth.password.change", "auth.logout", "me.read"}

// whileEnrolling lists it for a person who has to enrol a second factor.
var whileEnrolling = []Permission{"auth.mfa", "auth.reauthenticate", "auth.password.change", "auth.logout", "me.read"}

// Require is the first line of every service method: Unauthenticated when
// nobody is signed in, Forbidden when the role may not, or may not before a
// temporary password has been replaced or a second factor enrolled.
func (a Actor) Require(p Permission) error {
	rule := RuleOf(p)
	switch {
	case a.Restricted && a.Enrol && !rule.Public && !slices.Contains(whileEnrolling, p):
		return fault.New(fault.Forbidden, "auth.mfa.enrol")
	case a.Restricted && !a.Enrol && !rule.Public && !slices.Contains(whileRestricted, p):
		return fault.New(fault.Forbidden, "auth.password.temporary")
	case !rule.Public && !a.withinKey(p):
		return fault.New(fault.Forbidden, "auth.key.scope")
	case rule.Allows(a.Role):
		return nil
	case !a.SignedIn():
		return fault.New(fault.Unauthenticated, "auth.required")
	default:
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
}
