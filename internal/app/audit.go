package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
	"passerelle/internal/ledger"
)

// auditing is the audit log and what feeds it.
type auditing struct {
	ledger   *ledger.Ledger
	carrier  *ledger.Carrier
	recorder *ledger.Recorder
	refusals *ledger.Refusals
}

func newAuditing(s stores, ix *index.Index, keys *auth.Keyring, now func() time.Time) auditing {
	log := ledger.New(ledger.Deps{Store: s.audits, Keys: auditKeys{keys}, Random: rand.Reader, Now: now})
	recorder := &ledger.Recorder{Inbox: s.audits, Now: now, NewID: newID}
	return auditing{
		ledger: log, recorder: recorder,
		carrier: &ledger.Carrier{Ledger: log, Inbox: s.audits, Outboxes: outboxes(s), Waiting: func() []ledger.Waiting {
			var waiting []ledger.Waiting
			for _, w := range ix.PendingSubjects() {
				waiting = append(waiting, ledger.Waiting{Noun: string(w.Noun), ID: w.ID})
			}
			return waiting
		}},
		refusals: &ledger.Refusals{Recorder: recorder, Now: now},
	}
}

// outboxes reaches what waits in the documents of every kind.
func outboxes(s stores) map[string]ledger.Outbox {
	return map[string]ledger.Outbox{
		string(index.Accounts): s.accounts, string(index.Agencies): s.agencies, string(index.Employers): s.employers,
		string(index.Corridors): s.corridors, string(index.Offers): s.offers, string(index.Profiles): s.profiles,
		string(index.Applications): s.applications, string(index.Imports): s.imports,
		string(index.Agreements): s.agreements, string(index.Acts): s.suspensions, string(index.Placements): s.placements, string(index.Incidents): s.incidents,
		string(index.Assignments): s.assignments,
	}
}

// attested lists every kind of record that the log speaks of.
func attested(s stores) []interface {
	EachDigest(ctx context.Context, fn func(audit.Document) error) error
} {
	return []interface {
		EachDigest(ctx context.Context, fn func(audit.Document) error) error
	}{s.accounts, s.agencies, s.employers, s.corridors, s.offers, s.profiles, s.applications, s.imports, s.agreements, s.suspensions, s.placements, s.incidents, s.assignments}
}

// auditKeys gives the audit log its keys of the ring.
type auditKeys struct{ ring *auth.Keyring }

func (k auditKeys) Sign(ctx context.Context, message []byte) (kid string, signature []byte, err error) {
	return k.ring.Sign(ctx, auth.Checkpoint, message)
}

func (k auditKeys) PublicKey(kid string) (ed25519.PublicKey, bool) {
	return k.ring.Verifier(auth.Checkpoint, kid)
}

func (k auditKeys) Secret(ctx context.Context) (kid string, secret []byte, err error) {
	return k.ring.Secret(ctx, auth.Subject)
}

func (k auditKeys) SecretOf(kid string) ([]byte, bool) { return k.ring.SecretOf(auth.Subject, kid) }

// carry brings counted refusals, outboxes and events to the log.
func (s *auditing) carry(ctx context.Context) error {
	return errors.Join(s.refusals.Flush(ctx), s.carrier.Carry(ctx))
}

// drain records the refusals that are only counted so far, at the end.
func (s *auditing) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	return s.refusals.Drain(ctx)
}

// checkpointFile is the name of a day's checkpoint in the data directory.
func checkpointFile(day ref.Date) string { return "checkpoint-" + string(day) + ".txt" }

// saveCheckpoint writes the signed state of the audit log to the file of the
// day, which so holds the day's last state. A copy kept elsewhere, or on paper,
// shows later that nothing before it was cut off. It fails when the log is
// shorter than the latest file says, and leaves that file as it is.
func (a *App) saveCheckpoint(ctx context.Context) error {
	log := a.services.audit.ledger
	head, err := log.Head(ctx)
	if err != nil {
		return err
	}
	daily, err := a.checkpointFiles()
	if err != nil {
		return err
	}
	if len(daily) > 0 {
		text, err := os.ReadFile(daily[len(daily)-1])
		if err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
		last, err := log.ReadCheckpoint(text)
		if err != nil {
			return err
		}
		if last.Size > head.Size {
			return fault.New(fault.Unavailable, "audit.broken").
				Because(fmt.Errorf("the log has %d entries, %s counts %d", head.Size, filepath.Base(daily[len(daily)-1]), last.Size))
		}
	}
	return writeFile(filepath.Join(a.options.DataDir, checkpointFile(ref.DateOf(a.clock.Now()))), []byte(head.Note))
}

// checkpointFiles lists the daily checkpoints, the oldest first.
func (a *App) checkpointFiles() ([]string, error) {
	daily, err := filepath.Glob(filepath.Join(escapeGlob(a.options.DataDir), checkpointFile("*")))
	slices.Sort(daily)
	return daily, err
}

// writeFile makes a file that is there whole or not at all.
func writeFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// AuditCheckpoint gives the signed state of the audit log as a text to keep.
func (a *App) AuditCheckpoint(ctx context.Context) (string, error) {
	head, err := a.services.audit.ledger.Head(ctx)
	return head.Note, err
}

// AuditReport is the outcome of a verification of the audit log. Tampered is
// empty when all is well, else it names the first place that is wrong.
type AuditReport struct {
	Entries     int64
	Root        string // base64
	Uncarried   int    // entries still in their documents
	Checkpoints []string
	Records     ledger.DocumentReport // records compared with their last entry; none from outside
	Tampered    string
}

// VerifyAudit checks the audit log against its signatures, the daily
// checkpoints of the data directory and those in the named files, and then the
// records against the log. An error means that this could not be done.
func (a *App) VerifyAudit(ctx context.Context, files []string) (AuditReport, error) {
	daily, err := a.checkpointFiles()
	if err != nil {
		return AuditReport{}, err
	}
	var saved []ledger.Saved
	for _, path := range append(daily, files...) {
		text, err := os.ReadFile(path)
		if err != nil {
			return AuditReport{}, fmt.Errorf("checkpoint: %w", err)
		}
		saved = append(saved, ledger.Saved{Name: filepath.Base(path), Text: text})
	}
	log := &a.services.audit
	waiting, err := log.carrier.Uncarried(ctx)
	if err != nil {
		return AuditReport{}, err
	}
	found, err := log.ledger.Verify(ctx, saved, waiting)
	report := AuditReport{Entries: found.Entries, Root: found.Root.String(), Uncarried: found.Uncarried, Checkpoints: found.Checkpoints}
	if found.Finding != nil {
		report.Tampered = found.Finding.Error()
	}
	if err != nil || report.Tampered != "" {
		return report, err
	}
	report.Records, err = a.verifyRecords(ctx)
	report.Tampered = report.Records.Wrong
	return report, err
}

// verifyRecords compares every record with the last entry about it.
func (a *App) verifyRecords(ctx context.Context) (ledger.DocumentReport, error) {
	documents, err := a.services.audit.ledger.Documents(ctx)
	if err != nil {
		return ledger.DocumentReport{}, err
	}
	for _, kind := range attested(a.stores) {
		err := kind.EachDigest(ctx, func(doc audit.Document) error { return documents.See(ctx, doc) })
		if err != nil {
			return ledger.DocumentReport{}, err
		}
	}
	return documents.Report(), nil
}
