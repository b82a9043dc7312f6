package agreement

import "passerelle/internal/domain/ref"

// Ids of the first set, by which corridors cite them.
const (
	FranceSocialSecurity ID = "agr_ml-fr-1979-securite-sociale"
	FranceMovement       ID = "agr_ml-fr-1994-circulation"
	FranceEstablishment  ID = "agr_ml-fr-1994-etablissement"
	FranceMigration      ID = "agr_ml-fr-1998-migrations"
	SpainFramework       ID = "agr_ml-es-2007-cadre"
	MoroccoMemorandum    ID = "agr_ml-ma-2019-memorandum"
	CameroonMovement     ID = "agr_ml-cm-2015-circulation"
	WAEMUTreaty          ID = "agr_uemoa-1994-traite"
	MigrantWorkers       ID = "agr_onu-1990-travailleurs-migrants"
	CIPRES               ID = "agr_cipres-2006-securite-sociale"
	MauritaniaMovement   ID = "agr_ml-mr-circulation"
)

// Seeded is one agreement of the first set.
type Seeded struct {
	ID ID
	Facts
}

// Defaults gives the first set of agreements. What was read at a stated source
// counts as confirmed; all the rest the ministry has still to confirm. Clauses
// are summaries of what the sources report, never the text.
func Defaults() []Seeded {
	return []Seeded{franceSocialSecurity(), franceMovement(), franceEstablishment(), franceMigration(), spain(), morocco(),
		cameroon(), waemu(), migrantWorkers(), cipres(), mauritania()}
}

const journalOfficiel = "http://admi.net/jo/19980916/MAEJ9830069D.html"

func with(c ref.Country) []ref.Country { return []ref.Country{ref.Mali, c} }

func franceSocialSecurity() Seeded {
	return Seeded{FranceSocialSecurity, Facts{
		Title: Text{"Convention générale de sécurité sociale entre la France et le Mali", "General social-security convention between France and Mali"},
		Kind:  SocialSecurity, Parties: with("FR"), SignedOn: "1979-06-12", InForceOn: "1983-06-01",
		Clauses: []Clause{
			{"", Text{"Égalité de traitement", "Equal treatment"}, Text{"Les travailleurs de chaque pays relèvent de la sécurité sociale de l’autre dans les mêmes conditions que ses nationaux.",
				"Workers of each country come under the other’s social security on the same terms as its nationals."}},
			{"", Text{"Totalisation", "Totalisation"}, Text{"Les périodes d’assurance accomplies dans les deux pays sont comptées ensemble pour ouvrir certains droits.",
				"Periods insured in both countries are counted together to open certain rights."}},
			{"", Text{"Détachement", "Posting"}, Text{"Un travailleur détaché peut rester affilié dans son pays d’origine ; un certificat l’atteste.",
				"A posted worker may stay insured in the home country; a certificate proves it."}},
		},
		Source: "https://www.cleiss.fr/docs/textes/conv_mali.html", Confirmed: true,
	}}
}

func franceMovement() Seeded {
	return Seeded{FranceMovement, Facts{
		Title: Text{"Convention franco-malienne sur la circulation et le séjour des personnes", "Convention between France and Mali on the movement and stay of persons"},
		Kind:  Movement, Parties: with("FR"), SignedOn: "1994-09-26", Source: journalOfficiel, Confirmed: true,
		Clauses: []Clause{{"", Text{"Publication", "Publication"}, Text{"Signée à Bamako ; publiée en France par le décret n° 96-1088 du 9 décembre 1996.",
			"Signed in Bamako; published in France by Decree no. 96-1088 of 9 December 1996."}}},
	}}
}

func franceEstablishment() Seeded {
	return Seeded{FranceEstablishment, Facts{
		Title: Text{"Convention d’établissement entre la France et le Mali", "Convention on establishment between France and Mali"},
		Kind:  Movement, Parties: with("FR"), SignedOn: "1994-09-26", Source: journalOfficiel, Confirmed: true,
		Clauses: []Clause{{"", Text{"Publication", "Publication"}, Text{"Signée à Bamako ; publiée en France par le décret n° 97-66 du 22 janvier 1997.",
			"Signed in Bamako; published in France by Decree no. 97-66 of 22 January 1997."}}},
	}}
}

func franceMigration() Seeded {
	return Seeded{FranceMigration, Facts{
		Title: Text{"Accord franco-malien dans le domaine des migrations", "Agreement between France and Mali on migration"},
		Kind:  Movement, Parties: with("FR"), SignedOn: "1998-05-29", Source: journalOfficiel, Confirmed: true,
		Clauses: []Clause{{"", Text{"Publication", "Publication"}, Text{"Signé à Bamako ; publié en France par le décret n° 98-824 du 9 septembre 1998.",
			"Signed in Bamako; published in France by Decree no. 98-824 of 9 September 1998."}}},
	}}
}

func spain() Seeded {
	return Seeded{SpainFramework, Facts{
		Title: Text{"Accord-cadre de coopération en matière d’immigration entre l’Espagne et le Mali", "Framework agreement on immigration cooperation between Spain and Mali"},
		Kind:  Readmission, Parties: with("ES"), SignedOn: "2007-01-23",
		Clauses: []Clause{
			{"", Text{"Structure", "Structure"}, Text{"Dix-sept articles en sept chapitres, selon la presse.", "Seventeen articles in seven chapters, as reported by the press."}},
			{"article 3", Text{"Emploi légal", "Legal employment"}, Text{"Encourage l’emploi légal des nationaux après analyse des besoins du marché du travail.",
				"Encourages the legal employment of nationals after analysis of labour-market needs."}},
		},
		Source:    "https://maliweb.net/societe/immigration-emigration/mali-espagne-un-accord-de-dupes-sur-limmigration-105411.html",
		Confirmed: true,
	}}
}

func morocco() Seeded {
	return Seeded{MoroccoMemorandum, Facts{
		Title: Text{"Mémorandum d’entente de coopération en matière de gestion des politiques migratoires entre le Mali et le Maroc",
			"Memorandum of understanding on cooperation in migration policy between Mali and Morocco"},
		Kind: Memorandum, Parties: with("MA"), SignedOn: "2019-02-25",
		Source:    "https://maliweb.net/societe/immigration-emigration/gestion-des-politiques-migratoires-un-memorandum-dentente-de-cooperation-paraphe-entre-le-mali-et-le-maroc-2805252.html",
		Confirmed: true,
	}}
}

func cameroon() Seeded {
	return Seeded{CameroonMovement, Facts{
		Title: Text{"Accord sur la circulation des personnes et des biens entre le Cameroun et le Mali", "Agreement on the movement of persons and goods between Cameroon and Mali"},
		Kind:  Movement, Parties: with("CM"), SignedOn: "2015-09-08",
		Clauses: []Clause{{"", Text{"Travail salarié", "Salaried work"}, Text{"Assimile les ressortissants aux nationaux pour le droit du travail et l’accès à l’emploi salarié ; visa d’entrée.",
			"Treats nationals of the other country as own nationals in labour law and access to salaried work; entry visa."}}},
		Source: "https://stg.lexplicite.fr/mali-accord-cameroun-mali-circulation-personnes-biens", Confirmed: true,
	}}
}

func waemu() Seeded {
	return Seeded{WAEMUTreaty, Facts{
		Title: Text{"Traité de l’Union économique et monétaire ouest-africaine (UEMOA)", "Treaty of the West African Economic and Monetary Union (WAEMU)"},
		Kind:  Multilateral, Parties: []ref.Country{ref.Mali, "BJ", "BF", "CI", "GW", "NE", "SN", "TG"}, SignedOn: "1994-01-10",
		Clauses: []Clause{{"articles 91 et 92", Text{"Libre circulation et établissement", "Free movement and establishment"},
			Text{"Libre circulation des personnes et droit d’établissement, sans discrimination de nationalité, sauf dans la fonction publique.",
				"Free movement of persons and right of establishment, without discrimination by nationality, except in the public service."}}},
		Source: "Traité de l’Union économique et monétaire ouest-africaine, articles 91 et 92", Confirmed: true,
	}}
}

func migrantWorkers() Seeded {
	return Seeded{MigrantWorkers, Facts{
		Title: Text{"Convention internationale sur la protection des droits de tous les travailleurs migrants et des membres de leur famille",
			"International Convention on the Protection of the Rights of All Migrant Workers and Members of Their Families"},
		Kind: Multilateral, Parties: []ref.Country{ref.Mali, "DZ", "MA", "MR", "NG", "SN"}, SignedOn: "1990-12-18", InForceOn: "2003-07-01",
		Clauses: []Clause{{"", Text{"Parties citées", "Parties named"}, Text{"Seules sont citées ici les parties vers lesquelles un couloir est décrit ; la liste complète est à la source.",
			"Only those parties are named here to which a corridor is described; the source has the complete list."}}},
		Source: "Collection des traités des Nations Unies, chapitre IV-13", Confirmed: true,
	}}
}

// cipres is known to exist; dates, parties and effect are the ministry's to
// confirm.
func cipres() Seeded {
	return Seeded{CIPRES, Facts{
		Title: Text{"Convention multilatérale de sécurité sociale de la CIPRES (à confirmer par le ministère)", "CIPRES multilateral convention on social security (to be confirmed by the ministry)"},
		Kind:  Multilateral, Parties: []ref.Country{ref.Mali, "CI", "GA", "SN"},
	}}
}

func mauritania() Seeded {
	return Seeded{MauritaniaMovement, Facts{
		Title: Text{"Convention d’établissement et de circulation des personnes entre le Mali et la Mauritanie", "Convention on establishment and movement of persons between Mali and Mauritania"},
		Kind:  Movement, Parties: with("MR"),
	}}
}
