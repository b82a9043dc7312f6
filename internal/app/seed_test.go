package app

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"passerelle/internal/domain/fault"
)

// TestSamplePartsAreBegunAgain: a part waits for a database without time, and
// for nothing else.
func TestSamplePartsAreBegunAgain(t *testing.T) {
	away := fault.New(fault.Unavailable, "store.unavailable")
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			name  string
			fails int
			err   error
			tries int
			ends  fault.Kind
		}{
			{"at once", 0, nil, 1, fault.Internal}, {"later", 3, away, 4, fault.Internal}, {"never", 1000, away, seedTries, fault.Unavailable},
			{"refused", 1000, fault.New(fault.Conflict, "demo.foreign"), 1, fault.Conflict},
		} {
			tries := 0
			err := patiently(t.Context(), func() error {
				if tries++; tries <= c.fails {
					return c.err
				}
				return nil
			})
			if tries != c.tries || (err == nil) != (c.fails < tries) || err != nil && !fault.Is(err, c.ends) {
				t.Errorf("%s: %d tries, %v", c.name, tries, err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		tries := 0
		if err := patiently(ctx, func() error { tries++; return away }); !fault.Is(err, fault.Unavailable) || tries > int(time.Second/seedPause)+1 {
			t.Errorf("%d tries after the start was called off: %v", tries, err)
		}
	})
}
