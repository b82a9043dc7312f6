package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"passerelle/internal/web"
)

// BenchmarkRefusal is what one refusal for want of room costs.
func BenchmarkRefusal(b *testing.B) {
	k := newKernel(b, web.Options{Concurrency: 1, Rates: web.Rates{Off: true}})
	go k.get("/api/v1/wait")
	<-k.entered
	defer close(k.hold)
	r := httptest.NewRequest(http.MethodGet, "/api/v1/open/1", nil)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		k.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable {
			b.Fatal(w.Code)
		}
	}
}
