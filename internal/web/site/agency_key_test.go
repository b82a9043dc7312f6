package site

import (
	"net/url"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
)

// storiedKeys is a page of keys in every state, with a form that failed.
func (v *visit) storiedKeys() *agencyKeysPage {
	page := &agencyKeysPage{Back: tab{Href: ownAgency, Label: hostile}, Form: v.agencyKeyForm(url.Values{"name": {hostile}, "scopes": {"offers.read"}})}
	v.correct(page.Form, fault.New(fault.Invalid, "agency.key.invalid", fault.Field{Pointer: "/expires", Code: "agency.key.expires", Args: []string{"366"}}))
	asked := *v
	asked.actor = account.Actor{Account: "acc_1", Role: account.Agency, Agency: "agy_1"}
	for _, k := range []agency.Key{
		{ID: "key_1", Name: hostile, Prefix: "pas_1", Scopes: account.KeyScopes(), Expires: "2027-01-01", UsedAt: testNow},
		{ID: "key_2", Name: "b", Prefix: "pas_2", Expires: "2027-01-01", RevokedAt: testNow}, {ID: "key_3", Name: "c", Prefix: "pas_3", Expires: "2026-01-01"},
	} {
		page.Items = append(page.Items, asked.agencyKeyLine(k, agencyKeysPath))
	}
	return page
}
