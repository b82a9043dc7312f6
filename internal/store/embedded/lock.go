package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"passerelle/internal/domain/fault"
)

// lockName is the lock file inside the data directory. It is never removed:
// removing a lock file that another process has just opened would let both in.
const lockName = "engine.lock"

// dirLock is the exclusive hold on a data directory.
type dirLock struct{ file *os.File }

// prepareDir makes the data directory, closes it to others and gives its
// absolute path. SQLite reads %, ? and # in a path as parts of a URI.
func prepareDir(dir string) (string, error) {
	if dir == "" || strings.ContainsAny(dir, "%?#\x00") {
		return "", fault.New(fault.Invalid, "store.dir").Because(fmt.Errorf("data directory %q: empty, or holds %%, ? or #", dir))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fault.New(fault.Invalid, "store.dir").Because(err)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return "", fault.New(fault.Invalid, "store.dir").Because(err)
	}
	if err := os.Chmod(abs, 0o700); err != nil {
		return "", fault.New(fault.Invalid, "store.dir").Because(err)
	}
	return abs, nil
}

// acquire takes the lock, or says who has it, and then removes the socket that
// a killed holder left behind.
func acquire(dir string) (*dirLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.New(fault.Invalid, "store.dir").Because(err)
	}
	pid, _ := readLock(f)
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		// Read again: the holder may have left between reading and locking.
		_, socket := readLock(f)
		removeStale(socket)
		return &dirLock{file: f}, nil
	}
	if closeErr := f.Close(); closeErr != nil {
		err = errors.Join(err, closeErr)
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock data directory %s: %w", dir, err)
	}
	return nil, fault.New(fault.Conflict, "store.locked").
		Because(fmt.Errorf("data directory %s is in use by another process (pid %s)", dir, pid))
}

// readLock gives the process id and the socket path noted in the lock file;
// both are empty or unknown in a new one.
func readLock(f *os.File) (pid, socket string) {
	buf := make([]byte, 512)
	n, _ := f.ReadAt(buf, 0) // a short or failed read means: nothing noted
	lines := strings.Split(string(buf[:n]), "\n")
	if len(lines) < 2 || lines[0] == "" {
		return "unknown", ""
	}
	return lines[0], lines[1]
}

// describe notes this process and its socket in the lock file.
func (l *dirLock) describe(socket string) error {
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	if _, err := l.file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"+socket+"\n"), 0); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	return nil
}

// release empties the lock file and lets the next process in. A failure to
// empty it is harmless: its content is only a hint.
func (l *dirLock) release() {
	_ = l.file.Truncate(0)
	_ = l.file.Close()
}
