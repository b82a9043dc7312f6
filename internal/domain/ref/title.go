package ref

import (
	_ "embed"
	"html"
	"strings"
	"unicode"

	"passerelle/internal/domain/text"
)

// titlesTable holds the titles under which people advertise and look for
// work, written for this system; ISCO-08 itself names groups, not jobs.
//
//go:embed titles.tsv
var titlesTable string

// jobTitle is one known title of an occupation.
type jobTitle struct {
	code     Occupation
	locale   Locale
	label    string
	official bool // the group's own ISCO-08 title
	vague    bool // names several occupations; never decides alone
}

// jobTitles lists the official and the everyday titles.
func jobTitles() []jobTitle {
	var out []jobTitle
	for _, code := range Occupations(4) {
		out = append(out, jobTitle{code: code, locale: French, label: code.Title(French), official: true},
			jobTitle{code: code, locale: English, label: code.Title(English), official: true})
	}
	for _, r := range rowsOf(titlesTable, 3) {
		label, vague := strings.CutPrefix(r[2], "~")
		out = append(out, jobTitle{code: Occupation(r[0]), locale: Locale(r[1]), label: label, vague: vague})
	}
	return out
}

// titleWord is one telling word of a title.
type titleWord struct {
	stem    string
	segment int  // 0 = the title proper; later parts follow a dash, comma, bracket or bar
	after   bool // stands after a preposition within its segment
}

// noiseWords say how, when, for whom or at which grade work is done, not
// which work it is.
var noiseWords = stemSet(`band bands full part time fulltime parttime permanent fixed term temporary temp casual only
 cdi cdd urgent job jobs vacancy vacancies post position role opportunity opportunities hour hours hourly week weekly weekends
 day days month months cover secondment x and the a an to with at on by from new immediate start h f m w d e se ne re rice
 et ou de du des la le les l un une en au aux pour sur dans avec chez par agency grade level salary per annum up plus bonus welcome ref
 reference various multiple our your we are looking hiring recrute recrutons recherchons offre poste profil confirme
 debutant experimente jour soir heure semaine mois annee ii iii iv i v ft pt wte pw provided x2 x3 sous alternance
 rotational rotation generic flexible zero c8 8a 8b 8c 8d`)

// stemSet makes a set of the stems of the words.
func stemSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[stem(w)] = true
	}
	return set
}

// neutralWords state rank or setting and may stand anywhere in a title
// without changing its occupation.
var neutralWords = stemSet(`senior junior lead principal highly specialist specialised advanced experienced registered qualified trainee
 newly associate chief deputy ward unit community hospital clinic clinical service services team rotational development band 2020 2021
 adult paediatric children older people acute adjoint expert local locum agency care apprenti apprentie stagiaire bank night nights nuit
 maternity training site contract contrat emploi interim mission internal external pa mental health or recherche`)

// prepositions end the head of an English title and begin the complement of a
// French one.
var prepositions = map[string]bool{"of": true, "in": true, "for": true, "with": true, "at": true, "to": true, "within": true, "de": true,
	"du": true, "des": true, "d": true, "en": true, "a": true, "au": true, "aux": true, "pour": true, "sur": true, "dans": true, "chez": true}

// joined rewrites word pairs that are written apart or together.
var joined = map[string]string{"health care": "healthcare", "co ordinator": "coordinator", "co ordination": "coordination",
	"fork lift": "forklift", "well being": "wellbeing", "care giver": "caregiver", "house keeper": "housekeeper", "house keeping": "housekeeping",
	"bio medical": "biomedical", "pre assessment": "preassessment", "physio therapist": "physiotherapist", "child care": "childcare",
	"baby sitter": "babysitter", "super lourd": "superlourd", "poid lourd": "poidlourd", "libre service": "libreservice", "full stack": "fullstack",
	"back end": "backend", "front end": "frontend", "help desk": "helpdesk", "brick layer": "bricklayer", "day care": "daycare", "home care": "homecare",
	"under graduate": "undergraduate", "store keeper": "storekeeper", "ware house": "warehouse", "sage femme": "sagefemme", "care taker": "caretaker"}

// abbreviations spell out what advertisements shorten.
var abbreviations = map[string]string{"asst": "assistant", "admin": "administration", "snr": "senior", "mgr": "manager", "physio": "physiotherapist",
	"spl": "superlourd", "pl": "poidlourd", "vl": "vehicule", "dieticien": "dietitian", "dietician": "dietitian", "practioner": "practitioner",
	"hcas": "hca", "cpns": "cpn", "theraputic": "therapeutic", "electro": "electro", "co": "co", "tp": "travaux"}

// maxTitleWords bounds the work a hostile title can cause.
const maxTitleWords = 40

// titleWords reads a title into its telling words: noise left out, spelling
// and gender levelled, repeated words ("vendeur / vendeuse") kept once.
func titleWords(title string) []titleWord {
	var out []titleWord
	seen := map[string]bool{}
	for segment, part := range segments(text.Fold(html.UnescapeString(title))) {
		after := false
		for _, w := range splitWords(part) {
			if prepositions[w] && len(out) > 0 {
				after = true
			}
			if full, ok := abbreviations[w]; ok {
				w = full
			}
			s := stem(w)
			if noiseWords[s] || isNumber(w) || seen[s] {
				continue
			}
			if len(out) == maxTitleWords {
				return out
			}
			seen[s] = true
			out = append(out, titleWord{stem: s, segment: segment, after: after})
		}
	}
	return out
}

func isNumber(w string) bool {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return true
}

// segments cuts a folded title at dashes between spaces, commas, brackets,
// bars, colons and spaced slashes; a bracket that only gives an ending
// ("infirmier(e)") is dropped.
func segments(title string) []string {
	title = endings.Replace(title)
	return strings.FieldsFunc(breaks.Replace(title), func(r rune) bool { return r == '\n' })
}

var endings = strings.NewReplacer("(e)", " ", "(ere)", " ", "(es)", " ", "(s)", " ", "(ne)", " ", "(se)", " ", "(euse)", " ", "(trice)", " ",
	"(h/f)", " ", "(f/h)", " ", "(m/f)", " ", "(m/f/d)", " ", "(h-f)", " ", "h/f", " ", "f/h", " ", "·e", " ", ".e ", " ", "'s", "s", "s'", "s",
	"a&e", "ae", "a & e", "ae", "r&d", "rd", "c#", "csharp", "c++", "cplusplus", ".net", " dotnet")

var breaks = strings.NewReplacer(" - ", "\n", "- ", "\n", " -", "\n", " / ", "\n", ",", "\n", "(", "\n", ")", "\n", "|", "\n", ":", "\n",
	";", "\n", "[", "\n", "]", "\n", "*", "\n", "!", "\n", "\"", "\n", " @ ", "\n")

// splitWords gives the words of one segment; two that belong together become
// one.
func splitWords(part string) []string {
	words := strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := words[:0]
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) {
			if one, ok := joined[words[i]+" "+singular(words[i+1])]; ok {
				out = append(out, one)
				i++
				continue
			}
			if one, ok := joined[singular(words[i])+" "+singular(words[i+1])]; ok {
				out = append(out, one)
				i++
				continue
			}
		}
		out = append(out, words[i])
	}
	return out
}

// endingRules level number and gender: the first ending that fits is
// replaced. French feminine forms become masculine.
var endingRules = [...][2]string{{"ieres", "ier"}, {"iere", "ier"}, {"euses", "eur"}, {"euse", "eur"}, {"trices", "teur"}, {"trice", "teur"},
	{"iennes", "ien"}, {"ienne", "ien"}, {"eres", "er"}, {"ere", "er"}, {"antes", "ant"}, {"ante", "ant"}, {"entes", "ent"}, {"ente", "ent"}, {"ives", "if"}, {"ive", "if"},
	{"elles", "el"}, {"elle", "el"}, {"ales", "al"}, {"ale", "al"}, {"ees", "e"}, {"ee", "e"}, {"onnes", "on"}, {"onne", "on"}, {"ies", "y"}, {"heffe", "hef"}, {"eure", "eur"}}

// stem levels a folded word: number, French gender, American and British
// spelling.
func stem(w string) string {
	if len(w) > 5 {
		for _, rule := range endingRules {
			if before, ok := strings.CutSuffix(w, rule[0]); ok {
				return level(before + rule[1])
			}
		}
	}
	return level(singular(w))
}

func level(w string) string {
	if len(w) > 4 {
		w = spelling.Replace(w)
	}
	return w
}

var spelling = strings.NewReplacer("ae", "e", "oe", "e", "iz", "is", "our", "or", "ll", "l", "mm", "m")
