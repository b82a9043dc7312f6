package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
	"passerelle/internal/web/rules"
)

// maxFields bounds the field errors of one answer.
const maxFields = 100

// handle answers one request; the guard has admitted the caller.
func (a *API) handle(o *operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx := c.Request.Context()
		call := a.newCall(o, c)
		in := reflect.New(o.in)
		defer removeUploads(a, c, call)
		if err := a.read(call, in); err != nil {
			a.opts.Server.Fail(c, err)
			return
		}
		answer, err := call.once(ctx, func(ctx context.Context) (*answer, error) { return call.run(ctx, in) })
		if err != nil {
			a.opts.Server.Fail(c, err)
			return
		}
		call.send(answer)
	}
}

func removeUploads(a *API, c *gin.Context, call *Call) {
	if c.Request.MultipartForm == nil {
		return
	}
	if err := c.Request.MultipartForm.RemoveAll(); err != nil {
		a.log(call, "temporary file not removed", err)
	}
}

// read fills the input from the request and checks it.
func (a *API) read(call *Call, in reflect.Value) (err error) {
	c, o := call.gin, call.op
	call.Create = o.creates && asksForNew(c.Request)
	if call.Rev, err = parseIfMatch(c.Request, o.needsRevision() && !call.Create); err != nil {
		return err
	}
	if err := o.readParams(c, call, in.Elem()); err != nil {
		return err
	}
	var b binder
	switch {
	case o.isForm():
		err = o.readForm(c, in.Elem())
	case o.method == http.MethodGet:
		err = refuseBody(c.Request)
	default:
		err = call.readBody(in.Elem(), &b)
	}
	if err != nil {
		return err
	}
	return a.check(o, in, b.fields)
}

// refuseBody keeps GET plain: nobody means a body there.
func refuseBody(r *http.Request) error {
	if r.ContentLength != 0 {
		return web.Refuse(http.StatusBadRequest, "request.body_unexpected")
	}
	return nil
}

// readBody reads the JSON body into the input.
func (c *Call) readBody(in reflect.Value, b *binder) error {
	data, err := io.ReadAll(c.gin.Request.Body)
	if err != nil {
		return web.ReadError(err)
	}
	c.sent = data
	body := c.op.body
	if len(data) == 0 {
		if body == nil || body.optional {
			return nil
		}
		return web.Refuse(http.StatusBadRequest, "request.body_missing")
	}
	if !acceptsJSON(c.gin.Request) {
		return web.Refuse(http.StatusUnsupportedMediaType, "request.media_type", "application/json")
	}
	root, err := parseJSON(data)
	if err != nil {
		return err
	}
	if body == nil {
		b.bind(reflect.New(reflect.TypeFor[NoContent]()).Elem(), &shape{kind: objectShape, expected: "object"}, &root, "")
		return nil
	}
	dst := in.FieldByIndex(body.index)
	if body.optional {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	b.bind(dst, body.shape, &root, "")
	return nil
}

func mediaType(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}

// acceptsJSON checks the media type: JSON in UTF-8, and merge patches on PATCH.
func acceptsJSON(r *http.Request) bool {
	if len(r.Header.Values("Content-Type")) != 1 {
		return false
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return false
	}
	for name, value := range params {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return false
		}
	}
	return media == "application/json" || media == "application/merge-patch+json" && r.Method == http.MethodPatch
}

// check runs the rules of the tags and merges what they find with what could
// not be read. A member that could not be read is reported once.
func (a *API) check(o *operation, in reflect.Value, unread fault.List) error {
	broken, err := a.opts.Checker.Check(in.Interface())
	if err != nil {
		return err
	}
	fields := unread
	for _, f := range broken {
		if o.isPathParam(f.Pointer) {
			return notFound()
		}
		if !reported(unread, f.Pointer) {
			fields = append(fields, f)
		}
	}
	return fault.List(capFields(fields)).Err("request.invalid")
}

func (o *operation) isPathParam(pointer string) bool {
	return slices.ContainsFunc(o.params, func(p param) bool { return p.in == "path" && p.name == pointer })
}

// reported reports whether the member, or one around or inside it, is named.
func reported(fields fault.List, pointer string) bool {
	return slices.ContainsFunc(fields, func(f fault.Field) bool {
		return f.Code != "unknown" && (f.Pointer == pointer ||
			strings.HasPrefix(pointer, f.Pointer+"/") || strings.HasPrefix(f.Pointer, pointer+"/"))
	})
}

func capFields(fields fault.List) fault.List {
	return fields[:min(len(fields), maxFields)]
}

// cleanValue reports whether a text from outside a body may be used: valid
// UTF-8 without control characters.
func cleanValue(s string) bool {
	return utf8.ValidString(s) && !rules.HasControl(s) && !strings.ContainsAny(s, "\n\t")
}
