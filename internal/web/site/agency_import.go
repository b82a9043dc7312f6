package site

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"passerelle/internal/domain/intake"
)

const (
	agencyImports = "/agence/imports"
	maxImportPage = 5 << 20 // bytes of a file sent through the page
)

// importPage is an agency's imports, and the form for the next.
type importPage struct {
	Form  *form
	Tried *importReport // what a dry run found
	Items []importLine
	Pager pager
}

// importReport is one import with the rows that were not taken.
type importReport struct {
	Line    importLine
	Dry     bool
	Running bool
	Failure string
	Rows    []rowLine
	Files   []tab // the rows as tables; none when all were taken
}

// rowLine is one row that was not taken, and why.
type rowLine struct {
	Row  int
	Why  []string
	Text string
}

func (v *visit) importForm(values url.Values) *form {
	f := newForm(agencyImports, v.t("intake.try"), values)
	f.Upload, f.Draft = true, true
	f.Ways = []way{{Value: "importer", Label: v.t("intake.import")}}
	f.add(field{Name: fileField, Label: v.t("intake.file"), Hint: v.t("intake.file.hint"), Kind: "file", Accept: ".csv,.json,.jsonl,.gz,text/csv,application/json", Required: true})
	return f
}

func listAgencyImports(v *visit) error {
	page, err := v.newImportPage(nil)
	if err != nil {
		return err
	}
	return v.render("team/imports", page)
}

func (v *visit) newImportPage(typed url.Values) (*importPage, error) {
	page := &importPage{Form: v.importForm(typed)}
	if v.actor.Agency == "" {
		return page, nil
	}
	q := intake.Query{Kind: intake.Offers, Limit: searchPageSize}
	if v.route.method == http.MethodGet {
		after, err := v.position()
		if err != nil {
			return nil, err
		}
		q.After = after
	}
	found, err := v.site.opts.Imports.List(v.ctx, v.actor, q)
	if err != nil {
		return nil, err
	}
	page.Pager = v.pager(found.Next)
	for _, i := range found.Items {
		page.Items = append(page.Items, v.agencyImport(&i))
	}
	return page, nil
}

func (v *visit) agencyImport(i *intake.Import) importLine {
	line := v.importLine(*i)
	line.Approve, line.Publish = "", ""
	line.Href = agencyImports + "/" + url.PathEscape(string(i.ID))
	return line
}

// createAgencyImport tries a file out and shows what it found, or takes it in
// and leads to its progress. The same file sent twice is one import.
func createAgencyImport(v *visit) error {
	in := v.posted()
	dry := in.Get(wayField) != "importer"
	made, rejected, err := v.receive(dry)
	if err == nil && !dry {
		v.redirect(agencyImports+"/"+url.PathEscape(string(made.ID)), "flash.intake.begun")
		return nil
	}
	page, pageErr := v.newImportPage(in)
	if pageErr != nil {
		return pageErr
	}
	if err != nil {
		return v.again(page.Form, err, "team/imports", page)
	}
	page.Tried = v.importReport(made, rejected)
	return v.render("team/imports", page)
}

func (v *visit) receive(dry bool) (*intake.Import, []intake.RowError, error) {
	sent, err := v.sentFile(maxImportPage)
	if err != nil {
		return nil, nil, err
	}
	spec := intake.Spec{Kind: intake.Offers, Agency: v.actor.Agency, File: clip(sent.Name, 200), DryRun: dry}
	return v.site.opts.Imports.Receive(v.ctx, v.actor, spec, bytes.NewReader(sent.Content))
}

func (v *visit) importReport(i *intake.Import, rejected []intake.RowError) *importReport {
	report := &importReport{Line: v.agencyImport(i), Dry: i.DryRun, Running: i.State == intake.Running}
	if i.Failure != "" {
		report.Failure = v.faultText(i.Failure)
	}
	for _, e := range rejected[:min(len(rejected), 100)] {
		line := rowLine{Row: e.Row, Text: clip(e.Raw, 300)}
		for _, f := range e.Errors {
			line.Why = append(line.Why, v.rowFault(f))
		}
		report.Rows = append(report.Rows, line)
	}
	if len(rejected) > 0 && !i.DryRun {
		lines := 0
		for _, e := range rejected {
			lines += len(e.Errors)
		}
		report.Files = v.rowFiles(v.t("intake.rejected.file"), report.Line.Href+"/erreurs", lines)
	}
	return report
}

// faultText words a code of a file or a row.
func (v *visit) faultText(code string) string {
	for _, list := range []string{"problem.", "field.", ""} {
		if text, ok := v.shared.Text(v.loc, nil, list+code); ok {
			return text
		}
	}
	return code
}

func (v *visit) rowFault(f intake.RowFault) string {
	return strings.TrimPrefix(f.Pointer, "/") + v.t("form.colon") + " " + v.faultText(f.Code)
}

// importNamed loads the import of the address and the rows it did not take.
func (v *visit) importNamed() (*intake.Import, []intake.RowError, error) {
	i, err := v.site.opts.Imports.Get(v.ctx, v.actor, intake.ID(v.param("id")))
	if err != nil {
		return nil, nil, err
	}
	rejected, err := v.site.opts.Imports.RowErrors(v.ctx, v.actor, i.ID)
	return i, rejected, err
}

func showAgencyImport(v *visit) error {
	i, rejected, err := v.importNamed()
	if err != nil {
		return err
	}
	return v.render("team/import", v.importReport(i, rejected))
}

// downloadTemplate gives a file with the columns and one example.
func downloadTemplate(v *visit) error {
	columns := importColumns()
	example := make([]string, len(columns))
	for i, name := range columns {
		example[i] = importExample()[name]
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	if err := w.WriteAll([][]string{columns, example}); err != nil {
		return err
	}
	v.download("passerelle-modele-offres.csv", "text/csv; charset=utf-8", b.Bytes())
	return nil
}

// importColumns are the columns that are asked for; the reader of files knows
// a few more. A test holds them to that reader.
func importColumns() []string {
	return []string{
		"key", "title", "description", "occupation", "kind", "employer", "country", "region", "city", "places", "start", "durationMonths", "hoursPerWeek", "daysPerWeek",
		"payAmount", "payAmountMax", "payCurrency", "payPeriod", "payBasis", "paymentsPerYear", "housing", "meals", "transport", "insurance", "flight", "languages", "education",
		"experienceMonths", "minAge", "visaPaidBy", "flightPaidBy", "medicalPaidBy", "trainingPaidBy", "deadline",
	}
}

func importExample() map[string]string {
	return map[string]string{
		"key": "2027-001", "title": "Maçon coffreur", "description": "Coffrage et maçonnerie sur chantier.", "occupation": "7112", "kind": "fixed_term", "country": "ES", "city": "Almería",
		"places": "5", "durationMonths": "9", "hoursPerWeek": "40", "daysPerWeek": "5", "payAmount": "1500.00", "payCurrency": "EUR", "payPeriod": "month", "payBasis": "gross",
		"housing": "oui", "insurance": "oui", "flight": "oui", "languages": "fr:A2", "visaPaidBy": "employer", "flightPaidBy": "employer", "medicalPaidBy": "employer", "trainingPaidBy": "employer",
	}
}
