package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"passerelle/internal/backup"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
)

// The entries of the audit log about everything at once.
const (
	actionBackup  = "service.backup"
	actionExport  = "service.export"
	actionRestore = "service.restore"
)

// Kept says what a backup or an export holds.
type Kept struct {
	Collections []KeptCollection
	Files       int
	Documents   int
	Total       string // SHA-256 over everything, hexadecimal
}

// KeptCollection is one line of it.
type KeptCollection struct {
	Name   string
	Count  int
	SHA256 string // hexadecimal
}

func keptOf(m *backup.Manifest) Kept {
	out := Kept{Files: len(m.Files), Documents: m.Documents(), Total: m.Total}
	for _, c := range m.Collections {
		out.Collections = append(out.Collections, KeptCollection(c))
	}
	return out
}

// Backup writes everything into a new encrypted file: all that was
// acknowledged before the call. The file appears under its name only when it
// is complete; one that exists is left alone. It may be called while the
// service runs.
func (a *App) Backup(ctx context.Context, path string) (Kept, error) {
	if err := a.recordKeeping(ctx, account.SystemActor(), actionBackup, ""); err != nil {
		return Kept{}, err
	}
	var kept Kept
	err := newFile(path, func(f *os.File) error {
		m, err := a.writeBackup(ctx, f)
		if err == nil {
			kept = keptOf(m)
		}
		return err
	})
	return kept, err
}

// recordKeeping remembers that everything is taken away or put back; when it
// cannot, that must not happen.
func (a *App) recordKeeping(ctx context.Context, actor account.Actor, action, origin string) error {
	return a.services.audit.recorder.Record(ctx, audit.Entry{
		Actor: string(actor.Account), Role: string(actor.Role), Action: action, Subject: "service", Origin: origin,
	})
}

// writeBackup writes a backup to w.
func (a *App) writeBackup(ctx context.Context, w io.Writer) (*backup.Manifest, error) {
	schema, err := a.db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	out, err := backup.NewWriter(w, backup.Header{CreatedAt: a.clock.Now(), Program: a.options.Version, Schema: schema, Engine: a.engine()}, a.master, rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := a.dumpAll(ctx, out); err != nil {
		return nil, err
	}
	return out.Close()
}

func (a *App) engine() string {
	if a.db.Embedded() {
		return "embedded"
	}
	return "mongodb"
}

// keeper takes documents and files.
type keeper interface {
	store.Sink
	File(name string, size int64, content io.Reader) error
}

// dumpAll hands over the documents and the files that belong to them. The
// checkpoints are read before the documents, so that none of them is newer
// than the log; uploads and the contents of documents before and after, so
// that none is missed which was there at the moment of the documents, whatever
// imports begin or end.
func (a *App) dumpAll(ctx context.Context, out keeper) error {
	done := map[string]bool{}
	if err := a.dumpFiles(out, done, checkpointFile("*"), spoolFiles, blobFiles); err != nil {
		return err
	}
	if err := a.db.Dump(ctx, out); err != nil {
		return err
	}
	return a.dumpFiles(out, done, spoolFiles, blobFiles)
}

// spoolFiles are the uploads whose imports are not done, see spool.path.
var spoolFiles = filepath.Join("spool", strings.Repeat("[0-9a-f]", 64))

// blobFiles are the encrypted contents of documents, see blobKey.
var blobFiles = filepath.Join(blobsFolder, "[a-z0-9]*")

// dumpFiles hands over the files of the data directory that match and are not
// done yet. One that disappears meanwhile belonged to a finished import.
func (a *App) dumpFiles(out keeper, done map[string]bool, patterns ...string) error {
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(escapeGlob(a.options.DataDir), pattern))
		if err != nil {
			return err
		}
		slices.Sort(paths)
		for _, path := range paths {
			name, err := filepath.Rel(a.options.DataDir, path)
			if err != nil {
				return err
			}
			if done[name] {
				continue
			}
			done[name] = true
			if err := dumpFile(out, filepath.ToSlash(name), path); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// escapeGlob makes a directory's name stand for itself in a pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

func dumpFile(out keeper, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return out.File(name, info.Size(), f)
}

// newFile makes a file that is there whole or not at all, for its owner only.
func newFile(path string, write func(*os.File) error) error {
	if err := mustBeFree(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-*")
	if err != nil {
		return err
	}
	err = write(f)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		// Unlike a renaming, this fails should the name be taken by now.
		err = os.Link(f.Name(), path)
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// mustBeFree fails with Conflict when something has that name already.
func mustBeFree(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fault.New(fault.Conflict, "backup.exists").Because(fmt.Errorf("%s", path)), err)
	}
	return nil
}

// Export writes everything into a new directory as plain JSON lines, to be
// moved to another engine: not encrypted, so only for a place that is safe. The
// directory appears under its name only when it is complete.
func (a *App) Export(ctx context.Context, dir string) (Kept, error) {
	if err := mustBeFree(dir); err != nil {
		return Kept{}, err
	}
	if err := a.recordKeeping(ctx, account.SystemActor(), actionExport, ""); err != nil {
		return Kept{}, err
	}
	part, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), "."+filepath.Base(dir)+".part-*")
	if err != nil {
		return Kept{}, err
	}
	m, err := a.writeExport(ctx, part)
	if err == nil {
		err = os.Rename(part, dir)
	}
	if err != nil {
		return Kept{}, errors.Join(err, os.RemoveAll(part))
	}
	return keptOf(m), nil
}

func (a *App) writeExport(ctx context.Context, dir string) (*backup.Manifest, error) {
	schema, err := a.db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	out := backup.NewExporter(dir, codec())
	if err := a.dumpAll(ctx, out); err != nil {
		return nil, err
	}
	return out.Close(backup.Contents{CreatedAt: a.clock.Now(), Program: a.options.Version, Schema: schema, Engine: a.engine()})
}

func codec() backup.Codec { return backup.Codec{ToJSON: store.ToJSON, FromJSON: store.FromJSON} }
