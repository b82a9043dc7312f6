package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// corridorLine is a corridor in lists.
type corridorLine struct {
	Code        string           `json:"code" example:"ML-ES"`
	Rev         int64            `json:"rev"`
	Origin      string           `json:"origin" example:"ML"`
	Destination string           `json:"destination" example:"ES"`
	Name        string           `json:"name" doc:"of the destination, in the caller's language"`
	Open        bool             `json:"open" doc:"not suspended as a whole; parts may be"`
	Suspensions []suspensionJSON `json:"suspensions" doc:"in force"`
	MaxHours    float64          `json:"maxHours" doc:"ceiling in hours a week; 0 = none known"`
	WorkerFees  bool             `json:"workerFees"`
	UpdatedAt   time.Time        `json:"updatedAt"`
}

func corridorLineOf(x *corridor.Corridor, locale ref.Locale) corridorLine {
	return corridorLine{
		Code: string(x.Code), Rev: x.Rev, Origin: string(ref.Mali), Destination: string(x.Destination), Name: x.Destination.Name(locale),
		Open: isOpen(x), Suspensions: suspensionsOf(account.Actor{}, x.Suspensions),
		MaxHours: float64(x.MaxHours) / 100, WorkerFees: x.WorkerFees, UpdatedAt: x.UpdatedAt,
	}
}

// isOpen reports whether no suspension closes the corridor as a whole.
func isOpen(x *corridor.Corridor) bool {
	for _, s := range x.Suspensions {
		if s.Kind == "" && s.Occupation == "" {
			return false
		}
	}
	return true
}

// corridorJSON is one corridor. Its data members can be sent back by PUT.
type corridorJSON struct {
	Code        string `json:"code" example:"ML-ES"`
	Rev         int64  `json:"rev"`
	Origin      string `json:"origin" example:"ML"`
	Destination string `json:"destination" example:"ES"`
	Name        string `json:"name" doc:"of the destination, in the caller's language"`
	Open        bool   `json:"open" doc:"not suspended as a whole; parts may be"`
	corridorFacts
	FeeProposal *feeProposal     `json:"feeProposal,omitempty" doc:"that workers may be charged; waits for a second official. For officials only"`
	Suspensions []suspensionJSON `json:"suspensions" doc:"in force"`
	Reopenings  []reopeningJSON  `json:"reopenings" doc:"history, oldest first"`
	Acts        []actJSON        `json:"acts" doc:"every act and how far it has been carried, oldest first; for officials only"`
	UpdatedAt   time.Time        `json:"updatedAt"`
}

type feeProposal struct {
	By string    `json:"by" doc:"account id"`
	At time.Time `json:"at"`
}

type suspensionJSON struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind,omitempty" doc:"absent = every kind of work"`
	Occupation string    `json:"occupation,omitempty" doc:"prefix; absent = every occupation"`
	Act        string    `json:"act" doc:"number of the legal act"`
	Evidence   string    `json:"evidence"`
	At         time.Time `json:"at"`
	By         string    `json:"by,omitempty" doc:"account id; for officials only"`
}

type reopeningJSON struct {
	Kind       string           `json:"kind,omitempty"`
	Occupation string           `json:"occupation,omitempty"`
	Act        string           `json:"act"`
	Evidence   string           `json:"evidence"`
	At         time.Time        `json:"at"`
	By         string           `json:"by,omitempty" doc:"account id; for officials only"`
	Lifted     []suspensionJSON `json:"lifted"`
}

func (h *corridorOperations) answer(ctx context.Context, c *Call, x *corridor.Corridor, err error) (corridorJSON, error) {
	if err != nil {
		return corridorJSON{}, err
	}
	out := corridorJSON{
		Code: string(x.Code), Rev: x.Rev, Origin: string(ref.Mali), Destination: string(x.Destination),
		Name: x.Destination.Name(c.Locale), Open: isOpen(x), corridorFacts: corridorFactsOf(x),
		Suspensions: suspensionsOf(c.Actor, x.Suspensions), Acts: []actJSON{}, UpdatedAt: x.UpdatedAt,
	}
	out.Reopenings = mapped(x.Reopenings, func(r corridor.Reopening) reopeningJSON {
		return reopeningJSON{Kind: string(r.Kind), Occupation: string(r.Occupation), Act: r.Act, Evidence: r.Evidence, At: r.At,
			By: officialOnly(c.Actor, r.By), Lifted: suspensionsOf(c.Actor, r.Lifted)}
	})
	if c.Actor.Role == account.Official {
		if err := h.forOfficials(ctx, c, x, &out); err != nil {
			return corridorJSON{}, err
		}
	}
	return out, nil
}

// forOfficials adds the proposal that waits and the progress of the acts.
func (h *corridorOperations) forOfficials(ctx context.Context, c *Call, x *corridor.Corridor, out *corridorJSON) error {
	if x.Proposal.Pending() {
		out.FeeProposal = &feeProposal{By: string(x.Proposal.By), At: x.Proposal.At}
	}
	var err error
	out.Acts, err = actsAbout(ctx, c, h.acts, suspension.Target{Kind: suspension.Corridor, ID: string(x.Code)})
	return err
}

func corridorFactsOf(x *corridor.Corridor) corridorFacts {
	return corridorFacts{
		Bases: mapped(x.Bases, func(b corridor.Basis) basisJSON {
			return basisJSON{Title: localisedText(b.Title), Date: string(b.Date), Source: b.Source, Confirmed: b.Confirmed}
		}),
		Floors: mapped(x.Floors, func(f corridor.Floor) floorJSON {
			amount := ref.Money{Amount: f.EURCents, Currency: "EUR"}
			return floorJSON{Prefix: string(f.Prefix), From: string(f.From), Amount: amount.Format(), Currency: "EUR", Source: f.Source, Confirmed: f.Confirmed}
		}),
		MaxHours: float64(x.MaxHours) / 100, WorkerFees: x.WorkerFees,
		Kinds:     mapped(x.Kinds, func(k ref.WorkKind) string { return string(k) }),
		Regulated: mapped(x.Regulated, func(o ref.Occupation) string { return string(o) }),
		Documents: mapped(x.Documents, func(t corridor.Text) localisedText { return localisedText(t) }),
		Notice:    localisedWording(x.Notice),

		corridorFrame: corridorFrameOf(x),
	}
}

func suspensionsOf(actor account.Actor, all []corridor.Suspension) []suspensionJSON {
	return mapped(all, func(s corridor.Suspension) suspensionJSON {
		return suspensionJSON{ID: s.ID, Kind: string(s.Kind), Occupation: string(s.Occupation), Act: s.Act,
			Evidence: s.Evidence, At: s.At, By: officialOnly(actor, s.By)}
	})
}

// officialOnly shows who acted to officials and to nobody else.
func officialOnly(actor account.Actor, by account.ID) string {
	if actor.Role != account.Official {
		return ""
	}
	return string(by)
}
