package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
)

// makeFile gives the demo candidate a placement with a proposed contract that
// differs from the published offer: the candidate accepts an invitation, the
// agency selects and proposes.
func (s *server) makeFile(ctx context.Context) error {
	candidate, err := s.login(ctx, "candidate")
	if err != nil {
		return err
	}
	agency, err := s.login(ctx, "agency2")
	if err != nil {
		return err
	}
	var sent list
	if err := candidate.call(ctx, http.MethodGet, "/api/v1/applications", nil, &sent); err != nil {
		return err
	}
	for _, item := range sent.Items {
		if item.State != "invited" {
			continue
		}
		at := "/api/v1/applications/" + item.ID
		if err := candidate.call(ctx, http.MethodPost, at+"/acceptances", struct{}{}, nil); err != nil {
			return err
		}
		if err := agency.call(ctx, http.MethodPost, at+"/selections", struct{}{}, nil); err != nil {
			return err
		}
		return agency.proposes(ctx)
	}
	return errors.New("the demo candidate has no invitation")
}

// proposes states a contract on the newest file of the agency, with more hours
// than promised.
func (c *client) proposes(ctx context.Context) error {
	var files list
	if err := c.call(ctx, http.MethodGet, "/api/v1/placements", nil, &files); err != nil {
		return err
	}
	for _, item := range files.Items {
		if item.State != "opened" {
			continue
		}
		var file struct{ Promised map[string]any }
		if err := c.call(ctx, http.MethodGet, "/api/v1/placements/"+item.ID, nil, &file); err != nil {
			return err
		}
		contract := maps.Clone(file.Promised)
		contract["language"], contract["hoursPerWeek"] = "fr", "44"
		return c.call(ctx, http.MethodPost, "/api/v1/placements/"+item.ID+"/contracts", contract, nil)
	}
	return errors.New("no opened file")
}
