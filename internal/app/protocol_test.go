package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestRL03ConditionalRequests changes a draft with the right, a stale and no
// revision, and reads it when nothing has changed.
func TestRL03ConditionalRequests(t *testing.T) {
	s := newStage(t, workHouse(t))
	agency, path := s.by("agency"), "/offers/"+s.draft()
	tag := s.tag(agency, path)
	if r := agency.send("GET", path, nil, "If-None-Match", tag); r.status != http.StatusNotModified || len(r.body) != 0 {
		t.Errorf("unchanged: %d %s", r.status, r.body)
	}
	agency.must(http.StatusPreconditionRequired, "PUT", path, s.offer(nil))
	for _, wrong := range []string{`"v99"`, `"other"`, "W/" + tag} {
		agency.must(http.StatusPreconditionFailed, "PUT", path, s.offer(nil), "If-Match", wrong)
	}
	agency.must(http.StatusBadRequest, "PUT", path, s.offer(nil), "If-Match", "no tag")
	next := agency.must(http.StatusOK, "PUT", path, s.offer(nil), "If-Match", tag).header.Get("ETag")
	if next == tag || next != s.tag(agency, path) {
		t.Errorf("the tag was %s and is %s", tag, next)
	}
	agency.must(http.StatusPreconditionFailed, "PUT", path, s.offer(nil), "If-Match", tag)
	agency.must(http.StatusOK, "GET", path, nil, "If-None-Match", tag)
}

// TestRL03OfManyWritersOneWins sends the same change sixteen times at once.
func TestRL03OfManyWritersOneWins(t *testing.T) {
	s := newStage(t, workHouse(t))
	agency, path := s.by("agency"), "/offers/"+s.draft()
	tag := s.tag(agency, path)
	statuses := atOnce(16, func(n int) *reply {
		return agency.send("PUT", path, s.offer(object{"title": fmt.Sprintf("Auteur %d", n)}), "If-Match", tag)
	})
	if statuses[http.StatusOK] != 1 || statuses[http.StatusPreconditionFailed] != 15 {
		t.Errorf("statuses: %v", statuses)
	}
}

// atOnce makes n calls from as many goroutines and counts their statuses.
func atOnce(n int, call func(n int) *reply) map[int]int {
	var mu sync.Mutex
	var group sync.WaitGroup
	statuses := map[int]int{}
	for i := range n {
		group.Go(func() {
			r := call(i)
			mu.Lock()
			statuses[r.status]++
			mu.Unlock()
		})
	}
	group.Wait()
	return statuses
}

// TestRL02TheSameKeyIsTheSameRequest repeats requests under an idempotency key.
func TestRL02TheSameKeyIsTheSameRequest(t *testing.T) {
	s := newStage(t, workHouse(t))
	agency, body := s.by("agency"), s.offer(nil)
	for _, wrong := range []string{"clé", "two words", strings.Repeat("x", 256)} {
		agency.must(http.StatusBadRequest, "POST", "/offers", body, "Idempotency-Key", wrong)
	}
	key := fmt.Sprintf("essai-%d", s.next())
	one := agency.must(http.StatusCreated, "POST", "/offers", body, "Idempotency-Key", key)
	two := agency.must(http.StatusCreated, "POST", "/offers", body, "Idempotency-Key", key)
	if string(one.body) != string(two.body) || two.header.Get("Idempotency-Replayed") != "true" || one.header.Get("Location") != two.header.Get("Location") {
		t.Errorf("not the first answer:\n%s %v\n%s %v", one.body, one.header, two.body, two.header)
	}
	agency.must(http.StatusUnprocessableEntity, "POST", "/offers", s.offer(nil), "Idempotency-Key", key)
	other := s.by("agency2").send("POST", "/offers", body, "Idempotency-Key", key)
	if other.status != http.StatusCreated || other.member("id") == one.member("id") {
		t.Errorf("the key of another account: %d %s", other.status, other.body)
	}
	title := fmt.Sprintf("Une seule fois %d", s.next())
	same := s.offer(object{"title": title})
	statuses := atOnce(8, func(int) *reply { return agency.send("POST", "/offers", same, "Idempotency-Key", key+"-b") })
	if statuses[http.StatusCreated]+statuses[http.StatusConflict]+statuses[http.StatusServiceUnavailable] != 8 || statuses[http.StatusCreated] == 0 {
		t.Errorf("eight at once: %v", statuses)
	}
	if n := read[lines](agency, "/offers?state=draft&limit=100&q=%22Une+seule+fois%22").Total; n != 1 {
		t.Errorf("one key made %d drafts", n)
	}
}

// TestLM03EveryListIsWalkedToItsEnd follows nextCursor and counts: nothing
// twice, nothing left out, and the total exact on every page.
func TestLM03EveryListIsWalkedToItsEnd(t *testing.T) {
	h := readHouse(t)
	for _, list := range []struct {
		who, path, id string
		atLeast       int
	}{
		{"", "/offers?limit=37", "id", 300}, {"", "/offers?limit=50&sort=-salary&country=ES", "id", 30}, {"", "/offers?limit=9&q=ma*", "id", 10},
		{"official", "/offers?limit=60&mine=true", "id", 470}, {"", "/agencies?limit=3", "id", 6}, {"official", "/employers?limit=7", "id", 20},
		{"official", "/applications?limit=41", "id", 100}, {"agency", "/applications?limit=13", "id", 20}, {"candidate", "/profiles/me/matches?limit=11", "offer", 11},
		{"", "/reference/occupations?limit=100", "code", 500}, {"", "/reference/countries?limit=99", "code", 200}, {"", "/corridors?limit=4", "code", 10},
	} {
		walkList(t, h.as(t, list.who), list.path, list.id, list.atLeast)
	}
	seen := map[string]bool{}
	for cursor := ""; ; {
		page := read[struct {
			Items      []object
			NextCursor string
		}](h.as(t, ""), "/offers/changes?limit=90"+cursor)
		for _, item := range page.Items {
			id, _ := item["id"].(string)
			if seen[id] {
				t.Fatalf("%s changed twice in one walk", id)
			}
			seen[id] = true
		}
		if page.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + page.NextCursor
	}
	if len(seen) < 400 {
		t.Errorf("the feed holds %d offers", len(seen))
	}
}

func walkList(t *testing.T, who *caller, path, id string, atLeast int) {
	t.Helper()
	seen, total := map[string]bool{}, -1
	for cursor := ""; ; {
		page := read[struct {
			Items      []object
			Total      int
			NextCursor string
		}](who, path+cursor)
		if total >= 0 && page.Total != total {
			t.Errorf("%s: the total was %d and is %d", path, total, page.Total)
		}
		total = page.Total
		for _, item := range page.Items {
			key, _ := item[id].(string)
			if key == "" || seen[key] {
				t.Fatalf("%s: %q comes twice, or has no %s", path, key, id)
			}
			seen[key] = true
		}
		if page.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + page.NextCursor
	}
	if len(seen) != total || total < atLeast {
		t.Errorf("%s: %d items, the total says %d, at least %d were expected", path, len(seen), total, atLeast)
	}
}

// TestLM03CursorsLeadNowhereElse bends cursors.
func TestLM03CursorsLeadNowhereElse(t *testing.T) {
	nobody := readHouse(t).as(t, "")
	cursor := read[lines](nobody, "/offers?limit=5").NextCursor
	if cursor == "" {
		t.Fatal("no second page")
	}
	flipped := strings.Map(func(r rune) rune {
		if r == 'A' {
			return 'B'
		}
		return r
	}, cursor) + "A"
	for _, path := range []string{
		"/offers?limit=5&cursor=" + flipped, "/offers?limit=5&cursor=x", "/offers?limit=5&country=ES&cursor=" + cursor, "/agencies?cursor=" + cursor,
		"/offers?limit=5&sort=-salary&cursor=" + cursor,
	} {
		nobody.must(http.StatusBadRequest, "GET", path, nil)
	}
	for _, path := range []string{"/offers?limit=0", "/offers?limit=101", "/offers?limit=-1"} {
		nobody.must(http.StatusUnprocessableEntity, "GET", path, nil)
	}
}

// TestProblemsSpeakTheCallersLanguage asks for the same refusals in French, in
// English, and in a language there is not.
func TestProblemsSpeakTheCallersLanguage(t *testing.T) {
	nobody := readHouse(t).as(t, "")
	for _, call := range []struct {
		method, path string
		body         any
	}{{"GET", "/me", nil}, {"GET", "/offers/off_none", nil}, {"POST", "/auth/login", object{"password": ""}}, {"GET", "/offers?colour=red", nil}} {
		text := map[string]string{}
		for sent, want := range map[string]string{"": "fr", "fr": "fr", "en-GB,en;q=0.8": "en", "bm": "fr", "de, en;q=0.5, fr;q=0.4": "en"} {
			r := nobody.send(call.method, call.path, call.body, "Accept-Language", sent)
			var problem struct {
				Title, Detail, Code, RequestID string
				Status                         int
				Errors                         []struct{ Pointer, Code, Detail string }
			}
			if err := json.Unmarshal(r.body, &problem); err != nil {
				t.Fatal(err)
			}
			if got := r.header.Get("Content-Language"); got != want {
				t.Errorf("%s in %q: answered in %q", call.path, sent, got)
			}
			if problem.Title == "" || problem.Detail == "" || problem.Code == "" || problem.Status != r.status || problem.RequestID != r.header.Get("X-Request-Id") {
				t.Errorf("%s: %s", call.path, r.body)
			}
			if known, ok := text[want]; ok && known != problem.Detail {
				t.Errorf("%s in %s: %q and %q", call.path, want, known, problem.Detail)
			}
			text[want] = problem.Detail
		}
		if text["fr"] == text["en"] {
			t.Errorf("%s: the same words in both languages: %q", call.path, text["fr"])
		}
	}
}

// TestAZ05WhatIsNotInTheListIsRefused sends members and parameters that there
// are not, a role among them.
func TestAZ05WhatIsNotInTheListIsRefused(t *testing.T) {
	s := newStage(t, workHouse(t))
	account := object{"applicant": "candidate", "email": "role@example.ml", "password": "quatre chevaux lents et doux"}
	for _, name := range []string{"role", "Role", "institution", "collector", "state", "agency"} {
		sent := object{name: "official"}
		for k, v := range account {
			sent[k] = v
		}
		r := s.by("").must(http.StatusUnprocessableEntity, "POST", "/auth/register", sent)
		if strings.Contains(string(r.body), "role@example.ml") {
			t.Errorf("the refusal echoes what was sent: %s", r.body)
		}
	}
	for _, name := range []string{"state", "reference", "agency", "version", "published", "rev", "createdBy"} {
		s.by("agency").must(http.StatusUnprocessableEntity, "POST", "/offers", s.offer(object{name: "published"}))
	}
	for _, path := range []string{"/offers?state=draft&Mine=true", "/agencies?role=official", "/me?id=acc_x", "/offers?q=a&q=b"} {
		if r := s.by("agency").send("GET", path, nil); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
