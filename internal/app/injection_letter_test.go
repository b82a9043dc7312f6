package app

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/notify/mailtest"
)

// letterTo waits for the mail to somebody whose subject begins like that, and
// takes it out. Letters leave in the background, as the jobs come round.
func (s *stage) letterTo(to, subject string, post *mailtest.Server) received {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		for _, job := range []string{"carry-suspensions", "send-messages"} {
			if err := s.RunJob(s.t.Context(), job); err != nil && !fault.Is(err, fault.Conflict) {
				s.t.Fatal(err)
			}
		}
		mail, ok := post.TakeOut(func(mail string) bool {
			m := takenApart(s.t, mail)
			return strings.Contains(m.head.Get("To"), to) && strings.HasPrefix(m.subject, subject)
		})
		if ok {
			return takenApart(s.t, mail)
		}
	}
	s.t.Fatalf("no mail %q to %s", subject, to)
	return received{}
}

// received is a mail as the reader's program takes it apart.
type received struct {
	head                mail.Header
	subject, text, page string
}

func takenApart(t testing.TB, raw string) received {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r := received{head: m.Header}
	if r.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		body := io.Reader(part)
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(part)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			r.page = string(content)
		} else {
			r.text = strings.ReplaceAll(string(content), "\r\n", "\n")
		}
	}
}

// What people type in the test: each text means something to a page, to a
// template, to a spreadsheet and to a mail server.
const (
	typedName     = `=1+1 Zédé <b>gras</b><script>x()</script> {{.Link}} {{template "sign" .}} "&amp;' %0d%0aBcc: x`
	typedEmployer = `@Zorro <img src=x onerror=x()>{{.Args.act}} Subject: y`
	typedAct      = `-2+3 <b>Zact</b> {{.Code}} %0aTo: z`
	brokenLine    = "Zède\r\nBcc: x@example.ml\r\n\r\n<b>x"
)

// is checks that a mail says the texts as they were typed, in its subject where
// it quotes a name there, in its text and in its page, and is nothing else.
func (r received) is(t *testing.T, what, name, act string) {
	t.Helper()
	for key := range r.head {
		if !slices.Contains([]string{"Date", "Mime-Version", "Message-Id", "Subject", "From", "To", "Content-Type", "User-Agent", "X-Mailer", "Auto-Submitted"}, key) {
			t.Errorf("%s: a header %s", what, key)
		}
	}
	if len(r.head["To"]) != 1 || len(r.head["Subject"]) != 1 || !strings.HasSuffix(r.subject, name) {
		t.Errorf("%s: the subject is %q, to %v", what, r.subject, r.head["To"])
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(r.page))
	if err != nil {
		t.Fatal(err)
	}
	if page.Find("b, script, img").Length() > 0 || page.Find("body > *").Length() != page.Find("body > p").Length() {
		t.Errorf("%s: what was typed became part of the page:\n%s", what, r.page)
	}
	for where, text := range map[string]string{"text": r.text, "page": page.Find("body").Text()} {
		if !strings.Contains(text, name) || !strings.Contains(text, act) {
			t.Errorf("%s: the %s does not say %q and %q:\n%s", what, where, name, act, text)
		}
	}
}

// TestTypedTextsInLetters has an agency, an employer and an act with names that
// mean something to programs, lets every kind of letter that quotes them go
// through the outbox to a mail server, and opens what arrives there.
//
// covers IN-05, IN-06, IN-07
func TestTypedTextsInLetters(t *testing.T) {
	post, dir := mailtest.Open(t), t.TempDir()
	if err := copyDir(seededDir(t), dir); err != nil {
		t.Fatal(err)
	}
	options := demoOptions(dir)
	host, port := post.At()
	options.Mail = Mail{Host: host, Port: port, From: "Passerelle <service@passerelle.test>"}
	s := newStage(t, openHouseWith(t, options))
	agency, employer, file := s.quoted()
	country, _ := s.terms["country"].(string)
	scope := object{"kind": s.terms["kind"], "occupation": s.terms["occupation"]}
	for _, way := range []struct {
		what, path, closed, opened, name, close string
		body                                    object
		officials                               []string
	}{
		{"agency", "/agencies/" + agency, "Agence suspendue", "Agence de nouveau active", typedName, "suspensions", object{"reason": "complaints"}, []string{"official"}},
		{"employer", "/employers/" + employer, "Employeur exclu", "Employeur de nouveau accepté", typedEmployer, "bars", object{"reason": "unpaid_wages"}, []string{"official", "official2"}},
		{"corridor", "/corridors/ML-" + country, "Départs suspendus", "Départs rouverts", ref.Country(country).Name(ref.French), "suspensions", scope, []string{"official"}},
	} {
		for _, state := range []placement.State{placement.Opened, placement.InPost} {
			s.moved(file, func(p *placement.Placement) { p.State, p.Holds = state, nil })
			act := fmt.Sprintf("%s %d", typedAct, s.next())
			for _, who := range way.officials {
				s.decree(who, way.path+"/"+way.close, act, way.body)
			}
			m := s.letterTo("candidate@demo.test", way.closed, post)
			m.is(t, way.what+" closed, "+string(state), way.name, act)
			if abroad := strings.Contains(m.text, "ambassade"); abroad != (state == placement.InPost) {
				t.Errorf("%s, %s: the words for somebody abroad: %t", way.what, state, abroad)
			}
			act = fmt.Sprintf("%s %d", typedAct, s.next())
			officials := []string{"official2"}
			if way.what == "employer" {
				officials = []string{"official", "official2"}
			}
			opening := object{}
			if way.what == "corridor" {
				opening = scope
			}
			for _, who := range officials {
				s.decree(who, way.path+"/reopenings", act, opening)
			}
			if way.what == "employer" { // may employ again once accredited anew
				s.by("official3").must(http.StatusOK, "POST", way.path+"/accreditations", nil)
			}
			s.letterTo("candidate@demo.test", way.opened, post).is(t, way.what+" open again", way.name, act)
		}
	}
	for _, to := range post.Recipients() {
		if !strings.Contains(to, "@") || strings.Contains(to, "x@example.ml") {
			t.Errorf("a mail went %s", to)
		}
	}
}

// quoted makes an agency and an employer with such names, and a file of the
// candidate with them. A name with a line of its own is taken by neither.
func (s *stage) quoted() (agency, employer, file string) {
	s.t.Helper()
	member, _, _ := s.newcomer("agency")
	facts := object{"country": "ML", "kind": "private", "licence": fmt.Sprintf("E-%d", s.next()), "licenceUntil": "2099-12-31", "name": brokenLine}
	member.must(http.StatusUnprocessableEntity, "POST", "/agencies", facts)
	facts["name"] = typedName
	agency = member.must(http.StatusCreated, "POST", "/agencies", facts).member("id")
	s.by("official").must(http.StatusOK, "POST", "/agencies/"+agency+"/vettings", nil)
	s.by("official2").must(http.StatusOK, "POST", "/agencies/"+agency+"/activations", nil)
	of := object{"name": brokenLine, "country": s.terms["country"]}
	member.must(http.StatusUnprocessableEntity, "POST", "/employers", of)
	of["name"] = typedEmployer
	employer = member.must(http.StatusCreated, "POST", "/employers", of).member("id")
	s.by("official").must(http.StatusOK, "POST", "/employers/"+employer+"/accreditations", nil)
	offer := s.announceBy(member, s.offer(object{"employer": employer, "employerName": typedEmployer}))
	application := s.by("candidate").must(http.StatusCreated, "POST", "/offers/"+offer+"/applications", nil).member("id")
	member.must(http.StatusOK, "POST", "/applications/"+application+"/selections", nil)
	return agency, employer, string(placement.MakeID(application, 1))
}

// decree has an official close or open something under an act; a number with a
// line of its own is refused.
func (s *stage) decree(who, path, act string, with object) {
	s.t.Helper()
	body := object{"act": brokenLine, "evidence": "Journal officiel"}
	for name, value := range with {
		body[name] = value
	}
	s.by(who).must(http.StatusUnprocessableEntity, "POST", path, body)
	body["act"] = act
	s.by(who).must(http.StatusOK, "POST", path, body)
}
