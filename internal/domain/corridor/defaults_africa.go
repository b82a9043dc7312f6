package corridor

import "passerelle/internal/domain/ref"

// africa lists the African destinations.
func africa() []outline {
	return []outline{morocco(), algeria(), tunisia(), mauritania(), ivoryCoast(), senegal(), nigeria(), gabon(), cameroon()}
}

func morocco() outline {
	return outline{
		country: "MA", there: Text{"au Maroc", "in Morocco"},
		bases: []Basis{
			known("2019-02-25", "Mémorandum d’entente de coopération en matière de gestion des politiques migratoires entre le Mali et le Maroc",
				"Memorandum of understanding on cooperation in migration policy between Mali and Morocco",
				"https://maliweb.net/societe/immigration-emigration/gestion-des-politiques-migratoires-un-memorandum-dentente-de-cooperation-paraphe-entre-le-mali-et-le-maroc-2805252.html"),
			migrantWorkers(),
		},
		wage: 30000, wageFrom: "SMIG marocain, 191 heures", farmWage: 22500, hours: 44,
		papers: []Text{{"Contrat de travail d’étranger visé par l’administration marocaine chargée de l’emploi",
			"Contract of a foreign worker stamped by the Moroccan labour administration"}},
		right: Text{"Le contrat de travail doit être visé par l’administration marocaine avant l’embauche.",
			"The contract must be stamped by the Moroccan administration before you are hired."},
	}
}

func algeria() outline {
	return outline{
		country: "DZ", there: Text{"en Algérie", "in Algeria"},
		bases: []Basis{
			known("1981-07-11", "Loi algérienne n° 81-10 relative aux conditions d’emploi des travailleurs étrangers",
				"Algerian Act no. 81-10 on the conditions of employment of foreign workers",
				"Journal officiel de la République algérienne, loi n° 81-10 du 11 juillet 1981"),
			migrantWorkers(),
		},
		wage: 13000, wageFrom: "Salaire national minimum garanti algérien", hours: 40,
		papers: []Text{{"Permis de travail ou autorisation de travail temporaire", "Work permit or temporary work authorisation"}},
		right: Text{"Un travailleur étranger en règle a les mêmes droits au salaire et à la sécurité sociale qu’un travailleur algérien.",
			"A foreign worker in a regular situation has the same rights to pay and social security as an Algerian worker."},
	}
}

func tunisia() outline {
	return outline{
		country: "TN", there: Text{"en Tunisie", "in Tunisia"},
		bases: []Basis{
			known("1968-03-08", "Loi tunisienne n° 68-7 relative à la condition des étrangers en Tunisie",
				"Tunisian Act no. 68-7 on the condition of foreigners in Tunisia", "Journal officiel de la République tunisienne, loi n° 68-7 du 8 mars 1968"),
		},
		wage: 15000, wageFrom: "SMIG tunisien, régime de 48 heures", hours: 48,
		papers: []Text{{"Contrat de travail visé par le ministère tunisien chargé de l’emploi",
			"Contract stamped by the Tunisian ministry in charge of employment"}},
		right: Text{"Le contrat est établi pour un an au plus et peut être renouvelé : vérifiez la date de fin.",
			"The contract is for one year at most and may be renewed: check its end date."},
	}
}

func mauritania() outline {
	return outline{
		country: "MR", there: Text{"en Mauritanie", "in Mauritania"},
		bases: []Basis{migrantWorkers(),
			unsure("", "Convention d’établissement et de circulation des personnes entre le Mali et la Mauritanie",
				"Convention on establishment and movement of persons between Mali and Mauritania")},
		wage: 10000, wageFrom: "SMIG mauritanien", hours: 48,
		papers: []Text{{"Permis de travail et carte de résident", "Work permit and resident card"}},
		right: Text{"Sans titre de séjour, vous gardez le droit d’être payé pour le travail fait.",
			"Even without a residence permit, you keep the right to be paid for work done."},
	}
}

func ivoryCoast() outline {
	return outline{
		country: "CI", there: Text{"en Côte d’Ivoire", "in Côte d’Ivoire"}, free: true,
		bases: []Basis{unionTreaty()},
		wage:  11433, wageFrom: "SMIG ivoirien de 75 000 F CFA", hours: 48,
		right: Text{"Le traité de l’UEMOA vous donne le droit de travailler sans discrimination de nationalité, sauf dans la fonction publique.",
			"The WAEMU Treaty gives you the right to work without discrimination by nationality, except in the public service."},
	}
}

func senegal() outline {
	return outline{
		country: "SN", there: Text{"au Sénégal", "in Senegal"}, free: true,
		bases: []Basis{unionTreaty(), migrantWorkers()},
		wage:  9790, wageFrom: "SMIG sénégalais, 173,33 heures", hours: 48,
		right: Text{"Le traité de l’UEMOA vous donne le droit de travailler sans discrimination de nationalité, sauf dans la fonction publique.",
			"The WAEMU Treaty gives you the right to work without discrimination by nationality, except in the public service."},
	}
}

func nigeria() outline {
	return outline{
		country: "NG", there: Text{"au Nigéria", "in Nigeria"},
		bases: []Basis{migrantWorkers(),
			unsure("1979-05-29", "Protocole de la CEDEAO sur la libre circulation des personnes : application à confirmer depuis le retrait du Mali le 29 janvier 2025",
				"ECOWAS protocol on the free movement of persons: application to be confirmed since Mali’s withdrawal on 29 January 2025")},
		wage: 4000, wageFrom: "Salaire minimum national de 70 000 nairas", hours: 48,
		papers: []Text{{"Permis de séjour et de travail obtenu par l’employeur", "Residence and work permit obtained by the employer"}},
		right: Text{"L’employeur demande et paie votre autorisation de travail.",
			"The employer applies and pays for your work permit."},
	}
}

func gabon() outline {
	return outline{
		country: "GA", there: Text{"au Gabon", "in Gabon"},
		bases: []Basis{unsure("2021-11-19", "Code du travail gabonais (loi n° 022/2021) : emploi des travailleurs étrangers",
			"Labour Code of Gabon (Act no. 022/2021): employment of foreign workers")},
		wage: 12195, wageFrom: "SMIG gabonais de 80 000 F CFA", hours: 48,
		papers: []Text{{"Autorisation d’emploi et carte de séjour", "Employment authorisation and residence card"}},
		right: Text{"L’employeur demande et paie l’autorisation d’emploi.",
			"The employer applies and pays for the employment authorisation."},
	}
}

func cameroon() outline {
	const source = "https://stg.lexplicite.fr/mali-accord-cameroun-mali-circulation-personnes-biens"
	return outline{
		country: "CM", there: Text{"au Cameroun", "in Cameroon"},
		bases: []Basis{
			known("2015-09-08", "Accord sur la circulation des personnes et des biens entre le Cameroun et le Mali",
				"Agreement on the movement of persons and goods between Cameroon and Mali", source),
			known("1964-05-06", "Convention d’établissement et de circulation des personnes entre le Cameroun et le Mali, remplacée par l’accord de 2015",
				"Convention on establishment and movement of persons between Cameroon and Mali, replaced by the agreement of 2015", source),
		},
		wage: 6383, wageFrom: "SMIG camerounais de 41 875 F CFA", hours: 48,
		regulated: []ref.Occupation{"2611"},
		papers:    []Text{{"Visa d’entrée", "Entry visa"}},
		right: Text{"L’accord de 2015 vous assimile aux nationaux pour le droit du travail et l’accès à l’emploi salarié.",
			"The agreement of 2015 treats you as a national in labour law and access to salaried work."},
	}
}
