package app

import (
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/store/embedded"
)

// wire stands between the driver and the database: it passes everything on, or
// it delays, loses answers, resets connections, or is gone.
type wire struct {
	target string // socket of the engine

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	delay    time.Duration
	mute     bool
}

func openWire(t *testing.T, target string) *wire {
	t.Helper()
	l := &wire{target: target, conns: map[net.Conn]bool{}}
	if err := l.listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *wire) address() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.listener.Addr().String()
}

func (l *wire) listen(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.listener = listener
	l.mu.Unlock()
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			l.join(near)
		}
	}()
	return nil
}

func (l *wire) join(near net.Conn) {
	far, err := net.Dial("unix", l.target)
	if err != nil {
		_ = near.Close() // the database is gone, and so is the connection
		return
	}
	l.mu.Lock()
	l.conns[near], l.conns[far] = true, true
	l.mu.Unlock()
	go l.pump(far, near, false)
	go l.pump(near, far, true)
}

// pump passes bytes on in one direction until either end is gone.
func (l *wire) pump(to, from net.Conn, answers bool) {
	defer l.drop(to, from)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		l.mu.Lock()
		wait, mute := l.delay, l.mute
		l.mu.Unlock()
		if wait > 0 {
			time.Sleep(time.Duration(rand.Int64N(int64(wait)))) // the fault itself
		}
		if n > 0 && !(answers && mute) {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *wire) drop(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		_ = c.Close() // it may be closed already
		delete(l.conns, c)
	}
}

// reset breaks every connection; with resets rather than orderly ends.
func (l *wire) reset() {
	l.mu.Lock()
	var all []net.Conn
	for c := range l.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // makes Close send a reset
		}
		all = append(all, c)
	}
	l.mu.Unlock()
	l.drop(all...)
}

func (l *wire) set(delay time.Duration, mute bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay, l.mute = delay, mute
}

func (l *wire) close() {
	l.mu.Lock()
	listener := l.listener
	l.mu.Unlock()
	_ = listener.Close() // it may be closed already
	l.reset()
}

// fault does one thing to the line, for some time, and undoes it.
func (l *wire) fault(kind string, lasts time.Duration) error {
	switch kind {
	case "delays":
		l.set(200*time.Millisecond, false)
	case "loses answers":
		l.set(0, true)
	case "resets":
		for end := time.Now().Add(lasts); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			l.reset()
		}
	case "is gone":
		address := l.address()
		l.close()
		time.Sleep(lasts)
		return l.listen(address)
	}
	if kind != "resets" {
		time.Sleep(lasts)
	}
	l.set(0, false)
	l.reset() // what was lost on the way stays lost
	return nil
}

// houseBehind runs the demonstration on a database it reaches through a line
// only, as it would a MongoDB elsewhere: the engine stands for it.
func houseBehind(t *testing.T) (*house, *wire) {
	t.Helper()
	dir := t.TempDir()
	if err := copyDir(seededDir(t), dir); err != nil {
		t.Fatal(err)
	}
	master, err := os.ReadFile(filepath.Join(dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	socket, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(engine.URI(), "mongodb://"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	l := openWire(t, socket)
	t.Cleanup(l.close)
	options := demoOptions(t.TempDir())
	if err := copyDir(filepath.Join(dir, blobsFolder), filepath.Join(options.DataDir, blobsFolder)); err != nil { // contents are not in the database
		t.Fatal(err)
	}
	options.MongoDBURI, options.MongoDBName, options.MasterKey = "mongodb://"+l.address(), embedded.DefaultDatabase, strings.TrimSpace(string(master))
	return openHouseWith(t, options), l
}
