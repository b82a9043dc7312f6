package corridor

import (
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/ref"
)

// frames gives the frames of the ten corridors described in full.
func frames() map[ref.Country]frame {
	return map[ref.Country]frame{
		"FR": franceFrame(), "ES": spainFrame(), "IT": italyFrame(), "MA": moroccoFrame(), "DZ": algeriaFrame(),
		"CI": ivoryCoastFrame(), "SN": senegalFrame(), "GA": gabonFrame(), "SA": saudiFrame(), "CA": canadaFrame(),
	}
}

func franceFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.FranceSocialSecurity, agreement.FranceMovement, agreement.FranceEstablishment, agreement.FranceMigration},
		social:     french(),
		care: Text{"L’employeur vous déclare à la sécurité sociale ; ouvrez vos droits auprès de la caisse primaire d’assurance maladie du lieu de résidence.",
			"The employer registers you with social security; open your rights at the local health-insurance fund (CPAM)."},
		schools: Text{"L’instruction est obligatoire ; l’inscription à l’école se fait à la mairie.", "Schooling is compulsory; children are enrolled at the town hall."},
		housing: Text{"Exigez un bail écrit et une quittance ; le logement fourni par l’employeur est décrit dans le contrat.",
			"Ask for a written lease and receipts; housing provided by the employer is described in the contract."},
		consulate: Text{"Ambassade du Mali à Paris et consulats généraux du Mali : immatriculez-vous à l’arrivée.", "Embassy of Mali in Paris and consulates general of Mali: register on arrival."},
		law:       Text{"Inspection du travail ; conseil de prud’hommes ; aide juridictionnelle selon les revenus.", "Labour inspectorate; labour court (conseil de prud’hommes); legal aid according to income."},
		doctors:   Text{"Ordre de la profession et Centre national de gestion (autorisation d’exercice)", "Professional order and National Management Centre (authorisation to practise)"},
		engineers: Text{"Ordre professionnel du métier", "Professional order of the occupation"},
	}
}

func spainFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.SpainFramework},
		social:     uncoordinated(Text{"l’employeur affilie le travailleur à la Seguridad Social.", "the employer registers the worker with the Seguridad Social."}),
		care: Text{"Avec le numéro d’affiliation à la sécurité sociale, demandez la carte sanitaire au centre de santé du lieu de résidence.",
			"With your social-security number, ask for the health card at the local health centre."},
		schools: Text{"L’inscription scolaire suit l’inscription à la mairie (padrón).", "School enrolment follows registration with the town hall (padrón)."},
		housing: Text{"Pour un travail saisonnier, le logement est à la charge de l’employeur selon l’offre ; inscrivez-vous au padrón.",
			"For seasonal work, the employer provides housing as the offer says; register in the padrón."},
		consulate: Text{"Ambassade du Mali à Madrid : immatriculez-vous à l’arrivée.", "Embassy of Mali in Madrid: register on arrival."},
		law:       Text{"Inspección de Trabajo y Seguridad Social ; aide juridique gratuite selon les revenus.", "Inspección de Trabajo y Seguridad Social; free legal aid according to income."},
		doctors:   Text{"Ministère espagnol chargé des universités (homologation du titre)", "Spanish ministry in charge of universities (homologation of the title)"},
		engineers: Text{"Ministère espagnol chargé des universités, puis ordre professionnel", "Spanish ministry in charge of universities, then the professional association"},
	}
}

func italyFrame() frame {
	return frame{
		social: uncoordinated(Text{"l’employeur affilie le travailleur à l’INPS et à l’INAIL.", "the employer registers the worker with INPS and INAIL."}),
		care: Text{"Inscrivez-vous au Service national de santé auprès de l’ASL du lieu de résidence.",
			"Register with the National Health Service at the local health unit (ASL)."},
		schools: Text{"Les enfants présents en Italie ont droit à l’école, quelle que soit leur situation de séjour.", "Children present in Italy have the right to school, whatever their residence status."},
		housing: Text{"L’employeur atteste un logement décent dans le contrat de séjour ; exigez un bail enregistré.",
			"The employer certifies decent housing in the residence contract; ask for a registered lease."},
		consulate: Text{"Ambassade du Mali à Rome : immatriculez-vous à l’arrivée.", "Embassy of Mali in Rome: register on arrival."},
		law:       Text{"Ispettorato nazionale del lavoro ; syndicats et patronati pour l’aide gratuite.", "Ispettorato nazionale del lavoro; unions and patronati for free help."},
		doctors:   Text{"Ministère italien de la Santé", "Italian Ministry of Health"},
		engineers: Text{"Ministère italien compétent pour la profession", "Italian ministry in charge of the profession"},
	}
}

func moroccoFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.MoroccoMemorandum, agreement.MigrantWorkers},
		social:     uncoordinated(Text{"l’employeur affilie le travailleur à la CNSS.", "the employer registers the worker with the CNSS."}),
		care: Text{"L’assurance maladie obligatoire est liée à l’affiliation à la CNSS ; demandez votre numéro à l’employeur.",
			"Compulsory health insurance follows registration with the CNSS; ask the employer for your number."},
		schools:   Text{"L’inscription se fait auprès de la direction provinciale de l’éducation.", "Enrolment is with the provincial directorate of education."},
		housing:   Text{"Exigez un contrat de bail légalisé ; il sert à la demande de carte de séjour.", "Ask for a certified lease; it serves the application for a residence card."},
		consulate: Text{"Ambassade du Mali à Rabat : immatriculez-vous à l’arrivée.", "Embassy of Mali in Rabat: register on arrival."},
		law:       Text{"Inspection du travail ; tribunal de première instance, section sociale.", "Labour inspectorate; court of first instance, social section."},
		doctors:   Text{"Ministère marocain de la Santé et ordre de la profession", "Moroccan Ministry of Health and professional order"},
	}
}

func algeriaFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.MigrantWorkers},
		social:     uncoordinated(Text{"l’employeur affilie le travailleur à la CNAS.", "the employer registers the worker with the CNAS."}),
		care: Text{"La carte d’assuré social est demandée à la CNAS après la déclaration par l’employeur.",
			"The insurance card is applied for at the CNAS once the employer has registered you."},
		schools:   Text{"L’inscription se fait auprès de la direction de l’éducation de la wilaya.", "Enrolment is with the directorate of education of the wilaya."},
		housing:   Text{"Exigez un contrat de bail écrit ; il sert à la demande de carte de résident.", "Ask for a written lease; it serves the application for a resident card."},
		consulate: Text{"Ambassade du Mali à Alger et consulat général du Mali à Tamanrasset : immatriculez-vous à l’arrivée.", "Embassy of Mali in Algiers and consulate general of Mali in Tamanrasset: register on arrival."},
		law:       Text{"Inspection du travail de la wilaya ; section sociale du tribunal.", "Labour inspectorate of the wilaya; social section of the court."},
		doctors:   Text{"Ministère algérien de la Santé et ordre de la profession", "Algerian Ministry of Health and professional order"},
	}
}

func ivoryCoastFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.WAEMUTreaty, agreement.CIPRES},
		social:     underCIPRES(Text{"l’employeur affilie le travailleur à la CNPS.", "the employer registers the worker with the CNPS."}),
		care: Text{"La couverture maladie universelle passe par la CNAM ; demandez à l’employeur votre enrôlement.",
			"Universal health cover goes through the CNAM; ask the employer to enrol you."},
		schools:   Text{"L’inscription se fait auprès de l’école, avec l’acte de naissance de l’enfant.", "Enrolment is at the school, with the child’s birth certificate."},
		housing:   Text{"Exigez un bail écrit et un reçu de la caution.", "Ask for a written lease and a receipt for the deposit."},
		consulate: Text{"Ambassade du Mali à Abidjan et consulat général du Mali à Bouaké : immatriculez-vous à l’arrivée.", "Embassy of Mali in Abidjan and consulate general of Mali in Bouaké: register on arrival."},
		law:       Text{"Inspection du travail ; tribunal du travail.", "Labour inspectorate; labour court."},
		doctors:   Text{"Ministère ivoirien de la Santé et ordre de la profession", "Ivorian Ministry of Health and professional order"},
	}
}

func senegalFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.WAEMUTreaty, agreement.MigrantWorkers, agreement.CIPRES},
		social:     underCIPRES(Text{"l’employeur affilie le travailleur à la CSS et à l’IPRES.", "the employer registers the worker with the CSS and IPRES."}),
		care: Text{"Les soins sont pris en charge par l’institution de prévoyance maladie de l’employeur.",
			"Care is covered by the employer’s sickness fund (IPM)."},
		schools:   Text{"L’inscription se fait auprès de l’école, avec l’acte de naissance de l’enfant.", "Enrolment is at the school, with the child’s birth certificate."},
		housing:   Text{"Exigez un bail écrit et un reçu de la caution.", "Ask for a written lease and a receipt for the deposit."},
		consulate: Text{"Ambassade du Mali à Dakar : immatriculez-vous à l’arrivée.", "Embassy of Mali in Dakar: register on arrival."},
		law:       Text{"Inspection du travail et de la sécurité sociale ; tribunal du travail.", "Inspectorate of labour and social security; labour court."},
		doctors:   Text{"Ministère sénégalais de la Santé et ordre de la profession", "Senegalese Ministry of Health and professional order"},
	}
}

func gabonFrame() frame {
	return frame{
		agreements: []agreement.ID{agreement.CIPRES},
		social:     underCIPRES(Text{"l’employeur affilie le travailleur à la CNSS.", "the employer registers the worker with the CNSS."}),
		care: Text{"L’assurance maladie relève de la CNAMGS ; demandez votre immatriculation à l’employeur.",
			"Health insurance is with the CNAMGS; ask the employer to register you."},
		schools:   Text{"L’inscription se fait auprès de l’école, avec la carte de séjour des parents.", "Enrolment is at the school, with the parents' residence card."},
		housing:   Text{"Exigez un bail écrit ; le logement fourni par l’employeur est décrit dans le contrat.", "Ask for a written lease; housing provided by the employer is described in the contract."},
		consulate: Text{"Ambassade du Mali à Libreville : immatriculez-vous à l’arrivée.", "Embassy of Mali in Libreville: register on arrival."},
		law:       Text{"Inspection du travail ; tribunal du travail.", "Labour inspectorate; labour court."},
		doctors:   Text{"Ministère gabonais de la Santé et ordre de la profession", "Gabonese Ministry of Health and professional order"},
	}
}

func saudiFrame() frame {
	return frame{
		social: uncoordinated(Text{"l’assurance accidents relève de la GOSI ; les étrangers n’y cotisent pas pour la retraite.", "accident insurance is with GOSI; foreigners do not contribute to its pensions."}),
		care: Text{"L’employeur fournit une assurance maladie ; demandez la carte d’assuré à l’arrivée.",
			"The employer provides health insurance; ask for the card on arrival."},
		schools: Text{"Les enfants de travailleurs étrangers fréquentent des écoles privées ou internationales ; vérifiez qui paie.",
			"Children of foreign workers attend private or international schools; check who pays."},
		housing:   Text{"Le contrat dit si le logement est fourni ou remplacé par une allocation.", "The contract says whether housing is provided or replaced by an allowance."},
		consulate: Text{"Ambassade du Mali à Riyad et consulat général du Mali à Djeddah : immatriculez-vous à l’arrivée.", "Embassy of Mali in Riyadh and consulate general of Mali in Jeddah: register on arrival."},
		law:       Text{"Ministère saoudien des Ressources humaines : règlement amiable, puis tribunaux du travail.", "Saudi ministry of human resources: amicable settlement, then the labour courts."},
		doctors:   Text{"Saudi Commission for Health Specialties", "Saudi Commission for Health Specialties"},
		engineers: Text{"Saudi Council of Engineers", "Saudi Council of Engineers"},
	}
}

func canadaFrame() frame {
	return frame{
		social: uncoordinated(Text{"l’employeur retient les cotisations au régime de pensions et à l’assurance-emploi.", "the employer withholds contributions to the pension plan and employment insurance."}),
		care: Text{"Demandez la carte d’assurance maladie de la province dès l’arrivée ; un délai de carence peut exister.",
			"Apply for the provincial health card on arrival; a waiting period may apply."},
		schools: Text{"L’inscription se fait auprès du conseil ou centre de services scolaire.", "Enrolment is with the school board or service centre."},
		housing: Text{"Exigez un bail écrit ; pour le travail agricole, le logement de l’employeur est inspecté.",
			"Ask for a written lease; for farm work, the employer’s housing is inspected."},
		consulate: Text{"Ambassade du Mali à Ottawa : immatriculez-vous à l’arrivée.", "Embassy of Mali in Ottawa: register on arrival."},
		law:       Text{"Organisme des normes du travail de la province ; aide juridique selon les revenus.", "Employment-standards office of the province; legal aid according to income."},
		doctors:   Text{"Ordre ou collège professionnel de la province", "Professional order or college of the province"},
		engineers: Text{"Ordre professionnel de la province", "Professional order of the province"},
	}
}
