package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Wish is an employer's wish to have a person back.
type Wish struct {
	Wanted bool
	From   ref.Date // first day; unknown = any
	Note   string
}

// WishBack notes, through the agency, whether the employer wants the person
// back. The work must have ended, and not early for a breach or an abuse.
func (s *Service) WishBack(ctx context.Context, actor account.Actor, id ID, w Wish) (*Placement, error) {
	if err := actor.Require("placement.rehire"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if !p.ended() || w.Wanted && endingAlerts()[p.Ending.Cause] != "" && p.Ending.Cause != "accident" {
			return fault.New(fault.Conflict, "transition")
		}
		var bad fault.List
		checkLength(&bad, "/note", w.Note, maxNote)
		if err := bad.Err("placement.invalid"); err != nil {
			return err
		}
		if !w.Wanted {
			w.From = ""
		}
		p.Ending.Rehire, p.Ending.RehireFrom, p.Ending.RehireNote = w.Wanted, w.From, w.Note
		p.note(by, "rehire", "", "", "rehire")
		return nil
	})
}

// Former is a person who worked for an employer and is wanted back.
type Former struct {
	Placement ID
	Profile   string
	From      ref.Date // wanted from that day; unknown = any
	Until     ref.Date // last known day abroad; unknown = not said
}

// RehirePriority lists the people who worked for an offer's employer in the
// same group of occupations (two digits of ISCO-08) and are wanted back, each
// once, ordered by profile. The offer's own agency and officials may ask.
func (s *Service) RehirePriority(ctx context.Context, actor account.Actor, id offer.ID) ([]Former, error) {
	if err := actor.Require("offer.matches"); err != nil {
		return nil, err
	}
	o, err := s.Offers.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Role == account.Agency && (actor.Agency == "" || actor.Agency != o.Agency) {
		return nil, fault.New(fault.NotFound, "offer.not_found")
	}
	terms := o.Terms()
	latest := map[string]Former{}
	s.Model.EachPlacement(func(c *Card) bool {
		if wantedBack(c, terms, actor) {
			f := Former{c.ID, c.Profile, c.Abroad.RehireFrom, c.Abroad.Home}
			if old, seen := latest[c.Profile]; !seen || old.Until < f.Until || old.Until == f.Until && old.Placement < f.Placement {
				latest[c.Profile] = f
			}
		}
		return true
	})
	var found []Former
	for _, f := range latest {
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b Former) int {
		if a.Profile < b.Profile {
			return -1
		}
		return 1
	})
	return found, nil
}

// wantedBack reports whether the card is of somebody the offer's employer wants
// back. An agency is told of its own files only.
func wantedBack(c *Card, terms offer.Terms, actor account.Actor) bool {
	return c.Abroad.Rehire && terms.Employer != "" && c.Employer == terms.Employer &&
		group(c.Occupation) == group(terms.Occupation) && (actor.Role != account.Agency || c.Agency == actor.Agency)
}

// group gives the first two digits of an occupation.
func group(o ref.Occupation) string {
	if len(o) < 2 {
		return string(o)
	}
	return string(o[:2])
}
