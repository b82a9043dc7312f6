package employer

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; Decision.Action uses the same words.
const (
	ActAccredit = "accredit"
	ActRefuse   = "refuse"
	ActBar      = "bar"
	ActReopen   = "reopen"
	ActCorrect  = "correct" // a refused file is changed: it is declared anew
)

// ProposalPrefix is put before the action that the first of two officials proposes.
const ProposalPrefix = "propose-"

// States lists every state in the order of a file's life.
func States() []State { return []State{Declared, Accredited, Refused, Barred} }

// Transitions gives the complete table. Barring and reopening take two
// officials: the first one's act leaves the state as it is.
func Transitions() lifecycle.Table[State] {
	official := []account.Role{account.Official}
	return lifecycle.Table[State]{
		{Action: ActAccredit, From: []State{Declared}, To: Accredited, By: official},
		{Action: ActRefuse, From: []State{Declared}, To: Refused, By: official},
		{Action: ActCorrect, From: []State{Refused}, To: Declared, By: []account.Role{account.Agency, account.Official}},
		{Action: ProposalPrefix + ActBar, From: []State{Accredited}, To: Accredited, By: official},
		{Action: ActBar, From: []State{Accredited}, To: Barred, By: official},
		{Action: ProposalPrefix + ActReopen, From: []State{Barred}, To: Barred, By: official},
		{Action: ActReopen, From: []State{Barred}, To: Declared, By: official},
	}
}
