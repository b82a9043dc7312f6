package offer

import (
	"regexp"
	"strconv"
	"sync"
)

// personTerms are discriminatory or abusive statements about who may work and
// how. Equal-opportunity wording and the opposite of a statement are none.
var personTerms = sync.OnceValue(func() []term {
	return []term{
		{code: "lint.discrimination.sex", blocking: true, hints: []string{"homme", "femme", "male", "men", "garcon", "fille", "sexe", "dames", "messieurs", "ladies", "gentlemen", "girls", "boys"},
			patterns: sexPatterns(), unless: either(bothSexes, equality, deniedBefore, notPeople)},
		{code: "lint.discrimination.age", blocking: true, hints: []string{" ans", "year", "age", "yrs"},
			patterns: agePatterns(), unless: either(equality, deniedBefore, otherAge)},
		{code: "lint.discrimination.pregnancy", blocking: true, hints: []string{"enceinte", "grossesse", "pregnan"},
			patterns: pregnancyPatterns(), unless: equality},
		{code: "lint.discrimination.origin", blocking: true, hints: []string{"chretien", "christian", "musulman", "muslim", "catholi", "juif", "juive", "jew", "hindu", "religion", "confession", "ethni", "race", "tribu", "caste", "couleur de peau", "skin colo", "blancs", "noirs", "arabes", "africain", "african", "arabs", "blacks", "whites", "type europeen", "bambara", "peul", "touareg", "foreigners", "etrangers"},
			patterns: originPatterns(), unless: either(equality, deniedBefore)},
		{code: "lint.discrimination.family", blocking: true, hints: []string{"celibataire", "sans enfant", "single", "unmarried", "childless", "marie"},
			patterns: familyPatterns(), unless: either(equality, deniedBefore)},
		{code: "lint.discrimination.health", blocking: true, hints: []string{"vih", "sida", "hiv", "handicap", "disab"},
			patterns: healthPatterns(), unless: either(equality, deniedBefore)},
		{code: "lint.abuse.passport", blocking: true, hints: []string{"passeport", "passport", "papiers d'identite", "identity papers", "identity documents"},
			patterns: passportPatterns(), unless: either(keepsPassport, deniedBefore)},
		{code: "lint.abuse.conditions", blocking: true, hints: []string{"repos", "day", "syndicat", "syndiquer", "union", "quitter", "leave the", "salaire", "salary", "wages", "deplacer", "telephone"},
			patterns: conditionPatterns(), unless: deniedBefore},
	}
})

func lintTerms(l *linter) { l.matchClauses(personTerms()) }

func sexPatterns() []*regexp.Regexp {
	return anyOf(
		`\b(?:hommes?|femmes?|garcons?|filles?|messieurs|dames?|(?:candidats? )?masculins?)(?: de \w+)? (?:uniquement|seulement|exclusivement|exclus)\b`,
		`\b(?:uniquement|seulement|exclusivement|reservee?s?|que)(?: aux?| a des| a| des| les| la| pour| par| de| d'| d’)*(?: |')(?:jeunes )?(?:hommes?|femmes?|garcons?|filles?)\b`,
		`\bsexe ?:? ?(?:est )?(?:masculin|feminin|m\b|f\b|homme|femme)`, `\bde sexe (?:masculin|feminin)\b`,
		`\b(?:pas de|femmes? s'abstenir|hommes? s'abstenir) ?(?:femmes?\b|hommes?\b)?(?:$| (?:pour|acceptee?s?|svp))`,
		`\b(?:fe)?males? (?:(?:candidates?|applicants?|workers?|employees?|staff|nurses?|cleaners?) )?only\b`,
		`\b(?:men|women|ladies|gentlemen|boys|girls) only\b`, `\bonly (?:fe)?males?\b`, `\bonly (?:men|women)\b`,
		`\b(?:must be|looking for|seeking|we need|hiring|required:?) (?:an? )?(?:young )?(?:fe)?males?\b`,
		`\b(?:fe)?male (?:candidates?|applicants?) (?:preferred|required|need not apply)\b`, `\bno (?:women|men|females|males)\b`,
	)
}

func agePatterns() []*regexp.Regexp {
	return anyOf(
		`\b(?:moins de|maximum|jusqu'a|pas plus de|au plus|age limite ?:?(?: de)?|age maxim(?:um|al) ?:?(?: de)?|limite d'age ?:?(?: de)?) ?(?:de )?\d{2} ans\b`,
		`\b\d{2} ans (?:maximum|max|au plus|au maximum)\b`,
		`\bagee?s?(?:\(e\))?(?:s|\(s\))? (?:entre |de |d'entre )?\d{2} ?(?:a|et|-|/) ?\d{2} ans\b`, `\bage ?(?:requis|exige|souhaite)? ?(?:entre|de|:|compris entre) ?(?:de |entre )?\d{2} ?(?:ans )?(?:a|et|-|/) ?\d{2} ans\b`,
		`\bentre \d{2} (?:ans )?et \d{2} ans\b`,
		`\b(?:under|below|younger than|no older than|not older than|not more than|less than|up to|maximum of)(?: the age of)? \d{2} (?:years?|yrs?)[ -](?:old|of age)\b`,
		`\b(?:under|below) the age of \d{2}\b`, `\b(?:maximum age|max age|age limit|upper age limit) ?(?:of|is|:|=)? ?\d{2}\b`,
		`\bage(?:d)? ?:? ?(?:between |range |from )?\d{2} ?(?:-|to|and) ?\d{2}\b`, `\b\d{2} ?(?:-|to) ?\d{2} years? (?:old|of age)\b`,
	)
}

func pregnancyPatterns() []*regexp.Regexp {
	return anyOf(
		`\benceintes? (?:non acceptee?s?|exclue?s?|refusee?s?|interdites?|s'abstenir|non admises?)\b`,
		`\b(?:pas de|aucune?|ni|sauf|hors) (?:femmes? )?enceintes?\b`, `\b(?:ne (?:doit |doivent )?pas etre|non) enceintes?\b`,
		`\btests? de grossesse(?: \w+)? (?:obligatoires?|exiges?|requis|negatifs?|demandes?)\b`, `\bengagement (?:a|de) ne pas (?:etre|tomber) enceinte\b`,
		`\b(?:no|non|not be|not get|must not be|cannot be|not become)[ -]pregnant\b`, `\bpregnancy tests? (?:is |are )?(?:required|mandatory|compulsory)\b`, `\bnegative pregnancy test\b`,
		`\bpregnant (?:women|applicants?|candidates?|workers?) (?:need not|should not|will not|are not|cannot|may not|excluded)\b`,
	)
}

func originPatterns() []*regexp.Regexp {
	const faith = `(?:chretien(?:ne)?s?|musulman(?:e)?s?|catholiques?|protestant(?:e)?s?|juifs?|juives?|christians?|muslims?|catholics?|jews?|hindus?)`
	const people = `(?:bambaras?|peuls?|touaregs?|blancs?|noirs?|arabes?|africains?|europeens?|asiatiques?|etrangers?|arabs?|africans?|blacks?|whites?|asians?|foreigners?)`
	return anyOf(
		`\b`+faith+` (?:(?:candidates?|applicants?|workers?) )?(?:uniquement|seulement|exclusivement|exigee?s?|de preference|only|preferred)\b`,
		`\b(?:uniquement|seulement|exclusivement|reservee?s?|only) (?:aux? |des |les |pour (?:les )?|for )?(?:candidats? )?(?:`+faith+`|`+people+`)\b`,
		`\b`+people+` (?:uniquement|seulement|exclusivement|s'abstenir|only|need not apply)\b`,
		`\b(?:pas d'|pas de |no )(?:`+faith+`|`+people+`)(?:$|[ ,/])`,
		`\b(?:religion|ethnie|race|tribu|caste|ethnic group|couleur de peau|skin colou?r) ?(?:: ?\w+|exigee?|souhaitee?|requise?|required|preferred|must be)`,
		`\bcandidat\w* (?:de |of )?(?:religion|confession|foi) \w+`, `\b(?:must be|doit etre|doivent etre) (?:an? |de confession )?`+faith+`\b`,
		`\bde type (?:europeen|africain|caucasien|asiatique)\b`,
	)
}

func familyPatterns() []*regexp.Regexp {
	return anyOf(
		`\bcelibataires? (?:uniquement|seulement|exclusivement|exigee?s?|obligatoire|de preference|(?:et )?sans enfants?)\b`,
		`\bsans enfants? (?:uniquement|exige|obligatoire|a charge (?:uniquement|exige))`, `\b(?:doit|doivent) etre celibataires?\b`, `\b(?:pas de|aucune?) (?:personnes? |femmes? )?mariee?s\b`,
		`\b(?:single|unmarried|childless) (?:men |women |applicants? |candidates? |persons? |people |females? |males? )?only\b`, `\bmust be (?:single|unmarried|childless)\b`,
	)
}

func healthPatterns() []*regexp.Regexp {
	return anyOf(
		`\b(?:test|depistage|serologie)s? (?:du |de |d'|pour le )?(?:vih|sida|hiv)(?: \w+)? (?:obligatoires?|exigee?s?|requis|negatifs?|negatives?)\b`, `\b(?:vih|sida|hiv)[ -]?(?:negatifs?|negatives?|test (?:is )?(?:required|mandatory))\b`,
		`\bhandicapee?s? (?:s'abstenir|exclus?|exclues?|non acceptee?s?)\b`, `\bno (?:disabled|handicapped) (?:people|persons?|applicants?|candidates?|workers?)\b`, `\bdisabled (?:people|persons?|applicants?|candidates?) need not\b`,
	)
}

func passportPatterns() []*regexp.Regexp {
	const papers = `(?:passeports?|passports?|papiers d'identite|identity papers|identity documents)`
	return anyOf(
		`\b`+papers+` (?:[\w']+ ){0,5}?(?:conservee?s?|gardee?s?|retenue?s?|confisquee?s?|detenue?s?|remise?s? a l'(?:employeur|arrivee|agence)|deposee?s? (?:chez|aupres)|kept|held|retained|collected|confiscated|surrendered|handed over|withheld)\b`,
		`\b(?:conserv|gard|confisqu|retien|deten)\w* (?:[\w']+ ){0,2}?(?:votre|vos|son|le|les|leur|leurs) `+papers+`\b`,
		`\b(?:remettre|deposer|rendre) (?:votre|vos|son|le|leur|leurs) `+papers+` (?:a|chez|aupres)\b`,
		`\b(?:keep|keeps|retain|retains|collect|collects|withhold|hold|holds) (?:your|his|her|their|all|the (?:workers?|employees?|candidates?)'?s?'?|(?:workers?|employees?|candidates?)'?) `+papers+`\b`,
		`\b(?:surrender|hand over|confiscate|hand in)\w* (?:[\w']+ ){0,2}?`+papers+`\b`,
	)
}

func conditionPatterns() []*regexp.Regexp {
	return anyOf(
		`\b(?:sans|aucun|pas de) (?:jours? de )?repos(?: hebdomadaire)?(?:$|,| (?:par|pendant|la|le))`, `\bno (?:days? off|rest days?|weekly rest)\b`, `\bwithout (?:any )?(?:days? off|rest days?)\b`,
		`\b(?:interdiction|interdit|ne pas)(?: formelle)? (?:de |d')?(?:se syndiquer|adherer a un syndicat|quitter (?:le (?:logement|site|chantier|domicile)|l'employeur|la maison))\b`,
		`\b(?:not allowed|forbidden|prohibited|may not|must not|cannot) (?:to )?(?:join (?:a |any )?(?:trade )?unions?|leave the (?:house|site|premises|accommodation|dormitory))\b`,
		`\b(?:premiers?|first|trois|three|deux|two|\d+) (?:mois|months?'?)(?: de)? (?:salaires?|salary|wages?|pay) (?:will be |is |are |sera |seront )?(?:retenue?s?|non payee?s?|non verse\w*|withheld|unpaid|kept)`,
		`\b(?:salaires?|salary|wages) (?:will be |are |is |sera |seront )?(?:retenus? (?:jusqu'a|pendant)|withheld (?:until|for))\b`,
		`\btelephones? (?:portables? )?(?:confisques?|retenus?)\b`,
	)
}

// minorTerms are invitations to people under 18.
var minorTerms = sync.OnceValue(func() []term {
	return []term{{code: "lint.age.minor", blocking: true, hints: []string{" ans", "year", "yrs", "minimum age"},
		patterns: anyOf(
			`\b(?:a partir de|des|des l'age de|age minimum ?:?(?: de)?|age minimal ?:?(?: de)?|minimum) ?1[0-7] ans\b`,
			`\b(?:from|minimum age ?:?(?: of)?|at least|aged) 1[0-7] ?(?:\+ )?(?:years? old|years? of age|yrs? old)\b`, `\bminimum age ?(?:of|is|:|=)? ?1[0-7]\b`),
		unless: either(deniedBefore, otherOnesAge)}}
})

var (
	equalWords   = regexp.MustCompile(`\b(?:regardless|irrespective|sans distinction|sans discrimination|quel\w* que soi\w*|equal opportunit\w*|egalite|parite|discriminat\w*|diversity|diversite|inclusi\w*|without regard|all (?:genders|sexes)|encouraged to apply|particularly welcome|welcome applications)\b`)
	deniedLead   = regexp.MustCompile(`\b(?:not|non|pas|ne|n'\w+|never|jamais|aucune?|no)(?: \w+){0,2} $`)
	otherSex     = regexp.MustCompile(`^ ?(?:et|ou|/|and|or|,|comme|&|\()(?: ?(?:aux?|les|des|a|de|sexe|an?))* ?(?:femmes?|hommes?|filles?|garcons?|(?:fe)?males?|women|men|feminin|masculin|f\b|m\b|h\b)`)
	placesForOne = regexp.MustCompile(`^(?:'s\b| and mixed|(?: [\w-]+){0,3}? (?:unit|accommodation|dormitor\w*|dorms?|housing|hostel|refuge|shelter|ward|wing|prison|toilets?|changing rooms?|clients?|patients?|football|team|clothing|fashion)\b)`)
	otherCount   = regexp.MustCompile(`^[ ,]*(?:d'experience|experience|d'anciennete|d'existence|d'exercice|d'etudes|de pratique|de metier|de carriere|of experience|of service)`)
	otherOnes    = regexp.MustCompile(`\b(?:enfants?|public|mineurs?|eleves?|etudiants?|adolescents?|ados|jeunes accueillis|usagers?|residents?|patients?|entreprises?|vehicules?|batiments?|materiel|children|pupils?|students?|young people|youths?|kids|people|clients?|adults?|learners?|experience|depuis|since|pour|garantie|creee)\b[^;]{0,40}$`)
	caredFor     = regexp.MustCompile(`\b(?:treatment|care for|caring|support|supports|supporting|rehabilitation|wards?|units?|users?|patients?|accommodate|caters|hospital|residents?|psychosis|clinics?|soins|accompagnement|accueil|accueille|hebergement)\b`)
	applying     = regexp.MustCompile(`\b(?:candidats?|candidates?|applicants?|apply|must be|should be|you|vous|profil|recherchons|recherche)\b`)
	ageDigits    = regexp.MustCompile(`\d{2}`)
	passportKept = regexp.MustCompile(`\b(?:copie|copy|scan\w*|photocopie|ne|n'\w+|jamais|pas|aucun|not|never|no|nobody|personne)\b`)
	ownPassport  = regexp.MustCompile(`\b(?:restera|reste|remain|remains|stay|stays|par le (?:travailleur|salarie|candidat)|by (?:the )?(?:worker|employee|candidate))\b`)
)

func equality(clause string, _, _ int) bool { return equalWords.MatchString(clause) }

func deniedBefore(clause string, start, _ int) bool {
	return deniedLead.MatchString(before(clause, start, 40))
}

// bothSexes: « réservé aux hommes et aux femmes » excludes nobody.
func bothSexes(clause string, _, end int) bool { return otherSex.MatchString(after(clause, end, 40)) }

// notPeople: a women-only ward or dormitory says nothing about who may apply.
func notPeople(clause string, _, end int) bool {
	return placesForOne.MatchString(after(clause, end, 30))
}

// otherAge sets aside years of experience, the age of those who are cared for
// or taught, and numbers that are no cap on a working age.
func otherAge(clause string, start, end int) bool {
	digits := ageDigits.FindAllString(clause[start:end], -1)
	age, err := strconv.Atoi(digits[len(digits)-1])
	return err != nil || age < leastCap || age > mostCap || otherOnesAge(clause, start, end)
}

// Numbers outside these bounds do not keep anybody of working age out.
const leastCap, mostCap = 20, 65

func otherOnesAge(clause string, start, end int) bool {
	lead := before(clause, start, 60)
	if otherCount.MatchString(after(clause, end, 24)) || otherOnes.MatchString(lead) {
		return true
	}
	return caredFor.MatchString(clause) && !applying.MatchString(lead)
}

// keepsPassport: the passport stays with its holder, or a copy is meant.
func keepsPassport(clause string, start, end int) bool {
	return passportKept.MatchString(before(clause, start, 24)+clause[start:end]) || ownPassport.MatchString(clause)
}
