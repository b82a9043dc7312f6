package match

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// ValueType says how a Value is to be read and worded.
type ValueType string

// The types of values.
const (
	StateValue       ValueType = "state"       // Code "open" or "closed", "visible" or "hidden"
	DateValue        ValueType = "date"        // Code is the date
	LanguageValue    ValueType = "language"    // Code is the language, Number the CEFR level 0–6
	EducationValue   ValueType = "education"   // Number is the ISCED level 0–8
	MonthsValue      ValueType = "months"      // Number of months
	YearsValue       ValueType = "years"       // Number of completed years
	LicenceValue     ValueType = "licence"     // Code of the licence
	SkillValue       ValueType = "skill"       // Code of the skill
	CountryValue     ValueType = "country"     // Code of the country
	KindValue        ValueType = "kind"        // Code of the kind of work
	OccupationValue  ValueType = "occupation"  // Code of the occupation, Number of digits shared
	RecognitionValue ValueType = "recognition" // Code is the 3-digit group, Country where it is recognised
	PayValue         ValueType = "pay"         // Number of EUR cents, gross, a month
	LevelsValue      ValueType = "levels"      // Number of levels
)

// Value is one typed value of a comparison or a fact; pages word it.
type Value struct {
	Type    ValueType
	Code    string
	Country ref.Country
	Number  int64
}

// Comparison is what an offer asks beside what the person has. Have is empty
// where the person states nothing about it.
type Comparison struct {
	Want  Value
	Have  []Value
	Holds bool
}

// ExplainedGate is one gate with its outcome and the values compared: one
// comparison per thing asked, none where the offer asks nothing.
type ExplainedGate struct {
	Code     GateCode
	Holds    bool
	Compared []Comparison
}

// FactCode names what a fact says about a component.
type FactCode string

// The facts.
const (
	FactClosest         FactCode = "closest"          // occupation of the person nearest the offer's
	FactMatched         FactCode = "matched"          // required and had
	FactMissing         FactCode = "missing"          // required and not had
	FactMatchedOptional FactCode = "matched_optional" // welcome and had
	FactMissingOptional FactCode = "missing_optional" // welcome and not had
	FactExtra           FactCode = "extra"            // had and not asked for
	FactRelevant        FactCode = "relevant"         // months of relevant work
	FactFull            FactCode = "full"             // months that earn the full share
	FactPay             FactCode = "pay"              // normalised pay of the offer
	FactLeast           FactCode = "least"            // the person's minimum pay
	FactLevel           FactCode = "level"            // the person's education
	FactMinimum         FactCode = "minimum"          // education asked for
	FactOverqualified   FactCode = "overqualified"    // by n levels
)

// Fact is something a component's share came from.
type Fact struct {
	Code   FactCode
	Values []Value
}

// ExplainedComponent is one component with the facts it came from.
type ExplainedComponent struct {
	Component
	Facts []Fact
}

// Explanation says why a pair is or is not a match, and where every point of
// its score comes from: the contributions sum exactly to Score.
type Explanation struct {
	Offer      string
	Profile    string
	Direction  Direction
	Weights    string // version of the weights
	Today      ref.Date
	Eligible   bool // in that direction
	Score      int64
	Gates      []ExplainedGate // visible only from offer to profiles
	Components []ExplainedComponent
}

// Explain says of one pair everything the definition does.
func Explain(o *Offer, p *Profile, w Weights, d Direction, today ref.Date) Explanation {
	result := Evaluate(o, p, w, today)
	e := Explanation{Offer: o.ID, Profile: p.ID, Direction: d, Weights: w.Version(), Today: today,
		Eligible: result.EligibleIn(d), Score: result.Score}
	for _, g := range result.Gates {
		if g.Code != Visible || d == ToProfiles {
			e.Gates = append(e.Gates, ExplainedGate{Code: g.Code, Holds: g.Holds, Compared: compared(g.Code, o, p, today)})
		}
	}
	for _, c := range result.Components {
		e.Components = append(e.Components, ExplainedComponent{Component: c, Facts: facts(c.Code, o, p)})
	}
	return e
}

// compared gives what a gate looked at.
func compared(code GateCode, o *Offer, p *Profile, today ref.Date) []Comparison {
	switch code {
	case OfferOpen:
		return openness(o, today)
	case CorridorOpen:
		return one(state("open"), Holds(code, o, p, today), state(openWord(Holds(code, o, p, today))))
	case Languages:
		return languageComparisons(o, p)
	case Education:
		return one(number(EducationValue, int64(o.Education)), p.Education >= o.Education, number(EducationValue, int64(p.Education)))
	case Months:
		months := p.RelevantMonths(o.Occupation)
		return one(number(MonthsValue, o.MinMonths), months >= o.MinMonths, number(MonthsValue, months))
	case Licences:
		return licenceComparisons(o, p)
	case Destination:
		return one(coded(CountryValue, o.Country), Holds(code, o, p, today), codes(CountryValue, p.Countries)...)
	case Kind:
		return one(coded(KindValue, o.Kind), Holds(code, o, p, today), codes(KindValue, p.Kinds)...)
	case Availability:
		return one(coded(DateValue, o.Start), Holds(code, o, p, today), known(p.AvailableFrom)...)
	case Age:
		return ageComparison(o, p, today)
	case Recognised:
		return recognitionComparison(o, p)
	default:
		word := "hidden"
		if p.Visible {
			word = "visible"
		}
		return one(state("visible"), p.Visible, state(word))
	}
}

func openness(o *Offer, today ref.Date) []Comparison {
	found := one(state("open"), o.Open, state(openWord(o.Open)))
	if o.Deadline.Known() {
		found = append(found, one(coded(DateValue, o.Deadline), today <= o.Deadline, coded(DateValue, today))...)
	}
	return found
}

func languageComparisons(o *Offer, p *Profile) (found []Comparison) {
	for _, need := range o.Languages {
		level := p.LevelOf(need.Code)
		c := Comparison{Want: language(need), Holds: level >= need.Level}
		if level > ref.NoLevel {
			c.Have = []Value{language(Language{Code: need.Code, Level: level})}
		}
		found = append(found, c)
	}
	return found
}

func licenceComparisons(o *Offer, p *Profile) (found []Comparison) {
	for _, code := range o.Licences {
		c := Comparison{Want: coded(LicenceValue, code), Holds: slices.Contains(p.Licences, code)}
		if c.Holds {
			c.Have = []Value{c.Want}
		}
		found = append(found, c)
	}
	return found
}

func ageComparison(o *Offer, p *Profile, today ref.Date) []Comparison {
	want := number(YearsValue, int64(o.requiredAge()))
	years, ok := p.BirthDate.AgeOn(o.ageDay(today))
	if !ok {
		return one(want, false)
	}
	return one(want, years >= o.requiredAge(), number(YearsValue, int64(years)))
}

// recognitionComparison shows the person's recognitions for that group,
// wherever they hold.
func recognitionComparison(o *Offer, p *Profile) []Comparison {
	if !o.Regulated {
		return nil
	}
	need, have := o.Recognition(), []Value(nil)
	for _, r := range p.Recognitions {
		if r.Group == need.Group {
			have = append(have, recognition(r))
		}
	}
	return one(recognition(need), slices.Contains(p.Recognitions, need), have...)
}

func one(want Value, holds bool, have ...Value) []Comparison {
	return []Comparison{{Want: want, Have: have, Holds: holds}}
}

func openWord(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

func state(word string) Value                    { return Value{Type: StateValue, Code: word} }
func number(t ValueType, n int64) Value          { return Value{Type: t, Number: n} }
func coded[C ~string](t ValueType, code C) Value { return Value{Type: t, Code: string(code)} }

func language(l Language) Value {
	return Value{Type: LanguageValue, Code: string(l.Code), Number: int64(l.Level)}
}

func recognition(r Recognition) Value {
	return Value{Type: RecognitionValue, Code: string(r.Group), Country: r.Country}
}

func codes[C ~string](t ValueType, list []C) (values []Value) {
	for _, code := range list {
		values = append(values, coded(t, code))
	}
	return values
}

func known(d ref.Date) []Value {
	if !d.Known() {
		return nil
	}
	return []Value{coded(DateValue, d)}
}
