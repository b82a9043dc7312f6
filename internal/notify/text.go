package notify

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strconv"
	"strings"
	"text/template"
	"time"

	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

//go:embed templates
var embedded embed.FS

// resetPage is where a link leads. The token is in the fragment, which no
// server and no log sees.
const resetPage = "/mot-de-passe/nouveau"

// texts are the words of all messages. Each has, in each language, a part
// "<key>.subject" and "<key>.text" for e-mail and "<key>.sms" for SMS.
type texts struct {
	words  map[ref.Locale]*template.Template
	page   *htmltemplate.Template
	public string
}

// quoted is what a text may quote.
type quoted struct {
	Args   map[string]string
	Code   string // one-time code
	Link   string
	Home   string // address of the service
	Locale ref.Locale
}

func readTexts(public string) (*texts, error) {
	t := &texts{words: map[ref.Locale]*template.Template{}, public: strings.TrimRight(public, "/")}
	for _, loc := range ref.Locales() {
		words, err := template.New(string(loc)).Option("missingkey=error").Funcs(template.FuncMap{"when": when(loc), "day": day(loc)}).
			ParseFS(embedded, "templates/"+string(loc)+".tmpl")
		if err != nil {
			return nil, fmt.Errorf("notify: %w", err)
		}
		t.words[loc] = words
	}
	page, err := htmltemplate.ParseFS(embedded, "templates/page.html")
	if err != nil {
		return nil, fmt.Errorf("notify: %w", err)
	}
	t.page = page
	return t, nil
}

// letter words a message in a language.
func (t *texts) letter(m *message.Message, loc ref.Locale, to, secret string) (*Letter, error) {
	if t.words[loc] == nil {
		loc = ref.French
	}
	q := quoted{Args: m.Args, Code: secret, Home: t.public, Locale: loc}
	if secret != "" {
		q.Link = t.public + resetPage + "#" + secret
	}
	l := &Letter{ID: m.ID, Channel: m.Channel, To: to, At: m.At}
	if m.Channel == message.SMS {
		text, err := t.part(loc, m.Template+".sms", q)
		if err != nil {
			return nil, err
		}
		l.Text, err = Short(text)
		return l, err
	}
	var err error
	if l.Subject, err = t.part(loc, m.Template+".subject", q); err != nil {
		return nil, err
	}
	if l.Text, err = t.part(loc, m.Template+".text", q); err != nil {
		return nil, err
	}
	l.HTML, err = t.html(loc, l, q)
	return l, err
}

func (t *texts) part(loc ref.Locale, name string, q quoted) (string, error) {
	var b strings.Builder
	if err := t.words[loc].ExecuteTemplate(&b, name, q); err != nil {
		return "", fmt.Errorf("notify: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// html shows the same paragraphs as the plain text; html/template escapes
// whatever they quote. A paragraph that is the link becomes one.
func (t *texts) html(loc ref.Locale, l *Letter, q quoted) (string, error) {
	var b bytes.Buffer
	err := t.page.ExecuteTemplate(&b, "page.html", struct {
		Locale     ref.Locale
		Subject    string
		Link       string
		Paragraphs []string
	}{loc, l.Subject, q.Link, strings.Split(l.Text, "\n\n")})
	if err != nil {
		return "", fmt.Errorf("notify: %w", err)
	}
	return b.String(), nil
}

// months are the words for them, in the languages of the service.
func months(loc ref.Locale) []string {
	if loc == ref.English {
		return []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	}
	return []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
}

// day words the day of the moment an argument holds (RFC 3339).
func day(loc ref.Locale) func(string) (string, error) {
	return func(s string) (string, error) {
		at, err := time.Parse(time.RFC3339, s)
		at = at.UTC()
		number := strconv.Itoa(at.Day())
		if at.Day() == 1 && loc == ref.French {
			number = "1er"
		}
		return number + "\u00a0" + months(loc)[at.Month()-1] + "\u00a0" + strconv.Itoa(at.Year()), err
	}
}

// when words the moment an argument holds (RFC 3339) in the time of Mali, which
// is UTC all year, and says so: its reader may be abroad.
func when(loc ref.Locale) func(string) (string, error) {
	form := "%s à 15\u00a0h\u00a004 (heure du Mali)"
	if loc == ref.English {
		form = "%s at 15:04 (Mali time)"
	}
	words := day(loc)
	return func(s string) (string, error) {
		date, err := words(s)
		if err != nil {
			return "", err
		}
		at, err := time.Parse(time.RFC3339, s)
		return strings.Replace(at.UTC().Format(form), "%s", date, 1), err
	}
}
