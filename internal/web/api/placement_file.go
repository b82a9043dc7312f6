package api

import (
	"context"
	"errors"
	"io"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

type markItem struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Key      string `json:"key" validate:"required,max=40,line" doc:"of the item" example:"passport"`
		Done     *bool  `json:"done" doc:"false takes the mark back; true when left out"`
		Document string `json:"document,omitempty" validate:"max=64" doc:"id of the document that proves it"`
		Expires  string `json:"expires,omitempty" validate:"omitempty,date" doc:"last day of the paper; a passport has one" example:"2029-05-31"`
	}
}

func (h *placementOperations) mark(ctx context.Context, c *Call, in *markItem) (placementJSON, error) {
	b := in.Body
	p, err := h.service.MarkItem(ctx, c.Actor, placement.ID(in.ID), placement.Mark{
		Key: b.Key, Done: b.Done == nil || *b.Done, Document: b.Document, Expires: ref.Date(b.Expires),
	})
	return h.done(c, p, err)
}

type addDocument struct {
	ID   string  `path:"id" validate:"max=64"`
	Item string  `form:"item" validate:"required,max=40" doc:"key of a checklist item, or contract, receipt, evidence, certificate"`
	File *Upload `file:"file" validate:"required" doc:"at most 5 MB"`
}

// placementDocument is a document of a file; its content is got by a reading.
type placementDocument struct {
	ID       string             `json:"id"`
	Item     string             `json:"item" example:"passport"`
	Name     string             `json:"name" example:"passeport.pdf"`
	Media    string             `json:"media" example:"application/pdf"`
	Bytes    int64              `json:"bytes"`
	SHA256   string             `json:"sha256" doc:"of the content as it is kept"`
	By       string             `json:"by" doc:"role" example:"candidate"`
	At       time.Time          `json:"at"`
	Readings []placementReading `json:"readings,omitzero" doc:"who had it, oldest first; not shown to agencies"`
}

type placementReading struct {
	By     string    `json:"by" doc:"role" example:"official"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason" example:"file_review"`
}

func placementDocumentOf(d placement.Document) placementDocument {
	out := placementDocument{ID: d.ID, Item: d.Item, Name: d.Name, Media: d.Media, Bytes: d.Bytes, SHA256: d.SHA256, By: string(d.Role), At: d.At}
	if len(d.Readings) > 0 {
		out.Readings = mapped(d.Readings, func(r placement.Reading) placementReading {
			return placementReading{By: string(r.Role), At: r.At, Reason: r.Reason}
		})
	}
	return out
}

func (h *placementOperations) addDocument(ctx context.Context, c *Call, in *addDocument) (placementDocument, error) {
	if in.File.Size > placement.MaxDocument {
		return placementDocument{}, fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "file", Code: "placement.document.large"})
	}
	file, err := in.File.Open()
	if err != nil {
		return placementDocument{}, err
	}
	content, err := io.ReadAll(io.LimitReader(file, placement.MaxDocument+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return placementDocument{}, err
	}
	d, err := h.service.AddDocument(ctx, c.Actor, placement.ID(in.ID), placement.Upload{Item: in.Item, Name: in.File.Name, Content: content})
	if err != nil {
		return placementDocument{}, err
	}
	c.Location("/placements/" + in.ID)
	return placementDocumentOf(d), nil
}

type readDocument struct {
	ID       string `path:"id" validate:"max=64"`
	Document string `path:"document" validate:"max=64"`
	Body     struct {
		Reason string `json:"reason" validate:"required,oneof=own file_review complaint inspection assistance application" doc:"own is the person's" example:"file_review"`
	}
}

// readDocument gives the content out as an attachment that no browser runs.
func (h *placementOperations) readDocument(ctx context.Context, c *Call, in *readDocument) (Download, error) {
	d, content, err := h.service.ReadDocument(ctx, c.Actor, placement.ID(in.ID), in.Document, in.Body.Reason)
	if err != nil {
		return Download{}, err
	}
	return Download{ContentType: d.Media, Name: d.Name, Write: func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return errors.Join(err, content.Close())
	}}, nil
}

type addCost struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Category string `json:"category" validate:"required,oneof=recruitment_fee medical insurance skills_test training equipment travel administrative other" example:"medical"`
		Amount   string `json:"amount" validate:"required,amount" example:"25000"`
		Currency string `json:"currency" validate:"required,currency" example:"XOF"`
		PaidBy   string `json:"paidBy" validate:"required,oneof=employer worker agency" example:"employer"`
		PaidOn   string `json:"paidOn" validate:"required,date" example:"2026-11-20"`
		Note     string `json:"note,omitempty" validate:"max=2000"`
		Document string `json:"document,omitempty" validate:"max=64" doc:"id of the receipt among the file's documents"`
	}
}

func (h *placementOperations) addCost(ctx context.Context, c *Call, in *addCost) (placementJSON, error) {
	b := in.Body
	amount, err := ref.ParseMoney(b.Amount, ref.Currency(b.Currency))
	if err != nil {
		return placementJSON{}, fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "/amount", Code: "ref.amount"})
	}
	p, err := h.service.AddCost(ctx, c.Actor, placement.ID(in.ID), placement.Expense{
		Category: b.Category, Amount: amount, PaidBy: offer.Payer(b.PaidBy), PaidOn: ref.Date(b.PaidOn), Note: b.Note, Document: b.Document,
	})
	return h.done(c, p, err)
}

type strikeCost struct {
	ID   string `path:"id" validate:"max=64"`
	Cost string `path:"cost" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,max=2000" doc:"in words" example:"Saisie deux fois."`
	}
}

func (h *placementOperations) strikeCost(ctx context.Context, c *Call, in *strikeCost) (placementJSON, error) {
	p, err := h.service.StrikeCost(ctx, c.Actor, placement.ID(in.ID), in.Cost, in.Body.Reason)
	return h.done(c, p, err)
}

type answerPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Note string `json:"note" validate:"required,max=2000" doc:"the answer, in words" example:"Le contrat a été corrigé."`
	}
}

func (h *placementOperations) answer(ctx context.Context, c *Call, in *answerPlacement) (placementJSON, error) {
	p, err := h.service.Answer(ctx, c.Actor, placement.ID(in.ID), in.Body.Note)
	return h.done(c, p, err)
}

type cancelPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=changed_mind other_offer family health visa_refused not_reached employer_cancelled fees_charged safety corridor_closed contract_not_proposed other" doc:"cause" example:"changed_mind"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *placementOperations) cancel(ctx context.Context, c *Call, in *cancelPlacement) (placementJSON, error) {
	p, err := h.service.Cancel(ctx, c.Actor, placement.ID(in.ID), placement.Grounds(in.Body))
	return h.done(c, p, err)
}
