package api_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func key(k string) string { return "Idempotency-Key: " + k }

// TestRL02IdempotencyKey: once per caller, operation and key.
func TestRL02IdempotencyKey(t *testing.T) {
	f := start(t)
	first := f.send("POST", berthsPath, "agency", goodBody, key("k1"))
	again := f.send("POST", berthsPath, "agency", goodBody, key("k1"))
	if first.status != 201 || again.status != 201 || again.body != first.body || f.berths.made.Load() != 1 {
		t.Fatalf("%d %d %s", first.status, again.status, again.body)
	}
	for _, name := range []string{"ETag", "Location", "Content-Type"} {
		if again.header.Get(name) != first.header.Get(name) || first.header.Get(name) == "" {
			t.Errorf("%s: %q, first %q", name, again.header.Get(name), first.header.Get(name))
		}
	}
	if first.header.Get("Idempotency-Replayed") != "" || again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("a replay must be marked, and only a replay")
	}
	other := f.send("POST", berthsPath, "agency", `{"title":"Maçon","country":"ES"}`, key("k1"))
	if p := other.problem(t); other.status != 422 || p.Code != "idempotency.mismatch" {
		t.Errorf("other body: %d %s", other.status, other.body)
	}
	for name, r := range map[string]reply{
		"another caller": f.send("POST", berthsPath, "agency-2", goodBody, key("k1")),
		"another key":    f.send("POST", berthsPath, "agency", goodBody, key("k2")),
		"no key":         f.send("POST", berthsPath, "agency", goodBody),
	} {
		if r.status != 201 || r.header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%s: %d", name, r.status)
		}
	}
}

func TestIdempotencyKeyForm(t *testing.T) {
	f := start(t)
	for value, status := range map[string]int{
		strings.Repeat("k", 255): 201, strings.Repeat("k", 256): 400, "a b": 400, "clé": 400, "!~": 201,
	} {
		if r := f.send("POST", berthsPath, "agency", goodBody, key(value)); r.status != status {
			t.Errorf("%.20q: %d %s", value, r.status, r.body)
		}
	}
	req, err := http.NewRequest("POST", f.url+berthsPath, strings.NewReader(goodBody))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer agency"}, "Content-Type": {"application/json"}, "Idempotency-Key": {"a", "b"}}
	if r := f.do(req); r.status != 400 {
		t.Errorf("two keys: %d", r.status)
	}
}

func TestFailuresReleaseTheKey(t *testing.T) {
	f := start(t)
	for body, status := range map[string]int{
		`{"title":"conflict","country":"ES"}`: 409,
		`{"title":"panic","country":"ES"}`:    500,
	} {
		k := key("k" + http.StatusText(status)[:3])
		for range 2 {
			if r := f.send("POST", berthsPath, "agency", body, k); r.status != status {
				t.Fatalf("%s: %d %s", body, r.status, r.body)
			}
		}
		if r := f.send("POST", berthsPath, "agency", goodBody, k); r.status != 201 {
			t.Errorf("after %d the key is not free: %d %s", status, r.status, r.body)
		}
	}
	if log := f.logs.String(); !strings.Contains(log, "as asked") {
		t.Error("the panic is not logged")
	}
}

func TestInFlightAndParallel(t *testing.T) {
	f := start(t)
	wait := `{"title":"wait","country":"ES"}`
	var wg sync.WaitGroup
	var mu sync.Mutex
	counts := map[int]int{}
	for range 8 {
		wg.Go(func() {
			r := f.send("POST", berthsPath, "agency", wait, key("k"))
			mu.Lock()
			defer mu.Unlock()
			if counts[r.status]++; r.status == 409 && (r.header.Get("Retry-After") == "" || r.problem(t).Code != "idempotency.in_flight") {
				t.Errorf("%v %s", r.header, r.body)
			}
			if r.status == 409 && counts[409] == 7 {
				close(f.berths.block)
			}
		})
	}
	wg.Wait()
	if counts[201] != 1 || counts[409] != 7 || f.berths.made.Load() != 1 {
		t.Errorf("%v, made %d", counts, f.berths.made.Load())
	}
}

func TestServicesSeeTheKey(t *testing.T) {
	f := start(t)
	if r := f.send("POST", berthsPath, "agency-9", goodBody); r.status != 422 {
		t.Errorf("without a key: %d", r.status)
	}
	if r := f.send("POST", berthsPath, "agency-9", goodBody, key("k")); r.status != 201 {
		t.Errorf("with a key: %d %s", r.status, r.body)
	}
}

func TestSecretsAreNeverKept(t *testing.T) {
	f := start(t)
	a := f.send("POST", "/api/v1/auth/login", "", "{}", key("k"))
	b := f.send("POST", "/api/v1/auth/login", "", "{}", key("k"))
	if a.status != 200 || b.status != 200 || a.body == b.body || f.berths.made.Load() != 2 {
		t.Errorf("%d %d %s", a.status, b.status, b.body)
	}
}

// form writes a multipart form; a name with a slash is a file: "file/name.csv".
func form(t *testing.T, parts ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		name, file, isFile := strings.Cut(parts[i], "/")
		create := func() (io.Writer, error) { return w.CreateFormField(name) }
		if isFile {
			create = func() (io.Writer, error) { return w.CreateFormFile(name, file) }
		}
		part, err := create()
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

// covers UP-01
func TestUpload(t *testing.T) {
	f := start(t)
	large := strings.Repeat("0123456789abcdef", 40_000) // goes through a temporary file
	for _, tc := range []struct {
		parts  []string
		status int
		want   string
	}{
		{[]string{"kind", "offers", "dryRun", "true", "file/a.csv", "x;y"}, 200, `{"name":"a.csv","size":3,"text":"x;y"}`},
		{[]string{"kind", "offers", "file/a.csv", large}, 200, `"size":640000`},
		{[]string{"kind", "offers", "file/../../b.csv", "x"}, 200, `"name":"b.csv"`},
		{[]string{"kind", "leads", "file/a.csv", "x"}, 422, `"pointer":"kind"`},
		{[]string{"kind", "offers"}, 422, `"pointer":"file"`},
		{[]string{"kind", "offers", "x", "1", "file/a.csv", "x"}, 422, `"code":"unknown"`},
		{[]string{"kind", "offers", "kind", "offers", "file/a.csv", "x"}, 422, `"code":"repeated"`},
		{[]string{"kind", "offers", "file/a.csv", "x", "file/b.csv", "x"}, 422, `"code":"repeated"`},
		{[]string{"kind", "offers", "dryRun", "yes", "file/a.csv", "x"}, 422, `"code":"boolean"`},
	} {
		body, contentType := form(t, tc.parts...)
		r := f.send("POST", "/api/v1/imports", "agency", body, contentType)
		if r.status != tc.status || !strings.Contains(r.body, tc.want) {
			t.Errorf("%.80v: %d %.200s", tc.parts, r.status, r.body)
		}
	}
}

func TestUploadsAreReplayedByContent(t *testing.T) {
	f := start(t)
	one, oneType := form(t, "kind", "offers", "file/a.csv", "x")
	same, sameType := form(t, "kind", "offers", "file/a.csv", "x")
	other, otherType := form(t, "kind", "offers", "file/a.csv", "y")
	for i, tc := range []struct {
		body, contentType string
		status            int
	}{{one, oneType, 200}, {same, sameType, 200}, {other, otherType, 422}} {
		if r := f.send("POST", "/api/v1/imports", "agency", tc.body, tc.contentType, key("k")); r.status != tc.status {
			t.Errorf("%d: %d %s", i, r.status, r.body)
		}
	}
	if f.berths.made.Load() != 1 {
		t.Errorf("imported %d times", f.berths.made.Load())
	}
}
