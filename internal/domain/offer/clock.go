package offer

// DecisionDays says within how many working days officials decide on an offer
// in that state; 0 = nobody waits for them. To be confirmed by the ministry.
func DecisionDays(s State) int {
	switch s {
	case Submitted:
		return 5
	case Approved:
		return 3
	}
	return 0
}
