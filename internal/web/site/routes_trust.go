package site

import (
	"passerelle/internal/domain/account"
)

// handler answers a visit.
type handler = func(*visit) error

// maker makes a route of one method.
type maker func(path string, p account.Permission, h handler) route

// trustRoutes are the pages about personal data, accounts, the audit log,
// statistics, the registers officials keep, and the service itself.
func trustRoutes(get, post maker) []route {
	personal := []route{
		get(processingPath, "reference.read", showProcessing),
		get(ownPath, "me.export", showOwnData),
		get(ownPath+"/consultations", "profile.mine", listAccesses),
		get(ownPath+"/consentements", "profile.mine", editConsents),
		post(ownPath+"/consentements", "profile.mine", updateConsents),
		get(ownPath+"/export", "me.export", showExport),
		get(ownPath+"/export/fichier", "me.export", downloadExport),
		get(ownPath+"/effacement", "me.delete", editErasure),
		post(ownPath+"/effacement", "me.delete", eraseOwnData),
		get(identifierPath, "me.identifiers", editIdentifiers),
		post(identifierPath, "me.identifiers", changeIdentifier),
		post(identifierPath+"/confirmations", "me.identifiers", confirmIdentifier),
	}
	personal[0].public = true
	return append(append(personal, officialRoutes(get, post)...), administratorRoutes(get, post)...)
}

func officialRoutes(get, post maker) []route {
	return append(deskRoutes(get, post), []route{
		get("/statistiques", "statistics.read", listFigures),
		get("/statistiques/:report", "statistics.read", showFigures),
		get("/statistiques/:report/fichier", "statistics.read", downloadFigures),
		get(trailPath, "audit.read", listTrail),
		get(trailPath+"/:n", "audit.read", showEntry),
		get("/travail/codes", "account.reset_in_person", newPaperCode),
		post("/travail/codes", "account.reset_in_person", createPaperCode),
		get("/travail/offres", "offer.review", listOffers),
		post("/travail/offres/:id/suspensions", "offer.suspend", suspendOffer),
		post("/travail/offres/:id/reouvertures", "offer.suspend", reopenOffer),
		post("/travail/offres/:id/clotures", "offer.close", closeOffer),
		get("/travail/agences", "agency.vet", listAgencies),
		post("/travail/agences/:id/suspensions", "agency.suspend", suspendAgency),
		post("/travail/agences/:id/reouvertures", "agency.suspend", reopenAgency),
		get(employersPath, "employer.decide", listEmployers),
		get(employersPath+"/:id", "employer.decide", reviewEmployer),
		post(employersPath+"/:id/accreditations", "employer.decide", accreditEmployer),
		post(employersPath+"/:id/refus", "employer.decide", refuseEmployer),
		post(employersPath+"/:id/exclusions", "employer.decide", barEmployer),
		post(employersPath+"/:id/reouvertures", "employer.decide", reopenEmployer),
		get(observedPath, "offer.object", listObserved),
		get(observedPath+"/:id", "offer.object", showObserved),
		post(observedPath+"/:id/objections", "offer.object", createObjection),
	}...)
}

func administratorRoutes(get, post maker) []route {
	return []route{
		get(usersPath, "user.manage", listUsers),
		get(usersPath+"/nouveau", "user.manage", newUser),
		post(usersPath+"/nouveau", "user.manage", createUser),
		get(usersPath+"/fiche/:id", "user.manage", showUser),
		post(usersPath+"/fiche/:id/roles", "user.manage", changeUser),
		post(usersPath+"/fiche/:id/confirmations", "user.manage", confirmGrant),
		post(usersPath+"/fiche/:id/rejets", "user.manage", rejectGrant),
		post(usersPath+"/fiche/:id/desactivations", "user.manage", disableUser),
		post(usersPath+"/fiche/:id/activations", "user.manage", enableUser),
		post(usersPath+"/fiche/:id/mots-de-passe", "user.manage", resetUser),
		post(usersPath+"/fiche/:id/retraits", "user.manage", removeUserFactor),
		get("/administration", "user.manage", showAdministration),
		get(keysPath, "key.manage", listKeys),
		post(keysPath+"/:purpose/rotations", "key.manage", rotateKey),
		get(servicePath, "service.backup", showService),
		post(servicePath+"/taches/:job", "service.backup", runJob),
		get("/administration/conservation", "service.backup", showRetention),
	}
}

// trustTemplates are the pages of trustRoutes.
func trustTemplates() []string {
	return append(deskTemplates(), []string{
		"privacy/register", "privacy/show", "privacy/accesses", "privacy/consents", "privacy/export", "privacy/erase",
		"identifier/edit", "identifier/confirm", "statistics/index", "statistics/show", "trail/index", "trail/show",
		"paper/new", "paper/show", "work/offers", "work/agencies", "work/employers", "work/employer", "observe/index", "observe/show",
		"admin/index", "admin/users", "admin/new", "admin/user", "admin/issued", "admin/keys", "admin/service", "admin/retention",
	}...)
}

// administratorMenu and observerMenu are what these roles work with.
func administratorMenu() []menuItem {
	return []menuItem{
		{Href: "/administration", Label: "menu.administration"}, {Href: usersPath, Label: "menu.users"},
		{Href: dashboardPath, Label: "menu.dashboard"}, {Href: "/statistiques", Label: "menu.statistics"}, {Href: trailPath, Label: "menu.trail"},
	}
}

func observerMenu() []menuItem {
	return []menuItem{{Href: observedPath, Label: "menu.observed"}, {Href: dashboardPath, Label: "menu.dashboard"}, {Href: "/statistiques", Label: "menu.statistics"}}
}

// dutyMenu is what a role beside candidates and agencies works with.
func dutyMenu(role account.Role) []menuItem {
	switch role {
	case account.Official:
		return officialMenu()
	case account.Admin:
		return administratorMenu()
	case account.Observer:
		return observerMenu()
	}
	return nil
}
