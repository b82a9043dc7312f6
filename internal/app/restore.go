package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/backup"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/index"
	"passerelle/internal/store"
)

// RestoreSpec says what is put back, and where the master key is.
type RestoreSpec struct {
	Backup string // path of a backup; empty = Export
	Export string // directory of an export
	// KeyFile holds the master key when the settings do not; it is copied into
	// the data directory of the embedded engine.
	KeyFile string
	// Erasures is the path of erasures.jsonl as it stands in the data directory
	// of the service that went on: who asked to be erased after the backup was
	// made is erased again. Empty = none.
	Erasures string
}

// Restored says what a restore has put back and how it was verified.
type Restored struct {
	Kept
	CreatedAt time.Time // of the backup or export
	Program   string    // version that wrote it
	Schema    int
	KeyID     string // of the master key; empty for an export
	Index     []IndexCount
	Audit     AuditReport
	Erased    int // erasures applied again
}

// IndexCount compares the rebuilt index with the store.
type IndexCount struct {
	Name   string
	Stored int
	Found  int
}

// Restore puts a backup or an export into an empty place: the data directory,
// or the MongoDB database of the options. Everything is verified before it can
// be used: each document against the manifest, on the way in and read again;
// the keys against the master key; the index against the store; the audit log
// against its signatures. Cut short anywhere, the data directory is as it was
// and MongoDB is marked as half-made, and the same call begins again.
//
// Invalid with the codes of package backup when it cannot be read, Conflict
// code "store.not_empty" when the place is not empty.
func Restore(ctx context.Context, o Options, spec RestoreSpec) (r Restored, err error) {
	if err := o.fillForRestore(); err != nil {
		return r, err
	}
	master, _, err := auth.LoadMaster("", o.MasterKey, spec.KeyFile, rand.Reader)
	if err != nil {
		return r, err
	}
	source, err := openSource(spec, master)
	if err != nil {
		return r, err
	}
	defer source.close()
	if r = source.about; r.Schema > store.KnownSchema() {
		return r, fault.New(fault.Conflict, "store.schema_newer")
	}
	if o.MongoDBURI != "" {
		if o.MasterKey, err = masterText(o.MasterKey, spec.KeyFile); err != nil {
			return r, err
		}
		err = restoreInto(ctx, o, spec, source, &r)
		return r, err
	}
	place, err := newPlace(o.DataDir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.leave()) }()
	o.DataDir = place.part
	if spec.KeyFile != "" {
		if err := copyKey(spec.KeyFile, place.part); err != nil {
			return r, err
		}
	}
	if err := restoreInto(ctx, o, spec, source, &r); err != nil {
		return r, err
	}
	return r, place.take()
}

// fillForRestore puts in what New would, without asking for what a restore
// brings along.
func (o *Options) fillForRestore() error {
	o.Offline, o.Restoring, o.Demo, o.DemoNow = true, true, false, time.Time{}
	key := o.MasterKey
	if key == "" {
		o.MasterKey = "given later"
	}
	err := o.fill()
	o.MasterKey = key
	return err
}

// masterText gives the master key as text, from the settings or a file.
func masterText(given, file string) (string, error) {
	if file == "" {
		return given, nil
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

// copyKey puts the master key where the embedded engine looks for it.
func copyKey(file, dir string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return backup.Directory(dir).PutFile(auth.MasterFile, f)
}

// source is a backup or an export, ready to be read once.
type source struct {
	about  Restored
	replay func(backup.Sink, backup.Files) (*backup.Manifest, error)
	close  func()
}

func openSource(spec RestoreSpec, master auth.Master) (*source, error) {
	if spec.Backup == "" {
		c, err := backup.ReadContents(spec.Export)
		if err != nil {
			return nil, err
		}
		return &source{
			about: Restored{CreatedAt: c.CreatedAt, Program: c.Program, Schema: c.Schema},
			replay: func(sink backup.Sink, files backup.Files) (*backup.Manifest, error) {
				c, err := backup.Import(spec.Export, codec(), sink, files)
				if err != nil {
					return nil, err
				}
				return &c.Manifest, nil
			},
			close: func() {},
		}, nil
	}
	f, err := os.Open(spec.Backup)
	if err != nil {
		return nil, err
	}
	in, err := backup.NewReader(f, master)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	h := in.Header
	return &source{
		about:  Restored{CreatedAt: h.CreatedAt, Program: h.Program, Schema: h.Schema, KeyID: h.KeyID},
		replay: in.Replay,
		close: func() {
			in.Close()
			_ = f.Close() // it was read only
		},
	}, nil
}

// restoreInto fills the place of the options and verifies what is there.
func restoreInto(ctx context.Context, o Options, spec RestoreSpec, source *source, r *Restored) error {
	m, err := fill(ctx, o, source)
	if err != nil {
		return err
	}
	r.Kept = keptOf(m)
	a, err := New(ctx, o)
	if err != nil {
		return err
	}
	err = a.verifyRestored(ctx, m, r)
	if err == nil && spec.Erasures != "" {
		r.Erased, err = a.eraseAgain(ctx, spec.Erasures)
	}
	if err == nil {
		err = a.db.Complete(ctx)
	}
	return errors.Join(err, a.Close())
}

// fill writes the documents and files, and reads the documents again.
func fill(ctx context.Context, o Options, source *source) (m *backup.Manifest, err error) {
	db, err := store.Open(ctx, store.Options{
		URI: o.MongoDBURI, Database: o.MongoDBName, Dir: o.DataDir, Logger: o.Log, NoSync: o.Fast, Restoring: true,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	filling, err := db.Fill(ctx)
	if err != nil {
		return nil, err
	}
	if m, err = source.replay(filling, backup.Directory(o.DataDir)); err != nil {
		return nil, err
	}
	if err := filling.Flush(); err != nil {
		return nil, err
	}
	var written backup.Tally
	if err := db.Dump(ctx, &written); err != nil {
		return nil, err
	}
	if wrong := m.Differences(written.Manifest()); len(wrong) > 0 {
		return nil, fault.New(fault.Unavailable, "restore.differs").Because(fmt.Errorf("%v", wrong))
	}
	return m, nil
}

// verifyRestored compares the index with the store, verifies the audit log,
// and remembers the restore in it.
func (a *App) verifyRestored(ctx context.Context, m *backup.Manifest, r *Restored) (err error) {
	r.Index = a.countIndex(m)
	for _, c := range r.Index {
		if c.Found < c.Stored { // the first set of corridors may have been added
			return fault.New(fault.Unavailable, "restore.differs").Because(fmt.Errorf("the index has %d of %d %s", c.Found, c.Stored, c.Name))
		}
	}
	if r.Audit, err = a.VerifyAudit(ctx, nil); err != nil {
		return err
	}
	if r.Audit.Tampered != "" {
		return fault.New(fault.Unavailable, "audit.broken").Because(errors.New(r.Audit.Tampered))
	}
	return a.recordKeeping(ctx, account.SystemActor(), actionRestore, "")
}

// eraseAgain applies a ledger of erasures to what was restored.
func (a *App) eraseAgain(ctx context.Context, path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return a.ReapplyErasures(ctx, f)
}

// countIndex compares the number of records of each kind.
func (a *App) countIndex(m *backup.Manifest) []IndexCount {
	var out []IndexCount
	for noun, n := range a.index.Counts() {
		collection := string(noun)
		if noun == index.Imports {
			collection = "intake"
		}
		out = append(out, IndexCount{Name: collection, Stored: m.Count(collection), Found: n})
	}
	slices.SortFunc(out, func(a, b IndexCount) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// CheckBackup reads a whole backup and verifies it against its manifest,
// without writing anything.
func CheckBackup(path, masterKey, keyFile string) (r Restored, err error) {
	master, _, err := auth.LoadMaster("", masterKey, keyFile, rand.Reader)
	if err != nil {
		return r, err
	}
	source, err := openSource(RestoreSpec{Backup: path}, master)
	if err != nil {
		return r, err
	}
	defer source.close()
	r = source.about
	m, err := source.replay(nowhere{}, nowhere{})
	if err != nil {
		return r, err
	}
	r.Kept = keptOf(m)
	return r, nil
}

// nowhere takes everything and keeps nothing.
type nowhere struct{}

// Begin takes a collection.
func (nowhere) Begin(string) error { return nil }

// Put takes a document.
func (nowhere) Put(string, []byte) error { return nil }

// PutFile takes a file.
func (nowhere) PutFile(_ string, content io.Reader) error {
	_, err := io.Copy(io.Discard, content)
	return err
}
