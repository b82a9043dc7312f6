package incident

import "slices"

// The categories that other rooms name.
const (
	ArrivalOverdue = "arrival_overdue"
	Other          = "other"
)

// Categories lists what an incident can be about.
func Categories() []string {
	return []string{"wages", "hours", "housing", "contract_substitution", "fee", "document_retention", "violence", "harassment",
		"confinement", "health_accident", "missing", "trafficking", "discrimination", ArrivalOverdue, Other}
}

// grave lists the categories in which a person's safety is at stake.
func grave() []string {
	return []string{"violence", "harassment", "confinement", "document_retention", "missing", "trafficking"}
}

// urgent reports a category that cannot wait although safety is not at stake.
func urgent(category string) bool { return category == "health_accident" || category == ArrivalOverdue }

// Indicators lists the ILO's eleven indicators of forced labour (2012).
func Indicators() []string {
	return []string{"abuse_of_vulnerability", "deception", "restriction_of_movement", "isolation", "physical_and_sexual_violence",
		"intimidation_and_threats", "retention_of_identity_documents", "withholding_of_wages", "debt_bondage",
		"abusive_working_and_living_conditions", "excessive_overtime"}
}

// alone lists the indicators one of which is enough; of the others two are.
func alone() []string {
	return []string{"restriction_of_movement", "physical_and_sexual_violence", "intimidation_and_threats",
		"retention_of_identity_documents", "debt_bondage"}
}

// Safety reports whether a category and indicators say that a person's safety
// is at stake.
func Safety(category string, indicators []string) bool {
	if slices.Contains(grave(), category) {
		return true
	}
	distinct := map[string]bool{}
	for _, have := range indicators {
		if slices.Contains(alone(), have) {
			return true
		}
		distinct[have] = true
	}
	return len(distinct) >= 2
}

// Outcomes lists the reasons for closing a case as resolved, or as unfounded.
func Outcomes(closed State) []string {
	switch closed {
	case Resolved:
		return []string{"settled", "paid", "moved", "returned_home", "person_safe", "prosecuted", "handed_over", "withdrawn", Other}
	case Unfounded:
		return []string{"no_facts", "mistaken", "duplicate", Other}
	}
	return nil
}
