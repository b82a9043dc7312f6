package app

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"passerelle/internal/domain/placement"
)

// proven finds every event of the file in the audit log, as often as it
// happened, and the decisions on offer and application; each with a proof that
// it is part of the signed log.
func (j *voyage) proven() {
	j.t.Helper()
	j.carried(j.t)
	happened := map[string]int{}
	for _, e := range j.file.History {
		happened["placement."+e.Action]++
	}
	logged := j.logged(j.id)
	for action, times := range happened {
		if logged[action] != times {
			j.t.Errorf("%s happened %d times and is logged %d times", action, times, logged[action])
		}
	}
	for _, step := range placement.Transitions() {
		if n := logged["placement."+step.Action]; n != happened["placement."+step.Action] {
			j.t.Errorf("the transition %s is logged %d times", step.Action, n)
		}
	}
	j.proves(j.offer, "offer.submit", "offer.approve", "offer.publish")
	j.proves(j.application, "application.apply", "application.shortlist", "application.interview", "application.select")
}

// proves finds actions on a record in the log.
func (j *voyage) proves(subject string, actions ...string) {
	j.t.Helper()
	j.carried(j.t)
	logged := j.logged(subject)
	for _, action := range actions {
		if logged[action] == 0 {
			j.t.Errorf("%s on %s is not in the log: %v", action, subject, logged)
		}
	}
}

// logged counts the actions on a record, and checks the proof of each entry.
func (j *voyage) logged(subject string) map[string]int {
	j.t.Helper()
	admin, counts := j.by("administrator"), map[string]int{}
	for cursor := ""; ; {
		path := "/audit/entries" + query("subject", subject, "limit", "100")
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		page := read[struct {
			auditPage
			NextCursor string
		}](admin, path)
		for _, e := range page.Items {
			if e.Subject != subject {
				j.t.Errorf("entry %d is about %s", e.Index, e.Subject)
			}
			counts[e.Action]++
			j.included(admin, e.Index, e.Action)
		}
		if cursor = page.NextCursor; cursor == "" {
			return counts
		}
	}
}

// included checks a proof as somebody outside would.
func (j *voyage) included(who *caller, index int64, action string) {
	j.t.Helper()
	p := read[auditProof](who, fmt.Sprintf("/audit/entries/%d/proof", index))
	sum, path := tlog.Hash(sha256.Sum256([]byte("\x00"+p.Leaf))), tlog.RecordProof{}
	for _, hash := range p.Hashes {
		path = append(path, digest(j.t, hash))
	}
	if err := tlog.CheckRecord(path, p.TreeSize, digest(j.t, p.Checkpoint.Root), p.Index, sum); err != nil || p.Index != index {
		j.t.Errorf("entry %d: %v", index, err)
	}
	if !strings.Contains(p.Leaf, `"`+action+`"`) || !strings.Contains(p.Checkpoint.Note, p.Checkpoint.Root) {
		j.t.Errorf("entry %d: the leaf does not say %s: %s", index, action, p.Leaf)
	}
}

// reported finds the file in the reports, alone with its agency.
func (j *voyage) reported(country, outcome string) {
	j.t.Helper()
	official, of := j.by("official A"), query("agency", j.agencyOf)
	ends := read[struct{ Lines []map[string]any }](official, "/reports/outcomes"+of)
	if len(ends.Lines) != 1 || ends.Lines[0]["n"] != 1.0 || ends.Lines[0][outcome] != 1.0 || ends.Lines[0]["low"] == nil || ends.Lines[0]["running"] != 0.0 {
		j.t.Errorf("outcomes: %+v", ends)
	}
	times := read[struct{ Lines []map[string]any }](official, "/reports/durations"+of)
	passed := map[string]bool{}
	for _, e := range j.file.History {
		passed[e.State] = true
	}
	for _, line := range times.Lines {
		state, _ := line["state"].(string)
		if !passed[state] {
			j.t.Errorf("durations tell of %s", state)
		}
		delete(passed, state)
	}
	if delete(passed, j.file.State); len(passed) > 0 {
		j.t.Errorf("durations leave out %v", passed)
	}
	costs := read[struct{ Lines []map[string]any }](official, "/reports/costs"+of+"&country="+country)
	paid := 0.0
	if outcome == "completed" {
		paid = 1
	}
	if len(costs.Lines) != 1 || costs.Lines[0]["n"] != 1.0 || costs.Lines[0]["paid"] != paid || paid == 1 && costs.Lines[0]["medianPaid"] != "38.11" {
		j.t.Errorf("costs: %+v", costs)
	}
	if late := read[struct{ Lines []map[string]any }](official, "/reports/overdue"+of); len(late.Lines) != 0 {
		j.t.Errorf("a file that has ended is late: %+v", late)
	}
}
