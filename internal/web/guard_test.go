package web_test

import (
	"strings"
	"testing"

	"passerelle/internal/web"
)

func TestAZ01Guard(t *testing.T) {
	k := newKernel(t, web.Options{})
	for _, tc := range []struct {
		path, authorization string
		status              int
		challenge           string
	}{
		{"/api/v1/open/1", "", 200, ""},
		{"/api/v1/open/1", "Bearer candidate", 200, ""},
		{"/api/v1/open/1", "bearer candidate", 200, ""},
		{"/api/v1/open/1", "Bearer forged", 401, "invalid_token"},
		{"/api/v1/open/1", "Basic Y2FuZGlkYXRlOng=", 401, "invalid_token"},
		{"/api/v1/open/1", "Bearer", 401, "invalid_token"},
		{"/api/v1/open/1", "Bearer ", 401, "invalid_token"},
		{"/api/v1/open/1", "Bearer cand idate", 401, "invalid_token"},
		{"/api/v1/open/1", "Bearer " + strings.Repeat("x", 4097), 401, "invalid_token"},
		{"/api/v1/open/1", "Bearer system", 401, ""},
		{"/api/v1/open/1", "Bearer down", 503, ""},
		{"/api/v1/open/1", "Bearer broken", 500, ""},
		{"/api/v1/closed", "", 401, `Bearer realm="passerelle"`},
		{"/api/v1/closed", "Bearer forged", 401, "invalid_token"},
		{"/api/v1/closed", "Bearer candidate", 403, ""},
		{"/api/v1/closed", "Bearer agency", 200, ""},
		{"/api/v1/nobody", "Bearer admin", 403, ""},
		{"/api/v1/nobody", "", 401, "Bearer"},
	} {
		var headers []string
		if tc.authorization != "" {
			headers = append(headers, "Authorization: "+tc.authorization)
		}
		r := k.get(tc.path, headers...)
		if r.status != tc.status || !strings.Contains(r.header.Get("WWW-Authenticate"), tc.challenge) {
			t.Errorf("%s %.40q: %d %v", tc.path, tc.authorization, r.status, r.header["Www-Authenticate"])
		}
	}
	if r := k.get("/api/v1/open/1", "Authorization: Bearer candidate", "Authorization: Bearer admin"); r.status != 401 {
		t.Errorf("two tokens: %d", r.status)
	}
	if strings.Contains(k.get("/api/v1/open/1", "Authorization: Bearer broken").body, "acc_9") {
		t.Error("internals are shown")
	}
}

// TestAZ11IdentityHeaders: nothing but the token says who calls.
func TestAZ11IdentityHeaders(t *testing.T) {
	k := newKernel(t, web.Options{})
	r := k.get("/api/v1/closed", "X-User: admin", "X-Role: agency", "X-Forwarded-User: admin", "Cookie: token=agency", "X-Original-URL: /api/v1/open/1", "X-Rewrite-URL: /api/v1/open/1")
	if r.status != 401 {
		t.Errorf("%d", r.status)
	}
	if r := k.get("/api/v1/closed?access_token=agency"); r.status != 401 {
		t.Errorf("a token in the address: %d", r.status)
	}
}
