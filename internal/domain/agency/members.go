package agency

import (
	"context"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Accounts is Members on the account room.
type Accounts struct {
	Service *account.Service
	Store   account.Store
	Phone   func(string) (string, error) // E.164 form of a phone number, or Invalid
}

// Join makes the account a member of the agency; see Members.
func (m Accounts) Join(ctx context.Context, id account.ID, agency string) error {
	_, err := m.Service.Join(ctx, account.SystemActor(), id, agency)
	return err
}

// Applicant finds an account that may become a member; see Members.
func (m Accounts) Applicant(ctx context.Context, login, agency string) (account.ID, error) {
	absent := fault.New(fault.NotFound, "account.not_found")
	id, err := m.identifier(login)
	if err != nil {
		return "", absent.Because(err)
	}
	a, err := m.Store.ByLogin(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return "", absent.Because(err)
	case err != nil:
		return "", err
	case a.Role != account.Agency || a.State != account.Active || a.Agency != "" && a.Agency != agency:
		return "", absent
	}
	return a.ID, nil
}

// Tell leaves a notice for the account's owner; see Members.
func (m Accounts) Tell(ctx context.Context, id account.ID, template string, args map[string]string) error {
	return m.Service.Tell(ctx, account.SystemActor(), id, template, args)
}

func (m Accounts) identifier(login string) (account.Identifier, error) {
	if strings.Contains(login, "@") {
		email, err := account.ParseEmail(login)
		return account.Identifier{Kind: account.ByEmail, Value: email}, err
	}
	phone, err := m.Phone(login)
	return account.Identifier{Kind: account.ByPhone, Value: phone}, err
}
