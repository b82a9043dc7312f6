// Package app is the composition root: options → store → index → services →
// web + jobs. An App is a value: tests start several, each on port 0 with a
// data directory of its own, and stop them again.
package app

import (
	"errors"
	"log/slog"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
)

// Options is everything an App is made from.
type Options struct {
	Listen      string // host:port of pages and API; port 0 takes a free one
	AdminListen string // host:port of metrics and readiness detail; empty = off
	PublicURL   string // as people type it; empty = http://<Listen>
	DataDir     string // embedded database, uploads, master key
	MongoDBURI  string // empty = the embedded engine
	MongoDBName string
	MasterKey   string // base64; empty = master.key in DataDir, embedded engine only

	Demo         bool
	DemoPassword string    // empty = DefaultDemoPassword
	DemoNow      time.Time // zero = now

	Mail Mail
	SMS  SMS

	RateLimitOff   bool
	TrustedProxies []string
	Weights        Weights
	HSTS           bool
	Drain          time.Duration
	Version        string
	Log            *slog.Logger

	Offline bool // for one command: no listeners, no jobs
	Fast    bool // for tests: cheap password hashing, no fsync

	Restoring bool // opens also what a restore has left half-made; see Restore
}

// Weights are the weights of the score; they sum to 100.
type Weights struct {
	Occupation, Skills, Languages, Experience, Salary, Education int64
}

func (w Weights) match() match.Weights {
	if w == (Weights{}) {
		return match.DefaultWeights()
	}
	return match.Weights(w)
}

// DefaultDemoPassword signs in to every demo account unless another is set.
const DefaultDemoPassword = "pont-sur-le-niger-2026"

// trial gives the password that the demonstration may show to everybody: its
// own. Another one was set so that not everybody comes in.
func (o Options) trial() string {
	if o.Demo && o.DemoPassword == DefaultDemoPassword {
		return DefaultDemoPassword
	}
	return ""
}

// Code gives the stable code of an error, empty when it has none.
func Code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}

// NewError makes a fault of an operator's call, with a code that explains it.
func NewError(code string) error { return fault.New(fault.Invalid, code) }

func (o *Options) fill() error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Drain <= 0 {
		o.Drain = 10 * time.Second
	}
	if o.DemoPassword == "" {
		o.DemoPassword = DefaultDemoPassword
	}
	if !o.DemoNow.IsZero() && !o.Demo {
		return errors.New("app: the demo clock is for --demo only")
	}
	if o.MongoDBURI != "" && o.MasterKey == "" {
		return errors.New("app: with MongoDB the master key must be given: set PASSERELLE_MASTER_KEY or PASSERELLE_MASTER_KEY_FILE")
	}
	return o.Weights.match().Validate()
}
