package app

import (
	"fmt"

	"passerelle/internal/domain/account"
)

func privacyLines() []line {
	return []line{
		plain("listProcessing"), plain("reportOverdue"), plain("reportDurations"), plain("reportOutcomes"), plain("reportCosts"),
		{operation: "exportMe", make: func(s *stage) target { return target{as: s.sessions()} }},
		{operation: "deleteMe", make: func(s *stage) target { return target{as: s.leavers()} }},
		on("showStatistics", "", nil, func(s *stage) string {
			if _, err := s.services.statistics.Publish(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
			return "offers-by-country"
		}),
	}
}

// leavers opens an account of every role, to be erased.
func (s *stage) leavers() map[string]*caller {
	s.t.Helper()
	out := map[string]*caller{}
	for _, c := range columns()[1:] {
		post := account.Post{Role: c.role}
		if c.role == account.Official {
			post.Institution = "ministry"
		}
		email, password := fmt.Sprintf("partant%d@example.ml", s.next()), "six pirogues au bord du fleuve"
		if _, err := s.services.accounts.Create(s.t.Context(), account.SystemActor(), account.NewAccount{Email: email, Password: password, Post: post}); err != nil {
			s.t.Fatal(err)
		}
		out[c.name] = s.by("").login(email, password)
	}
	return out
}
