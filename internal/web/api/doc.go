// Package api is version 1 of the JSON API: one file per noun on top of the
// machinery in this package. An operation is declared once; the router, the
// guard, the strict readers and the OpenAPI document follow from it.
//
// To add one, write in the noun's file an input, an output, a handler, and a
// line in the noun's register function:
//
//	type declareEmployer struct {
//		Agency string `query:"agency" validate:"omitempty,id=agy" doc:"on whose behalf"`
//		Body   employerInput
//	}
//
//	type employerInput struct {
//		Name    string  `json:"name" validate:"required,max=200,name" example:"Agrícola Sol"`
//		Country string  `json:"country" validate:"required,country" example:"ES"`
//		Sites   []site  `json:"sites" validate:"max=20,dive"`
//		Note    *string `json:"note" validate:"omitempty,max=2000"` // pointer: may be null
//	}
//
//	func (h *employers) register(a *API) {
//		Register(a, Op[declareEmployer, employerJSON]{
//			Method: "POST", Path: "/employers", ID: "declareEmployer", Summary: "Declare an employer",
//			Permission: "employer.create", Status: 201, Handle: h.declare,
//		})
//	}
//
//	func (h *employers) declare(ctx context.Context, c *Call, in *declareEmployer) (employerJSON, error) {
//		e, err := h.service.Declare(ctx, c.Actor, in.Body.draft())
//		if err != nil {
//			return employerJSON{}, err
//		}
//		c.Location("/employers/" + string(e.ID))
//		return employerOf(e), nil
//	}
//
// Inputs: every field has a tag path, query, header, form or file, or is the
// Body; embedded structs are read as if written out. Parameters are text,
// int, int64, bool, pointers to them ("was it sent?"), slices (repeated or
// separated by commas), or types with UnmarshalText. `default`, `doc` and
// `example` tags do what they say. A pointer Body may be left out. Lists embed
// Page and return NewList; `validate` tags know the words of package rules.
// Body members may be Patch[T] for merge patches.
//
// Outputs: a struct with json tags, a List, NoContent (204) or a Download. A
// member "rev" becomes the ETag. Slices must not be nil: nil would be null.
//
// The machinery does the rest: 401 and 403 before anything is read; 400 for
// what cannot be read; 404 for malformed ids in the path; 422 with pointers
// for broken rules; If-Match on PUT and PATCH (Call.Rev holds it; the service
// answers fault.Stale); Idempotency-Key on every POST (mark answers that hold
// a secret Unstored); If-None-Match and 304 on GET. Handlers only call one
// service and show the result; they return faults and never write statuses.
package api
