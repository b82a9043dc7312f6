package demo

import (
	"bytes"
	"context"
	"io"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// cabinet keeps the sample's placements in memory while their service makes
// them: it is store, read model, offers, applications, codes and blobs.
type cabinet struct {
	*maker
	files map[placement.ID]*placement.Placement
}

// Get reads a placement.
func (c *cabinet) Get(_ context.Context, id placement.ID) (*placement.Placement, error) {
	if p := c.files[id]; p != nil {
		copied := *p
		return &copied, nil
	}
	return nil, fault.New(fault.NotFound, "placement.not_found")
}

// Insert adds a placement.
func (c *cabinet) Insert(_ context.Context, p *placement.Placement) error {
	c.files[p.ID] = p
	return nil
}

// Update changes a placement; one maker works at a time.
func (c *cabinet) Update(ctx context.Context, id placement.ID, change func(*placement.Placement) error) (*placement.Placement, error) {
	p, err := c.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := change(p); err != nil {
		return nil, err
	}
	c.files[id] = p
	return c.Get(ctx, id)
}

// SearchPlacements finds nothing: nobody lists the sample while it is made.
func (c *cabinet) SearchPlacements(placement.Query) listing.Result[placement.Card] {
	return listing.Result[placement.Card]{}
}

// PlacementCard gives what the service asks about a file.
func (c *cabinet) PlacementCard(id placement.ID) (placement.Card, bool) {
	p := c.files[id]
	if p == nil {
		return placement.Card{}, false
	}
	return placement.CardOf(p, placement.Calendar{}, c.now), true
}

// EachPlacement shows ids and references, by which free ones are found.
func (c *cabinet) EachPlacement(see func(*placement.Card) bool) {
	for id, p := range c.files {
		if !see(&placement.Card{ID: id, Reference: p.Reference}) {
			return
		}
	}
}

// Corridor finds the frame of a destination.
func (c *cabinet) Corridor(code corridor.Code) (*corridor.Corridor, bool) {
	for _, frame := range c.corridors {
		if frame.Code == code {
			return frame, true
		}
	}
	return nil, false
}

// AgencyCard finds an agency.
func (c *cabinet) AgencyCard(id agency.ID) (agency.Card, bool) {
	for _, a := range c.Agencies {
		if a.ID == id {
			return agency.Card{ID: a.ID, Name: a.Facts.Name, Kind: a.Facts.Kind, State: a.State}, true
		}
	}
	return agency.Card{}, false
}

// AgencyKnown gives nothing: nobody asks how urgent the sample's files are
// while it is made.
func (c *cabinet) AgencyKnown(agency.ID) placement.Known { return placement.Known{} }

// EmployerCard finds an employer.
func (c *cabinet) EmployerCard(id employer.ID) (employer.Card, bool) {
	for _, e := range c.Employers {
		if e.ID == id {
			return employer.Card{ID: e.ID, Name: e.Facts.Name, Country: e.Facts.Country, State: e.State}, true
		}
	}
	return employer.Card{}, false
}

// ProfileCard is not asked for while the sample is made.
func (c *cabinet) ProfileCard(profile.ID) (profile.Card, bool) { return profile.Card{}, false }

// vacancies are the sample's offers.
type vacancies struct{ *maker }

// Get finds an offer.
func (v vacancies) Get(_ context.Context, id offer.ID) (*offer.Offer, error) {
	for _, o := range v.Offers {
		if o.ID == id {
			return o, nil
		}
	}
	return nil, fault.New(fault.NotFound, "offer.not_found")
}

// selections are the sample's applications.
type selections struct{ *maker }

// Get finds an application.
func (s selections) Get(_ context.Context, id application.ID) (*application.Application, error) {
	for _, a := range s.Applications {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, fault.New(fault.NotFound, "application.not_found")
}

// Release is not called: no file of the sample is cancelled.
func (s selections) Release(context.Context, application.ID) error { return nil }

// people are the sample's profiles.
type people struct{ *maker }

// Get finds a profile.
func (p people) Get(_ context.Context, id profile.ID) (*profile.Profile, error) {
	for _, record := range p.Profiles {
		if record.ID == id {
			return record, nil
		}
	}
	return nil, fault.New(fault.NotFound, "profile.not_found")
}

// trusting takes every code: nobody is sent one.
type trusting struct{}

// Send sends nothing.
func (trusting) Send(context.Context, account.ID, string) error { return nil }

// Spend takes any code.
func (trusting) Spend(context.Context, account.ID, string, string) error { return nil }

// contents keeps what documents hold.
type contents struct{ *maker }

// Put keeps a content.
func (c contents) Put(_ context.Context, key string, content []byte) error {
	c.Contents[key] = content
	return nil
}

// Open reads a content.
func (c contents) Open(_ context.Context, key string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(c.Contents[key])), nil
}

// Remove forgets a content.
func (c contents) Remove(_ context.Context, key string) error {
	delete(c.Contents, key)
	return nil
}

// specimen is the one page that stands for every paper of the sample.
func specimen() []byte {
	return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n" +
		"4 0 obj<</Length 52>>stream\nBT /F 40 Tf 150 420 Td (SPECIMEN - DEMO) Tj ET\nendstream endobj\n" +
		"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// draft is the contract that keeps the offer's promise.
func draft(o *offer.Snapshot, day ref.Date) placement.Draft {
	return placement.Draft{Terms: o.Terms, Language: "fr", SignedOn: day}
}

// Accounts gives nobody: the sample sends no messages.
func (c *cabinet) Accounts(account.Query) listing.Result[account.Card] {
	return listing.Result[account.Card]{}
}
