package embedded

import (
	"context"
	"log/slog"
	"strings"
)

// errorsOnly passes on the engine's errors and nothing else: its debug records
// hold whole documents and its warnings whole answers, which must not reach a
// log.
type errorsOnly struct{ next slog.Handler }

// engineLogger wraps the product's logger for the engine.
func engineLogger(l *slog.Logger) *slog.Logger {
	if l == nil {
		l = slog.Default()
	}
	return slog.New(errorsOnly{l.Handler().WithAttrs([]slog.Attr{slog.String("component", "embedded")})})
}

// Enabled lets errors through; the engine's own levels above Error are panics
// it has recovered from.
func (h errorsOnly) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelError
}

// Handle passes the first line of the message and the error, without the
// attributes that could quote a statement's arguments.
func (h errorsOnly) Handle(ctx context.Context, r slog.Record) error {
	text, _, _ := strings.Cut(r.Message, "\n")
	out := slog.NewRecord(r.Time, slog.LevelError, "embedded engine: "+text, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "error" {
			out.AddAttrs(a)
		}
		return true
	})
	return h.next.Handle(ctx, out)
}

// WithAttrs drops them, see Handle.
func (h errorsOnly) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup drops it, see Handle.
func (h errorsOnly) WithGroup(string) slog.Handler { return h }
