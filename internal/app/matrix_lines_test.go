package app

import (
	"fmt"
	"net/http"
	"time"
)

// strangers to a record of the candidate or of the agency.
var (
	otherCandidate = []string{"candidate2"}
	otherAgency    = []string{"agency2"}
	otherTenants   = []string{"candidate2", "agency2"}
	// outsiders see nothing that is not published.
	outsiders = []string{"", "candidate", "candidate2", "agency2", "admin", "observer"}
)

// plain is a line of an operation without record or special body.
func plain(operation string) line {
	return line{operation: operation, make: func(*stage) target { return target{} }}
}

// on is a line about one record.
func on(operation, label string, hidden []string, id func(*stage) string) line {
	return line{operation: operation, label: label, hidden: hidden, make: func(s *stage) target { return target{id: id(s)} }}
}

// sending adds a body to a line.
func (l line) sending(body any) line {
	inner := l.make
	l.make = func(s *stage) target {
		it := inner(s)
		it.body = body
		return it
	}
	return l
}

func accountLines() []line {
	return []line{
		plain("showLiveness"), plain("showReadiness"), plain("showDescription"), plain("showKeys"), plain("showMe"),
		{operation: "registerAccount", make: func(s *stage) target {
			return target{body: object{"applicant": "candidate", "email": fmt.Sprintf("inscrit%d@example.ml", s.next()), "password": "quatre chevaux lents et doux"}}
		}},
		{operation: "login", make: func(s *stage) target {
			return target{body: object{"login": "candidate@demo.test", "password": s.DemoPassword()}}
		}},
		{operation: "refresh", make: func(s *stage) target {
			pair := s.by("").must(http.StatusOK, "POST", "/auth/login", object{"login": "candidate@demo.test", "password": s.DemoPassword()})
			return target{body: object{"refreshToken": pair.member("refreshToken")}}
		}},
		{operation: "logout", make: func(s *stage) target { return target{as: s.sessions()} }},
		{operation: "changePassword", make: func(s *stage) target {
			c, _, password := s.newcomer("candidate")
			return target{as: map[string]*caller{"candidate": c}, body: object{"currentPassword": password, "newPassword": "cinq pirogues sur le fleuve"}}
		}},
		{operation: "setDemoClock", make: func(s *stage) target {
			return target{body: object{"now": s.Clock().Now().Add(time.Second)}}
		}},
	}
}

// sessions signs every account in once more: a session that may end.
func (s *stage) sessions() map[string]*caller {
	out := map[string]*caller{}
	for _, c := range columns()[1:] {
		out[c.name] = s.by("").login(c.name+"@demo.test", s.DemoPassword())
	}
	return out
}

func registerLines() []line {
	ownAgency := func(s *stage) string { return s.agencyID("agency") }
	inState := func(decisions ...[2]string) func(*stage) string {
		return func(s *stage) string { _, id := s.applicant(decisions...); return id }
	}
	vetted, activated := [2]string{"official2", "vettings"}, [2]string{"official3", "activations"}
	stopped := [2]string{"official2", "suspensions"}
	reason := object{"reason": "licence_invalid"}
	lines := []line{
		plain("listAgencies"), on("showAgency", "active", nil, ownAgency),
		{operation: "showAgency", label: "applied", hidden: outsiders, make: func(s *stage) target {
			c, id := s.applicant()
			return target{id: id, as: map[string]*caller{"agency": c}}
		}},
		{operation: "createAgency", make: func(s *stage) target {
			c, _, _ := s.newcomer("agency")
			facts := object{"name": fmt.Sprintf("Bureau neuf %d", s.next()), "country": "ML", "kind": "private", "licence": fmt.Sprintf("N-%d", s.next()), "licenceUntil": "2099-12-31"}
			return target{as: map[string]*caller{"agency": c}, body: facts}
		}},
		{operation: "changeAgency", hidden: otherAgency, make: func(s *stage) target {
			id := s.agencyID("agency")
			return target{id: id, tag: s.tag(s.by("agency"), "/agencies/"+id), body: object{"city": "Ségou"}}
		}},
		{operation: "addAgencyMember", hidden: otherAgency, make: func(s *stage) target {
			_, email, _ := s.newcomer("agency")
			return target{id: s.agencyID("agency"), body: object{"login": email}}
		}},
		on("listAgencyKeys", "", otherAgency, ownAgency),
		{operation: "createAgencyKey", hidden: otherAgency, refused: []string{"admin"}, make: func(s *stage) target {
			return target{id: s.agencyID("agency"), body: object{"name": "Logiciel", "scopes": []string{"offers.read"}, "expires": keyEnd(s)}}
		}},
		{operation: "rotateAgencyKey", hidden: otherAgency, refused: []string{"admin"}, make: keyOf},
		{operation: "revokeAgencyKey", hidden: otherAgency, make: keyOf},
		{operation: "withdrawAgency", hidden: otherAgency, make: func(s *stage) target {
			c, id := s.applicant()
			return target{id: id, as: map[string]*caller{"agency": c}}
		}},
		on("claimAgency", "", nil, inState()), on("releaseAgencyClaim", "", nil, inState()),
		on("vetAgency", "", nil, inState()), on("activateAgency", "", nil, inState(vetted)),
		on("refuseAgency", "", nil, inState()).sending(reason),
		on("suspendAgency", "", nil, inState(vetted, activated)).sending(closing("complaints")),
		on("reopenAgency", "", nil, inState(vetted, activated, stopped)).sending(opening()),
		on("listAgencyAffected", "", nil, ownAgency),
	}
	return append(lines, employerLines()...)
}

// keyOf is a new key of the agency, for its path.
func keyOf(s *stage) target {
	id := s.agencyID("agency")
	made := s.by("agency").must(http.StatusCreated, "POST", "/agencies/"+id+"/keys", object{"name": "Logiciel", "scopes": []string{"offers.read"}, "expires": keyEnd(s)})
	return target{id: id, parts: []string{"{key}", made.member("key", "id")}}
}

// keyEnd is a key's last day.
func keyEnd(s *stage) string { return s.Clock().Now().AddDate(0, 0, 30).Format(time.DateOnly) }

// closing is the body of a suspension or bar, opening that of its end.
func closing(reason string) object {
	return object{"reason": reason, "act": "Arrêté d’essai de suspension", "evidence": "Journal officiel"}
}

func opening() object {
	return object{"act": "Arrêté d’essai de levée", "evidence": "Journal officiel"}
}

func employerLines() []line {
	inState := func(decisions ...[2]string) func(*stage) string {
		return func(s *stage) string { return s.employer(decisions...) }
	}
	accredited := [2]string{"official2", "accreditations"}
	bar, barred := [2]string{"official2", "bars"}, [2]string{"official3", "bars"}
	corridor := func(*stage) string { return "ML-PT" }
	act := func(s *stage) object {
		return object{"kind": "internship", "act": fmt.Sprintf("Arrêté d’essai %d", s.next()), "evidence": "Journal officiel"}
	}
	return []line{
		plain("listEmployers"), plain("listCorridors"), on("showCorridor", "", nil, corridor),
		on("showEmployer", "declared", []string{"agency2", "observer"}, inState()), on("showEmployer", "accredited", nil, inState(accredited)),
		{operation: "declareEmployer", make: func(s *stage) target {
			return target{body: object{"name": fmt.Sprintf("Frutas del Norte %d", s.next()), "country": "ES"}}
		}},
		{operation: "changeEmployer", hidden: otherAgency, make: func(s *stage) target {
			id := s.employer()
			return target{id: id, tag: s.tag(s.by("agency"), "/employers/"+id), body: object{"website": "https://essai.example"}}
		}},
		on("claimEmployer", "", nil, inState()), on("releaseEmployerClaim", "", nil, inState()),
		on("accreditEmployer", "", nil, inState()), on("refuseEmployer", "", nil, inState()).sending(object{"reason": "not_registered"}),
		on("barEmployer", "", nil, inState(accredited)).sending(closing("unpaid_wages")),
		on("reopenEmployer", "", nil, inState(accredited, bar, barred)).sending(opening()),
		on("listEmployerAffected", "", nil, inState(accredited)),
		{operation: "putCorridor", label: "changed", make: func(s *stage) target {
			return target{id: "ML-PT", tag: s.tag(s.by("official"), "/corridors/ML-PT"), body: object{"maxHours": 40}}
		}},
		{operation: "putCorridor", label: "new", make: func(s *stage) target {
			return target{id: "ML-NZ", tag: "*", body: object{"maxHours": 40}}
		}},
		{operation: "suspendCorridor", make: func(s *stage) target { return target{id: "ML-PT", body: act(s)} }},
		{operation: "reopenCorridor", make: func(s *stage) target {
			closed := act(s)
			s.by("official2").must(http.StatusOK, "POST", "/corridors/ML-TN/suspensions", closed)
			return target{id: "ML-TN", body: closed}
		}},
	}
}

func offerLines() []line {
	draft, submitted, approved := (*stage).draft, (*stage).submitted, (*stage).approved
	published, suspended, refused := (*stage).published, (*stage).suspended, (*stage).refused
	return []line{
		plain("searchOffers"),
		{operation: "searchOffers", label: "worklist", unsigned: true, make: func(*stage) target { return target{query: "?state=draft"} },
			refused: []string{"candidate", "candidate2", "admin", "observer"}},
		{operation: "suggestOffers", make: func(*stage) target { return target{query: "?q=ma"} }},
		plain("followOffers"),
		on("showOffer", "published", nil, published), on("showOffer", "draft", outsiders, draft), on("showOffer", "suspended", outsiders, suspended),
		on("lintOffer", "published", otherAgency, published), on("lintOffer", "draft", []string{"agency2", "observer"}, draft),
		{operation: "createOffer", make: func(s *stage) target { return target{} }},
		{operation: "changeOffer", hidden: otherAgency, make: func(s *stage) target {
			id := s.draft()
			return target{id: id, tag: s.tag(s.by("agency"), "/offers/"+id), body: s.offer(nil)}
		}},
		on("submitOffer", "", otherAgency, draft), on("answerOffer", "", otherAgency, refused),
		on("withdrawOffer", "", otherAgency, draft), on("closeOffer", "", otherAgency, published),
		on("returnOffer", "", nil, submitted), on("refuseOffer", "", nil, submitted),
		on("claimOffer", "", nil, submitted), on("releaseOfferClaim", "", nil, submitted),
		on("approveOffer", "", nil, submitted), on("publishOffer", "", nil, approved),
		on("suspendOffer", "", nil, published), on("reopenOffer", "", nil, suspended),
		on("objectToOffer", "published", nil, published), on("objectToOffer", "draft", []string{"observer"}, draft),
		{operation: "codeOffers", make: func(s *stage) target {
			return target{body: object{"agency": s.agencyID("agency"), "titleContains": fmt.Sprintf("introuvable %d", s.next()), "occupation": "2221"}}
		}},
		on("listOfferMatches", "", otherAgency, published),
	}
}

func peopleLines() []line {
	lines := []line{
		plain("showMyProfile"), plain("showMyConsents"), plain("listMyAccesses"), plain("listMyMatches"), plain("listMyOpportunities"),
		plain("listApplications"),
		{operation: "createProfile", refused: []string{"official"}, make: func(s *stage) target {
			c, _, _ := s.newcomer("candidate")
			return target{as: map[string]*caller{"candidate": c}}
		}},
		{operation: "changeMyProfile", make: func(s *stage) target { return s.ownProfile("", object{"summary": "Je cherche."}) }},
		{operation: "changeMyConsents", make: func(s *stage) target {
			return s.ownProfile("/consents", object{"consents": []object{{"purpose": "matching", "given": true}}})
		}},
		on("showProfile", "visible", otherCandidate, func(s *stage) string { return s.profileOf("candidate") }),
		{operation: "showProfile", label: "hidden", hidden: []string{"candidate2", "agency", "agency2"}, make: func(s *stage) target {
			c, id := s.person(object{})
			return target{id: id, as: map[string]*caller{"candidate": c}}
		}},
		on("discloseProfile", "", nil, func(s *stage) string { return s.profileOf("candidate") }),
		{operation: "explainMatch", hidden: otherTenants, make: func(s *stage) target {
			return target{query: "?offer=" + s.published() + "&profile=" + s.profileOf("candidate")}
		}},
	}
	return append(lines, applicationLines()...)
}

// ownProfile is the call of people with a profile that may be lost.
func (s *stage) ownProfile(part string, body object) target {
	one, _ := s.person(object{})
	two, _ := s.person(object{})
	return target{tag: s.tag(one, "/profiles/me"+part), body: body, as: map[string]*caller{"candidate": one, "candidate2": two}}
}

func applicationLines() []line {
	application := (*stage).application
	return []line{
		on("createApplication", "published", nil, (*stage).published),
		on("createApplication", "draft", []string{"candidate", "candidate2"}, (*stage).draft),
		on("showApplication", "", otherTenants, application),
		on("acceptInvitation", "", otherCandidate, (*stage).invitation), on("withdrawApplication", "", otherCandidate, application),
		{operation: "inviteProfile", hidden: otherAgency, make: func(s *stage) target {
			return target{id: s.published(), body: object{"profile": s.profileOf("candidate")}}
		}},
		on("shortlistApplication", "", otherAgency, application), on("interviewApplication", "", otherAgency, application),
		on("rankApplication", "", otherAgency, application), on("selectApplication", "", otherAgency, application),
		on("refuseApplication", "", otherAgency, application),
	}
}

func fileLines() []line {
	imported := (*stage).imported
	lines := []line{
		plain("listImports"), on("showImport", "", otherAgency, imported), on("listImportErrors", "", otherAgency, imported),
		on("approveImport", "", nil, imported),
		on("publishImport", "", nil, func(s *stage) string {
			id := s.imported()
			s.decided(id, "official2", "approvals")
			return id
		}),
		{operation: "createImport", make: func(s *stage) target {
			return target{body: s.upload(object{}), bodies: map[string]any{"official": s.upload(object{"agency": s.agencyID("agency")})}}
		}},
		{operation: "suggestOccupations", make: func(*stage) target { return target{query: "?q=soudeur"} }},
	}
	for _, id := range []string{"listOccupations", "listCountries", "listLanguages", "listCurrencies", "listSkills", "listEducationLevels", "listKinds"} {
		lines = append(lines, plain(id))
	}
	return lines
}
