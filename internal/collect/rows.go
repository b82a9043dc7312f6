package collect

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/intake"
)

// Reader turns files into rows.
type Reader struct {
	posting *Posting
}

// NewReader makes a reader that codes job titles with coder.
func NewReader(coder titleCoder) *Reader { return &Reader{posting: NewPosting(coder)} }

// Rows reads a file of the given kind, row by row. The format is recognised
// from the content. An error ends the reading: the file as a whole cannot be
// read on (damaged gzip, unknown column, too large); bad rows come as rows
// with Faults.
func (r *Reader) Rows(src io.Reader, kind intake.Kind) iter.Seq2[intake.Row, error] {
	return func(yield func(intake.Row, error) bool) {
		plain, err := unpack(src)
		if err != nil {
			yield(intake.Row{}, err)
			return
		}
		n := 0
		for rec, err := range records(plain) {
			if err != nil {
				yield(intake.Row{}, err)
				return
			}
			n++
			if !yield(r.row(rec, kind, n), nil) {
				return
			}
		}
		if n == 0 {
			yield(intake.Row{}, fault.New(fault.Invalid, "import.empty"))
		}
	}
}

// record is one entry before translation; bad is the code of what made it
// unreadable.
type record struct {
	raw string
	n   node
	bad string
}

// Sniff tells the format from the first bytes.
func sniff(r *bufio.Reader) string {
	head, _ := r.Peek(MaxRowPeek) // a short file is no error here
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0 || head[0] != '{' && head[0] != '[':
		return FormatCSV
	case head[0] == '[':
		return FormatJSON
	}
	first, _, more := bytes.Cut(head, []byte("\n"))
	if json.Valid(bytes.TrimSpace(first)) || more && bytes.HasSuffix(bytes.TrimSpace(first), []byte("}")) || !more && len(head) > 32<<10 {
		return FormatJSONLines
	}
	return FormatJSON
}

// MaxRowPeek is how far sniffing looks.
const MaxRowPeek = 60 << 10

func records(r *bufio.Reader) iter.Seq2[record, error] {
	switch sniff(r) {
	case FormatCSV:
		return csvRecords(r)
	case FormatJSONLines:
		return lineRecords(r)
	default:
		return documentRecords(r)
	}
}

// lineRecords reads one JSON value a line; a broken line is a bad record.
func lineRecords(r *bufio.Reader) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for {
			line, long, err := readLine(r)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(record{}, err)
				return
			}
			if text := strings.TrimSpace(line); text != "" {
				rec := record{raw: text}
				if long {
					rec.bad = "import.row_too_long"
				} else {
					rec = parseRecord([]byte(text))
				}
				if !yield(rec, nil) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
}

// readLine reads a line of at most MaxRow bytes; of a longer one the
// beginning, and the rest is passed over.
func readLine(r *bufio.Reader) (line string, long bool, err error) {
	var b []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(b)+len(part) <= MaxRow {
			b = append(b, part...)
		} else {
			long = true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(b), long, err
		}
	}
}

func parseRecord(raw []byte) record {
	rec := record{raw: string(raw)}
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		rec.bad = "import.encoding"
		return rec
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil || d.More() {
		rec.bad = "import.json"
		return rec
	}
	rec.n = node{v}
	return rec
}

// documentRecords reads a file that is one JSON document: a list of objects,
// an object with "@graph", or a single object.
func documentRecords(r *bufio.Reader) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		whole, err := io.ReadAll(io.LimitReader(r, MaxDocument+1))
		if err != nil {
			yield(record{}, err)
			return
		}
		if len(whole) > MaxDocument {
			yield(record{}, errTooLarge)
			return
		}
		entries, err := entriesOf(whole)
		if err != nil {
			yield(record{}, fault.New(fault.Invalid, "import.json").Because(err))
			return
		}
		for _, e := range entries {
			if !yield(parseRecord(e), nil) {
				return
			}
		}
	}
}

func entriesOf(whole []byte) (entries []json.RawMessage, err error) {
	if bytes.TrimSpace(whole)[0] == '[' {
		err = json.Unmarshal(whole, &entries)
		return entries, err
	}
	var graph struct {
		Graph []json.RawMessage `json:"@graph"`
	}
	if err := json.Unmarshal(whole, &graph); err != nil {
		return nil, err
	}
	if graph.Graph != nil {
		return graph.Graph, nil
	}
	return []json.RawMessage{whole}, nil
}

// csvRecords reads records under a heading that names our columns; commas,
// semicolons and tabs part fields.
func csvRecords(r *bufio.Reader) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		c := csv.NewReader(r)
		c.Comma, c.FieldsPerRecord, c.LazyQuotes = separator(r), -1, true
		heading, err := c.Read()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				yield(record{}, fault.New(fault.Invalid, "import.csv").Because(err))
			}
			return
		}
		for i := range heading {
			heading[i] = strings.TrimSpace(heading[i])
		}
		for {
			fields, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var broken *csv.ParseError
			if err != nil && !errors.As(err, &broken) {
				yield(record{}, err)
				return
			}
			if !yield(csvRecord(heading, fields, err, string(c.Comma)), nil) {
				return
			}
		}
	}
}

func csvRecord(heading, fields []string, broken error, comma string) record {
	raw := strings.Join(fields, comma)
	rec := record{raw: raw}
	v := map[string]any{}
	for i, f := range fields {
		if i < len(heading) && f != "" {
			v[heading[i]] = f
		}
	}
	rec.n = node{v}
	switch {
	case broken != nil:
		rec.bad = "import.csv"
	case len(fields) != len(heading):
		rec.bad = "import.columns"
	case !utf8.ValidString(raw) || strings.ContainsRune(raw, 0):
		rec.bad = "import.encoding"
	case len(raw) > MaxRow:
		rec.bad = "import.row_too_long"
	}
	return rec
}

// separator takes the sign that occurs most in the heading.
func separator(r *bufio.Reader) rune {
	head, _ := r.Peek(MaxRowPeek) // a short file is no error here
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(sign))); n > most {
			best, most = sign, n
		}
	}
	return best
}

// maxRaw is how much of a bad row is kept for the clerk.
const maxRaw = 4 << 10

func (r *Reader) row(rec record, kind intake.Kind, n int) intake.Row {
	row := intake.Row{Number: n, Raw: cut(rec.raw, maxRaw), Hash: hashOf(rec)}
	if rec.bad != "" {
		row.Faults = []intake.RowFault{{Code: rec.bad}}
		return row
	}
	if kind == intake.Profiles {
		return r.person(row, rec.n)
	}
	d := r.offer(rec.n)
	if d.key == "" {
		d.key = "sha256:" + row.Hash
	}
	d.source.Row, d.source.Key, d.source.Hash = n, cut(d.key, 500), row.Hash
	row.Key, row.Terms, row.Source, row.Faults = d.source.Key, &d.terms, d.source, d.faults
	return row
}

func (r *Reader) offer(n node) *draft {
	if !n.get("@type").missing() || !n.get("hiringOrganization").missing() || !n.get("jobLocation").missing() {
		return r.posting.translate(n)
	}
	return r.posting.flat(n)
}

// hashOf is independent of the spelling of the JSON: members are sorted.
func hashOf(rec record) string {
	canonical := []byte(rec.raw)
	if rec.bad == "" {
		if b, err := json.Marshal(rec.n.v); err == nil {
			canonical = b
		}
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// unknownMembers lists the members of a flat record that no column names.
func unknownMembers(n node, known []string) []string {
	var out []string
	members, _ := n.v.(map[string]any)
	for name := range members {
		if !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
