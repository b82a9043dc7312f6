package site

import (
	"crypto/hmac"
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/fault"
)

// What is kept of forms that were sent after their session had ended, and of
// those that are still being typed.
const (
	cookieKept   = "saisie" // names the kept form
	keptFor      = 30 * time.Minute
	keptLargest  = maxDraft // bytes of one form
	keptTotal    = 16 << 20 // bytes of all; the oldest makes room
	ownerDivider = "."
)

// keptForm is what somebody typed into a form that was not taken. It is shown
// again to nobody but the account that was given the form.
type keptForm struct {
	owner  string // mark of the account, see ownerMark
	page   string // path of the page the form stands on
	action string
	values url.Values
	size   int // bytes
	until  time.Time
}

// keptForms holds them in memory: they are a courtesy, lost when the program
// stops.
type keptForms struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]keptForm
}

func newKeptForms(now func() time.Time) *keptForms {
	return &keptForms{now: now, all: map[string]keptForm{}}
}

// put keeps a form and gives the name under which it is found.
func (k *keptForms) put(f keptForm) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	f.until = k.now().Add(keptFor)
	for k.total()+f.size > keptTotal {
		delete(k.all, k.oldest())
	}
	name := rand.Text()
	k.all[name] = f
	return name
}

// total forgets what has run out and sums the sizes of the rest.
func (k *keptForms) total() (sum int) {
	for name, f := range k.all {
		if !f.until.After(k.now()) {
			delete(k.all, name)
			continue
		}
		sum += f.size
	}
	return sum
}

func (k *keptForms) oldest() (oldest string) {
	for name, f := range k.all {
		if oldest == "" || f.until.Before(k.all[oldest].until) {
			oldest = name
		}
	}
	return oldest
}

// get finds a form that has not run out.
func (k *keptForms) get(name string) (keptForm, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.all[name]
	return f, ok && f.until.After(k.now())
}

// swap puts another form in the place of one that was kept.
func (k *keptForms) swap(name string, f keptForm) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.all[name]; ok {
		k.all[name] = f
	}
}

func (k *keptForms) drop(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.all, name)
}

// ownerMark is the part of a form's token that outlives the session: it says,
// without naming it, for which account the form was made.
func (v *visit) ownerMark() string {
	if !v.actor.SignedIn() {
		return ""
	}
	return v.site.mark(string(v.actor.Account))
}

// mark makes the mark of an account: a tag that stands for it, and the proof
// that this site made the tag.
func (s *Site) mark(account string) string {
	tag := s.sign("account", account)
	return tag + ownerDivider + s.sign("mark", tag)
}

// genuine reports whether this site made the mark.
func (s *Site) genuine(mark string) bool {
	tag, proof, ok := strings.Cut(mark, ownerDivider)
	return ok && hmac.Equal([]byte(proof), []byte(s.sign("mark", tag)))
}

// keepForm keeps what was posted without a session and leads to the sign-in.
func (v *visit) keepForm() bool {
	if v.route.method != http.MethodPost || v.actor.SignedIn() || v.site.crossSite.Check(v.gin.Request) != nil {
		return false
	}
	if v.gin.ContentType() != "application/x-www-form-urlencoded" || v.gin.Request.ParseForm() != nil {
		return false
	}
	page := v.site.pageAbove(v.gin.Request.URL.EscapedPath())
	if !v.site.keepValues(v.gin, page, v.posted()) {
		return false
	}
	v.redirect("/connexion?suite="+url.QueryEscape(page), "flash.form.kept")
	return true
}

// ownerOf gives the mark of the account that a form was made for.
func ownerOf(values url.Values) string {
	_, owner, _ := strings.Cut(values.Get(tokenField), ownerDivider)
	return owner
}

func sizeOfForm(values url.Values) (size int) {
	for name, each := range values {
		size += len(name) + len(strings.Join(each, ""))
	}
	return size
}

// keepValues keeps the fields of a form of this site that was made for an
// account, to be shown again on that page.
func (s *Site) keepValues(c *gin.Context, page string, values url.Values) bool {
	owner, size := ownerOf(values), sizeOfForm(values)
	if !s.genuine(owner) || size > keptLargest {
		return false
	}
	path := c.Request.URL.EscapedPath()
	name := s.kept.put(keptForm{owner: owner, page: page, action: path, values: withoutSecrets(values), size: size})
	s.jar.set(c, cookieKept, name, int(keptFor/time.Second))
	return true
}

// withoutSecrets copies fields, without the token and anything that is secret.
func withoutSecrets(in url.Values) url.Values {
	out := url.Values{}
	for name, values := range in {
		low := strings.ToLower(name)
		if name != tokenField && !strings.Contains(low, "password") && low != "code" && low != "recovery" {
			out[name] = slices.Clone(values)
		}
	}
	return out
}

// recall finds what this visitor had typed into a form of this page.
func (v *visit) recall() *keptForm {
	name := v.site.jar.read(v.gin, cookieKept)
	if name == "" || v.route.method != http.MethodGet || !v.actor.SignedIn() {
		return nil
	}
	f, ok := v.site.kept.get(name)
	if !ok || f.page != v.gin.Request.URL.EscapedPath() || !hmac.Equal([]byte(f.owner), []byte(v.ownerMark())) {
		return nil
	}
	return &f
}

// amend changes fields of the form that this visitor's cookie names.
func (v *visit) amend(kept *keptForm, changed url.Values) {
	changedForm := *kept
	changedForm.values = maps.Clone(kept.values)
	maps.Copy(changedForm.values, changed)
	v.site.kept.swap(v.site.jar.read(v.gin, cookieKept), changedForm)
}

// release forgets a kept form once it has been sent again.
func (v *visit) release() {
	name := v.site.jar.read(v.gin, cookieKept)
	if name == "" || v.route.method != http.MethodPost || !v.actor.SignedIn() {
		return
	}
	if f, ok := v.site.kept.get(name); ok && f.action == v.gin.Request.URL.EscapedPath() && f.owner == v.ownerMark() {
		v.site.kept.drop(name)
		v.site.jar.clear(v.gin, cookieKept)
	}
}

// restore fills a form with what was kept of it; true when it was its form.
func (f *form) restore(kept *keptForm) bool {
	if kept == nil || f == nil || f.Failed || f.Action != kept.action {
		return false
	}
	f.values, f.Restored = kept.values, true
	for g := range f.Groups {
		for i := range f.Groups[g].Fields {
			f.fill(&f.Groups[g].Fields[i])
		}
	}
	for i, hidden := range f.Hidden {
		if kept.values.Has(hidden.Name) {
			f.Hidden[i].Value = kept.values.Get(hidden.Name)
		}
	}
	return true
}

// isAnonymous reports that a request lacks a session.
func isAnonymous(err error) bool { return fault.Is(err, fault.Unauthenticated) }
