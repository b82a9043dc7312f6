package notify

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// templates lists the messages and how they travel.
func templates() map[string][]message.Channel {
	both := []message.Channel{message.Email, message.SMS}
	return map[string][]message.Channel{
		"reset.link": {message.Email}, "reset.code": {message.SMS}, "login.code": both, "password.changed": both, "login.changed": both,
		"login.device": both, "me.export": both, "retention.warning": both,
		"mfa.enabled": both, "mfa.removed": both, "mfa.recovery": both, "reset.in_person": both, "accept.code": both,
		"suspension.corridor": both, "suspension.corridor.abroad": both, "suspension.agency": both, "suspension.agency.abroad": both,
		"suspension.employer": both, "suspension.employer.abroad": both,
		"placement.opened": both, "placement.contract": both, "placement.refused": both, "placement.cleared": both, "placement.revoked": both,
		"placement.cancelled": both, "placement.check_in": both, "placement.overdue": both, "placement.overdue.agency": both,
		"offer.changed":      both,
		"agency.key.created": both, "agency.key.rotated": both, "agency.key.revoked": both,
		"incident.answered": both, "incident.safety": both,
		"reopening.corridor": both, "reopening.agency": both, "reopening.employer": both,
	}
}

// TestEveryMessageHasItsWords in every language, and every SMS fits into one.
func TestEveryMessageHasItsWords(t *testing.T) {
	texts, err := readTexts("https://passerelle.gouv.ml")
	if err != nil {
		t.Fatal(err)
	}
	for _, loc := range ref.Locales() {
		known := 0
		for template, channels := range templates() {
			for _, channel := range channels {
				m := message.Message{Notice: message.Notice{ID: "msg_1", Channel: channel, Template: template,
					Args: map[string]string{"minutes": "60", "at": "2026-11-21T09:00:00Z", "left": "10", "key": "pas_0123456789", "reference": "PLA-2026-7K3Q9D", "nameFr": "l", "nameEn": "l", "act": "a",
						"shortFr": strings.Repeat("n", 30), "shortEn": strings.Repeat("n", 30), "shortAct": strings.Repeat("a", 26)}}}
				l, err := texts.letter(&m, loc, "x", "492039")
				if err != nil {
					t.Errorf("%s %s %s: %v", loc, template, channel, err)
					continue
				}
				if l.Text == "" || strings.Contains(l.Text, "<no value>") || channel == message.Email && (l.Subject == "" || strings.ContainsAny(l.Subject, "\r\n")) {
					t.Errorf("%s %s: %+v", loc, template, l)
				}
				known += map[message.Channel]int{message.Email: 2, message.SMS: 1}[channel]
			}
		}
		defined := slices.DeleteFunc(strings.Split(texts.words[loc].DefinedTemplates(), ", "), func(name string) bool { return !strings.Contains(name, ".") || strings.Contains(name, ".tmpl") })
		if len(defined) != known {
			t.Errorf("%s: %d parts are written and %d used: %v", loc, len(defined), known, defined)
		}
	}
}

// covers IN-05
func TestHTMLEscapesWhatItQuotes(t *testing.T) {
	texts, err := readTexts("https://passerelle.test")
	if err != nil {
		t.Fatal(err)
	}
	m := message.Message{Notice: message.Notice{Channel: message.Email, Template: "login.code", Args: map[string]string{"minutes": "<script>"}}}
	l, err := texts.letter(&m, "xx", "x", "<b>")
	if err != nil || strings.Contains(l.HTML, "<script>") || strings.Contains(l.HTML, "<b>") || !strings.Contains(l.HTML, `<html lang="fr">`) {
		t.Errorf("%s %v", l.HTML, err)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"é è à ù Ç É ä ñ £": "é è à ù Ç É ä ñ £", "ê â î ô û ë ï ç œ Ê Â À": "e a i o u e i c oe E A A", "l’été « ici » — là…": "l'été \" ici \" - là...",
		"Ɛ ɛ ɔ ɲ ŋ": "E e o ny ng", "e\u0302": "e", "e\u0301": "é", "日本": "??", "a\u00a0b\u202fc": "a b c", "ﬁn": "fin", "{}€": "{}€",
	} {
		if got := Plain(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := Septets("a{€é"); got != 6 {
		t.Errorf("%d septets", got)
	}
	if _, err := Short(strings.Repeat("a", 160)); err != nil {
		t.Error(err)
	}
	if _, err := Short(strings.Repeat("a", 159) + "€"); !fault.Is(err, fault.Invalid) {
		t.Errorf("161 septets: %v", err)
	}
}

// TestPlainIsInTheAlphabet whatever is put in, and stays as it is the second
// time.
func TestPlainIsInTheAlphabet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Plain(rapid.String().Draw(t, "text"))
		for _, r := range once {
			if !strings.ContainsRune(gsmBasic, r) && !strings.ContainsRune(gsmTwo, r) {
				t.Fatalf("%q holds %q", once, r)
			}
		}
		if twice := Plain(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
