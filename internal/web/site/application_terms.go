package site

import (
	"slices"
	"strconv"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// changeLine is one condition that changed; Before or After is empty where
// nothing was said.
type changeLine struct{ Label, Before, After string }

// changeLines words the differences between the terms applied to and those in
// force. What reads the same is no difference for a person, and an employer is
// told once, by name.
func (v *visit) changeLines(c application.TermsChange) (lines []changeLine) {
	for _, x := range c.Changes {
		line := changeLine{v.changedLabel(x.Field), v.changedValue(x.Field, c.Before), v.changedValue(x.Field, c.After)}
		if line.Before != line.After && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// changedLabel names a condition of an offer, as its page does.
func (v *visit) changedLabel(name string) string {
	labels := map[string]string{
		"title": "draft.title", "description": "draft.description", "places": "term.places", "languages": "term.languages", "education": "term.education",
		"experienceMonths": "term.experience", "requiredSkills": "term.skills", "optionalSkills": "term.welcome", "licences": "term.licences",
		"minAge": "term.age", "regulated": "term.regulated", "deadline": "draft.deadline", "payText": "term.pay", "employerName": "term.employer",
	}
	if key, ok := labels[name]; ok {
		return v.t(key)
	}
	return v.termLabel(name)
}

// changedValue writes one condition of an offer; nothing where it is not
// stated.
func (v *visit) changedValue(name string, t offer.Terms) string {
	switch name {
	case "title":
		return t.Title
	case "description":
		return t.Description
	case "places":
		return strconv.Itoa(t.Places)
	case "deadline":
		return v.date(t.Deadline)
	case "payText":
		return t.PayText
	case "employerName":
		return v.termValue("employer", t)
	case "regulated":
		if t.Regulated {
			return v.t("term.regulated.yes")
		}
		return ""
	}
	return v.askedValue(name, t)
}

// askedValue writes what an offer asks of people, or any other condition.
func (v *visit) askedValue(name string, t offer.Terms) string {
	switch {
	case name == "languages":
		return v.needs(t.Languages)
	case name == "education" && t.Education > 0:
		return t.Education.Label(v.loc)
	case name == "experienceMonths":
		return v.months(t.ExperienceMonths)
	case name == "requiredSkills":
		return joined(t.RequiredSkills, func(s ref.Skill) string { return s.Label(v.loc) })
	case name == "optionalSkills":
		return joined(t.OptionalSkills, func(s ref.Skill) string { return s.Label(v.loc) })
	case name == "licences":
		return joined(t.Licences, func(l ref.Licence) string { return l.Label(v.loc) })
	case name == "minAge" && t.MinAge > 0:
		return v.count("years", t.MinAge)
	}
	return v.termValue(name, t)
}
