package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/intake"
)

// maxImportFile bounds an uploaded file, in bytes; larger ones are imported
// from the command line on the machine itself.
const maxImportFile = 64 << 20

// imports are the operations on imported files.
type imports struct{ service *intake.Service }

// RegisterImports adds the operations on imports.
func RegisterImports(a *API, service *intake.Service) {
	h := &imports{service}
	Register(a, Op[createImport, importJSON]{
		Method: http.MethodPost, Path: "/imports", ID: "createImport", Summary: "Import a file of offers or profiles",
		Description: "Takes schema.org JobPosting as JSON or JSON lines, our own columns as JSON or CSV, gzip around any of them. " +
			"The import goes on after the answer; follow it under Location. A dry run is made at once and keeps nothing.",
		Permission: "import.create", Status: http.StatusAccepted, MaxBody: maxImportFile, Handle: h.create,
	})
	Register(a, Op[listImports, List[importJSON]]{
		Method: http.MethodGet, Path: "/imports", ID: "listImports", Summary: "List imports, newest first",
		Permission: "import.read", Handle: h.list,
	})
	Register(a, Op[importID, importJSON]{
		Method: http.MethodGet, Path: "/imports/{id}", ID: "showImport", Summary: "Follow an import",
		Permission: "import.read", Handle: h.show,
	})
	Register(a, Op[importID, List[rowErrorJSON]]{
		Method: http.MethodGet, Path: "/imports/{id}/errors", ID: "listImportErrors", Summary: "Rows that were rejected, with their reasons",
		Permission: "import.read", Handle: h.errors,
	})
	Register(a, Op[importID, importJSON]{
		Method: http.MethodPost, Path: "/imports/{id}/approvals", ID: "approveImport", Summary: "First signature for every offer of an import",
		Permission: "import.decide", Status: http.StatusAccepted, Handle: h.decide(intake.ApproveAll),
	})
	Register(a, Op[importID, importJSON]{
		Method: http.MethodPost, Path: "/imports/{id}/publications", ID: "publishImport", Summary: "Second signature: publish every approved offer of an import",
		Permission: "import.decide", Status: http.StatusAccepted, Handle: h.decide(intake.PublishAll),
	})
}

type createImport struct {
	Kind   string  `form:"kind" validate:"required,oneof=offers profiles" doc:"what the rows become"`
	Agency string  `form:"agency" validate:"omitempty,id=agy" doc:"for whom an official imports offers; an agency's own people leave it out"`
	DryRun bool    `form:"dryRun" doc:"check everything, keep nothing"`
	File   *Upload `file:"file" validate:"required" doc:"at most 64 MB"`
}

type importID struct {
	ID string `path:"id" validate:"id=imp"`
}

type listImports struct {
	Kind string `query:"kind" validate:"omitempty,oneof=offers profiles"`
	Page
}

// importJSON is an import as the API shows it.
type importJSON struct {
	ID        string         `json:"id" example:"imp_1b6453892473a467d07372d45e"`
	Rev       int64          `json:"rev"`
	Kind      string         `json:"kind" validate:"oneof=offers profiles"`
	File      string         `json:"file"`
	Agency    string         `json:"agency,omitempty"`
	State     string         `json:"state" validate:"oneof=running done failed approved published"`
	DryRun    bool           `json:"dryRun"`
	Rows      int            `json:"rows"`
	Created   int            `json:"created"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Rejected  int            `json:"rejected"`
	Runs      int            `json:"runs"`
	Failure   string         `json:"failure,omitempty" doc:"why the file could not be read on"`
	Codes     []codeCount    `json:"codes" doc:"rows per reason of rejection and per finding of the linter"`
	Batch     *batchJSON     `json:"batch,omitempty" doc:"the approval or publication of the whole"`
	Errors    []rowErrorJSON `json:"errors,omitempty" doc:"of a dry run: the first rejected rows"`
	CreatedAt time.Time      `json:"createdAt"`
	UpdatedAt time.Time      `json:"updatedAt"`
}

type codeCount struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

type batchJSON struct {
	Action    string      `json:"action" validate:"oneof=approve publish"`
	Total     int         `json:"total"`
	Done      int         `json:"done"`
	Skipped   int         `json:"skipped"`
	Reasons   []codeCount `json:"reasons"`
	StartedAt time.Time   `json:"startedAt"`
	EndedAt   *time.Time  `json:"endedAt" doc:"null while it goes on"`
}

type rowErrorJSON struct {
	Row    int            `json:"row" doc:"from 1"`
	Errors []rowFaultJSON `json:"errors"`
	Raw    string         `json:"raw" doc:"the row as read, its first 4 kB"`
}

type rowFaultJSON struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
}

func (h *imports) create(ctx context.Context, c *Call, in *createImport) (importJSON, error) {
	file, err := in.File.Open()
	if err != nil {
		return importJSON{}, err
	}
	defer file.Close()
	agency := in.Agency
	if agency == "" {
		agency = c.Actor.Agency
	}
	spec := intake.Spec{Kind: intake.Kind(in.Kind), Agency: agency, File: in.File.Name, DryRun: in.DryRun}
	i, rejected, err := h.service.Receive(ctx, c.Actor, spec, file)
	if err != nil {
		return importJSON{}, err
	}
	if !in.DryRun {
		c.Location("/imports/" + string(i.ID))
	}
	out := toImportJSON(i)
	for _, e := range rejected {
		out.Errors = append(out.Errors, toRowErrorJSON(e))
	}
	return out, nil
}

func (h *imports) list(ctx context.Context, c *Call, in *listImports) (List[importJSON], error) {
	page, err := h.service.List(ctx, c.Actor, intake.Query{Kind: intake.Kind(in.Kind), After: in.Cursor.After, Limit: in.Limit})
	if err != nil {
		return List[importJSON]{}, err
	}
	return NewList(c, page, func(i intake.Import) importJSON { return toImportJSON(&i) }), nil
}

func (h *imports) show(ctx context.Context, c *Call, in *importID) (importJSON, error) {
	i, err := h.service.Get(ctx, c.Actor, intake.ID(in.ID))
	if err != nil {
		return importJSON{}, err
	}
	return toImportJSON(i), nil
}

func (h *imports) errors(ctx context.Context, c *Call, in *importID) (List[rowErrorJSON], error) {
	rows, err := h.service.RowErrors(ctx, c.Actor, intake.ID(in.ID))
	if err != nil {
		return List[rowErrorJSON]{}, err
	}
	out := List[rowErrorJSON]{Items: []rowErrorJSON{}, Total: len(rows)}
	for _, e := range rows {
		out.Items = append(out.Items, toRowErrorJSON(e))
	}
	return out, nil
}

func (h *imports) decide(action string) func(context.Context, *Call, *importID) (importJSON, error) {
	return func(ctx context.Context, c *Call, in *importID) (importJSON, error) {
		i, err := h.service.Decide(ctx, c.Actor, intake.ID(in.ID), action)
		if err != nil {
			return importJSON{}, err
		}
		return toImportJSON(i), nil
	}
}

func toImportJSON(i *intake.Import) importJSON {
	out := importJSON{
		ID: string(i.ID), Rev: i.Rev, Kind: string(i.Kind), File: i.File, Agency: i.Agency, State: string(i.State), DryRun: i.DryRun,
		Rows: i.Counts.Rows, Created: i.Counts.Created, Updated: i.Counts.Updated, Unchanged: i.Counts.Unchanged, Rejected: i.Counts.Rejected,
		Runs: i.Runs, Failure: i.Failure, Codes: toCodeCounts(i.Codes), CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
	}
	if b := i.Batch; b.Action != "" {
		out.Batch = &batchJSON{Action: b.Action, Total: b.Total, Done: b.Done, Skipped: b.Skipped, Reasons: toCodeCounts(b.Reasons), StartedAt: b.StartedAt}
		if !b.EndedAt.IsZero() {
			out.Batch.EndedAt = &b.EndedAt
		}
	}
	return out
}

func toCodeCounts(counts map[string]int) []codeCount {
	out := make([]codeCount, 0, len(counts))
	for code, n := range counts {
		out = append(out, codeCount{code, n})
	}
	slices.SortFunc(out, func(a, b codeCount) int { return strings.Compare(a.Code, b.Code) })
	return out
}

func toRowErrorJSON(e intake.RowError) rowErrorJSON {
	out := rowErrorJSON{Row: e.Row, Errors: []rowFaultJSON{}, Raw: e.Raw}
	for _, f := range e.Errors {
		out.Errors = append(out.Errors, rowFaultJSON(f))
	}
	return out
}
