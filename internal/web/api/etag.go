package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// revTag writes a revision as a strong entity tag: "v7".
func revTag(rev int64) string { return `"v` + strconv.FormatInt(rev, 10) + `"` }

// parseIfMatch reads the revision a caller means to change. Absent is 428
// where required, anything but one entity tag is 400, and a tag that is weak
// or not of ours matches nothing: 412.
func parseIfMatch(r *http.Request, required bool) (rev int64, err error) {
	sent := r.Header.Values("If-Match")
	switch {
	case len(sent) == 0 && required:
		return 0, web.Refuse(http.StatusPreconditionRequired, "request.precondition_required")
	case len(sent) == 0:
		return 0, nil
	case len(sent) > 1 || !isTag(strings.TrimPrefix(sent[0], "W/")):
		return 0, web.Refuse(http.StatusBadRequest, "request.if_match")
	}
	digits, ours := strings.CutPrefix(strings.Trim(sent[0], `"`), "v")
	rev, err = strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil || rev < 1 || revTag(rev) != sent[0] {
		return 0, fault.New(fault.Stale, "request.stale")
	}
	return rev, nil
}

// asksForNew reports whether a PUT is only to make what does not exist yet
// (RFC 9110, section 13.1.2): it says "If-None-Match: *" and no If-Match.
func asksForNew(r *http.Request) bool {
	return slices.Equal(r.Header.Values("If-None-Match"), []string{"*"}) && len(r.Header.Values("If-Match")) == 0
}

// isTag reports whether the text is one quoted entity tag (RFC 9110).
func isTag(s string) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for _, b := range []byte(s[1 : len(s)-1]) {
		if b <= 0x20 || b == '"' || b == 0x7f {
			return false
		}
	}
	return true
}

// notModified reports whether the caller already has the representation, by
// weak comparison (RFC 9110, section 13.1.2).
func notModified(r *http.Request, tag string) bool {
	if tag == "" {
		return false
	}
	for _, line := range r.Header.Values("If-None-Match") {
		for _, sent := range strings.Split(line, ",") {
			sent = strings.TrimPrefix(strings.TrimSpace(sent), "W/")
			if sent == "*" || sent == tag {
				return true
			}
		}
	}
	return false
}
