package placement_test

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func convention() placement.Convention {
	return placement.Convention{School: "ENI", SchoolCity: "Bamako", Programme: "Génie civil", Tutor: "C. Ruiz", HoursPerWeek: 3500,
		Objectives: "suivre un chantier", SchoolSigned: "2026-11-01", HostSigned: "2026-11-02"}
}

// TestAConventionSaysWhatATraineeDoes: where, under whom, for how long a week
// and to learn what; nobody signs tomorrow, and nothing of it changes once the
// trainee has accepted.
func TestAConventionSaysWhatATraineeDoes(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.Internship
	id := d.open()
	set := func(change func(*placement.Convention)) error {
		c := convention()
		change(&c)
		_, err := d.SetConvention(t.Context(), bureau, id, c)
		return err
	}
	for pointer, c := range map[string]struct {
		code   string
		change func(*placement.Convention)
	}{
		"/school": {"required", func(c *placement.Convention) { c.School = "" }}, "/tutor": {"required", func(c *placement.Convention) { c.Tutor = "" }},
		"/hoursPerWeek": {"number.range", func(c *placement.Convention) { c.HoursPerWeek = 0 }}, "/objectives": {"required", func(c *placement.Convention) { c.Objectives = "" }},
		"/schoolSigned": {"date.future", func(c *placement.Convention) { c.SchoolSigned = d.today().AddDays(1) }},
		"/hostSigned":   {"date.future", func(c *placement.Convention) { c.HostSigned = d.today().AddDays(1) }},
		"/stipend/min": {"number.range", func(c *placement.Convention) {
			c.Stipend = ref.Pay{Min: -1, Currency: ref.EUR, Period: ref.PerMonth, Basis: ref.Gross}
		}},
	} {
		err := set(c.change)
		if pointer != "/stipend/min" {
			d.wantField(err, pointer, c.code)
		} else if f := fault.Of(err); f == nil || !slices.ContainsFunc(f.Fields, func(f fault.Field) bool { return strings.HasPrefix(f.Pointer, "/stipend") }) {
			t.Errorf("a stipend below nothing: %v", err)
		}
	}
	d.wantField(set(func(c *placement.Convention) { c.HoursPerWeek = 16801 }), "/hoursPerWeek", "number.range")
	d.wantField(set(func(c *placement.Convention) { c.Objectives = strings.Repeat("x", 2001) }), "/objectives", "too_long")
	d.ok(set(func(c *placement.Convention) { c.HoursPerWeek = 16800 }))
	d.ok(set(func(c *placement.Convention) { c.HoursPerWeek, c.SchoolSigned, c.HostSigned = 1, d.today(), d.today() }))
	d.propose(id, func(terms *offer.Terms) { terms.Kind = ref.Internship })
	d.ok(set(func(*placement.Convention) {}))
	d.accept(id)
	d.want(set(func(*placement.Convention) {}), fault.Conflict, "transition")
}

// TestATraineeIsMarkedAndCertified: from 1 to 5, from the day of work on, and
// the certificate comes after the end and the marks, once, and ends them.
func TestATraineeIsMarkedAndCertified(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.Internship
	id := d.open()
	_, err := d.SetConvention(t.Context(), bureau, id, convention())
	d.ok(err)
	same := func(terms *offer.Terms) { terms.Kind = ref.Internship }
	d.propose(id, same)
	d.accept(id)
	d.fill(id)
	d.sent(d.signed(id))
	_, err = d.Arrive(t.Context(), person, id, placement.Arrival{On: d.today(), Place: "Almería"})
	d.ok(err)
	marks := placement.Evaluation{By: "C. Ruiz", Skills: 5, Conduct: 1, Autonomy: 3, Comment: "assidu"}
	evaluate := func(change func(*placement.Evaluation)) error {
		e := marks
		change(&e)
		_, err := d.Evaluate(t.Context(), bureau, id, e)
		return err
	}
	certify := func() error { _, err := d.CertifyInternship(t.Context(), officialA, id); return err }
	d.want(evaluate(func(*placement.Evaluation) {}), fault.Conflict, "transition")
	d.stated(id, person, placement.OnArrival, same)
	d.wantField(evaluate(func(e *placement.Evaluation) { e.By = " " }), "/by", "required")
	d.wantField(evaluate(func(e *placement.Evaluation) { e.Skills = 0 }), "/skills", "number.range")
	d.wantField(evaluate(func(e *placement.Evaluation) { e.Conduct = 6 }), "/conduct", "number.range")
	d.wantField(evaluate(func(e *placement.Evaluation) { e.Comment = strings.Repeat("x", 2001) }), "/comment", "too_long")
	d.want(certify(), fault.Conflict, "transition") // neither marked nor over
	_, err = d.End(t.Context(), person, id, placement.End{On: d.today()})
	d.ok(err)
	d.want(certify(), fault.Conflict, "transition") // over and not marked
	d.ok(evaluate(func(*placement.Evaluation) {}))
	if e := d.file(id).Internship.Evaluation; e.At != d.now || e.Skills != 5 || e.Conduct != 1 {
		t.Errorf("kept %+v", e)
	}
	d.ok(certify())
	if in := d.file(id).Internship; !ref.ValidReference("ATT", in.Certificate) || in.CertifiedAt != d.now {
		t.Errorf("certified: %+v", in)
	}
	d.want(certify(), fault.Conflict, "transition")
	d.want(evaluate(func(*placement.Evaluation) {}), fault.Conflict, "transition")
}

// TestAMissionSaysWhatForBeforeItBegins, and its report has words.
func TestAMissionSaysWhatForBeforeItBegins(t *testing.T) {
	d := newDesk(t)
	brief := placement.MissionBrief{Host: "Hôpital de Kayes", Objective: "former", Results: slices.Repeat([]string{"dix infirmiers"}, 20)}
	_, err := d.SetMission(t.Context(), bureau, d.open(), brief)
	d.want(err, fault.Conflict, "placement.kind")
	d = newDesk(t)
	d.offer.Frozen.Terms.Kind = ref.ExpertMission
	id := d.open()
	for pointer, change := range map[string]func(*placement.MissionBrief){
		"/host": func(b *placement.MissionBrief) { b.Host = "" }, "/objective": func(b *placement.MissionBrief) { b.Objective = "" },
		"/results/1": func(b *placement.MissionBrief) { b.Results = []string{"a", ""} },
	} {
		b := brief
		change(&b)
		_, err = d.SetMission(t.Context(), bureau, id, b)
		d.wantField(err, pointer, "required")
	}
	many, long := brief, brief
	many.Results, long.Objective = append(slices.Clone(brief.Results), "un de trop"), strings.Repeat("x", 2001)
	_, err = d.SetMission(t.Context(), bureau, id, many)
	d.wantField(err, "/results", "too_many")
	_, err = d.SetMission(t.Context(), bureau, id, long)
	d.wantField(err, "/objective", "too_long")
	_, err = d.SetMission(t.Context(), bureau, id, brief)
	d.ok(err)
	d.propose(id, func(terms *offer.Terms) { terms.Kind = ref.ExpertMission })
	d.accept(id)
	_, err = d.SetMission(t.Context(), bureau, id, brief)
	d.want(err, fault.Conflict, "transition")
	p := d.file(id)
	p.Journey.ArrivedOn = d.today()
	d.ok(d.files.Put(p))
	for words, code := range map[string]string{" \n": "required", strings.Repeat("x", 20001): "too_long"} {
		_, err = d.Report(t.Context(), person, id, words)
		d.wantField(err, "/report", code)
	}
	if d.file(id).Mission.Report != "" {
		t.Error("a refused report is kept")
	}
}

// TestAListIsOfOnesOwnFiles: whatever scope is asked for, and nobody without a
// side has one.
func TestAListIsOfOnesOwnFiles(t *testing.T) {
	d := newDesk(t)
	d.open()
	for _, who := range []account.Actor{{Account: "acc_admin", Role: account.Admin}, {Account: "acc_observer", Role: account.Observer}} {
		_, err := d.List(t.Context(), who, placement.Query{Scope: account.Scope{All: true}})
		d.want(err, fault.Forbidden, "auth.forbidden")
	}
	_, err := d.List(t.Context(), account.Actor{}, placement.Query{Scope: account.Scope{All: true}})
	if !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody lists: %v", err)
	}
}

// TestADrawingIsRedrawnToo: a PNG is kept as its pixels alone.
func TestADrawingIsRedrawnToo(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	content := drawing(t, 30, 20)
	dirty := append(slices.Clone(content), []byte("GPS 12.6392,-8.0029")...)
	doc, err := d.AddDocument(t.Context(), person, id, placement.Upload{Item: "evidence", Name: "a.png", Content: dirty})
	d.ok(err)
	kept := d.blobs[doc.Blob]
	if doc.Media != "image/png" || !strings.HasPrefix(string(kept), "\x89PNG") || strings.Contains(string(kept), "GPS") || len(kept) == 0 {
		t.Errorf("%s, %d bytes", doc.Media, len(kept))
	}
	photo, err := d.AddDocument(t.Context(), person, id, placement.Upload{Item: "evidence", Name: "a.jpg", Content: photograph(t)})
	d.ok(err)
	if !strings.HasPrefix(string(d.blobs[photo.Blob]), "\xff\xd8\xff") {
		t.Error("the photograph is not kept")
	}
	_, err = d.AddDocument(t.Context(), person, id, placement.Upload{Item: "evidence", Name: "a.png", Content: content[:len(content)-20]})
	d.wantField(err, "file", "placement.document.damaged")
}
