// Package statistics counts offers, people and applications by calendar
// quarter and publishes the counts so that nothing can be told of anybody.
//
// A quarter is published once, when it is over, all tables from one state of
// the data, and is never counted again: a person erased later would otherwise
// be the difference of two publications. Each record counts in one quarter
// only, so that no two quarters can be subtracted. There are no filters. How
// small counts are hidden is in mask.go.
package statistics

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// The thresholds: how many records a published count has at least.
const (
	Threshold          = 5
	SensitiveThreshold = 10 // of counts by sex
)

// The reports.
const (
	OffersByCountry       = "offers-by-country"
	OffersByOccupation    = "offers-by-occupation"
	ProfilesByCountry     = "profiles-by-country"
	ProfilesByRegion      = "profiles-by-region"
	ProfilesByRegionSex   = "profiles-by-region-and-sex"
	ApplicationsByOutcome = "applications-by-outcome"
)

// Reports lists the reports in the order shown.
func Reports() []string {
	return []string{OffersByCountry, OffersByOccupation, ProfilesByCountry, ProfilesByRegion, ProfilesByRegionSex, ApplicationsByOutcome}
}

// Quarter is a calendar quarter in UTC, "2026-Q3".
type Quarter string

// QuarterOf gives the quarter an instant lies in.
func QuarterOf(t time.Time) Quarter {
	t = t.UTC()
	return Quarter(fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3))
}

// ParseQuarter reads a quarter; Invalid with a field "statistics.quarter" when
// it is none.
func ParseQuarter(s string) (Quarter, error) {
	if len(s) == 7 && s[4:6] == "-Q" && s[6] >= '1' && s[6] <= '4' {
		if year, err := strconv.Atoi(s[:4]); err == nil && year >= 1000 {
			return Quarter(s), nil
		}
	}
	return "", fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/quarter", Code: "statistics.quarter"})
}

// Start gives the first instant of a quarter that was parsed.
func (q Quarter) Start() time.Time {
	year, _ := strconv.Atoi(string(q[:4])) // four digits, by its form
	return time.Date(year, time.Month(3*(q[6]-'1')+1), 1, 0, 0, 0, 0, time.UTC)
}

// Before gives the quarter before.
func (q Quarter) Before() Quarter { return QuarterOf(q.Start().AddDate(0, 0, -1)) }

// Table is a report on a quarter as it was published.
type Table struct {
	Report    string
	Threshold int // of the table's own counts
	// Shown is false when there is too little to tell even how much.
	Shown bool
	Line  // Count is the total
}

// Publication is everything published on one quarter.
type Publication struct {
	Quarter     Quarter
	PublishedAt time.Time
	Tables      []Table
}

// Store keeps publications. Every method may fail with Unavailable.
type Store interface {
	// Insert adds one; Conflict when the quarter is published already.
	Insert(ctx context.Context, p *Publication) error
	// LoadPublications gives every publication to fn, in no particular order.
	LoadPublications(ctx context.Context, fn func(*Publication) error) error
}

// Source gives the records that are counted, in no particular order.
type Source struct {
	Offers       func(ctx context.Context, fn func(*offer.Offer) error) error
	Profiles     func(ctx context.Context, fn func(*profile.Profile) error) error
	Applications func(ctx context.Context, fn func(*application.Application) error) error
}

// Deps are what a Service is made of.
type Deps struct {
	Store  Store
	Source Source
	Now    func() time.Time
}

// Service publishes statistics and shows them.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{deps} }

// Shown is a table with the quarters that can be asked for, the latest first.
type Shown struct {
	Table
	Quarter     Quarter
	PublishedAt time.Time
	Quarters    []Quarter
}

// Report shows a report on a quarter; empty means the latest. NotFound codes
// "statistics.not_found" for an unknown report and "statistics.unpublished" for a
// quarter that is not published.
func (s *Service) Report(ctx context.Context, actor account.Actor, report string, quarter Quarter) (Shown, error) {
	if err := actor.Require("statistics.read"); err != nil {
		return Shown{}, err
	}
	published, err := s.published(ctx)
	if err != nil {
		return Shown{}, err
	}
	var out Shown
	known := false
	for _, name := range Reports() {
		known = known || name == report
	}
	if !known {
		return Shown{}, fault.New(fault.NotFound, "statistics.not_found")
	}
	for _, p := range published {
		out.Quarters = append(out.Quarters, p.Quarter)
		if out.Quarter != "" || quarter != "" && quarter != p.Quarter {
			continue
		}
		for _, t := range p.Tables {
			if t.Report == report {
				out.Table, out.Quarter, out.PublishedAt = t, p.Quarter, p.PublishedAt
			}
		}
	}
	if out.Quarter == "" {
		return Shown{}, fault.New(fault.NotFound, "statistics.unpublished")
	}
	return out, nil
}
