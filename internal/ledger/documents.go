package ledger

import (
	"context"
	"crypto/hmac"
	"fmt"

	"passerelle/internal/domain/audit"
)

// DocumentReport is what a comparison of records with the log found. Wrong is
// empty when all is well, else it names the record with the smallest id that is
// not what the log last said of it.
type DocumentReport struct {
	Agreed    int // records that are as their last entry says
	Forgotten int // erased: their key is destroyed, and nobody can tell
	Waiting   int // their last entries are still in them
	Unlogged  int // no entry was ever made about them
	Wrong     string
}

// Documents compares records as they are stored with the log.
type Documents struct {
	ledger *Ledger
	last   map[string]audit.Leaf // by subject
	seen   map[string]bool
	report DocumentReport
	wrong  string // id of the record that Wrong is about
}

// Documents begins a comparison: every record that exists is to be given to
// See, and then Report asked. It relies on the log, which Verify checks.
func (l *Ledger) Documents(ctx context.Context) (*Documents, error) {
	d := &Documents{ledger: l, last: map[string]audit.Leaf{}, seen: map[string]bool{}}
	err := l.Store.LoadLeaves(ctx, func(leaf audit.Leaf) error {
		if have, ok := d.last[leaf.Subject]; leaf.Rev > 0 && (!ok || later(leaf, have)) {
			d.last[leaf.Subject] = leaf
		}
		return nil
	})
	return d, err
}

// later tells which of two entries about one record says more of it now.
func later(a, b audit.Leaf) bool { return a.Rev > b.Rev || a.Rev == b.Rev && a.ID > b.ID }

// See compares one record.
func (d *Documents) See(ctx context.Context, doc audit.Document) error {
	d.seen[doc.ID] = true
	leaf, ok := d.last[doc.ID]
	switch {
	case doc.Waiting:
		d.report.Waiting++
	case !ok:
		d.report.Unlogged++
	case doc.Rev < leaf.Rev:
		d.finding(doc.ID, leaf, fmt.Sprintf("is at revision %d", doc.Rev))
	case doc.Rev > leaf.Rev && !doc.Runs:
		d.finding(doc.ID, leaf, fmt.Sprintf("is at revision %d, of which the log knows nothing", doc.Rev))
	case doc.Rev == leaf.Rev:
		return d.compare(ctx, doc, leaf)
	default:
		d.report.Agreed++
	}
	return nil
}

func (d *Documents) compare(ctx context.Context, doc audit.Document, leaf audit.Leaf) error {
	key, err := d.ledger.subjectKey(ctx, doc.ID)
	switch {
	case err != nil:
		return err
	case key == nil || len(leaf.MAC) == 0:
		d.report.Forgotten++
	case hmac.Equal(leaf.MAC, contentMAC(key, leaf.ID, doc.Digest)):
		d.report.Agreed++
	default:
		d.finding(doc.ID, leaf, "is not what was stored then")
	}
	return nil
}

// Report gives the outcome, once every record was seen: one that the log knows
// and that nobody has seen is gone.
func (d *Documents) Report() DocumentReport {
	for id, leaf := range d.last {
		if !d.seen[id] && len(leaf.MAC) > 0 {
			d.finding(id, leaf, "is gone")
		}
	}
	return d.report
}

// finding keeps the first by id, so that every run names the same.
func (d *Documents) finding(id string, leaf audit.Leaf, what string) {
	if d.wrong == "" || id < d.wrong {
		d.wrong = id
		d.report.Wrong = fmt.Sprintf("record %s %s: the last entry about it is %s, %s at revision %d", id, what, leaf.ID, leaf.Action, leaf.Rev)
	}
}
