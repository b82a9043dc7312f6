package notify

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/notify/mailtest"
)

// senderTo gives a sender to the mail server of a test.
func senderTo(t *testing.T, s *mailtest.Server) *SMTP {
	t.Helper()
	host, port := s.At()
	sender, err := NewSMTP(SMTPOptions{Host: host, Port: port, From: "Passerelle <service@passerelle.test>"})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func mailLetter() Letter {
	return Letter{ID: "msg_acc_1_2_0", Channel: message.Email, To: "awa@example.ml", Subject: "Votre mot de passe a été modifié", Text: "Bonjour,\n\nété", HTML: "<p>été</p>", At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
}

func TestSMTP(t *testing.T) {
	server := mailtest.Open(t)
	sender := senderTo(t, server)
	if err := sender.Send(t.Context(), mailLetter()); err != nil {
		t.Fatal(err)
	}
	mail := strings.Join(server.Mails(), "")
	for _, want := range []string{"Message-ID: <msg_acc_1_2_0@passerelle.test>", "To: <awa@example.ml>", "=?UTF-8?q?Votre_mot_de_passe", "text/plain", "text/html", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(mail, want) {
			t.Errorf("%q is missing in\n%s", want, mail)
		}
	}
	server.Answer("550 no such user")
	if err := sender.Send(t.Context(), mailLetter()); !fault.Is(err, fault.Invalid) {
		t.Errorf("refused for good: %v", err)
	}
	server.Answer("451 later")
	if err := sender.Send(t.Context(), mailLetter()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("refused for now: %v", err)
	}
	server.Close()
	if err := sender.Send(t.Context(), mailLetter()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestIN07NoHeaderCanBeForged(t *testing.T) {
	server := mailtest.Open(t)
	sender := senderTo(t, server)
	for name, forge := range map[string]func(*Letter){
		"line end in the address": func(l *Letter) { l.To = "a@b.ml\r\nBcc: x@y.z" }, "list": func(l *Letter) { l.To = "a@b.ml, c@d.ml" },
		"named": func(l *Letter) { l.To = "A <a@b.ml>" }, "subject": func(l *Letter) { l.Subject = "x\r\nBcc: x@y.z" }, "none": func(l *Letter) { l.To = "" },
	} {
		l := mailLetter()
		forge(&l)
		if err := sender.Send(t.Context(), l); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent := server.Mails(); len(sent) != 0 {
		t.Errorf("%d were sent", len(sent))
	}
}

// TestMailIsEncryptedBeyondThisMachine: a server without TLS is refused.
//
// covers WB-05
func TestMailIsEncryptedBeyondThisMachine(t *testing.T) {
	for host, want := range map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "LOCALHOST": true, "mail.example.ml": false, "10.0.0.1": false, "127.0.0.1.example": false} {
		if local(host) != want {
			t.Errorf("%s: want %v", host, want)
		}
	}
	if _, err := NewSMTP(SMTPOptions{Host: "mail.example.ml", Port: 587, From: "not an address"}); err == nil {
		t.Error("a sender that is no address was taken")
	}
	sender, err := NewSMTP(SMTPOptions{Host: "mail.example.ml", Port: 587, From: "a@b.ml"})
	if err != nil || sender.client.TLSPolicy() != "TLSMandatory" {
		t.Errorf("%v %v", sender, err)
	}
}

func TestSMSGateway(t *testing.T) {
	status, calls := 202, []map[string]string{}
	var header http.Header
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		calls, header = append(calls, body), r.Header
		w.WriteHeader(status)
	}))
	t.Cleanup(gateway.Close)
	sender, err := NewSMS(SMSOptions{URL: gateway.URL, Token: "t0ken", From: "Passerelle"})
	if err != nil {
		t.Fatal(err)
	}
	letter := Letter{ID: "msg_1", Channel: message.SMS, To: "+22376123456", Text: "Passerelle : code"}
	if err := sender.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	if got := calls[0]; got["to"] != letter.To || got["text"] != letter.Text || got["id"] != "msg_1" || got["from"] != "Passerelle" ||
		header.Get("Authorization") != "Bearer t0ken" || header.Get("Idempotency-Key") != "msg_1" {
		t.Errorf("%v %v", got, header)
	}
	for s, kind := range map[int]fault.Kind{400: fault.Invalid, 422: fault.Invalid, 401: fault.Unavailable, 429: fault.Unavailable, 500: fault.Unavailable, 302: fault.Unavailable} {
		status = s
		if err := sender.Send(t.Context(), letter); !fault.Is(err, kind) {
			t.Errorf("%d: %v", s, err)
		}
	}
	letter.To = "76123456\r\n"
	if err := sender.Send(t.Context(), letter); !fault.Is(err, fault.Invalid) {
		t.Errorf("no number: %v", err)
	}
	for _, bad := range []string{"", "http://sms.example.ml", "ftp://127.0.0.1", "https://"} {
		if _, err := NewSMS(SMSOptions{URL: bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
