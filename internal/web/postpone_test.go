package web_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"passerelle/internal/web"
)

// slowReader takes the header of an answer, and the body when it is told to.
type slowReader struct {
	*httptest.ResponseRecorder
	began, read chan struct{}
	once        sync.Once
}

func newSlowReader() *slowReader {
	return &slowReader{ResponseRecorder: httptest.NewRecorder(), began: make(chan struct{}), read: make(chan struct{})}
}

func (s *slowReader) Write(b []byte) (int, error) {
	s.once.Do(func() { close(s.began) })
	<-s.read
	return s.ResponseRecorder.Write(b)
}

// TestRL12SlowReadersTakeNoPlace: whoever reads an answer slowly keeps nobody
// out and gets it whole; only what is too large to be kept holds its place.
func TestRL12SlowReadersTakeNoPlace(t *testing.T) {
	k := newKernel(t, web.Options{Concurrency: 1, Rates: web.Rates{Off: true}})
	for name, size := range map[string]int{"large": 900 << 10, "huge": 3 << 20} {
		k.Engine().GET("/api/v1/"+name, func(c *gin.Context) { c.Data(http.StatusOK, "image/png", make([]byte, size)) })
	}
	var group sync.WaitGroup
	ask := func(path string) *slowReader {
		s := newSlowReader()
		group.Go(func() { k.Handler().ServeHTTP(s, httptest.NewRequest(http.MethodGet, path, nil)) })
		<-s.began
		return s
	}
	readers := []*slowReader{ask("/api/v1/large"), ask("/api/v1/large"), ask("/api/v1/large")}
	if r := k.get("/api/v1/open/1"); r.status != http.StatusOK {
		t.Errorf("beside slow readers: %d", r.status)
	}
	huge := ask("/api/v1/huge")
	if r := k.get("/api/v1/open/1"); r.status != http.StatusServiceUnavailable {
		t.Errorf("beside an answer that is too large to keep: %d", r.status)
	}
	for _, s := range append(readers, huge) {
		close(s.read)
	}
	group.Wait()
	for _, s := range readers {
		if s.Body.Len() != 900<<10 || s.Header().Get("Content-Length") != strconv.Itoa(900<<10) {
			t.Errorf("%d bytes, length %q", s.Body.Len(), s.Header().Get("Content-Length"))
		}
	}
	if huge.Body.Len() != 3<<20 {
		t.Errorf("%d bytes of the huge answer", huge.Body.Len())
	}
	if r := k.get("/api/v1/open/1"); r.status != http.StatusOK {
		t.Errorf("afterwards: %d", r.status)
	}
}
