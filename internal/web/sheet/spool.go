package sheet

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// Spool holds a file until it is complete, so that an error leaves no half
// file: in memory up to a bound, beyond it in a temporary file that Close
// removes.
type Spool struct {
	Most   int // bytes held in memory
	memory bytes.Buffer
	file   *os.File
	size   int64
}

// Write adds to the file.
func (s *Spool) Write(p []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(p) > s.Most {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	to := io.Writer(&s.memory)
	if s.file != nil {
		to = s.file
	}
	n, err := to.Write(p)
	s.size += int64(n)
	return n, err
}

func (s *Spool) spill() (err error) {
	if s.file, err = os.CreateTemp("", "passerelle-*"); err != nil {
		return err
	}
	_, err = s.memory.WriteTo(s.file)
	return err
}

// Size tells how many bytes were written.
func (s *Spool) Size() int64 { return s.size }

// CopyTo gives the file from its beginning.
func (s *Spool) CopyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.memory.Bytes())
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

// Close removes what was kept.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}
