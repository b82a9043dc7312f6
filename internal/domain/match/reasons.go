package match

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// facts gives what a component's share came from; a fact without values is
// left out.
func facts(code ComponentCode, o *Offer, p *Profile) []Fact {
	switch code {
	case OccupationShare:
		return occupationFacts(o, p)
	case SkillsShare:
		return skillFacts(o, p)
	case LanguagesShare:
		return languageFacts(o, p)
	case ExperienceShare:
		return []Fact{
			{FactRelevant, []Value{number(MonthsValue, p.RelevantMonths(o.Occupation))}},
			{FactFull, []Value{number(MonthsValue, o.MinMonths+skilledMonths)}},
		}
	case SalaryShare:
		return salaryFacts(o, p)
	default:
		return educationFacts(o, p)
	}
}

func occupationFacts(o *Offer, p *Profile) []Fact {
	digits, own := p.closest(o.Occupation)
	if digits == 0 {
		return nil
	}
	return []Fact{{FactClosest, []Value{{Type: OccupationValue, Code: string(own), Number: int64(digits)}}}}
}

func skillFacts(o *Offer, p *Profile) []Fact {
	matched, missing := split(o.RequiredSkills, p.Skills)
	welcome, lacking := split(o.OptionalSkills, p.Skills)
	_, extra := split(p.Skills, slices.Concat(o.RequiredSkills, o.OptionalSkills))
	return told(
		Fact{FactMatched, codes(SkillValue, matched)}, Fact{FactMissing, codes(SkillValue, missing)},
		Fact{FactMatchedOptional, codes(SkillValue, welcome)}, Fact{FactMissingOptional, codes(SkillValue, lacking)},
		Fact{FactExtra, codes(SkillValue, extra)})
}

// split parts asked into what is had and what is not.
func split(asked, had []ref.Skill) (found, missing []ref.Skill) {
	for _, s := range asked {
		if slices.Contains(had, s) {
			found = append(found, s)
		} else {
			missing = append(missing, s)
		}
	}
	return found, missing
}

// languageFacts shows met requirements with the person's level, unmet ones
// with the required level, and the other languages the person speaks.
func languageFacts(o *Offer, p *Profile) []Fact {
	matched, missing, extra := Fact{Code: FactMatched}, Fact{Code: FactMissing}, Fact{Code: FactExtra}
	asked := map[ref.Language]bool{}
	for _, need := range o.Languages {
		asked[need.Code] = true
		if level := p.LevelOf(need.Code); level >= need.Level {
			matched.Values = append(matched.Values, language(Language{Code: need.Code, Level: level}))
		} else {
			missing.Values = append(missing.Values, language(need))
		}
	}
	for _, l := range p.Languages {
		if !asked[l.Code] {
			extra.Values = append(extra.Values, language(l))
		}
	}
	return told(matched, missing, extra)
}

func salaryFacts(o *Offer, p *Profile) (found []Fact) {
	if o.PayKnown {
		found = append(found, Fact{FactPay, []Value{number(PayValue, o.PayCents)}})
	}
	if p.MinPayCents > 0 {
		found = append(found, Fact{FactLeast, []Value{number(PayValue, p.MinPayCents)}})
	}
	return found
}

// educationFacts says how many levels above a stated minimum the person is.
func educationFacts(o *Offer, p *Profile) []Fact {
	found := []Fact{{FactLevel, []Value{number(EducationValue, int64(p.Education))}}}
	if o.Education == 0 {
		return found
	}
	found = append(found, Fact{FactMinimum, []Value{number(EducationValue, int64(o.Education))}})
	if above := int64(p.Education - o.Education); above > 0 {
		found = append(found, Fact{FactOverqualified, []Value{number(LevelsValue, above)}})
	}
	return found
}

func told(all ...Fact) []Fact {
	return slices.DeleteFunc(all, func(f Fact) bool { return len(f.Values) == 0 })
}
