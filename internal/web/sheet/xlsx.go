package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// How wide columns are, in characters, and on how many rows that rests.
const (
	narrowest = 9
	widest    = 60
	measured  = 50
)

// Formats of numbers that every spreadsheet has under these numbers.
const (
	formatWhole  = 3  // #,##0
	formatText   = 49 // @: stays a text when it is edited
	formatDay    = 14 // a date as the reader's country writes it
	formatMoment = 22
)

// WriteXLSX writes the table as an Office Open XML workbook (ISO/IEC 29500) of
// two sheets: the table, its heading kept in sight, and the notes. Texts are
// typed as text, numbers and dates as what they are; there are no formulas.
func (t Table) WriteXLSX(to io.Writer) (err error) {
	b := &book{file: excelize.NewFile(), styles: map[style]int{}}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if err := b.describe(t); err != nil {
		return err
	}
	name, about := sheetName(t.Name), sheetName(t.About)
	if about == name {
		about = sheetName("(" + about + ")")
	}
	if err := b.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := b.table(name, t); err != nil {
		return err
	}
	if err := b.notes(about, t.Notes); err != nil {
		return err
	}
	return b.file.Write(to)
}

// book is a workbook with the styles it uses.
type book struct {
	file   *excelize.File
	styles map[style]int
}

// style is how a cell is shown.
type style struct {
	format, digits int
	bold           bool
}

func (b *book) describe(t Table) error {
	at := t.At.UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{Title: clean(t.Name), Creator: "Passerelle", LastModifiedBy: "Passerelle", Created: at, Modified: at})
}

// style gives the number of a style of the workbook.
func (b *book) style(s style) (int, error) {
	if id, ok := b.styles[s]; ok {
		return id, nil
	}
	made := &excelize.Style{NumFmt: s.format, Alignment: &excelize.Alignment{Vertical: "top"}}
	if s.digits > 0 {
		format := "#,##0." + strings.Repeat("0", s.digits)
		made.NumFmt, made.CustomNumFmt = 0, &format
	}
	if s.bold {
		made.Font = &excelize.Font{Bold: true}
		made.Alignment.WrapText = true
	}
	id, err := b.file.NewStyle(made)
	if err == nil {
		b.styles[s] = id
	}
	return id, err
}

// cell gives a value as the library takes it: typed, with the style of its
// type.
func (b *book) cell(c Cell, bold bool) (excelize.Cell, error) {
	out := excelize.Cell{}
	as := style{format: formatText, bold: bold}
	switch c.kind {
	case number:
		as.format, as.digits = formatWhole, c.digits
		out.Value = c.amount
		if c.digits > 0 {
			out.Value = float64(c.amount) / math.Pow10(c.digits)
		}
	case day:
		as.format, out.Value = formatDay, c.at
	case moment:
		as.format, out.Value = formatMoment, c.at
	default:
		if c.text == "" {
			return out, nil
		}
		out.Value = clean(c.text)
	}
	var err error
	out.StyleID, err = b.style(as)
	return out, err
}

func (b *book) line(w *excelize.StreamWriter, at int, row []Cell, bold bool) error {
	values := make([]any, len(row))
	for i, c := range row {
		cell, err := b.cell(c, bold)
		if err != nil {
			return err
		}
		if cell.Value != nil {
			values[i] = cell
		}
	}
	name, err := excelize.CoordinatesToCellName(1, at)
	if err != nil {
		return err
	}
	return w.SetRow(name, values)
}

// table writes the heading and the rows. The widths rest on the first rows,
// which are therefore read before anything is written.
func (b *book) table(name string, t Table) error {
	w, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(t.Rows)
	defer stop()
	heading, first := make([]Cell, len(t.Columns)), [][]Cell{}
	for i, label := range t.Columns {
		heading[i] = Text(label)
	}
	for len(first) < measured {
		row, err, ok := next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		first = append(first, row)
	}
	if err := setWidths(w, append([][]Cell{heading}, first...)); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.line(w, 1, heading, true); err != nil {
		return err
	}
	return b.rows(w, first, next)
}

// rows writes the rows at hand and then the others.
func (b *book) rows(w *excelize.StreamWriter, first [][]Cell, next func() ([]Cell, error, bool)) error {
	at := 1 // the heading's
	for _, row := range first {
		at++
		if err := b.line(w, at, row, false); err != nil {
			return err
		}
	}
	for {
		row, err, ok := next()
		switch {
		case err != nil:
			return err
		case !ok:
			return w.Flush()
		case at > MaxRows:
			return ErrTooLong
		}
		at++
		if err := b.line(w, at, row, false); err != nil {
			return err
		}
	}
}

func (b *book) notes(name string, notes []Note) error {
	if len(notes) == 0 {
		return nil
	}
	if _, err := b.file.NewSheet(name); err != nil {
		return fmt.Errorf("sheet: %q: %w", name, err)
	}
	w, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	rows := make([][]Cell, len(notes))
	for i, n := range notes {
		rows[i] = []Cell{Text(n.Label), n.Value}
	}
	if err := setWidths(w, rows); err != nil {
		return err
	}
	for i, row := range rows {
		if err := b.line(w, i+1, row, false); err != nil {
			return err
		}
	}
	return w.Flush()
}

// setWidths gives each column what its longest text needs, within bounds.
func setWidths(w *excelize.StreamWriter, rows [][]Cell) error {
	widths := map[int]int{}
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c.String()))
		}
	}
	for i, n := range widths {
		if err := w.SetColWidth(i+1, i+1, float64(min(max(n+2, narrowest), widest))); err != nil {
			return err
		}
	}
	return nil
}

// sheetName makes a name that the format takes: 1 to 31 characters, none of
// []:*?/\ and no apostrophe at its ends.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, clean(s))
	units := 0
	for i, r := range s {
		if r > 0xffff {
			units++
		}
		if units++; units > 31 {
			s = s[:i]
			break
		}
	}
	if s = strings.Trim(s, "' \n\t"); s == "" {
		return "Passerelle"
	}
	return s
}
