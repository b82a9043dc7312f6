package site

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/sheet"
)

// sheetMemory is what of a table is held in memory while it is written, in
// bytes; the rest goes to a temporary file.
const sheetMemory = 1 << 20

// formatField names the format of a table in its address; CSV when it is
// absent.
const formatField = "format"

// table starts a table in the visitor's language: its name, the notes that say
// what it is and when it was made, and how the language writes a CSV.
func (v *visit) table(name string, notes ...sheet.Note) sheet.Table {
	now := v.site.opts.Now()
	t := sheet.Table{Name: name, About: v.t("sheet.about"), At: now, Comma: ',', Point: "."}
	if v.loc == ref.French {
		t.Comma, t.Point = ';', "," // what spreadsheets set to French expect
	}
	t.Notes = append([]sheet.Note{{Label: v.t("csv.report"), Value: sheet.Text(name)}, {Label: v.t("dash.made"), Value: sheet.Moment(now)}}, notes...)
	return t
}

// sheet gives a table in the format that the address asks for. The file is
// complete before its first byte is sent.
func (v *visit) sheet(name string, t sheet.Table) error {
	write, media, ending := t.WriteCSV, sheet.MediaCSV, ".csv"
	switch v.query().Get(formatField) {
	case "", "csv":
	case "xlsx":
		write, media, ending = t.WriteXLSX, sheet.MediaXLSX, ".xlsx"
	default:
		return fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/" + formatField, Code: "reason.unknown"})
	}
	file := &sheet.Spool{Most: sheetMemory}
	defer func() {
		if err := file.Close(); err != nil {
			v.site.opts.Server.Logger().Warn("temporary table not removed", "error", err)
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	v.gin.Header("Content-Disposition", `attachment; filename="`+name+ending+`"`)
	v.gin.Header("Content-Type", media)
	v.gin.Header("Content-Length", strconv.FormatInt(file.Size(), 10))
	return file.CopyTo(v.gin.Writer)
}

// files are the links to a table in both formats; each says its format and
// what is known of its length.
func (v *visit) files(label, path, csv, xlsx string) []tab {
	u, err := url.Parse(path)
	if err != nil {
		return nil
	}
	in := u.Query()
	in.Set(formatField, "xlsx")
	return []tab{{Href: path, Label: v.named(label, "CSV", csv)}, {Href: address(u.Path, in), Label: v.named(label, "XLSX", xlsx)}}
}

func (v *visit) named(label, format, length string) string {
	if length != "" {
		format = v.t("file.as", format, length)
	}
	return v.t("file.named", label, format)
}

// rowFiles are the links to a table of so many rows.
func (v *visit) rowFiles(label, path string, rows int) []tab {
	n := v.count("file.rows", rows)
	return v.files(label, path, n, n)
}

// sizedFiles are the links to a small table that is at hand, with the sizes of
// its files.
func (v *visit) sizedFiles(label, path string, t sheet.Table) []tab {
	return v.files(label, path, v.weight(t.WriteCSV), v.weight(t.WriteXLSX))
}

// weight says how large a file is; nothing for one that cannot be written.
func (v *visit) weight(write func(io.Writer) error) string {
	var n counter
	if write(&n) != nil {
		return ""
	}
	return v.t("desk.kilobytes", int(max(1, (int64(n)+1023)/1024)))
}

// counter counts what is written to it.
type counter int64

// Write takes everything.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// dayOf is the day of an instant, empty for none.
func dayOf(t time.Time) sheet.Cell {
	if t.IsZero() {
		return sheet.Cell{}
	}
	return sheet.Day(ref.DateOf(t))
}

// textCells makes text cells.
func textCells(of ...string) []sheet.Cell {
	cells := make([]sheet.Cell, len(of))
	for i, s := range of {
		cells[i] = sheet.Text(s)
	}
	return cells
}
