package site

import (
	"passerelle/internal/domain/application"
)

// Where people, and agencies, find their files.
const (
	ownFiles    = "/mes-departs"
	agencyFiles = "/agence/departs"
	movements   = "/agence/mouvements"
	ownAgency   = "/agence/dossier"
)

// fileRoutes are the pages of placements for the person and the agency, and
// what else an agency works with.
func fileRoutes(get, post maker) []route {
	routes := deedRoutes(get, post)
	for _, base := range []string{ownFiles, agencyFiles} {
		routes = append(routes,
			get(base, "placement.read", listTrips),
			get(base+"/:id", "placement.read", showTrip),
			get(base+"/:id/contrats/:n", "placement.read", showContract),
			post(base+"/:id/documents/:document/lectures", "placement.document", downloadPaper),
		)
	}
	return append(append(routes,
		get(ownFiles+"/:id"+ownSheet, "placement.read", showOwnSheet),
		post(ownFiles+"/:id/contrats/:n/lectures", "placement.accept", readContract),
		post(ownFiles+"/:id/contrats/:n/codes", "placement.accept", requestContractCode),
		post(ownFiles+"/:id/contrats/:n/acceptations", "placement.accept", acceptContract),
	), append(append(agencyRoutes(get, post), agencyKeyRoutes(get, post)...), employerRoutes(get, post)...)...)
}

func agencyRoutes(get, post maker) []route {
	taken := post(agencyImports, "import.create", createAgencyImport)
	taken.upload, taken.maxBody = true, maxImportPage+64<<10
	decide := func(action, flash string) route {
		return post(agencyApplications+"/:id/"+decisionPath(action), "application.decide", decideApplication(action, flash))
	}
	return []route{
		get(movements, "placement.read", listMovements),
		get(tripsExport, "placement.read", exportTrips),
		get(offersExport, "offer.create", exportOffers),
		get("/agence/offres/:id/suivi", "offer.update", showPipeline),
		get("/agence/offres/:id/versions", "offer.update", showVersions),
		post("/agence/offres/:id/copies", "offer.create", copyOffer),
		post("/agence/offres/:id/invitations", "offer.invite", invitePerson),
		get(agencyApplications+"/:id", "application.decide", showApplicant),
		decide(application.ActShortlist, "flash.decision.shortlist"),
		decide(application.ActInterview, "flash.decision.interview"),
		decide(application.ActWait, "flash.decision.wait"),
		decide(application.ActSelect, "flash.decision.select"),
		decide(application.ActRefuse, "flash.decision.refuse"),
		get(ownAgency, "agency.update", showOwnAgency),
		post(ownAgency+"/membres", "agency.members", addMember),
		get(ownAgency+"/modification", "agency.update", editOwnAgency),
		post(ownAgency+"/modification", "agency.update", updateOwnAgency),
		get(agencyImports, "import.create", listAgencyImports),
		taken,
		get(agencyImports+"/modele", "import.create", downloadTemplate),
		get(agencyImports+"/:id", "import.read", showAgencyImport),
		get(agencyImports+"/:id/erreurs", "import.read", downloadRowErrors),
	}
}

// fileTemplates are the pages of fileRoutes.
func fileTemplates() []string {
	return []string{
		"placement/index", "placement/show", "placement/contract", "placement/deed", "placement/movements",
		"team/pipeline", "team/applicant", "team/agency", "team/edit", "team/versions", "team/imports", "team/import", "team/keys", "team/key", "team/secret", "team/employers", "team/declare",
	}
}

// agencyMenu is what an agency works with.
func agencyMenu() []menuItem {
	return []menuItem{
		{Href: "/agence/offres", Label: "menu.drafts"}, {Href: agencyFiles, Label: "menu.files"},
		{Href: movements, Label: "menu.movements"}, {Href: ownEmployers, Label: "menu.employers"}, {Href: ownAgency, Label: "menu.agency"},
	}
}
