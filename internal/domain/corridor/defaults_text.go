package corridor

import (
	"fmt"
	"strconv"
)

// documents lists the papers a worker needs, the usual ones first.
func (o outline) documents() []Text {
	list := []Text{
		{"Passeport en cours de validité, six mois au moins au-delà de l’arrivée prévue", "Passport valid for at least six months beyond the planned arrival"},
		{"Contrat de travail signé par l’employeur et par vous, dans une langue que vous comprenez", "Employment contract signed by the employer and by you, in a language you understand"},
		{"Certificat médical d’aptitude", "Medical certificate of fitness"},
		{"Extrait de casier judiciaire de moins de trois mois", "Criminal record extract less than three months old"},
	}
	if o.free {
		list[0] = Text{"Carte d’identité biométrique ou passeport en cours de validité (pas de visa)", "Valid biometric identity card or passport (no visa)"}
	} else {
		list = append(list, Text{"Visa ou titre permettant de travailler " + o.there.FR, "Visa or permit to work " + o.there.EN})
	}
	list = append(list, o.papers...)
	return append(list, Text{"Pour un métier réglementé : diplôme et décision de reconnaissance", "For a regulated occupation: diploma and decision of recognition"})
}

// notice is the rights-and-duties notice in both languages.
func (o outline) notice() Text {
	hoursFR, hoursEN := "La durée du travail est celle du contrat et de la loi.", "Working time is that of the contract and the law."
	if o.hours > 0 {
		hours := strconv.Itoa(o.hours)
		hoursFR = "La durée du travail ne dépasse pas " + hours + " heures par semaine ; les heures supplémentaires sont payées en plus."
		hoursEN = "Working time does not exceed " + hours + " hours a week; overtime is paid on top."
	}
	return Text{
		FR: fmt.Sprintf(noticeFR, o.there.FR, hoursFR, o.right.FR, o.there.FR, o.there.FR),
		EN: fmt.Sprintf(noticeEN, o.there.EN, hoursEN, o.right.EN, o.there.EN, o.there.EN),
	}
}

const noticeFR = `Vos droits %s

Vous ne payez ni frais de recrutement ni caution : ils sont à la charge de l’employeur.
Avant le départ, vous recevez un contrat écrit dans une langue que vous comprenez. L’offre publiée ici fait foi : le contrat ne peut pas être moins favorable.
Vous gardez votre passeport et vos papiers. Personne n’a le droit de les retenir.
Votre salaire est versé en entier, aux dates prévues, avec un bulletin de paie.
%s
Vous avez droit au repos, à la sécurité au travail, aux soins et à la sécurité sociale selon la loi du pays.
%s
En cas de problème, vous pouvez vous plaindre, même sans donner votre nom, auprès de l’inspection du travail %s, de l’ambassade ou du consulat du Mali, ou dans ce système. Vous ne pouvez pas être puni pour cela.

Vos devoirs %s

Respectez les lois du pays et les clauses de votre contrat.
Gardez une copie de vos papiers et de votre contrat, et laissez-en une à un proche.
Signalez votre arrivée à l’ambassade ou au consulat du Mali.
Demandez le renouvellement de votre titre de séjour avant sa date de fin.
Ne signez rien que vous ne comprenez pas : demandez une traduction.`

const noticeEN = `Your rights %s

You pay no recruitment fee and no deposit: the employer bears them.
Before you leave, you receive a written contract in a language you understand. The offer published here is binding: the contract may not be less favourable.
You keep your passport and your papers. Nobody has the right to withhold them.
Your pay is paid in full, on the agreed dates, with a pay slip.
%s
You have the right to rest, to safety at work, to care and to social security under the law of the country.
%s
If there is a problem, you may complain, even without giving your name, to the labour inspectorate %s, to the embassy or consulate of Mali, or in this system. You may not be punished for it.

Your duties %s

Respect the laws of the country and the terms of your contract.
Keep a copy of your papers and of your contract, and leave one with somebody close to you.
Report your arrival to the embassy or consulate of Mali.
Apply for the renewal of your residence permit before it ends.
Sign nothing you do not understand: ask for a translation.`
