package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// SMSOptions say how SMS leave: through an HTTP gateway that takes
//
//	POST <URL>   Authorization: Bearer <Token>   Idempotency-Key: <id>
//	{"id": "msg_…", "from": "…", "to": "+223…", "text": "…"}
//
// and answers 2xx once it has the message. What a provider wants otherwise is
// put in between by a small adapter of the operator's.
type SMSOptions struct {
	URL   string // https, or http on this machine
	Token string
	From  string // sender's name or number
}

// SMS sends through the gateway.
type SMS struct {
	options SMSOptions
	client  *http.Client
}

// maxAnswer bounds what is read of a gateway's answer, in bytes.
const maxAnswer = 64 << 10

// NewSMS prepares the sender. It refuses an address that is not https, unless
// it is on this machine.
func NewSMS(o SMSOptions) (*SMS, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u.Hostname())) {
		return nil, fault.New(fault.Invalid, "message.gateway")
	}
	client := &http.Client{
		Timeout:       sendTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second, MaxIdleConns: 2, IdleConnTimeout: time.Minute},
	}
	return &SMS{options: o, client: client}, nil
}

// Send hands one message to the gateway. What it calls malformed (400, 404,
// 422) is Invalid; everything else is tried again.
func (s *SMS) Send(ctx context.Context, l Letter) error {
	if !account.IsE164(l.To) {
		return fault.New(fault.Invalid, "message.address")
	}
	body, err := json.Marshal(map[string]string{"id": string(l.ID), "from": s.options.From, "to": l.To, "text": l.Text})
	if err != nil {
		return fmt.Errorf("notify: sms: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.options.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("notify: sms: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", string(l.ID))
	if s.options.Token != "" {
		request.Header.Set("Authorization", "Bearer "+s.options.Token)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return fault.New(fault.Unavailable, "message.server").Because(err)
	}
	_, reading := io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	closing := answer.Body.Close()
	return s.judge(answer.StatusCode, firstError(reading, closing))
}

func (s *SMS) judge(status int, broken error) error {
	switch {
	case status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusUnprocessableEntity:
		return fault.New(fault.Invalid, "message.refused").Because(fmt.Errorf("the gateway answers %d", status))
	case status < 200 || status > 299:
		return fault.New(fault.Unavailable, "message.server").Because(fmt.Errorf("the gateway answers %d", status))
	case broken != nil:
		return fault.New(fault.Unavailable, "message.server").Because(broken)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
