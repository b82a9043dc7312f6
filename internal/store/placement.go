package store

import (
	"context"
	"fmt"
	"slices"

	"passerelle/internal/domain/placement"
)

// PlacementStore keeps placements. It implements placement.Store.
type PlacementStore struct {
	*aggregate[placement.Placement, placementDoc, placement.ID]
}

// NewPlacementStore gives access to the placements; watch is told of every
// acknowledged write.
func NewPlacementStore(db *DB, watch func(*placement.Placement)) *PlacementStore {
	docs := newCollection[placementDoc](db, namePlacement)
	return &PlacementStore{newAggregate[placement.Placement, placementDoc, placement.ID](
		docs, toPlacementDoc, fromPlacementDoc, watch).sealing(personalOfPlacement)}
}

// Get reads one placement; fault.NotFound, code "placement.not_found", when
// there is none.
func (s *PlacementStore) Get(ctx context.Context, id placement.ID) (*placement.Placement, error) {
	p, err := s.aggregate.Get(ctx, id)
	return p, absentAs("placement.not_found", err)
}

// Update changes a placement under its lock.
func (s *PlacementStore) Update(ctx context.Context, id placement.ID, change func(*placement.Placement) error) (*placement.Placement, error) {
	p, err := s.aggregate.Update(ctx, id, change)
	return p, absentAs("placement.not_found", err)
}

// LoadPlacements gives every placement to fn, in no particular order.
func (s *PlacementStore) LoadPlacements(ctx context.Context, fn func(*placement.Placement) error) error {
	return s.load(ctx, fn)
}

// texts collects the personal texts of a document under unique names.
type texts []personal

func (t *texts) add(text *string, name string, args ...any) {
	*t = append(*t, personal{name: fmt.Sprintf(name, args...), text: text})
}

// personalOfPlacement names what people wrote about a person, the names of
// uploaded papers, and insurance numbers. Lists are copied before anything in
// them is pointed at, because the document that is read shares them.
func personalOfPlacement(d *placementDoc) []personal {
	var t texts
	t.ofFile(d)
	t.ofJourney(&d.Journey)
	t.ofEnding(&d.Ending)
	if d.Internship != nil {
		copied := *d.Internship
		d.Internship = &copied
		t.ofInternship(&copied)
	}
	if d.Mission != nil {
		copied := *d.Mission
		d.Mission = &copied
		t.add(&copied.Report, "mission/report")
	}
	return t
}

func (t *texts) ofFile(d *placementDoc) {
	d.Documents, d.Costs = slices.Clone(d.Documents), slices.Clone(d.Costs)
	d.History, d.Holds = slices.Clone(d.History), slices.Clone(d.Holds)
	for i := range d.Documents {
		t.add(&d.Documents[i].Name, "documents/%d/name", i)
	}
	for i := range d.Costs {
		t.add(&d.Costs[i].Note, "costs/%d/note", i)
	}
	for i := range d.History {
		t.add(&d.History[i].Note, "history/%d/note", i)
	}
	for i := range d.Holds {
		t.add(&d.Holds[i].Reason, "holds/%d/reason", i)
	}
	t.add(&d.Decision.RefusalNote, "decision/refusalNote")
	t.add(&d.Decision.Answer, "decision/answer")
}

func (t *texts) ofJourney(j *placementJourneyDoc) {
	j.CheckIns = slices.Clone(j.CheckIns)
	for i := range j.CheckIns {
		t.add(&j.CheckIns[i].Note, "journey/checkIns/%d/note", i)
	}
}

func (t *texts) ofEnding(e *placementEndingDoc) {
	e.Insurance = slices.Clone(e.Insurance)
	t.add(&e.Note, "ending/note")
	t.add(&e.HomeNote, "ending/homeNote")
	t.add(&e.RehireNote, "ending/rehireNote")
	for i := range e.Insurance {
		t.add(&e.Insurance[i].Number, "ending/insurance/%d/number", i)
	}
	if e.Case == nil {
		return
	}
	copied := *e.Case
	copied.FollowUp = slices.Clone(copied.FollowUp)
	e.Case = &copied
	t.add(&copied.Plan, "ending/case/plan")
	for i := range copied.FollowUp {
		t.add(&copied.FollowUp[i].Note, "ending/case/followUp/%d/note", i)
	}
}

func (t *texts) ofInternship(n *placementInternshipDoc) {
	if n.Evaluation == nil {
		return
	}
	copied := *n.Evaluation
	n.Evaluation = &copied
	t.add(&copied.Comment, "internship/evaluation/comment")
}
