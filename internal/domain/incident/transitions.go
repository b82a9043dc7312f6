package incident

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; audit entries use "incident." before
// them. The first insert is ActReport.
const (
	ActReport  = "report"
	ActTriage  = "triage"
	ActTakeOn  = "take_on"
	ActRefer   = "refer"
	ActResolve = "resolve"
	ActDismiss = "dismiss"
	ActReopen  = "reopen"
)

// States lists every state in the order of a case's life.
func States() []State {
	return []State{Received, Triaged, InProgress, Referred, Resolved, Unfounded, Reopened}
}

// Transitions gives the complete table. The reporter's word on a closed case
// reopens it, as a consequence.
func Transitions() lifecycle.Table[State] {
	official := []account.Role{account.Official}
	open := []State{Triaged, InProgress, Referred}
	return lifecycle.Table[State]{
		{Action: ActTriage, From: []State{Received, Reopened}, To: Triaged, By: official},
		{Action: ActTakeOn, From: []State{Triaged}, To: InProgress, By: official},
		{Action: ActRefer, From: open, To: Referred, By: official},
		{Action: ActResolve, From: open, To: Resolved, By: official},
		{Action: ActDismiss, From: open, To: Unfounded, By: official},
		{Action: ActReopen, From: []State{Resolved, Unfounded}, To: Reopened, By: []account.Role{account.Official, account.System}},
	}
}
