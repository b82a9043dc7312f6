package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"github.com/wneessen/go-mail"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// SMTPOptions say how mail leaves.
type SMTPOptions struct {
	Host     string // name or address of the mail server
	Port     int
	User     string // empty = no authentication
	Password string
	From     string      // sender's address, "Name <address>" or bare
	TLS      *tls.Config // nil = the system's roots
}

// SMTP sends e-mail. The connection is encrypted, by STARTTLS or, on port
// 465, from its beginning, unless the server is this machine.
type SMTP struct {
	client *mail.Client
	from   string
	host   string
}

// implicitTLS is the port on which TLS begins with the connection.
const implicitTLS = 465

// NewSMTP prepares the sender; nothing is connected yet.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	policy := mail.TLSMandatory
	if local(o.Host) {
		policy = mail.TLSOpportunistic
	}
	opts := []mail.Option{mail.WithPort(o.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(sendTime)}
	if o.Port == implicitTLS {
		opts = append(opts, mail.WithSSL())
	}
	if o.TLS != nil {
		opts = append(opts, mail.WithTLSConfig(o.TLS))
	}
	if o.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.User), mail.WithPassword(o.Password))
	}
	client, err := mail.NewClient(o.Host, opts...)
	if err != nil {
		return nil, fmt.Errorf("notify: mail: %w", err)
	}
	s := &SMTP{client: client, from: o.From, host: "passerelle"}
	if _, domain, ok := strings.Cut(strings.Trim(o.From, "<> "), "@"); ok {
		s.host = strings.Trim(domain, "<> ")
	}
	return s, mail.NewMsg().From(o.From)
}

// Send sends one letter. An address that is none, and one the server refuses
// for good, is Invalid.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m, err := s.compose(l)
	if err != nil {
		return err
	}
	err = s.client.DialAndSendWithContext(ctx, m)
	var refused *mail.SendError
	if errors.As(err, &refused) && !refused.IsTemp() && refused.Reason == mail.ErrSMTPRcptTo {
		return fault.New(fault.Invalid, "message.refused").Because(err)
	}
	if err != nil {
		return fault.New(fault.Unavailable, "message.server").Because(err)
	}
	return nil
}

// compose makes the mail. The address goes through the parser of accounts, so
// that it cannot be a list or hold a line end; the library encodes the rest.
func (s *SMTP) compose(l Letter) (*mail.Msg, error) {
	to, err := account.ParseEmail(l.To)
	if err != nil || strings.ContainsAny(l.Subject, "\r\n") {
		return nil, fault.New(fault.Invalid, "message.address")
	}
	m := mail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(to)); err != nil {
		return nil, fault.New(fault.Invalid, "message.address").Because(err)
	}
	m.SetMessageIDWithValue(string(l.ID) + "@" + s.host)
	m.SetDateWithValue(l.At)
	m.Subject(l.Subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	return m, nil
}

// local reports whether the host is this machine.
func local(host string) bool {
	host, _, found := strings.Cut(host, "%")
	ip, err := netip.ParseAddr(host)
	return !found && (strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback() || net.ParseIP(host).IsLoopback())
}
