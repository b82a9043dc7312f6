package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// voyage is one scripted file: its people speak to the API only, and the
// demonstration's clock is moved by its own operation. Every step is kept, and
// printed at the end.
type voyage struct {
	*stage
	people map[string]login // by what they are called in the script
	tokens map[string]*caller
	today  time.Time // as the clock said last
	rows   []row

	offer, application, id string // the offer, the application and the placement
	terms                  object
	agencyOf               string
	employer               string
	file                   file // as the person saw it last
	spent                  map[string]bool
	spoke                  map[string]bool // who has signed in so far
}

type login struct{ email, password string }

// row is one step as it is printed.
type row struct{ day, step, who, state, next, holds string }

// file is a placement as the API shows it.
type file struct {
	ID, Reference, State, Owner, NextAction, Country, SHA256 string
	Rev                                                      int
	Due                                                      time.Time
	HeldBy, Lacking                                          []string
	Holds                                                    []struct {
		Kind, Source, Reason string
		Released             bool
	}
	Contracts []struct {
		Number                                          int
		Stage                                           string
		Lines                                           []diffLine
		ShownAt, AcceptableFrom, DeclinedAt, AcceptedAt time.Time
	}
	Checklist []struct {
		Key, Document  string
		Required, Done bool
	}
	Documents []struct {
		ID, Item, Media, Name string
		Readings              []struct{ By, Reason string }
	}
	Decision struct {
		Reviewed, Answered                                        bool
		ReviewedBy, RefusalReason, RefusalNote, RefusalBy, Answer string
	}
	Clearances []struct {
		Number, From, Until, FirstBy, SecondBy, RevokedReason string
	}
	Risk    *int
	Journey struct {
		DepartedOn, DueOn, ArrivedOn string
		OverdueAt                    time.Time
		CheckIns                     []struct {
			Day              int
			Due              string
			DoneAt, MissedAt time.Time
			By, Note         string
		}
		Transfers []struct {
			Employer    string
			Approved    bool
			ConsentedAt time.Time
		}
	}
	Ending *struct {
		On, Cause, HomeOn string
		Periods           []object
		Skills            []string
		Rehire            bool
		CertifiedAt       time.Time
		Case              *struct {
			Outcome  string
			Taken    bool
			ClosedAt time.Time
			FollowUp []struct {
				Months int
				Due    string
				DoneAt time.Time
			}
		}
	}
	Insurance  []struct{ Number, Branch string }
	Internship *struct{ TraineeSigned, Certificate string }
	Mission    *struct {
		Host       string
		AcceptedAt time.Time
	}
	History []struct{ Action, State, By, Reason string }
}

type diffLine struct {
	Field, Verdict, Offered, Found string
	Equal, Protected, Blocking     bool
}

// waiting says for every state who has to act, and what is next: written here
// a second time, as the ministry would state it.
func waiting() map[string][2]string {
	return map[string][2]string{
		"opened": {"agency", "propose_contract"}, "contract_proposed": {"candidate", "decide_contract"},
		"contract_accepted": {"agency", "complete_checklist"}, "under_review": {"official", "review"},
		"refused": {"agency", "answer_refusal"}, "cleared": {"agency", "record_departure"},
		"departed": {"agency", "record_arrival"}, "arrived": {"candidate", "state_arrival_contract"},
		"in_post": {"candidate", "check_in"}, "transferred": {"official", "decide_transfer"},
		"completed": {"candidate", "record_return"}, "ended_early": {"official", "record_return"},
		"returned": {}, "stayed": {}, "renewed": {}, "cancelled": {},
	}
}

// newVoyage begins a script with the demonstration's officials. Its clock is
// moved to eight in the morning of the next Monday.
func newVoyage(t *testing.T, h *house) *voyage {
	t.Helper()
	j := &voyage{stage: &stage{house: h, t: t}, people: map[string]login{}, tokens: map[string]*caller{}, spent: map[string]bool{}, spoke: map[string]bool{}}
	for name, demo := range map[string]string{"official A": "official", "official B": "official2", "administrator": "admin", "administrator 2": "admin2", "observer": "observer"} {
		j.people[name] = login{demo + "@demo.test", h.DemoPassword()}
	}
	now := h.Clock().Now()
	monday := time.Date(now.Year(), now.Month(), now.Day(), 8, 0, 0, 0, time.UTC).AddDate(0, 0, 1)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	j.at(monday)
	return j
}

// at moves the clock to a moment; sessions are over by then.
func (j *voyage) at(moment time.Time) {
	j.t.Helper()
	(&caller{t: j.t, base: j.base}).must(http.StatusOK, "POST", "/demo/clock", object{"now": moment})
	j.today, j.tokens = moment, map[string]*caller{}
}

func (j *voyage) later(d time.Duration) { j.t.Helper(); j.at(j.today.Add(d)) }
func (j *voyage) days(n int)            { j.t.Helper(); j.at(j.today.AddDate(0, 0, n)) }

// day gives today's date, or one n days away.
func (j *voyage) day(n int) string { return string(ref.DateOf(j.today).AddDays(n)) }

// by signs somebody of the script in, when needed; "" is nobody.
func (j *voyage) by(name string) *caller {
	j.t.Helper()
	anyone := &caller{t: j.t, base: j.base}
	if name == "" || name == "anybody" {
		return anyone
	}
	p, known := j.people[name]
	if !known {
		j.t.Fatalf("nobody is called %q", name)
	}
	if j.tokens[name] == nil {
		j.tokens[name], j.spoke[name] = anyone.login(p.email, p.password), true
	}
	return j.tokens[name]
}

// registers makes an account as anybody can.
func (j *voyage) registers(name, applicant string) {
	j.t.Helper()
	p := login{fmt.Sprintf("journey%d@example.ml", j.next()), "quatre chevaux lents et doux"}
	j.by("").must(http.StatusAccepted, "POST", "/auth/register", object{"applicant": applicant, "email": p.email, "password": p.password})
	j.people[name] = p
}

// appoints has one administrator open an official's account at a mission
// abroad, and another confirm it.
func (j *voyage) appoints(name string) {
	j.t.Helper()
	p := login{fmt.Sprintf("journey%d@example.ml", j.next()), "trois greniers de mil pleins"}
	made := j.by("administrator").must(http.StatusCreated, "POST", "/users", object{"email": p.email, "role": "official", "institution": "mission"})
	j.by("administrator 2").must(http.StatusOK, "POST", "/users/"+made.member("id")+"/confirmations", object{"rev": 1})
	first := made.member("password")
	j.by("").login(p.email, first).must(http.StatusNoContent, "POST", "/auth/password/change", object{"currentPassword": first, "newPassword": p.password})
	j.people[name] = p
}

// row keeps one line of what happened.
func (j *voyage) row(who, step string) {
	r := row{day: j.today.Format("2006-01-02 15:04"), step: step, who: who, state: j.file.State, holds: strings.Join(j.file.HeldBy, "+")}
	if j.file.NextAction != "" {
		r.next = j.file.NextAction + " (" + j.file.Owner + ")"
	}
	j.rows = append(j.rows, r)
}

// print shows the whole script as a table.
func (j *voyage) print() {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d people and the public\n%-16s  %-58s %-15s → %-18s %-36s %s\n", j.file.Reference, len(j.spoke), "when", "step", "who", "state", "next (owner)", "holds")
	for _, r := range j.rows {
		fmt.Fprintf(&b, "%-16s  %-58s %-15s → %-18s %-36s %s\n", r.day, r.step, r.who, r.state, r.next, r.holds)
	}
	j.t.Log(b.String())
}

// seen reads the file as somebody sees it.
func (j *voyage) seen(who string) file {
	j.t.Helper()
	return read[file](j.by(who), "/placements/"+j.id)
}

// does makes one call on the file that has to succeed, and sees that the person
// finds it at once in that state, with the owner and the next action that
// belong to it.
func (j *voyage) does(who, step, what string, body any, state string) *reply {
	j.t.Helper()
	r := j.by(who).send("POST", "/placements/"+j.id+"/"+what, body)
	if r.status < 200 || r.status > 299 {
		j.t.Fatalf("%s, %s: %d %s", step, who, r.status, r.body)
	}
	j.check(who, step, state)
	return r
}

func (j *voyage) check(who, step, state string) {
	j.t.Helper()
	before := j.file.Rev
	j.file = j.seen("candidate")
	j.row(who, step)
	want := waiting()[state]
	if f := j.file; f.State != state || f.Owner != want[0] || f.NextAction != want[1] {
		j.t.Fatalf("%s: %s, next %s by %s; want %s, %v", step, f.State, f.NextAction, f.Owner, state, want)
	}
	if clocked := want[1] != "" && state != "in_post"; clocked != j.file.Due.After(j.today) && clocked {
		j.t.Errorf("%s: in %s the clock runs out at %s", step, state, j.file.Due)
	}
	if j.file.Rev < before {
		j.t.Errorf("%s: revision %d after %d", step, j.file.Rev, before)
	}
}

// cannot makes one call that has to be refused with that code, and sees that
// nothing has changed.
func (j *voyage) cannot(who, step, what string, body any, status int, code string) {
	j.t.Helper()
	r := j.by(who).send("POST", "/placements/"+j.id+"/"+what, body)
	if r.status != status || code != "" && r.member("code") != code {
		j.t.Errorf("%s, %s: %d %s, want %d %s\n%s", step, who, r.status, r.member("code"), status, code, r.body)
	}
	after := j.seen("candidate")
	if after.Rev != j.file.Rev || after.State != j.file.State {
		j.t.Errorf("%s: a refused call changed the file: %s %d → %s %d", step, j.file.State, j.file.Rev, after.State, after.Rev)
	}
	j.row(who, "✗ "+step+": "+r.member("code"))
}

// codeFor has a code sent for the contract or the transfer, and takes it from
// the folder where messages land that nobody is set up to send.
func (j *voyage) codeFor(what string) string {
	j.t.Helper()
	j.by("candidate").must(http.StatusNoContent, "POST", "/placements/"+j.id+"/"+what, nil)
	digits := regexp.MustCompile(`(?m)^(\d{6})$`)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err := j.RunJob(j.t.Context(), "send-messages"); err != nil && !fault.Is(err, fault.Conflict) {
			j.t.Fatal(err)
		}
		for _, text := range j.posted() {
			code := digits.FindStringSubmatch(text)
			if code != nil && strings.Contains(text, "To: "+j.people["candidate"].email+"\n") && !j.spent[text] {
				j.spent[text] = true
				return code[1]
			}
		}
	}
	j.t.Fatal("no code was sent")
	return ""
}

// accepts reads nothing any more: it asks for a code and accepts with it.
func (j *voyage) accepts(state string) {
	j.t.Helper()
	j.does("candidate", "accept the contract with the code", "acceptances", object{"code": j.codeFor("acceptance-codes")}, state)
}

// reads opens the contract that was proposed last.
func (j *voyage) reads(number int) {
	j.t.Helper()
	j.does("candidate", fmt.Sprintf("open contract %d and the notice", number), fmt.Sprintf("contracts/%d/readings", number), nil, "contract_proposed")
}

func decode[T any](t testing.TB, r *reply) (out T) {
	t.Helper()
	if err := json.Unmarshal(r.body, &out); err != nil {
		t.Fatalf("%v\n%s", err, r.body)
	}
	return out
}

// query writes parameters in pairs.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return "?" + values.Encode()
}
