package privacy

import (
	"time"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// Text is a sentence in the languages of the screens.
type Text struct{ French, English string }

// In gives the sentence in a language; French when it is another.
func (t Text) In(l ref.Locale) string {
	if l == ref.English {
		return t.English
	}
	return t.French
}

// Action says what becomes of data when its time is over.
type Action string

// The actions. A class that is kept has no end.
const (
	Erase        Action = "erase"        // nothing but an id is left
	Pseudonymise Action = "pseudonymise" // the file stays, without a name
	Delete       Action = "delete"
	Keep         Action = "keep"
)

// The codes of the classes that the retention job follows.
const (
	ClassAccounts     = "accounts"
	ClassCollected    = "collected_profiles"
	ClassApplications = "ended_applications"
	ClassPlacements   = "placement_files"
	ClassIncidents    = "incidents"
	ClassImportRows   = "import_rows"
)

// Processing is a line of the register of processing: a class of personal
// data, why and on which basis it is kept, for whom, and how long.
type Processing struct {
	Code       string
	Purpose    Text
	Subjects   Text // whose data
	Data       Text
	Recipients Text
	Basis      Text   // legal basis
	Consent    string // purpose that is agreed to, where consent is the basis
	Months     int    // calendar months; 0 = as Period says
	Period     Text   // from when it is counted
	Action     Action
	Job        string // background job that applies it; empty = none is needed
}

// before gives the moment before which data of the class has had its time.
func (p Processing) before(now time.Time) time.Time { return now.AddDate(0, -p.Months, 0) }

// class finds a line of the register by its code.
func class(code string) Processing {
	for _, p := range Register() {
		if p.Code == code {
			return p
		}
	}
	return Processing{}
}

// Register is the register of processing. The periods are those of the project
// until the ministry and the data protection authority confirm them.
func Register() []Processing {
	return append(people(), traces()...)
}

// The legal bases that several lines share.
func act() Text {
	return Text{
		"Mission de service public ; loi n° 2013-015 du 21 mai 2013 portant protection des données à caractère personnel",
		"Public task; Act 2013-015 of 21 May 2013 on the protection of personal data",
	}
}

func people() []Processing {
	return []Processing{
		{
			Code:       ClassAccounts,
			Purpose:    Text{"Tenir le compte et le profil d’une personne qui cherche un emploi", "Keep the account and profile of a person who looks for work"},
			Subjects:   Text{"Candidats et membres de la diaspora inscrits", "Registered candidates and members of the diaspora"},
			Data:       Text{"Adresse électronique, téléphone, identité, résidence, formation, expérience, langues, souhaits, consentements", "E-mail address, telephone, identity, residence, education, experience, languages, wishes, consents"},
			Recipients: Text{"La personne ; les agents habilités après divulgation motivée ; les agences agréées, sans identité avant candidature", "The person; officials after a disclosure with a reason; licensed agencies, without identity before an application"},
			Basis:      Text{"Consentement de la personne ; loi n° 2013-015 du 21 mai 2013", "The person’s consent; Act 2013-015 of 21 May 2013"},
			Consent:    profile.PurposeMatching, Months: 24,
			Period: Text{"24 mois après la dernière connexion", "24 months after the last sign-in"}, Action: Erase, Job: "retention",
		},
		{
			Code:       ClassCollected,
			Purpose:    Text{"Recenser les compétences des migrants et de la diaspora", "Register the skills of migrants and of the diaspora"},
			Subjects:   Text{"Personnes sans compte, recensées par un agent", "People without account, registered by an official"},
			Data:       Text{"Identité, résidence, formation, expérience, langues, souhaits, consentements", "Identity, residence, education, experience, languages, wishes, consents"},
			Recipients: Text{"Les agents habilités après divulgation motivée ; les agences agréées, sans identité", "Officials after a disclosure with a reason; licensed agencies, without identity"},
			Basis:      Text{"Consentement recueilli par l’agent ; loi n° 2013-015 du 21 mai 2013", "Consent given to the official; Act 2013-015 of 21 May 2013"},
			Consent:    profile.PurposeMatching, Months: 24,
			Period: Text{"24 mois après la dernière mise à jour ou consultation", "24 months after the last change or reading"}, Action: Erase, Job: "retention",
		},
		{
			Code:       ClassApplications,
			Purpose:    Text{"Instruire les candidatures et répondre aux réclamations", "Handle applications and answer complaints"},
			Subjects:   Text{"Candidats non retenus, désistés ou dont l’offre est close", "Candidates refused, withdrawn, or whose offer has ended"},
			Data:       Text{"Lien avec le candidat, message, étapes et motif", "Link to the candidate, message, steps and reason"},
			Recipients: Text{"L’agence qui publie l’offre ; les agents du ministère ; la personne", "The agency that posts the offer; officials of the ministry; the person"},
			Basis:      act(), Months: 12,
			Period: Text{"12 mois après la fin de la candidature", "12 months after the application ended"}, Action: Pseudonymise, Job: "retention",
		},
		{
			Code:     ClassPlacements,
			Purpose:  Text{"Suivre les personnes retenues et rendre compte des placements", "Follow selected people and account for placements"},
			Subjects: Text{"Candidats retenus", "Selected candidates"},
			Data: Text{
				"Offre, contrats, étapes, décisions, frais, papiers remis (chiffrés), suivi du séjour et du retour, lien avec le candidat",
				"Offer, contracts, steps, decisions, costs, papers handed in (encrypted), follow-up abroad and after the return, link to the candidate",
			},
			Recipients: Text{"L’agence qui publie l’offre ; les agents du ministère ; la personne", "The agency that posts the offer; officials of the ministry; the person"},
			Basis: Text{
				"Obligation légale de contrôle du placement ; loi n° 92-020 du 23 septembre 1992 portant code du travail. Conservé sans nom ni papiers après un effacement (à confirmer)",
				"Legal duty to supervise placement; Act 92-020 of 23 September 1992, Labour Code. Kept without name or papers after an erasure (to be confirmed)",
			}, Months: 120,
			Period: Text{"10 ans après la dernière étape du dossier", "10 years after the last step of the file"}, Action: Pseudonymise, Job: "retention",
		},
		{
			Code:     ClassIncidents,
			Purpose:  Text{"Secourir les personnes en danger et traiter les signalements", "Help people in danger and handle reports"},
			Subjects: Text{"Auteurs d’un signalement et personnes dont il parle", "People who report an incident, and those it is about"},
			Data: Text{
				"Ce qui a été dit (chiffré), étapes, orientations, lien avec le compte ; rien qui désigne l’auteur d’un signalement anonyme",
				"What was said (encrypted), steps, referrals, link to the account; nothing that leads to an anonymous reporter",
			},
			Recipients: Text{
				"Les agents du ministère et des missions, sans le nom de l’auteur ; l’agence, sauf danger ou demande de discrétion ; la personne",
				"Officials of the ministry and missions, without the reporter’s name; the agency, except in danger or where discretion was asked; the person",
			},
			Basis: Text{
				"Sauvegarde de la vie et mission de service public ; loi n° 2013-015 du 21 mai 2013. Un effacement retire le lien avec le compte (à confirmer)",
				"Protection of life and public task; Act 2013-015 of 21 May 2013. An erasure takes the link to the account away (to be confirmed)",
			}, Months: 60,
			Period: Text{"5 ans après la clôture du signalement (à confirmer)", "5 years after the report was closed (to be confirmed)"}, Action: Pseudonymise, Job: "retention",
		},
		{
			Code:       ClassImportRows,
			Purpose:    Text{"Corriger les lignes refusées d’un fichier importé", "Correct the rejected rows of an imported file"},
			Subjects:   Text{"Personnes citées dans les fichiers importés", "People named in imported files"},
			Data:       Text{"La ligne telle qu’elle a été reçue, chiffrée", "The row as it was received, encrypted"},
			Recipients: Text{"L’auteur de l’importation ; les agents du ministère", "Whoever imported the file; officials of the ministry"},
			Basis:      act(), Months: 3,
			Period: Text{"3 mois après la dernière activité de l’importation", "3 months after the import was last worked on"}, Action: Delete, Job: "retention",
		},
	}
}

func traces() []Processing {
	officials := Text{"La personne ; les administrateurs, sans contenu", "The person; administrators, without content"}
	users := Text{"Toute personne qui a un compte", "Everybody with an account"}
	return []Processing{
		{
			Code: "sessions", Purpose: Text{"Protéger les comptes", "Protect accounts"}, Subjects: users,
			Data:       Text{"Dates de connexion et nom de l’appareil", "Dates of sign-ins and name of the device"},
			Recipients: officials, Basis: act(),
			Period: Text{"30 jours au plus, puis 14 jours", "At most 30 days, then 14 days"}, Action: Delete, Job: "sweep-sessions",
		},
		{
			Code: "messages", Purpose: Text{"Informer les personnes de ce qui les concerne", "Tell people what concerns them"}, Subjects: users,
			Data:       Text{"Nature et date du message ; ni adresse ni code une fois envoyé", "Kind and date of the message; neither address nor code once sent"},
			Recipients: officials, Basis: act(), Months: 3,
			Period: Text{"90 jours après l’envoi", "90 days after sending"}, Action: Delete, Job: "sweep-messages",
		},
		{
			Code: "replays", Purpose: Text{"Ne pas exécuter deux fois une même demande", "Not to carry out the same request twice"}, Subjects: users,
			Data:       Text{"Réponse donnée, chiffrée", "The answer given, encrypted"},
			Recipients: Text{"La personne", "The person"}, Basis: act(),
			Period: Text{"24 heures", "24 hours"}, Action: Delete, Job: "purge-replays",
		},
		{
			Code: "audit", Purpose: Text{"Prouver qui a fait quoi, et quand", "Prove who did what, and when"},
			Subjects:   Text{"Toute personne qui agit dans le système ou dont le dossier est consulté", "Everybody who acts in the system or whose file is read"},
			Data:       Text{"Identifiants, actions, motifs, réseau d’origine ; jamais le contenu d’un champ", "Ids, actions, reasons, network of origin; never the content of a field"},
			Recipients: Text{"Les agents et administrateurs habilités ; l’autorité de protection des données", "Entitled officials and administrators; the data protection authority"},
			Basis:      act(), Period: Text{"Sans limite ; sans lien avec la personne après un effacement", "Without limit; without link to the person after an erasure"}, Action: Keep,
		},
		{
			Code: "erasures", Purpose: Text{"Effacer de nouveau après la reprise d’une sauvegarde", "Erase again after a backup was restored"},
			Subjects:   Text{"Personnes effacées", "Erased people"},
			Data:       Text{"Identifiants internes et dates", "Internal ids and dates"},
			Recipients: Text{"Les administrateurs", "Administrators"},
			Basis:      act(), Period: Text{"Sans limite", "Without limit"}, Action: Keep,
		},
		{
			Code: "statistics", Purpose: Text{"Publier des statistiques sur la migration professionnelle", "Publish statistics on labour migration"},
			Subjects:   Text{"Personnes qui y ont consenti", "People who have agreed to it"},
			Data:       Text{"Nombres d’au moins 5 personnes (10 pour le sexe), figés par trimestre", "Counts of at least 5 people (10 by sex), frozen by quarter"},
			Recipients: Text{"Le ministère et les observateurs", "The ministry and observers"},
			Basis:      Text{"Consentement de la personne ; loi n° 2013-015 du 21 mai 2013", "The person’s consent; Act 2013-015 of 21 May 2013"},
			Consent:    profile.PurposeStatistics, Period: Text{"Sans limite ; rien n’y désigne une personne", "Without limit; nothing in it names a person"}, Action: Keep,
		},
	}
}
