package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// minCompressed is the size in bytes below which compressing gains nothing.
const minCompressed = 1024

type methodKey struct{}

// outermost wraps the engine: HEAD is answered as GET (the HTTP server drops
// the body), and answers worth it are compressed.
func outermost(engine http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(minCompressed), gzhttp.EnableZstd(false), gzhttp.ContentTypeFilter(compressible))
	if err != nil {
		return nil, fmt.Errorf("web: compression: %w", err)
	}
	inner := wrap(engine)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(context.WithValue(r.Context(), methodKey{}, r.Method))
			r.Method = http.MethodGet
		}
		inner.ServeHTTP(w, r)
	}), nil
}

// originalMethod gives the method the caller sent.
func originalMethod(r *http.Request) string {
	if method, ok := r.Context().Value(methodKey{}).(string); ok {
		return method
	}
	return r.Method
}

func compressible(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	media = strings.TrimSpace(media)
	switch {
	case strings.HasPrefix(media, "text/"), strings.HasSuffix(media, "json"), strings.HasSuffix(media, "+xml"):
		return true
	default:
		return media == "application/javascript" || media == "application/xml"
	}
}
