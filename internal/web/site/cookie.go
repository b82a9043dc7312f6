package site

import (
	"net"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

// The cookies, without the prefix of their names.
const (
	cookieAccess   = "access"   // access token, 15 minutes
	cookieRefresh  = "refresh"  // refresh token, until the browser is closed
	cookieVisitor  = "visitor"  // binds form tokens of people not signed in
	cookieFlash    = "flash"    // key of a message shown once
	cookieLanguage = "language" // the visitor's choice
)

const (
	flashSeconds = 60
	yearSeconds  = 365 * 24 * 3600
	maxCookie    = 4096 // bytes of a value that is looked at
)

// jar sets and reads cookies: host-only, for the whole site, never for
// scripts, never sent along from other sites' forms, and over TLS only.
type jar struct {
	prefix string
	secure bool
}

// newJar allows cookies without TLS only where the public address is plain
// HTTP on the loopback interface, as in a demonstration.
func newJar(public *url.URL) jar {
	if public.Scheme == "http" && isLoopback(public.Hostname()) {
		return jar{prefix: "passerelle-"}
	}
	return jar{prefix: "__Host-", secure: true}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// set keeps a value; seconds 0 means until the browser is closed.
func (j jar) set(c *gin.Context, name, value string, seconds int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: j.prefix + name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: j.secure, SameSite: http.SameSiteLaxMode,
	})
}

// clear removes a value.
func (j jar) clear(c *gin.Context, name string) { j.set(c, name, "", -1) }

// read gives a value, or nothing when there is none or it is too long.
func (j jar) read(c *gin.Context, name string) string {
	cookie, err := c.Request.Cookie(j.prefix + name)
	if err != nil || len(cookie.Value) > maxCookie {
		return ""
	}
	return cookie.Value
}

// takeFlash reads the message left for this page and removes it. Only keys of
// such messages are shown, whatever the cookie says.
func (v *visit) takeFlash() {
	key := v.site.jar.read(v.gin, cookieFlash)
	if key == "" || v.route.method == http.MethodPost {
		return
	}
	v.site.jar.clear(v.gin, cookieFlash)
	if isFlash(key) && v.site.texts.Has(key) {
		v.flash = key
	}
}

// flashPrefix begins the key of every message that is shown once.
const flashPrefix = "flash."

func isFlash(key string) bool {
	return len(key) > len(flashPrefix) && key[:len(flashPrefix)] == flashPrefix
}
