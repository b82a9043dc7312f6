package store

import (
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func toOfferDoc(o *offer.Offer) offerDoc {
	return offerDoc{
		Header: Header{ID: string(o.ID), Rev: o.Rev}, Reference: o.Reference, Agency: o.Agency, AgencyKind: o.AgencyKind,
		CreatedBy: o.CreatedBy, State: o.State, Current: toOfferVersionDoc(o.Current), Next: pointer(o.Next, toOfferVersionDoc),
		Frozen: pointer(o.Frozen, toOfferSnapshotDoc), Earlier: convert(o.Earlier, toOfferSnapshotDoc), Announce: o.Announce, Causes: o.Causes, SuspendedBy: o.SuspendedBy, ReopenedBy: o.ReopenedBy,
		Taken: o.Taken, Objections: convert(o.Objections, func(x offer.Objection) objectionDoc { return objectionDoc(x) }),
		Source:    offerSourceDoc(o.Source),
		CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt, ClosedAt: o.ClosedAt, Pending: toPending(o.Pending),
	}
}

func fromOfferDoc(d *offerDoc) *offer.Offer {
	d.Source.Coders = orNil(d.Source.Coders)
	return &offer.Offer{
		ID: offer.ID(d.ID), Rev: d.Rev, Reference: d.Reference, Agency: d.Agency, AgencyKind: d.AgencyKind,
		CreatedBy: d.CreatedBy, State: d.State, Current: fromOfferVersionDoc(d.Current), Next: pointer(d.Next, fromOfferVersionDoc),
		Frozen: pointer(d.Frozen, fromOfferSnapshotDoc), Earlier: convert(d.Earlier, fromOfferSnapshotDoc), Announce: d.Announce, Causes: orNil(d.Causes), SuspendedBy: d.SuspendedBy, ReopenedBy: d.ReopenedBy,
		Taken: orNil(d.Taken), Objections: convert(d.Objections, func(x objectionDoc) offer.Objection { return offer.Objection(x) }),
		Source:    offer.Source(d.Source),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, ClosedAt: d.ClosedAt, Pending: fromPending(d.Pending),
	}
}

// pointer converts what may be absent.
func pointer[A, B any](a *A, to func(A) B) *B {
	if a == nil {
		return nil
	}
	b := to(*a)
	return &b
}

func toOfferVersionDoc(v offer.Version) offerVersionDoc {
	return offerVersionDoc{
		Number: v.Number, State: v.State, Terms: toTermsDoc(v.Terms), Findings: convert(v.Findings, toFindingDoc),
		SubmittedBy: v.SubmittedBy, SubmittedAt: v.SubmittedAt, ApprovedBy: v.ApprovedBy, ApprovedAt: v.ApprovedAt,
		Editors: v.Editors, Reason: v.Reason, Note: v.Note, Answered: v.Answered, Answer: v.Answer,
	}
}

func fromOfferVersionDoc(d offerVersionDoc) offer.Version {
	return offer.Version{
		Number: d.Number, State: d.State, Terms: fromTermsDoc(d.Terms), Findings: convert(d.Findings, fromFindingDoc),
		SubmittedBy: d.SubmittedBy, SubmittedAt: d.SubmittedAt, ApprovedBy: d.ApprovedBy, ApprovedAt: d.ApprovedAt,
		Editors: orNil(d.Editors), Reason: d.Reason, Note: d.Note, Answered: d.Answered, Answer: d.Answer,
	}
}

func toOfferSnapshotDoc(s offer.Snapshot) offerSnapshotDoc {
	return offerSnapshotDoc{
		Version: s.Version, Terms: toTermsDoc(s.Terms), PublishedBy: s.PublishedBy, PublishedAt: s.PublishedAt,
		PayCents: s.PayCents, PayKnown: s.PayKnown, RateFrom: s.RateFrom, SHA256: s.SHA256, Warnings: convert(s.Warnings, toFindingDoc),
	}
}

func fromOfferSnapshotDoc(d offerSnapshotDoc) offer.Snapshot {
	return offer.Snapshot{
		Version: d.Version, Terms: fromTermsDoc(d.Terms), PublishedBy: d.PublishedBy, PublishedAt: d.PublishedAt,
		PayCents: d.PayCents, PayKnown: d.PayKnown, RateFrom: d.RateFrom, SHA256: d.SHA256, Warnings: convert(d.Warnings, fromFindingDoc),
	}
}

func toFindingDoc(f offer.Finding) findingDoc { return findingDoc(f) }

func fromFindingDoc(d findingDoc) offer.Finding {
	d.Args = orNil(d.Args)
	return offer.Finding(d)
}

func toTermsDoc(t offer.Terms) termsDoc {
	return termsDoc{
		Title: t.Title, Description: t.Description, Occupation: t.Occupation, Kind: t.Kind, Employer: t.Employer, EmployerName: t.EmployerName,
		Country: t.Country, Region: t.Region, City: t.City, Places: t.Places, Start: t.Start, DurationMonths: t.DurationMonths,
		HoursPerWeek: t.HoursPerWeek, DaysPerWeek: t.DaysPerWeek, Pay: payDoc(t.Pay), PayText: t.PayText, Benefits: benefitsDoc(t.Benefits),
		Deductions: convert(t.Deductions, func(x offer.Deduction) deductionDoc { return deductionDoc(x) }),
		Languages:  convert(t.Languages, func(x offer.LanguageNeed) languageNeedDoc { return languageNeedDoc(x) }),
		Education:  t.Education, ExperienceMonths: t.ExperienceMonths, RequiredSkills: t.RequiredSkills, OptionalSkills: t.OptionalSkills,
		Licences: t.Licences, MinAge: t.MinAge, Regulated: t.Regulated, Costs: costsDoc(t.Costs), Deadline: t.Deadline,
	}
}

func fromTermsDoc(d termsDoc) offer.Terms {
	return offer.Terms{
		Title: d.Title, Description: d.Description, Occupation: d.Occupation, Kind: d.Kind, Employer: d.Employer, EmployerName: d.EmployerName,
		Country: d.Country, Region: d.Region, City: d.City, Places: d.Places, Start: d.Start, DurationMonths: d.DurationMonths,
		HoursPerWeek: d.HoursPerWeek, DaysPerWeek: d.DaysPerWeek, Pay: ref.Pay(d.Pay), PayText: d.PayText, Benefits: offer.Benefits(d.Benefits),
		Deductions: convert(d.Deductions, func(x deductionDoc) offer.Deduction { return offer.Deduction(x) }),
		Languages:  convert(d.Languages, func(x languageNeedDoc) offer.LanguageNeed { return offer.LanguageNeed(x) }),
		Education:  d.Education, ExperienceMonths: d.ExperienceMonths, RequiredSkills: orNil(d.RequiredSkills), OptionalSkills: orNil(d.OptionalSkills),
		Licences: orNil(d.Licences), MinAge: d.MinAge, Regulated: d.Regulated, Costs: offer.Costs(d.Costs), Deadline: d.Deadline,
	}
}
