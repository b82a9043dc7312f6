package intake

import (
	"context"
	"maps"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// OfferUpserter is what keeps advertisements; see offer.Service.
type OfferUpserter interface {
	Upsert(ctx context.Context, actor account.Actor, incoming []offer.Incoming) ([]offer.Outcome, error)
	// Check judges advertisements as Upsert would and writes nothing.
	Check(ctx context.Context, actor account.Actor, incoming []offer.Incoming) ([]offer.Outcome, error)
}

// Agencies is what this room asks of the register.
type Agencies interface {
	AgencyCard(id agency.ID) (agency.Card, bool)
}

// OfferKeeper keeps rows as drafts of offers.
type OfferKeeper struct {
	Offers   OfferUpserter
	Agencies Agencies
}

// Admit lets members of an active agency import for it, and officials for
// any active agency. NotFound for somebody else's agency.
func (k OfferKeeper) Admit(_ context.Context, actor account.Actor, id string) error {
	if id == "" {
		return fault.New(fault.Invalid, "import.not_agency", fault.Field{Pointer: "/agency", Code: "required"})
	}
	card, ok := k.Agencies.AgencyCard(agency.ID(id))
	if !ok || actor.Role == account.Agency && actor.Agency != id {
		return fault.New(fault.NotFound, "agency.not_found")
	}
	if card.State != agency.Active {
		return fault.New(fault.Conflict, "agency.not_active")
	}
	return nil
}

// Keep hands the rows to the offers' room.
func (k OfferKeeper) Keep(ctx context.Context, actor account.Actor, origin Origin, rows []Row) ([]Outcome, error) {
	incoming := make([]offer.Incoming, len(rows))
	for i, r := range rows {
		source := r.Source
		source.Import, source.Run = string(origin.Import), origin.Run
		incoming[i] = offer.Incoming{Agency: origin.Agency, Terms: *r.Terms, Source: source}
	}
	keep := k.Offers.Upsert
	if origin.DryRun {
		keep = k.Offers.Check
	}
	outcomes, err := keep(ctx, actor, incoming)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(outcomes))
	for i, o := range outcomes {
		out[i] = Outcome{ID: string(o.ID), Result: Result(o.Result), Faults: rowFaults(o.Faults), Codes: codesOf(o.Findings)}
	}
	return out, nil
}

func rowFaults(fields fault.List) (out []RowFault) {
	for _, f := range fields {
		out = append(out, RowFault{Pointer: f.Pointer, Code: f.Code})
	}
	return out
}

func codesOf(findings []offer.Finding) []string {
	codes := map[string]bool{}
	for _, f := range findings {
		codes[f.Code] = true
	}
	return slices.Sorted(maps.Keys(codes))
}

// PersonUpserter is what keeps people; see profile.Service.
type PersonUpserter interface {
	Upsert(ctx context.Context, actor account.Actor, incoming []profile.Incoming) ([]profile.Result, error)
	// Check judges people as Upsert would and writes nothing.
	Check(ctx context.Context, actor account.Actor, incoming []profile.Incoming) ([]profile.Result, error)
}

// PersonKeeper keeps rows as profiles.
type PersonKeeper struct{ People PersonUpserter }

// Admit lets officials who collect import people; agencies never do.
func (k PersonKeeper) Admit(_ context.Context, actor account.Actor, _ string) error {
	if actor.Role != account.Official || !actor.Collector {
		return fault.New(fault.Forbidden, "profile.collector")
	}
	return nil
}

// Keep hands the rows to the profiles' room.
func (k PersonKeeper) Keep(ctx context.Context, actor account.Actor, origin Origin, rows []Row) ([]Outcome, error) {
	incoming := make([]profile.Incoming, len(rows))
	for i, r := range rows {
		incoming[i] = profile.Incoming{
			Key: r.Key, Hash: r.Hash, Import: string(origin.Import), Run: origin.Run, Row: r.Number, Facts: *r.Person,
			Choices: []profile.Choice{{Purpose: profile.PurposeMatching, Given: r.Consent, Version: r.ConsentVersion}},
		}
	}
	keep := k.People.Upsert
	if origin.DryRun {
		keep = k.People.Check
	}
	results, err := keep(ctx, actor, incoming)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(results))
	for i, r := range results {
		out[i] = Outcome{ID: string(r.ID), Result: Result(r.Kept), Faults: rowFaults(r.Faults)}
	}
	return out, nil
}
