package agency

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// licenceForm is what licence numbers look like: "N° 2024-117/MTFP", "0042".
var licenceForm = regexp.MustCompile(`^[\p{L}\p{Nd}][\p{L}\p{Nd} ./°_\-]{0,59}$`)

// clean writes the facts as they are stored: names with single spaces, the
// e-mail address in lower case.
func (f Facts) clean() Facts {
	for _, s := range []*string{&f.Name, &f.TradeName, &f.Licence, &f.Phone, &f.City, &f.Address, &f.Website} {
		*s = text.CleanName(*s)
	}
	f.Email = strings.ToLower(strings.TrimSpace(f.Email))
	return f
}

// check reports every member that breaks a rule; today is the day of the
// request. A private bureau states its licence and the day it ends; a public
// service may be open-ended.
func (f Facts) check(today ref.Date) error {
	var bad fault.List
	f.checkNames(&bad)
	f.checkLicence(&bad, today)
	f.checkContacts(&bad)
	return bad.Err("agency.invalid")
}

func (f Facts) checkNames(bad *fault.List) {
	length := utf8.RuneCountInString(f.Name)
	bad.Check(f.Name != "", "/name", "required")
	bad.Check(f.Name == "" || length >= 2, "/name", "too_short", "2")
	bad.Check(length <= 200, "/name", "too_long", "200")
	bad.Check(text.Printable(f.Name), "/name", "text.forbidden")
	bad.Check(f.Country != "", "/country", "required")
	if f.Country != "" {
		_, err := ref.ParseCountry(string(f.Country))
		bad.Check(err == nil, "/country", "ref.country")
	}
	bad.Check(slices.Contains(Kinds(), f.Kind), "/kind", "agency.kind")
	for _, m := range []struct {
		pointer, value string
		max            int
	}{{"/tradeName", f.TradeName, 200}, {"/city", f.City, 100}, {"/address", f.Address, 300}} {
		bad.Check(utf8.RuneCountInString(m.value) <= m.max, m.pointer, "too_long", strconv.Itoa(m.max))
		bad.Check(text.Printable(m.value), m.pointer, "text.forbidden")
	}
}

func (f Facts) checkLicence(bad *fault.List, today ref.Date) {
	if f.Kind == Private {
		bad.Check(f.Licence != "", "/licence", "required")
		bad.Check(f.LicenceUntil.Known(), "/licenceUntil", "required")
	}
	bad.Check(f.Licence == "" || licenceForm.MatchString(f.Licence), "/licence", "agency.licence.form")
	from, until := checkDate(bad, "/licenceFrom", f.LicenceFrom), checkDate(bad, "/licenceUntil", f.LicenceUntil)
	if until && f.LicenceUntil.Known() {
		bad.Check(f.LicenceUntil >= today, "/licenceUntil", "agency.licence.expired")
		bad.Check(!from || f.LicenceFrom <= f.LicenceUntil, "/licenceUntil", "date.order")
	}
}

func checkDate(bad *fault.List, pointer string, d ref.Date) bool {
	_, err := ref.ParseDate(string(d))
	bad.Check(err == nil, pointer, "ref.date")
	return err == nil
}

func (f Facts) checkContacts(bad *fault.List) {
	if f.Email != "" {
		_, err := account.ParseEmail(f.Email)
		bad.Check(err == nil, "/email", "account.email")
	}
	bad.Check(f.Phone == "" || account.IsE164(f.Phone), "/phone", "account.phone")
	bad.Check(f.Website == "" || isHTTPS(f.Website), "/website", "url")
}

// isHTTPS accepts an absolute https address without user information.
func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 300 && u.Scheme == "https" && u.User == nil &&
		strings.Contains(u.Hostname(), ".") && text.Printable(s)
}

// LicenceKey gives the name under which a licence number is unique within its
// country: case, spaces and punctuation do not make two numbers different.
// Empty when no number is stated.
func LicenceKey(f Facts) string {
	number := strings.Join(text.Tokens(f.Licence), "")
	if number == "" {
		return ""
	}
	return "agency-licence:" + string(f.Country) + ":" + number
}

// licensedOn reports whether the licence covers that day.
func (f Facts) licensedOn(day ref.Date) bool {
	return (!f.LicenceFrom.Known() || f.LicenceFrom <= day) && (!f.LicenceUntil.Known() || day <= f.LicenceUntil)
}

// changed names the members in which two statements differ, sorted.
func (f Facts) changed(g Facts) []string {
	var names []string
	for _, m := range []struct {
		name string
		same bool
	}{
		{"address", f.Address == g.Address}, {"city", f.City == g.City}, {"country", f.Country == g.Country},
		{"email", f.Email == g.Email}, {"kind", f.Kind == g.Kind}, {"licence", f.Licence == g.Licence},
		{"licenceFrom", f.LicenceFrom == g.LicenceFrom}, {"licenceUntil", f.LicenceUntil == g.LicenceUntil},
		{"name", f.Name == g.Name}, {"phone", f.Phone == g.Phone}, {"tradeName", f.TradeName == g.TradeName},
		{"website", f.Website == g.Website},
	} {
		if !m.same {
			names = append(names, m.name)
		}
	}
	return names
}

// legal gives the part of the facts that two officials vouch for.
func (f Facts) legal() Facts {
	return Facts{Name: f.Name, Country: f.Country, Kind: f.Kind, Licence: f.Licence,
		LicenceFrom: f.LicenceFrom, LicenceUntil: f.LicenceUntil}
}
