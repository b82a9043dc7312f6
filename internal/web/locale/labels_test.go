package locale_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/lifecycle"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// names collects keys "<list>.<code>".
type names map[string]bool

func put[S ~string](n names, list string, codes ...S) {
	for _, code := range codes {
		n[list+"."+string(code)] = true
	}
}

func putSteps[S ~string](n names, noun string, table lifecycle.Table[S]) {
	for _, step := range table {
		put(n, "action", step.Action)
		put(n, "state."+noun, append(step.From, step.To)...)
	}
}

// labels lists every name that the closed lists of the domain need.
func labels() names {
	n := names{}
	putSteps(n, "agency", agency.Transitions())
	putSteps(n, "application", application.Transitions())
	putSteps(n, "employer", employer.Transitions())
	putSteps(n, "offer", offer.Transitions())
	putPlacement(n)
	putAbroad(n)
	putEvents(n)
	put(n, "action", offer.ActObject, application.ActInvite, "code")
	put(n, "state.agency", agency.States()...)
	put(n, "state.application", application.States()...)
	put(n, "state.employer", employer.States()...)
	put(n, "state.offer", offer.States()...)
	put(n, "state.account", account.Active, account.Proposed, account.Disabled, account.Erased)
	put(n, "state.import", intake.Running, intake.Done, intake.Failed, intake.Approved, intake.Live)
	putMatch(n)
	putReasons(n)
	put(n, "purpose", profile.Purposes()...)
	put(n, "spell", profile.SpellPurposes()...)
	put(n, "contact", text.Email, text.Phone, text.URL, text.Messenger)
	put(n, "cost", "visa", "flight", "medical", "training") // within a sentence of the linter; "compared.costs" names the lines of an offer
	put(n, "cause", offer.CauseOwn, offer.CauseAgency, offer.CauseEmployer, offer.CauseCorridor)
	put(n, "role", append(account.Roles(), account.System)...)  // what an account is
	put(n, "actor", append(account.Roles(), account.System)...) // who did or has to do a step: « La personne », not « Candidat »
	put(n, "party", corridor.Parties()...)
	put(n, "fee", corridor.Items()...)
	put(n, "sex", profile.Female, profile.Male)
	put(n, "institution", account.Institutions()...)
	put(n, "agency_kind", agency.Kinds()...)
	put(n, "key_scope", account.KeyScopes()...)
	put(n, "import_kind", intake.Offers, intake.Profiles)
	return n
}

func putMatch(n names) {
	for _, gate := range match.Gates() {
		put(n, "gate", gate, gate+".holds", gate+".fails")
	}
	for _, component := range match.Components() {
		put(n, "component", component)
	}
	put(n, "band", match.Strong, match.Good, match.Possible)
	put(n, "openness", "open", "closed", "visible", "hidden")
	put(n, "fact", match.FactClosest, match.FactMatched, match.FactMissing, match.FactMatchedOptional, match.FactMissingOptional,
		match.FactExtra, match.FactRelevant, match.FactFull, match.FactPay, match.FactLeast, match.FactLevel, match.FactMinimum, match.FactOverqualified)
}

func putPlacement(n names) {
	putSteps(n, "placement", placement.Transitions())
	put(n, "action", placement.ActOpen, "review", "propose_refusal", "claim", "release_claim", "hold", "propose_release", "release_hold",
		"mark_item", "document", "read_document", "read_contract", "cost", "strike_cost", "state_contract")
	put(n, "state.placement", placement.States()...)
	put(n, "risk", placement.RiskCodes()...)
	put(n, "cost_category", placement.CostCategories()...)
	put(n, "paper", placement.Papers()...)
	put(n, "verdict", placement.Same, placement.Better, placement.Worse, placement.Missing, placement.Unclear)
	put(n, "stage", placement.Proposed, placement.OnArrival, placement.Payslip, placement.Transfer)
	put(n, "hold", placement.HoldSubstitution, placement.HoldCorridor, placement.HoldSafety)
	for _, clock := range placement.Clocks() {
		put(n, "placement_next", clock.Action)
	}
}

// putAbroad lists the codes of the time abroad, of the return and of incidents.
func putAbroad(n names) {
	put(n, "end_cause", placement.Causes()...)
	put(n, "need", placement.Needs()...)
	put(n, "activity", placement.Activities()...)
	put(n, "case_outcome", placement.CaseOutcomes()...)
	put(n, "check_in_channel", placement.CheckInChannels()...)
	put(n, "branch", placement.Branches()...)
	put(n, "transfer_reason", placement.TransferReasons()...)
	put(n, "compared", placement.ComparedFields()...)
	put(n, "conclusion", placement.Returned, placement.Stayed, placement.Renewed) // what follows, asked for; "state.placement" says what is
	putSteps(n, "incident", incident.Transitions())
	put(n, "state.incident", incident.States()...)
	put(n, "action", incident.ActReport, "follow_up", "answer", "forget")
	put(n, "incident_category", append(incident.Categories(), placement.Concerns()...)...)
	put(n, "indicator", incident.Indicators()...)
	put(n, "sign", incident.Indicators()...) // the same in plain words, for whoever reports
	put(n, "incident_outcome", append(incident.Outcomes(incident.Resolved), incident.Outcomes(incident.Unfounded)...)...)
	put(n, "incident_source", incident.ByPerson, incident.Anonymous, incident.ByCheckIn, incident.BySystem)
	put(n, "audience", incident.ForAll, incident.ForReporter, incident.ForOfficials)
	put(n, "partner", incident.Kinds()...)
}

// putEvents lists what histories say. An action is named by its verb, as what
// cannot be done now; an event by its noun, as what was done.
func putEvents(n names) {
	put(n, "event.placement", placement.ActOpen, "mark_item", "document", "cost", "strike_cost", "read_contract", "state_contract", "hold", "propose_release",
		"release_hold", "review", "propose_refusal", "claim", "release_claim", "overdue", "check_in", "check_in_missed", "consent_transfer", "certify",
		"certify_internship", "convention", "evaluate", "mission", "report", "accept_report", "insurance", "rehire", "open_case", "plan_case", "follow_up", "close_case")
	put(n, "event.incident", incident.ActReport, "follow_up", "answer", "forget")
	put(n, "event.import", intake.ApproveAll, intake.PublishAll)
	put(n, "event", audit.Actions()...) // the log tells each in words
	put(n, "event_group", audit.Groups()...)
	putDone(n, "placement", placement.Transitions())
	putDone(n, "incident", incident.Transitions())
	putDone(n, "agency", agency.Transitions())
	putDone(n, "employer", employer.Transitions())
}

func putDone[S ~string](n names, noun string, table lifecycle.Table[S]) {
	for _, step := range table {
		put(n, "event."+noun, step.Action)
	}
}

func putReasons(n names) {
	var actions []string
	for key := range n {
		if action, ok := strings.CutPrefix(key, "action."); ok {
			actions = append(actions, action)
		}
	}
	for _, action := range actions {
		for _, reasons := range []func(string) []string{agency.Reasons, application.Reasons, employer.Reasons, offer.Reasons, placement.Reasons} {
			put(n, "reason", reasons(action)...)
		}
	}
	put(n, "reason", append(profile.Reasons(), account.InPersonReasons()...)...)
	put(n, "reason", placement.ReasonWithdrawn, placement.ReasonRefused, placement.ReasonWaiting, placement.ReasonEnded)
	put(n, "reason", placement.Reasons("read_document")...)
	put(n, "reason", "application") // noted when an agency reads how to reach a candidate of its own
}

func TestEveryNameIsThere(t *testing.T) {
	c := problems(t)
	for _, key := range slices.Sorted(maps.Keys(labels())) {
		if !c.Has(key) {
			t.Errorf("name %q has no text", key)
		}
	}
	if got := c.Label(ref.French, "state.offer", "published"); got != "Publiée" {
		t.Errorf("got %q", got)
	}
	if got := c.Label(ref.French, "state.offer", "unheard-of"); got != "unheard-of" {
		t.Errorf("an unknown code is shown as it is, got %q", got)
	}
}
