// Package intake holds imports: one record per file, its progress and the
// rows that could not be taken. Importer, approver and publisher of a file
// are three different people. A row that was read twice changes nothing.
package intake

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// ID identifies an import ("imp_…"), made from the kind, the agency and the
// hash of the file, so that a second run of the same file finds the first.
type ID string

// Kind says what the rows become.
type Kind string

// The kinds.
const (
	Offers   Kind = "offers"
	Profiles Kind = "profiles"
)

// State is how far the import is.
type State string

// The states.
const (
	Running  State = "running"
	Done     State = "done"
	Failed   State = "failed"
	Approved State = "approved"
	Live     State = "published"
)

// Counts says what became of the rows; the four outcomes sum to Rows.
type Counts struct {
	Rows, Created, Updated, Unchanged, Rejected int
}

// Import is one file's record.
type Import struct {
	ID   ID
	Rev  int64
	Kind Kind
	File string // base name only

	SHA256      string
	DryRun      bool
	Agency      string
	By          account.ID
	State       State
	Next        int // first row not yet taken, from 0: where a resumed run goes on
	Counts      Counts
	Runs        int
	Failure     string         // code, when failed
	Codes       map[string]int // rows per reason or linter code
	ApprovedBy  account.ID
	PublishedBy account.ID
	Batch       Batch
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Pending     audit.Log
}

// Batch is the outcome of approving or publishing all of an import.
type Batch struct {
	Action    string
	Total     int
	Done      int
	Skipped   int
	Reasons   map[string]int // why offers were skipped: code → count
	StartedAt time.Time
	EndedAt   time.Time
}

// RowError is one row that was not taken, with its raw text for the clerk.
type RowError struct {
	Import ID
	Run    int
	Row    int // from 1
	Errors []RowFault
	Raw    string // as read, cut at 4 KB
}

// RowFault is one reason within a row.
type RowFault struct {
	Pointer string
	Code    string
}

// Store keeps imports and their row errors.
type Store interface {
	Get(ctx context.Context, id ID) (*Import, error)
	Insert(ctx context.Context, i *Import) error
	Update(ctx context.Context, id ID, change func(*Import) error) (*Import, error)
	// PutRowErrors keeps the errors of rows; the same row of the same import
	// again replaces.
	PutRowErrors(ctx context.Context, errors []RowError) error
	// RowErrors reads all errors of an import in row order.
	RowErrors(ctx context.Context, id ID) ([]RowError, error)
}

// Row is one record of a file, read and translated but not yet kept. A row
// with Faults is rejected as a whole: a value that is present and wrong is
// never guessed, while what the file does not say stays unknown.
type Row struct {
	Number int    // from 1; in CSV the heading is not counted
	Raw    string // as read, for the clerk
	Key    string // the source's own key: identifier or address
	Hash   string // SHA-256 of the row in canonical form, hex
	Terms  *offer.Terms
	Source offer.Source
	Person *profile.Facts
	// Consent says that the person agreed to be found; ConsentVersion is the
	// wording agreed to.
	Consent        bool
	ConsentVersion string
	Faults         []RowFault
}
