package app

import (
	"flag"
	"sync"
	"sync/atomic"
	"testing"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/profile"
)

var selections = flag.Int("selections", 60, "how many times two clerks select at the same moment")

// TestKL02TwoClerksNeverExceedThePlaces has two clerks select different people
// for the same place at the same moment, again and again, and each third time
// the same person: one place is given once, and one file is opened for it.
func TestKL02TwoClerksNeverExceedThePlaces(t *testing.T) {
	v := newVenture(t)
	var people []*profile.Profile
	for range 3 {
		people = append(people, v.applicant())
	}
	both := 0
	for race := range *selections {
		places := 1 + race%2
		o := v.offers(places)
		files := []application.ID{v.applies(o, people[0]), v.applies(o, people[1]), v.applies(o, people[2])}
		if race%3 == 2 {
			files = []application.ID{files[0], files[0], files[1]}
		}
		if v.race(files) == places {
			both++
		}
		stored, err := v.stores.offers.Get(t.Context(), o.ID)
		if err != nil || len(stored.Taken) > places {
			t.Fatalf("race %d: %d of %d places are taken (%v)", race, len(stored.Taken), places, err)
		}
	}
	v.repair()
	found, err := v.CheckConsistency(t.Context())
	if err != nil || len(found.Findings) > 0 {
		t.Errorf("%v %v", found.Findings, err)
	}
	if t.Logf("%d races, all places given in %d", *selections, both); both < *selections*9/10 {
		t.Errorf("all places were given in %d races of %d only", both, *selections)
	}
}

// race has the files selected at the same moment, and counts the successes.
func (v *venture) race(files []application.ID) int {
	var group sync.WaitGroup
	var won atomic.Int64
	start := make(chan struct{})
	for _, id := range files {
		group.Go(func() {
			<-start
			switch _, err := v.services.applications.Select(v.t.Context(), v.agency, id); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, fault.Conflict):
				v.t.Errorf("select: %v", err)
			}
		})
	}
	close(start)
	group.Wait()
	return int(won.Load())
}
