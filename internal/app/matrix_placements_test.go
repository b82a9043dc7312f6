package app

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/placement"
)

// placementLines are the operations on placements up to the clearance.
func placementLines() []line {
	opened, contracted, ready, cleared := (*stage).opened, (*stage).contracted, (*stage).ready, (*stage).clearedFile
	lines := []line{
		plain("listPlacements"), on("showPlacement", "", otherTenants, opened),
		{operation: "proposeContract", hidden: otherAgency, make: func(s *stage) target { return target{id: s.opened(), body: s.contract()} }},
		numbered("showContractDiff", otherTenants, contracted), numbered("readContract", otherCandidate, contracted),
		on("requestAcceptanceCode", "", otherCandidate, (*stage).readable), on("acceptContract", "", otherCandidate, (*stage).readable),
		on("declineContract", "", otherCandidate, contracted),
		on("answerPlacementRefusal", "", otherTenants, (*stage).refusedFile), on("cancelPlacement", "", otherTenants, opened),
		on("claimPlacement", "", nil, ready), on("releasePlacementClaim", "", nil, ready), on("returnPlacement", "", nil, ready),
		on("reviewPlacement", "", nil, ready), on("clearPlacement", "", nil, (*stage).reviewed).sending(object{}),
		on("refusePlacement", "", nil, ready).sending(object{"reason": "safety"}),
		on("revokeClearance", "", nil, cleared), on("holdPlacement", "", nil, opened),
		on("releasePlacementHold", "", nil, (*stage).held).sending(object{"kind": "safety", "source": "Lettre 1", "reason": "Vérifié"}),
	}
	return append(lines, paperLines()...)
}

// paperLines are the operations on checklist, documents and costs.
func paperLines() []line {
	opened := (*stage).opened
	return []line{
		on("addPlacementCost", "", otherTenants, opened).sending(object{"category": "medical", "amount": "25000", "currency": "XOF", "paidBy": "employer", "paidOn": "2026-01-05"}),
		{operation: "markChecklistItem", hidden: otherTenants, make: func(s *stage) target {
			id := s.opened()
			return target{id: id, body: object{"key": "medical", "document": s.paper(id)}}
		}},
		{operation: "addPlacementDocument", hidden: otherTenants, make: func(s *stage) target {
			return target{id: s.opened(), body: s.paperForm()}
		}},
		{operation: "readPlacementDocument", hidden: otherTenants, make: func(s *stage) target {
			id := s.opened()
			return target{id: id, parts: []string{"{document}", s.paper(id)}, body: object{"reason": "file_review"}}
		}},
		{operation: "strikePlacementCost", hidden: otherTenants, refused: []string{"agency"}, make: func(s *stage) target {
			id, body := s.opened(), object{"category": "medical", "amount": "25000", "currency": "XOF", "paidBy": "worker", "paidOn": "2026-01-05"}
			s.by("candidate").must(http.StatusCreated, "POST", "/placements/"+id+"/costs", body)
			cost := s.placed(id).Costs[0].ID
			return target{id: id, parts: []string{"{cost}", cost}, body: object{"reason": "Erreur"}}
		}},
	}
}

// numbered is a line about the first contract of a file.
func numbered(operation string, hidden []string, id func(*stage) string) line {
	return line{operation: operation, hidden: hidden, make: func(s *stage) target {
		return target{id: id(s), parts: []string{"{number}", "1"}}
	}}
}

// opened makes a file of the candidate at the agency.
func (s *stage) opened() string {
	s.t.Helper()
	return s.fileLike("opened", func() string {
		application := s.application()
		s.by("agency").must(http.StatusOK, "POST", "/applications/"+application+"/selections", nil)
		return string(placement.MakeID(application, 1))
	})
}

// contract gives the terms of the offer as a contract.
func (s *stage) contract() object {
	body := object{"language": "fr"}
	for _, name := range []string{"title", "occupation", "kind", "employer", "employerName", "country", "region", "city", "start", "durationMonths",
		"hoursPerWeek", "daysPerWeek", "pay", "benefits", "deductions", "costs"} {
		if value, ok := s.terms[name]; ok {
			body[name] = value
		}
	}
	return body
}

func (s *stage) contracted() string {
	s.t.Helper()
	return s.fileLike("contracted", func() string {
		id := s.opened()
		s.by("agency").must(http.StatusCreated, "POST", "/placements/"+id+"/contracts", s.contract())
		return id
	})
}

func (s *stage) placed(id string) *placement.Placement {
	s.t.Helper()
	p, err := s.stores.placements.Get(s.t.Context(), placement.ID(id))
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// moved sets a file as days of work would have left it.
func (s *stage) moved(id string, change func(*placement.Placement)) string {
	s.t.Helper()
	_, err := s.stores.placements.Update(s.t.Context(), placement.ID(id), func(p *placement.Placement) error {
		change(p)
		p.Rev++
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// readable is a file whose contract the person opened long ago.
func (s *stage) readable() string {
	return s.fileLike("readable", func() string {
		return s.moved(s.contracted(), func(p *placement.Placement) { p.CurrentContract().ShownAt = p.Since.Add(-100 * time.Hour) })
	})
}

// ready is a complete file under review.
func (s *stage) ready() string {
	return s.fileLike("ready", func() string { return s.moved(s.contracted(), completed) })
}

// completed puts a file under review with its contract accepted and its
// checklist done.
func completed(p *placement.Placement) {
	p.State, p.CurrentContract().AcceptedAt = placement.UnderReview, p.Since
	for i := range p.Checklist {
		p.Checklist[i].Done, p.Checklist[i].DoneBy, p.Checklist[i].DoneAt = true, "acc_desk", p.Since
	}
}

func (s *stage) reviewed() string {
	s.t.Helper()
	return s.fileLike("reviewed", func() string {
		id := s.ready()
		s.by("official2").must(http.StatusOK, "POST", "/placements/"+id+"/reviews", nil)
		return id
	})
}

func (s *stage) clearedFile() string {
	s.t.Helper()
	return s.fileLike("cleared", func() string {
		id := s.reviewed()
		s.by("official3").must(http.StatusOK, "POST", "/placements/"+id+"/clearances", object{})
		return id
	})
}

func (s *stage) refusedFile() string {
	s.t.Helper()
	return s.fileLike("refused", func() string {
		id := s.ready()
		for _, name := range []string{"official2", "official3"} {
			s.by(name).must(http.StatusOK, "POST", "/placements/"+id+"/refusals", object{"reason": "safety"})
		}
		return id
	})
}

func (s *stage) held() string {
	s.t.Helper()
	return s.fileLike("held", func() string {
		id := s.opened()
		s.by("official2").must(http.StatusOK, "POST", "/placements/"+id+"/holds", object{"source": "Lettre 1", "reason": "Menaces"})
		return id
	})
}

// paperForm is an upload of a small PDF.
func (s *stage) paperForm() form {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := w.WriteField("item", "medical")
	part, failed := w.CreateFormFile("file", "certificat.pdf")
	if failed == nil {
		_, failed = part.Write([]byte("%PDF-1.4\n%%EOF\n"))
	}
	if err := errors.Join(err, failed, w.Close()); err != nil {
		s.t.Fatal(err)
	}
	return form{w.FormDataContentType(), b.Bytes()}
}

// paper adds a document to a file, through the service.
func (s *stage) paper(id string) string {
	s.t.Helper()
	d, err := s.services.placements.AddDocument(s.t.Context(), account.SystemActor(), placement.ID(id),
		placement.Upload{Item: "medical", Name: "certificat.pdf", Content: []byte("%PDF-1.4\n%%EOF\n")})
	if err != nil {
		s.t.Fatal(err)
	}
	return d.ID
}
