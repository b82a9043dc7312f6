package audit

import (
	"slices"
	"strings"
)

// Actions lists every action that is written to the log, in the order of the
// alphabet: what was done to which kind of record. Pages have words for each.
func Actions() []string {
	return []string{
		"access.refused", "account.reset_in_person", "agency.activate", "agency.create", "agency.expire", "agency.key.create",
		"agency.key.revoke", "agency.key.rotate", "agency.members", "agency.reapply", "agency.refuse", "agency.reopen", "agency.revise",
		"agency.suspend", "agency.update", "agency.vet", "agency.withdraw", "agreement.create", "agreement.update", "application.accept",
		"application.apply", "application.close", "application.forget", "application.interview", "application.invite", "application.refuse",
		"application.select", "application.shortlist", "application.wait", "application.withdraw", "assignment.give_back", "assignment.take", "auth.device", "auth.login", "auth.logout",
		"auth.mfa.confirm", "auth.mfa.recovery", "auth.mfa.remove", "auth.password.change", "auth.password.forgot", "auth.password.rehash",
		"auth.password.reset", "auth.register", "auth.sessions.end", "consent.export", "corridor.create", "corridor.reopen", "corridor.suspend",
		"corridor.update", "employer.accredit", "employer.bar", "employer.correct", "employer.create", "employer.propose-bar",
		"employer.propose-reopen", "employer.refuse", "employer.reopen", "employer.update", "import.approve", "import.create", "import.end",
		"import.publish", "import.run", "incident.answer", "incident.dismiss", "incident.follow_up", "incident.forget", "incident.hold",
		"incident.refer", "incident.reopen", "incident.report", "incident.resolve", "incident.take_on", "incident.triage", "key.rotate",
		"me.delete", "me.export", "me.identifiers", "offer.answer", "offer.approve", "offer.close", "offer.code", "offer.create", "offer.edit",
		"offer.expire", "offer.fill", "offer.free", "offer.import", "offer.object", "offer.publish", "offer.refuse", "offer.reopen",
		"offer.return", "offer.submit", "offer.suspend", "offer.take_place", "offer.withdraw", "placement.accept_contract",
		"placement.accept_report", "placement.answer", "placement.approve_transfer", "placement.arrive", "placement.cancel", "placement.certify",
		"placement.certify_internship", "placement.check_in", "placement.check_in_due", "placement.check_in_missed", "placement.claim",
		"placement.clear", "placement.close_case", "placement.come_home", "placement.complete_file", "placement.consent_transfer",
		"placement.convention", "placement.cost", "placement.decline_contract", "placement.depart", "placement.document", "placement.end_early",
		"placement.evaluate", "placement.finish", "placement.follow_up", "placement.forget", "placement.hold", "placement.insurance",
		"placement.mark_item", "placement.mission", "placement.open", "placement.open_case", "placement.overdue", "placement.plan_case",
		"placement.propose_contract", "placement.propose_refusal", "placement.propose_release", "placement.read_contract",
		"placement.read_document", "placement.refuse", "placement.rehire", "placement.reject_transfer", "placement.release_claim",
		"placement.release_hold", "placement.renew", "placement.report", "placement.return", "placement.review", "placement.revoke",
		"placement.state_contract", "placement.stay", "placement.strike_cost", "placement.take_up", "placement.transfer", "profile.consent",
		"profile.contact", "profile.create", "profile.disclose", "profile.erase", "profile.import", "profile.update", "quota.exceeded",
		"retention.apply", "retention.warn", "service.backup", "service.export", "service.restore", "suspension.carried", "suspension.open",
		"user.assign", "user.confirm", "user.create", "user.disable", "user.enable", "user.factor", "user.list", "user.propose", "user.read",
		"user.reject", "user.reset",
	}
}

// Groups lists the first parts of the actions, in the order of the alphabet: the
// kinds of record that something is done to. Pages have words for each.
func Groups() (groups []string) {
	for _, action := range Actions() {
		if group := Group(action); !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	slices.Sort(groups)
	return groups
}

// Group gives the first part of an action.
func Group(action string) string {
	group, _, _ := strings.Cut(action, ".")
	return group
}

// Names reports whether a query for this action can find anything: it is an
// action, or the first parts of one.
func Names(asked string) bool {
	return slices.ContainsFunc(Actions(), func(action string) bool {
		return asked != "" && (action == asked || strings.HasPrefix(action, asked+"."))
	})
}
