package site

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"passerelle/internal/domain/match"
	"passerelle/internal/domain/ref"
)

// scorePart puts one component into words.
func (w words) scorePart(c match.ViewComponent) scorePart {
	part := scorePart{Label: w.code("component", c.Code), Of: int(c.Weight), Sentence: w.sentence(c)}
	if c.Share != nil {
		part.Percent = percent(*c.Share)
	}
	return part
}

// latestRate asks for the newest exchange rate there is.
const latestRate ref.Date = "9999-12-31"

// wholePoints shares the points of a score, which sum to it in hundredths, out
// as whole ones that sum to the rounded score: what is left over goes to the
// largest remainders.
func wholePoints(components []match.ViewComponent) []int {
	points, order, sum := make([]int, len(components)), make([]int, len(components)), int64(0)
	rest := func(i int) int64 { return hundredthsOf(components[i]) % 100 }
	left := 0
	for i, c := range components {
		order[i], points[i] = i, int(hundredthsOf(c)/100)
		sum += hundredthsOf(c)
		left -= points[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	left += int(sum+50) / 100
	for _, i := range order[:min(max(left, 0), len(order))] {
		points[i]++
	}
	return points
}

func hundredthsOf(c match.ViewComponent) int64 {
	if c.Contribution == nil {
		return 0
	}
	return *c.Contribution
}

// sentence says where a component's share comes from.
func (w words) sentence(c match.ViewComponent) string {
	var parts []string
	for _, f := range c.Facts {
		if key := "match.fact." + string(c.Code) + "." + string(f.Code); w.texts.Has(key) && f.Code != match.FactMissing {
			parts = append(parts, w.t(key, w.values(f.Values)))
		}
	}
	lacks := func(f match.Fact) bool { return f.Code == match.FactMissing || f.Code == match.FactMissingOptional }
	switch {
	case len(parts) > 0:
		return strings.Join(parts, " ")
	case slices.ContainsFunc(c.Facts, lacks):
		return w.t("match.short")
	}
	return w.code("match.none", c.Code)
}

// missing says what the offer asks for and the profile does not show.
func (w words) missing(c match.ViewComponent) []string {
	var list []string
	for _, f := range c.Facts {
		if f.Code == match.FactMissing || f.Code == match.FactMissingOptional {
			for _, value := range f.Values {
				list = append(list, w.t("match.missing."+string(f.Code), w.value(value)))
			}
		}
	}
	return list
}

// roundFrancs writes EUR cents in CFA francs, rounded to five: a cent is more
// than six francs, and what is stated in francs is to read as it was stated.
func (w words) roundFrancs(cents int64) string {
	rate, ok := ref.RateOn(ref.XOF, latestRate)
	if !ok || cents > math.MaxInt64/(4*rate.Den) {
		return w.francs(cents, latestRate)
	}
	fives := (2*cents*rate.Den + 500*rate.Num) / (1000 * rate.Num)
	return ref.Money{Amount: 5 * fives, Currency: ref.XOF}.Display(w.loc)
}

func (w words) values(values []match.Value) string { return joined(values, w.value) }

// value puts one typed value into words.
func (w words) value(x match.Value) string {
	switch x.Type {
	case match.StateValue:
		return w.code("openness", x.Code)
	case match.DateValue:
		return w.date(ref.Date(x.Code))
	case match.LanguageValue:
		return strings.TrimSpace(ref.Language(x.Code).Name(w.loc) + " " + ref.Level(x.Number).String())
	case match.EducationValue:
		return ref.EducationLevel(x.Number).Label(w.loc)
	case match.MonthsValue:
		return w.count("months", int(x.Number))
	case match.YearsValue:
		return w.count("years", int(x.Number))
	case match.LicenceValue:
		return ref.Licence(x.Code).Label(w.loc)
	case match.SkillValue:
		return ref.Skill(x.Code).Label(w.loc)
	case match.CountryValue:
		return ref.Country(x.Code).Name(w.loc)
	case match.KindValue:
		return ref.WorkKind(x.Code).Label(w.loc)
	case match.OccupationValue:
		return ref.Occupation(x.Code).Title(w.loc)
	case match.RecognitionValue:
		return w.t("match.recognised", ref.Occupation(x.Code).Title(w.loc), x.Country.Name(w.loc))
	case match.PayValue:
		return w.roundFrancs(x.Number)
	case match.LevelsValue:
		return w.count("levels", int(x.Number))
	}
	return x.Code
}

// change words what a person could change.
func (w words) change(c match.Change) string {
	switch c.Kind {
	case match.LearnLanguage:
		return w.t("match.change.language", ref.Language(c.Code).Name(w.loc), ref.Level(c.Level).String())
	case match.RaiseEducation:
		return w.t("match.change.education", ref.EducationLevel(c.Level).Label(w.loc))
	case match.AddCountry:
		return w.t("match.change.country", ref.Country(c.Code).Name(w.loc))
	case match.AddKind:
		return w.t("match.change.kind", ref.WorkKind(c.Code).Label(w.loc))
	case match.GetRecognition:
		return w.t("match.change.recognition", ref.Occupation(c.Code).Title(w.loc), c.Country.Name(w.loc))
	case match.GainExperience:
		return w.t("match.change.experience", w.count("months", int(c.Level)), ref.Occupation(c.Code).Title(w.loc))
	case match.GetLicence:
		return w.t("match.change.licence", ref.Licence(c.Code).Label(w.loc))
	}
	return string(c.Kind)
}

// gateLine is one condition of an offer beside what the person's profile says.
type gateLine struct {
	Label string
	Holds bool
	Text  string // what is compared; empty where nothing is asked for
}

// gateLines words the conditions of an explanation that ask for something.
func (w words) gateLines(gates []match.ExplainedGate) (lines []gateLine, all bool) {
	all = true
	for _, g := range gates {
		all = all && g.Holds
		line := gateLine{Label: w.code("gate", g.Code), Holds: g.Holds}
		if g.Code != match.OfferOpen && g.Code != match.CorridorOpen {
			line.Text = w.compared(g.Compared)
		}
		if line.Text != "" || !g.Holds {
			lines = append(lines, line)
		}
	}
	return lines, all
}

// compared words what is asked for and what the profile says.
func (w words) compared(all []match.Comparison) string {
	var parts []string
	for _, c := range all {
		want, have := w.value(c.Want), w.values(c.Have)
		switch {
		case want == "" || c.Want.Type == match.StateValue || c.Want.Code == "" && c.Want.Number == 0:
		case have == "" && c.Holds:
			parts = append(parts, w.t("match.compared.any", want))
		case have == "":
			parts = append(parts, w.t("match.compared.none", want))
		default:
			parts = append(parts, w.t("match.compared", want, have))
		}
	}
	return strings.Join(parts, " – ")
}
