package site_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// The widths and the size of text that pages must bear (WCAG 2.2, 1.4.4 and
// 1.4.10).
const (
	reflowWidth = 320
	textPercent = 200
)

// auditFile holds what scripts/axe asks of a page.
const auditFile = "../../../scripts/measure/audit.js"

// walked is one journey of a run.
type walked struct {
	name     string
	began    time.Time
	took     time.Duration
	pages    int
	findings int
}

// report prints what was walked.
func (c *chromium) report(w io.Writer) {
	pages, findings, took := 0, 0, time.Duration(0)
	for _, j := range c.walks {
		if j.pages == 0 {
			continue
		}
		fmt.Fprintf(w, "journey %-84s %-8s %4d pages %6.1f s %3d findings\n", j.name, c.mode, j.pages, j.took.Seconds(), j.findings)
		pages, findings, took = pages+j.pages, findings+j.findings, took+j.took
	}
	fmt.Fprintf(w, "journey %-84s %-8s %4d pages %6.1f s %3d findings\n", fmt.Sprintf("= all, %d kinds of pages looked at closely", len(c.seen)), c.mode, pages, took.Seconds(), findings)
}

// once is true the first time a kind of page is met in this run.
func (c *chromium) once(kind string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[kind] {
		return false
	}
	c.seen[kind] = true
	return true
}

// check gives what is wrong with the page that is open: always what it shows
// and what the browser complained of; once for each kind of page how it looks
// narrow and with large text; once for each state what axe-core finds.
func (s *screen) check(p *onScreen, status int, state string) ([]string, error) {
	wrong := append(p.Wrong, s.complaints()...)
	kind := fmt.Sprintf("%s %d", kindOf(p.URL), status)
	if s.once(kind) {
		more, err := s.reflow()
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, more...)
	}
	if s.axe != "" && s.once(kind+" "+state) {
		more, err := s.axeFinds()
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, more...)
	}
	return wrong, nil
}

// reflow looks at the page at 320 px and with text twice as large.
func (s *screen) reflow() ([]string, error) {
	if err := s.audit(); err != nil {
		return nil, err
	}
	found, err := s.enlarged()
	if err != nil {
		return nil, err
	}
	if err := s.wide(reflowWidth); err != nil {
		return nil, err
	}
	narrow, err := ask[[]string](s, "passerelleAudit.sideways(%s)", fmt.Sprint(reflowWidth, " px"))
	if err != nil {
		return nil, err
	}
	return append(found, narrow...), s.wide(s.width)
}

// enlarged doubles the text: on a telephone as its settings do, at a desk by
// the zoom of the browser, which leaves half as many pixels to the page.
func (s *screen) enlarged() ([]string, error) {
	if s.mode != inEnglish {
		return ask[[]string](s, "passerelleAudit.enlarged(%s)", textPercent)
	}
	if err := s.wide(s.width * 100 / textPercent); err != nil {
		return nil, err
	}
	return ask[[]string](s, "passerelleAudit.sideways(%s)", fmt.Sprint(textPercent, " % text"))
}

// axeFinds puts the page through axe-core, which takes its time from timers:
// scripts may run for as long.
func (s *screen) axeFinds() ([]string, error) {
	if err := s.audit(); err != nil {
		return nil, err
	}
	if _, err := ask[bool](s, s.axe+"\n;true"); err != nil {
		return nil, err
	}
	if s.mode != inEnglish {
		if err := s.scripts(true); err != nil {
			return nil, err
		}
	}
	found, err := ask[[]string](s, "passerelleAudit.axe()")
	if err != nil || s.mode == inEnglish {
		return found, err
	}
	return found, s.scripts(false)
}

// audit brings the questions of scripts/axe to the page.
func (s *screen) audit() error {
	questions, err := os.ReadFile(filepath.FromSlash(auditFile))
	if err != nil {
		return err
	}
	_, err = ask[bool](s, string(questions)+"\n;true")
	return err
}

var corridorInPath = regexp.MustCompile(`^[A-Z]{2}-[A-Z]{2}$`)

// kindOf is the same for pages that differ in a record only.
func kindOf(address string) string {
	_, path, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") || corridorInPath.MatchString(part) {
			parts[i] = ":id"
		}
	}
	return "/" + strings.Join(parts, "/")
}
