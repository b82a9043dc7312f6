package placement

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/lifecycle"
)

// The actions of the transition table; audit entries use "placement." before
// them. The first insert is ActOpen.
const (
	ActOpen            = "open"
	ActPropose         = "propose_contract"
	ActDecline         = "decline_contract"
	ActAccept          = "accept_contract"
	ActComplete        = "complete_file"
	ActReturn          = "return"
	ActRefuse          = "refuse"
	ActAnswer          = "answer"
	ActClear           = "clear"
	ActRevoke          = "revoke"
	ActDepart          = "depart"
	ActArrive          = "arrive"
	ActTakeUp          = "take_up"
	ActTransfer        = "transfer"
	ActApproveTransfer = "approve_transfer"
	ActRejectTransfer  = "reject_transfer"
	ActFinish          = "finish"
	ActEndEarly        = "end_early"
	ActComeHome        = "come_home"
	ActStay            = "stay"
	ActRenew           = "renew"
	ActCancel          = "cancel"
)

// States lists every state in the order of a file's life.
func States() []State {
	return []State{Opened, ContractProposed, ContractAccepted, UnderReview, Refused, Cleared, Departed, Arrived,
		InPost, Transferred, Completed, EndedEarly, Returned, Stayed, Renewed, Cancelled}
}

// Transitions gives the complete table. A file goes back only where an
// official returns it, a person declines or a clearance is revoked.
func Transitions() lifecycle.Table[State] {
	candidate, agency := []account.Role{account.Candidate}, []account.Role{account.Agency}
	official, system := []account.Role{account.Official}, []account.Role{account.System}
	sides := []account.Role{account.Candidate, account.Agency, account.Official}
	before := []State{Opened, ContractProposed, ContractAccepted, UnderReview, Refused, Cleared}
	over := []State{Completed, EndedEarly}
	return lifecycle.Table[State]{
		{Action: ActPropose, From: []State{Opened, ContractProposed}, To: ContractProposed, By: agency},
		{Action: ActDecline, From: []State{ContractProposed}, To: Opened, By: candidate},
		{Action: ActAccept, From: []State{ContractProposed}, To: ContractAccepted, By: candidate},
		{Action: ActComplete, From: []State{ContractAccepted}, To: UnderReview, By: system},
		{Action: ActReturn, From: []State{UnderReview}, To: ContractProposed, By: official},
		{Action: ActRefuse, From: []State{UnderReview}, To: Refused, By: official},
		{Action: ActAnswer, From: []State{Refused}, To: UnderReview, By: []account.Role{account.Candidate, account.Agency}},
		{Action: ActClear, From: []State{UnderReview}, To: Cleared, By: official},
		{Action: ActRevoke, From: []State{Cleared}, To: UnderReview, By: official},
		{Action: ActDepart, From: []State{Cleared}, To: Departed, By: []account.Role{account.Agency, account.Official}},
		{Action: ActArrive, From: []State{Departed}, To: Arrived, By: sides},
		{Action: ActTakeUp, From: []State{Arrived}, To: InPost, By: system},
		{Action: ActTransfer, From: []State{InPost}, To: Transferred, By: agency},
		{Action: ActApproveTransfer, From: []State{Transferred}, To: InPost, By: official},
		{Action: ActRejectTransfer, From: []State{Transferred}, To: InPost, By: []account.Role{account.Candidate, account.Official}},
		{Action: ActFinish, From: []State{InPost, Transferred}, To: Completed, By: sides},
		{Action: ActEndEarly, From: []State{Departed, Arrived, InPost, Transferred}, To: EndedEarly, By: sides},
		{Action: ActComeHome, From: over, To: Returned, By: sides},
		{Action: ActStay, From: over, To: Stayed, By: sides},
		{Action: ActRenew, From: over, To: Renewed, By: []account.Role{account.Agency, account.Official}},
		{Action: ActCancel, From: before, To: Cancelled, By: []account.Role{account.Candidate, account.Agency, account.Official, account.System}},
	}
}

// Forward lists the actions that a hold stops.
func Forward() []string {
	return []string{ActPropose, ActAccept, ActComplete, ActClear, ActDepart, ActTakeUp, ActTransfer, ActApproveTransfer}
}
