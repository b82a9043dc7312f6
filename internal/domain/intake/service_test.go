package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
)

// memory is a store and a read model of imports.
type memory struct {
	imports map[ID]Import
	rows    map[string]RowError
	// failAt makes the n-th write from now fail, as a crash would.
	failAt int
}

var errCrash = errors.New("crash")

func newMemory() *memory { return &memory{imports: map[ID]Import{}, rows: map[string]RowError{}} }

func (m *memory) write() error {
	if m.failAt--; m.failAt == 0 {
		return errCrash
	}
	return nil
}

func (m *memory) Get(_ context.Context, id ID) (*Import, error) {
	i, ok := m.imports[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	i.Codes = maps.Clone(i.Codes)
	return &i, nil
}

func (m *memory) Insert(_ context.Context, i *Import) error {
	if _, ok := m.imports[i.ID]; ok {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	if err := m.write(); err != nil {
		return err
	}
	m.imports[i.ID] = *i
	return nil
}

func (m *memory) Update(ctx context.Context, id ID, change func(*Import) error) (*Import, error) {
	i, err := m.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := change(i); err != nil {
		return nil, err
	}
	if err := m.write(); err != nil {
		return nil, err
	}
	m.imports[id] = *i
	return i, nil
}

func (m *memory) PutRowErrors(_ context.Context, errors []RowError) error {
	if err := m.write(); err != nil {
		return err
	}
	for _, e := range errors {
		m.rows[fmt.Sprintf("%s:%d", e.Import, e.Row)] = e
	}
	return nil
}

func (m *memory) RowErrors(_ context.Context, id ID) (out []RowError, err error) {
	for _, e := range m.rows {
		if e.Import == id {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b RowError) int { return a.Row - b.Row })
	return out, nil
}

func (m *memory) SearchImports(q Query) (listing.Result[Import], error) {
	var r listing.Result[Import]
	for _, i := range m.imports {
		if q.Scope.All || q.Scope.Agency == i.Agency && i.Agency != "" {
			r.Items = append(r.Items, i)
		}
	}
	r.Total = len(r.Items)
	return r, nil
}

func (m *memory) ImportCard(id ID) (Import, bool) { i, ok := m.imports[id]; return i, ok }

// keeper keeps rows by key and hash, as the offers' room does.
type keeper struct {
	m    *memory
	kept map[string]kept
	busy int // rows written
}

type kept struct {
	hash string
	o    Origin
	row  int
	rev  int
}

func (k *keeper) Admit(_ context.Context, actor account.Actor, agencyID string) error {
	if actor.Agency != agencyID && actor.Role != account.Official {
		return fault.New(fault.NotFound, "agency.not_found")
	}
	return nil
}

func (k *keeper) Keep(_ context.Context, _ account.Actor, o Origin, rows []Row) (out []Outcome, err error) {
	for _, r := range rows {
		old, known := k.kept[r.Key]
		result := Created
		switch {
		case known && old.hash == r.Hash && old.o.Run == o.Run && old.row == r.Number && old.rev == 1:
			result = Created
		case known && old.hash == r.Hash:
			result = Unchanged
		case known:
			result = Updated
		}
		if !o.DryRun && !(known && old.hash == r.Hash) {
			if err := k.m.write(); err != nil {
				return nil, err
			}
			k.busy++
			k.kept[r.Key] = kept{r.Hash, o, r.Number, old.rev + 1}
		}
		out = append(out, Outcome{Result: result, Codes: []string{"lint.hours.missing"}})
	}
	return out, nil
}

type batches struct{ approved, published []string }

func (b *batches) ApproveImport(_ context.Context, _ account.Actor, id string, progress func(offer.Batch)) (offer.Batch, error) {
	b.approved = append(b.approved, id)
	progress(offer.Batch{Total: 2, Done: 1})
	return offer.Batch{Total: 2, Done: 1, Skipped: 1, Reasons: map[string]int{"lint.pay": 1}}, nil
}

func (b *batches) PublishImport(_ context.Context, _ account.Actor, id string, _ func(offer.Batch)) (offer.Batch, error) {
	b.published = append(b.published, id)
	return offer.Batch{Total: 2, Done: 1}, nil
}

var member = account.Actor{Account: "acc_member", Role: account.Agency, Agency: "agy_1"}

func official(n int) account.Actor {
	return account.Actor{Account: account.ID(fmt.Sprintf("acc_official%d", n)), Role: account.Official}
}

func newService(m *memory) (*Service, *keeper, *batches) {
	k, b := &keeper{m: m, kept: map[string]kept{}}, &batches{}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return NewService(Deps{Store: m, Reader: m, Keepers: map[Kind]Keeper{Offers: k}, Batches: b, Now: func() time.Time { return now }}), k, b
}

// rows makes n rows; every seventh is a bad one.
func rows(n int, version string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i := 1; i <= n; i++ {
			r := Row{Number: i, Key: fmt.Sprint("k", i), Hash: fmt.Sprint(i, version), Raw: fmt.Sprint("raw ", i)}
			if i%7 == 0 {
				r.Faults = []RowFault{{Pointer: "/title", Code: "required"}}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

var spec = Spec{Kind: Offers, Agency: "agy_1", File: "ads.jsonl", SHA256: "abc"}

func TestRunCountsEveryRow(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	var last Counts
	imp, _, err := s.Run(t.Context(), member, spec, rows(1001, "a"), func(c Counts) { last = c })
	if err != nil {
		t.Fatal(err)
	}
	want := Counts{Rows: 1001, Created: 858, Rejected: 143}
	if imp.Counts != want || last != want || imp.State != Done || imp.Codes["required"] != 143 || imp.Codes["lint.hours.missing"] != 858 {
		t.Errorf("%+v", imp)
	}
	errs, err := s.RowErrors(t.Context(), member, imp.ID)
	if err != nil || len(errs) != 143 || errs[0].Row != 7 || errs[0].Raw != "raw 7" {
		t.Errorf("%d row errors, %v", len(errs), err)
	}
	again, _, err := s.Run(t.Context(), member, spec, rows(1001, "a"), nil)
	if err != nil || again.Counts != (Counts{Rows: 1001, Unchanged: 858, Rejected: 143}) || again.Runs != 2 {
		t.Errorf("second run: %+v %v", again, err)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	m := newMemory()
	s, k, _ := newService(m)
	dry := spec
	dry.DryRun = true
	imp, rejected, err := s.Run(t.Context(), member, dry, rows(450, "a"), nil)
	if err != nil || imp.Counts != (Counts{Rows: 450, Created: 386, Rejected: 64}) || len(rejected) != 64 {
		t.Errorf("%+v %d %v", imp, len(rejected), err)
	}
	if len(m.imports)+len(m.rows)+k.busy != 0 {
		t.Error("a dry run has written")
	}
}

// TestCrashAtEveryWrite stops a run after each of its writes and resumes it:
// the counts are those of an undisturbed run, and no row is kept twice.
func TestCrashAtEveryWrite(t *testing.T) {
	const n = 420
	for at := 1; at <= 380; at++ {
		m := newMemory()
		s, k, _ := newService(m)
		m.failAt = at
		_, _, err := s.Run(t.Context(), member, spec, rows(n, "a"), nil)
		m.failAt = 0
		if err == nil {
			break
		}
		imp, _, err := s.Run(t.Context(), member, spec, rows(n, "a"), nil)
		if err != nil {
			t.Fatalf("crash at write %d: %v", at, err)
		}
		if imp.Counts != (Counts{Rows: n, Created: 360, Rejected: 60}) || k.busy != 360 || len(m.rows) != 60 {
			t.Fatalf("crash at write %d: %+v, %d kept, %d errors", at, imp.Counts, k.busy, len(m.rows))
		}
	}
}

func TestAFileThatCannotBeReadOn(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	broken := func(yield func(Row, error) bool) {
		for r := range rows(3, "a") {
			if !yield(r, nil) {
				return
			}
		}
		yield(Row{}, fault.New(fault.Invalid, "import.gzip"))
	}
	imp, _, err := s.Run(t.Context(), member, spec, broken, nil)
	if !fault.Is(err, fault.Invalid) || imp.State != Failed || imp.Failure != "import.gzip" || imp.Counts.Created != 3 {
		t.Errorf("%+v %v", imp, err)
	}
}

func TestTwoRunsAtOnceDoNotCountTwice(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	inner := false
	_, _, err := s.Run(t.Context(), member, spec, rows(500, "a"), func(Counts) {
		if inner {
			return
		}
		inner = true
		if _, _, err := s.Run(t.Context(), member, spec, rows(500, "a"), nil); err != nil {
			t.Error(err)
		}
	})
	if !fault.Is(err, fault.Conflict) || m.imports[MakeID(spec)].Counts.Rows != 500 {
		t.Errorf("%v %+v", err, m.imports[MakeID(spec)].Counts)
	}
}

func TestThreeDifferentPeople(t *testing.T) {
	m := newMemory()
	s, _, b := newService(m)
	imp, _, err := s.Run(t.Context(), member, spec, rows(10, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name   string
		actor  account.Actor
		action string
		kind   fault.Kind
	}{
		{"agency approves", member, ApproveAll, fault.Forbidden},
		{"anonymous approves", account.Actor{}, ApproveAll, fault.Unauthenticated},
		{"publish before approval", official(1), PublishAll, fault.Conflict},
		{"first approves", official(1), ApproveAll, fault.Internal},
		{"again while it runs", official(2), ApproveAll, fault.Conflict},
		{"worked off", account.Actor{}, "", fault.Internal},
		{"approver publishes", official(1), PublishAll, fault.Forbidden},
		{"second publishes", official(2), PublishAll, fault.Internal},
		{"worked off again", account.Actor{}, "", fault.Internal},
	}
	for _, step := range steps {
		if step.action == "" {
			err = s.WorkOff(t.Context())
		} else {
			_, err = s.Decide(t.Context(), step.actor, imp.ID, step.action)
		}
		if fault.KindOf(err) != step.kind && (err != nil || step.kind != fault.Internal) {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	if len(b.approved) != 1 || len(b.published) != 1 {
		t.Errorf("approved %v published %v", b.approved, b.published)
	}
	if i := m.imports[imp.ID]; i.State != Live || i.Batch.Done != 1 || i.Batch.EndedAt.IsZero() {
		t.Errorf("%+v", i)
	}
	if err := s.WorkOff(t.Context()); err != nil || len(b.published) != 1 {
		t.Errorf("a finished batch was worked off again: %v", err)
	}
}

// TestImporterDecidesNothing: an official who brought the file in neither
// approves nor publishes it.
func TestImporterDecidesNothing(t *testing.T) {
	m := newMemory()
	s, _, b := newService(m)
	imp, _, err := s.Run(t.Context(), official(1), spec, rows(10, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), official(1), imp.ID, ApproveAll); !fault.Is(err, fault.Forbidden) || fault.Of(err).Code != "four_eyes" {
		t.Errorf("the importer approves: %v", err)
	}
	if _, err := s.Decide(t.Context(), official(2), imp.ID, ApproveAll); err != nil {
		t.Fatal(err)
	}
	if err := s.WorkOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), official(1), imp.ID, PublishAll); !fault.Is(err, fault.Forbidden) || fault.Of(err).Code != "four_eyes" {
		t.Errorf("the importer publishes: %v", err)
	}
	if len(b.published) != 0 {
		t.Errorf("published %v", b.published)
	}
}

func TestOthersImportsAreNotFound(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	imp, _, err := s.Run(t.Context(), member, spec, rows(1, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	other := account.Actor{Account: "acc_other", Role: account.Agency, Agency: "agy_2"}
	if _, err := s.Get(t.Context(), other, imp.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("other tenant: %v", err)
	}
	if page, err := s.List(t.Context(), other, Query{}); err != nil || page.Total != 0 {
		t.Errorf("other tenant lists %d, %v", page.Total, err)
	}
	if _, _, err := s.Run(t.Context(), other, spec, rows(1, "a"), nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("other tenant imports: %v", err)
	}
	if _, _, err := s.Run(t.Context(), account.Actor{Account: "acc_c", Role: account.Candidate}, spec, rows(1, "a"), nil); !fault.Is(err, fault.Forbidden) {
		t.Errorf("candidate imports: %v", err)
	}
}

// register is a register of agencies for Admit.
type register map[agency.ID]agency.State

func (r register) AgencyCard(id agency.ID) (agency.Card, bool) {
	state, ok := r[id]
	return agency.Card{ID: id, State: state}, ok
}

func TestWhoMayImport(t *testing.T) {
	k := OfferKeeper{Agencies: register{"agy_1": agency.Active, "agy_2": agency.Suspended}}
	for _, c := range []struct {
		actor account.Actor
		id    string
		kind  fault.Kind
	}{
		{member, "agy_1", fault.Internal}, {member, "", fault.Invalid}, {member, "agy_2", fault.NotFound},
		{official(1), "agy_1", fault.Internal}, {official(1), "agy_2", fault.Conflict}, {official(1), "agy_3", fault.NotFound},
	} {
		if err := k.Admit(t.Context(), c.actor, c.id); fault.KindOf(err) != c.kind {
			t.Errorf("%s for %q: %v", c.actor.Account, c.id, err)
		}
	}
	collector := official(3)
	collector.Collector = true
	people := PersonKeeper{}
	for actor, kind := range map[*account.Actor]fault.Kind{&member: fault.Forbidden, new(official(1)): fault.Forbidden, &collector: fault.Internal} {
		if err := people.Admit(t.Context(), *actor, ""); fault.KindOf(err) != kind {
			t.Errorf("%s imports people: %v", actor.Account, err)
		}
	}
}

func TestIDsFollowTheFile(t *testing.T) {
	other, same := spec, spec
	other.SHA256 = "abd"
	if MakeID(spec) == MakeID(other) || MakeID(spec) != MakeID(same) || !strings.HasPrefix(string(MakeID(spec)), "imp_") {
		t.Error(MakeID(spec), MakeID(other))
	}
}
