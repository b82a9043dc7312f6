// Package sheet writes tables for spreadsheets. One Table feeds two writers,
// CSV and XLSX, so that both files say the same; a cell knows what it is, and
// a text never becomes a formula in either. Rows come one at a time and are
// not kept. The package is the only importer of excelize.
package sheet

import (
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/ref"
)

// MaxRows is how many rows one sheet holds beside its heading; it is the limit
// of the XLSX format.
const MaxRows = 1<<20 - 1

// ErrTooLong is returned by writers of a table with more than MaxRows rows.
var ErrTooLong = errors.New("sheet: more rows than a sheet holds")

// Media types of the two files.
const (
	MediaCSV  = "text/csv; charset=utf-8"
	MediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Table is what both writers are given.
type Table struct {
	Name    string // of the sheet, in the language of its reader
	About   string // name of the second sheet, which holds the notes
	Notes   []Note // what the table is, its filters, its date of state
	Lead    bool   // the CSV begins with the notes, before the heading
	Columns []string
	Rows    iter.Seq2[[]Cell, error] // as many cells as columns; an error ends the file
	At      time.Time                // when the table was made
	Comma   rune                     // between the cells of the CSV
	Point   string                   // decimal sign of the CSV
}

// Note is one statement about a table.
type Note struct {
	Label string
	Value Cell
}

type kind int

const (
	plain kind = iota
	number
	day
	moment
)

// Cell is one value of a table with its type. Its zero value is empty.
type Cell struct {
	kind   kind
	text   string
	amount int64
	digits int // decimals of amount
	at     time.Time
}

// Text is a cell that shows s as it is.
func Text(s string) Cell { return Cell{text: s} }

// Whole is a whole number.
func Whole(n int) Cell { return Cell{kind: number, amount: int64(n)} }

// Decimal is a number given in units of its last decimal: Decimal(4901, 2) is
// 49.01. It takes 0 to 6 decimals.
func Decimal(n int64, digits int) Cell {
	return Cell{kind: number, amount: n, digits: min(max(digits, 0), 6)}
}

// Day is a date; an unknown one is empty.
func Day(d ref.Date) Cell {
	if !d.Known() {
		return Cell{}
	}
	return Cell{kind: day, at: d.Time()}
}

// Moment is a day with its time, in UTC to the minute; the zero time is empty.
func Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: moment, at: t.UTC().Truncate(time.Minute)}
}

// String gives what the cell shows, with dates as in ISO 8601 and a point
// before decimals.
func (c Cell) String() string {
	switch c.kind {
	case number:
		return decimal(c.amount, c.digits)
	case day:
		return c.at.Format(time.DateOnly)
	case moment:
		return c.at.Format("2006-01-02 15:04")
	}
	return c.text
}

// decimal writes n / 10^digits exactly.
func decimal(n int64, digits int) string {
	s, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		s, sign = s[1:], "-"
	}
	if digits == 0 {
		return sign + s
	}
	if len(s) <= digits {
		s = strings.Repeat("0", digits+1-len(s)) + s
	}
	return sign + s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// Slice gives rows that are at hand.
func Slice(rows [][]Cell) iter.Seq2[[]Cell, error] {
	return func(yield func([]Cell, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// clean leaves out of a text what no file may hold: bytes that are no text and
// the control characters other than line ends and tabs.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
