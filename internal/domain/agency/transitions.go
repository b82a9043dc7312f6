package agency

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; Decision.Action uses the same words.
const (
	ActVet      = "vet"
	ActRefuse   = "refuse"
	ActActivate = "activate"
	ActSuspend  = "suspend"
	ActReopen   = "reopen"
	ActExpire   = "expire"
	ActReapply  = "reapply"
	ActRevise   = "revise" // the legal facts of a vetted agency change: vetting starts again
	ActWithdraw = "withdraw"
)

// States lists every state in the order of a file's life.
func States() []State {
	return []State{Applied, Refused, Vetted, Active, Suspended, Expired, Withdrawn}
}

// Kinds lists every kind of agency in the order shown.
func Kinds() []Kind { return []Kind{Private, PublicNational, ForeignPublicService} }

// Transitions gives the complete table. Withdrawn is final.
func Transitions() lifecycle.Table[State] {
	official, agency := []account.Role{account.Official}, []account.Role{account.Agency}
	return lifecycle.Table[State]{
		{Action: ActVet, From: []State{Applied}, To: Vetted, By: official},
		{Action: ActRefuse, From: []State{Applied}, To: Refused, By: official},
		{Action: ActActivate, From: []State{Vetted}, To: Active, By: official},
		{Action: ActSuspend, From: []State{Active}, To: Suspended, By: official},
		{Action: ActReopen, From: []State{Suspended}, To: Active, By: official},
		{Action: ActExpire, From: []State{Active}, To: Expired, By: []account.Role{account.System}},
		{Action: ActReapply, From: []State{Refused, Expired}, To: Applied, By: agency},
		{Action: ActRevise, From: []State{Vetted}, To: Applied, By: agency},
		{Action: ActWithdraw, From: []State{Applied, Refused, Vetted, Active, Suspended, Expired}, To: Withdrawn, By: agency},
	}
}
