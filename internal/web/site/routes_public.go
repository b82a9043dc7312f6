package site

import "passerelle/internal/domain/account"

// publicRoutes are the pages for everybody, with or without an account.
func publicRoutes(get, post maker) []route {
	open := func(path string, p account.Permission, h handler) route {
		r := get(path, p, h)
		r.public = true
		return r
	}
	reported := post(reportPath, "incident.create", createReport)
	followed := post(followPath, "incident.follow", createFollow)
	reported.maxBody, followed.maxBody = maxReport, maxReport
	return []route{
		open("/", "offer.search", showHome),
		open("/offres", "offer.search", searchOffers),
		open(feedPath, "offer.search", showFeed),
		open("/offres/:id", "offer.read", showOffer),
		get(suggestPath+"/:list", "offer.search", suggest),
		get(countPath, "offer.search", countOffers),
		open(comparePath, "offer.read", showComparison),
		open(registerPath, "agency.read", showRegister),
		open(registerPath+"/:id", "agency.read", showRegistered),
		open(verifyPath, "offer.read", verifyReference),
		open(corridorPath, "corridor.read", listCorridors),
		open(corridorPath+"/:code", "corridor.read", showCorridor),
		open(occupationPath, "reference.read", showOccupations),
		open(occupationPath+"/:code", "reference.read", showOccupation),
		get(reportPath, "incident.create", newReport),
		reported,
		get(followPath, "incident.follow", newFollow),
		followed,
		open(helpPath, "reference.read", showHelp),
		open("/accessibilite", "offer.search", showAccessibility),
		open("/robots.txt", "service.read", showRobots),
		open("/favicon.ico", "service.read", showIcon),
		open("/sitemap.xml", "service.read", showSiteMap),
	}
}

// publicTemplates are the pages of publicRoutes.
func publicTemplates() []string {
	return []string{
		"home/show", "offer/index", "offer/show", "compare/show", "register/index", "register/show", "verify/show",
		"corridor/index", "corridor/show", "occupation/show", "incident/new", "incident/filed", "incident/follow", "notice/help", "notice/accessibility",
	}
}
