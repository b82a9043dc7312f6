package auth

import (
	"testing"
	"time"
)

// TestRL06ASteppedClock steps the clock back and forward by hours: sessions go
// on with a new access token, and nothing that was ended comes back to life.
func TestRL06ASteppedClock(t *testing.T) {
	for _, step := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
		w := newWorld(t)
		w.join(t, "awa@example.ml")
		kept, ended := w.login(t, "awa@example.ml", goodPass), w.login(t, "awa@example.ml", goodPass)
		used := kept.RefreshToken
		w.pass(step)
		next, err := w.Refresh(t.Context(), kept.RefreshToken, Client{})
		if err != nil {
			t.Fatalf("a step of %s ends the session: %v", step, err)
		}
		w.mustActor(t, next)
		late, err := w.Refresh(t.Context(), ended.RefreshToken, Client{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Logout(t.Context(), w.mustActor(t, late)); err != nil {
			t.Fatal(err)
		}
		w.pass(-step)
		for name, token := range map[string]string{"before": ended.AccessToken, "after": late.AccessToken} {
			if _, err := w.Authenticate(t.Context(), token); err == nil {
				t.Errorf("step %s: the access token of an ended session from %s the step is taken", step, name)
			}
		}
		for name, token := range map[string]string{"ended": late.RefreshToken, "ended and used": ended.RefreshToken} {
			if _, err := w.Refresh(t.Context(), token, Client{}); err == nil {
				t.Errorf("step %s: a refresh token that was %s is taken", step, name)
			}
		}
		w.pass(time.Minute) // beyond what passes for a race
		if _, err := w.Refresh(t.Context(), used, Client{}); err == nil {
			t.Errorf("step %s: a used refresh token is taken", step)
		}
	}
}
