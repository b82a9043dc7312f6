package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
)

// BatchSize is how many rows are kept with one command. Progress is saved
// after each batch, so a killed run repeats at most one batch.
const BatchSize = 200

// Outcome says what became of one row.
type Outcome struct {
	ID     string // of the record, when there is one
	Result Result
	Faults []RowFault // why it was rejected
	Codes  []string   // what the linter says of an offer that was taken
}

// Result is one of the four outcomes.
type Result string

// The outcomes of a row.
const (
	Created   Result = "created"
	Updated   Result = "updated"
	Unchanged Result = "unchanged"
	Rejected  Result = "rejected"
)

// Origin says on whose behalf rows are kept.
type Origin struct {
	Import ID
	Run    int
	Agency string
	DryRun bool
}

// Keeper turns rows into records of one kind. A row whose key and hash are
// known changes nothing; a row kept by this very run, when it comes again
// after a crash, still counts as Created.
type Keeper interface {
	// Admit says whether the actor may import for that agency at all.
	Admit(ctx context.Context, actor account.Actor, agency string) error
	// Keep takes at most BatchSize rows without faults, in order; with
	// DryRun nothing is written.
	Keep(ctx context.Context, actor account.Actor, origin Origin, rows []Row) ([]Outcome, error)
}

// Batches approves or publishes everything of an import; see offer.Service.
type Batches interface {
	ApproveImport(ctx context.Context, actor account.Actor, importID string, progress func(offer.Batch)) (offer.Batch, error)
	PublishImport(ctx context.Context, actor account.Actor, importID string, progress func(offer.Batch)) (offer.Batch, error)
}

// Reader answers lists of imports from the read model.
type Reader interface {
	SearchImports(q Query) (listing.Result[Import], error)
	ImportCard(id ID) (Import, bool)
}

// Query asks for a page of imports, newest first.
type Query struct {
	Scope account.Scope // All, or Agency
	Kind  Kind
	After string
	Limit int
}

// Deps is what the service stands on.
type Deps struct {
	Store    Store
	Reader   Reader
	Keepers  map[Kind]Keeper
	Batches  Batches
	Spool    Spool
	Parser   Parser
	Accounts Accounts
	Now      func() time.Time
}

// Service runs imports and decides on them.
type Service struct {
	d    Deps
	work chan struct{}
}

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d: d, work: make(chan struct{}, 1)} }

// Spec describes a file to import.
type Spec struct {
	Kind   Kind
	Agency string // for offers
	File   string // base name
	SHA256 string // of the file's bytes
	DryRun bool
}

// MakeID gives the id of the import of a file: the same file for the same
// agency and kind is the same import.
func MakeID(s Spec) ID {
	sum := sha256.Sum256([]byte(string(s.Kind) + "\x00" + s.Agency + "\x00" + s.SHA256))
	return ID("imp_" + hex.EncodeToString(sum[:13]))
}

// Run imports a file to its end. A run that was stopped goes on where it was;
// a file that was imported to its end is read again, which changes nothing
// that has not changed in the file. progress is told the counts after each
// batch. The import's record is returned; of a dry run it is not stored, and
// neither are its rejected rows, which are returned instead.
func (s *Service) Run(ctx context.Context, actor account.Actor, spec Spec, rows iter.Seq2[Row, error], progress func(Counts)) (*Import, []RowError, error) {
	if err := s.admit(ctx, actor, spec); err != nil {
		return nil, nil, err
	}
	run := &runner{s: s, actor: actor, spec: spec, keeper: s.d.Keepers[spec.Kind], progress: progress}
	if err := run.begin(ctx); err != nil {
		return nil, nil, err
	}
	imp, err := run.all(ctx, rows)
	return imp, run.rejected, err
}

func (s *Service) admit(ctx context.Context, actor account.Actor, spec Spec) error {
	if err := actor.Require("import.create"); err != nil {
		return err
	}
	keeper, ok := s.d.Keepers[spec.Kind]
	if !ok {
		return fault.New(fault.Invalid, "import.kind", fault.Field{Pointer: "/kind", Code: "import.kind"})
	}
	return keeper.Admit(ctx, actor, spec.Agency)
}

// Get reads one import of the actor's agency, or any for an official.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Import, error) {
	if err := actor.Require("import.read"); err != nil {
		return nil, err
	}
	i, err := s.d.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Role == account.Agency && (i.Agency != actor.Agency || actor.Agency == "") {
		return nil, fault.New(fault.NotFound, "import.not_found")
	}
	return i, nil
}

// List gives a page of the imports the actor may see.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Import], error) {
	if err := actor.Require("import.read"); err != nil {
		return listing.Result[Import]{}, err
	}
	q.Scope = account.Scope{All: actor.Role == account.Official, Agency: actor.Agency}
	return s.d.Reader.SearchImports(q)
}

// RowErrors gives the rows the last run of an import rejected, in order.
func (s *Service) RowErrors(ctx context.Context, actor account.Actor, id ID) ([]RowError, error) {
	i, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	all, err := s.d.Store.RowErrors(ctx, id)
	return slices.DeleteFunc(all, func(e RowError) bool { return e.Run != i.Runs }), err
}

// change applies a change to an import's record with its audit entry.
func (s *Service) change(ctx context.Context, actor account.Actor, id ID, action string, change func(*Import) error) (*Import, error) {
	return s.d.Store.Update(ctx, id, func(i *Import) error {
		if err := change(i); err != nil {
			return err
		}
		i.Rev++
		i.UpdatedAt = s.d.Now()
		if action != "" {
			i.Pending.Add(audit.Entry{At: i.UpdatedAt, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action, Subject: string(i.ID), Rev: i.Rev})
		}
		return nil
	})
}
