package corridor

import "passerelle/internal/domain/ref"

// europe lists the European destinations.
func europe() []outline {
	return []outline{france(), spain(), italy(), germany(), belgium(), portugal(), unitedKingdom()}
}

const journalOfficiel = "http://admi.net/jo/19980916/MAEJ9830069D.html"

func france() outline {
	return outline{
		country: "FR", there: Text{"en France", "in France"},
		bases: []Basis{
			known("1983-06-01", "Convention générale franco-malienne de sécurité sociale du 12 juin 1979 (entrée en vigueur)",
				"General social-security convention between France and Mali of 12 June 1979 (entry into force)",
				"https://www.cleiss.fr/docs/textes/conv_mali.html"),
			known("1994-09-26", "Convention franco-malienne sur la circulation et le séjour des personnes",
				"Convention between France and Mali on the movement and stay of persons", journalOfficiel),
			known("1994-09-26", "Convention d’établissement entre la France et le Mali",
				"Convention on establishment between France and Mali", journalOfficiel),
			known("1998-05-29", "Accord franco-malien dans le domaine des migrations",
				"Agreement between France and Mali on migration", journalOfficiel),
			seasonalDirective(), blueCardDirective(),
		},
		wage: 182303, wageFrom: "SMIC mensuel brut, 35 heures", hours: 48,
		regulated: []ref.Occupation{"2161", "2611"},
		papers: []Text{{"Autorisation de travail obtenue par l’employeur et visa de long séjour",
			"Work authorisation obtained by the employer and long-stay visa"}},
		right: Text{"La convention de sécurité sociale permet de compter ensemble les périodes cotisées en France et au Mali.",
			"Under the social-security convention, periods insured in France and in Mali are counted together."},
	}
}

func spain() outline {
	return outline{
		country: "ES", there: Text{"en Espagne", "in Spain"},
		bases: []Basis{
			known("2007-01-23", "Accord-cadre de coopération en matière d’immigration entre l’Espagne et le Mali",
				"Framework agreement on immigration cooperation between Spain and Mali",
				"https://maliweb.net/societe/immigration-emigration/mali-espagne-un-accord-de-dupes-sur-limmigration-105411.html"),
			known("", "Contingent de 800 visas de travailleurs saisonniers annoncé pour le Mali (décembre 2007)",
				"Quota of 800 visas for seasonal workers announced for Mali (December 2007)",
				"https://maliweb.net/societe/immigration-emigration/lespagne-accorde-au-mali-800-visas-de-travailleurs-saisonniers-7080.html"),
			seasonalDirective(), blueCardDirective(),
		},
		wage: 138133, wageFrom: "SMI 2025 : 1 184 € en 14 paiements", hours: 40,
		regulated: []ref.Occupation{"2161", "2611"},
		papers: []Text{{"Autorisation de séjour et de travail demandée par l’employeur ; pour un travail saisonnier, engagement de retour",
			"Residence and work permit applied for by the employer; for seasonal work, an undertaking to return"}},
		right: Text{"Pour un travail saisonnier, l’employeur fournit un logement décent et organise le voyage aller et retour.",
			"For seasonal work, the employer provides decent housing and arranges the journey there and back."},
	}
}

func italy() outline {
	return outline{
		country: "IT", there: Text{"en Italie", "in Italy"},
		bases: []Basis{
			known("2023-09-27", "Décret du président du Conseil des ministres sur les flux d’entrée 2023-2025, qui cite le Mali parmi les pays de coopération",
				"Decree of the President of the Council of Ministers on entry flows 2023–2025, which names Mali among the cooperating countries",
				"Gazzetta Ufficiale, Serie Generale n. 231 du 3 octobre 2023"),
			seasonalDirective(), blueCardDirective(),
		},
		wage: 120000, wageFrom: "Plus bas minima des conventions collectives nationales (pas de salaire minimum légal)", hours: 48,
		regulated: []ref.Occupation{"2161", "2611"},
		papers: []Text{{"Autorisation de travail (nulla osta) obtenue par l’employeur dans le cadre des quotas",
			"Work clearance (nulla osta) obtained by the employer within the quotas"}},
		right: Text{"La convention collective nationale de votre métier fixe le salaire minimum : demandez laquelle s’applique.",
			"The national collective agreement of your trade sets the minimum wage: ask which one applies."},
	}
}

func germany() outline {
	return outline{
		country: "DE", there: Text{"en Allemagne", "in Germany"},
		bases: []Basis{
			known("2023-08-16", "Loi sur le développement de l’immigration de personnes qualifiées (Gesetz zur Weiterentwicklung der Fachkräfteeinwanderung)",
				"Act on the further development of skilled immigration (Gesetz zur Weiterentwicklung der Fachkräfteeinwanderung)",
				"Bundesgesetzblatt 2023 I n° 217"),
			seasonalDirective(), blueCardDirective(),
		},
		wage: 240933, wageFrom: "Salaire minimum légal de 13,90 € l’heure, 40 heures", hours: 48,
		regulated: []ref.Occupation{"2161", "2611", "2341", "2342"},
		papers: []Text{{"Reconnaissance ou évaluation du diplôme en Allemagne", "Recognition or evaluation of the qualification in Germany"},
			{"Attestation du niveau d’allemand demandé par l’offre", "Certificate of the level of German that the offer asks for"}},
		right: Text{"Le salaire minimum légal s’applique à chaque heure travaillée, quelle que soit votre nationalité.",
			"The statutory minimum wage holds for every hour worked, whatever your nationality."},
	}
}

func belgium() outline {
	return outline{
		country: "BE", there: Text{"en Belgique", "in Belgium"},
		bases: []Basis{seasonalDirective(), blueCardDirective()},
		wage:  211189, wageFrom: "Revenu minimum mensuel moyen garanti (RMMMG)", hours: 48,
		regulated: []ref.Occupation{"2161", "2611"},
		papers: []Text{{"Permis unique (séjour et travail) demandé par l’employeur auprès de la région",
			"Single permit (residence and work) applied for by the employer with the region"}},
		right: Text{"Le salaire minimum de votre secteur est fixé par sa commission paritaire.",
			"The minimum wage of your sector is set by its joint committee."},
	}
}

func portugal() outline {
	return outline{
		country: "PT", there: Text{"au Portugal", "in Portugal"},
		bases: []Basis{
			known("2007-07-04", "Loi n° 23/2007 sur l’entrée, le séjour, la sortie et l’éloignement des étrangers",
				"Act no. 23/2007 on the entry, stay, exit and removal of foreigners", "Diário da República, Lei n.º 23/2007, de 4 de julho"),
			seasonalDirective(), blueCardDirective(),
		},
		wage: 107333, wageFrom: "Salaire minimum (RMMG) de 920 € en 14 paiements", hours: 48,
		regulated: []ref.Occupation{"2161", "2611"},
		papers:    []Text{{"Visa de résidence pour travail", "Residence visa for work"}},
		right: Text{"Le salaire est versé en quatorze paiements : les primes de vacances et de Noël vous sont dues.",
			"Pay comes in fourteen payments: the holiday and Christmas allowances are due to you."},
	}
}

func unitedKingdom() outline {
	return outline{
		country: "GB", there: Text{"au Royaume-Uni", "in the United Kingdom"},
		bases: []Basis{
			known("1971-10-28", "Loi sur l’immigration de 1971 et règles d’immigration prises pour son application",
				"Immigration Act 1971 and the Immigration Rules made under it", "https://www.legislation.gov.uk/ukpga/1971/77"),
		},
		wage: 210000, wageFrom: "Salaire minimum national, 37,5 heures", hours: 48,
		earlier:   []Floor{{EURCents: 155000, From: "2020-04-01", Source: "Salaire minimum national de 2020, 8,72 GBP de l’heure, 37,5 heures ; valeur de référence"}},
		regulated: []ref.Occupation{"2611", "2161"},
		papers: []Text{{"Certificat de parrainage (Certificate of Sponsorship) délivré par un employeur agréé",
			"Certificate of Sponsorship issued by a licensed employer"},
			{"Certificat de dépistage de la tuberculose", "Tuberculosis test certificate"}},
		right: Text{"L’employeur ne peut pas vous faire payer le certificat de parrainage.",
			"The employer may not charge you for the Certificate of Sponsorship."},
	}
}
