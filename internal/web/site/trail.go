package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/url"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// trailPath is the audit log.
const trailPath = "/journal"

// AuditLog is the audit log as its readers need it.
type AuditLog interface {
	Entries(ctx context.Context, actor account.Actor, q audit.Query, page listing.Page) (listing.Result[audit.Record], error)
	Proof(ctx context.Context, actor account.Actor, index int64) (audit.Proof, error)
}

// trailPage is a part of the audit log, newest first.
type trailPage struct {
	Desk           []tab // the officials' lists; none for others
	Subject, Actor string
	Actions        []option
	Unknown        bool   // the action that is asked for is none
	From, To       string // days as typed
	Wrong          bool   // a day is none
	Total          int
	Items          []trailLine
	Pager          pager
}

// trailLine is one entry.
type trailLine struct {
	Href    string
	Index   int64
	At      time.Time
	Who     string // account or role
	Action  string // code
	Done    string // the action in words
	Subject string
	Reason  string
	Fields  string
	Origin  string
	Count   int64
}

// entryPage is one entry with the proof that it is part of the signed log.
type entryPage struct {
	Desk        []tab
	Index, Size int64
	Leaf        string
	LeafHash    string
	Path        []string
	Root        string
	At          time.Time // of the checkpoint
	Note        string
	Holds       bool // the hashes were computed again and give the root
}

func listTrail(v *visit) error {
	where, err := v.page(searchPageSize)
	if err != nil {
		return err
	}
	asked := v.query()
	action := clip(asked.Get("action"), 60)
	page := trailPage{
		Desk: v.officialTabs(trailPath), Subject: clip(asked.Get("sujet"), 100), Actor: clip(asked.Get("auteur"), 100), Actions: v.actionOptions(action),
		Unknown: action != "" && !audit.Names(action), From: clip(asked.Get("du"), 10), To: clip(asked.Get("au"), 10),
	}
	q := audit.Query{Subject: page.Subject, Actor: page.Actor, Action: action}
	if q.From, q.To, page.Wrong = days(page.From, page.To); page.Wrong || page.Unknown {
		return v.render("trail/index", page)
	}
	found, err := v.site.opts.Audit.Entries(v.ctx, v.actor, q, where)
	if err != nil {
		return err
	}
	page.Total, page.Pager = found.Total, v.pager(found.Next)
	for _, r := range found.Items {
		page.Items = append(page.Items, v.trailLine(r))
	}
	return v.render("trail/index", page)
}

// actionOptions offers the actions in words, those on one kind of record
// together and in the order of the alphabet. Each kind can be asked for as a
// whole; so can what an address names that is between the two.
func (v *visit) actionOptions(asked string) []option {
	options := []option{{Label: v.t("trail.any")}}
	for _, group := range v.byWords("event_group", audit.Groups()) {
		of := []option{{Value: group.Value, Label: v.t("trail.group", group.Label), Group: group.Label}}
		var actions []string
		for _, action := range audit.Actions() {
			if audit.Group(action) == group.Value {
				actions = append(actions, action)
			}
		}
		for _, each := range v.byWords("event", actions) {
			of = append(of, option{Value: each.Value, Label: each.Label, Group: group.Label})
		}
		options = append(options, of...)
	}
	isAsked := func(o option) bool { return o.Value == asked }
	if audit.Names(asked) && !slices.ContainsFunc(options, isAsked) {
		options = append(options, option{Value: asked, Label: asked})
	}
	return chosenOf(options, asked)
}

// byWords words codes, in the order of their words.
func (v *visit) byWords(list string, codes []string) []option {
	worded := make([]option, len(codes))
	for i, code := range codes {
		worded[i] = option{Value: code, Label: v.code(list, code)}
	}
	slices.SortStableFunc(worded, func(a, b option) int { return cmp.Compare(text.Fold(a.Label), text.Fold(b.Label)) })
	return worded
}

// days reads two days, both included; empty ones do not bound.
func days(from, to string) (start, end time.Time, wrong bool) {
	if from != "" {
		d, err := ref.ParseDate(from)
		start, wrong = d.Time(), err != nil
	}
	if to != "" {
		d, err := ref.ParseDate(to)
		end, wrong = d.Time().AddDate(0, 0, 1), wrong || err != nil
	}
	return start, end, wrong
}

func (v *visit) trailLine(r audit.Record) trailLine {
	line := trailLine{
		Href: trailPath + "/" + strconv.FormatInt(r.Index, 10), Index: r.Index, At: r.At, Who: r.Actor, Action: r.Action, Done: v.code("event", r.Action), Subject: r.Subject,
		Origin: r.Origin, Count: r.Count,
	}
	if r.Role != "" {
		line.Who = v.code("role", r.Role)
		if r.Actor != r.Role { // the system has no account
			line.Who = joinedTexts(line.Who, r.Actor)
		}
	}
	if r.Reason != "" {
		line.Reason = v.trailReason(r.Reason)
	}
	for i, name := range r.Fields {
		if i > 0 {
			line.Fields += ", "
		}
		line.Fields += name
	}
	return line
}

// trailReason words the reason of an entry. What an action rests on is a code
// of one of these lists; what is in none, such as the number of an act, stands
// for itself.
func (v *visit) trailReason(code string) string {
	for _, list := range []string{"reason", "incident_category", "incident_outcome", "end_cause", "transfer_reason", "cause", "purpose", "hold", "key.purpose", "role"} {
		if said := v.code(list, code); said != code {
			return said
		}
	}
	return code
}

// trailOf is the address of the trail of one record.
func trailOf(subject string) string {
	return address(trailPath, url.Values{"sujet": {subject}})
}

func showEntry(v *visit) error {
	index, err := strconv.ParseInt(v.param("n"), 10, 64)
	if err != nil || index < 0 {
		return fault.New(fault.NotFound, "audit.not_found")
	}
	p, err := v.site.opts.Audit.Proof(v.ctx, v.actor, index)
	if err != nil {
		return err
	}
	page := newEntryPage(p)
	page.Desk = v.officialTabs(trailPath)
	return v.render("trail/show", page)
}

func newEntryPage(p audit.Proof) *entryPage {
	page := &entryPage{
		Index: p.Index, Size: p.Checkpoint.Size, Leaf: p.LeafText, LeafHash: p.LeafHash.String(), Root: p.Checkpoint.Root.String(),
		At: p.Checkpoint.At, Note: p.Checkpoint.Note, Holds: proves(p),
	}
	for _, h := range p.Path {
		page.Path = append(page.Path, h.String())
	}
	return page
}

// proves computes the root again from the text of the entry and the path, as
// RFC 9162 section 2.1.3.2 says, and compares it with that of the checkpoint.
func proves(p audit.Proof) bool {
	hash := sha256.Sum256(append([]byte{0}, p.LeafText...))
	at, last := p.Index, p.Checkpoint.Size-1
	if at < 0 || at > last {
		return false
	}
	for _, beside := range p.Path {
		switch {
		case last == 0:
			return false
		case at&1 == 1 || at == last:
			hash = node(beside, hash)
			for at&1 == 0 && at != 0 {
				at, last = at>>1, last>>1
			}
		default:
			hash = node(hash, beside)
		}
		at, last = at>>1, last>>1
	}
	return last == 0 && audit.Hash(hash) == p.Checkpoint.Root
}

// node is the hash above two hashes.
func node(left, right [sha256.Size]byte) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
