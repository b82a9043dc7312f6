package application

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; audit entries use "application."
// before them. An invitation and a first application are inserts.
const (
	ActInvite    = "invite"
	ActApply     = "apply"
	ActAccept    = "accept"
	ActShortlist = "shortlist"
	ActInterview = "interview"
	ActWait      = "wait"
	ActSelect    = "select"
	ActRefuse    = "refuse"
	ActWithdraw  = "withdraw"
	ActClose     = "close"
)

// States lists every state in the order of a file's life.
func States() []State {
	return []State{Invited, Submitted, Shortlisted, Interviewed, Waiting, Selected, Refused, Withdrawn, Closed}
}

// Transitions gives the complete table. Steps may be skipped but not taken
// back, save that a person may be moved to the waiting list, also within it.
// Applying again reopens a file that had ended, and takes up an invitation.
func Transitions() lifecycle.Table[State] {
	candidate, agency := []account.Role{account.Candidate}, []account.Role{account.Agency}
	live := []State{Submitted, Shortlisted, Interviewed, Waiting, Selected}
	return lifecycle.Table[State]{
		{Action: ActApply, From: []State{Invited, Refused, Withdrawn, Closed}, To: Submitted, By: candidate},
		{Action: ActAccept, From: []State{Invited}, To: Submitted, By: candidate},
		{Action: ActShortlist, From: []State{Submitted}, To: Shortlisted, By: agency},
		{Action: ActInterview, From: []State{Submitted, Shortlisted}, To: Interviewed, By: agency},
		{Action: ActWait, From: live, To: Waiting, By: agency},
		{Action: ActSelect, From: []State{Submitted, Shortlisted, Interviewed, Waiting}, To: Selected, By: agency},
		{Action: ActRefuse, From: live, To: Refused, By: agency},
		{Action: ActWithdraw, From: live, To: Withdrawn, By: candidate},
		{Action: ActClose, From: live, To: Closed, By: []account.Role{account.System}},
	}
}
