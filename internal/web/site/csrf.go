package site

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"passerelle/internal/domain/fault"
)

// tokenField is the name of the hidden field in every form that changes
// something.
const tokenField = "jeton"

// formToken gives the token for this visitor's forms. Whoever is not signed in
// gets a cookie to bind it to, but only on pages that may hold a form.
func (v *visit) formToken() string {
	if v.actor.SignedIn() {
		return v.site.sign("session", v.actor.Session) + ownerDivider + v.ownerMark()
	}
	if v.route.public {
		return ""
	}
	visitor := v.site.jar.read(v.gin, cookieVisitor)
	if len(visitor) < 20 {
		visitor = rand.Text()
		v.site.jar.set(v.gin, cookieVisitor, visitor, 0)
	}
	return v.site.sign("visitor", visitor)
}

// sign makes the token of a session or a visitor.
func (s *Site) sign(kind, holder string) string {
	h := hmac.New(sha256.New, s.opts.CSRFKey)
	h.Write([]byte("form\x00" + kind + "\x00" + holder))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// checkForm reads a posted form and makes sure that it comes from a page of
// this site that this visitor was given.
func (v *visit) checkForm() error {
	if v.site.crossSite.Check(v.gin.Request) != nil {
		return fault.New(fault.Forbidden, "form.origin")
	}
	if err := v.readForm(); err != nil {
		return err
	}
	want := ""
	switch visitor := v.site.jar.read(v.gin, cookieVisitor); {
	case v.actor.SignedIn():
		want = v.site.sign("session", v.actor.Session)
	case visitor != "":
		want = v.site.sign("visitor", visitor)
	}
	sent, _, _ := strings.Cut(v.posted().Get(tokenField), ownerDivider)
	if want == "" || !hmac.Equal([]byte(want), []byte(sent)) {
		return fault.New(fault.Forbidden, "form.token")
	}
	return nil
}
