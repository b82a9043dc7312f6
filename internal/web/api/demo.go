package api

import (
	"context"
	"net/http"
	"time"
)

// Clock is the demonstration's clock.
type Clock interface {
	// Advance moves it forward; backwards is Invalid.
	Advance(to time.Time) (time.Time, error)
}

// RegisterDemo adds what only a demonstration has. It is registered nowhere
// else, so that no other service can be told what time it is.
func RegisterDemo(a *API, clock Clock) {
	Register(a, Op[setClock, clockJSON]{
		Method: http.MethodPost, Path: "/demo/clock", ID: "setDemoClock", Summary: "Move the demonstration's clock forward",
		Permission: "demo.clock", Handle: func(_ context.Context, _ *Call, in *setClock) (clockJSON, error) {
			now, err := clock.Advance(in.Body.Now)
			return clockJSON{Now: now}, err
		},
	})
}

type setClock struct{ Body clockJSON }

// clockJSON is an instant of the demonstration's clock.
type clockJSON struct {
	Now time.Time `json:"now" validate:"required" example:"2026-12-01T08:00:00Z"`
}
