package offer

import (
	"regexp"
	"strings"
	"sync"
)

// The shared parts of patterns over folded text.
const (
	feeWords = `(?:frais (?:de |d')?(?:dossiers?|recrutement|inscription|traitement|agence|placement|mise en relation|candidature|constitution|service|gestion|participation|reservation)(?: de dossiers?| de recrutement)?` +
		`|cautions?(?: de garantie| bancaire)?|depots? de garantie|droits? d'inscription` +
		`|(?:(?:recruitment|processing|application|registration|placement|agency|administration|administrative|admin|service|training|joining|enrolment|enrollment|onboarding|documentation|visa processing|file) )+(?:fees?|charges?)` +
		`|(?:(?:security|refundable|cash|upfront|advance|guarantee) )*deposits?|upfront (?:fees?|payments?)|recruiter'?s? fees?)`
	workerWords = `(?:candidats?|candidates?|travailleurs?|salaries?|postulants?|employes?|interesses?|recrues?|applicants?|workers?|employees?|recruits?|jobseekers?|job seekers?|you)`
	moneyWords  = `(?:(?:usd|eur|xof|fcfa|f cfa|cfa|gbp|mad|\$|€|£) ?\d[\d ,.]*|\d[\d ,.]* ?(?:f ?cfa|fcfa|cfa|xof|eur\b|euros?|€|\$|usd|dollars?|dirhams?|mad\b|gbp|£|pounds?))`
)

var shared = strings.NewReplacer("{fee}", feeWords, "{worker}", workerWords, "{money}", moneyWords)

// feeTerms are demands for money from the person, in words. What is denied
// ("aucun frais de dossier", "no deposit required") or borne by the employer
// is none.
var feeTerms = sync.OnceValue(func() []term {
	return []term{
		{code: "lint.fee.text", blocking: true, hints: feeHints, patterns: feePatterns(), unless: either(deniesMoney, otherDeposit)},
		{code: "lint.fee.deducted", blocking: true, hints: feeHints, patterns: anyOf(
			`(?:{fee}|commissions?|recruitment costs?|frais de (?:voyage|visa|transport))[^;]{0,50}\b(?:deduite?s?|prelevee?s?|retenue?s?|deducted|withheld|recovered)\b[^;]{0,15}\b(?:du|sur|de|from)\b[^;]{0,20}\b(?:salaires?|remuneration|salary|salaries|wages?|pay)\b`,
		), unless: either(deniesMoney, otherDeposit)},
		{code: "lint.cost.worker_text", hints: []string{"charge", "expense", "own cost", "paid by", "paye"}, patterns: anyOf(
			`(?:visas?|billets?(?: d'avion)?|vols?|visites? medicales?|flights?|airfare|air tickets?|medical (?:exams?|tests?|check-?ups?))[^;]{0,30}\b(?:a la charge|a charge|at the (?:expense|cost)|paid by|borne by|payee?s? par)\b[^;]{0,12}\b{worker}\b`,
		), unless: deniesMoney},
	}
})

var feeHints = []string{"frais", "caution", "depot", "droit", "commission", "deposit", "fee", "charge", "payment", "recruitment cost"}

func feePatterns() []*regexp.Regexp {
	return anyOf(
		// who pays is said
		`(?:{fee}|commissions?)[^;]{0,40}\b(?:a la charge|a charge|au compte|supportee?s? par|payee?s? par|payables? par|paid by|payable by|borne by|covered by|at the (?:expense|cost) of)\b(?: du| de la| des| de l'| de| le| la| les| l'| the| chaque| each| every)? ?\b{worker}\b`,
		`\b{worker}\b[^;]{0,30}\b(?:devra|devront|doit|doivent|must|shall|will|has to|have to|is required to|are required to|should|need to|needs to)\b[^;]{0,15}\b(?:payer|verser|regler|deposer|avancer|s'acquitter|pay|send|transfer|deposit|remit|wire)\b[^;]{0,30}(?:{fee}|commissions?|fees?|{money})`,
		// an order to pay
		`\b(?:versez|payez|reglez|envoyez|deposez|verser|payer|regler|envoyer|deposer|avancer|s'acquitter de|pay|send|transfer|remit|wire)\b (?:[\w']+ ){0,4}?{fee}\b`,
		`\b(?:we|agency|agence|nous|on)\b[^;]{0,20}\b(?:charge|charges|demandons|demande|exigeons|exige|require|requires|request|collect|collects)\b (?:[\w']+ ){0,4}?{fee}\b`,
		`\byou will be charged\b[^;]{0,40}\bfees?\b`,
		// an amount is named, or the demand
		`\b{fee} ?(?:of|de|d'|:|=|is|est de|s'elevant a|a hauteur de|fixee?s? a|\() ?(?:\w+ ){0,2}?{money}`,
		`\b{fee}(?: of| de)? {money}`,
		`{money} ?(?:de |d'|en |as (?:an? )?|for |pour (?:les? |la )?|of )?{fee}\b`,
		`\b{fee}(?: [\w'&-]+){0,4}? ?\b(?:obligatoires?|exigee?s?|demandee?s?|requise?s?|requis|a payer|a verser|a regler|a prevoir|payables?|non remboursables?|remboursables?|is required|are required|required|mandatory|compulsory|due|must be paid|to be paid|to pay|appl(?:y|ies)|non-?refundable)\b`,
	)
}

var (
	denial = regexp.MustCompile(`\b(?:aucune?s?|sans|pas|ni|non|jamais|zero|nul|exempt\w*|gratuit\w*|dispense\w*|no|not|nor|never|without|free|none|nil|waived|don't|doesn't|won't|cannot|n'est|ne|n')(?:\b|$)`)
	// onlyLinks is what may stand between a denial and what it denies: other
	// kinds of money, the people concerned, and linking words.
	onlyLinks   = regexp.MustCompile(`^(?:[\s,/'()&-]|\b(?:de|d|du|des|la|le|l|les|un|une|ou|ni|et|or|nor|and|any|kind|kinds|type|of|a|an|the|for|from|to|in|by|par|pour|aux|au|upfront|hidden|caches?|frais|fees?|charges?|deposits?|caution|commissions?|garantie|recrutement|recruitment|dossiers?|visas?|inscription|registration|processing|application|agence|agency|paiements?|payments?|sommes?|argent|money|depot|cost|costs|cout|couts|ask|asks|asked|charge|charged|demand|demande|demandes|demandons|demander|exige|exiges|exigeons|require|requires|required|request|requests|sera|seront|est|sont|be|is|are|pay|paying|paid|paye|payer|payez|verser|versez|regler|faut|doit|doivent|devez|must|should|have|has|do|does|will|nous|vous|on|you|we|workers?|candidates?|candidats?|applicants?|travailleurs?|salaries?|postulants?|employees?|never|jamais|pas|a|charge|security|placement|service|administration|administrative|medical|training|formation|formalites|billet|avion)\b)*$`)
	deniedAfter = regexp.MustCompile(`^[\s:=()-]*(?:aucune?s?|none|no\b|non\b|nil|0\b(?:[^\d.,]|$)|zero|neant|gratuit\w*|free\b|not\b|n'est|ne s|ne d|n'|is not|are not|isn't|aren't|will not|won't|never|jamais|interdit\w*|prohibe\w*|illega\w*|forbidden|prohibited|waived)`)
	otherPays   = regexp.MustCompile(`^[^;]{0,40}\b(?:a la charge|a charge|prise?s? en charge|pris en charge|supportee?s?|payee?s?|rembourse\w*|paid|borne|covered|reimbursed|refunded|offerte?s?)\b(?: integralement| entierement| fully| back)?(?: par| de| du| by| to)?(?: l'| le| la| the| your| votre| notre| our)? ?(?:employeurs?|employers?|entreprises?|company|societe|agence|agency|organisme|hospital|hopital|trust|nous|us\b|you\b)`)
)

// deniesMoney reports whether the clause says that no such money is asked, or
// that somebody else pays it.
func deniesMoney(clause string, start, end int) bool {
	lead := before(clause, start, 120)
	for _, at := range denial.FindAllStringIndex(lead, -1) {
		if onlyLinks.MatchString(lead[at[1]:]) {
			return true
		}
	}
	return deniedWithin(clause[start:end]) || deniedAfter.MatchString(after(clause, end, 40)) || otherPays.MatchString(after(clause, end, 90))
}

var strongDenial = regexp.MustCompile(`\b(?:aucune?s?|sans|jamais|ne|n'\w+|no|not|never|without|don't|doesn't)\b`)

// notRefundable is a denial that makes the demand worse.
var notRefundable = regexp.MustCompile(`\b(?:non|not)[ -](?:remboursable|refundable)s?\b`)

func deniedWithin(match string) bool {
	return strongDenial.MatchString(notRefundable.ReplaceAllString(match, ""))
}

var bankDeposit = regexp.MustCompile(`\b(?:direct|bank|mineral|cash handling|salary|customers?'?|clients?'?|process(?:ing)?|accept(?:ing)?|handl(?:e|ing)|collect(?:ing)?) $`)

// otherDeposit sets aside deposits and fees that are the work itself: those
// of a bank's or a hotel's customers.
func otherDeposit(clause string, start, end int) bool {
	return bankDeposit.MatchString(before(clause, start, 24)) || strings.Contains(clause[start:end], "caution d'usage")
}

func lintFeeText(l *linter) {
	for _, c := range l.clauses {
		for _, t := range feeTerms() {
			if t.in(c.text) {
				l.add(Finding{Code: t.code, Pointer: c.pointer, Blocking: t.blocking && !l.feesAllowed()})
			}
		}
	}
}
