package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

var made = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// traps are texts that a spreadsheet or a reader of files might take for
// something else.
func traps() []string {
	return []string{
		`=HYPERLINK("http://evil.test";"x")`, "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "＝1", `<script>alert(1)</script>`, `"><img onerror=1>`,
		"a\r\nBcc: b", "a\x00b", "a\u202eb", "\U0001F309", "%0d%0a", "_x000D_", "007", "1e5", "12/11/2026", "TRUE", "]]>", " blanks ", "a;b,c\"d\"", strings.Repeat("é", 300), "\xff\xfe",
	}
}

func trapTable() Table {
	var rows [][]Cell
	for i, s := range traps() {
		rows = append(rows, []Cell{Text(s), Whole(i), Decimal(int64(4901*i-5), 2), Day("2026-11-21"), Moment(made), {}})
	}
	return Table{
		Name: "Offres [de] l’agence: 1/2 'x' et d’autres", About: "À propos", At: made, Comma: ';', Point: ",", Columns: []string{"=titre", "rang", "part", "jour", "à", "rien"},
		Notes: []Note{{"état au", Moment(made)}, {"filtre", Text("=1+1")}}, Rows: Slice(rows),
	}
}

func book1(t *testing.T, table Table) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, b.Bytes()
}

// TestTextStaysText: in both files every text is what it was, no cell holds a
// formula, and numbers and days are typed.
//
// covers IN-06
func TestTextStaysText(t *testing.T) {
	table := trapTable()
	f, raw := book1(t, table)
	name := f.GetSheetName(0)
	for i, want := range traps() {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		got, err := f.GetCellValue(name, at)
		kind, _ := f.GetCellType(name, at)
		if err != nil || got != clean(want) || kind != excelize.CellTypeInlineString {
			t.Errorf("%s holds %q of type %d, want %q (%v)", at, got, kind, want, err)
		}
	}
	for at, want := range map[string]string{"B3": "1", "C3": "48.96", "D2": "46347", "E2": "46348.395833333336", "A1": "=titre"} {
		if got, _ := f.GetCellValue(name, at, excelize.Options{RawCellValue: true}); got != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
	}
	noFormula(t, raw)
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != len(traps())+1 || rows[0][0] != "'=titre" || strings.Join(rows[2][1:], " ") != "1 48,96 2026-11-21 2026-11-22 09:30 " {
		t.Fatalf("%v %v", rows, err)
	}
	for i, want := range traps() {
		if got := rows[i+1][0]; strings.TrimPrefix(got, "'") != clean(want) || strings.ContainsAny(got[:1], "=+-@\t\r") {
			t.Errorf("%q is written as %q", want, got)
		}
	}
}

// noFormula looks at the XML itself: every part is well formed, and no cell of
// a sheet has a formula.
func noFormula(t *testing.T, raw []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	sheets := 0
	for _, part := range z.File {
		content := read(t, part)
		for d := xml.NewDecoder(bytes.NewReader(content)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			if e, ok := token.(xml.StartElement); ok && strings.HasPrefix(part.Name, "xl/worksheets/") && (e.Name.Local == "f" || e.Name.Local == "hyperlink") {
				t.Errorf("%s has <%s>", part.Name, e.Name.Local)
			}
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			sheets++
		}
	}
	if sheets != 2 {
		t.Errorf("%d sheets", sheets)
	}
}

func read(t *testing.T, part *zip.File) []byte {
	t.Helper()
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil || r.Close() != nil {
		t.Fatal(err)
	}
	return content
}

// TestBookIsReadable: the heading stays in sight, columns are as wide as they
// need, the sheets are named, and the notes are on the second.
func TestBookIsReadable(t *testing.T) {
	f, _ := book1(t, trapTable())
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "Offres  de  l’agence  1 2 'x' e" || got[1] != "À propos" {
		t.Errorf("%q", got)
	}
	panes, err := f.GetPanes(f.GetSheetName(0))
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v %v", panes, err)
	}
	if w, _ := f.GetColWidth(f.GetSheetName(0), "A"); w != widest {
		t.Errorf("column A is %v wide", w)
	}
	if w, _ := f.GetColWidth(f.GetSheetName(0), "B"); w != narrowest {
		t.Errorf("column B is %v wide", w)
	}
	notes, err := f.GetRows("À propos")
	if err != nil || len(notes) != 2 || notes[0][0] != "état au" || notes[1][1] != "=1+1" {
		t.Errorf("%q %v", notes, err)
	}
	if p, err := f.GetDocProps(); err != nil || p.Created != "2026-11-22T09:30:00Z" {
		t.Errorf("%+v %v", p, err)
	}
}

func TestSheetNames(t *testing.T) {
	for in, want := range map[string]string{"": "Passerelle", "'''": "Passerelle", "a/b": "a b", "\x00": "Passerelle", strings.Repeat("\U0001F309", 40): strings.Repeat("\U0001F309", 15)} {
		if got := sheetName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	same := Table{Name: "x", About: "x", Notes: []Note{{"a", Text("b")}}, Columns: []string{"a"}, Rows: Slice(nil)}
	if f, _ := book1(t, same); f.SheetCount != 2 {
		t.Error("the notes are lost when both sheets have one name")
	}
}

// TestFailingRowsFailTheFile: an error of the rows is an error of the file.
func TestFailingRowsFailTheFile(t *testing.T) {
	broken := errors.New("broken")
	for _, after := range []int{0, measured + 5} {
		table := Table{Columns: []string{"a"}, Rows: func(yield func([]Cell, error) bool) {
			for range after {
				if !yield([]Cell{Text("x")}, nil) {
					return
				}
			}
			yield(nil, broken)
		}}
		if err := table.WriteXLSX(io.Discard); !errors.Is(err, broken) {
			t.Errorf("XLSX after %d: %v", after, err)
		}
		if err := table.WriteCSV(io.Discard); !errors.Is(err, broken) {
			t.Errorf("CSV after %d: %v", after, err)
		}
	}
}

// TestBothFilesSayTheSame draws tables and reads both files back.
func TestBothFilesSayTheSame(t *testing.T) {
	cell := rapid.Custom(func(r *rapid.T) Cell {
		switch rapid.IntRange(0, 3).Draw(r, "kind") {
		case 0:
			return Decimal(rapid.Int64Range(-1e12, 1e12).Draw(r, "n"), rapid.IntRange(0, 3).Draw(r, "digits"))
		case 1:
			return Day(ref.DateOf(made.AddDate(0, 0, rapid.IntRange(-9000, 9000).Draw(r, "day"))))
		case 2:
			return Text(rapid.SampledFrom(traps()).Draw(r, "trap"))
		}
		return Text(rapid.String().Draw(r, "text"))
	})
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 4).Draw(r, "rows")
		table := Table{Name: "t", Columns: []string{"a", "b", "c"}, Rows: Slice(rows), Point: "."}
		var x, c bytes.Buffer
		if err := errors.Join(table.WriteXLSX(&x), table.WriteCSV(&c)); err != nil {
			r.Fatal(err)
		}
		f, err := excelize.OpenReader(&x)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		lines, err := csv.NewReader(&c).ReadAll()
		if err != nil || len(lines) != len(rows)+1 {
			r.Fatal(lines, err)
		}
		for i, row := range rows {
			for j, want := range row {
				at, _ := excelize.CoordinatesToCellName(j+1, i+2)
				same(r, f, at, want, lines[i+1][j])
			}
		}
	})
}

func same(r *rapid.T, f *excelize.File, at string, want Cell, inCSV string) {
	got, err := f.GetCellValue("t", at, excelize.Options{RawCellValue: true})
	if err != nil {
		r.Fatal(err)
	}
	if want.kind == plain {
		if shown := clean(want.text); got != shown || strings.TrimPrefix(inCSV, "'") != strings.TrimPrefix(shown, "'") {
			r.Fatalf("%s: %q in XLSX, %q in CSV, want %q", at, got, inCSV, shown)
		}
		return
	}
	if inCSV != want.String() || got == "" || !regexp.MustCompile(`^-?[0-9.]+(E[+-]?\d+)?$`).MatchString(got) {
		r.Fatalf("%s: %q in XLSX, %q in CSV, want %q", at, got, inCSV, want)
	}
}

// TestLongTablesAreNotKept writes 60,000 rows of 1 kB of text: what is held is
// a small part of it.
func TestLongTablesAreNotKept(t *testing.T) {
	const many = 60_000
	line := []Cell{Text(strings.Repeat("Maçon ", 170)), Whole(7), Day("2026-01-01")}
	most := uint64(0)
	table := Table{Name: "t", Columns: []string{"a", "b", "c"}, Rows: func(yield func([]Cell, error) bool) {
		for i := range many {
			if i%20_000 == 19_999 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			if !yield(line, nil) {
				return
			}
		}
	}}
	file := &Spool{Most: 1 << 16}
	if err := errors.Join(table.WriteXLSX(file), file.Close()); err != nil {
		t.Fatal(err)
	}
	if most > 60<<20 || most == 0 {
		t.Errorf("%d MB are held of %d MB", most>>20, many>>10)
	}
}

func TestSpool(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, most := range []int{0, 4, 100} {
		s := &Spool{Most: most}
		for _, part := range []string{"un ", "deux ", "trois"} {
			if _, err := io.WriteString(s, part); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			var b bytes.Buffer
			if err := s.CopyTo(&b); err != nil || b.String() != "un deux trois" || s.Size() != int64(b.Len()) {
				t.Errorf("%d: %q %v", most, b.String(), err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
