package text

import "strings"

// Cell gives a text as it may stand in a cell of a table for spreadsheets: one
// that a spreadsheet would take for a formula gets an apostrophe before it,
// which spreadsheets show as text. Lists of numbers are not passed through it.
func Cell(s string) string {
	first := strings.TrimLeft(s, " \u00a0")
	if first != "" && strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}
