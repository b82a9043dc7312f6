package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"passerelle/internal/domain/fault"
)

// place is a data directory that is about to be made by a restore. Everything
// is written into a directory beside it, which takes its name in one step when
// it is complete.
type place struct {
	target string
	part   string
	lock   *os.File // of part; the kernel drops it with the process
	taken  bool
}

// newPlace makes the directory beside the target. The target must be absent or
// empty: Conflict code "store.not_empty"; it cannot be where a disk is mounted,
// because that name cannot be taken: Invalid code "restore.mount". What a
// restore that was cut short has left is removed; while one is under way,
// Conflict code "store.locked".
func newPlace(dir string) (*place, error) {
	target, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := mustBeEmpty(target); err != nil {
		return nil, err
	}
	p := &place{target: target, part: filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".restoring")}
	if err := os.MkdirAll(p.part, 0o700); err != nil {
		return nil, err
	}
	if p.lock, err = os.Open(p.part); err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(p.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fault.New(fault.Conflict, "store.locked").Because(err), p.lock.Close())
	}
	if err := clearDir(p.part); err != nil {
		return nil, errors.Join(err, p.leave())
	}
	return p, nil
}

func mustBeEmpty(target string) error {
	entries, err := os.ReadDir(target)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fault.New(fault.Conflict, "store.not_empty").Because(fmt.Errorf("%s holds %s", target, entries[0].Name()))
	}
	inside, err := os.Stat(target)
	if err != nil {
		return err
	}
	beside, err := os.Stat(filepath.Dir(target))
	if err != nil {
		return err
	}
	a, ok := inside.Sys().(*syscall.Stat_t)
	b, also := beside.Sys().(*syscall.Stat_t)
	if ok && also && a.Dev != b.Dev {
		return fault.New(fault.Invalid, "restore.mount")
	}
	return nil
}

func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// take gives the complete directory the target's name, in one step.
func (p *place) take() error {
	if err := p.lock.Sync(); err != nil {
		return err
	}
	if err := os.Rename(p.part, p.target); err != nil {
		return err
	}
	p.taken = true
	parent, err := os.Open(filepath.Dir(p.target))
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}

// leave removes what was not taken.
func (p *place) leave() error {
	var err error
	if !p.taken {
		err = os.RemoveAll(p.part)
	}
	return errors.Join(err, p.lock.Close())
}
