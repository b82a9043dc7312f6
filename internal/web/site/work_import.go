package site

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
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
	From              string   // the agency's name; empty on the agency's own pages
	Batch             string   // what is being done, or was, to all of it
	Skipped           []string // why some of it was passed over
	Waits             string   // why another official has to go on
	Approve, Publish  string   // addresses of the forms; empty when not possible
	Ask               string   // address of the page that asks to confirm
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
		line, err := v.deskImport(i)
		if err != nil {
			return err
		}
		page.Items = append(page.Items, line)
	}
	return v.render("work/imports", page)
}

// deskImport is a file as officials see it, with the name of its agency.
func (v *visit) deskImport(i intake.Import) (importLine, error) {
	line := v.importLine(i)
	a, err := v.site.opts.Agencies.Line(v.actor, agency.ID(i.Agency))
	if err == nil {
		line.From = a.Name
	} else if !isAbsent(err) {
		return line, err
	}
	if i.Kind != intake.Offers {
		return line, nil
	}
	switch v.actor.Account {
	case i.By:
		line.Waits = v.t("import.own")
	case i.ApprovedBy:
		if i.State == intake.Approved {
			line.Waits = v.t("import.approved")
		}
	}
	return line, nil
}

// skipped says why offers of a file were passed over, the commonest reason
// first.
func (v *visit) skipped(reasons map[string]int) (lines []string) {
	codes := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b))
	})
	for _, code := range codes {
		lines = append(lines, v.t("import.skipped", reasons[code], v.faultText(code)))
	}
	return lines
}

func (v *visit) importLine(i intake.Import) importLine {
	at := "/travail/imports/" + url.PathEscape(string(i.ID))
	line := importLine{File: i.File, Kind: string(i.Kind), State: string(i.State), Counts: i.Counts, Created: i.CreatedAt, Ask: at + "/decision"}
	running := i.Batch.Action != "" && i.Batch.EndedAt.IsZero()
	switch {
	case running:
		line.Batch = v.t("import.running", i.Batch.Done+i.Batch.Skipped, i.Batch.Total)
	case i.Batch.Action != "":
		line.Batch = v.t("import.ended", v.code("event.import", i.Batch.Action), i.Batch.Done, i.Batch.Total)
		line.Skipped = v.skipped(i.Batch.Reasons)
	}
	if i.Kind != intake.Offers || running {
		return line
	}
	mine := v.actor.Account == i.By
	if (i.State == intake.Done || i.State == intake.Approved && i.Batch.Skipped > 0) && !mine {
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
