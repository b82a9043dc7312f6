package offer

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; audit entries use "offer." before them.
const (
	ActSubmit   = "submit"
	ActReturn   = "return"
	ActRefuse   = "refuse"
	ActAnswer   = "answer"
	ActEdit     = "edit"
	ActApprove  = "approve"
	ActPublish  = "publish"
	ActSuspend  = "suspend"
	ActReopen   = "reopen"
	ActFill     = "fill"
	ActFree     = "free"
	ActClose    = "close"
	ActWithdraw = "withdraw"
	ActExpire   = "expire"
	ActObject   = "object" // changes no state
)

// States lists every state in the order of a file's life.
func States() []State {
	return []State{Draft, Submitted, Refused, Approved, Published, Suspended, Filled, Closed, Withdrawn, Expired}
}

// Transitions gives the complete table. The steps up to publish are also
// walked by the next version of a published offer, while the offer itself
// stays published. Closed, withdrawn and expired are final. The system submits
// only when an official approves a whole import.
func Transitions() lifecycle.Table[State] {
	agency, official, system := []account.Role{account.Agency}, []account.Role{account.Official}, []account.Role{account.System}
	return lifecycle.Table[State]{
		{Action: ActSubmit, From: []State{Draft}, To: Submitted, By: []account.Role{account.Agency, account.System}},
		{Action: ActReturn, From: []State{Submitted, Approved}, To: Draft, By: official},
		{Action: ActRefuse, From: []State{Submitted}, To: Refused, By: official},
		{Action: ActAnswer, From: []State{Refused}, To: Draft, By: agency},
		{Action: ActEdit, From: []State{Draft, Approved}, To: Draft, By: []account.Role{account.Agency, account.Official}},
		{Action: ActApprove, From: []State{Submitted}, To: Approved, By: official},
		{Action: ActPublish, From: []State{Approved}, To: Published, By: official},
		{Action: ActSuspend, From: []State{Published}, To: Suspended, By: []account.Role{account.Official, account.System}},
		{Action: ActReopen, From: []State{Suspended}, To: Published, By: []account.Role{account.Official, account.System}},
		{Action: ActFill, From: []State{Published}, To: Filled, By: system},
		{Action: ActFree, From: []State{Filled}, To: Published, By: system},
		{Action: ActClose, From: []State{Published, Suspended, Filled}, To: Closed, By: []account.Role{account.Agency, account.Official}},
		{Action: ActWithdraw, From: []State{Draft, Submitted, Refused, Approved, Published, Suspended, Filled}, To: Withdrawn, By: agency},
		{Action: ActExpire, From: []State{Published, Suspended}, To: Expired, By: system},
	}
}

// InForce reports whether an offer in this state has published terms that
// still bind: published, suspended or filled.
func (s State) InForce() bool { return s == Published || s == Suspended || s == Filled }

// Shown reports whether the public may read an offer in this state. A
// suspended or withdrawn offer is hidden at once.
func (s State) Shown() bool { return s == Published || s == Filled || s == Closed || s == Expired }
