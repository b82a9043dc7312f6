package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// caller keeps connections from one address of the loopback network. It does
// no more than a request needs: the driver of a flood must not be what drowns.
type caller struct {
	dialer *net.Dialer
	target string
	idle   chan *connection
}

type connection struct {
	net.Conn
	reader *bufio.Reader
}

// callers makes one for each of the addresses the load comes from.
func (s *server) callers() []*caller {
	var out []*caller
	for i := range floodAddresses {
		from := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i))}
		out = append(out, &caller{
			dialer: &net.Dialer{LocalAddr: from, Timeout: 5 * time.Second}, target: s.address, idle: make(chan *connection, floodConnections),
		})
	}
	return out
}

func (c *caller) take(ctx context.Context) (*connection, error) {
	select {
	case conn := <-c.idle:
		return conn, nil
	default:
	}
	conn, err := c.dialer.DialContext(ctx, "tcp", c.target)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReaderSize(conn, 16<<10)}, nil
}

// ask makes one request and reads the answer to its end.
func (c *caller) ask(ctx context.Context, what call) (status int, retryAfter bool, err error) {
	conn, err := c.take(ctx)
	if err != nil {
		return 0, false, err
	}
	answer, err := conn.exchange(what)
	if err != nil || answer.Close {
		_ = conn.Close() // it is of no use any more
	} else {
		c.give(conn)
	}
	if err != nil {
		return 0, false, err
	}
	return answer.StatusCode, answer.Header.Get("Retry-After") != "", nil
}

func (c *connection) exchange(what call) (*http.Response, error) {
	head := "GET " + what.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	if what.token != "" {
		head += "Authorization: Bearer " + what.token + "\r\n"
	}
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c, head+"\r\n"); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer, err
}

func (c *caller) give(conn *connection) {
	select {
	case c.idle <- conn:
	default:
		_ = conn.Close() // there are enough
	}
}

// close ends the connections that are idle.
func (c *caller) close() {
	for {
		select {
		case conn := <-c.idle:
			_ = conn.Close() // nothing is under way on it
		default:
			return
		}
	}
}
