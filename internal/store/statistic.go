package store

import (
	"context"
	"time"

	"passerelle/internal/domain/statistics"
)

// statisticDoc is a quarter as it was published. It is never changed.
type statisticDoc struct {
	Header      `bson:",inline"`
	Quarter     statistics.Quarter `bson:"quarter"`
	PublishedAt time.Time          `bson:"publishedAt"`
	Tables      []tableDoc         `bson:"tables"`
}

type tableDoc struct {
	Report    string  `bson:"report"`
	Threshold int     `bson:"threshold"`
	Shown     bool    `bson:"shown"`
	Line      lineDoc `bson:"line"`
}

type lineDoc struct {
	Code   string    `bson:"code"`
	Count  int       `bson:"count"`
	Others int       `bson:"others"`
	Lines  []lineDoc `bson:"lines"`
}

// StatisticStore keeps published quarters. It implements statistics.Store.
type StatisticStore struct {
	quarters *aggregate[statistics.Publication, statisticDoc, string]
}

// NewStatisticStore gives access to the published quarters.
func NewStatisticStore(db *DB) *StatisticStore {
	docs := newCollection[statisticDoc](db, nameStatistic)
	return &StatisticStore{newAggregate[statistics.Publication, statisticDoc, string](docs, toStatisticDoc, fromStatisticDoc, nil)}
}

func statisticID(q statistics.Quarter) string { return "stq_" + string(q) }

// Get reads one publication; fault.NotFound when there is none.
func (s *StatisticStore) Get(ctx context.Context, q statistics.Quarter) (*statistics.Publication, error) {
	return s.quarters.Get(ctx, statisticID(q))
}

// Insert adds a publication; fault.Conflict when the quarter has one.
func (s *StatisticStore) Insert(ctx context.Context, p *statistics.Publication) error {
	return s.quarters.Insert(ctx, p)
}

// LoadPublications gives every publication to fn, in no particular order.
func (s *StatisticStore) LoadPublications(ctx context.Context, fn func(*statistics.Publication) error) error {
	return s.quarters.load(ctx, fn)
}

func toStatisticDoc(p *statistics.Publication) statisticDoc {
	return statisticDoc{Header: Header{ID: statisticID(p.Quarter), Rev: 1}, Quarter: p.Quarter, PublishedAt: p.PublishedAt,
		Tables: convert(p.Tables, func(t statistics.Table) tableDoc {
			return tableDoc{Report: t.Report, Threshold: t.Threshold, Shown: t.Shown, Line: toLineDoc(t.Line)}
		})}
}

func fromStatisticDoc(d *statisticDoc) *statistics.Publication {
	return &statistics.Publication{Quarter: d.Quarter, PublishedAt: d.PublishedAt,
		Tables: convert(d.Tables, func(t tableDoc) statistics.Table {
			return statistics.Table{Report: t.Report, Threshold: t.Threshold, Shown: t.Shown, Line: fromLineDoc(t.Line)}
		})}
}

func toLineDoc(l statistics.Line) lineDoc {
	return lineDoc{Code: l.Code, Count: l.Count, Others: l.Others, Lines: convert(l.Lines, toLineDoc)}
}

func fromLineDoc(d lineDoc) statistics.Line {
	return statistics.Line{Code: d.Code, Count: d.Count, Others: d.Others, Lines: convert(d.Lines, fromLineDoc)}
}
