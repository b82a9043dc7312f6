package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// program is the built binary in a scratch directory.
type program struct {
	dir    string
	binary string
	before []string // command that runs the binary, such as taskset
}

// build compiles the program once for a measurement.
func build(ctx context.Context) (*program, error) {
	dir, err := os.MkdirTemp("", "measure-")
	if err != nil {
		return nil, err
	}
	p := &program{dir: dir, binary: filepath.Join(dir, "passerelle")}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", p.binary, "./cmd/passerelle")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		p.remove()
		return nil, fmt.Errorf("build (run this from the top of the project): %w", err)
	}
	return p, nil
}

func (p *program) remove() { _ = os.RemoveAll(p.dir) } // scratch files only

// server is one run of serve --demo.
type server struct {
	cmd     *exec.Cmd
	log     *os.File
	address string
	ready   time.Duration // from start to the first answer
	done    chan error
}

// serve starts the demonstration on free ports, with more environment.
func (p *program) serve(ctx context.Context, data string, environ ...string) (*server, error) {
	file := filepath.Join(p.dir, "address-"+filepath.Base(data))
	_ = os.Remove(file) // it may not be there
	log, err := os.Create(file + ".log")
	if err != nil {
		return nil, err
	}
	s := &server{log: log, done: make(chan error, 1)}
	args := append(slices.Clone(p.before), p.binary, "serve", "--demo", "--data-dir", filepath.Join(p.dir, data), "--address-file", file)
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Env = append(os.Environ(), append([]string{
		"PASSERELLE_LISTEN=127.0.0.1:0", "PASSERELLE_ADMIN_LISTEN=127.0.0.1:0", "PASSERELLE_RATE_LIMIT=off", "PASSERELLE_LOG_LEVEL=warn",
	}, environ...)...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.done <- s.cmd.Wait() }()
	if err := s.await(ctx, file); err != nil {
		return nil, errors.Join(err, s.kill())
	}
	s.ready = time.Since(began)
	return s, nil
}

// await waits until the program has written its address.
func (s *server) await(ctx context.Context, file string) error {
	for range 1200 {
		if text, err := os.ReadFile(file); err == nil {
			s.address = strings.TrimSpace(string(text))
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-s.done:
			s.done <- err
			text, _ := os.ReadFile(s.log.Name()) // what it said is all we can show
			return fmt.Errorf("the server ended at once: %v\n%s", err, text)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("the server was not ready within a minute")
}

// kill ends the server without warning, as a power cut would the process.
func (s *server) kill() error {
	if err := s.cmd.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.done
	return s.log.Close()
}

// stop ends the server in an orderly way.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-s.done
	return errors.Join(err, s.log.Close())
}

// peak gives the largest resident memory the server has had, in MB.
func (s *server) peak() string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return "unknown"
	}
	for _, line := range strings.Split(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// start measures how long building and starting take.
func start(ctx context.Context) error {
	began := time.Now()
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	built := time.Since(began)
	info, err := os.Stat(p.binary)
	if err != nil {
		return err
	}
	first, err := p.serve(ctx, "start")
	if err != nil {
		return err
	}
	memory := first.peak()
	if err := first.stop(); err != nil {
		return err
	}
	again, err := p.serve(ctx, "start")
	if err != nil {
		return err
	}
	if err := again.stop(); err != nil {
		return err
	}
	fmt.Printf("build (cache as it was): %.1f s\nbinary: %.1f MB\nfirst start with the sample made: %.1f s, peak memory %s\nsecond start: %.1f s\n",
		built.Seconds(), float64(info.Size())/1e6, first.ready.Seconds(), memory, again.ready.Seconds())
	return nil
}
