package site

import (
	"sync"
	"time"
)

// memory remembers something about each showing of a form for a while, so that
// a form may be sent again after the line broke. It is lost when the program
// stops: what uses it must then still be right, if less kind.
type memory[T any] struct {
	now  func() time.Time
	keep time.Duration // since the last use
	most int           // then what has run out is dropped, or all of it
	mu   sync.Mutex
	all  map[string]*memo[T]
}

type memo[T any] struct {
	value T
	used  time.Time
}

func newMemory[T any](now func() time.Time, keep time.Duration, most int) *memory[T] {
	return &memory[T]{now: now, keep: keep, most: most, all: map[string]*memo[T]{}}
}

// get gives what is remembered under a name, made empty where there is nothing.
func (m *memory[T]) get(name string) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.all[name]
	if known == nil {
		if len(m.all) >= m.most {
			m.forget()
		}
		known = new(memo[T])
		m.all[name] = known
	}
	known.used = m.now()
	return &known.value
}

// find gives what is remembered under a name; nil where there is nothing.
func (m *memory[T]) find(name string) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.all[name]; known != nil {
		return &known.value
	}
	return nil
}

// forget drops what has run out, and the rest when that is not enough.
func (m *memory[T]) forget() {
	for name, known := range m.all {
		if m.now().Sub(known.used) > m.keep {
			delete(m.all, name)
		}
	}
	if len(m.all) >= m.most {
		clear(m.all)
	}
}
