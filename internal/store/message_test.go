package store_test

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

func fullNotice(id message.ID) message.Notice {
	return message.Notice{
		ID: id, Channel: message.SMS, Recipient: "acc_01", Template: "password.changed", Args: map[string]string{"at": "2026", "by": "x"},
		Sealed: []byte{1, 0}, At: peopleDay, ExpiresAt: peopleDay.Add(time.Hour),
	}
}

// fullMessage has every member set.
func fullMessage() *message.Message {
	return &message.Message{Notice: fullNotice("msg_01"), Rev: 4, State: message.Queued, Attempts: 2, Reason: "message.refused", NextAt: peopleDay, UpdatedAt: peopleDay}
}

// fullCode has every member set.
func fullCode() *account.Code {
	return &account.Code{
		ID: "cod_01", Rev: 4, Purpose: account.ResetCode, Account: "acc_01", Login: []byte{5}, KID: "code-1", MAC: []byte{6, 7}, Tries: 2,
		CreatedAt: peopleDay, ExpiresAt: peopleDay.Add(time.Hour), UsedAt: peopleDay, Outbox: message.Outbox{fullNotice("msg_cod_01_1_0")},
	}
}

func TestMessageStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[message.Message]{}
		s := store.NewMessageStore(db, heard.watch)
		var _ message.Store = s
		keepsContract(t, s, heard, contractOf[message.Message, message.ID]{noun: "store", id: "msg_01", full: fullMessage,
			empty: func() *message.Message { return &message.Message{Notice: message.Notice{ID: "msg_01"}, Rev: 1} },
			rev:   func(m *message.Message) *int64 { return &m.Rev }, load: s.LoadMessages})
		must[int](t)(s.DeleteDone(t.Context(), peopleDay)) // what the contract left
		if err := s.Insert(t.Context(), fullMessage()); err != nil {
			t.Fatal(err)
		}
		if n, err := s.DeleteDone(t.Context(), peopleDay.Add(time.Second)); err != nil || n != 0 {
			t.Errorf("queued messages were deleted: %d %v", n, err)
		}
		if _, err := s.Update(t.Context(), "msg_01", func(m *message.Message) error { m.Done(message.Sent, "", peopleDay); return nil }); err != nil {
			t.Fatal(err)
		}
		if n, err := s.DeleteDone(t.Context(), peopleDay.Add(time.Second)); err != nil || n != 1 {
			t.Errorf("deleted %d %v", n, err)
		}
	})
}

func TestCodeStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[account.Code]{}
		s := store.NewCodeStore(db, heard.watch)
		keepsContract(t, s, heard, contractOf[account.Code, account.CodeID]{noun: "store", id: "cod_01", full: fullCode,
			empty: func() *account.Code { return &account.Code{ID: "cod_01", Rev: 1} },
			rev:   func(c *account.Code) *int64 { return &c.Rev }, load: s.LoadCodes})
		must[int](t)(s.DeleteExpired(t.Context(), peopleDay)) // what the contract left
		if err := s.Insert(t.Context(), fullCode()); err != nil {
			t.Fatal(err)
		}
		if n, err := s.DeleteExpired(t.Context(), peopleDay.Add(time.Hour)); err != nil || n != 0 {
			t.Errorf("deleted %d %v", n, err)
		}
		if n, err := s.DeleteExpired(t.Context(), peopleDay.Add(2*time.Hour)); err != nil || n != 1 {
			t.Errorf("deleted %d %v", n, err)
		}
	})
}

// TestChangeLogin: the new identifier is claimed, the old one free again, and
// of two accounts that want the same one only one gets it.
func TestChangeLogin(t *testing.T) {
	at := peopleDay
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		s := store.NewAccountStore(db, nil)
		for _, id := range []account.ID{"acc_1", "acc_2"} {
			if err := s.Insert(t.Context(), &account.Account{ID: id, Rev: 1, Email: string(id) + "@example.ml"}); err != nil {
				t.Fatal(err)
			}
		}
		email := func(v string) account.Identifier { return account.Identifier{Kind: account.ByEmail, Value: v} }
		move := func(id account.ID, to string) error {
			_, err := s.ChangeLogin(t.Context(), id, email(to), func(a *account.Account) error { a.Email = to; return nil })
			return err
		}
		if err := move("acc_1", "new@example.ml"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, move("acc_2", "new@example.ml"), fault.Conflict, "account.taken")
		if a := must[*account.Account](t)(s.ByLogin(t.Context(), email("new@example.ml"))); a.ID != "acc_1" {
			t.Errorf("it belongs to %s", a.ID)
		}
		_, err := s.ByLogin(t.Context(), email("acc_1@example.ml"))
		wantFault(t, err, fault.NotFound, "store.not_found")
		if err := move("acc_2", "acc_1@example.ml"); err != nil {
			t.Errorf("the old one is not free: %v", err)
		}
		// A change that was cut short after its claim: nobody signs in with it,
		// its owner can finish, and later anybody can have it.
		if err := db.Claims().Claim(t.Context(), "email:cut@example.ml", "acc_1"); err != nil {
			t.Fatal(err)
		}
		_, err = s.ByLogin(t.Context(), email("cut@example.ml"))
		wantFault(t, err, fault.NotFound, "store.not_found")
		wantFault(t, move("acc_2", "cut@example.ml"), fault.Conflict, "account.taken")
		at = at.Add(2 * time.Minute)
		if err := move("acc_2", "cut@example.ml"); err != nil {
			t.Error(err)
		}
	}, storetest.Clock(func() time.Time { return at }))
}
