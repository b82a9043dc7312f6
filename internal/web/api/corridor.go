package api

import (
	"context"
	"math"
	"strconv"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// RegisterCorridors adds the operations on corridors.
func RegisterCorridors(a *API, service *corridor.Service, acts *suspension.Service) {
	h := &corridorOperations{service, acts}
	h.registerActs(a)
	Register(a, Op[listCorridors, List[corridorLine]]{
		Method: "GET", Path: "/corridors", ID: "listCorridors", Summary: "List the corridors from Mali",
		Permission: "corridor.read", Handle: h.list,
	})
	Register(a, Op[showCorridor, corridorJSON]{
		Method: "GET", Path: "/corridors/{code}", ID: "showCorridor", Summary: "Read one corridor: legal bases, floors, papers, rights and duties",
		Permission: "corridor.read", Handle: h.show,
	})
	Register(a, Op[putCorridor, corridorJSON]{
		Method: "PUT", Path: "/corridors/{code}", ID: "putCorridor", Summary: "Replace a corridor's data, or add a corridor",
		Description: "With \"If-None-Match: *\" a corridor is added, which is thereby open. Suspensions are not touched. Figures and texts count as confirmed only with their source. That workers may be charged is only proposed by it, and takes effect when another official confirms it.",
		Permission:  "corridor.update", Creates: true, MaxBody: 256 << 10, Handle: h.put,
	})
	Register(a, Op[switchCorridor, corridorJSON]{
		Method: "POST", Path: "/corridors/{code}/suspensions", ID: "suspendCorridor", Summary: "Close a corridor, or a part of it, under a legal act",
		Description: "Takes effect at once. The same act for the same part again changes nothing.",
		Permission:  "corridor.suspend", Handle: h.suspend,
	})
	Register(a, Op[switchCorridor, corridorJSON]{
		Method: "POST", Path: "/corridors/{code}/reopenings", ID: "reopenCorridor", Summary: "Lift suspensions, by another official than the one who suspended",
		Description: "Lifts every suspension within the kind and occupation that are named; without them all.",
		Permission:  "corridor.suspend", Handle: h.reopen,
	})
}

type corridorOperations struct {
	service *corridor.Service
	acts    *suspension.Service
}

type listCorridors struct{ Page }

func (h *corridorOperations) list(ctx context.Context, c *Call, in *listCorridors) (List[corridorLine], error) {
	result, err := h.service.List(ctx, c.Actor, in.Listing())
	if err != nil {
		return List[corridorLine]{}, err
	}
	return NewList(c, result, func(x *corridor.Corridor) corridorLine { return corridorLineOf(x, c.Locale) }), nil
}

type showCorridor struct {
	Code string `path:"code" validate:"corridor" example:"ML-ES"`
}

func (h *corridorOperations) show(ctx context.Context, c *Call, in *showCorridor) (corridorJSON, error) {
	x, err := h.service.Get(ctx, c.Actor, corridor.Code(in.Code))
	return h.answer(ctx, c, x, err)
}

type putCorridor struct {
	Code string `path:"code" validate:"corridor" example:"ML-ES"`
	Body corridorFacts
}

func (h *corridorOperations) put(ctx context.Context, c *Call, in *putCorridor) (corridorJSON, error) {
	facts, err := in.Body.facts()
	if err != nil {
		return corridorJSON{}, err
	}
	code := corridor.Code(in.Code)
	if !c.Create {
		x, err := h.service.Put(ctx, c.Actor, code, c.Rev, facts)
		return h.answer(ctx, c, x, err)
	}
	x, err := h.service.Create(ctx, c.Actor, code, facts)
	if fault.Is(err, fault.Conflict) { // If-None-Match did not hold
		err = fault.New(fault.Stale, "corridor.exists").Because(err)
	}
	return h.answer(ctx, c, x, err)
}

type switchCorridor struct {
	Code string `path:"code" validate:"corridor" example:"ML-ES"`
	Body struct {
		Kind       string `json:"kind,omitempty" validate:"omitempty,kind" doc:"absent = every kind of work"`
		Occupation string `json:"occupation,omitempty" validate:"omitempty,occupation" doc:"prefix; absent = every occupation"`
		Act        string `json:"act" validate:"required,max=120,line" doc:"number of the legal act" example:"Arrêté n° 2026-0412"`
		Evidence   string `json:"evidence" validate:"required,max=2000" doc:"why, or where the act is published"`
	}
}

func (in *switchCorridor) order() corridor.Order {
	return corridor.Order{Kind: ref.WorkKind(in.Body.Kind), Occupation: ref.Occupation(in.Body.Occupation),
		Act: in.Body.Act, Evidence: in.Body.Evidence}
}

func (h *corridorOperations) suspend(ctx context.Context, c *Call, in *switchCorridor) (corridorJSON, error) {
	x, err := h.service.Suspend(ctx, c.Actor, corridor.Code(in.Code), in.order())
	return h.answer(ctx, c, x, err)
}

func (h *corridorOperations) reopen(ctx context.Context, c *Call, in *switchCorridor) (corridorJSON, error) {
	x, err := h.service.Reopen(ctx, c.Actor, corridor.Code(in.Code), in.order())
	return h.answer(ctx, c, x, err)
}

// corridorFacts is what officials state about a corridor, as sent and as
// shown.
type corridorFacts struct {
	Bases      []basisJSON      `json:"bases" validate:"max=60,dive" doc:"agreements, laws and memoranda it rests on"`
	Floors     []floorJSON      `json:"floors" validate:"max=60,dive" doc:"lowest gross pay a month; the longest prefix counts"`
	MaxHours   float64          `json:"maxHours" validate:"min=0,max=168" doc:"ceiling in hours a week; 0 = none known" example:"40"`
	WorkerFees bool             `json:"workerFees" doc:"true only where the law lets a worker be charged"`
	Kinds      []string         `json:"kinds" validate:"max=60,dive,kind"`
	Regulated  []string         `json:"regulated" validate:"max=60,dive,occupation" doc:"ISCO-08 prefixes that need a recognised qualification"`
	Documents  []localisedText  `json:"documents" validate:"max=60,dive" doc:"papers a worker needs"`
	Notice     localisedWording `json:"notice" doc:"rights and duties"`
	corridorFrame
}

type localisedText struct {
	FR string `json:"fr" validate:"required,max=400"`
	EN string `json:"en,omitempty" validate:"max=400"`
}

type localisedWording struct {
	FR string `json:"fr" validate:"max=8000"`
	EN string `json:"en,omitempty" validate:"max=8000"`
}

type basisJSON struct {
	Title     localisedText `json:"title"`
	Date      string        `json:"date,omitempty" validate:"omitempty,date" doc:"signature or entry into force" example:"2007-01-23"`
	Source    string        `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool          `json:"confirmed" doc:"by the ministry, or read at the source"`
}

type floorJSON struct {
	Prefix    string `json:"prefix" validate:"omitempty,occupation" doc:"ISCO-08; empty = every occupation" example:"221"`
	From      string `json:"from,omitempty" validate:"omitempty,date" doc:"first day in force; absent = always. Of one prefix the latest counts" example:"2026-01-01"`
	Amount    string `json:"amount" validate:"required,amount" example:"1500.00"`
	Currency  string `json:"currency,omitempty" validate:"omitempty,oneof=EUR" doc:"always EUR"`
	Source    string `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool   `json:"confirmed" doc:"by the ministry"`
}

// facts reads the body; amounts are the one thing its rules cannot check.
func (b *corridorFacts) facts() (corridor.Facts, error) {
	var bad fault.List
	f := corridor.Facts{
		Bases: mapped(b.Bases, func(x basisJSON) corridor.Basis {
			return corridor.Basis{Title: corridor.Text(x.Title), Date: ref.Date(x.Date), Source: x.Source, Confirmed: x.Confirmed}
		}),
		MaxHours: int(math.Round(b.MaxHours * 100)), WorkerFees: b.WorkerFees,
		Kinds:     mapped(b.Kinds, func(s string) ref.WorkKind { return ref.WorkKind(s) }),
		Regulated: mapped(b.Regulated, func(s string) ref.Occupation { return ref.Occupation(s) }),
		Documents: mapped(b.Documents, func(x localisedText) corridor.Text { return corridor.Text(x) }),
		Notice:    corridor.Text(b.Notice),
	}
	for i, x := range b.Floors {
		amount, err := ref.ParseMoney(x.Amount, "EUR")
		if wrong := fault.Of(err); wrong != nil {
			bad.Add("/floors/"+strconv.Itoa(i)+"/amount", wrong.Code)
		}
		f.Floors = append(f.Floors, corridor.Floor{Prefix: ref.Occupation(x.Prefix), From: ref.Date(x.From), EURCents: amount.Amount,
			Source: x.Source, Confirmed: x.Confirmed})
	}
	b.into(&f, &bad)
	return f, bad.Err("corridor.invalid")
}
