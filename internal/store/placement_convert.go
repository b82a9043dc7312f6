package store

import (
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func toPlacementDoc(x *placement.Placement) placementDoc {
	return placementDoc{
		Header:    Header{ID: string(x.ID), Rev: x.Rev},
		Reference: x.Reference, Application: x.Application, Round: x.Round, Offer: x.Offer, Agency: x.Agency, Employer: x.Employer,
		Profile: x.Profile, Candidate: x.Candidate, Country: x.Country, Occupation: x.Occupation, Kind: x.Kind, Title: x.Title,
		Frozen: toOfferSnapshotDoc(x.Frozen), State: x.State, Since: x.Since,
		Holds:     convert(x.Holds, func(x placement.Hold) placementHoldDoc { return placementHoldDoc(x) }),
		Contracts: convert(x.Contracts, toPlacementContractDoc), Checklist: convert(x.Checklist, toPlacementItemDoc),
		Documents: convert(x.Documents, toPlacementDocumentDoc), Costs: convert(x.Costs, toPlacementCostDoc), Claim: placementClaimDoc(x.Claim),
		Decision: toPlacementDecisionDoc(x.Decision), Clearances: convert(x.Clearances, toPlacementClearanceDoc),
		Journey: toPlacementJourneyDoc(x.Journey), Ending: toPlacementEndingDoc(x.Ending),
		Internship: pointer(x.Internship, toPlacementInternshipDoc), Mission: pointer(x.Mission, toPlacementMissionDoc),
		CancelReason: x.CancelReason, History: convert(x.History, func(x placement.Event) placementEventDoc { return placementEventDoc(x) }),
		CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt, Pending: toPending(x.Pending), Outbox: toOutbox(x.Outbox),
	}
}

func fromPlacementDoc(x *placementDoc) *placement.Placement {
	return &placement.Placement{
		ID: placement.ID(x.ID), Rev: x.Rev,
		Reference: x.Reference, Application: x.Application, Round: x.Round, Offer: x.Offer, Agency: x.Agency, Employer: x.Employer,
		Profile: x.Profile, Candidate: x.Candidate, Country: x.Country, Occupation: x.Occupation, Kind: x.Kind, Title: x.Title,
		Frozen: fromOfferSnapshotDoc(x.Frozen), State: x.State, Since: x.Since,
		Holds:     convert(x.Holds, func(x placementHoldDoc) placement.Hold { return placement.Hold(x) }),
		Contracts: convert(x.Contracts, fromPlacementContractDoc), Checklist: convert(x.Checklist, fromPlacementItemDoc),
		Documents: convert(x.Documents, fromPlacementDocumentDoc), Costs: convert(x.Costs, fromPlacementCostDoc), Claim: placement.Claim(x.Claim),
		Decision: fromPlacementDecisionDoc(x.Decision), Clearances: convert(x.Clearances, fromPlacementClearanceDoc),
		Journey: fromPlacementJourneyDoc(x.Journey), Ending: fromPlacementEndingDoc(x.Ending),
		Internship: pointer(x.Internship, fromPlacementInternshipDoc), Mission: pointer(x.Mission, fromPlacementMissionDoc),
		CancelReason: x.CancelReason, History: convert(x.History, func(x placementEventDoc) placement.Event { return placement.Event(x) }),
		CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt, Pending: fromPending(x.Pending), Outbox: fromOutbox(x.Outbox),
	}
}

func toPlacementContractDoc(x placement.Contract) placementContractDoc {
	return placementContractDoc{
		Number: x.Number, Stage: x.Stage, Terms: toTermsDoc(x.Terms), Language: x.Language, Document: x.Document, By: x.By, Role: x.Role, At: x.At,
		Lines: convert(x.Lines, func(x placement.Line) placementLineDoc { return placementLineDoc(x) }), ShownAt: x.ShownAt,
		AcceptedAt: x.AcceptedAt, DeclinedAt: x.DeclinedAt, DeclineReason: x.DeclineReason, SignedOn: x.SignedOn,
	}
}

func fromPlacementContractDoc(x placementContractDoc) placement.Contract {
	return placement.Contract{
		Number: x.Number, Stage: x.Stage, Terms: fromTermsDoc(x.Terms), Language: x.Language, Document: x.Document, By: x.By, Role: x.Role,
		At: x.At, Lines: convert(x.Lines, func(x placementLineDoc) placement.Line { return placement.Line(x) }), ShownAt: x.ShownAt,
		AcceptedAt: x.AcceptedAt, DeclinedAt: x.DeclinedAt, DeclineReason: x.DeclineReason, SignedOn: x.SignedOn,
	}
}

func toPlacementItemDoc(x placement.Item) placementItemDoc {
	return placementItemDoc{
		Key: x.Key, Label: placementTextDoc(x.Label), Required: x.Required, Done: x.Done, DoneBy: x.DoneBy, DoneAt: x.DoneAt, Document: x.Document,
		Expires: x.Expires,
	}
}

func fromPlacementItemDoc(x placementItemDoc) placement.Item {
	return placement.Item{
		Key: x.Key, Label: placement.Text(x.Label), Required: x.Required, Done: x.Done, DoneBy: x.DoneBy, DoneAt: x.DoneAt, Document: x.Document,
		Expires: x.Expires,
	}
}

func toPlacementDocumentDoc(x placement.Document) placementDocumentDoc {
	return placementDocumentDoc{
		ID: x.ID, Item: x.Item, Name: x.Name, Media: x.Media, Bytes: x.Bytes, SHA256: x.SHA256, Blob: x.Blob, By: x.By, Role: x.Role, At: x.At,
		Readings: convert(x.Readings, func(x placement.Reading) placementReadingDoc { return placementReadingDoc(x) }),
	}
}

func fromPlacementDocumentDoc(x placementDocumentDoc) placement.Document {
	return placement.Document{
		ID: x.ID, Item: x.Item, Name: x.Name, Media: x.Media, Bytes: x.Bytes, SHA256: x.SHA256, Blob: x.Blob, By: x.By, Role: x.Role, At: x.At,
		Readings: convert(x.Readings, func(x placementReadingDoc) placement.Reading { return placement.Reading(x) }),
	}
}

func toPlacementCostDoc(x placement.Cost) placementCostDoc {
	return placementCostDoc{
		ID: x.ID, Category: x.Category, Amount: moneyDoc(x.Amount), EURCents: x.EURCents, PaidBy: x.PaidBy, PaidOn: x.PaidOn, Note: x.Note,
		Document: x.Document, By: x.By, Role: x.Role, At: x.At, Struck: x.Struck, StruckBy: x.StruckBy, StruckReason: x.StruckReason,
	}
}

func fromPlacementCostDoc(x placementCostDoc) placement.Cost {
	return placement.Cost{
		ID: x.ID, Category: x.Category, Amount: ref.Money(x.Amount), EURCents: x.EURCents, PaidBy: x.PaidBy, PaidOn: x.PaidOn, Note: x.Note,
		Document: x.Document, By: x.By, Role: x.Role, At: x.At, Struck: x.Struck, StruckBy: x.StruckBy, StruckReason: x.StruckReason,
	}
}

func toPlacementDecisionDoc(x placement.Decision) placementDecisionDoc {
	return placementDecisionDoc{
		Reviewed: placementSignatureDoc(x.Reviewed), RefusalBy: placementSignatureDoc(x.RefusalBy), RefusalReason: x.RefusalReason,
		RefusalNote: x.RefusalNote, Refused: placementSignatureDoc(x.Refused), Answered: x.Answered, Answer: x.Answer, AnsweredBy: x.AnsweredBy,
	}
}

func fromPlacementDecisionDoc(x placementDecisionDoc) placement.Decision {
	return placement.Decision{
		Reviewed: placement.Signature(x.Reviewed), RefusalBy: placement.Signature(x.RefusalBy), RefusalReason: x.RefusalReason,
		RefusalNote: x.RefusalNote, Refused: placement.Signature(x.Refused), Answered: x.Answered, Answer: x.Answer, AnsweredBy: x.AnsweredBy,
	}
}

func toPlacementClearanceDoc(x placement.Clearance) placementClearanceDoc {
	return placementClearanceDoc{
		Number: x.Number, First: placementSignatureDoc(x.First), Second: placementSignatureDoc(x.Second), From: x.From, Until: x.Until,
		RevokedBy: x.RevokedBy, RevokedAt: x.RevokedAt, RevokedReason: x.RevokedReason,
	}
}

func fromPlacementClearanceDoc(x placementClearanceDoc) placement.Clearance {
	return placement.Clearance{
		Number: x.Number, First: placement.Signature(x.First), Second: placement.Signature(x.Second), From: x.From, Until: x.Until,
		RevokedBy: x.RevokedBy, RevokedAt: x.RevokedAt, RevokedReason: x.RevokedReason,
	}
}

func toPlacementJourneyDoc(x placement.Journey) placementJourneyDoc {
	return placementJourneyDoc{
		DepartedOn: x.DepartedOn, Carrier: x.Carrier, DueOn: x.DueOn, ArrivedOn: x.ArrivedOn, ArrivedAt: x.ArrivedAt, OverdueAt: x.OverdueAt,
		CheckIns: convert(x.CheckIns, toPlacementCheckInDoc), Transfers: convert(x.Transfers, toPlacementMoveDoc),
	}
}

func fromPlacementJourneyDoc(x placementJourneyDoc) placement.Journey {
	return placement.Journey{
		DepartedOn: x.DepartedOn, Carrier: x.Carrier, DueOn: x.DueOn, ArrivedOn: x.ArrivedOn, ArrivedAt: x.ArrivedAt, OverdueAt: x.OverdueAt,
		CheckIns: convert(x.CheckIns, fromPlacementCheckInDoc), Transfers: convert(x.Transfers, fromPlacementMoveDoc),
	}
}

func toPlacementCheckInDoc(x placement.CheckIn) placementCheckInDoc {
	return placementCheckInDoc{
		Day: x.Day, Due: x.Due, DoneAt: x.DoneAt, By: x.By, Role: x.Role, Channel: x.Channel, Well: x.Well, PaidAs: x.PaidAs, Concerns: x.Concerns,
		Note: x.Note, Missed: x.Missed, AskedAt: x.AskedAt,
	}
}

func fromPlacementCheckInDoc(x placementCheckInDoc) placement.CheckIn {
	return placement.CheckIn{
		Day: x.Day, Due: x.Due, DoneAt: x.DoneAt, By: x.By, Role: x.Role, Channel: x.Channel, Well: x.Well, PaidAs: x.PaidAs,
		Concerns: orNil(x.Concerns), Note: x.Note, Missed: x.Missed, AskedAt: x.AskedAt,
	}
}

func toPlacementMoveDoc(x placement.Move) placementMoveDoc {
	return placementMoveDoc{
		Contract: x.Contract, From: x.From, Employer: x.Employer, Asked: placementSignatureDoc(x.Asked), Consented: x.Consented,
		Decided: placementSignatureDoc(x.Decided), Approved: x.Approved, Reason: x.Reason,
	}
}

func fromPlacementMoveDoc(x placementMoveDoc) placement.Move {
	return placement.Move{
		Contract: x.Contract, From: x.From, Employer: x.Employer, Asked: placement.Signature(x.Asked), Consented: x.Consented,
		Decided: placement.Signature(x.Decided), Approved: x.Approved, Reason: x.Reason,
	}
}

func toPlacementEndingDoc(x placement.Ending) placementEndingDoc {
	return placementEndingDoc{
		On: x.On, Cause: x.Cause, Note: x.Note, By: x.By, Role: x.Role, At: x.At, HomeOn: x.HomeOn, HomeNote: x.HomeNote,
		Periods: convert(x.Periods, func(x placement.WorkPeriod) placementWorkPeriodDoc { return placementWorkPeriodDoc(x) }), Skills: x.Skills,
		Certified: placementSignatureDoc(x.Certified),
		Insurance: convert(x.Insurance, func(x placement.InsurancePeriod) placementInsurancePeriodDoc { return placementInsurancePeriodDoc(x) }),
		Rehire:    x.Rehire, RehireFrom: x.RehireFrom, RehireNote: x.RehireNote, Case: pointer(x.Case, toPlacementReintegrationDoc),
	}
}

func fromPlacementEndingDoc(x placementEndingDoc) placement.Ending {
	return placement.Ending{
		On: x.On, Cause: x.Cause, Note: x.Note, By: x.By, Role: x.Role, At: x.At, HomeOn: x.HomeOn, HomeNote: x.HomeNote,
		Periods: convert(x.Periods, func(x placementWorkPeriodDoc) placement.WorkPeriod { return placement.WorkPeriod(x) }),
		Skills:  orNil(x.Skills), Certified: placement.Signature(x.Certified),
		Insurance: convert(x.Insurance, func(x placementInsurancePeriodDoc) placement.InsurancePeriod { return placement.InsurancePeriod(x) }),
		Rehire:    x.Rehire, RehireFrom: x.RehireFrom, RehireNote: x.RehireNote, Case: pointer(x.Case, fromPlacementReintegrationDoc),
	}
}

func toPlacementReintegrationDoc(x placement.Reintegration) placementReintegrationDoc {
	return placementReintegrationDoc{
		OpenedAt: x.OpenedAt, Needs: x.Needs, Plan: x.Plan, Owner: x.Owner,
		FollowUp: convert(x.FollowUp, func(x placement.FollowUp) placementFollowUpDoc { return placementFollowUpDoc(x) }), ClosedAt: x.ClosedAt,
		Outcome: x.Outcome,
	}
}

func fromPlacementReintegrationDoc(x placementReintegrationDoc) placement.Reintegration {
	return placement.Reintegration{
		OpenedAt: x.OpenedAt, Needs: orNil(x.Needs), Plan: x.Plan, Owner: x.Owner,
		FollowUp: convert(x.FollowUp, func(x placementFollowUpDoc) placement.FollowUp { return placement.FollowUp(x) }), ClosedAt: x.ClosedAt,
		Outcome: x.Outcome,
	}
}

func toPlacementInternshipDoc(x placement.Internship) placementInternshipDoc {
	return placementInternshipDoc{
		School: x.School, SchoolCity: x.SchoolCity, Programme: x.Programme, Tutor: x.Tutor, SchoolTutor: x.SchoolTutor, Stipend: payDoc(x.Stipend),
		HoursPerWeek: x.HoursPerWeek, Objectives: x.Objectives, SchoolSigned: x.SchoolSigned, HostSigned: x.HostSigned,
		TraineeSigned: x.TraineeSigned,
		Evaluation:    pointer(x.Evaluation, func(x placement.Evaluation) placementEvaluationDoc { return placementEvaluationDoc(x) }),
		Certificate:   x.Certificate, CertifiedAt: x.CertifiedAt,
	}
}

func fromPlacementInternshipDoc(x placementInternshipDoc) placement.Internship {
	return placement.Internship{
		School: x.School, SchoolCity: x.SchoolCity, Programme: x.Programme, Tutor: x.Tutor, SchoolTutor: x.SchoolTutor,
		Stipend: ref.Pay(x.Stipend), HoursPerWeek: x.HoursPerWeek, Objectives: x.Objectives, SchoolSigned: x.SchoolSigned,
		HostSigned: x.HostSigned, TraineeSigned: x.TraineeSigned,
		Evaluation:  pointer(x.Evaluation, func(x placementEvaluationDoc) placement.Evaluation { return placement.Evaluation(x) }),
		Certificate: x.Certificate, CertifiedAt: x.CertifiedAt,
	}
}

func toPlacementMissionDoc(x placement.Mission) placementMissionDoc {
	return placementMissionDoc{
		Host: x.Host, Objective: x.Objective, Results: x.Results, Report: x.Report, ReportAt: x.ReportAt, Accepted: x.Accepted,
	}
}

func fromPlacementMissionDoc(x placementMissionDoc) placement.Mission {
	return placement.Mission{
		Host: x.Host, Objective: x.Objective, Results: orNil(x.Results), Report: x.Report, ReportAt: x.ReportAt, Accepted: x.Accepted,
	}
}
