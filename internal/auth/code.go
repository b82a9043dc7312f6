package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// linkSize is the size of the secret in a link: 128 bits.
const linkSize = 16

// Private is what a message carries and no store may show.
type Private struct {
	To     string `json:"to"`     // e-mail address or phone number
	Secret string `json:"secret"` // code, or the part of a link that proves it
}

// OpenNotice opens what was sealed for a message.
func (s *Service) OpenNotice(n message.Notice) (Private, error) {
	var p Private
	if len(n.Sealed) == 0 {
		return p, nil
	}
	plain, err := s.Keys.Decrypt(Field, noticePlace(n.Channel), n.Sealed)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("auth: sealed notice: %w", err)
	}
	return p, nil
}

func (s *Service) sealNotice(ctx context.Context, channel message.Channel, p Private) ([]byte, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("auth: seal notice: %w", err)
	}
	return s.Keys.Encrypt(ctx, Field, noticePlace(channel), plain)
}

func noticePlace(channel message.Channel) string { return "message/" + string(channel) }

// ask makes the request for a code and the notice that sends it: a link of 128
// bits by e-mail, six digits by SMS or to prove an address. Whether anybody has
// the address is not looked at here.
func (s *Service) ask(ctx context.Context, purpose account.CodePurpose, owner account.ID, to account.Identifier) (*account.Code, error) {
	c, err := s.makeCode(ctx, account.CodeID(s.NewID("cod_")), 1, purpose, owner, to)
	if err != nil {
		return nil, err
	}
	return c, s.Codes.Insert(ctx, c)
}

// makeCode draws a code, ties it to its request and seals the notice.
func (s *Service) makeCode(ctx context.Context, id account.CodeID, rev int64, purpose account.CodePurpose, owner account.ID, to account.Identifier) (*account.Code, error) {
	now := account.Moment(s.Now())
	c := &account.Code{ID: id, Rev: rev, Purpose: purpose, Account: owner, CreatedAt: now}
	secret, template, err := s.drawCode(c, to)
	if err != nil {
		return nil, err
	}
	if c.KID, c.MAC, err = s.Keys.MAC(ctx, Code, codeText(c.ID, secret)); err != nil {
		return nil, err
	}
	if c.Login, err = s.Keys.Encrypt(ctx, Field, codePlace(c.ID), []byte(to.Key())); err != nil {
		return nil, err
	}
	if template == "reset.link" {
		secret = string(c.ID) + "." + secret
	}
	n := message.Notice{
		Channel: channelOf(to), Recipient: string(owner), Template: template, At: now, ExpiresAt: c.ExpiresAt,
		Args: map[string]string{"minutes": fmt.Sprint(int(c.ExpiresAt.Sub(now) / time.Minute))},
	}
	if n.Sealed, err = s.sealNotice(ctx, n.Channel, Private{To: to.Value, Secret: secret}); err != nil {
		return nil, err
	}
	c.Outbox.Add(string(c.ID), c.Rev, n)
	return c, nil
}

// drawCode draws the secret of a code and sets until when it is good.
func (s *Service) drawCode(c *account.Code, to account.Identifier) (secret, template string, err error) {
	if c.Purpose == account.ResetCode && to.Kind == account.ByEmail {
		raw := make([]byte, linkSize)
		_, err = io.ReadFull(s.Random, raw)
		secret, template = base64.RawURLEncoding.EncodeToString(raw), "reset.link"
		c.ExpiresAt = c.CreatedAt.Add(account.LinkFor)
	} else {
		var n *big.Int
		if n, err = rand.Int(s.Random, big.NewInt(1_000_000)); err == nil {
			secret = fmt.Sprintf("%06d", n.Int64())
		}
		template = map[account.CodePurpose]string{
			account.ResetCode: "reset.code", account.LoginCode: "login.code", account.AcceptCode: "accept.code",
		}[c.Purpose]
		c.ExpiresAt = c.CreatedAt.Add(account.DigitsFor)
	}
	if err != nil {
		err = fmt.Errorf("auth: random source: %w", err)
	}
	return secret, template, err
}

func channelOf(to account.Identifier) message.Channel {
	if to.Kind == account.ByPhone {
		return message.SMS
	}
	return message.Email
}

// codeText is what the MAC of a code covers: the request it belongs to, so
// that it counts for no other.
func codeText(id account.CodeID, secret string) []byte { return []byte(string(id) + "\x00" + secret) }

func codePlace(id account.CodeID) string { return "code/" + string(id) + "/login" }

// weigh judges a code and counts a wrong one. It spends nothing: the code is
// still good when what follows breaks a rule.
func (s *Service) weigh(ctx context.Context, id account.CodeID, purpose account.CodePurpose, secret string) (*account.Code, error) {
	known, err := s.Codes.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, account.BadCode()
	}
	if err != nil {
		return nil, err
	}
	right := s.Keys.VerifyMAC(Code, known.KID, codeText(id, secret), known.MAC)
	var wrong *fault.Error
	c, err := s.Codes.Update(ctx, id, func(c *account.Code) (err error) {
		wrong, err = c.Try(purpose, right, s.Now())
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, account.BadCode()
	case err != nil:
		return nil, err
	case wrong != nil:
		return nil, wrong
	}
	return c, nil
}

// use spends a code; of several at once one wins.
func (s *Service) use(ctx context.Context, id account.CodeID) error {
	_, err := s.Codes.Update(ctx, id, func(c *account.Code) error { return c.Use(s.Now()) })
	if fault.Is(err, fault.NotFound) {
		return account.BadCode()
	}
	return err
}

// loginOf opens the identifier a code was sent to.
func (s *Service) loginOf(c *account.Code) (account.Identifier, error) {
	plain, err := s.Keys.Decrypt(Field, codePlace(c.ID), c.Login)
	if err != nil {
		return account.Identifier{}, err
	}
	kind, value, _ := strings.Cut(string(plain), ":")
	return account.Identifier{Kind: account.IdentifierKind(kind), Value: value}, nil
}

// paperID names the request of a code on paper by the code itself: 80 bits,
// hashed, so that the person types nothing else.
func paperID(code string) account.CodeID {
	sum := sha256.Sum256([]byte("in_person\x00" + typed(code)))
	return account.CodeID("cod_" + hex.EncodeToString(sum[:16]))
}
