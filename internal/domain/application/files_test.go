package application_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
)

// files keeps placements as their room would, as far as selections go.
type files struct {
	mu       sync.Mutex
	standing map[string]application.Standing
	departed bool  // whoever is selected has left
	broken   error // given by Open
	log      []string
}

func fileKey(id application.ID, round int) string { return fmt.Sprintf("%s/%d", id, round) }

func (f *files) Standing(id application.ID, round int) application.Standing {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.standing[fileKey(id, round)]
}

func (f *files) Open(_ context.Context, id application.ID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken != nil {
		return f.broken
	}
	f.standing[fileKey(id, 1)] = application.FileOpen
	f.log = append(f.log, "open")
	return nil
}

func (f *files) Cancel(_ context.Context, _ account.Actor, id application.ID, round int, reason string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.departed {
		return fault.New(fault.Conflict, "placement.departed")
	}
	f.standing[fileKey(id, round)] = application.FileCancelled
	f.log = append(f.log, "cancel "+reason)
	return nil
}

// TestASelectionLeadsToAFile that is cancelled before the person leaves it by
// any of the three ways, and keeps the person once abroad.
func TestASelectionLeadsToAFile(t *testing.T) {
	for name, end := range map[string]func(*world, application.ID) error{
		"withdraw": func(w *world, id application.ID) error { _, err := w.Withdraw(t.Context(), binta, id, ""); return err },
		"refuse": func(w *world, id application.ID) error {
			_, err := w.Refuse(t.Context(), recruiter, id, "other")
			return err
		},
		"wait": func(w *world, id application.ID) error { _, err := w.Wait(t.Context(), recruiter, id, 1); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.putOffer(t, "off_1", 1)
			id := w.applied(t, "off_1", binta, application.Submitted)
			if _, err := w.Select(t.Context(), recruiter, id); err != nil {
				t.Fatal(err)
			}
			w.files.departed = true
			wantCode(t, end(w, id), fault.Conflict, "placement.departed")
			if held, _ := w.taken(t, "off_1"); w.state(t, id) != application.Selected || len(held) != 1 {
				t.Fatal("somebody abroad has lost the selection")
			}
			w.files.departed = false
			if err := end(w, id); err != nil {
				t.Fatal(err)
			}
			if want := []string{"open", "cancel " + name}; !slices.Equal(w.files.log, want) {
				t.Errorf("%v, want %v", w.files.log, want)
			}
			if held, _ := w.taken(t, "off_1"); len(held) != 0 {
				t.Errorf("places held: %v", held)
			}
		})
	}
}

// TestReleaseClosesWhatWasCancelled once, and nothing else.
func TestReleaseClosesWhatWasCancelled(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 1)
	id := w.applied(t, "off_1", binta, application.Selected)
	release := func() {
		t.Helper()
		if err := w.Release(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	w.files.standing[fileKey(id, 1)] = application.FileOpen
	if release(); w.state(t, id) != application.Selected {
		t.Fatal("released with an open file")
	}
	w.files.standing[fileKey(id, 1)] = application.FileCancelled
	release()
	release()
	a, err := w.store.Get(t.Context(), id)
	if err != nil || a.State != application.Closed || a.Reason != application.ReasonPlacementCancelled || a.Rev != 2 {
		t.Errorf("%+v %v", a, err)
	}
	if held, _ := w.taken(t, "off_1"); len(held) != 0 {
		t.Errorf("places held: %v", held)
	}
	wantCode(t, w.Release(t.Context(), "app_none"), fault.NotFound, "application.not_found")
}

// TestRepairFilesOpensAndReleases what a crash has left undone.
func TestRepairFilesOpensAndReleases(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 5)
	w.files.broken = errors.New("no store")
	missing := w.applied(t, "off_1", binta, application.Submitted)
	if _, err := w.Select(t.Context(), recruiter, missing); err != nil {
		t.Fatal("a failure to open the file fails the selection:", err)
	}
	cancelled := w.applied(t, "off_1", w.candidate(1), application.Selected)
	w.files.standing[fileKey(cancelled, 1)] = application.FileCancelled
	if n, err := w.RepairFiles(t.Context()); n != 1 || err == nil {
		t.Errorf("repaired %d, %v; want one and the failure of the other", n, err)
	}
	w.files.broken = nil
	for _, want := range []int{1, 0} {
		if n, err := w.RepairFiles(t.Context()); n != want || err != nil {
			t.Errorf("repaired %d, %v; want %d", n, err, want)
		}
	}
	if w.files.Standing(missing, 1) != application.FileOpen || w.state(t, cancelled) != application.Closed {
		t.Error("not repaired")
	}
}
