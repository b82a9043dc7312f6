package site

import (
	"net/url"
	"strings"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
)

// accountPage is the visitor's own account: what signs in, and where.
type accountPage struct {
	Email, Phone string
	Factor       bool // a second factor is enrolled
	Sessions     []sessionLine
	Others       bool // there are sessions beside this one
}

// sessionLine is one open session.
type sessionLine struct {
	Device  string
	Begun   time.Time
	Used    time.Time
	Current bool
	End     string // address of the form; empty for the current one
}

func showAccount(v *visit) error {
	open, err := v.site.opts.Auth.SessionList(v.ctx, v.actor)
	if err != nil {
		return err
	}
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return err
	}
	return v.render("account/show", v.newAccountPage(mine, open))
}

func (v *visit) newAccountPage(mine *account.Account, open []auth.SessionInfo) *accountPage {
	page := &accountPage{Email: mine.Email, Phone: mine.Phone, Factor: mine.Factor.Enrolled()}
	for _, s := range open {
		line := sessionLine{Device: v.device(s.Label), Begun: s.CreatedAt, Used: s.UsedAt, Current: s.Current}
		if !s.Current {
			line.End = "/mon-compte/sessions/" + url.PathEscape(string(s.ID)) + "/fermetures"
			page.Others = true
		}
		page.Sessions = append(page.Sessions, line)
	}
	return page
}

// device names a browser and its system as people know them; what is not
// known is shown as it calls itself.
func (v *visit) device(label string) string {
	first := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(label, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := first([][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	})
	system := first([][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	})
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case label == "":
		return v.t("account.device.unknown")
	}
	return label
}

func endSession(v *visit) error {
	if err := v.site.opts.Auth.EndSession(v.ctx, v.actor, account.SessionID(v.param("id"))); err != nil {
		return err
	}
	v.redirect("/mon-compte", "flash.session.closed")
	return nil
}

// endOtherSessions signs the visitor out everywhere but here.
func endOtherSessions(v *visit) error {
	if err := v.site.opts.Auth.EndSessions(v.ctx, v.actor, true); err != nil {
		return err
	}
	v.redirect("/mon-compte", "flash.sessions.closed")
	return nil
}
