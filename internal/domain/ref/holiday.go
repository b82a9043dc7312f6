package ref

import (
	_ "embed"
	"errors"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
)

//go:embed holidays.tsv
var holidayTable string

// Certainty says how sure the day of a holiday is.
type Certainty string

// The certainties.
const (
	FixedDay  Certainty = "fixed"    // the same day every year
	EasterDay Certainty = "easter"   // computed from Easter
	Estimated Certainty = "estimate" // follows the moon; to be confirmed by the ministry
)

// Holiday is a day on which the ministry of Mali does not work.
type Holiday struct {
	Day       Date
	Certainty Certainty
	name      labels
}

// Name gives the name of the holiday in the locale.
func (h Holiday) Name(l Locale) string { return h.name.in(l) }

// Holidays gives the embedded table, by day: 2025 to 2028, with the feasts
// that follow the moon as estimates.
func Holidays() []Holiday {
	list, err := ParseHolidays(holidayTable)
	if err != nil {
		panic("ref: malformed embedded table of holidays: " + err.Error())
	}
	return list
}

// ParseHolidays reads a table of holidays, one a line: day, certainty, French
// and English name, separated by tabulators; empty lines and lines that begin
// with # are comments. The ministry's decree of a year can so replace the
// estimates. Invalid code "ref.holiday", caused by the line that is named, for
// one of another form, and for a day that is not after the one before.
func ParseHolidays(table string) ([]Holiday, error) {
	var list []Holiday
	line := 0
	for row := range strings.Lines(table) {
		line++
		if row = strings.TrimRight(row, "\r\n"); row == "" || row[0] == '#' {
			continue
		}
		h, ok := parseHoliday(row)
		if !ok || len(list) > 0 && h.Day <= list[len(list)-1].Day {
			return nil, fault.New(fault.Invalid, "ref.holiday").Because(errors.New("line " + strconv.Itoa(line)))
		}
		list = append(list, h)
	}
	return list, nil
}

func parseHoliday(row string) (Holiday, bool) {
	cols := strings.Split(row, "\t")
	if len(cols) != 4 || cols[2] == "" || cols[3] == "" {
		return Holiday{}, false
	}
	day, err := ParseDate(cols[0])
	certain := Certainty(cols[1])
	known := slices.Contains([]Certainty{FixedDay, EasterDay, Estimated}, certain)
	return Holiday{day, certain, labels{cols[2], cols[3]}}, err == nil && day.Known() && known
}
