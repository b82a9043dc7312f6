package jobs

import (
	"sync"
	"time"
)

// Status is a job with its last run by this process.
type Status struct {
	Name  string
	Every time.Duration
	Begun time.Time // by the machine's clock; zero = it has not run yet
	Took  time.Duration
	Err   error // what stopped it
}

// history keeps the last run of each job.
type history struct {
	mu   sync.Mutex
	runs map[string]Status
}

func (h *history) note(s Status) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.runs[s.Name] = s
}

// Statuses lists the jobs with their last runs, in the order of the table.
func (r *Runner) Statuses() []Status {
	r.past.mu.Lock()
	defer r.past.mu.Unlock()
	list := make([]Status, len(r.jobs))
	for i, j := range r.jobs {
		list[i] = Status{Name: j.Name, Every: j.Every}
		if last, ran := r.past.runs[j.Name]; ran {
			list[i] = last
		}
	}
	return list
}
