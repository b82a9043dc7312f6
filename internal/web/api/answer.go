package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"

	"passerelle/internal/domain/idempotency"
	"passerelle/internal/web"
)

// Download is the output of operations that answer with a file. It is sent as
// an attachment while it is written, so it has no size limit.
type Download struct {
	ContentType string
	Name        string                  // suggested file name
	Write       func(w io.Writer) error // writes the content; an error breaks the connection
}

// answer is a complete answer before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
	stream func(w io.Writer) error
}

// keptHeaders are the headers of an answer that a replay repeats.
var keptHeaders = [...]string{"Content-Type", "Content-Language", "ETag", "Location", "Link"}

// record gives the answer as it is kept for replay.
func (a *answer) record() idempotency.Answer {
	kept := idempotency.Answer{Status: a.status, Header: map[string]string{}, Body: a.body}
	for _, name := range keptHeaders {
		if value := a.header.Get(name); value != "" {
			kept.Header[name] = value
		}
	}
	return kept
}

// replayed makes a kept answer ready to be sent again.
func replayed(first *idempotency.Answer) *answer {
	a := &answer{status: first.Status, header: http.Header{}, body: first.Body}
	for name, value := range first.Header {
		a.header.Set(name, value)
	}
	a.header.Set("Idempotency-Replayed", "true")
	return a
}

// run calls the handler and encodes its output.
func (c *Call) run(ctx context.Context, in reflect.Value) (*answer, error) {
	out, err := c.op.run(ctx, c, in)
	if err != nil {
		return nil, err
	}
	a := &answer{status: c.op.status, header: c.header}
	c.header.Set("Content-Language", string(c.Locale))
	switch v := out.(type) {
	case NoContent:
		return a, nil
	case Download:
		return a, c.attach(a, v)
	}
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", "application/json")
	}
	c.stateRevision(out)
	if c.etag != "" {
		a.header.Set("ETag", c.etag)
	}
	a.body, err = encode(out)
	return a, err
}

// stateRevision takes the revision from the output's member "rev".
func (c *Call) stateRevision(out any) {
	if c.etag != "" || c.op.revision == nil {
		return
	}
	v := reflect.ValueOf(out)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if rev := v.FieldByIndex(c.op.revision).Int(); rev > 0 {
		c.ETag(rev)
	}
}

// encode writes an output as JSON. It is complete before the first byte is
// sent: a value that cannot be written (NaN) is a 500, not half an answer.
func encode(out any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("api: encode: %w", err)
	}
	return b.Bytes(), nil
}

// attach prepares a file: no browser may run anything in it.
func (c *Call) attach(a *answer, d Download) error {
	a.header.Set("Content-Type", oneLine(d.ContentType))
	a.header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": oneLine(d.Name)}))
	a.header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if d.Write == nil {
		return fmt.Errorf("api: a download without content")
	}
	a.stream = d.Write
	return nil
}

// send writes the answer.
func (c *Call) send(a *answer) {
	h := c.gin.Writer.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if c.public > 0 {
		web.CachePublic(c.gin, c.public)
	}
	switch {
	case c.op.method == http.MethodGet && notModified(c.gin.Request, h.Get("ETag")):
		h.Del("Content-Type")
		c.gin.Status(http.StatusNotModified)
		c.gin.Writer.WriteHeaderNow()
	case a.stream != nil:
		c.stream(a)
	case a.body == nil:
		c.gin.Status(a.status)
		c.gin.Writer.WriteHeaderNow()
	default:
		c.gin.Data(a.status, h.Get("Content-Type"), a.body)
	}
}

// stream sends a file. A failure on the way breaks the connection, so that
// nobody takes a part for the whole.
func (c *Call) stream(a *answer) {
	c.gin.Status(a.status)
	if err := a.stream(c.gin.Writer); err != nil {
		c.api.log(c, "download broken off", err)
		panic(http.ErrAbortHandler)
	}
	c.gin.Writer.WriteHeaderNow()
}
