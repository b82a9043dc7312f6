package placement

// ComparedFields lists the names of the lines a comparison of a contract with
// the offer can have.
func ComparedFields() []string {
	return []string{"occupation", "kind", "employer", "country", "region", "city", "start", "durationMonths", "hoursPerWeek", "daysPerWeek", "pay",
		"benefits.housing", "benefits.meals", "benefits.transport", "benefits.insurance", "benefits.flight", "deductions",
		"costs.visa", "costs.flight", "costs.medical", "costs.training", "costs.workerFee"}
}
