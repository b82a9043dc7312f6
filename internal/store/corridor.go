package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
)

// corridorDoc is the frame for one destination; its _id is the code.
type corridorDoc struct {
	Header      `bson:",inline"`
	Destination ref.Country      `bson:"destination"`
	Bases       []basisDoc       `bson:"bases"`
	Floors      []floorDoc       `bson:"floors"`
	MaxHours    int              `bson:"maxHours"`
	WorkerFees  bool             `bson:"workerFees"`
	Kinds       []ref.WorkKind   `bson:"kinds"`
	Regulated   []ref.Occupation `bson:"regulated"`
	Documents   []wordingDoc     `bson:"documents"`
	Notice      wordingDoc       `bson:"notice"`
	Suspensions []suspensionDoc  `bson:"suspensions"`
	Reopenings  []reopeningDoc   `bson:"reopenings"`
	Frame       frameDoc         `bson:"frame"`
	UpdatedAt   time.Time        `bson:"updatedAt"`
	Pending     []entryDoc       `bson:"pending"`
}

type wordingDoc struct {
	FR string `bson:"fr"`
	EN string `bson:"en"`
}

type basisDoc struct {
	Title     wordingDoc `bson:"title"`
	Date      ref.Date   `bson:"date"`
	Source    string     `bson:"source"`
	Confirmed bool       `bson:"confirmed"`
}

type floorDoc struct {
	Prefix    ref.Occupation `bson:"prefix"`
	From      ref.Date       `bson:"from"`
	EURCents  int64          `bson:"eurCents"`
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
}

type suspensionDoc struct {
	ID         string         `bson:"id"`
	Kind       ref.WorkKind   `bson:"kind"`
	Occupation ref.Occupation `bson:"occupation"`
	Act        string         `bson:"act"`
	Evidence   string         `bson:"evidence"`
	By         account.ID     `bson:"by"`
	At         time.Time      `bson:"at"`
}

type reopeningDoc struct {
	Kind       ref.WorkKind    `bson:"kind"`
	Occupation ref.Occupation  `bson:"occupation"`
	Act        string          `bson:"act"`
	Evidence   string          `bson:"evidence"`
	By         account.ID      `bson:"by"`
	At         time.Time       `bson:"at"`
	Lifted     []suspensionDoc `bson:"lifted"`
}

// CorridorStore keeps corridors. It implements corridor.Store.
type CorridorStore struct {
	*aggregate[corridor.Corridor, corridorDoc, corridor.Code]
}

// NewCorridorStore gives access to the corridors; watch is told of every
// acknowledged write.
func NewCorridorStore(db *DB, watch func(*corridor.Corridor)) *CorridorStore {
	docs := newCollection[corridorDoc](db, nameCorridor)
	return &CorridorStore{newAggregate[corridor.Corridor, corridorDoc, corridor.Code](docs, toCorridorDoc, fromCorridorDoc, watch)}
}

// Get reads one corridor; fault.NotFound, code "corridor.not_found", when
// there is none.
func (s *CorridorStore) Get(ctx context.Context, code corridor.Code) (*corridor.Corridor, error) {
	c, err := s.aggregate.Get(ctx, code)
	return c, absentAs("corridor.not_found", err)
}

// Update changes a corridor under its lock.
func (s *CorridorStore) Update(ctx context.Context, code corridor.Code, change func(*corridor.Corridor) error) (*corridor.Corridor, error) {
	c, err := s.aggregate.Update(ctx, code, change)
	return c, absentAs("corridor.not_found", err)
}

// LoadCorridors gives every corridor to fn, in no particular order.
func (s *CorridorStore) LoadCorridors(ctx context.Context, fn func(*corridor.Corridor) error) error {
	return s.load(ctx, fn)
}

func toCorridorDoc(c *corridor.Corridor) corridorDoc {
	return corridorDoc{
		Header:      Header{ID: string(c.Code), Rev: c.Rev},
		Destination: c.Destination,
		Bases: convert(c.Bases, func(b corridor.Basis) basisDoc {
			return basisDoc{Title: wordingDoc(b.Title), Date: b.Date, Source: b.Source, Confirmed: b.Confirmed}
		}),
		Floors:   convert(c.Floors, func(f corridor.Floor) floorDoc { return floorDoc(f) }),
		MaxHours: c.MaxHours, WorkerFees: c.WorkerFees, Kinds: c.Kinds, Regulated: c.Regulated,
		Documents:   convert(c.Documents, func(t corridor.Text) wordingDoc { return wordingDoc(t) }),
		Notice:      wordingDoc(c.Notice),
		Suspensions: convert(c.Suspensions, toSuspensionDoc),
		Reopenings: convert(c.Reopenings, func(r corridor.Reopening) reopeningDoc {
			return reopeningDoc{Kind: r.Kind, Occupation: r.Occupation, Act: r.Act, Evidence: r.Evidence,
				By: r.By, At: r.At, Lifted: convert(r.Lifted, toSuspensionDoc)}
		}),
		Frame: toFrameDoc(c), UpdatedAt: c.UpdatedAt, Pending: toPending(c.Pending),
	}
}

func toSuspensionDoc(s corridor.Suspension) suspensionDoc { return suspensionDoc(s) }

func fromSuspensionDoc(d suspensionDoc) corridor.Suspension { return corridor.Suspension(d) }

func fromCorridorDoc(d *corridorDoc) *corridor.Corridor {
	return d.Frame.read(&corridor.Corridor{
		Code: corridor.Code(d.ID), Rev: d.Rev,
		Destination: d.Destination,
		Bases: convert(d.Bases, func(b basisDoc) corridor.Basis {
			return corridor.Basis{Title: corridor.Text(b.Title), Date: b.Date, Source: b.Source, Confirmed: b.Confirmed}
		}),
		Floors:   convert(d.Floors, func(f floorDoc) corridor.Floor { return corridor.Floor(f) }),
		MaxHours: d.MaxHours, WorkerFees: d.WorkerFees, Kinds: orNil(d.Kinds), Regulated: orNil(d.Regulated),
		Documents:   convert(d.Documents, func(t wordingDoc) corridor.Text { return corridor.Text(t) }),
		Notice:      corridor.Text(d.Notice),
		Suspensions: convert(d.Suspensions, fromSuspensionDoc),
		Reopenings: convert(d.Reopenings, func(r reopeningDoc) corridor.Reopening {
			return corridor.Reopening{Kind: r.Kind, Occupation: r.Occupation, Act: r.Act, Evidence: r.Evidence,
				By: r.By, At: r.At, Lifted: convert(r.Lifted, fromSuspensionDoc)}
		}),
		UpdatedAt: d.UpdatedAt, Pending: fromPending(d.Pending),
	})
}
