package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/intake"
)

// importsPage is the imported files with what can be decided on each.
type importsPage struct {
	Total int
	Items []importLine
	Pager pager
}

// importLine is one imported file.
type importLine struct {
	File, Kind, State string
	Href              string // of its own page; empty where it has none
	Counts            intake.Counts
	Batch             string // what is being done, or was, to all of it
	Approve, Publish  string // addresses of the forms; empty when not possible
	Ask               string // address of the page that asks to confirm
	Created           time.Time
}

func listImports(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	found, err := v.site.opts.Imports.List(v.ctx, v.actor, intake.Query{After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	page := importsPage{Total: found.Total, Pager: v.pager(found.Next)}
	for _, i := range found.Items {
		page.Items = append(page.Items, v.importLine(i))
	}
	return v.render("work/imports", page)
}

func (v *visit) importLine(i intake.Import) importLine {
	at := "/travail/imports/" + url.PathEscape(string(i.ID))
	line := importLine{File: i.File, Kind: string(i.Kind), State: string(i.State), Counts: i.Counts, Created: i.CreatedAt, Ask: at + "/decision"}
	running := i.Batch.Action != "" && i.Batch.EndedAt.IsZero()
	switch {
	case running:
		line.Batch = v.t("import.running", i.Batch.Done+i.Batch.Skipped, i.Batch.Total)
	case i.Batch.Action != "":
		line.Batch = v.t("import.ended", v.code("event.import", i.Batch.Action), i.Batch.Done, i.Batch.Skipped)
	}
	if i.Kind != intake.Offers || running {
		return line
	}
	mine := v.actor.Account == i.By
	if (i.State == intake.Done || i.State == intake.Approved) && !mine {
		line.Approve = at + "/approbations"
	}
	if (i.State == intake.Approved || i.State == intake.Live) && !mine && v.actor.Account != i.ApprovedBy {
		line.Publish = at + "/publications"
	}
	return line
}

func approveImport(v *visit) error {
	return v.decideImport(intake.ApproveAll, "flash.import.approved")
}

func publishImport(v *visit) error {
	return v.decideImport(intake.PublishAll, "flash.import.published")
}

// decideImport takes a decision on a whole file; the work goes on after the
// answer. Importer, approver and publisher are three people.
func (v *visit) decideImport(action, flash string) error {
	_, err := v.site.opts.Imports.Decide(v.ctx, v.actor, intake.ID(v.param("id")), action)
	switch {
	case fault.Is(err, fault.Conflict):
		flash = "flash.import.conflict"
	case fault.Is(err, fault.Forbidden) && v.actor.Role == account.Official:
		flash = "flash.import.four_eyes"
	case err != nil:
		return err
	}
	v.redirect("/travail/imports", flash)
	return nil
}
