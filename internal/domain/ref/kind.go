package ref

import "passerelle/internal/domain/fault"

var kindLabels = map[WorkKind]labels{
	Permanent:     {"Contrat à durée indéterminée", "Permanent"},
	FixedTerm:     {"Contrat à durée déterminée", "Fixed-term"},
	Seasonal:      {"Travail saisonnier", "Seasonal work"},
	Circular:      {"Migration circulaire", "Circular migration"},
	Internship:    {"Stage ou apprentissage", "Internship or apprenticeship"},
	Posted:        {"Détachement", "Posted worker"},
	ExpertMission: {"Mission d’expertise", "Expert mission"},
	Academic:      {"Enseignement ou recherche", "Academic"},
}

var periodLabels = map[Period]labels{
	PerHour: {"par heure", "per hour"}, PerDay: {"par jour", "per day"}, PerWeek: {"par semaine", "per week"},
	PerMonth: {"par mois", "per month"}, PerYear: {"par an", "per year"},
}

var basisLabels = map[Basis]labels{
	Gross: {"brut", "gross"}, Net: {"net", "net"},
}

// ParseWorkKind reads a kind of work; the empty text is "not stated".
func ParseWorkKind(s string) (WorkKind, error) { return parseEnum(WorkKind(s), kindLabels, "ref.kind") }

// Label names the kind in the locale.
func (k WorkKind) Label(locale Locale) string { return kindLabels[k].in(locale) }

// ParsePeriod reads a pay period; the empty text is Invalid, since an amount
// without a period says nothing.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return "", fault.New(fault.Invalid, "ref.period")
	}
	return parseEnum(Period(s), periodLabels, "ref.period")
}

// Periods lists the pay periods from the shortest to the longest.
func Periods() []Period { return []Period{PerHour, PerDay, PerWeek, PerMonth, PerYear} }

// Label names the period in the locale ("par mois").
func (p Period) Label(locale Locale) string { return periodLabels[p].in(locale) }

// ParseBasis reads a pay basis; the empty text is Invalid.
func ParseBasis(s string) (Basis, error) {
	if s == "" {
		return "", fault.New(fault.Invalid, "ref.basis")
	}
	return parseEnum(Basis(s), basisLabels, "ref.basis")
}

// Bases lists the pay bases.
func Bases() []Basis { return []Basis{Gross, Net} }

// Label names the basis in the locale ("brut").
func (b Basis) Label(locale Locale) string { return basisLabels[b].in(locale) }

// ParseLocale reads a locale; anything but the complete ones is Invalid.
func ParseLocale(s string) (Locale, error) {
	if l := Locale(s); l == French || l == English {
		return l, nil
	}
	return "", fault.New(fault.Invalid, "ref.locale")
}

// Locales lists the complete locales, the default first.
func Locales() []Locale { return []Locale{French, English} }

// parseEnum accepts a code of the table, or the empty code.
func parseEnum[T ~string](code T, table map[T]labels, fail string) (T, error) {
	if _, ok := table[code]; !ok && code != "" {
		return "", fault.New(fault.Invalid, fail)
	}
	return code, nil
}
