package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

var everyKill = flag.Bool("everykill", false, "kill a placement after every write of its way, not only of selection, its ends, acceptance, a paper, clearance and return")

// deed is something people do in one request, and the state it leads to.
type deed struct {
	name   string
	after  time.Duration // passes before it
	do     func(v *venture) error
	state  placement.State   // of the file; empty = there is none
	led    application.State // of the application
	or     application.State // of it where the jobs were quicker than the person
	branch bool              // others do not build on it
}

// deeds is a placement's whole way, with the side ways out of it.
func deeds() []deed {
	const selected = application.Selected
	var list []deed
	add := func(name string, hours int, state placement.State, do func(ctx context.Context, v *venture) error) {
		list = append(list, deed{name: name, after: time.Duration(hours) * time.Hour, state: state, led: selected,
			do: func(v *venture) error { return do(v.t.Context(), v) }})
	}
	aside := func(name string, led application.State, do func(ctx context.Context, v *venture) error) {
		add(name, 1, placement.Cancelled, do)
		last := &list[len(list)-1]
		last.branch, last.led, last.or = true, led, application.Closed
	}
	add("select", 1, placement.Opened, func(ctx context.Context, v *venture) error {
		_, err := v.services.applications.Select(ctx, v.agency, v.file)
		return err
	})
	aside("withdraw", application.Withdrawn, func(ctx context.Context, v *venture) error {
		_, err := v.services.applications.Withdraw(ctx, v.candidate, v.file, "")
		return err
	})
	aside("cancel", application.Closed, func(ctx context.Context, v *venture) error {
		_, err := v.services.placements.Cancel(ctx, v.agency, v.id(), placement.Grounds{Reason: "visa_refused"})
		return err
	})
	add("propose", 1, placement.ContractProposed, proposeSame)
	add("read", 1, placement.ContractProposed, func(ctx context.Context, v *venture) error {
		_, err := v.services.placements.ReadContract(ctx, v.candidate, v.id(), 1)
		return err
	})
	add("accept", 73, placement.ContractAccepted, func(ctx context.Context, v *venture) error {
		return errors.Join(v.services.placements.RequestCode(ctx, v.candidate, v.id()), second(v.services.placements.Accept(ctx, v.candidate, v.id(), "123456")))
	})
	add("paper", 1, placement.ContractAccepted, func(ctx context.Context, v *venture) error { return v.paper(ctx, placement.ItemPassport) })
	add("papers", 1, placement.UnderReview, handInPapers)
	add("review", 1, placement.UnderReview, func(ctx context.Context, v *venture) error {
		return second(v.services.placements.Review(ctx, v.officials[0], v.id()))
	})
	add("clear", 1, placement.Cleared, func(ctx context.Context, v *venture) error {
		return second(v.services.placements.Clear(ctx, v.officials[1], v.id(), placement.Validity{}))
	})
	return append(list, aboard()...)
}

// aboard is what follows the clearance.
func aboard() []deed {
	var list []deed
	add := func(name string, hours int, state placement.State, do func(ctx context.Context, v *venture, s *placement.Service, today ref.Date) error) {
		list = append(list, deed{name: name, after: time.Duration(hours) * time.Hour, state: state, led: application.Selected,
			do: func(v *venture) error { return do(v.t.Context(), v, v.services.placements, ref.DateOf(v.now)) }})
	}
	add("depart", 1, placement.Departed, func(ctx context.Context, v *venture, s *placement.Service, today ref.Date) error {
		return second(s.Depart(ctx, v.agency, v.id(), placement.Departure{On: today, Carrier: "AH 5003"}))
	})
	add("arrive", 24, placement.Arrived, func(ctx context.Context, v *venture, s *placement.Service, today ref.Date) error {
		return second(s.Arrive(ctx, v.candidate, v.id(), placement.Arrival{On: today, Place: "Almería"}))
	})
	add("found", 2, placement.InPost, func(ctx context.Context, v *venture, s *placement.Service, _ ref.Date) error {
		return second(s.State(ctx, v.candidate, v.id(), placement.Statement{Stage: placement.OnArrival, Terms: v.placement().Frozen.Terms, Language: "fr"}))
	})
	add("end", 24*200, placement.Completed, func(ctx context.Context, v *venture, s *placement.Service, today ref.Date) error {
		return second(s.End(ctx, v.candidate, v.id(), placement.End{On: today}))
	})
	add("return", 24, placement.Returned, func(ctx context.Context, v *venture, s *placement.Service, today ref.Date) error {
		return second(s.Conclude(ctx, v.candidate, v.id(), placement.Outcome{State: placement.Returned, On: today}))
	})
	return list
}

func proposeSame(ctx context.Context, v *venture) error {
	return second(v.services.placements.Propose(ctx, v.agency, v.id(), placement.Draft{Terms: v.placement().Frozen.Terms, Language: "fr"}))
}

// paper hands in one paper of the checklist.
func (v *venture) paper(ctx context.Context, key string) error {
	s, until := v.services.placements, ref.DateOf(v.now).AddDays(700)
	doc, err := s.AddDocument(ctx, v.agency, v.id(), placement.Upload{Item: key, Name: "p.pdf", Content: []byte("%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF\n")})
	if err != nil {
		return err
	}
	return second(s.MarkItem(ctx, v.agency, v.id(), placement.Mark{Key: key, Done: true, Document: doc.ID, Expires: until}))
}

// handInPapers hands in what is still lacking.
func handInPapers(ctx context.Context, v *venture) error {
	for _, key := range v.placement().Lacking(ref.DateOf(v.now)) {
		err := error(nil)
		if key == placement.ItemTraining {
			_, err = v.services.placements.MarkItem(ctx, v.candidate, v.id(), placement.Mark{Key: key, Done: true})
		} else {
			err = v.paper(ctx, key)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// whole tests that nothing is lost or doubled.
func (v *venture) whole(what string, d deed) {
	v.t.Helper()
	found, err := v.CheckConsistency(v.t.Context())
	if err != nil || len(found.Findings) > 0 {
		v.t.Errorf("%s: %v\n%s", what, err, strings.Join(found.Findings, "\n"))
	}
	p := v.placement()
	a, err := v.stores.applications.Get(v.t.Context(), v.file)
	if err != nil || p.State != d.state || a.State != d.led && a.State != d.or {
		v.t.Errorf("%s: the file is %s, the application %s; want %s, %s (%v)", what, p.State, a.State, d.state, d.led, err)
	}
	entries := map[string]int{}
	err = v.stores.audits.LoadLeaves(v.t.Context(), func(l audit.Leaf) error { entries[l.ID]++; return nil })
	for rev := int64(1); rev <= p.Rev; rev++ {
		if id := fmt.Sprintf("aud_%s_%d_", p.ID, rev); err != nil || entries[id+"0"] != 1 || entries[id+"1"] != 0 {
			v.t.Errorf("%s: revision %d has %d entries in the log (%v)", what, rev, entries[id+"0"]+entries[id+"1"], err)
		}
	}
	if card, ok := v.index.PlacementCard(p.ID); !ok || card.State != p.State || card.Rev != p.Rev {
		v.t.Errorf("%s: the index says %+v", what, card)
	}
}

// TestKL01EveryWriteOfAPlacementResumes kills the process after each single
// write of each deed, starts it again, lets the jobs repair, and has the person
// try again, before or after them: the same end as without the kill, nothing
// doubled, nothing lost.
func TestKL01EveryWriteOfAPlacementResumes(t *testing.T) {
	v, cuts := newVenture(t), 0
	for i, d := range deeds() {
		if !*everyKill && !slices.Contains([]string{"select", "withdraw", "cancel", "accept", "paper", "clear", "return"}, d.name) {
			continue
		}
		for at := 1; v.cutAt(i, d, at); at++ {
			cuts++
		}
	}
	v.reopen()
	if t.Logf("%d kills", cuts); cuts < 15 {
		t.Errorf("only %d places to die at", cuts)
	}
}

// walk begins a file and does everything up to a deed, which stays to be done.
func (v *venture) walk(to int) {
	v.t.Helper()
	v.another()
	for i, d := range deeds()[:to+1] {
		if d.branch && i < to {
			continue
		}
		if v.now = v.now.Add(d.after); i == to {
			return
		}
		if err := d.do(v); err != nil {
			v.t.Fatalf("%s: %v", d.name, err)
		}
	}
}

// cutAt does a deed on a new file and dies after a write; it says whether it
// came to that.
func (v *venture) cutAt(number int, d deed, at int) (cut bool) {
	v.t.Helper()
	what := fmt.Sprintf("%s, killed after write %d", d.name, at)
	v.walk(number)
	k := &killer{at: at, after: true}
	v.dieAt(k)
	err := d.do(v)
	if cut = k.n >= at; err != nil && !cut {
		v.t.Fatalf("%s: %v", d.name, err)
	}
	v.restart()
	again := func() {
		if err := d.do(v); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
			v.t.Errorf("%s, again: %v", what, err)
		}
	}
	if cut && at%2 == 0 {
		again()
	}
	v.repair()
	if cut {
		again()
		v.repair()
	}
	if v.whole(what, d); v.t.Failed() {
		v.t.FailNow()
	}
	return cut
}
