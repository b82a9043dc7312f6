package placement

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// Calendar tells working days: Monday to Friday less a dated table of
// holidays. The zero value knows no holidays.
type Calendar struct{ holidays map[ref.Date]bool }

// NewCalendar makes a calendar with those holidays.
func NewCalendar(holidays ...ref.Date) Calendar {
	c := Calendar{holidays: make(map[ref.Date]bool, len(holidays))}
	for _, d := range holidays {
		c.holidays[d] = true
	}
	return c
}

// Working reports whether the ministry works that day.
func (c Calendar) Working(d ref.Date) bool {
	switch d.Time().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !c.holidays[d]
}

// After gives the end of the n-th working day after the moment: a clock of one
// day started on a Friday runs until Monday midnight.
func (c Calendar) After(from time.Time, n int) time.Time {
	day := ref.DateOf(from)
	for n > 0 {
		day = day.AddDays(1)
		if c.Working(day) {
			n--
		}
	}
	return day.AddDays(1).Time()
}

// Clock is what a state is waiting for: who has to act, what is next, and
// within how many working days; 0 days = no clock.
type Clock struct {
	State  State
	Owner  account.Role
	Action string // label below "placement_next."
	Days   int
}

// Clocks gives the clock of every state that waits for somebody. Periods are
// to be confirmed by the ministry.
func Clocks() []Clock {
	return []Clock{
		{Opened, account.Agency, "propose_contract", 10},
		{ContractProposed, account.Candidate, "decide_contract", 10},
		{ContractAccepted, account.Agency, "complete_checklist", 20},
		{UnderReview, account.Official, "review", 5},
		{Refused, account.Agency, "answer_refusal", 15},
		{Cleared, account.Agency, "record_departure", 30},
		{Departed, account.Agency, "record_arrival", 3},
		{Arrived, account.Candidate, "state_arrival_contract", 10},
		{InPost, account.Candidate, "check_in", 0},
		{Transferred, account.Official, "decide_transfer", 10},
		{Completed, account.Candidate, "record_return", 30},
		{EndedEarly, account.Official, "record_return", 10},
	}
}

// ClockOf gives the clock of a state; false for a state that waits for nobody.
func ClockOf(s State) (Clock, bool) {
	for _, c := range Clocks() {
		if c.State == s {
			return c, true
		}
	}
	return Clock{}, false
}
