package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// advertisements is the file of real job advertisements, beside the project.
const advertisements = "../shared/data/jobads_nhs_jobposting/nhs_jobposting.jsonl.gz"

// realInput imports the advertisements three ways, has them vetted by three
// people, and searches and matches them on two days.
func realInput(ctx context.Context) error {
	if _, err := os.Stat(advertisements); err != nil {
		return fmt.Errorf("NOT RUN: %w", err)
	}
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	if err := p.importTwice(ctx); err != nil {
		return fmt.Errorf("import twice: %w", err)
	}
	if err := p.importKilled(ctx); err != nil {
		return fmt.Errorf("import killed and resumed: %w", err)
	}
	if err := p.vetted(ctx, "past", time.Now().UTC().Format(time.RFC3339)); err != nil {
		return fmt.Errorf("today: %w", err)
	}
	if err := p.vetted(ctx, "then", "2020-10-15T08:00:00Z"); err != nil {
		return fmt.Errorf("on 2020-10-15: %w", err)
	}
	return nil
}

// prepare makes a demo database and stops its server.
func (p *program) prepare(ctx context.Context, data string) error {
	s, err := p.serve(ctx, data)
	if err != nil {
		return err
	}
	return s.stop()
}

// imports gives the command that imports the file.
func (p *program) imports(ctx context.Context, data string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.binary, "import", advertisements, "--kind", "offers", "--as", "service@demo.test",
		"--data-dir", filepath.Join(p.dir, data), "--errors", filepath.Join(p.dir, data+".errors"))
	cmd.Env = append(os.Environ(), "PASSERELLE_LOG_LEVEL=warn")
	return cmd
}

// lastLine gives the last line of a command's output.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// counts are the figures of an import's last line.
type counts struct{ rows, created, updated, unchanged, rejected int }

func parseCounts(line string) (c counts, err error) {
	_, err = fmt.Sscanf(line, "rows %d created %d updated %d unchanged %d rejected %d", &c.rows, &c.created, &c.updated, &c.unchanged, &c.rejected)
	if err == nil && c.created+c.updated+c.unchanged+c.rejected != c.rows {
		err = errors.New("the outcomes do not sum to the rows: " + line)
	}
	return c, err
}

func (p *program) importTwice(ctx context.Context) error {
	if err := p.prepare(ctx, "twice"); err != nil {
		return err
	}
	for run := 1; run <= 2; run++ {
		cmd := p.imports(ctx, "twice")
		began := time.Now()
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		c, err := parseCounts(lastLine(out))
		if err != nil {
			return err
		}
		if c.rows != 7425 || run == 2 && (c.created != 0 || c.updated != 0) {
			return fmt.Errorf("run %d: %s", run, lastLine(out))
		}
		memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss / 1024 // this measure runs on Linux
		fmt.Printf("import, run %d: %s\n  %.1f s, peak memory %d MB\n", run, lastLine(out), time.Since(began).Seconds(), memory)
		if run == 1 {
			fmt.Print(indent(out))
		}
	}
	return nil
}

// indent gives the lines of counts by code.
func indent(out []byte) string {
	var b strings.Builder
	for _, line := range strings.Split(string(out), "\n") {
		if strings.HasPrefix(line, "  ") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// importKilled kills the import at several moments and lets it go on.
func (p *program) importKilled(ctx context.Context) error {
	if err := p.prepare(ctx, "killed"); err != nil {
		return err
	}
	for _, after := range []time.Duration{1200 * time.Millisecond, 2 * time.Second, 3 * time.Second} {
		cmd := p.imports(ctx, "killed")
		if err := cmd.Start(); err != nil {
			return err
		}
		time.Sleep(after) // the moment of the kill, not a wait for something
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		fmt.Printf("import killed after %s: %v\n", after, cmd.Wait())
	}
	out, err := p.imports(ctx, "killed").Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	c, err := parseCounts(lastLine(out))
	if err == nil && (c.rows != 7425 || c.updated != 0 || c.unchanged != 0) {
		err = errors.New("after the resumed run: " + lastLine(out))
	}
	fmt.Printf("killed three times and resumed: %s\n", lastLine(out))
	return err
}

// vetted serves the imported offers on a day, has a clerk code what the titles
// left open, and two officials approve and publish everything.
func (p *program) vetted(ctx context.Context, data, now string) error {
	s, err := p.serve(ctx, data, "PASSERELLE_DEMO_NOW="+now)
	if err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	if out, err := p.imports(ctx, data).Output(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if s, err = p.serve(ctx, data, "PASSERELLE_DEMO_NOW="+now); err != nil {
		return err
	}
	err = s.decide(ctx, now)
	return errors.Join(err, s.stop())
}

func (s *server) decide(ctx context.Context, now string) error {
	fmt.Printf("\nthe clock says %s\n", now[strings.IndexByte(now, '=')+1:])
	clerk, err := s.login(ctx, "official3")
	if err != nil {
		return err
	}
	var found list
	if err := clerk.call(ctx, http.MethodGet, "/api/v1/imports?kind=offers", nil, &found); err != nil {
		return err
	}
	id := found.Items[0].ID
	if err := s.code(ctx, clerk, id); err != nil {
		return err
	}
	for _, step := range []struct{ who, what string }{{"official", "approvals"}, {"official2", "publications"}} {
		if err := s.batch(ctx, step.who, step.what, id); err != nil {
			return err
		}
	}
	return s.look(ctx)
}

// rules are the clerk's rules for titles that the vocabulary left open.
var rules = []struct{ contains, occupation string }{
	{"nurse", "2221"}, {"midwi", "2222"}, {"consultant", "2212"}, {"doctor", "2212"}, {"physician", "2212"}, {"psycholog", "2634"},
	{"therapist", "2264"}, {"radiograph", "3211"}, {"pharmac", "2262"}, {"support worker", "5321"}, {"healthcare assistant", "5321"},
	{"secretary", "3344"}, {"administrat", "4110"}, {"receptionist", "4226"}, {"manager", "1342"}, {"practitioner", "2221"},
}

// code applies the rules: one action codes many drafts.
func (s *server) code(ctx context.Context, clerk *client, id string) error {
	for _, r := range rules {
		var b struct{ Total, Done, Skipped int }
		rule := map[string]string{"import": id, "titleContains": r.contains, "occupation": r.occupation}
		if err := clerk.call(ctx, http.MethodPost, "/api/v1/offers/codings", rule, &b); err != nil {
			return err
		}
		fmt.Printf("  clerk: title contains %q → %s: %d titles, %d coded, %d left as they were\n", r.contains, r.occupation, b.Total, b.Done, b.Skipped)
	}
	return nil
}

// batch starts a decision on the whole import and follows it to its end.
func (s *server) batch(ctx context.Context, who, what, id string) error {
	began := time.Now()
	c, err := s.login(ctx, who)
	if err != nil {
		return err
	}
	if err := c.call(ctx, http.MethodPost, "/api/v1/imports/"+id+"/"+what, nil, nil); err != nil {
		return err
	}
	var i struct {
		Batch struct {
			Total, Done, Skipped int
			Reasons              []struct {
				Code  string
				Count int
			}
			EndedAt *time.Time
		}
	}
	for range 1200 {
		if err := c.call(ctx, http.MethodGet, "/api/v1/imports/"+id, nil, &i); err != nil {
			return err
		}
		if i.Batch.EndedAt != nil {
			fmt.Printf("%s by %s: %d of %d, %d skipped, %.1f s\n", what, who, i.Batch.Done, i.Batch.Total, i.Batch.Skipped, time.Since(began).Seconds())
			for _, r := range i.Batch.Reasons {
				fmt.Printf("  %6d %s\n", r.Count, r.Code)
			}
			return nil
		}
		time.Sleep(250 * time.Millisecond) // between two looks at a long job
	}
	return errors.New("the batch did not end within five minutes")
}

// look searches and matches what is published.
func (s *server) look(ctx context.Context) error {
	public := s.client()
	for _, q := range []string{"country=GB", "country=GB&q=nurse", "country=GB&q=%22mental+health%22", "country=GB&occupation=2221", "country=GB&occupation=91", "country=GB&occupation=53"} {
		var l list
		began := time.Now()
		if err := public.call(ctx, http.MethodGet, "/api/v1/offers?"+q, nil, &l); err != nil {
			return err
		}
		fmt.Printf("search %s: %d offers, %.1f ms\n", q, l.Total, float64(time.Since(began).Microseconds())/1000)
		if err := s.matches(ctx, l); err != nil {
			return err
		}
	}
	for _, state := range []string{"draft", "submitted", "approved", "published", "expired"} {
		var l list
		official, err := s.login(ctx, "official")
		if err != nil {
			return err
		}
		if err := official.call(ctx, http.MethodGet, "/api/v1/offers?country=GB&state="+state, nil, &l); err != nil {
			return err
		}
		fmt.Printf("offers in Britain that are %s: %d\n", state, l.Total)
	}
	fmt.Printf("peak memory of the server: %s\n", s.peak())
	return nil
}

// matches asks for the people who match the offers of a page.
func (s *server) matches(ctx context.Context, page list) error {
	service, err := s.login(ctx, "service")
	if err != nil {
		return err
	}
	people, began := 0, time.Now()
	for _, o := range page.Items {
		var l list
		if err := service.call(ctx, http.MethodGet, "/api/v1/offers/"+o.ID+"/matches", nil, &l); err != nil {
			return err
		}
		people += l.Total
	}
	if n := len(page.Items); n > 0 {
		fmt.Printf("  the first %d of them match %d people, %.1f ms each\n", n, people, float64(time.Since(began).Microseconds())/1000/float64(n))
	}
	return nil
}
