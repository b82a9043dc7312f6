package corridor

import (
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/ref"
)

// frame is what the first set states about a destination beyond its outline.
// Everything in it is for the ministry to confirm, but for what stands in an
// agreement with a source.
type frame struct {
	agreements []agreement.ID
	social     []Coordination
	care       Text // where one is treated
	schools    Text // where children go to school
	housing    Text
	consulate  Text
	law        Text // where rights are defended
	doctors    Text // who recognises health qualifications
	engineers  Text // who recognises other regulated ones; empty = not stated
}

// complete adds checklist, fees and frame to the facts of an outline.
func (o outline) complete(f *Facts) {
	f.Checklist, f.Fees = o.checklist(), fees(o.country)
	fr, ok := frames()[o.country]
	if !ok {
		return
	}
	f.Agreements, f.Social = fr.agreements, fr.social
	f.Recognised = fr.recognitions(o.regulated)
	for _, h := range []struct {
		topic Topic
		text  Text
	}{{HealthCare, fr.care}, {Schooling, fr.schools}, {Housing, fr.housing}, {Consulate, fr.consulate}, {LegalAid, fr.law}} {
		f.Arrival = append(f.Arrival, Help{Topic: h.topic, Text: h.text})
	}
}

// checklist gives the papers of the outline under keys that stay the same.
func (o outline) checklist() []Paper {
	texts := o.documents()
	list := []Paper{
		{Key: "passport", Label: texts[0], Required: true, Expires: true, Provider: Worker},
		{Key: "contract_signed", Label: texts[1], Required: true, Provider: Agency},
		{Key: "medical", Label: texts[2], Required: true, Expires: true, Provider: Worker},
		{Key: "criminal_record", Label: texts[3], Required: true, Expires: true, Provider: Worker},
	}
	rest := texts[4:]
	if !o.free {
		list = append(list, Paper{Key: "visa", Label: rest[0], Required: true, Expires: true, Provider: Worker})
		rest = rest[1:]
	}
	for i, label := range rest[:len(rest)-1] {
		list = append(list, Paper{Key: paperKey(i), Label: label, Required: true, Provider: Agency})
	}
	return append(list, Paper{Key: "qualification", Label: rest[len(rest)-1], Provider: Worker})
}

const fairRecruitment = "OIT, Principes généraux et directives opérationnelles concernant le recrutement équitable, et définition des commissions de recrutement et frais connexes (2019)"

// fees states the default, which is that nobody charges the worker anything.
func fees(destination ref.Country) []Fee {
	list := []Fee{{Item: Recruitment, Payer: Employer, Source: fairRecruitment, Confirmed: true,
		Note: Text{"Ni commission ni caution : le principe de l’OIT vaut pour toutes les destinations.", "Neither fee nor deposit: the ILO principle holds for every destination."}}}
	for _, item := range []Item{Visa, Travel, Medical, Training, Insurance} {
		list = append(list, Fee{Item: item, Payer: Employer, Source: fairRecruitment,
			Note: Text{"Règle par défaut ; à confirmer par le ministère.", "Default rule; to be confirmed by the ministry."}})
	}
	if destination == "SA" {
		list[1].Source = "Décret royal M/51 du 23/8/1426 H, article 40"
		list[2].Source = list[1].Source
	}
	return list
}

// recognitions names who recognises the health occupations and the others
// that are regulated.
func (fr frame) recognitions(others []ref.Occupation) []Recognition {
	procedure := Text{
		"Demander la reconnaissance du diplôme avant le départ, avec le diplôme, le relevé des matières et leur traduction. Durée et pièces : à confirmer par le ministère.",
		"Apply for recognition of the diploma before departure, with the diploma, the transcript and their translation. Duration and papers: to be confirmed by the ministry.",
	}
	var list []Recognition
	for _, prefix := range healthWork() {
		list = append(list, Recognition{Prefix: prefix, Authority: fr.doctors, Procedure: procedure})
	}
	if fr.engineers == (Text{}) {
		return list
	}
	for _, prefix := range others {
		list = append(list, Recognition{Prefix: prefix, Authority: fr.engineers, Procedure: procedure})
	}
	return list
}

// uncoordinated is the coordination with a country without a known convention.
func uncoordinated(there Text) []Coordination {
	var list []Coordination
	for _, b := range Branches() {
		list = append(list, Coordination{Branch: b, Payer: payerOf(b), Note: Text{
			"Aucune convention bilatérale connue avec ce pays ; " + there.FR + " À confirmer par le ministère.",
			"No bilateral convention with this country is known; " + there.EN + " To be confirmed by the ministry."}})
	}
	return list
}

// underCIPRES is the coordination with a country of that convention, whose
// effect the ministry has to confirm.
func underCIPRES(there Text) []Coordination {
	list := uncoordinated(there)
	for i := range list {
		list[i].Agreement = agreement.CIPRES
		list[i].Note = Text{
			"Convention multilatérale de la CIPRES : application et étendue à confirmer par le ministère ; " + there.FR,
			"CIPRES multilateral convention: application and extent to be confirmed by the ministry; " + there.EN}
	}
	return list
}

// payerOf is who usually pays contributions; only accident insurance is the
// employer's alone almost everywhere.
func payerOf(b Branch) Party {
	if b == Accident || b == Family {
		return Employer
	}
	return BothSides
}

// french is the coordination under the convention with France.
func french() []Coordination {
	const source = "https://www.cleiss.fr/docs/textes/conv_mali.html"
	list := []Coordination{{Branch: OldAge, Payer: BothSides, Totalisation: Yes, Certificate: Yes, Agreement: agreement.FranceSocialSecurity, Source: source, Confirmed: true,
		Note: Text{"Les périodes cotisées en France et au Mali sont comptées ensemble.", "Periods insured in France and in Mali are counted together."}}}
	for _, b := range []Branch{Health, Accident, Family} {
		list = append(list, Coordination{Branch: b, Payer: payerOf(b), Certificate: Yes, Agreement: agreement.FranceSocialSecurity, Source: source,
			Note: Text{"Branche visée par la convention ; conditions à confirmer par le ministère.", "Branch covered by the convention; conditions to be confirmed by the ministry."}})
	}
	return append(list, Coordination{Branch: Unemployment, Payer: BothSides,
		Note: Text{"Effet de la convention sur le chômage : à confirmer par le ministère.", "Effect of the convention on unemployment: to be confirmed by the ministry."}})
}
