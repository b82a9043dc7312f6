package message_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/message"
)

func TestIDsComeFromTheCause(t *testing.T) {
	var box message.Outbox
	for _, rev := range []int64{1, 1, 2, 12, 1} {
		box.Add("acc_1", rev, message.Notice{})
	}
	want := []message.ID{"msg_acc_1_1_0", "msg_acc_1_1_1", "msg_acc_1_2_0", "msg_acc_1_12_0", "msg_acc_1_1_2"}
	for i, n := range box {
		if n.ID != want[i] {
			t.Errorf("%d: %s, want %s", i, n.ID, want[i])
		}
	}
	if left := box.Without(want[1:4]); len(left) != 2 || left[0].ID != want[0] || left[1].ID != want[4] {
		t.Errorf("%v", left)
	}
}

// TestAMessageEnds: whatever is tried, it ends within MaxAttempts, its waits
// never shrink, and nothing sealed is left.
func TestAMessageEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
		m := message.New(message.Notice{ID: "msg_1", Sealed: []byte{1}}, now)
		sendsAt, wait := rapid.IntRange(0, 12).Draw(t, "sendsAt"), time.Duration(0)
		for attempt := 0; m.State == message.Queued; attempt++ {
			if !m.Due(now) || attempt > message.MaxAttempts {
				t.Fatalf("attempt %d of %+v", attempt, m)
			}
			if rev := m.Rev; attempt == sendsAt {
				m.Done(message.Sent, "", now)
			} else if m.Try("message.server", now); m.Rev != rev+1 {
				t.Fatalf("revision %d after %d", m.Rev, rev)
			}
			if m.State != message.Queued {
				break
			}
			if m.Due(now) || m.NextAt.Sub(now) < wait {
				t.Fatalf("waits %v after %v", m.NextAt.Sub(now), wait)
			}
			wait, now = m.NextAt.Sub(now), m.NextAt
		}
		if want := map[bool]message.State{true: message.Sent, false: message.Failed}[sendsAt < message.MaxAttempts]; m.State != want || m.Sealed != nil {
			t.Fatalf("%+v, want %s", m, want)
		}
	})
}
