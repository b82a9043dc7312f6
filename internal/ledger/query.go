package ledger

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// catalogue is the log as lists need it: who did what to what, when. The rest
// of an entry is read when it is shown.
type catalogue struct {
	rows    []row
	known   map[string]bool // ids of all entries
	symbols map[string]uint32
	names   []string // by symbol
}

type row struct {
	id                     string
	at                     int64 // Unix milliseconds
	subject, actor, action uint32
}

func newCatalogue() catalogue {
	return catalogue{known: map[string]bool{}, symbols: map[string]uint32{}}
}

func (c *catalogue) add(id string, leaf audit.Leaf) {
	c.known[id] = true
	c.rows = append(c.rows, row{id: id, at: leaf.At.UnixMilli(),
		subject: c.symbol(leaf.Subject), actor: c.symbol(leaf.Actor), action: c.symbol(leaf.Action)})
}

func (c *catalogue) symbol(name string) uint32 {
	s, ok := c.symbols[name]
	if !ok {
		s = uint32(len(c.names))
		c.symbols[name], c.names = s, append(c.names, name)
	}
	return s
}

// matcher tells which rows a query asks for.
func (c *catalogue) matcher(q audit.Query) func(*row) bool {
	subject, anySubject := c.wanted(q.Subject)
	actor, anyActor := c.wanted(q.Actor)
	actions := map[uint32]bool{}
	for s, name := range c.names {
		if name == q.Action || strings.HasPrefix(name, q.Action+".") {
			actions[uint32(s)] = true
		}
	}
	return func(r *row) bool {
		return (anySubject || r.subject == subject) && (anyActor || r.actor == actor) && (q.Action == "" || actions[r.action]) &&
			(q.From.IsZero() || r.at >= q.From.UnixMilli()) && (q.To.IsZero() || r.at < q.To.UnixMilli())
	}
}

// wanted gives the symbol of a name that bounds a list; one that no row has,
// when the name is not there.
func (c *catalogue) wanted(name string) (symbol uint32, unbounded bool) {
	if s, ok := c.symbols[name]; ok || name == "" {
		return s, name == ""
	}
	return uint32(len(c.names)), false
}

// page gives the places of one page, newest first.
func (c *catalogue) page(q audit.Query, page listing.Page) (places []int64, total int, next string, err error) {
	before := len(c.rows)
	if page.After != "" {
		before, err = strconv.Atoi(page.After)
		if err != nil || before < 0 {
			return nil, 0, "", fault.New(fault.Syntax, "cursor")
		}
	}
	wanted, size := c.matcher(q), page.Size()
	for place := len(c.rows) - 1; place >= 0; place-- {
		if !wanted(&c.rows[place]) {
			continue
		}
		total++
		switch {
		case place >= before || len(places) > size:
		case len(places) == size:
			places = append(places, -1) // there is more
		default:
			places = append(places, int64(place))
		}
	}
	if len(places) > size {
		places = places[:size]
		next = strconv.FormatInt(places[size-1], 10)
	}
	return places, total, next, nil
}

// Entries lists the log, newest first, for those who may read it.
func (l *Ledger) Entries(ctx context.Context, actor account.Actor, q audit.Query, page listing.Page) (listing.Result[audit.Record], error) {
	var result listing.Result[audit.Record]
	if err := actor.Require("audit.read"); err != nil {
		return result, err
	}
	if err := l.look(ctx); err != nil {
		return result, err
	}
	l.mu.RLock()
	places, total, next, err := l.rows.page(q, page)
	ids := make([]string, len(places))
	for i, place := range places {
		ids[i] = l.rows.rows[place].id
	}
	l.mu.RUnlock()
	if err != nil {
		return result, err
	}
	result.Total, result.Next = total, next
	for i, place := range places {
		leaf, err := l.Store.Leaf(ctx, ids[i])
		if fault.Is(err, fault.NotFound) { // taken away: the gap is shown
			leaf, err = audit.Leaf{Entry: audit.Entry{ID: ids[i]}}, nil
		}
		if err != nil {
			return result, err
		}
		result.Items = append(result.Items, audit.Record{Index: place, Leaf: leaf})
	}
	return result, nil
}

// Checkpoint gives the signed state of the log to those who may read it.
func (l *Ledger) Checkpoint(ctx context.Context, actor account.Actor) (audit.Checkpoint, error) {
	if err := actor.Require("audit.read"); err != nil {
		return audit.Checkpoint{}, err
	}
	return l.Head(ctx)
}

// Proof shows that the entry at a position is part of the log as signed now;
// NotFound code "audit.not_found" beyond its end.
func (l *Ledger) Proof(ctx context.Context, actor account.Actor, index int64) (audit.Proof, error) {
	head, err := l.Checkpoint(ctx, actor)
	if err != nil {
		return audit.Proof{}, err
	}
	if index < 0 || index >= head.Size {
		return audit.Proof{}, fault.New(fault.NotFound, "audit.not_found")
	}
	path, err := tlog.ProveRecord(head.Size, index, l.hashes(ctx))
	if err != nil {
		return audit.Proof{}, err
	}
	l.mu.RLock()
	id := l.rows.rows[index].id
	l.mu.RUnlock()
	leaf, err := l.Store.Leaf(ctx, id)
	if err != nil {
		return audit.Proof{}, err
	}
	proof := audit.Proof{Index: index, LeafText: string(leaf.Text()), LeafHash: leafHash(leaf), Checkpoint: head}
	for _, h := range path {
		proof.Path = append(proof.Path, audit.Hash(h))
	}
	return proof, nil
}
