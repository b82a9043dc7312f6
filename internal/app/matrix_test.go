package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
)

// column is one caller of the matrix. candidate2 and agency2 are the other
// tenants: the records of the matrix belong to candidate and agency.
type column struct {
	name string
	role account.Role
}

func columns() []column {
	return []column{
		{"", account.Anonymous}, {"candidate", account.Candidate}, {"candidate2", account.Candidate}, {"agency", account.Agency},
		{"agency2", account.Agency}, {"official", account.Official}, {"admin", account.Admin}, {"observer", account.Observer},
	}
}

// target is one call: what the document's path needs, and what its minimal
// body does not say.
type target struct {
	id     string             // of the record; also a corridor's code
	query  string             // with its question mark
	body   any                // nil = the smallest the document allows
	bodies map[string]any     // by column, where callers send different things
	tag    string             // If-Match, or "*" for a new record
	as     map[string]*caller // who calls in place of the column's account
	parts  []string           // further parameters of the path and their values, in pairs
}

// line is one line of the matrix: an operation on one kind of record.
type line struct {
	operation string
	label     string   // what is particular about the record
	hidden    []string // columns that may call and must not see this record: 404
	refused   []string // columns whose role may call and whose case is refused: 403
	unsigned  bool     // asks for an account although the operation does not: 401
	make      func(*stage) target
}

func (l line) name() string { return strings.TrimSpace(l.operation + " " + l.label) }

// expected gives the status a column must get; 0 when it may do it, and the
// state of the record decides.
func (l line) expected(rule account.Rule, c column) int {
	switch {
	case (l.unsigned || !rule.Public) && c.role == account.Anonymous:
		return http.StatusUnauthorized
	case !rule.Public && !slices.Contains(rule.Roles, c.role), slices.Contains(l.refused, c.name):
		return http.StatusForbidden
	case slices.Contains(l.hidden, c.name):
		return http.StatusNotFound
	default:
		return 0
	}
}

// TestAZ02EveryRoleOnEveryOperation sends every caller to every operation. What
// the permission table and the ownership of records say is computed; what the
// others get is a success or a documented refusal, pinned by a golden file.
func TestAZ02EveryRoleOnEveryOperation(t *testing.T) {
	m := &matrix{stage: newStage(t, openHouse(t))}
	m.description = describe(t, m.house)
	m.succeeded, m.copies = map[string]bool{}, newCopies()
	lines := map[string][]line{}
	for _, l := range slices.Concat(accountLines(), signInLines(), registerLines(), corridorLines(), offerLines(), peopleLines(), fileLines(), privacyLines(), auditLines(), placementLines(), abroadLines(), incidentLines()) {
		lines[l.operation] = append(lines[l.operation], l)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%-7s %-42s %-26s", "method", "path", "operation")
	for _, c := range columns() {
		fmt.Fprintf(&out, " %-10s", orAnonymous(c.name))
	}
	out.WriteString(" missing\n")
	for _, o := range m.operations() {
		if len(lines[o.ID]) == 0 {
			t.Errorf("%s %s (%s) has no line in the matrix", o.method, o.path, o.ID)
		}
		for _, l := range lines[o.ID] {
			out.WriteString(m.try(o, l))
		}
		delete(lines, o.ID)
		if !m.succeeded[o.ID] && o.ID != "confirmIdentifier" && o.ID != "acceptContract" && o.ID != "consentToTransfer" { // their codes go out by mail; other tests follow them
			t.Errorf("%s: nobody ever succeeded", o.ID)
		}
	}
	for id := range lines {
		t.Errorf("the matrix has a line for %s, which is not served", id)
	}
	golden(t, "matrix.golden", out.String())
}

func orAnonymous(name string) string {
	if name == "" {
		return "anonymous"
	}
	return name
}

type matrix struct {
	*stage
	*description
	succeeded map[string]bool
}

// try sends every column to one operation and writes the line. Callers who
// must be refused share one record, which must not change; the others get one
// of their own each.
func (m *matrix) try(o *documented, l line) string {
	rule := account.RuleOf(account.Permission(o.Permission))
	var out strings.Builder
	fmt.Fprintf(&out, "%-7s %-42s %-26s", o.method, strings.TrimPrefix(o.path, "/api/v1"), l.name())
	kept, missing := l.make(m.stage), "-"
	for _, c := range columns() {
		want := l.expected(rule, c)
		it := kept
		if want == 0 {
			it = l.make(m.stage)
		}
		r := m.call(o, it, c)
		m.judge(o, l, c, want, r)
		fmt.Fprintf(&out, " %-10d", r.status)
		if want == 0 && missing == "-" && strings.Contains(o.path, "{") {
			missing = m.missing(o, l.make(m.stage), c)
		}
	}
	return strings.TrimRight(out.String()+" "+missing, " ") + "\n"
}

func (m *matrix) judge(o *documented, l line, c column, want int, r *reply) {
	m.t.Helper()
	_, documented := o.Responses[fmt.Sprint(r.status)]
	allowed := documented && r.status < 500 && r.status != 401 && r.status != 403 && r.status != 404 && r.status != 400
	if want != 0 && r.status != want || want == 0 && !allowed || !documented {
		m.t.Errorf("%s as %s: %d, want %d (0 = success or a documented refusal)\n%s", l.name(), orAnonymous(c.name), r.status, want, r.body)
	}
	if r.status < 300 {
		m.succeeded[o.ID] = true
	}
	if r.status >= 400 && (r.header.Get("Content-Type") != "application/problem+json" || r.member("code") == "") {
		m.t.Errorf("%s as %s: %d without a problem document: %s", l.name(), orAnonymous(c.name), r.status, r.body)
	}
}

// missing tries the same on a record that does not exist.
func (m *matrix) missing(o *documented, it target, c column) string {
	prefix, _, found := strings.Cut(it.id, "_")
	absent := prefix + "_00000000000000000000000000"
	if !found {
		absent = "ML-AQ"
	}
	if it.tag == "*" {
		return "-"
	}
	it.id = absent
	r := m.call(o, it, c)
	if r.status != http.StatusNotFound {
		m.t.Errorf("%s on a missing record: %d %s", o.ID, r.status, r.body)
	}
	return fmt.Sprint(r.status)
}

func (m *matrix) call(o *documented, it target, c column) *reply {
	who := m.by(c.name)
	if other := it.as[c.name]; other != nil {
		who = other
	}
	body := it.body
	if sent, ok := it.bodies[c.name]; ok {
		body = sent
	}
	if body == nil {
		body = m.minimal(o)
	}
	var headers []string
	switch {
	case it.tag == "*":
		headers = []string{"If-None-Match", "*"}
	case it.tag != "":
		headers = []string{"If-Match", it.tag}
	}
	parts := append([]string{"{id}", it.id, "{code}", it.id, "{n}", it.id, "{report}", it.id, "{purpose}", it.id}, it.parts...)
	path := strings.NewReplacer(parts...).Replace(o.path)
	return who.send(o.method, path+it.query, body, headers...)
}

// TestAZ02EveryPermissionIsInTheMatrix fails when the table has a permission
// that no operation asks for, unless it is for a part that is still to come.
func TestAZ02EveryPermissionIsInTheMatrix(t *testing.T) {
	later := map[string]string{
		"service.backup":  "command line only",
		"clearance.check": "pages only; the API answers with the signed proofs",
		"report.figures":  "pages only; the API gives officials the whole reports",
	}
	used := map[string]bool{}
	for _, o := range describe(t, readHouse(t)).operations() {
		used[o.Permission] = true
	}
	for _, rule := range account.Rules() {
		p := string(rule.Permission)
		if _, waits := later[p]; waits == used[p] {
			t.Errorf("permission %s: used %v, listed as to come %v", p, used[p], waits)
		}
	}
}
