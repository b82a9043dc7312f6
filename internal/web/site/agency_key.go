package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Where an agency's owner and administrators find its API keys.
const (
	agencyKeysPath  = "/agence/cles"
	foreignKeysPath = "/administration/agences"
)

// agencyKeysPage is an agency's API keys, and the form for a new one.
type agencyKeysPage struct {
	Back  tab
	Only  bool  // the visitor is a member, not the owner
	Form  *form // nil for administrators
	Items []agencyKeyLine
}

// agencyKeyLine is one key.
type agencyKeyLine struct {
	Name, Prefix, State string // State is "live", "revoked" or "expired"
	Scopes              []string
	Expires             ref.Date
	Used, Created       time.Time
	Turn, End           string // addresses; empty where it cannot be done
}

// agencySecretPage shows a key this once.
type agencySecretPage struct {
	Name, Secret, Back, Address string
	Expires                     ref.Date
	Turned                      bool // it took the place of an older secret
}

// agencyKeyPage asks to confirm the end of a key.
type agencyKeyPage struct {
	Item agencyKeyLine
	Form *form
	Back string
}

// keysAt gives the agency whose keys the address is about, and where they are.
func (v *visit) keysAt() (agency.ID, string) {
	if v.actor.Role == account.Admin {
		id := v.param("agence")
		return agency.ID(id), foreignKeysPath + "/" + url.PathEscape(id) + "/cles"
	}
	return agency.ID(v.actor.Agency), agencyKeysPath
}

func listAgencyKeys(v *visit) error {
	page, err := v.newAgencyKeysPage(nil)
	if err != nil {
		return err
	}
	return v.render("team/keys", page)
}

func (v *visit) newAgencyKeysPage(typed url.Values) (*agencyKeysPage, error) {
	id, at := v.keysAt()
	page := &agencyKeysPage{Back: tab{Href: ownAgency, Label: v.t("menu.agency")}}
	if v.actor.Role == account.Admin {
		page.Back = tab{Href: usersPath, Label: v.t("menu.users")}
	}
	keys, err := v.site.opts.Agencies.Keys(v.ctx, v.actor, id)
	if hasCode(err, "agency.key.owner") {
		page.Only = true
		return page, nil
	}
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		page.Items = append(page.Items, v.agencyKeyLine(k, at))
	}
	if v.actor.Role == account.Agency {
		page.Form = v.agencyKeyForm(typed)
	}
	return page, nil
}

func (v *visit) agencyKeyLine(k agency.Key, at string) agencyKeyLine {
	line := agencyKeyLine{Name: k.Name, Prefix: k.Prefix, State: "expired", Expires: k.Expires, Used: k.UsedAt, Created: k.CreatedAt}
	for _, s := range k.Scopes {
		line.Scopes = append(line.Scopes, v.code("key_scope", s))
	}
	switch {
	case !k.RevokedAt.IsZero():
		line.State = "revoked"
	case k.Live(v.site.opts.Now()):
		line.State = "live"
		here := at + "/" + url.PathEscape(string(k.ID))
		line.End = here + "/revocation"
		if v.actor.Role == account.Agency {
			line.Turn = here + "/renouvellements"
		}
	}
	return line
}

func (v *visit) agencyKeyForm(values url.Values) *form {
	var scopes []string
	for _, s := range account.KeyScopes() {
		scopes = append(scopes, string(s))
	}
	f := newForm(agencyKeysPath, v.t("apikey.make"), values)
	f.number()
	f.add(field{Name: "name", Label: v.t("apikey.name"), Hint: v.t("apikey.name.hint"), Max: 60, Required: true})
	f.add(field{Name: "scopes", Label: v.t("apikey.scopes"), Hint: v.t("apikey.scopes.hint"), Kind: "checks", Required: true, Options: v.codes("key_scope", scopes, "")})
	f.add(field{Name: "expires", Label: v.t("apikey.expires"), Hint: v.t("apikey.expires.hint"), Kind: "date", Required: true, Narrow: true})
	return f
}

// createAgencyKey shows the key in the answer itself, which nothing keeps,
// since it cannot be asked for again.
func createAgencyKey(v *visit) error {
	in := v.posted()
	var bad fault.List
	spec := agency.KeySpec{Name: in.Get("name"), Expires: readDate(in, "expires", &bad)}
	for _, s := range in["scopes"] {
		spec.Scopes = append(spec.Scopes, account.KeyScope(s))
	}
	id, at := v.keysAt()
	var made agency.Key
	secret, err := "", bad.Err("agency.key.invalid")
	if err == nil {
		err = v.once(func() (err error) {
			made, secret, err = v.site.opts.Agencies.CreateKey(v.ctx, v.actor, id, spec)
			return err
		})
	}
	if err != nil {
		page, pageErr := v.newAgencyKeysPage(in)
		if pageErr != nil || page.Form == nil {
			return err
		}
		return v.again(page.Form, err, "team/keys", page)
	}
	if secret == "" { // sent twice: it was shown
		v.redirect(at, "")
		return nil
	}
	return v.showSecret(made, secret, false)
}

func (v *visit) showSecret(k agency.Key, secret string, turned bool) error {
	v.gin.Header("Cache-Control", "no-store")
	return v.render("team/secret", agencySecretPage{Name: k.Name, Secret: secret, Back: agencyKeysPath, Address: v.site.opts.PublicURL + "/api/v1", Expires: k.Expires, Turned: turned})
}

func rotateAgencyKey(v *visit) error {
	id, _ := v.keysAt()
	turned, secret, err := v.site.opts.Agencies.RotateKey(v.ctx, v.actor, id, agency.KeyID(v.param("id")))
	if err != nil {
		return err
	}
	return v.showSecret(turned, secret, true)
}

// confirmAgencyKey asks before a key ends: programs that use it stop.
func confirmAgencyKey(v *visit) error {
	id, at := v.keysAt()
	keys, err := v.site.opts.Agencies.Keys(v.ctx, v.actor, id)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if string(k.ID) == v.param("id") && v.site.opts.Agencies.KeyLive(k) {
			line := v.agencyKeyLine(k, at)
			f := newForm(line.End, v.t("apikey.revoke"), nil)
			f.Danger = true
			return v.render("team/key", agencyKeyPage{Item: line, Form: f, Back: at})
		}
	}
	return fault.New(fault.NotFound, "agency.key.not_found")
}

func revokeAgencyKey(v *visit) error {
	id, at := v.keysAt()
	if _, err := v.site.opts.Agencies.RevokeKey(v.ctx, v.actor, id, agency.KeyID(v.param("id"))); err != nil {
		return err
	}
	v.redirect(at, "flash.apikey.revoked")
	return nil
}

// agencyKeyRoutes are the pages of an agency's keys.
func agencyKeyRoutes(get, post maker) []route {
	const foreign, keys = foreignKeysPath + "/:agence/cles", account.Permission("agency.keys")
	return []route{
		get(agencyKeysPath, keys, listAgencyKeys),
		post(agencyKeysPath, keys, createAgencyKey),
		post(agencyKeysPath+"/:id/renouvellements", keys, rotateAgencyKey),
		get(agencyKeysPath+"/:id/revocation", keys, confirmAgencyKey),
		post(agencyKeysPath+"/:id/revocation", keys, revokeAgencyKey),
		get(foreign, keys, listAgencyKeys),
		get(foreign+"/:id/revocation", keys, confirmAgencyKey),
		post(foreign+"/:id/revocation", keys, revokeAgencyKey),
	}
}
