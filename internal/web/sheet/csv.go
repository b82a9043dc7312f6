package sheet

import (
	"encoding/csv"
	"io"
	"strings"

	"passerelle/internal/domain/text"
)

// WriteCSV writes the table as CSV (RFC 4180) in UTF-8 with a byte order mark,
// by which spreadsheets know it. A text that a spreadsheet would work out gets
// an apostrophe before it.
func (t Table) WriteCSV(to io.Writer) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	if t.Comma != 0 {
		w.Comma = t.Comma
	}
	if t.Lead {
		for _, n := range t.Notes {
			if err := w.Write([]string{t.inCSV(Text(n.Label)), t.inCSV(n.Value)}); err != nil {
				return err
			}
		}
		if err := w.Write(nil); err != nil {
			return err
		}
	}
	heading := make([]Cell, len(t.Columns))
	for i, label := range t.Columns {
		heading[i] = Text(label)
	}
	if err := t.lineTo(w, heading); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err == nil {
			err = t.lineTo(w, row)
		}
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (t Table) lineTo(w *csv.Writer, row []Cell) error {
	line := make([]string, len(row))
	for i, c := range row {
		line[i] = t.inCSV(c)
	}
	return w.Write(line)
}

func (t Table) inCSV(c Cell) string {
	switch {
	case c.kind == plain:
		return text.Cell(clean(c.text))
	case c.kind == number && t.Point != "":
		return strings.Replace(c.String(), ".", t.Point, 1)
	}
	return c.String()
}
