package agency

// DecisionDays says within how many working days officials decide on an agency
// in that state; 0 = nobody waits for them. To be confirmed by the ministry.
func DecisionDays(s State) int {
	switch s {
	case Applied:
		return 15
	case Vetted:
		return 5
	}
	return 0
}
