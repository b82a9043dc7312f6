package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/intake"
)

// intakeDoc is the record of one imported file.
type intakeDoc struct {
	Header      `bson:",inline"`
	Kind        intake.Kind    `bson:"kind"`
	File        string         `bson:"file"`
	SHA256      string         `bson:"sha256"`
	Agency      string         `bson:"agency"`
	By          account.ID     `bson:"by"`
	State       intake.State   `bson:"state"`
	Next        int            `bson:"next"`
	Counts      countsDoc      `bson:"counts"`
	Runs        int            `bson:"runs"`
	Failure     string         `bson:"failure"`
	Codes       []codeCountDoc `bson:"codes"`
	ApprovedBy  account.ID     `bson:"approvedBy"`
	PublishedBy account.ID     `bson:"publishedBy"`
	Batch       batchDoc       `bson:"batch"`
	CreatedAt   time.Time      `bson:"createdAt"`
	UpdatedAt   time.Time      `bson:"updatedAt"`
	Pending     []entryDoc     `bson:"pending"`
}

type countsDoc struct {
	Rows      int `bson:"rows"`
	Created   int `bson:"created"`
	Updated   int `bson:"updated"`
	Unchanged int `bson:"unchanged"`
	Rejected  int `bson:"rejected"`
}

// codeCountDoc is one line of a count by code. Codes hold dots, which field
// names of documents had better not.
type codeCountDoc struct {
	Code  string `bson:"code"`
	Count int    `bson:"count"`
}

type batchDoc struct {
	Action    string         `bson:"action"`
	Total     int            `bson:"total"`
	Done      int            `bson:"done"`
	Skipped   int            `bson:"skipped"`
	Reasons   []codeCountDoc `bson:"reasons"`
	StartedAt time.Time      `bson:"startedAt"`
	EndedAt   time.Time      `bson:"endedAt"`
}

// rowDoc is one rejected row; its _id is the import's id and the row number.
type rowDoc struct {
	Header `bson:",inline"`
	Import intake.ID     `bson:"import"`
	Run    int           `bson:"run"`
	Row    int           `bson:"row"`
	Errors []rowFaultDoc `bson:"errors"`
	Raw    string        `bson:"raw"`
}

type rowFaultDoc struct {
	Pointer string `bson:"pointer"`
	Code    string `bson:"code"`
}

// IntakeStore keeps imports and their rejected rows. It implements
// intake.Store.
type IntakeStore struct {
	*aggregate[intake.Import, intakeDoc, intake.ID]
	rows *aggregate[intake.RowError, rowDoc, string]
}

// NewIntakeStore gives access to the imports; watch is told of every
// acknowledged write of an import.
func NewIntakeStore(db *DB, watch func(*intake.Import)) *IntakeStore {
	docs := newCollection[intakeDoc](db, nameIntake)
	return &IntakeStore{
		newAggregate[intake.Import, intakeDoc, intake.ID](docs, toIntakeDoc, fromIntakeDoc, watch),
		newAggregate[intake.RowError, rowDoc, string](newCollection[rowDoc](db, nameIntakeRow), toRowDoc, fromRowDoc, nil).sealing(personalOfRow),
	}
}

// personalOfRow names the row itself: nobody knows what it holds.
func personalOfRow(d *rowDoc) []personal { return []personal{{name: "raw", text: &d.Raw}} }

// LoadImports gives every import to fn, in no particular order.
func (s *IntakeStore) LoadImports(ctx context.Context, fn func(*intake.Import) error) error {
	return s.load(ctx, fn)
}

// PutRowErrors keeps rejected rows; the same row of the same import again
// replaces what was kept of it.
func (s *IntakeStore) PutRowErrors(ctx context.Context, errors []intake.RowError) error {
	rows := make([]*intake.RowError, len(errors))
	for i := range errors {
		rows[i] = &errors[i]
	}
	have, err := s.rows.InsertMany(ctx, rows)
	if err != nil {
		return err
	}
	for i := range errors {
		id := rowID(&errors[i])
		if !slices.Contains(have, id) {
			continue
		}
		_, err := s.rows.Update(ctx, id, func(old *intake.RowError) error {
			*old = errors[i]
			return nil
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// RowErrors reads the rejected rows of an import, in row order. It scans: it
// is for a clerk who asks, not for a hot path.
func (s *IntakeStore) RowErrors(ctx context.Context, id intake.ID) (out []intake.RowError, err error) {
	err = s.rows.docs.load(ctx, func(doc rowDoc) error {
		if doc.Import != id {
			return nil
		}
		row, err := s.rows.read(&doc)
		if err == nil {
			out = append(out, *row)
		}
		return err
	})
	slices.SortFunc(out, func(a, b intake.RowError) int { return a.Row - b.Row })
	return out, err
}

// DeleteRowErrors removes the rejected rows of the imports that due names, or
// with dry only counts them, and says how many.
func (s *IntakeStore) DeleteRowErrors(ctx context.Context, due func(intake.ID) bool, dry bool) (rows int, err error) {
	var ids []string
	err = s.rows.docs.load(ctx, func(doc rowDoc) error {
		if due(doc.Import) {
			ids = append(ids, doc.ID)
		}
		return nil
	})
	if err != nil || dry {
		return len(ids), err
	}
	return s.rows.docs.deleteAll(ctx, ids)
}

func rowID(e *intake.RowError) string { return fmt.Sprintf("%s:%08d", e.Import, e.Row) }

func toRowDoc(e *intake.RowError) rowDoc {
	return rowDoc{
		Header: Header{ID: rowID(e), Rev: 1}, Import: e.Import, Run: e.Run, Row: e.Row,
		Errors: convert(e.Errors, func(f intake.RowFault) rowFaultDoc { return rowFaultDoc(f) }), Raw: e.Raw,
	}
}

func fromRowDoc(d *rowDoc) *intake.RowError {
	return &intake.RowError{
		Import: d.Import, Run: d.Run, Row: d.Row,
		Errors: convert(d.Errors, func(f rowFaultDoc) intake.RowFault { return intake.RowFault(f) }), Raw: d.Raw,
	}
}

func toIntakeDoc(i *intake.Import) intakeDoc {
	return intakeDoc{
		Header: Header{ID: string(i.ID), Rev: i.Rev}, Kind: i.Kind, File: i.File, SHA256: i.SHA256, Agency: i.Agency, By: i.By,
		State: i.State, Next: i.Next, Counts: countsDoc(i.Counts), Runs: i.Runs, Failure: i.Failure, Codes: toCodeCounts(i.Codes),
		ApprovedBy: i.ApprovedBy, PublishedBy: i.PublishedBy,
		Batch: batchDoc{
			Action: i.Batch.Action, Total: i.Batch.Total, Done: i.Batch.Done, Skipped: i.Batch.Skipped,
			Reasons: toCodeCounts(i.Batch.Reasons), StartedAt: i.Batch.StartedAt, EndedAt: i.Batch.EndedAt,
		},
		CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt, Pending: toPending(i.Pending),
	}
}

func fromIntakeDoc(d *intakeDoc) *intake.Import {
	return &intake.Import{
		ID: intake.ID(d.ID), Rev: d.Rev, Kind: d.Kind, File: d.File, SHA256: d.SHA256, Agency: d.Agency, By: d.By,
		State: d.State, Next: d.Next, Counts: intake.Counts(d.Counts), Runs: d.Runs, Failure: d.Failure, Codes: fromCodeCounts(d.Codes),
		ApprovedBy: d.ApprovedBy, PublishedBy: d.PublishedBy,
		Batch: intake.Batch{
			Action: d.Batch.Action, Total: d.Batch.Total, Done: d.Batch.Done, Skipped: d.Batch.Skipped,
			Reasons: fromCodeCounts(d.Batch.Reasons), StartedAt: d.Batch.StartedAt, EndedAt: d.Batch.EndedAt,
		},
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	}
}

func toCodeCounts(counts map[string]int) []codeCountDoc {
	out := make([]codeCountDoc, 0, len(counts))
	for code, n := range counts {
		out = append(out, codeCountDoc{code, n})
	}
	slices.SortFunc(out, func(a, b codeCountDoc) int { return strings.Compare(a.Code, b.Code) })
	return out
}

func fromCodeCounts(docs []codeCountDoc) map[string]int {
	counts := map[string]int{}
	for _, d := range docs {
		counts[d.Code] = d.Count
	}
	return counts
}
