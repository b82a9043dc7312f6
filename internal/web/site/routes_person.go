package site

import "passerelle/internal/domain/account"

// personRoutes are the pages of candidates and members of the diaspora: the
// profile by parts, the offers that fit, and the applications.
func personRoutes(get, post maker) []route {
	const mine, seen, own account.Permission = "profile.mine", "profile.matches", "application.read"
	routes := []route{
		get(profilePath, mine, showProfile),
		get(profilePath+"/verification", mine, reviewProfile),
		get(profilePath+"/cv", mine, showCV),
		get(profilePath+"/cv/fichier", mine, downloadCV),
		get("/mes-offres/:id", seen, showMatch),
		get("/mes-candidatures/:id", own, showApplication),
	}
	for _, p := range partForms() {
		routes = append(routes, get(partPath(p.part), mine, p.edit), post(partPath(p.part), mine, p.save))
	}
	for _, e := range partEntries() {
		at := partPath(e.part)
		routes = append(routes, get(at, mine, e.index), get(at+"/:n", mine, e.edit), post(at+"/:n", mine, e.save), post(at+"/:n/retraits", mine, e.drop))
	}
	for _, c := range partSets() {
		at := partPath(c.part)
		routes = append(routes, get(at, mine, c.index), post(at+"/ajouts", mine, c.alter(true)), post(at+"/retraits", mine, c.alter(false)))
	}
	return routes
}

// personTemplates are the pages of personRoutes.
func personTemplates() []string {
	return []string{"profile/show", "profile/part", "profile/review", "profile/cv", "match/show", "application/show"}
}
