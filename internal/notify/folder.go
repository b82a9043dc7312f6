package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder puts each letter into a file of its own, for development and the
// demonstration. The file's name is made from the time and the id, so that a
// letter sent twice is one file.
type Folder struct{ Dir string }

// Send writes the file in one step, readable by its owner only.
func (f Folder) Send(_ context.Context, l Letter) error {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("notify: folder: %w", err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Id: %s\nChannel: %s\nDate: %s\nTo: %s\n", l.ID, l.Channel, l.At.UTC().Format("2006-01-02T15:04:05Z07:00"), oneLine(l.To))
	if l.Subject != "" {
		fmt.Fprintf(&b, "Subject: %s\n", oneLine(l.Subject))
	}
	fmt.Fprintf(&b, "\n%s\n", l.Text)
	temporary, err := os.CreateTemp(f.Dir, ".message-") // mode 0600
	if err != nil {
		return fmt.Errorf("notify: folder: %w", err)
	}
	_, writing := temporary.WriteString(b.String())
	if err := errors.Join(writing, temporary.Close()); err != nil {
		return fmt.Errorf("notify: folder: %w", errors.Join(err, os.Remove(temporary.Name())))
	}
	return os.Rename(temporary.Name(), filepath.Join(f.Dir, f.name(l)))
}

// Sweep deletes the letters older than that moment and says how many: they
// hold addresses and codes, and nobody is sent them.
func (f Folder) Sweep(before time.Time) (deleted int, err error) {
	letters, err := filepath.Glob(filepath.Join(f.Dir, "[0-9]*.txt"))
	if err != nil {
		return 0, fmt.Errorf("notify: folder: %w", err)
	}
	limit := before.UTC().Format(folderTime)
	for _, path := range letters {
		if filepath.Base(path) >= limit {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return deleted, fmt.Errorf("notify: folder: %w", err)
		}
		deleted++
	}
	return deleted, nil
}

// folderTime begins the name of a letter's file.
const folderTime = "20060102T150405.000Z"

func (f Folder) name(l Letter) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, string(l.ID))
	return l.At.UTC().Format(folderTime) + "-" + string(l.Channel) + "-" + id + ".txt"
}

// oneLine keeps line ends and other control characters out of headers.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
