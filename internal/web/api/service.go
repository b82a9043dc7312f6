package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"passerelle/internal/domain/fault"
)

// health is the output of the probes.
type health struct {
	Status string `json:"status" example:"ok"`
}

// registerService adds what every deployment asks first.
func (a *API) registerService() {
	Register(a, Op[struct{}, health]{
		Method: http.MethodGet, Path: "/livez", Root: true, ID: "showLiveness", Tag: "service",
		Summary: "Is the process alive?", Permission: "service.read", Handle: a.showLiveness,
	})
	Register(a, Op[struct{}, health]{
		Method: http.MethodGet, Path: "/readyz", Root: true, ID: "showReadiness", Tag: "service",
		Summary: "Can the service answer requests?", Permission: "service.read", Handle: a.showReadiness,
	})
	Register(a, Op[struct{}, json.RawMessage]{
		Method: http.MethodGet, Path: "/openapi.json", Root: true, ID: "showDescription", Tag: "service",
		Summary: "This description of the API (OpenAPI 3.1)", Permission: "service.read", Handle: a.showDescription,
	})
}

func (a *API) showLiveness(context.Context, *Call, *struct{}) (health, error) {
	return health{Status: "ok"}, nil
}

func (a *API) showReadiness(ctx context.Context, _ *Call, _ *struct{}) (health, error) {
	if a.opts.Server.Draining() {
		return health{}, fault.New(fault.Unavailable, "service.stopping")
	}
	if err := a.opts.Ready(ctx); err != nil {
		return health{}, fault.New(fault.Unavailable, "service.starting").Because(err)
	}
	return health{Status: "ok"}, nil
}

func (a *API) showDescription(_ context.Context, c *Call, _ *struct{}) (json.RawMessage, error) {
	sum := sha256.Sum256(a.document)
	c.ContentTag(base64.RawURLEncoding.EncodeToString(sum[:12]))
	c.CachePublic(5 * time.Minute)
	return a.document, nil
}
