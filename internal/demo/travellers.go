package demo

import (
	"fmt"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// travellers lets the visitor sign in as two people with a file: candidate3,
// who has a contract to read and to answer, and candidate4, who is at work
// abroad. Among files abroad those of the agency that can be signed in to come
// first, so that both sides of one file can be seen. Nobody is both, or has an
// account of the demonstration already.
func (m *maker) travellers() error {
	owners := map[account.ID]*account.Account{}
	for _, a := range m.Accounts {
		owners[a.ID] = a
	}
	for _, t := range []struct {
		name  string
		state placement.State
	}{{"candidate3", placement.ContractProposed}, {"candidate4", placement.InPost}} {
		p := m.fileIn(t.state)
		if p == nil {
			return fmt.Errorf("no file is %s", t.state)
		}
		owner := owners[p.Candidate]
		delete(m.byEmail, owner.Email)
		owner.Email = t.name + "@demo.test"
		m.byEmail[owner.Email] = owner
		m.Demo = append(m.Demo, owner.ID)
	}
	return nil
}

// fileIn gives a file in a state: abroad and of the first agency if there is
// one, then of any agency, then any.
func (m *maker) fileIn(state placement.State) (best *placement.Placement) {
	fit := 0
	for _, p := range m.Placements {
		if p.State != state || slices.Contains(m.Demo, p.Candidate) {
			continue
		}
		points := 1
		if p.Country != ref.Mali {
			points += 2
		}
		if p.Agency == string(m.Agencies[0].ID) {
			points++
		}
		if points > fit {
			best, fit = p, points
		}
	}
	return best
}
