// Package collect reads other people's files: schema.org JobPosting as JSON
// or JSON lines, our own flat records as JSON or CSV, gzip around any of
// them. It translates each record into terms of an offer or facts of a
// profile and never guesses: what is absent stays unknown, what is present
// and wrong makes the row a rejected one, and the other rows go on.
package collect

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"passerelle/internal/domain/fault"
)

// Limits of what is read from one file.
const (
	MaxExpanded = 1 << 30  // bytes after decompression
	MaxRatio    = 200      // expanded bytes for each compressed one
	MaxRow      = 1 << 20  // bytes of one record
	MaxDocument = 64 << 20 // bytes of a JSON file that is one document
)

// Formats of files.
const (
	FormatJSONLines = "jsonl"
	FormatJSON      = "json"
	FormatCSV       = "csv"
)

// errTooLarge is the fault of a file that expands beyond the limits.
var errTooLarge = fault.New(fault.Invalid, "import.too_large")

// unpack gives the plain bytes of a file, decompressing gzip, bounded in size
// and in ratio so that a bomb stops early.
func unpack(src io.Reader) (*bufio.Reader, error) {
	counted := &counter{r: src}
	plain := bufio.NewReaderSize(counted, 64<<10)
	magic, err := plain.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return skipBOM(bufio.NewReaderSize(&bounded{r: plain, left: MaxExpanded}, 64<<10)), nil
	}
	unzipped, err := gzip.NewReader(plain)
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.gzip").Because(err)
	}
	return skipBOM(bufio.NewReaderSize(&bounded{r: unzipped, left: MaxExpanded, packed: counted}, 64<<10)), nil
}

func skipBOM(r *bufio.Reader) *bufio.Reader {
	if head, err := r.Peek(3); err == nil && bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = r.Discard(3) // they are buffered, this cannot fail
	}
	return r
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded fails once too much has come out for what went in.
type bounded struct {
	r      io.Reader
	left   int64
	out    int64
	packed *counter
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.left -= int64(n)
	b.out += int64(n)
	if b.left < 0 || b.packed != nil && b.out > MaxRow && b.out > MaxRatio*b.packed.n {
		return 0, errTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) && b.packed != nil {
		err = fault.New(fault.Invalid, "import.gzip").Because(err)
	}
	return n, err
}
