package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	socketPrefix = "passerelle-"
	socketName   = "engine.sock"
	// maxSocket is the longest path the kernel takes for a Unix socket.
	maxSocket = 107
)

// newSocket makes a directory that nobody else can enter, short enough for the
// kernel's limit, and gives the socket's path in it.
func newSocket() (string, error) {
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		dir, err := os.MkdirTemp(parent, socketPrefix) // mode 0700
		if err != nil {
			continue
		}
		path := filepath.Join(dir, socketName)
		if len(path) <= maxSocket {
			return path, nil
		}
		if err := os.Remove(dir); err != nil {
			return "", fmt.Errorf("remove %s: %w", dir, err)
		}
	}
	return "", errors.New("no temporary directory with a path short enough for a Unix socket")
}

// removeStale removes the socket a killed process left, and its directory. It
// touches nothing that does not carry our names, whatever the lock file says.
func removeStale(socket string) {
	dir := filepath.Dir(socket)
	if filepath.Base(socket) != socketName || !strings.HasPrefix(filepath.Base(dir), socketPrefix) {
		return
	}
	// What cannot be removed does no harm: the next socket has a new name.
	_ = os.Remove(socket)
	_ = os.Remove(dir)
}

// removeSocket removes this engine's own socket.
func (e *Engine) removeSocket() { removeStale(e.socket) }
