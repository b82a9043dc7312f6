package offer_test

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/offer"
)

// textCase is one statement, and the code it must get; "" = none about people
// or money.
type textCase struct{ text, code string }

func codesOf(findings []offer.Finding) []string {
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	return codes
}

// textCodes gives the codes of findings made by words alone.
func textCodes(description string) []string {
	facts := soundFacts()
	facts.Terms.Description = description
	return codesOf(offer.Lint(facts))
}

func checkText(t *testing.T, cases []textCase) {
	t.Helper()
	for _, c := range cases {
		codes := textCodes(c.text)
		if c.code == "" && len(codes) > 0 {
			t.Errorf("%q: want no finding, got %v", c.text, codes)
		}
		if c.code != "" && !slices.Contains(codes, c.code) {
			t.Errorf("%q: want %s, got %v", c.text, c.code, codes)
		}
	}
}

func TestFeeInText(t *testing.T) {
	checkText(t, []textCase{
		{"Frais de dossier à la charge du candidat.", "lint.fee.text"},
		{"Les frais de recrutement sont payés par le travailleur.", "lint.fee.text"},
		{"Une caution de 150 000 FCFA sera demandée.", "lint.fee.text"},
		{"Caution : 50 000 F CFA", "lint.fee.text"},
		{"Frais de dossier 25 000 FCFA non remboursables", "lint.fee.text"},
		{"50 000 FCFA de frais d’inscription", "lint.fee.text"},
		{"Merci de verser les frais de dossier avant l'entretien.", "lint.fee.text"},
		{"Le candidat devra payer une caution avant le départ", "lint.fee.text"},
		{"Dépôt de garantie exigé à la signature", "lint.fee.text"},
		{"Aucun frais de visa, mais une caution de 100 000 FCFA.", "lint.fee.text"},
		{"Aucun frais caché. Caution de 50 000 FCFA à verser.", "lint.fee.text"},
		{"Pas d'expérience exigée, frais d'inscription : 10 000 FCFA", "lint.fee.text"},
		{"Deposit required before departure.", "lint.fee.text"},
		{"A refundable security deposit of €300 is required", "lint.fee.text"},
		{"Application fee of $20 to be paid online", "lint.fee.text"},
		{"You must pay a processing fee of 200 EUR", "lint.fee.text"},
		{"The recruitment fee is paid by the candidate", "lint.fee.text"},
		{"No experience needed, deposit required 500 EUR", "lint.fee.text"},
		{"No fees except a deposit of €200", "lint.fee.text"},
		{"Please send the registration fee to our agent", "lint.fee.text"},
		{"Non-refundable placement fee: 400 euros", "lint.fee.text"},
		{"The placement fee will be deducted from your salary", "lint.fee.deducted"},
		{"Commission prélevée sur le salaire", "lint.fee.deducted"},
		{"Visa à la charge du candidat", "lint.cost.worker_text"},
		{"Flight ticket paid by the worker", "lint.cost.worker_text"},

		{"Aucun frais de dossier.", ""},
		{"Aucuns frais ne sont à la charge du candidat", ""},
		{"L'agence ne demande jamais de caution de garantie.", ""},
		{"Sans frais de recrutement, de dossier ou de caution", ""},
		{"Les candidats ne doivent verser aucune caution", ""},
		{"Pas de frais d'inscription ni de caution de 10 000 FCFA", ""},
		{"Frais de dossier : aucun", ""},
		{"Frais de recrutement à la charge de l'employeur", ""},
		{"Les frais de dossier sont pris en charge par l'employeur", ""},
		{"Free of charge for workers", ""},
		{"No deposit required.", ""},
		{"No recruitment fee, deposit or charge is required", ""},
		{"We never ask for a deposit", ""},
		{"You must never pay a recruitment fee", ""},
		{"A deposit is not required", ""},
		{"The security deposit of 500 EUR will be paid by the employer", ""},
		{"Experience with bank deposits required", ""},
		{"Rémunération garantie de 1500 € par mois", ""},
		{"Frais de déplacement : 200 € remboursés", ""},
		{"Vous travaillez avec précaution et soin.", ""},
		{"Competitive pay and no fees for candidates", ""},
		{"Vos missions : encaisser les paiements des clients", ""},
	})
}

func TestDiscriminationInText(t *testing.T) {
	checkText(t, []textCase{
		{"Hommes uniquement", "lint.discrimination.sex"},
		{"Poste réservé aux hommes", "lint.discrimination.sex"},
		{"Nous recherchons uniquement des femmes.", "lint.discrimination.sex"},
		{"Sexe : masculin", "lint.discrimination.sex"},
		{"Female only", "lint.discrimination.sex"},
		{"Males candidates only", "lint.discrimination.sex"},
		{"Looking for a male driver", "lint.discrimination.sex"},
		{"Women only need apply", "lint.discrimination.sex"},
		{"Candidat de moins de 30 ans", "lint.discrimination.age"},
		{"Âge maximum : 35 ans", "lint.discrimination.age"},
		{"Âgé(e) de 20 à 35 ans", "lint.discrimination.age"},
		{"35 ans maximum", "lint.discrimination.age"},
		{"Applicants must be under 30 years old", "lint.discrimination.age"},
		{"Age limit: 40", "lint.discrimination.age"},
		{"Aged 21 to 35", "lint.discrimination.age"},
		{"Femmes enceintes non acceptées", "lint.discrimination.pregnancy"},
		{"Test de grossesse obligatoire", "lint.discrimination.pregnancy"},
		{"Must not be pregnant", "lint.discrimination.pregnancy"},
		{"No pregnant women", "lint.discrimination.pregnancy"},
		{"Musulmans uniquement", "lint.discrimination.origin"},
		{"Christians only", "lint.discrimination.origin"},
		{"Religion : catholique", "lint.discrimination.origin"},
		{"Pas d'Africains", "lint.discrimination.origin"},
		{"No foreigners", "lint.discrimination.origin"},
		{"Candidats de confession chrétienne", "lint.discrimination.origin"},
		{"Célibataire sans enfant", "lint.discrimination.family"},
		{"Must be single", "lint.discrimination.family"},
		{"Test VIH obligatoire", "lint.discrimination.health"},
		{"HIV negative", "lint.discrimination.health"},
		{"À partir de 16 ans", "lint.age.minor"},
		{"Minimum age: 16", "lint.age.minor"},

		{"Poste ouvert aux hommes et aux femmes", ""},
		{"Réservé aux hommes et aux femmes motivés", ""},
		{"Maçon (H/F)", ""},
		{"Sexe : masculin ou féminin", ""},
		{"Male or female applicants welcome", ""},
		{"Looking for a male or female nurse", ""},
		{"Female only accommodation is available", ""},
		{"Moins de 10 ans d'expérience acceptés", ""},
		{"Entre 20 et 30 ans d'expérience", ""},
		{"Garde d'enfants de moins de 12 ans", ""},
		{"Accompagnement d'un public de moins de 25 ans", ""},
		{"Response times under 30 minutes", ""},
		{"Care for children aged 10 to 16", ""},
		{"20 to 30 years of experience", ""},
		{"Suivi des femmes enceintes en maternité", ""},
		{"Care of pregnant women on the ward", ""},
		{"All applicants considered regardless of race, religion: none excluded", ""},
		{"Établissement scolaire de confession catholique", ""},
		{"Vous serez le seul célibataire de l'équipe", ""},
		{"Expérience en prévention du VIH souhaitée", ""},
		{"Avoir au moins 18 ans", ""},
		{"Inpatient treatment and care for men, aged 18-65, who have mental health problems", ""},
		{"Candidates under the age of 18 cannot apply", ""},
		{"The unit is a 15 bed, male only forensic unit", ""},
		{"Silver Birch is the only women's acute ward", ""},
		{"The unit caters for boys and girls aged between 10 and 17", ""},
		{"Candidates for the ward must be aged 25-35", "lint.discrimination.age"},
	})
}

func TestAbuseInText(t *testing.T) {
	checkText(t, []textCase{
		{"Passeport conservé par l'employeur", "lint.abuse.passport"},
		{"Votre passeport sera remis à l'employeur", "lint.abuse.passport"},
		{"Remettre votre passeport à l'agence", "lint.abuse.passport"},
		{"Passports are kept by the company", "lint.abuse.passport"},
		{"The employer will hold your passport", "lint.abuse.passport"},
		{"Workers hand over their passport on arrival", "lint.abuse.passport"},
		{"Sans jour de repos", "lint.abuse.conditions"},
		{"No days off during the season", "lint.abuse.conditions"},
		{"Interdiction de se syndiquer", "lint.abuse.conditions"},
		{"Workers may not leave the premises", "lint.abuse.conditions"},
		{"Salaire retenu jusqu'à la fin du contrat", "lint.abuse.conditions"},
		{"First month salary withheld", "lint.abuse.conditions"},

		{"Passeport valide exigé", ""},
		{"You must hold a valid passport", ""},
		{"Votre passeport ne sera jamais conservé", ""},
		{"Your passport is never kept", ""},
		{"Remettre une copie de votre passeport à l'agence", ""},
		{"Your passport stays with you and is not held by anyone", ""},
		{"Deux jours de repos par semaine", ""},
		{"Two days off per week", ""},
		{"Salaire versé le 30 du mois", ""},
		{"You may join a trade union", ""},
	})
}

func TestContactsInText(t *testing.T) {
	checkText(t, []textCase{
		{"Écrivez à recrutement@gmail.com", "lint.contact.channel"},
		{"Écrivez à recrutement@gmail.com", "lint.contact.free_mail"},
		{"Call +223 76 12 34 56", "lint.contact.channel"},
		{"Postulez sur https://exemple.ml/postuler", "lint.contact.channel"},
		{"WhatsApp: wa.me/22376123456", "lint.contact.channel"},
		{"name at gmail dot com", "lint.contact.free_mail"},
		{"Postulez par cette plateforme avant le 12/05/2027, référence 2026-1234", ""},
	})
	if strings.Contains(strings.Join(textCodes("hr@exemple.ml"), " "), "free_mail") {
		t.Error("a company address is no free mailbox")
	}
}
