// Package mailtest is a mail server for tests: it speaks as much SMTP as a
// sender needs, answers addresses as it is told, and keeps what it is sent.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// Server is one mail server on a port of its own of this machine.
type Server struct {
	listener net.Listener

	mu         sync.Mutex
	refer      string
	mails      []string
	recipients []string
}

// Open starts a server that takes mail for everybody; it ends with the test.
func Open(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: l, refer: "250 ok"}
	t.Cleanup(s.Close)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

// Close ends the server; a second time does nothing.
func (s *Server) Close() { _ = s.listener.Close() } // it fails only when it is closed already

// At gives the address and port a sender is told.
func (s *Server) At() (host string, port int) {
	at := s.listener.Addr().(*net.TCPAddr) // it listens on TCP
	return at.IP.String(), at.Port
}

// Answer sets what is said from now on to an address a mail is for, as
// "550 no such user".
func (s *Server) Answer(refer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refer = refer
}

// Mails gives every mail taken and not taken out, oldest first, as the sender
// wrote it.
func (s *Server) Mails() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mails...)
}

// TakeOut gives the oldest mail the choice is true for, and forgets it.
func (s *Server) TakeOut(choice func(mail string) bool) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, m := range s.mails {
		if choice(m) {
			s.mails = append(s.mails[:i:i], s.mails[i+1:]...)
			return m, true
		}
	}
	return "", false
}

// Recipients gives everybody a mail was addressed to, as the sender said it.
func (s *Server) Recipients() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.recipients...)
}

func (s *Server) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewScanner(c)
	say := func(text string) { fmt.Fprintf(c, "%s\r\n", text) }
	say("220 test")
	for r.Scan() {
		verb, rest, _ := strings.Cut(r.Text(), " ")
		switch strings.ToUpper(verb) {
		case "RCPT":
			say(s.address(rest))
		case "DATA":
			say("354 go on")
			s.take(r)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 test")
		}
	}
}

func (s *Server) address(to string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recipients = append(s.recipients, to)
	return s.refer
}

// take reads one mail up to the line that ends it; a point is doubled where it
// begins a line (RFC 5321, 4.5.2).
func (s *Server) take(r *bufio.Scanner) {
	var mail strings.Builder
	for r.Scan() && r.Text() != "." {
		mail.WriteString(strings.TrimPrefix(r.Text(), ".") + "\r\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, mail.String())
}
