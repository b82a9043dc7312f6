package employer

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// maxSites bounds the places of work of one employer.
const maxSites = 50

var (
	// sectorForm is a section (A–U) or a division (two digits) of ISIC Rev. 4.
	sectorForm = regexp.MustCompile(`^([A-U]|0[1-9]|[1-9][0-9])$`)
	// registrationForm is what register numbers look like: "HRB 86891", "B-123/45".
	registrationForm = regexp.MustCompile(`^[\p{L}\p{Nd}][\p{L}\p{Nd} ./°_\-]{0,59}$`)
)

// clean writes the facts as they are stored: names with single spaces.
func (f Facts) clean() Facts {
	for _, s := range []*string{&f.Name, &f.Registration, &f.Sector, &f.Website} {
		*s = text.CleanName(*s)
	}
	sites := make([]Site, 0, len(f.Sites))
	for _, site := range f.Sites {
		sites = append(sites, Site{Name: text.CleanName(site.Name), City: text.CleanName(site.City), Region: text.CleanName(site.Region)})
	}
	f.Sites = sites
	return f
}

// check reports every member that breaks a rule.
func (f Facts) check() error {
	var bad fault.List
	length := utf8.RuneCountInString(f.Name)
	bad.Check(f.Name != "", "/name", "required")
	bad.Check(f.Name == "" || length >= 2, "/name", "too_short", "2")
	bad.Check(length <= 200, "/name", "too_long", "200")
	bad.Check(text.Printable(f.Name), "/name", "text.forbidden")
	bad.Check(f.Country != "", "/country", "required")
	if _, err := ref.ParseCountry(string(f.Country)); err != nil {
		bad.Add("/country", "ref.country")
	}
	bad.Check(f.Registration == "" || registrationForm.MatchString(f.Registration), "/registration", "employer.registration.form")
	bad.Check(f.Sector == "" || sectorForm.MatchString(f.Sector), "/sector", "sector")
	bad.Check(f.Website == "" || isHTTPS(f.Website), "/website", "url")
	bad.Check(len(f.Sites) <= maxSites, "/sites", "too_many", strconv.Itoa(maxSites))
	for i, site := range f.Sites {
		site.check(&bad, "/sites/"+strconv.Itoa(i))
	}
	return bad.Err("employer.invalid")
}

func (s Site) check(bad *fault.List, at string) {
	bad.Check(s.City != "" || s.Name != "", at+"/city", "required")
	for pointer, value := range map[string]string{at + "/name": s.Name, at + "/city": s.City, at + "/region": s.Region} {
		bad.Check(utf8.RuneCountInString(value) <= 100, pointer, "too_long", "100")
		bad.Check(text.Printable(value), pointer, "text.forbidden")
	}
}

// isHTTPS accepts an absolute https address without user information.
func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 300 && u.Scheme == "https" && u.User == nil &&
		strings.Contains(u.Hostname(), ".") && text.Printable(s)
}

// RegistrationKey gives the name under which a register number is unique
// within its country; empty when no number is stated.
func RegistrationKey(f Facts) string {
	number := strings.Join(text.Tokens(f.Registration), "")
	if number == "" {
		return ""
	}
	return "employer-registration:" + string(f.Country) + ":" + number
}

// changed names the members in which two statements differ, sorted.
func (f Facts) changed(g Facts) []string {
	var names []string
	for _, m := range []struct {
		name string
		same bool
	}{
		{"country", f.Country == g.Country}, {"name", f.Name == g.Name}, {"registration", f.Registration == g.Registration},
		{"sector", f.Sector == g.Sector}, {"sites", slices.Equal(f.Sites, g.Sites)}, {"website", f.Website == g.Website},
	} {
		if !m.same {
			names = append(names, m.name)
		}
	}
	return names
}

// differs reports whether the members an official vouches for differ; sites
// and website are not among them.
func (f Facts) differs(g Facts) bool {
	return f.Name != g.Name || f.Country != g.Country || f.Registration != g.Registration || f.Sector != g.Sector
}
