package intake

import (
	"context"
	"io"
	"iter"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Spool keeps uploaded files until their import is done.
type Spool interface {
	// Put keeps the content and gives its SHA-256 in hex, by which it is
	// found again. The same content twice is kept once.
	Put(ctx context.Context, content io.Reader) (sha256 string, err error)
	// Open reads a kept file; NotFound when there is none.
	Open(ctx context.Context, sha256 string) (io.ReadCloser, error)
	// Remove forgets it; nothing happens when there is none.
	Remove(ctx context.Context, sha256 string) error
}

// Parser turns a file into rows; see package collect.
type Parser func(content io.Reader, kind Kind) iter.Seq2[Row, error]

// Accounts tells who somebody is now.
type Accounts interface {
	AccountCard(id account.ID) (account.Card, bool)
}

// Receive takes an uploaded file: a dry run is made at once and gives the
// first row errors with it; anything else is kept and worked off by RunKept,
// so that a long import outlives the request.
func (s *Service) Receive(ctx context.Context, actor account.Actor, spec Spec, content io.Reader) (*Import, []RowError, error) {
	if err := s.admit(ctx, actor, spec); err != nil {
		return nil, nil, err
	}
	sum, err := s.d.Spool.Put(ctx, content)
	if err != nil {
		return nil, nil, err
	}
	spec.SHA256 = sum
	if spec.DryRun {
		return s.tryOut(ctx, actor, spec)
	}
	run := &runner{s: s, actor: actor, spec: spec}
	if err := run.begin(ctx); err != nil {
		return nil, nil, err
	}
	s.kick()
	return run.imp, nil, nil
}

// maxTried is how many row errors a dry run over the API gives.
const maxTried = 100

func (s *Service) tryOut(ctx context.Context, actor account.Actor, spec Spec) (*Import, []RowError, error) {
	file, err := s.d.Spool.Open(ctx, spec.SHA256)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	imp, rejected, err := s.Run(ctx, actor, spec, s.d.Parser(file, spec.Kind), nil)
	if fault.Is(err, fault.Invalid) && imp != nil {
		err = nil // the file cannot be read on; the record says why
	}
	return imp, rejected[:min(len(rejected), maxTried)], err
}

// RunKept takes up every import that is running and whose file is kept. One
// that fails does not stop the others.
func (s *Service) RunKept(ctx context.Context) error {
	return s.eachImport(func(i Import) error {
		if i.State != Running {
			return nil
		}
		return s.runKept(ctx, i)
	})
}

func (s *Service) runKept(ctx context.Context, i Import) error {
	file, err := s.d.Spool.Open(ctx, i.SHA256)
	if fault.Is(err, fault.NotFound) {
		return nil // it is imported from a command line, which has the file
	}
	if err != nil {
		return err
	}
	defer file.Close()
	by, ok := s.d.Accounts.AccountCard(i.By)
	if !ok {
		return fault.New(fault.NotFound, "account.not_found")
	}
	spec := Spec{Kind: i.Kind, Agency: i.Agency, File: i.File, SHA256: i.SHA256}
	if _, _, err := s.Run(ctx, by.Actor(""), spec, s.d.Parser(file, i.Kind), nil); err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	return s.d.Spool.Remove(ctx, i.SHA256)
}

// kick tells the job that there is work; it never waits.
func (s *Service) kick() {
	select {
	case s.work <- struct{}{}:
	default:
	}
}

// Work tells when there is something to do for RunKept and WorkOff.
func (s *Service) Work() <-chan struct{} { return s.work }
