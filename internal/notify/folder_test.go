package notify

import (
	"os"
	"testing"
	"time"
)

// TestLettersNobodyIsSentAreSwept keeps the letters of a day, and nothing that
// is no letter is touched. covers PR-06
func TestLettersNobodyIsSentAreSwept(t *testing.T) {
	f := Folder{Dir: t.TempDir()}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, age := range []time.Duration{0, 23 * time.Hour, 25 * time.Hour, 900 * time.Hour} {
		if err := f.Send(t.Context(), Letter{ID: "msg_1", Channel: "sms", To: "+22376123456", Text: "492039", At: at.Add(-age)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(f.Dir+"/README.txt", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := f.Sweep(at.Add(-24 * time.Hour)); err != nil || n != 2 {
		t.Errorf("%d letters swept, %v", n, err)
	}
	left, err := os.ReadDir(f.Dir)
	if err != nil || len(left) != 3 {
		t.Errorf("left: %v %v", left, err)
	}
	if n, err := (Folder{Dir: f.Dir + "/none"}).Sweep(at); err != nil || n != 0 {
		t.Errorf("a folder that is not there: %d %v", n, err)
	}
}
