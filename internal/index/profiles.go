package index

import (
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/profile"
)

// profileRow is what the index holds of a profile: nothing that identifies
// but the birth date, which the age gate reads.
type profileRow struct {
	card  profile.Card
	match *match.Profile
}

// PutProfile takes in a profile as it was stored; of an erased one only its
// outbox.
func (ix *Index) PutProfile(p *profile.Profile) {
	if p.Erased() {
		ix.eraseProfile(p)
		return
	}
	facts := match.FromProfile(p)
	row := &profileRow{card: profileCard(p), match: &facts}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if old, ok := ix.profiles.get(p.ID); ok && old.card.Owner != p.Owner {
		ix.disown(old)
	}
	ix.profiles.put(p.ID, row)
	if p.Owner != "" {
		ix.owners[p.Owner] = p.ID
	}
	ix.outbox(Profiles, string(p.ID), p.Pending)
}

// DropProfile forgets a profile.
func (ix *Index) DropProfile(id profile.ID) { ix.eraseProfile(&profile.Profile{ID: id}) }

func (ix *Index) eraseProfile(p *profile.Profile) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if row, ok := ix.profiles.get(p.ID); ok {
		ix.disown(row)
		ix.profiles.drop(p.ID)
	}
	if p.Erased() {
		ix.erased[p.ID] = true
	}
	ix.outbox(Profiles, string(p.ID), p.Pending)
}

// ProfileErased reports whether only the id is left of a profile.
func (ix *Index) ProfileErased(id profile.ID) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.erased[id]
}

// ProfileCards gives every card, in no particular order.
func (ix *Index) ProfileCards() []profile.Card {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	cards := make([]profile.Card, len(ix.profiles.rows))
	for i, row := range ix.profiles.rows {
		cards[i] = row.card
	}
	return cards
}

// ApplicationsOf lists every application of a profile, invitations included,
// in the order in which they came, whatever became of the profile.
func (ix *Index) ApplicationsOf(id profile.ID) []application.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return slices.Clone(ix.files[id])
}

func (ix *Index) disown(row *profileRow) {
	if ix.owners[row.card.Owner] == row.card.ID {
		delete(ix.owners, row.card.Owner)
	}
}

func profileCard(p *profile.Profile) profile.Card {
	f := &p.Facts
	card := profile.Card{ID: p.ID, Rev: p.Rev, Owner: p.Owner, Education: f.HighestEducation(), Country: f.Residence.Country,
		Region: f.Residence.Region, Languages: slices.Clone(f.Languages), Visible: p.Visible(), UpdatedAt: p.UpdatedAt}
	occupations := slices.Clone(f.Occupations)
	for _, e := range f.Experience {
		card.Months += e.Months
		if e.Occupation != "" {
			occupations = append(occupations, e.Occupation)
		}
	}
	slices.Sort(occupations)
	card.Occupations = slices.Compact(occupations)
	return card
}

// ProfileCard finds one card.
func (ix *Index) ProfileCard(id profile.ID) (profile.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.profiles.get(id); ok {
		return row.card, true
	}
	return profile.Card{}, false
}

// ProfileOf finds the profile an account owns.
func (ix *Index) ProfileOf(owner account.ID) (profile.ID, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	id, ok := ix.owners[owner]
	return id, ok
}

// AppliedTo reports whether the person takes or took part in the choice for an
// offer of that agency, by applying or accepting its invitation, and has not
// withdrawn. An invitation alone is not participation.
func (ix *Index) AppliedTo(id profile.ID, agency string) bool {
	return ix.filed(id, agency, func(row *applicationRow) bool { return row.applied })
}

// InvitedBy reports whether the agency has ever invited the person.
func (ix *Index) InvitedBy(id profile.ID, agency string) bool {
	return ix.filed(id, agency, func(row *applicationRow) bool { return row.invited })
}

func (ix *Index) filed(id profile.ID, agency string, holds func(*applicationRow) bool) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return agency != "" && slices.ContainsFunc(ix.files[id], func(file application.ID) bool {
		row, ok := ix.applications.get(file)
		return ok && row.line.card.Agency == agency && holds(row)
	})
}

// CountProfiles counts all profiles and those that agencies may find.
func (ix *Index) CountProfiles() (all, visible int) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, row := range ix.profiles.rows {
		if row.card.Visible {
			visible++
		}
	}
	return len(ix.profiles.rows), visible
}
