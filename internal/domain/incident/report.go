package incident

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Bounds of what can be entered, in characters, and of one case.
const (
	MaxText    = 8000
	maxEntries = 500
)

// Report is what somebody reports.
type Report struct {
	Anonymous   bool // keep nothing that leads to the reporter
	Discreet    bool // keep it from the agency
	Category    string
	Indicators  []string
	Description string
	Placement   placement.ID // the reporter's own; an official may name any
	Agency      string
	Offer       string
	Country     ref.Country
	// Key is the caller's idempotency key; the same report under the same key is
	// one case. Empty = every call is a case of its own.
	Key string
}

// Given is a case with the follow-up code to come back with; the code is shown
// once and kept only as a digest.
type Given struct {
	*Incident
	Code string
}

// retryFor is how long a repeated report is taken for a retry.
const retryFor = 24 * time.Hour

// File takes a report in. An anonymous one, or one of somebody not signed in,
// keeps neither account nor network address, in the audit log as little as in
// the case.
func (s *Service) File(ctx context.Context, actor account.Actor, r Report) (Given, error) {
	if err := actor.Require("incident.create"); err != nil {
		return Given{}, err
	}
	if r.Anonymous || !actor.SignedIn() {
		r.Anonymous, actor = true, account.Actor{}
	}
	r.Description = strings.TrimSpace(r.Description)
	if err := s.check(actor, &r); err != nil {
		return Given{}, err
	}
	by := act{actor, account.Moment(s.Now())}
	i := s.begin(by, ID(s.NewID("inc_")), r.Category, r.Indicators)
	if r.Key != "" {
		i.ID = keyed(actor.Account, r)
		i.Reference = reference(i.ID, by.now)
	}
	i.Source, i.Reporter, i.Discreet, i.Description = ByPerson, actor.Account, r.Discreet, r.Description
	if r.Anonymous {
		i.Source = Anonymous
	}
	i.Placement, i.Agency, i.Offer, i.Country = r.Placement, r.Agency, r.Offer, r.Country
	code := s.Secret()
	i.Next = digest(i.ID, code)
	i.note(by, ActReport, "")
	if i.Safety {
		i.alert(by, s.onDuty())
	}
	if err := s.Store.Insert(ctx, i); err != nil {
		return s.again(ctx, i, r, err)
	}
	s.hold(ctx, i)
	return Given{i.shownToReporter(), code}, nil
}

// begin makes a case as it comes in.
func (s *Service) begin(by act, id ID, category string, indicators []string) *Incident {
	return &Incident{
		ID: id, Reference: reference(id, by.now), Category: category, Indicators: indicators,
		Safety: Safety(category, indicators), State: Received, TriageDue: by.now.Add(triageWithin), CreatedAt: by.now,
	}
}

func reference(id ID, at time.Time) string { return ref.MakeReference("INC", string(id), at.Year(), 0) }

// keyed gives the id of a report under an idempotency key, so that a retry
// makes no second case. The text is part of it: an anonymous caller's key alone
// leads nowhere.
func keyed(who account.ID, r Report) ID {
	h := sha256.New()
	for _, part := range []string{string(who), r.Key, r.Category, r.Description, string(r.Placement), r.Agency, r.Offer, string(r.Country)} {
		_, _ = h.Write([]byte(strconv.Itoa(len(part)) + ":" + part)) // a hash takes everything
	}
	return ID("inc_" + hex.EncodeToString(h.Sum(nil)[:13]))
}

// again answers a retry: the case is there, and as long as nobody has used its
// code a new one takes the place of the one whose answer was lost.
func (s *Service) again(ctx context.Context, made *Incident, r Report, failed error) (Given, error) {
	if r.Key == "" || !fault.Is(failed, fault.Conflict) {
		return Given{}, failed
	}
	code := s.Secret()
	i, err := s.Store.Update(ctx, made.ID, func(i *Incident) error {
		if i.Last != "" || i.Reporter != made.Reporter || made.CreatedAt.Sub(i.CreatedAt) > retryFor {
			return fault.New(fault.Conflict, "incident.exists")
		}
		i.Next = digest(i.ID, code)
		return nil
	})
	if err != nil {
		return Given{}, err
	}
	s.hold(ctx, i)
	return Given{i.shownToReporter(), code}, nil
}

// check validates a report and completes it from the placement it names.
func (s *Service) check(actor account.Actor, r *Report) error {
	var bad fault.List
	bad.Check(contains(Categories(), r.Category) && r.Category != ArrivalOverdue, "/category", "reason.unknown")
	checkIndicators(&bad, r.Indicators)
	bad.Check(r.Description != "", "/description", "required")
	checkText(&bad, "/description", r.Description)
	if r.Placement != "" {
		s.checkPlacement(&bad, actor, r)
	}
	if r.Agency != "" && r.Placement == "" {
		_, known := s.Model.AgencyCard(agency.ID(r.Agency))
		bad.Check(known, "/agency", "agency.not_found")
	}
	return bad.Err("incident.invalid")
}

// checkPlacement lets people name their own files only; an anonymous report
// names none, since the file would say who it is.
func (s *Service) checkPlacement(bad *fault.List, actor account.Actor, r *Report) {
	if r.Anonymous {
		bad.Add("/placement", "incident.placement.anonymous")
		return
	}
	card, known := s.Model.PlacementCard(r.Placement)
	scope := placement.Scope(actor)
	own := known && (scope.All || scope.Account != "" && scope.Account == card.Candidate || scope.Agency != "" && scope.Agency == card.Agency)
	if !own {
		bad.Add("/placement", "incident.placement.not_found")
		return
	}
	r.Agency, r.Offer, r.Country = card.Agency, string(card.Offer), card.Country
}

func checkIndicators(bad *fault.List, given []string) {
	bad.Check(len(given) <= len(Indicators()), "/indicators", "too_many", strconv.Itoa(len(Indicators())))
	for n, indicator := range given {
		bad.Check(contains(Indicators(), indicator), "/indicators/"+strconv.Itoa(n), "reason.unknown")
	}
}

func checkText(bad *fault.List, pointer, s string) {
	bad.Check(utf8.RuneCountInString(s) <= MaxText, pointer, "too_long", strconv.Itoa(MaxText))
	bad.Check(!text.HasForbidden(s), pointer, "text.forbidden")
}

func contains(list []string, value string) bool {
	for _, have := range list {
		if have == value {
			return true
		}
	}
	return false
}

// digest is what is kept of a follow-up code, bound to its case.
func digest(id ID, code string) string {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + code))
	return hex.EncodeToString(sum[:])
}

func equal(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Follow lets whoever reported read the case and, with a text, add to it. A
// reporter with an account is known by it; any other shows the code. A code
// counts once: the answer holds the next one, and until that was used the former
// gives it again, so that a lost answer shuts nobody out. A word on a closed
// case reopens it. Anything wrong is NotFound.
func (s *Service) Follow(ctx context.Context, actor account.Actor, id ID, code, words string) (Given, error) {
	if err := actor.Require("incident.follow"); err != nil {
		return Given{}, err
	}
	words = strings.TrimSpace(words)
	var bad fault.List
	checkText(&bad, "/text", words)
	if err := bad.Err("incident.invalid"); err != nil {
		return Given{}, err
	}
	next := s.Secret()
	i, err := s.Store.Update(ctx, id, func(i *Incident) error {
		if !i.admits(actor, code, next) {
			return absent()
		}
		return i.hear(s.reporterOf(i), words)
	})
	if err != nil {
		return Given{}, notFound(err)
	}
	if code == "" {
		next = ""
	}
	return Given{i.shownToReporter(), next}, nil
}

// admits reports whether the caller is the reporter, and turns the code over.
func (i *Incident) admits(actor account.Actor, code, next string) bool {
	if code == "" {
		return actor.SignedIn() && actor.Account == i.Reporter
	}
	given := digest(i.ID, code)
	switch {
	case equal(i.Next, given):
		i.Last, i.Next = i.Next, digest(i.ID, next)
	case equal(i.Last, given):
		i.Next = digest(i.ID, next)
	default:
		return false
	}
	return true
}

// reporterOf gives the reporter as an actor: nobody, for an anonymous case,
// whoever may be signed in.
func (s *Service) reporterOf(i *Incident) act {
	by := act{account.Actor{}, account.Moment(s.Now())}
	if i.Reporter != "" {
		by.actor = account.Actor{Account: i.Reporter}
	}
	return by
}

// hear adds the reporter's words; without any nothing is said and nothing noted.
func (i *Incident) hear(by act, words string) error {
	if words == "" {
		return nil
	}
	if len(i.Entries) >= maxEntries {
		return fault.New(fault.Conflict, "incident.full")
	}
	i.Entries = append(i.Entries, Entry{At: by.now, By: i.Reporter, Role: by.actor.Role, Reporter: true, Audience: ForAll, Text: words})
	i.note(by, "follow_up", "", "entries")
	if !i.State.Closed() {
		return nil
	}
	i.TriageDue, i.Outcome, i.Closing = by.now.Add(triageWithin), "", ""
	return i.move(act{account.SystemActor(), by.now}, ActReopen, "")
}
