package ref

import (
	"strconv"

	"passerelle/internal/domain/fault"
)

var educationLabels = [...]labels{
	{"Éducation de la petite enfance, ou aucune scolarité", "Early childhood education, or no schooling"},
	{"Enseignement primaire", "Primary education"},
	{"Premier cycle du secondaire (DEF)", "Lower secondary education"},
	{"Second cycle du secondaire (baccalauréat, CAP, BT)", "Upper secondary education"},
	{"Post-secondaire non supérieur", "Post-secondary non-tertiary education"},
	{"Enseignement supérieur de cycle court (DUT, BTS)", "Short-cycle tertiary education"},
	{"Licence ou équivalent", "Bachelor’s or equivalent level"},
	{"Master ou équivalent", "Master’s or equivalent level"},
	{"Doctorat ou équivalent", "Doctoral or equivalent level"},
	{"Non classé ailleurs", "Not elsewhere classified"},
}

// ParseEducationLevel reads an ISCED 2011 level written as one digit, 0 to 9.
func ParseEducationLevel(s string) (EducationLevel, error) {
	if len(s) != 1 || !allDigits(s) {
		return 0, fault.New(fault.Invalid, "ref.education")
	}
	return EducationLevel(s[0] - '0'), nil
}

// EducationLevels lists the levels 0 to 9.
func EducationLevels() []EducationLevel {
	return []EducationLevel{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
}

// Valid reports whether the level is one of ISCED 2011, 0 to 9.
func (l EducationLevel) Valid() bool { return l >= 0 && l <= 9 }

// Rank gives the level for comparison, 0 to 8: 9 (not elsewhere classified)
// and anything outside ISCED count as 0.
func (l EducationLevel) Rank() int {
	if l < 0 || l > 8 {
		return 0
	}
	return int(l)
}

// Label names the level in the locale.
func (l EducationLevel) Label(locale Locale) string {
	if !l.Valid() {
		return ""
	}
	return educationLabels[l].in(locale)
}

// String writes the level as its digit.
func (l EducationLevel) String() string { return strconv.Itoa(int(l)) }
