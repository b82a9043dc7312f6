package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// screen is what a template is given: the frame and the page in it.
type screen struct {
	Frame frame
	Page  any
}

// frame is what the layout shows around every page.
type frame struct {
	Locale   ref.Locale
	Switch   string // address of this page in the other language
	Other    ref.Locale
	SignedIn bool
	Menu     []menuItem
	Flash    string // message key, shown once
	Failed   bool   // the page shows what is to be corrected
	Demo     bool
	Card     string    // address of the picture that stands for the site where its pages are shared
	CSRF     string    // token of this visitor's forms
	Kept     *keptForm // what was typed before the session ended; nil otherwise
}

// menuItem is one entry of the navigation.
type menuItem struct {
	Href    string
	Label   string // message key
	Current bool
}

func (v *visit) frame(status int) frame {
	f := v.site.bareFrame(v.gin, v.actor)
	f.Flash, f.Failed = v.flash, status >= http.StatusBadRequest
	f.CSRF = v.formToken()
	f.Kept = v.recall()
	return f
}

// bareFrame is the frame without what belongs to one session's forms.
func (s *Site) bareFrame(c *gin.Context, actor account.Actor) frame {
	loc := web.LocaleOf(c)
	other := ref.English
	if loc == ref.English {
		other = ref.French
	}
	return frame{
		Locale: loc, Other: other, Switch: s.inLanguage(c.Request, other), SignedIn: actor.SignedIn(),
		Menu: menuFor(actor.Role, c.Request.URL.Path), Demo: s.opts.Demo, Card: s.absolute(s.assets.names["card.png"]),
	}
}

// menuFor lists what a role works with; the longest address that leads to the
// page is the current one.
func menuFor(role account.Role, path string) []menuItem {
	menu := []menuItem{{Href: "/offres", Label: "menu.offers"}}
	switch role {
	case "":
		menu = append(menu, publicMenu()...)
	case account.Candidate:
		menu = append(menu, menuItem{Href: profilePath, Label: "menu.profile"}, menuItem{Href: "/mes-offres", Label: "menu.matches"}, menuItem{Href: "/mes-candidatures", Label: "menu.applications"}, menuItem{Href: ownFiles, Label: "menu.departures"})
	case account.Agency:
		menu = append(menu, agencyMenu()...)
	case account.Official:
		menu = append(menu, menuItem{Href: "/travail", Label: "menu.queue"}, menuItem{Href: "/travail/imports", Label: "menu.imports"})
	}
	menu = append(menu, dutyMenu(role)...)
	best := -1
	for i, item := range menu {
		leads := path == item.Href || strings.HasPrefix(path, item.Href+"/")
		if leads && (best < 0 || len(item.Href) > len(menu[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		menu[best].Current = true
	}
	return menu
}

// publicMenu is what people without an account find beside the offers; who is
// signed in finds it at the foot of each page.
func publicMenu() []menuItem {
	return []menuItem{{Href: occupationPath, Label: "menu.occupations"}, {Href: corridorPath, Label: "menu.corridors"}, {Href: registerPath, Label: "menu.register"}, {Href: verifyPath, Label: "menu.verify"}}
}

// inLanguage gives the address of the page with the choice of a language. A
// page that answered a form may have no address of its own; then it is that of
// the page above.
func (s *Site) inLanguage(r *http.Request, loc ref.Locale) string {
	path, query := r.URL.EscapedPath(), r.URL.Query()
	if r.Method == http.MethodPost {
		path, query = s.pageAbove(path), url.Values{}
	}
	query.Set("lang", string(loc))
	return path + "?" + query.Encode()
}

// pageAbove gives the longest beginning of a path, in whole segments, that has
// a page.
func (s *Site) pageAbove(path string) string {
	for ; path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		for _, r := range s.routes() {
			if r.method == http.MethodGet && fits(r.path, path) {
				return path
			}
		}
	}
	return "/"
}

// fits reports whether a path is one of a pattern's.
func fits(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, have, func(w, h string) bool { return w == h || strings.HasPrefix(w, ":") && h != "" })
}

// switchLanguage keeps the language that ?lang= names and sends the visitor to
// the same page without it.
func (s *Site) switchLanguage(c *gin.Context) (switched bool) {
	query := c.Request.URL.Query()
	if !query.Has("lang") {
		return false
	}
	if loc, err := ref.ParseLocale(query.Get("lang")); err == nil {
		s.jar.set(c, cookieLanguage, string(loc), yearSeconds)
	}
	query.Del("lang")
	path := c.Request.URL.EscapedPath()
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	c.Redirect(http.StatusSeeOther, localPath(path))
	return true
}
