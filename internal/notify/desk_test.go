package notify

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// post is a desk over a real store with one account and senders of the test's.
type post struct {
	*Desk
	t        *testing.T
	now      time.Time
	accounts *store.AccountStore
	messages *store.MessageStore
	cards    map[account.ID]account.Card
	letters  []Letter
	refuse   error  // what the sender answers
	hook     func() // called when a letter is sent
	logged   bytes.Buffer
}

func (p *post) AccountCard(id account.ID) (account.Card, bool) {
	c, ok := p.cards[id]
	return c, ok
}

func (p *post) AccountByLogin(login string) (account.Card, bool) {
	for _, c := range p.cards {
		if c.Email == login || c.Phone == login {
			return c, true
		}
	}
	return account.Card{}, false
}

func (p *post) Send(_ context.Context, l Letter) error {
	if p.hook != nil {
		p.hook()
	}
	if p.refuse == nil {
		p.letters = append(p.letters, l)
	}
	return p.refuse
}

// Notices and Clear are the outboxes of accounts.
func (p *post) Notices(ctx context.Context, id string) (message.Outbox, error) {
	a, err := p.accounts.Get(ctx, account.ID(id))
	if err != nil {
		return nil, err
	}
	return a.Outbox, nil
}

func (p *post) Clear(ctx context.Context, id string, carried []message.ID) error {
	_, err := p.accounts.Update(ctx, account.ID(id), func(a *account.Account) error {
		a.Outbox = a.Outbox.Without(carried)
		return nil
	})
	return err
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{Desk: NewDesk(), t: t, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), cards: map[account.ID]account.Card{}}
	db := storetest.Open(t)
	p.accounts = store.NewAccountStore(db, func(a *account.Account) {
		p.cards[a.ID] = a.Card()
		p.See("account", string(a.ID), a.Outbox)
	})
	p.messages = store.NewMessageStore(db, p.SeeMessage)
	err := p.Open(Deps{
		Store: p.messages, Outboxes: map[string]Outboxes{"account": p}, People: p, PublicURL: "https://passerelle.test/",
		Senders: map[message.Channel]Sender{message.Email: p, message.SMS: p}, Now: func() time.Time { return p.now },
		Log: slog.New(slog.NewTextHandler(&p.logged, nil)),
		Open: func(n message.Notice) (string, string, error) {
			to, secret, _ := strings.Cut(string(n.Sealed), "|")
			return to, secret, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &account.Account{ID: "acc_1", Rev: 1, Email: "awa@example.ml", State: account.Active, Locale: ref.French, Role: account.Candidate}
	if err := p.accounts.Insert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return p
}

// tell lets the account's next change cause a notice.
func (p *post) tell(n message.Notice) {
	p.t.Helper()
	_, err := p.accounts.Update(p.t.Context(), "acc_1", func(a *account.Account) error {
		a.Record(a.Actor(), p.now, "test", "")
		a.Outbox.Add(string(a.ID), a.Rev, n)
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) run() {
	p.t.Helper()
	if err := p.Run(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) read(id message.ID) *message.Message {
	p.t.Helper()
	m, err := p.messages.Get(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

func changed() message.Notice {
	return message.Notice{Channel: message.Email, Recipient: "acc_1", Template: "password.changed", Args: map[string]string{"at": "2026-11-21T09:00:00Z"}}
}

func TestRL16AMessageIsSentOnceItsCauseIsStored(t *testing.T) {
	p := newPost(t)
	rolledBack := errors.New("no")
	_, err := p.accounts.Update(t.Context(), "acc_1", func(a *account.Account) error {
		a.Outbox.Add(string(a.ID), 9, changed())
		return rolledBack
	})
	if !errors.Is(err, rolledBack) {
		t.Fatal(err)
	}
	p.run()
	if len(p.letters) != 0 {
		t.Fatalf("sent for what was rolled back: %+v", p.letters)
	}
	p.tell(changed())
	select {
	case <-p.Wake():
	default:
		t.Error("the job is not woken")
	}
	p.run()
	p.run()
	if len(p.letters) != 1 || p.letters[0].To != "awa@example.ml" || !strings.Contains(p.letters[0].Text, "21\u00a0novembre\u00a02026 à 09\u00a0h\u00a000 (heure du Mali)") {
		t.Fatalf("%+v", p.letters)
	}
	if m := p.read(p.letters[0].ID); m.State != message.Sent || m.Attempts != 1 {
		t.Errorf("%+v", m)
	}
}

// TestRL16CarryingTwiceSendsOnce: cut off after the message was made and
// before the outbox was emptied.
func TestRL16CarryingTwiceSendsOnce(t *testing.T) {
	p := newPost(t)
	p.tell(changed())
	box, err := p.Notices(t.Context(), "acc_1")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.messages.Insert(t.Context(), message.New(box[0], p.now)); err != nil {
		t.Fatal(err)
	}
	p.run()
	if box, err := p.Notices(t.Context(), "acc_1"); len(p.letters) != 1 || len(box) != 0 || err != nil {
		t.Errorf("%d letters, %d notices left, %v", len(p.letters), len(box), err)
	}
}

func TestFailuresAreTriedAgainAndGivenUp(t *testing.T) {
	p := newPost(t)
	p.refuse = fault.New(fault.Unavailable, "message.server").Because(errors.New("awa@example.ml is busy"))
	p.tell(changed())
	attempts := 0
	p.hook = func() { attempts++ }
	var waits []time.Duration
	for range 20 {
		p.run()
		m := p.read("msg_acc_1_2_0")
		if m.State != message.Queued {
			break
		}
		waits = append(waits, m.NextAt.Sub(p.now))
		p.now = m.NextAt
	}
	m := p.read("msg_acc_1_2_0")
	if m.State != message.Failed || attempts != message.MaxAttempts || m.Reason != "message.server" || waits[0] != 30*time.Second || waits[1] != time.Minute {
		t.Errorf("%d attempts, waits %v, %+v", attempts, waits, m)
	}
	if strings.Contains(p.logged.String(), "awa@") {
		t.Error("the log names the address")
	}
	p.refuse = fault.New(fault.Invalid, "message.refused")
	p.tell(changed())
	p.run()
	if m := p.read("msg_acc_1_3_0"); m.State != message.Failed || m.Attempts != 1 {
		t.Errorf("a refusal for good is tried again: %+v", m)
	}
}

func TestCodesGoOnlyToLoginsOfAccountsAndInTime(t *testing.T) {
	p := newPost(t)
	code := message.Notice{Channel: message.SMS, Template: "reset.code", Args: map[string]string{"minutes": "10"}, Sealed: []byte("+22376123456|492039"), ExpiresAt: p.now.Add(10 * time.Minute)}
	p.tell(code)
	p.run()
	if m := p.read("msg_acc_1_2_0"); len(p.letters) != 0 || m.State != message.Dropped || len(m.Sealed) != 0 {
		t.Errorf("sent to nobody's number: %+v", m)
	}
	card := p.cards["acc_1"]
	card.Phone = "+22376123456"
	p.cards["acc_1"] = card
	link := code
	link.Channel, link.Template, link.Sealed = message.Email, "reset.link", []byte("awa@example.ml|cod_1.abc")
	p.tell(link)
	p.run()
	if len(p.letters) != 1 || !strings.Contains(p.letters[0].Text, "https://passerelle.test/mot-de-passe/nouveau#cod_1.abc") ||
		!strings.Contains(p.letters[0].HTML, `<a href="https://passerelle.test/mot-de-passe/nouveau#cod_1.abc">`) {
		t.Fatalf("%+v", p.letters)
	}
	if m := p.read("msg_acc_1_3_0"); len(m.Sealed) != 0 {
		t.Error("the code is kept after it was sent")
	}
	p.tell(link)
	p.now = p.now.Add(10 * time.Minute)
	p.run()
	if m := p.read("msg_acc_1_4_0"); len(p.letters) != 1 || m.State != message.Failed || m.Reason != "message.expired" {
		t.Errorf("too late: %+v", m)
	}
	link.ExpiresAt = time.Time{}
	p.tell(link)
	if _, err := p.accounts.Update(t.Context(), "acc_1", func(a *account.Account) error { a.State = account.Disabled; return nil }); err != nil {
		t.Fatal(err)
	}
	p.run()
	if len(p.letters) != 1 {
		t.Error("a disabled account was sent a code")
	}
}

func TestFolderKeepsOneFilePerMessage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "messages")
	l := Letter{ID: "msg_../../x_1", Channel: message.Email, To: "a@b.ml\r\nBcc: x@y.z", Subject: "Sujet\nX: 1", Text: "Texte", At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	for range 2 {
		if err := (Folder{dir}).Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "20261121T090000.000Z-email-msg_------x_1.txt" {
		t.Fatalf("%v %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	if err != nil || strings.Contains(string(text), "\nBcc:") || strings.Contains(string(text), "\nX:") || !strings.HasSuffix(string(text), "\n\nTexte\n") {
		t.Errorf("%s %v", text, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
