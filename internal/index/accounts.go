package index

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
)

// PutAccount takes in an account as it was stored.
func (ix *Index) PutAccount(a *account.Account) {
	row := &line[account.Card]{place{"", string(a.ID)}, a.Card()}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.logOut(a.ID)
	ix.accounts.put(a.ID, row)
	for _, login := range []string{a.Email, a.Phone} {
		if login != "" {
			ix.logins[login] = a.ID
		}
	}
	ix.outbox(Accounts, string(a.ID), a.Pending)
}

// DropAccount forgets an account.
func (ix *Index) DropAccount(id account.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.logOut(id)
	ix.accounts.drop(id)
	ix.outbox(Accounts, string(id), nil)
}

// logOut forgets the logins the account had.
func (ix *Index) logOut(id account.ID) {
	row, ok := ix.accounts.get(id)
	if !ok {
		return
	}
	for _, login := range []string{row.card.Email, row.card.Phone} {
		if ix.logins[login] == id {
			delete(ix.logins, login)
		}
	}
}

// AccountCard finds one card, whatever its state.
func (ix *Index) AccountCard(id account.ID) (account.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.accounts.get(id); ok {
		return row.card, true
	}
	return account.Card{}, false
}

// AccountByLogin finds the account with that e-mail address or phone number,
// in normal form.
func (ix *Index) AccountByLogin(login string) (account.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if id, ok := ix.logins[login]; ok && login != "" {
		row, found := ix.accounts.get(id)
		if found {
			return row.card, true
		}
	}
	return account.Card{}, false
}

// Accounts lists the cards the query's scope sees, ordered by id. A position
// that no page gave leads to an empty one.
func (ix *Index) Accounts(q account.Query) listing.Result[account.Card] {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return pageOrNone(ix.accounts.rows, q.Page, func(c *account.Card) bool { return q.Matches(*c) })
}
