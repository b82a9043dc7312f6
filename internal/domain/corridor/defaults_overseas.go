package corridor

import "passerelle/internal/domain/ref"

// overseas lists the destinations in the Gulf and in North America.
func overseas() []outline {
	return []outline{saudiArabia(), qatar(), emirates(), canada(), unitedStates()}
}

func saudiArabia() outline {
	return outline{
		country: "SA", there: Text{"en Arabie saoudite", "in Saudi Arabia"},
		bases: []Basis{
			known("2005-09-27", "Code du travail saoudien (décret royal M/51) : l’article 40 met les frais de recrutement à la charge de l’employeur",
				"Saudi Labour Law (Royal Decree M/51): article 40 makes the employer bear the cost of recruitment",
				"Décret royal M/51 du 23/8/1426 H, article 40"),
		},
		wage: 30000, wageFrom: "Ordre de grandeur du salaire de référence des pays d’origine (pas de minimum légal pour les étrangers)", hours: 48,
		regulated: []ref.Occupation{"214", "2151", "2152", "2153"},
		papers: []Text{{"Contrat enregistré auprès du ministère saoudien des Ressources humaines",
			"Contract registered with the Saudi ministry of human resources"},
			{"Examen médical dans un centre agréé", "Medical examination in an approved centre"}},
		right: Text{"L’employeur paie le visa, le permis de séjour et de travail, et le billet de retour à la fin du contrat.",
			"The employer pays for the visa, the residence and work permits, and the ticket home at the end of the contract."},
	}
}

func qatar() outline {
	return outline{
		country: "QA", there: Text{"au Qatar", "in Qatar"},
		bases: []Basis{
			known("2021-03-20", "Loi qatarienne n° 17 de 2020 sur le salaire minimum (entrée en vigueur)",
				"Qatari Law no. 17 of 2020 on the minimum wage (entry into force)", "Loi n° 17 de 2020 de l’État du Qatar"),
			unsure("2020-08-30", "Décret-loi n° 18 de 2020 : changement d’employeur sans l’accord du précédent",
				"Decree-Law no. 18 of 2020: change of employer without the former one’s consent"),
		},
		wage: 25000, wageFrom: "Salaire minimum de 1 000 QAR, hors logement et nourriture", hours: 48,
		regulated: []ref.Occupation{"214", "2151", "2152", "2153"},
		papers:    []Text{{"Contrat signé et authentifié avant le départ", "Contract signed and authenticated before departure"}},
		right: Text{"Si l’employeur ne fournit ni logement ni repas, il verse au moins 500 QAR et 300 QAR par mois en plus du salaire.",
			"Where the employer provides neither housing nor meals, at least QAR 500 and QAR 300 a month are due on top of pay."},
	}
}

func emirates() outline {
	return outline{
		country: "AE", there: Text{"aux Émirats arabes unis", "in the United Arab Emirates"},
		bases: []Basis{
			known("2022-02-02", "Décret-loi fédéral n° 33 de 2021 sur les relations de travail (entrée en vigueur) : l’article 6 interdit de faire payer le recrutement au travailleur",
				"Federal Decree-Law no. 33 of 2021 on labour relations (entry into force): article 6 forbids charging recruitment to the worker",
				"Décret-loi fédéral n° 33 de 2021, article 6"),
		},
		wage: 25000, wageFrom: "Ordre de grandeur du salaire de référence des pays d’origine (pas de minimum légal)", hours: 48,
		regulated: []ref.Occupation{"214", "2151", "2152", "2153"},
		papers:    []Text{{"Offre officielle signée et permis d’entrée pour travail", "Signed official offer and entry permit for work"}},
		right: Text{"La loi interdit à l’employeur de vous faire payer, directement ou non, les frais de recrutement.",
			"The law forbids the employer to make you pay recruitment costs, directly or indirectly."},
	}
}

func canada() outline {
	return outline{
		country: "CA", there: Text{"au Canada", "in Canada"},
		bases: []Basis{
			known("2002-06-11", "Règlement sur l’immigration et la protection des réfugiés (DORS/2002-227)",
				"Immigration and Refugee Protection Regulations (SOR/2002-227)",
				"https://laws-lois.justice.gc.ca/fra/reglements/DORS-2002-227/"),
		},
		wage: 165000, wageFrom: "Plus bas salaires minimums provinciaux, 40 heures", hours: 48,
		regulated: []ref.Occupation{"2161", "2611", "214", "7411"},
		papers: []Text{{"Permis de travail ; selon le programme, étude d’impact sur le marché du travail obtenue par l’employeur",
			"Work permit; depending on the programme, labour market impact assessment obtained by the employer"},
			{"Données biométriques", "Biometrics"}},
		right: Text{"L’employeur ne peut pas récupérer sur vous les frais de recrutement ; il vous remet un contrat signé dès le premier jour.",
			"The employer may not recover recruitment fees from you and gives you a signed contract on the first day at the latest."},
	}
}

func unitedStates() outline {
	return outline{
		country: "US", there: Text{"aux États-Unis", "in the United States"},
		bases: []Basis{
			known("1952-06-27", "Loi sur l’immigration et la nationalité (Immigration and Nationality Act)",
				"Immigration and Nationality Act", "8 U.S.C. chapitre 12"),
		},
		wage: 110000, wageFrom: "Salaire minimum fédéral de 7,25 USD l’heure, 40 heures",
		regulated: []ref.Occupation{"2161", "2611", "7411"},
		papers:    []Text{{"Pétition approuvée de l’employeur et visa de travail", "Approved petition of the employer and work visa"}},
		right: Text{"Pour les visas saisonniers H-2, l’employeur ne peut pas vous faire payer le recrutement.",
			"Under the seasonal H-2 visas, the employer may not charge you for recruitment."},
	}
}
