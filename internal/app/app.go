package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"passerelle/internal/auth"
	"passerelle/internal/index"
	"passerelle/internal/jobs"
	"passerelle/internal/store"
	"passerelle/internal/web"
)

// App is one running Passerelle.
type App struct {
	options  Options
	clock    *Clock
	listener net.Listener // pages and API; nil when offline
	admin    net.Listener // metrics and readiness detail; nil when off
	db       *store.DB
	index    *index.Index
	stores   stores
	services services
	files    files
	acts     acts
	blobs    *blobs
	runner   *jobs.Runner
	server   *web.Server
	adminMux http.Handler
	master   auth.Master
	keeping  sync.Mutex // one backup at a time
	notices  []string
	erasing  sync.Mutex // held while the file of erasures is written
	closing  sync.Once
	closed   error
}

// New opens everything and makes it ready to serve; nothing is answered
// before Run. On failure everything is closed again.
func New(ctx context.Context, options Options) (*App, error) {
	if err := options.fill(); err != nil {
		return nil, err
	}
	a := &App{options: options, clock: NewClock(options.DemoNow)}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	if err := a.listen(); err != nil {
		return err
	}
	if err := a.openStore(ctx); err != nil {
		return err
	}
	keys, err := a.openKeys(ctx)
	if err != nil {
		return err
	}
	a.db.UseCipher(auth.NewFields(keys))
	a.index = index.New(index.Options{Now: a.clock.Now, Weights: a.options.Weights.match(), Calendar: workingDays()})
	a.stores = openStores(a.db, a.index)
	if err := a.stores.load(ctx, a.index); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if err := a.stores.reseal(ctx, a.options.Log); err != nil {
		return fmt.Errorf("seal personal fields: %w", err)
	}
	if err := a.build(ctx, keys); err != nil {
		return err
	}
	if err := a.seed(ctx); err != nil {
		return err
	}
	a.runner = jobs.New(leases{a.db.Leases()}, a.holder(), a.options.Log, a.jobs()...)
	if a.options.Offline {
		return nil
	}
	return a.buildWeb(ctx, keys)
}

func (a *App) listen() (err error) {
	if a.options.Offline {
		return nil
	}
	if a.listener, err = net.Listen("tcp", a.options.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if a.options.AdminListen == "" {
		return nil
	}
	a.admin, err = net.Listen("tcp", a.options.AdminListen)
	if err != nil {
		return fmt.Errorf("admin listener: %w", err)
	}
	return nil
}

func (a *App) openStore(ctx context.Context) error {
	if err := os.MkdirAll(a.options.DataDir, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	db, err := store.Open(ctx, store.Options{
		URI: a.options.MongoDBURI, Database: a.options.MongoDBName, Dir: a.options.DataDir, Logger: a.options.Log,
		Now: a.clock.Now, NoSync: a.options.Fast, Restoring: a.options.Restoring,
	})
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	a.db = db
	_, err = db.Migrate(ctx)
	return err
}

// openKeys unwraps the keys with the master key; the embedded engine makes
// one at its first start and says so.
func (a *App) openKeys(ctx context.Context) (*auth.Keyring, error) {
	master, created, err := auth.LoadMaster(a.options.DataDir, a.options.MasterKey, "", rand.Reader)
	if err != nil {
		return nil, err
	}
	if created != "" {
		a.notices = append(a.notices, "A new master key was written to "+created+": keep a copy in a safe place, without it the data's keys cannot be opened.")
	}
	a.master = master
	return auth.OpenKeyring(ctx, a.db.Keys(), master, rand.Reader, a.clock.Now)
}

// holder names this process in leases. On the embedded engine, where the lock
// of the data directory lets in one process at a time, it is always the same:
// a process that was killed leaves no lease for its successor to wait out.
func (a *App) holder() string {
	if a.db.Embedded() {
		return "embedded"
	}
	return newID("run_")
}

// leases adapts the store's leases to what the jobs ask for.
type leases struct{ *store.Leases }

// Acquire takes the lease.
func (l leases) Acquire(ctx context.Context, name, holder string, ttl time.Duration) error {
	_, err := l.Leases.Acquire(ctx, name, holder, ttl)
	return err
}

// Notices are lines an operator should read once, such as that a key was made.
func (a *App) Notices() []string { return a.notices }

// Address is host:port of pages and API; empty when offline.
func (a *App) Address() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}

// AdminAddress is host:port of the metrics; empty when they are off.
func (a *App) AdminAddress() string {
	if a.admin == nil {
		return ""
	}
	return a.admin.Addr().String()
}

// DemoPassword signs in to the demo accounts.
func (a *App) DemoPassword() string { return a.options.DemoPassword }

// Clock is the time this App lives by.
func (a *App) Clock() *Clock { return a.clock }

func (a *App) publicURL() string {
	switch {
	case a.options.PublicURL != "":
		return a.options.PublicURL
	case a.listener != nil:
		return "http://" + a.Address()
	default:
		return "http://localhost"
	}
}

// Run serves until ctx ends: first the requests in flight are finished, then
// the jobs, then the store is closed.
func (a *App) Run(ctx context.Context) error {
	jobsCtx, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	defer stopJobs()
	var working sync.WaitGroup
	working.Go(func() { a.runner.Run(jobsCtx) })
	group, serving := errgroup.WithContext(ctx)
	group.Go(func() error { return a.server.Serve(serving, a.listener) })
	if a.admin != nil {
		group.Go(func() error { return a.serveAdmin(serving) })
	}
	err := group.Wait()
	stopJobs()
	working.Wait()
	if lost := a.services.audit.drain(ctx); lost != nil {
		a.options.Log.Warn("counted refusals were not recorded", "error", lost)
	}
	return errors.Join(err, a.Close())
}

func (a *App) serveAdmin(ctx context.Context) error {
	server := &http.Server{Handler: a.adminMux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() }) // metrics need no draining
	defer stopped()
	if err := server.Serve(a.admin); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close closes listeners and store; it may be called more than once.
func (a *App) Close() error {
	a.closing.Do(func() {
		var failed []error
		for _, l := range []net.Listener{a.listener, a.admin} {
			if l == nil {
				continue
			}
			if err := l.Close(); !errors.Is(err, net.ErrClosed) {
				failed = append(failed, err)
			}
		}
		if a.db != nil {
			failed = append(failed, a.db.Close())
		}
		a.closed = errors.Join(failed...)
	})
	return a.closed
}
