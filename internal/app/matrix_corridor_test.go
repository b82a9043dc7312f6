package app

import (
	"fmt"
	"net/http"
)

// corridorLines are the operations on agreements, affected files and fees.
func corridorLines() []line {
	agreement := func(s *stage) string {
		return s.by("official").must(http.StatusCreated, "POST", "/agreements", s.agreement()).member("id")
	}
	return []line{
		plain("listAgreements"), on("showAgreement", "", nil, agreement),
		{operation: "createAgreement", make: func(s *stage) target { return target{body: s.agreement()} }},
		{operation: "putAgreement", make: func(s *stage) target {
			id := agreement(s)
			return target{id: id, tag: s.tag(s.by("official"), "/agreements/"+id), body: s.agreement()}
		}},
		on("listAffected", "", nil, func(*stage) string { return "ML-ES" }),
		{operation: "decideFees", make: func(s *stage) target {
			const path = "/corridors/ML-MR"
			put := object{"maxHours": 48, "workerFees": true}
			s.by("official2").must(http.StatusOK, "PUT", path, put, "If-Match", s.tag(s.by("official2"), path))
			return target{id: "ML-MR", body: object{"confirmed": false}}
		}},
	}
}

// agreement gives the facts of a new one.
func (s *stage) agreement() object {
	return object{"title": object{"fr": fmt.Sprintf("Accord d’essai %d", s.next())}, "kind": "labour", "parties": []string{"ML", "MR"}}
}
