package index

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// table holds rows by key, dense so that a scan is a walk along a slice. Rows
// are never changed in place: a change puts a new row.
type table[K comparable, R any] struct {
	rows []R
	keys []K
	at   map[K]int
}

func newTable[K comparable, R any]() *table[K, R] { return &table[K, R]{at: map[K]int{}} }

func (t *table[K, R]) put(key K, row R) {
	if at, ok := t.at[key]; ok {
		t.rows[at] = row
		return
	}
	t.at[key] = len(t.rows)
	t.rows, t.keys = append(t.rows, row), append(t.keys, key)
}

func (t *table[K, R]) get(key K) (row R, ok bool) {
	at, ok := t.at[key]
	if !ok {
		return row, false
	}
	return t.rows[at], true
}

// drop takes a row out; the last one takes its place.
func (t *table[K, R]) drop(key K) {
	at, ok := t.at[key]
	if !ok {
		return
	}
	last := len(t.rows) - 1
	t.rows[at], t.keys[at] = t.rows[last], t.keys[last]
	t.at[t.keys[at]] = at
	delete(t.at, key)
	clear(t.rows[last:])
	t.rows, t.keys = t.rows[:last], t.keys[:last]
}

// place is a position in an ordered list: by key, then by id, both ascending
// by bytes.
type place struct{ key, id string }

func (p place) compare(q place) int {
	return cmp.Or(strings.Compare(p.key, q.key), strings.Compare(p.id, q.id))
}

// String writes the place for a cursor.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.key)) + "." + p.id
}

// parsePlace reads what String wrote; the empty text is the start of the list.
func parsePlace(s string) (p place, ok bool) {
	if s == "" {
		return place{}, true
	}
	encoded, id, found := strings.Cut(s, ".")
	key, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !found || id == "" {
		return place{}, false
	}
	return place{string(key), id}, true
}

// newestFirst writes an instant so that later ones sort before earlier ones.
func newestFirst(t time.Time) string {
	return fmt.Sprintf("%016x", ^uint64(t.UnixMicro())^1<<63)
}

// leading keeps the first size of the items offered to it, in the order of
// compare, whatever the order in which they come: a heap whose root is the
// last of those kept.
type leading[T any] struct {
	size    int
	compare func(a, b T) int
	kept    []T
}

func (l *leading[T]) offer(item T) {
	switch {
	case len(l.kept) < l.size:
		l.kept = append(l.kept, item)
		l.up(len(l.kept) - 1)
	case l.size > 0 && l.compare(item, l.kept[0]) < 0:
		l.kept[0] = item
		l.down(0)
	}
}

func (l *leading[T]) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if l.compare(l.kept[i], l.kept[parent]) <= 0 {
			return
		}
		l.kept[i], l.kept[parent] = l.kept[parent], l.kept[i]
		i = parent
	}
}

func (l *leading[T]) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(l.kept) {
			return
		}
		if child+1 < len(l.kept) && l.compare(l.kept[child+1], l.kept[child]) > 0 {
			child++
		}
		if l.compare(l.kept[child], l.kept[i]) <= 0 {
			return
		}
		l.kept[i], l.kept[child] = l.kept[child], l.kept[i]
		i = child
	}
}

// take gives the items kept, in order.
func (l *leading[T]) take() []T {
	slices.SortFunc(l.kept, l.compare)
	return l.kept
}
