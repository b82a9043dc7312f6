package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
	"passerelle/internal/index"
	"passerelle/internal/notify"
	"passerelle/internal/store"
)

// Mail says how e-mail leaves; without a host it lands in a folder of the data
// directory.
type Mail struct {
	Host, User, Password, From string
	Port                       int
}

// SMS says how SMS leave; without a URL they land in the same folder.
type SMS struct{ URL, Token, From string }

// messagesFolder is where letters land that nobody is set up to send.
const messagesFolder = "messages"

// codesKept is how long a code that has run out is kept, and messagesKept how
// long the record of a message: who was told what, without address or secret.
const (
	codesKept    = 24 * time.Hour
	messagesKept = 90 * 24 * time.Hour
	lettersKept  = 24 * time.Hour // in the folder of messages that nobody is set up to send
)

// correspondence is what leaves the system: the desk and what it works with.
type correspondence struct {
	desk     *notify.Desk
	messages *store.MessageStore
	codes    *store.CodeStore
}

// The nouns of documents whose outbox the desk empties.
const (
	accountNotices = "account"
	codeNotices    = "code"
	fileNotices    = "placement"
	caseNotices    = "incident"
)

func openCorrespondence(db *store.DB) correspondence {
	desk := notify.NewDesk()
	return correspondence{
		desk:     desk,
		messages: store.NewMessageStore(db, desk.SeeMessage),
		codes:    store.NewCodeStore(db, func(c *account.Code) { desk.See(codeNotices, string(c.ID), c.Outbox) }),
	}
}

// seeing tells both the index and the desk of an account as it was stored.
func (c correspondence) seeing(ix *index.Index) func(*account.Account) {
	return func(a *account.Account) {
		ix.PutAccount(a)
		c.desk.See(accountNotices, string(a.ID), a.Outbox)
	}
}

// seeingFiles tells both the index and the desk of a placement as it was
// stored.
func (c correspondence) seeingFiles(ix *index.Index) func(*placement.Placement) {
	return func(p *placement.Placement) {
		ix.PutPlacement(p)
		c.desk.See(fileNotices, string(p.ID), p.Outbox)
	}
}

// seeingCases tells both the index and the desk of an incident as it was
// stored.
func (c correspondence) seeingCases(ix *index.Index) func(*incident.Incident) {
	return func(i *incident.Incident) {
		ix.PutIncident(i)
		c.desk.See(caseNotices, string(i.ID), i.Outbox)
	}
}

// load tells the desk what is waiting from before.
func (c correspondence) load(ctx context.Context) error {
	if err := c.messages.LoadMessages(ctx, told(c.desk.SeeMessage)); err != nil {
		return err
	}
	return c.codes.LoadCodes(ctx, func(code *account.Code) error {
		c.desk.See(codeNotices, string(code.ID), code.Outbox)
		return nil
	})
}

// openDesk sets the desk to work, with the senders that are set up.
func (a *App) openDesk() error {
	senders, err := a.senders()
	if err != nil {
		return err
	}
	s := a.stores
	return s.out.desk.Open(notify.Deps{
		Store: s.out.messages, People: a.index, Senders: senders, PublicURL: a.publicURL(), Now: a.clock.Now, Log: a.options.Log,
		Outboxes: map[string]notify.Outboxes{
			accountNotices: notices[account.Account, account.ID]{s.accounts, func(a *account.Account) *message.Outbox { return &a.Outbox }},
			codeNotices:    notices[account.Code, account.CodeID]{s.out.codes, func(c *account.Code) *message.Outbox { return &c.Outbox }},
			caseNotices:    notices[incident.Incident, incident.ID]{s.incidents, func(i *incident.Incident) *message.Outbox { return &i.Outbox }},
			fileNotices:    notices[placement.Placement, placement.ID]{s.placements, func(p *placement.Placement) *message.Outbox { return &p.Outbox }},
		},
		Open: func(n message.Notice) (to, secret string, err error) {
			p, err := a.services.auth.OpenNotice(n)
			return p.To, p.Secret, err
		},
	})
}

// MessagesFolder is where letters and codes land while no mail server or SMS
// gateway is set up.
func (a *App) MessagesFolder() string { return a.folder().Dir }

// folder is where letters land that nobody is set up to send.
func (a *App) folder() notify.Folder {
	return notify.Folder{Dir: filepath.Join(a.options.DataDir, messagesFolder)}
}

func (a *App) senders() (map[message.Channel]notify.Sender, error) {
	folder := a.folder()
	senders := map[message.Channel]notify.Sender{message.Email: folder, message.SMS: folder}
	if m := a.options.Mail; m.Host != "" {
		sender, err := notify.NewSMTP(notify.SMTPOptions{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password, From: m.From})
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		senders[message.Email] = sender
	}
	if m := a.options.SMS; m.URL != "" {
		sender, err := notify.NewSMS(notify.SMSOptions{URL: m.URL, Token: m.Token, From: m.From})
		if err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
		senders[message.SMS] = sender
	}
	if !a.options.Demo && !a.options.Offline && (a.options.Mail.Host == "" || a.options.SMS.URL == "") {
		a.notices = append(a.notices, "E-mail or SMS is not set up: such messages are written to "+folder.Dir+" and reach nobody.")
	}
	return senders, nil
}

// outboxed is a store of documents with an outbox.
type outboxed[T any, I ~string] interface {
	Get(ctx context.Context, id I) (*T, error)
	Update(ctx context.Context, id I, change func(*T) error) (*T, error)
}

// notices reads and clears the outboxes of one kind of document.
type notices[T any, I ~string] struct {
	store  outboxed[T, I]
	outbox func(*T) *message.Outbox
}

// Notices reads a document's outbox.
func (n notices[T, I]) Notices(ctx context.Context, id string) (message.Outbox, error) {
	doc, err := n.store.Get(ctx, I(id))
	if err != nil {
		return nil, err
	}
	return *n.outbox(doc), nil
}

// Clear removes what was carried on.
func (n notices[T, I]) Clear(ctx context.Context, id string, carried []message.ID) error {
	_, err := n.store.Update(ctx, I(id), func(doc *T) error {
		box := n.outbox(doc)
		*box = box.Without(carried)
		return nil
	})
	return err
}

// sweepCorrespondence deletes codes and messages whose time is over.
func (a *App) sweepCorrespondence(ctx context.Context) error {
	now := a.clock.Now()
	if _, err := a.stores.out.codes.DeleteExpired(ctx, now.Add(-codesKept)); err != nil {
		return err
	}
	if _, err := a.folder().Sweep(now.Add(-lettersKept)); err != nil {
		return err
	}
	_, err := a.stores.out.messages.DeleteDone(ctx, now.Add(-messagesKept))
	return err
}
