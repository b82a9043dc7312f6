package site

import (
	"net/http"

	"passerelle/internal/domain/account"
)

// route is one address with who may use it and what answers. Permissions are
// those of the API's operations; object-level rules are the services'.
type route struct {
	method, path string
	permission   account.Permission
	handle       func(*visit) error
	maxBody      int64 // bytes; 0 = the server's default
	public       bool  // the same for everybody who is not signed in: may be kept by caches
	upload       bool  // its form sends a file
}

// maxDraft bounds a posted offer: 20,000 characters of description, each up to
// nine bytes when encoded, and the other fields.
const maxDraft = 256 << 10

// routes is every page and form there is.
func (s *Site) routes() []route {
	get := func(path string, p account.Permission, h func(*visit) error) route {
		return route{method: http.MethodGet, path: path, permission: p, handle: h}
	}
	post := func(path string, p account.Permission, h func(*visit) error) route {
		return route{method: http.MethodPost, path: path, permission: p, handle: h}
	}
	large := func(r route) route { r.maxBody = maxDraft; return r }
	return append(append(append(publicRoutes(get, post), trustRoutes(get, post)...), personRoutes(get, post)...), append(fileRoutes(get, post), []route{
		get("/connexion", "auth.login", newSession),
		post("/connexion", "auth.login", createSession),
		post("/connexion/code", "auth.login", completeSession),
		post("/deconnexion", "auth.logout", deleteSession),
		get("/inscription", "auth.register", newAccount),
		post("/inscription", "auth.register", createAccount),
		get("/mot-de-passe", "auth.password.change", editPassword),
		post("/mot-de-passe", "auth.password.change", updatePassword),
		get("/mot-de-passe/oublie", "auth.password.forgot", newReset),
		post("/mot-de-passe/oublie", "auth.password.forgot", createReset),
		get(resetPath, "auth.password.reset", editReset),
		post(resetPath, "auth.password.reset", updateReset),
		get(factorPath, "auth.mfa", showFactor),
		post(factorPath, "auth.mfa", enrolFactor),
		post(factorPath+"/confirmations", "auth.mfa", confirmFactor),
		post(factorPath+"/retraits", "auth.mfa", removeFactor),
		post(factorPath+"/preuves", "auth.reauthenticate", proveIdentity),
		get("/mon-compte", "me.sessions", showAccount),
		post("/mon-compte/fermetures", "me.sessions", endOtherSessions),
		post("/mon-compte/sessions/:id/fermetures", "me.sessions", endSession),

		post("/offres/:id/candidatures", "application.create", createApplication),
		get("/mes-offres", "profile.matches", listMatches),
		get("/mes-candidatures", "application.withdraw", listApplications),
		post("/mes-candidatures/:id/retraits", "application.withdraw", withdrawApplication),
		post("/mes-candidatures/:id/acceptations", "application.accept", acceptInvitation),

		get("/agence/offres", "offer.create", listDrafts),
		get("/agence/offres/nouvelle", "offer.create", newDraft),
		large(post("/agence/offres/nouvelle", "offer.create", createDraft)),
		get("/agence/offres/:id", "offer.update", editDraft),
		large(post("/agence/offres/:id", "offer.update", updateDraft)),
		post("/agence/offres/:id/soumissions", "offer.submit", submitDraft),
		get("/agence/offres/:id/candidats", "offer.matches", listCandidates),

		get("/travail", "offer.review", showQueue),
		get("/travail/offres/:id", "offer.review", reviewOffer),
		post("/travail/offres/:id/approbations", "offer.review", approveOffer),
		post("/travail/offres/:id/publications", "offer.publish", publishOffer),
		post("/travail/offres/:id/retours", "offer.review", returnOffer),
		post("/travail/offres/:id/refus", "offer.review", refuseOffer),
		get("/travail/agences/:id", "agency.vet", reviewAgency),
		post("/travail/agences/:id/verifications", "agency.vet", vetAgency),
		post("/travail/agences/:id/activations", "agency.activate", activateAgency),
		post("/travail/agences/:id/refus", "agency.vet", refuseAgency),
		get("/travail/imports", "import.decide", listImports),
		post("/travail/imports/:id/approbations", "import.decide", approveImport),
		post("/travail/imports/:id/publications", "import.decide", publishImport),
	}...)...)
}
