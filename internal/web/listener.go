package web

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// proxyList holds the addresses that may speak for others.
type proxyList []netip.Prefix

func parseProxies(texts []string) (proxyList, error) {
	var list proxyList
	for _, text := range texts {
		prefix, err := parsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("web: trusted proxy: %w", err)
		}
		list = append(list, prefix)
	}
	return list, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Prefix(addr.BitLen())
}

func (p proxyList) contains(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// cappedListener refuses connections of an address that has its share already.
type cappedListener struct {
	net.Listener
	most    int
	exempt  proxyList
	refused func()
	mu      sync.Mutex
	open    map[netip.Addr]int
}

func (s *Server) capConnections(l net.Listener) net.Listener {
	return &cappedListener{
		Listener: l, most: s.opts.ConnectionsPerAddress, exempt: s.proxies,
		refused: s.metrics.connectionRefused, open: map[netip.Addr]int{},
	}
}

// Accept waits for the next connection within the cap; others are closed.
func (l *cappedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr, ok := addressOf(conn)
		if !ok || l.exempt.contains(addr) {
			return conn, nil
		}
		if l.take(addr) {
			return &cappedConn{Conn: conn, release: sync.OnceFunc(func() { l.give(addr) })}, nil
		}
		l.refused()
		_ = conn.Close() // refused on purpose: there is nobody to tell
	}
}

func (l *cappedListener) take(addr netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[addr] >= l.most {
		return false
	}
	l.open[addr]++
	return true
}

func (l *cappedListener) give(addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[addr]--; l.open[addr] <= 0 {
		delete(l.open, addr)
	}
}

type cappedConn struct {
	net.Conn
	release func()
}

// Close ends the connection and frees its place.
func (c *cappedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// addressOf gives the other end's address; ok is false for sockets that have
// none, such as Unix ones.
func addressOf(conn net.Conn) (addr netip.Addr, ok bool) {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, false
	}
	addr, ok = netip.AddrFromSlice(tcp.IP)
	return share(addr.Unmap()), ok
}

// share gives the part of an address that one subscriber controls: the whole
// IPv4 address, the /64 of an IPv6 one.
func share(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	prefix, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return addr
	}
	return prefix.Addr()
}
