package lifecycletest_test

import (
	"testing"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/lifecycle/lifecycletest"
)

type record struct {
	ID        string
	Rev       int64
	Name, Use string
	UpdatedAt time.Time
	Pending   audit.Log
}

func (r *record) note(action string) {
	r.Rev++
	r.Pending.Add(audit.Entry{At: time.Unix(1, 0), Action: action, Subject: r.ID, Rev: r.Rev})
}

// TestAChangeLeavesATrace: what is not told in the audit log fails.
func TestAChangeLeavesATrace(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*record)
		fails  bool
	}{
		"nothing":           {func(*record) {}, false},
		"told":              {func(r *record) { r.Name = "b"; r.note("rename") }, false},
		"told twice":        {func(r *record) { r.Name = "b"; r.note("rename"); r.note("rename") }, false},
		"told for nothing":  {func(r *record) { r.note("read") }, false},
		"only when":         {func(r *record) { r.UpdatedAt = time.Unix(2, 0) }, false},
		"set aside":         {func(r *record) { r.Use = "x" }, false},
		"not told":          {func(r *record) { r.Name = "b" }, true},
		"counted, not told": {func(r *record) { r.Name = "b"; r.Rev++ }, true},
		"told of another":   {func(r *record) { r.Name = "b"; r.note("rename"); r.Pending[0].Subject = "rec_2" }, true},
		"told of no action": {func(r *record) { r.Name = "b"; r.note("") }, true},
		"told of no moment": {func(r *record) { r.Name = "b"; r.note("rename"); r.Pending[0].At = time.Time{} }, true},
		"one of two told":   {func(r *record) { r.Name = "b"; r.Rev++; r.note("rename") }, true},
		"counted backwards": {func(r *record) { r.Name = "b"; r.note("rename"); r.Rev = 0 }, true},
	} {
		r := &record{ID: "rec_1", Rev: 1, Name: "a"}
		err := lifecycletest.Traced(func(r *record) error { c.change(r); return nil }, "Use")(r)
		if (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
	shelf := lifecycletest.NewShelf(func(r *record) string { return r.ID })
	if shelf.Insert(t.Context(), &record{ID: "rec_1", Name: "a"}) == nil || len(shelf.Docs) != 0 {
		t.Error("a record begins without a trace")
	}
	r := &record{ID: "rec_1", Name: "a"}
	r.note("create")
	if err := shelf.Insert(t.Context(), r); err != nil {
		t.Error(err)
	}
}
