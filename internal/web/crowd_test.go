package web_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"passerelle/internal/web"
)

// TestRL11RefusedEarly: what is refused for want of room is as well protected
// and as well said as any other answer.
//
// covers WB-01, WB-04
func TestRL11RefusedEarly(t *testing.T) {
	k := newKernel(t, web.Options{Concurrency: 1, HSTS: true, Rates: web.Rates{Off: true}})
	before, page := k.get("/api/v1/nowhere"), k.get("/nowhere")
	go k.get("/api/v1/wait")
	<-k.entered
	defer close(k.hold)
	refused := k.get("/api/v1/open/1", "Accept-Language: en")
	var p web.Problem
	if err := json.Unmarshal([]byte(refused.body), &p); err != nil || p.Code != "request.overload" || p.RequestID != refused.header.Get("X-Request-Id") || p.RequestID == "" {
		t.Errorf("%v %s", err, refused.body)
	}
	if refused.header.Get("Content-Language") != "en" || refused.header.Get("Retry-After") != "1" {
		t.Errorf("%v", refused.header)
	}
	shown := k.get("/page")
	if shown.status != http.StatusServiceUnavailable || !strings.Contains(shown.body, "<h1>") || !strings.Contains(shown.body, shown.header.Get("X-Request-Id")) {
		t.Errorf("%d %s", shown.status, shown.body)
	}
	for got, like := range map[*reply]*reply{&refused: &before, &shown: &page} {
		for name := range like.header {
			if name != "Content-Length" && got.header.Get(name) == "" {
				t.Errorf("refused early without %s", name)
			}
		}
		if got.header.Get("Content-Security-Policy") != like.header.Get("Content-Security-Policy") {
			t.Errorf("policy %s", got.header.Get("Content-Security-Policy"))
		}
	}
}

// TestRL12SlowBodiesTakeNoPlace: whoever sends a body slowly keeps nobody out.
func TestRL12SlowBodiesTakeNoPlace(t *testing.T) {
	k := newKernel(t, web.Options{Concurrency: 1, Rates: web.Rates{Off: true}})
	address, _ := k.listen()
	for _, framing := range []string{"Content-Length: 60", "Transfer-Encoding: chunked"} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := io.WriteString(conn, "POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+framing+"\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	other, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for range 20 {
		if line, err := ask(other, "/api/v1/open/1"); err != nil || !strings.Contains(line, "200") {
			t.Fatalf("%q %v", line, err)
		}
	}
}
