package site

import (
	"net/url"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/statistics"
)

// trustStories is every state of the pages of trustRoutes.
func trustStories(v *visit) []story {
	all := append(privacyStories(v), identifierStories(v)...)
	all = append(all, figureStories(v)...)
	all = append(all, registerStories(v)...)
	return append(all, administratorStories(v)...)
}

func faultAt(field, code string) error {
	return fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/" + field, Code: code})
}

func privacyStories(v *visit) []story {
	ledger := []profile.Consent{
		{Purpose: profile.PurposeMatching, Given: true, Version: hostile, At: testNow, Channel: profile.ChannelWeb},
		{Purpose: profile.PurposeMatching, Version: "2026-1", At: testNow, Channel: profile.ChannelAgent},
	}
	reading := []accessLine{
		v.accessLine(profile.Access{Role: account.Official, Who: "anpe", At: testNow, Until: testNow, Reason: "complaint", Note: hostile}),
		v.accessLine(profile.Access{Role: account.Agency, Who: hostile, At: testNow, Reason: "application"}),
	}
	lines := v.consentLines(ledger)
	wrong, erase := v.consentForm(3, consentValues(ledger)), v.eraseForm(nil)
	v.correct(wrong, fault.New(fault.Stale, "stale"))
	v.correct(erase, faultAt("decision", "required"))
	person := &profile.View{Identity: profile.Identity{GivenNames: hostile, Sex: profile.Female}, Summary: hostile,
		Education: []profile.Education{{Title: hostile, Year: 2019}}, Experience: []profile.Experience{{Employer: hostile, Months: 14}}, Languages: []profile.LanguageSkill{{Language: "fr"}}, Consents: ledger}
	export := v.newExportPage(&privacy.Export{At: testNow, Account: account.Account{ID: "acc_1", Email: hostile, Role: account.Candidate, Locale: "fr"}, Profile: person,
		Processing: privacy.Register(), Trail: []audit.Record{{Leaf: audit.Leaf{Entry: audit.Entry{Action: hostile, At: testNow, Reason: "other", Role: "official"}}}, {Leaf: audit.Leaf{Entry: audit.Entry{Action: "a", Actor: "acc_1"}}}}})
	export.Accesses = reading
	export.Applications = []exportedFile{{Offer: hostile, Message: hostile, State: "submitted", Updated: testNow}}
	export.Messages = []exportedMessage{{Channel: "SMS", Template: hostile, State: "sent", At: testNow}}
	export.Sessions = []exportedSession{{Device: hostile, Begun: testNow}}
	return []story{
		{"full", "privacy/register", "", v.newRegisterPage(privacy.Register())},
		{"full", "privacy/show", account.Candidate, ownPage{Profile: true, Accesses: 2, Consents: lines}}, {"empty", "privacy/show", account.Official, ownPage{}},
		{"full", "privacy/accesses", account.Candidate, accessPage{Total: 2, Items: reading, Pager: pager{Next: "/mes-donnees/consultations?suite=x"}}}, {"empty", "privacy/accesses", account.Candidate, accessPage{}},
		{"full", "privacy/consents", account.Candidate, &consentPage{Form: v.consentForm(3, consentValues(ledger)), Lines: lines, Version: "2026-1"}},
		{"stale", "privacy/consents", account.Candidate, &consentPage{Form: wrong, Lines: lines, Version: "2026-1"}}, {"no profile", "privacy/consents", account.Candidate, &consentPage{NoProfile: true}},
		{"full", "privacy/export", account.Candidate, export}, {"empty", "privacy/export", account.Official, v.newExportPage(&privacy.Export{At: testNow})},
		{"empty", "privacy/erase", account.Candidate, erasePage{v.eraseForm(nil)}}, {"undecided", "privacy/erase", account.Candidate, erasePage{erase}},
	}
}

func identifierStories(v *visit) []story {
	mine := &account.Account{Email: hostile, EmailVerifiedAt: testNow}
	email, phone := v.newIdentifierPage(mine), v.newIdentifierPage(mine)
	v.correct(email.EmailForm, faultAt("email", "account.email"))
	phone.PhoneForm = v.phoneForm(url.Values{"phone": {hostile}})
	v.correct(phone.PhoneForm, faultAt("phone", "account.phone"))
	code := v.confirmForm("cod_1", hostile)
	v.correct(code, account.BadCode())
	sheet := v.paperForm(url.Values{"login": {hostile}})
	v.correct(sheet, fault.New(fault.NotFound, "account.not_found"))
	return []story{
		{"empty", "identifier/edit", account.Candidate, v.newIdentifierPage(&account.Account{Phone: "+22376000000", PhoneVerifiedAt: testNow})},
		{"wrong email", "identifier/edit", account.Candidate, email}, {"wrong phone", "identifier/edit", account.Candidate, phone},
		{"empty", "identifier/confirm", account.Candidate, confirmPage{To: "awa@example.ml", Form: v.confirmForm("cod_1", "awa@example.ml")}}, {"wrong", "identifier/confirm", account.Candidate, confirmPage{To: hostile, Form: code}},
		{"empty", "paper/new", account.Official, v.newPaperPage(v.paperForm(nil))}, {"nobody", "paper/new", account.Admin, newPaperPage{Form: sheet}},
		{"full", "paper/show", account.Official, paperPage{Code: "7k3q-9d0x-1m4n-8p2r", Expires: testNow, Address: "http://localhost:8080/mot-de-passe/nouveau"}},
	}
}

// shownTable is a published table with parts and with what is not shown.
func shownTable() statistics.Shown {
	return statistics.Shown{
		Quarter: "2026-Q3", PublishedAt: testNow, Quarters: []statistics.Quarter{"2026-Q3", "2026-Q2"},
		Table: statistics.Table{Report: statistics.ProfilesByRegionSex, Threshold: 5, Shown: true, Line: statistics.Line{Count: 1240, Others: 12, Lines: []statistics.Line{
			{Code: "1", Count: 1200, Lines: []statistics.Line{{Code: "female", Count: 500}, {Code: "male", Count: 688}}, Others: 12}, {Code: statistics.Unknown, Count: 28},
		}}},
	}
}

func figureStories(v *visit) []story {
	small, only, none := shownTable(), shownTable(), figuresPage{Report: statistics.OffersByCountry, Tabs: v.figureTabs(statistics.OffersByCountry)}
	small.Shown, small.Line = false, statistics.Line{}
	only.Line = statistics.Line{Count: 9}
	entry := v.trailLine(audit.Record{Index: 12, Leaf: audit.Leaf{Entry: audit.Entry{At: testNow, Actor: "acc_1", Role: "official", Action: hostile, Subject: hostile, Reason: "other", Fields: []string{"a", hostile}, Origin: "192.0.2.0/24"}}})
	nobody := v.trailLine(audit.Record{Leaf: audit.Leaf{Entry: audit.Entry{At: testNow, Action: "auth.login", Subject: "acc_2"}}})
	proof := newEntryPage(audit.Proof{Index: 3, LeafText: hostile, Path: []audit.Hash{{1}}, Checkpoint: audit.Checkpoint{Size: 9, At: testNow, Note: hostile}})
	sound := newEntryPage(smallProof())
	return []story{
		{"full", "statistics/index", account.Official, figuresIndex{v.figureTabs("")}},
		{"full", "statistics/show", account.Official, v.newFiguresPage(shownTable())}, {"small", "statistics/show", account.Observer, v.newFiguresPage(small)},
		{"no parts", "statistics/show", account.Admin, v.newFiguresPage(only)}, {"unpublished", "statistics/show", account.Admin, none},
		{"full", "trail/index", account.Official, trailPage{Desk: v.deskTabs(trailPath), Subject: hostile, Actor: hostile, Actions: v.actionOptions("offer"), From: "2026-11-01", To: "2026-11-21", Total: 2, Items: []trailLine{entry, nobody}, Pager: pager{Next: "/journal?suite=x"}}},
		{"wrong day", "trail/index", account.Admin, trailPage{From: hostile, Wrong: true}}, {"no such act", "trail/index", account.Admin, trailPage{Actions: v.actionOptions(hostile), Unknown: true}}, {"empty", "trail/index", account.Admin, trailPage{}},
		{"broken", "trail/show", account.Official, proof}, {"holds", "trail/show", account.Official, sound},
	}
}

func registerStories(v *visit) []story {
	v.actor.Account = "acc_1"
	defer func() { v.actor.Account = "" }()
	firm := func(s employer.State, decisions ...employer.Decision) *employerPage {
		return v.newEmployerPage(&employer.Employer{ID: "emp_1", State: s, Decisions: decisions, UpdatedAt: testNow, Agency: "agy_1",
			Facts: employer.Facts{Name: hostile, Country: "ES", Sector: "A", Sites: []employer.Site{{Name: hostile, City: "Huelva"}}}},
			[]employer.LookAlike{{ID: "emp_2", Name: hostile, Country: "FR", State: employer.Barred, Similarity: 91}})
	}
	proposed := employer.Decision{Action: "propose-bar", By: "acc_1", At: testNow, Reason: "abuse", Note: hostile, Act: hostile, Evidence: hostile}
	barred := firm(employer.Accredited, proposed)
	v.correct(barred.Bar, faultAt("reason", "required"))
	other := proposed
	other.By = "acc_2"
	inForce := func(s offer.State, first bool, causes ...offer.Cause) *reviewPage {
		page := &reviewPage{Title: hostile, State: string(s), Agency: agencyBox{Name: hostile}}
		v.addForce(page, offer.View{ID: "off_1", State: s, Causes: causes, FirstReopen: first, Objections: []offer.Objection{{Reason: "pay_too_low", Note: hostile, At: testNow}}})
		return page
	}
	waiting := []queueLine{{Href: "/travail/offres/a", Reference: "OFF", Title: hostile, Agency: hostile, Place: hostile, State: "suspended", Warnings: 1, Since: "2026-11-01"}}
	vetting := func(s agency.State, alike ...alikeLine) *vettingPage {
		page := v.newVettingPage(&agency.Agency{ID: "agy_1", State: s, Facts: agency.Facts{Name: hostile}, Decisions: []agency.Decision{{Action: "suspend", By: "acc_1", Reason: "complaints", At: testNow}}})
		page.Alike = alike
		return page
	}
	published := offer.View{Reference: "OFF-2026-7K3Q9D", State: offer.Published, Snapshot: &offer.Snapshot{Terms: offer.Terms{Title: hostile, Description: hostile}, PublishedAt: testNow}}
	ended := published
	ended.State = offer.Closed
	objected := v.newObservationPage(published, agencyBox{Name: hostile}, nil, url.Values{"note": {hostile}})
	v.correct(objected.Form, faultAt("reason", "required"))
	line := offerLine{Href: "/observations/OFF", Title: hostile, Place: hostile, Agency: hostile}
	return []story{
		{"full", "work/offers", account.Official, workOffersPage{Desk: v.deskTabs("/travail/offres"), Words: hostile, State: "suspended", Tabs: v.stateTabs("/travail/offres", "state.offer", "suspended", textList(offer.States())), Total: 1, Items: waiting}}, {"empty", "work/offers", account.Official, workOffersPage{}},
		{"full", "work/agencies", account.Official, agenciesPage{Desk: v.deskTabs("/travail/agences"), Words: hostile, Tabs: v.stateTabs("/travail/agences", "state.agency", "", textList(agency.States())), Total: 1, Items: []agencyLine{{Href: "/travail/agences/a", Name: hostile, Kind: "x", State: "active", Place: hostile, Until: "2027-01-01"}, {Href: "/b", Name: "b", State: "applied"}}}}, {"empty", "work/agencies", account.Official, agenciesPage{}},
		{"full", "work/employers", account.Official, employersPage{Desk: v.deskTabs(employersPath), Tabs: v.stateTabs(employersPath, "state.employer", "barred", textList(employer.States())), Total: 1, Items: []employerLine{{Href: "/e", Name: hostile, State: "barred", Country: "Espagne", Updated: testNow}}, Pager: pager{First: "/travail/employeurs"}}}, {"empty", "work/employers", account.Official, employersPage{}},
		{"declared", "work/employer", account.Official, firm(employer.Declared)}, {"bar proposed", "work/employer", account.Official, barred}, {"bar by another", "work/employer", account.Official, firm(employer.Accredited, other)}, {"barred", "work/employer", account.Official, firm(employer.Barred)}, {"refused", "work/employer", account.Official, firm(employer.Refused)},
		{"in force", "work/offer", account.Official, inForce(offer.Published, false)}, {"suspended", "work/offer", account.Official, inForce(offer.Suspended, true, offer.CauseOwn)}, {"with its agency", "work/offer", account.Official, inForce(offer.Suspended, false, offer.CauseAgency)},
		{"alike", "work/agency", account.Official, vetting(agency.Active, alikeLine{Href: "/a", Name: hostile, Place: hostile, State: "applied", List: "state.agency", Percent: 88})}, {"suspended", "work/agency", account.Official, vetting(agency.Suspended)},
		{"full", "observe/index", account.Observer, observedPage{Words: hostile, Total: 1, Items: []offerLine{line}}}, {"empty", "observe/index", account.Observer, observedPage{}},
		{"full", "observe/show", account.Observer, v.newObservationPage(published, agencyBox{Name: hostile}, []offer.Finding{{Code: "lint.pay.missing"}}, nil)}, {"wrong", "observe/show", account.Observer, objected}, {"closed", "observe/show", account.Observer, v.newObservationPage(ended, agencyBox{Name: "a"}, nil, nil)},
	}
}

func administratorStories(v *visit) []story {
	user := func(change func(*account.Account)) *userPage {
		a := &account.Account{ID: "acc_9", Rev: 4, Email: hostile, Role: account.Official, Institution: "anpe", Locale: "fr", State: account.Active, CreatedAt: testNow, Factor: account.Factor{Secret: []byte{1}, Since: testNow}}
		change(a)
		return v.newUserPage(a)
	}
	wrong := user(func(*account.Account) {})
	v.correct(wrong.Role, faultAt("institution", "required"))
	created := v.newUserForm(url.Values{"email": {hostile}, "role": {"official"}})
	v.correct(created, faultAt("institution", "required"))
	propose := func(by account.ID) func(*account.Account) {
		return func(a *account.Account) {
			a.Grant = account.Grant{Post: account.Post{Role: account.Admin}, By: by, At: testNow}
		}
	}
	jobs := []Job{{Name: "retention", Every: 24 * 3600e9, Begun: testNow, Took: 12e6, Error: hostile}, {Name: "send-messages", Every: 15e9}, {Name: "retire-keys", Every: 300e9}}
	return []story{
		{"full", "admin/index", account.Admin, administrationPage{Accounts: 12, Problem: hostile}}, {"empty", "admin/index", account.Admin, administrationPage{}},
		{"full", "admin/users", account.Admin, usersPage{Words: hostile, Roles: v.codes("role", textList(account.Roles()), "x"), States: v.codes("state.account", textList(accountStates()), "x"), Total: 2, Items: []userLine{{Href: "/u", Login: hostile, Role: "x", State: "active", Factor: true, Seen: testNow}, {Href: "/w", Login: "b", State: "proposed"}}}}, {"empty", "admin/users", account.Admin, usersPage{}},
		{"empty", "admin/new", account.Admin, formPage{v.newUserForm(nil)}}, {"wrong", "admin/new", account.Admin, formPage{created}},
		{"active", "admin/user", account.Admin, user(func(*account.Account) {})}, {"wrong", "admin/user", account.Admin, wrong}, {"proposed", "admin/user", account.Admin, user(propose("acc_2"))}, {"own proposal", "admin/user", account.Admin, user(propose(v.actor.Account + "acc_8"))},
		{"disabled", "admin/user", account.Admin, user(func(a *account.Account) { a.State = account.Disabled })}, {"own", "admin/user", account.Admin, user(func(a *account.Account) { a.ID = v.actor.Account })},
		{"full", "admin/issued", account.Admin, issuedPage{Login: hostile, Password: hostile, Until: testNow, Back: usersPath + "/fiche/acc_9"}},
		{"full", "admin/keys", account.Admin, v.newKeysPage([]auth.KeyInfo{{KID: hostile, Purpose: auth.Login, State: "active", CreatedAt: testNow, Signs: true}, {KID: "csrf-1", Purpose: auth.CSRF, State: "retired", CreatedAt: testNow, NotAfter: testNow}})},
		{"full", "admin/service", account.Admin, v.newServicePage(Health{Version: hostile, Embedded: true, Accounts: 12, Problem: hostile}, jobs)}, {"well", "admin/service", account.Admin, v.newServicePage(Health{}, nil)},
		{"full", "admin/retention", account.Admin, v.newRetentionPage(privacy.Report{At: testNow, Counts: []privacy.Count{{Class: privacy.ClassAccounts, Action: privacy.Erase, Due: 3}, {Class: "unknown", Action: privacy.Keep}}})},
	}
}

// jobNames are the jobs that have words of their own.
func jobNames() []string {
	return []string{
		"expire-offers", "expire-agencies", "reconcile-offers", "close-applications", "announce-terms", "repair-places", "open-placements", "watch-journeys", "sweep-blobs", "carry-suspensions", "work-imports", "sweep-sessions", "send-messages",
		"sweep-messages", "retire-keys", "purge-replays", "finish-erasures", "retention", "publish-statistics", "carry-audit", "checkpoint-audit",
	}
}
