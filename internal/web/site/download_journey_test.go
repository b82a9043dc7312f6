package site_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// tables downloads a table in both formats, holds them to each other row by
// row, and gives the rows of the CSV.
func tables(t *testing.T, b *browser, path string) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(downloaded(t, b, path, ".csv"), []byte("\ufeff"))))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(path, err)
	}
	at, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	asked := at.Query()
	asked.Set("format", "xlsx")
	at.RawQuery = asked.Encode()
	book, err := excelize.OpenReader(bytes.NewReader(downloaded(t, b, at.String(), ".xlsx")))
	if err != nil {
		t.Fatal(path, err)
	}
	t.Cleanup(func() { _ = book.Close() })
	sameRows(t, path, rows, book)
	asked.Set("format", "exe")
	at.RawQuery = asked.Encode()
	if b.open(at.String()); b.status != 422 {
		t.Errorf("%s answers %d", at, b.status)
	}
	return rows
}

// sameRows compares the number of rows and every cell that is text.
func sameRows(t *testing.T, path string, rows [][]string, book *excelize.File) {
	t.Helper()
	inBook, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
	if err != nil || len(inBook) == 0 || book.SheetCount != 2 {
		t.Fatalf("%s: %d rows, %d sheets, %v", path, len(inBook), book.SheetCount, err)
	}
	start := slices.IndexFunc(rows, func(row []string) bool { return slices.Equal(row, inBook[0]) })
	if start < 0 || len(rows)-start != len(inBook) {
		t.Fatalf("%s: %d rows in CSV from row %d on, %d in XLSX", path, len(rows), start, len(inBook))
	}
	for i, row := range inBook {
		for j, got := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if kind, _ := book.GetCellType(book.GetSheetName(0), name); kind != excelize.CellTypeInlineString {
				continue
			}
			if want := rows[start+i][j]; got != strings.TrimPrefix(want, "'") && got != want {
				t.Errorf("%s, %s: %q in XLSX, %q in CSV", path, name, got, want)
			}
		}
	}
}

func downloaded(t *testing.T, b *browser, path, ending string) []byte {
	t.Helper()
	res, err := b.client.Get(b.base + path)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil || res.StatusCode != 200 || int64(len(content)) != res.ContentLength && res.ContentLength >= 0 {
		t.Fatalf("%s: %d, %d bytes of %d, %v", path, res.StatusCode, len(content), res.ContentLength, err)
	}
	if kept := res.Header.Get("Content-Disposition"); !strings.HasPrefix(kept, "attachment") || !strings.HasSuffix(kept, ending+`"`) {
		t.Errorf("%s: %s", path, kept)
	}
	return content
}
