package suspension

import (
	"context"
	"errors"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// batch is how many consequences are carried between two notes of progress,
// so that a kill repeats no more than that.
const batch = 100

// Carry notes every act without a record and carries on those that are not
// finished, the oldest first: an act that was lifted meanwhile is carried
// before the one that lifts it. It is a job, and may be cut anywhere.
func (s *Service) Carry(ctx context.Context) error {
	failed := []error{s.Note(ctx)}
	for _, a := range s.Reader.Acts() {
		if a.Finished() {
			continue
		}
		if err := s.carry(ctx, a); err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
	return errors.Join(failed...)
}

// carry runs the three tracks of an act. A failure in one does not hold up the
// others; the act is finished when all are.
func (s *Service) carry(ctx context.Context, a *Act) error {
	err := errors.Join(s.tellOffers(ctx, a.ID), s.holdFiles(ctx, a.ID), s.tellPeople(ctx, a.ID))
	if err != nil || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	_, err = s.Store.Update(ctx, a.ID, func(a *Act) error {
		a.FinishedAt = account.Moment(s.Now())
		a.record(a.FinishedAt, "suspension.carried")
		return nil
	})
	return err
}

// track is one kind of consequence: the keys it concerns, in order, and what
// is done for some of them.
type track struct {
	of    func(*Act) *Track
	list  func(*Act) (keys []string, silent int)
	carry func(ctx context.Context, a *Act, keys []string) error
}

// run carries a track from where it stopped. What came to the list meanwhile
// (a file that was written while the act was) is carried in a last round.
func (s *Service) run(ctx context.Context, id ID, t track) error {
	a, err := s.Store.Get(ctx, id)
	if err != nil || t.of(a).Finished {
		return err
	}
	keys, silent := t.list(a)
	from, _ := slices.BinarySearch(keys, t.of(a).After)
	if t.of(a).After != "" && from < len(keys) && keys[from] == t.of(a).After {
		from++
	}
	if err := s.batches(ctx, a, t, keys, from); err != nil {
		return err
	}
	again, _ := t.list(a)
	late := slices.DeleteFunc(again, func(k string) bool { _, old := slices.BinarySearch(keys, k); return old })
	if err := t.carry(ctx, a, late); err != nil {
		return err
	}
	return s.progress(ctx, id, t, func(a *Act, at *Track) {
		at.Total = len(keys) + len(late)
		at.Done, at.After, at.Finished, a.Silent = at.Total, "", true, max(a.Silent, silent)
	})
}

// batches carries the keys from a place on, noting the progress after each
// batch. When one fails the rest goes on; the track then begins anew next time.
func (s *Service) batches(ctx context.Context, a *Act, t track, keys []string, from int) error {
	var failed []error
	for at := from; at < len(keys); at += batch {
		some := keys[at:min(at+batch, len(keys))]
		failed = append(failed, t.carry(ctx, a, some))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		clean := errors.Join(failed...) == nil
		err := s.progress(ctx, a.ID, t, func(_ *Act, tr *Track) {
			tr.Total, tr.Done, tr.After = len(keys), at+len(some), some[len(some)-1]
			if !clean {
				tr.After = ""
			}
		})
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
	return errors.Join(failed...)
}

// progress notes how far a track is; it is no change of the act itself, so the
// revision stays.
func (s *Service) progress(ctx context.Context, id ID, t track, note func(*Act, *Track)) error {
	_, err := s.Store.Update(ctx, id, func(a *Act) error {
		note(a, t.of(a))
		a.UpdatedAt = account.Moment(s.Now())
		return nil
	})
	return err
}

// tellOffers looks again at every offer within the act's scope.
func (s *Service) tellOffers(ctx context.Context, id ID) error {
	return s.run(ctx, id, track{
		of:   func(a *Act) *Track { return &a.Offers },
		list: func(a *Act) ([]string, int) { return s.keys(a, OfferFile), 0 },
		carry: func(ctx context.Context, _ *Act, keys []string) error {
			return each(ctx, keys, func(key string) error { return s.Offers.Reconsider(ctx, offer.ID(key)) })
		},
	})
}

// holdFiles puts the hold on every placement within the act's scope, or lifts
// the holds of the acts it lifts.
func (s *Service) holdFiles(ctx context.Context, id ID) error {
	return s.run(ctx, id, track{
		of:   func(a *Act) *Track { return &a.Files },
		list: func(a *Act) ([]string, int) { return s.keys(a, PlacementFile), 0 },
		carry: func(ctx context.Context, a *Act, keys []string) error {
			subjects := s.subjects(keys)
			return each(ctx, keys, func(key string) error {
				if a.Direction == Closing {
					return s.hold(ctx, a, placement.ID(key))
				}
				return s.release(ctx, a, placement.ID(key), subjects[key])
			})
		},
	})
}

// each does something for every key and goes on after a failure. What is gone
// or has ended meanwhile is no failure.
func each(ctx context.Context, keys []string, do func(key string) error) error {
	var failed []error
	for _, key := range keys {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := do(key); err != nil && !fault.Is(err, fault.NotFound) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (s *Service) hold(ctx context.Context, a *Act, id placement.ID) error {
	_, err := s.Files.Hold(ctx, account.SystemActor(), id, placement.HoldCorridor, a.Number, a.Evidence)
	return err
}

// release lifts the holds of the lifted acts, unless another act of the same
// number still covers the file.
func (s *Service) release(ctx context.Context, a *Act, id placement.ID, x Subject) error {
	var failed []error
	for _, lifted := range a.Lifts {
		old, ok := s.Reader.Act(lifted)
		if !ok || !old.Scope.Covers(x) || s.covered(x, old.Number) {
			continue
		}
		_, err := s.Files.ReleaseHold(ctx, account.SystemActor(), id, placement.HoldCorridor, old.Number, a.Number)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// covered reports whether an act in force covers the subject; number narrows
// it to acts of that number, empty = any.
func (s *Service) covered(x Subject, number string) bool {
	return slices.ContainsFunc(s.inForce(), func(a *Act) bool {
		return (number == "" || a.Number == number) && a.Scope.Covers(x)
	})
}

// inForce lists the closing acts that no reopening has lifted.
func (s *Service) inForce() []*Act {
	all := s.Reader.Acts()
	lifted := map[ID]bool{}
	for _, a := range all {
		for _, id := range a.Lifts {
			lifted[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(a *Act) bool { return a.Direction == Opening || lifted[a.ID] })
}

// scopes gives the parts of the world an act touches: its own, or for a
// reopening those of the acts it lifts.
func (s *Service) scopes(a *Act) []Scope {
	if a.Direction == Closing {
		return []Scope{a.Scope}
	}
	var scopes []Scope
	for _, id := range a.Lifts {
		if old, ok := s.Reader.Act(id); ok {
			scopes = append(scopes, old.Scope)
		}
	}
	return scopes
}

// keys lists the ids of the files of one type that the act touches, in order.
func (s *Service) keys(a *Act, of FileType) (ids []string) {
	for _, f := range s.within(s.scopes(a)...) {
		if f.Type == of {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// subjects tells what those placements are about.
func (s *Service) subjects(ids []string) map[string]Subject {
	found := make(map[string]Subject, len(ids))
	s.Reader.EachFile(func(f *File) bool {
		if _, asked := slices.BinarySearch(ids, f.ID); asked && f.Type == PlacementFile {
			found[f.ID] = f.Subject
		}
		return true
	})
	return found
}
