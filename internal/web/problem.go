package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// statusOf is the one table from kinds of fault to HTTP.
func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Syntax:
		return http.StatusBadRequest
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Exhausted:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// What a caller is told to wait when the fault does not say.
const (
	waitUnavailable = 2 * time.Second
	waitExhausted   = time.Minute
)

// refusal is a failure of the protocol itself, which no domain kind covers.
type refusal struct {
	status     int
	code       string
	args       []string
	fields     []fault.Field
	retryAfter time.Duration
	most       int64 // bytes, of a body that is over them
}

// Error describes the refusal for logs.
func (r *refusal) Error() string { return strconv.Itoa(r.status) + ": " + r.code }

// Refuse makes an error of the HTTP layer with its own status (400, 404, 405,
// 413, 414, 415, 428); code is a message key and args are values of ours that
// the message quotes.
func Refuse(status int, code string, args ...string) error {
	return &refusal{status: status, code: code, args: args}
}

// RefuseFields makes a 400 that names members or parameters.
func RefuseFields(code string, fields ...fault.Field) error {
	return &refusal{status: http.StatusBadRequest, code: code, fields: fields}
}

// TooLarge is the 413 of a body over most bytes.
func TooLarge(most int64) error {
	return &refusal{status: http.StatusRequestEntityTooLarge, code: "request.too_large", most: most}
}

// sizeWords writes a limit as people say it, "5 Mo", rounded down to whole
// units: what is within the words is within the limit.
func sizeWords(bytes int64, loc ref.Locale) string {
	units := [2]string{"Ko", "Mo"}
	if loc == ref.English {
		units = [2]string{"KB", "MB"}
	}
	if bytes >= 1<<20 {
		return number(bytes>>20) + "\u00a0" + units[1]
	}
	return number(bytes>>10) + "\u00a0" + units[0]
}

// ReadError turns an error of reading a body into the answer it deserves: 413
// over the limit, 400 for a body that ends early.
func ReadError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return TooLarge(tooLarge.Limit)
	}
	return Refuse(http.StatusBadRequest, "request.body_unreadable")
}

// Problem is an RFC 9457 problem document, in the caller's language. It never
// holds a value the caller sent.
type Problem struct {
	Type      string         `json:"type"` // stable: /problems/<code>
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Instance  string         `json:"instance"`
	Code      string         `json:"code"`
	RequestID string         `json:"requestId"`
	Ticket    string         `json:"ticket,omitempty"` // of auth.mfa.required: sent back with the code
	Errors    []FieldProblem `json:"errors,omitempty"`
}

// FieldProblem says which member broke which rule.
type FieldProblem struct {
	Pointer string `json:"pointer"` // RFC 6901 into the body, or a parameter's name
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// outcome is an error reduced to what the caller may know.
type outcome struct {
	status     int
	kind       fault.Kind
	code       string
	args       []string
	fields     []fault.Field
	retryAfter time.Duration
	ticket     string
	most       int64
}

// judge reduces an error. Whatever is neither a fault nor a refusal is a
// defect of ours: 500, and nothing about it.
func judge(err error) outcome {
	var r *refusal
	var tooLarge *http.MaxBytesError
	f := fault.Of(err)
	switch {
	case errors.As(err, &r):
		return r.outcome()
	case f != nil:
		return faultOutcome(f)
	case errors.As(err, &tooLarge):
		return judge(TooLarge(tooLarge.Limit))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return outcome{status: http.StatusServiceUnavailable, kind: fault.Unavailable, code: "request.timeout", retryAfter: waitUnavailable}
	default:
		return outcome{status: http.StatusInternalServerError, kind: fault.Internal, code: "internal"}
	}
}

func (r *refusal) outcome() outcome {
	kind := fault.Syntax
	switch r.status {
	case http.StatusNotFound:
		kind = fault.NotFound
	case http.StatusTooManyRequests:
		kind = fault.Exhausted
	case http.StatusServiceUnavailable:
		kind = fault.Unavailable
	}
	return outcome{status: r.status, kind: kind, code: r.code, args: r.args, fields: r.fields, retryAfter: r.retryAfter, most: r.most}
}

func faultOutcome(f *fault.Error) outcome {
	o := outcome{status: statusOf(f.Kind), kind: f.Kind, code: publicCode(f), fields: f.Fields, retryAfter: f.RetryAfter, ticket: f.Ticket}
	switch {
	case f.Kind == fault.Internal:
		return outcome{status: o.status, kind: fault.Internal, code: "internal"}
	case f.Kind == fault.Unavailable && o.retryAfter <= 0:
		o.retryAfter = waitUnavailable
	case f.Kind == fault.Exhausted && o.retryAfter <= 0:
		o.retryAfter = waitExhausted
	}
	return o
}

// publicCode gives the code a caller may see. What is absent and what belongs
// to somebody else answer alike, wherever that was found out; and a code of
// the layers below says nothing of them.
func publicCode(f *fault.Error) string {
	inner := strings.HasPrefix(f.Code, "store.") || strings.HasPrefix(f.Code, "key.")
	addressed := f.Kind == fault.NotFound && f.Code != "account.not_found"
	if inner || addressed {
		return f.Kind.String()
	}
	return f.Code
}

// StatusOf gives the HTTP status an error is answered with.
func StatusOf(err error) int { return judge(err).status }

// Problem describes err to the caller in that language. The pages use it for
// their own error texts.
func (s *Server) Problem(err error, requestID string, loc ref.Locale) Problem {
	return s.describe(judge(err), requestID, loc)
}

func (s *Server) describe(o outcome, requestID string, loc ref.Locale) Problem {
	text := func(args []string, keys ...string) string {
		t, _ := s.opts.Messages.Text(loc, args, keys...)
		return t
	}
	if o.most > 0 {
		o.args = []string{sizeWords(o.most, loc)}
	}
	p := Problem{
		Type: "/problems/" + o.code, Status: o.status, Code: o.code, RequestID: requestID, Ticket: o.ticket,
		Title:    text(nil, "title."+strconv.Itoa(o.status), "title.400"),
		Detail:   text(o.args, locale.ProblemKeys(o.code, o.kind.String())...),
		Instance: "urn:passerelle:request:" + requestID,
	}
	for _, f := range o.fields {
		p.Errors = append(p.Errors, FieldProblem{
			Pointer: f.Pointer, Code: f.Code, Detail: text(f.Args, locale.FieldKeys(f.Code, len(f.Args))...),
		})
	}
	return p
}

// Fail answers with the error: a problem document for machines, a page for
// people. It ends the chain of handlers.
func (s *Server) Fail(c *gin.Context, err error) {
	c.Abort()
	o := judge(err)
	s.logFailure(c, o, err)
	s.noteRefusal(c, o)
	if c.Writer.Written() {
		return
	}
	h := c.Writer.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Location", "Link", "Content-Disposition", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if o.retryAfter > 0 {
		h.Set("Retry-After", number(int64((o.retryAfter+time.Second-1)/time.Second)))
	}
	allowHead(h)
	p := s.describe(o, RequestID(c), LocaleOf(c))
	if !WantsJSON(c.Request) {
		s.errorPage(c, p)
		return
	}
	if o.status == http.StatusUnauthorized {
		challengeFor(h)
	}
	writeProblem(c, p)
}

// logFailure keeps the cause where only operators see it.
func (s *Server) logFailure(c *gin.Context, o outcome, err error) {
	switch {
	case errors.Is(err, errPanic):
	case o.status == http.StatusInternalServerError:
		s.opts.Logger.Error("internal error", "request", RequestID(c), "route", c.FullPath(), "error", err.Error())
	case o.status == http.StatusServiceUnavailable && o.code != "request.overload":
		s.opts.Logger.Warn("unavailable", "request", RequestID(c), "route", c.FullPath(), "error", err.Error())
	}
}

// allowHead completes gin's list of methods: what has GET has HEAD.
func allowHead(h http.Header) {
	allow := h.Get("Allow")
	if strings.Contains(allow, http.MethodGet) && !strings.Contains(allow, http.MethodHead) {
		h.Set("Allow", allow+", "+http.MethodHead)
	}
}

func writeProblem(c *gin.Context, p Problem) {
	c.Data(p.Status, "application/problem+json", p.encode())
}

func (p Problem) encode() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		b.Reset() // a Problem holds text and numbers only, so this cannot be reached
	}
	return b.Bytes()
}

// ErrorPage shows a problem to a person. It writes the whole answer.
type ErrorPage func(c *gin.Context, p Problem)

// plainErrorPage is what people see until the pages bring their own.
func plainErrorPage(c *gin.Context, p Problem) {
	c.Data(p.Status, "text/html; charset=utf-8", plainPage(p, LocaleOf(c)))
}

func escape(s string) string { return template.HTMLEscapeString(s) }
