package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/suspension"
)

// legalAct is the part of a body that names the act under which something is
// closed or opened.
type legalAct struct {
	Act      string `json:"act" validate:"required,max=120,line" doc:"number of the legal act" example:"Arrêté n° 2026-0412"`
	Evidence string `json:"evidence" validate:"required,max=2000" doc:"why, or where the act is published"`
}

func (a legalAct) act() corridor.LegalAct {
	return corridor.LegalAct{Number: a.Act, Evidence: a.Evidence}
}

// listTouched asks for the files of an agency or an employer.
type listTouched struct {
	Page
	ID   string `path:"id" validate:"max=64"`
	Act  string `query:"act" validate:"omitempty,max=120,line" doc:"number of a legal act about it"`
	Type string `query:"type" validate:"omitempty,oneof=placement application offer"`
}

func (in *listTouched) list(ctx context.Context, c *Call, acts *suspension.Service, kind suspension.TargetKind) (affectedList, error) {
	page := in.Listing()
	found, err := acts.Affected(ctx, c.Actor, suspension.Query{Scope: suspension.Scope{Target: suspension.Target{Kind: kind, ID: in.ID}},
		Act: in.Act, Type: suspension.FileType(in.Type), Limit: page.Limit, After: page.After})
	if err != nil {
		return affectedList{}, err
	}
	return affectedOf(c, found), nil
}

// affectedList is a page of the files an act touches, with the counts of all.
type affectedList struct {
	Items      []fileJSON     `json:"items"`
	Total      int            `json:"total" doc:"exact number of items in the whole list"`
	NextCursor string         `json:"nextCursor,omitempty" doc:"absent on the last page"`
	Counts     affectedCounts `json:"counts"`
}

type affectedCounts struct {
	Offers       int `json:"offers"`
	Applications int `json:"applications" doc:"live ones"`
	Placements   int `json:"placements" doc:"that have not ended"`
	Abroad       int `json:"abroad" doc:"of the placements: the person has left"`
	People       int `json:"people" doc:"different accounts, who get one message each"`
	Silent       int `json:"silent" doc:"live files of people without an account"`
}

type fileJSON struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Offer      string `json:"offer" doc:"id"`
	Reference  string `json:"reference,omitempty"`
	Title      string `json:"title"`
	State      string `json:"state"`
	Kind       string `json:"kind,omitempty"`
	Occupation string `json:"occupation,omitempty"`
	Agency     string `json:"agency" doc:"id"`
	Employer   string `json:"employer,omitempty" doc:"id"`
	Abroad     bool   `json:"abroad" doc:"of a placement: the person has left"`
	Held       bool   `json:"held" doc:"of a placement: the hold is on it"`
}

func affectedOf(c *Call, found suspension.Affected) affectedList {
	list := NewList(c, found.Files, fileOf)
	return affectedList{Items: list.Items, Total: list.Total, NextCursor: list.NextCursor, Counts: affectedCounts(found.Counts)}
}

func fileOf(f suspension.File) fileJSON {
	return fileJSON{Type: string(f.Type), ID: f.ID, Offer: f.Offer, Reference: f.Reference, Title: f.Title, State: f.State, Kind: string(f.Work),
		Occupation: string(f.Occupation), Agency: f.Agency, Employer: f.Employer, Abroad: f.Abroad, Held: f.Held}
}

// actJSON is the record of one act and how far it has been carried.
type actJSON struct {
	ID         string     `json:"id"`
	Direction  string     `json:"direction" doc:"suspension or reopening"`
	Kind       string     `json:"kind,omitempty" doc:"absent = every kind of work"`
	Occupation string     `json:"occupation,omitempty" doc:"prefix; absent = every occupation"`
	Act        string     `json:"act" doc:"number of the legal act"`
	At         time.Time  `json:"at"`
	Carried    int        `json:"carried" doc:"consequences carried so far"`
	Total      int        `json:"total" doc:"as counted when the carrying began"`
	Offers     trackJSON  `json:"offers" doc:"offers that were looked at again"`
	Files      trackJSON  `json:"placements" doc:"placements that were held, or released"`
	People     trackJSON  `json:"people" doc:"accounts that were told"`
	Silent     int        `json:"silent" doc:"live files of people without an account"`
	FinishedAt *time.Time `json:"finishedAt,omitempty" doc:"absent while something is to be carried"`
}

type trackJSON struct {
	Carried  int  `json:"carried"`
	Total    int  `json:"total"`
	Finished bool `json:"finished"`
}

func actOf(a *suspension.Act) actJSON {
	track := func(t suspension.Track) trackJSON { return trackJSON{t.Done, t.Total, t.Finished} }
	out := actJSON{ID: string(a.ID), Direction: string(a.Direction), Kind: string(a.Scope.Work), Occupation: string(a.Scope.Occupation), Act: a.Number, At: a.At,
		Carried: a.Carried(), Total: a.Total(), Offers: track(a.Offers), Files: track(a.Files), People: track(a.People), Silent: a.Silent}
	if a.Finished() {
		out.FinishedAt = &a.FinishedAt
	}
	return out
}

// actsAbout lists the acts about a target for officials; nobody else is shown
// any.
func actsAbout(ctx context.Context, c *Call, acts *suspension.Service, t suspension.Target) ([]actJSON, error) {
	if c.Actor.Role != account.Official {
		return nil, nil
	}
	found, err := acts.List(ctx, c.Actor, t)
	return mapped(found, actOf), err
}
