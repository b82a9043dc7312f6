package placement

import (
	"errors"
	"fmt"
)

// errNothing ends an update that found nothing to change.
var errNothing = errors.New("nothing to change")

func isNothing(err error) bool { return errors.Is(err, errNothing) }

// each does something to every file that is due, and counts those it changed.
// A failure does not keep it from the others; the failures are returned
// together.
func (s *Service) each(due func(*Card) bool, do func(ID) (bool, error)) (done int, err error) {
	var ids []ID
	s.Model.EachPlacement(func(c *Card) bool {
		if due(c) {
			ids = append(ids, c.ID)
		}
		return true
	})
	var failures []error
	for _, id := range ids {
		changed, err := do(id)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", id, err))
		}
		if changed {
			done++
		}
	}
	return done, errors.Join(failures...)
}
