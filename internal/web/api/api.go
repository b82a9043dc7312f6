package api

import (
	"context"
	"errors"
	"fmt"

	"passerelle/internal/domain/idempotency"
	"passerelle/internal/web"
	"passerelle/internal/web/rules"
)

// minCursorKey is the least length of the key that signs cursors, in bytes.
const minCursorKey = 32

// Options are what the API is built from; every field is required.
type Options struct {
	Server    *web.Server
	Checker   *rules.Checker
	Replay    *idempotency.Service
	CursorKey []byte                      // at least 32 random bytes; the same in every process
	PublicURL string                      // address as people type it: scheme, host, no path
	Version   string                      // of the program, shown in the document
	Ready     func(context.Context) error // nil when the service can answer; /readyz asks it
}

func (o Options) check() error {
	switch {
	case o.Server == nil || o.Checker == nil || o.Replay == nil || o.Ready == nil || o.PublicURL == "":
		return errors.New("api: an option is missing")
	case len(o.CursorKey) < minCursorKey:
		return fmt.Errorf("api: the cursor key has %d bytes, fewer than %d", len(o.CursorKey), minCursorKey)
	default:
		return nil
	}
}

// API is the table of operations. Fill it with Register, then Mount it.
type API struct {
	opts     Options
	shapes   *shapes
	ops      []*operation
	wrong    []error
	document []byte
}

// New makes an API that has the service's own operations: /livez, /readyz and
// /openapi.json.
func New(opts Options) (*API, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	a := &API{opts: opts, shapes: newShapes()}
	a.registerService()
	return a, nil
}

// Mount adds every operation to the engine and writes the document. It fails
// with everything that is wrong in the operations; then nothing is served.
func (a *API) Mount() error {
	if err := errors.Join(a.wrong...); err != nil {
		return fmt.Errorf("api: %w", err)
	}
	a.opts.Checker.Unwrap(sentValue, a.shapes.patchTypes()...)
	for _, o := range a.ops {
		if _, err := a.opts.Checker.Check(sample(o)); err != nil {
			return fmt.Errorf("api: operation %q: %w", o.id, err)
		}
	}
	document, err := a.describe()
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	a.document = document
	for _, o := range a.ops {
		a.opts.Server.LimitBody(o.method, o.route, o.maxBody)
		a.opts.Server.Engine().Handle(o.method, o.route, a.opts.Server.Guard(o.permission), a.handle(o))
	}
	return nil
}

// Document gives the OpenAPI document; it is empty before Mount.
func (a *API) Document() []byte { return a.document }

// Route is one served operation, for tests that compare the router, the
// document and the permission table.
type Route struct {
	Method, Path string // path in OpenAPI's form
	ID           string
	Permission   string
}

// Routes lists the operations in order of registration.
func (a *API) Routes() []Route {
	routes := make([]Route, len(a.ops))
	for i, o := range a.ops {
		routes[i] = Route{o.method, o.path, o.id, string(o.permission)}
	}
	return routes
}

func (a *API) log(c *Call, message string, err error) {
	a.opts.Server.Logger().Error(message, "request", c.RequestID, "operation", c.op.id, "error", err.Error())
}
