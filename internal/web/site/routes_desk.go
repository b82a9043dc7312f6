package site

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
)

// deskRoutes are the pages of officials on departures, incidents, corridors
// and agreements, and the dashboard, of which others see figures.
func deskRoutes(get, post maker) []route {
	routes := []route{
		get(departurePath, "placement.read", listDepartures),
		get(departurePath+"/:id/autorisation", "placement.clear", showSheet),
		post(departurePath+"/:id/autorisation", "profile.disclose", discloseSheet),
		post(departurePath+"/:id/documents", "placement.document", openDocument),
		post("/travail/prises/:id", "placement.review", takeFile),
		post("/travail/offres/:id/prises", assignment.Offer.Permission(), take(assignment.Offer)),
		post("/travail/agences/:id/prises", assignment.Agency.Permission(), take(assignment.Agency)),
		post(employersPath+"/:id/prises", assignment.Employer.Permission(), take(assignment.Employer)),
		post(casePath+"/:id/prises", assignment.Incident.Permission(), take(assignment.Incident)),
		get(lotPath, "offer.review", confirmLot),
		post(lotPath, "offer.review", doLot),
		get(lotPath+"/reponses", "offer.review", showLot),
		post(shortcutPath, "offer.review", switchKeys),
		get(casePath, "incident.read", listCases),
		get("/travail/imports/:id/decision", "import.decide", confirmImport),
		get(deskCorridorPath, "corridor.update", listDeskCorridors),
		get(deskCorridorPath+"/nouveau", "corridor.update", newCorridorFile),
		post(deskCorridorPath+"/nouveau", "corridor.update", createCorridorFile),
		get(deskCorridorPath+"/:code/suspension", "corridor.suspend", previewSuspension),
		post(deskCorridorPath+"/:code/suspension", "corridor.suspend", suspendCorridor),
		get(deskCorridorPath+"/:code/reouverture", "corridor.suspend", previewReopening),
		post(deskCorridorPath+"/:code/reouverture", "corridor.suspend", reopenCorridor),
		get(deskCorridorPath+"/:code/touches", "corridor.suspend", listAffected),
		get(treatyPath, "corridor.update", listTreaties),
		get(treatyPath+"/nouveau", "corridor.update", newTreaty),
		post(treatyPath+"/nouveau", "corridor.update", createTreaty),
		get(treatyPath+"/:id", "corridor.update", editTreaty),
		post(treatyPath+"/:id", "corridor.update", updateTreaty),
		get(dashboardPath, "report.figures", showDashboard),
		get(dashboardPath+"/fichier", "report.figures", downloadDashboard),
	}
	routes = append(routes, departureDesk().routes(get, post, departurePath+"/:id", "placement.read")...)
	routes = append(routes, caseDesk().routes(get, post, casePath+"/:id", "incident.read")...)
	routes = append(routes, corridorDesk().routes(get, post, deskCorridorPath+"/:code", "corridor.update")...)
	for _, p := range corridorParts() {
		at := deskCorridorPath + "/:code/" + p.path
		sent := post(at, "corridor.update", p.update)
		sent.maxBody = maxDraft
		routes = append(routes, get(at, "corridor.update", p.edit), sent)
	}
	return routes
}

// deskTemplates are the pages of deskRoutes.
func deskTemplates() []string {
	return []string{
		"desk/departures", "desk/departure", "desk/sheet", "desk/cases", "desk/case", "desk/import", "desk/corridors", "desk/corridor", "desk/new",
		"desk/part", "desk/switch", "desk/affected", "desk/treaties", "desk/treaty", "desk/dashboard",
	}
}

// officialTabs are deskTabs on pages that administrators read too, whose menu
// leads them elsewhere.
func (v *visit) officialTabs(current string) []tab {
	if v.actor.Role != account.Official {
		return nil
	}
	return v.deskTabs(current)
}

// deskTabs lead from one list of officials to the others.
func (v *visit) deskTabs(current string) []tab {
	var tabs []tab
	for _, t := range []struct{ path, label string }{
		{"/travail", v.t("work.title")}, {departurePath, v.t("desk.departures")}, {casePath, v.t("desk.cases")}, {"/travail/offres", v.t("work.offers")},
		{"/travail/agences", v.t("work.agencies")}, {employersPath, v.t("employer.list")}, {deskCorridorPath, v.t("desk.corridors")}, {treatyPath, v.t("desk.treaties")},
		{paperPath, v.t("paper.title")}, {trailPath, v.t("trail.title")},
	} {
		tabs = append(tabs, tab{Href: t.path, Label: t.label, Current: t.path == current})
	}
	return tabs
}
