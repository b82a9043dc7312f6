package site

import (
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// room is a part of the site for one role: an address and all below it.
type room struct {
	path string
	role account.Role
}

// rooms keep people to the pages written for them. Permissions are shared: a
// person, an agency and an official may all read one placement. A page is not:
// the officials' tells of risks, colleagues and reports by others, and a
// person's own speaks to "you". Who asks for a page of another room is refused,
// whatever permission it needs.
func rooms() []room {
	return []room{
		{"/travail", account.Official},
		{"/agence", account.Agency},
		{"/mes-offres", account.Candidate},
		{"/mes-candidatures", account.Candidate},
		{ownFiles, account.Candidate},
		{profilePath, account.Candidate},
		{"/administration", account.Admin},
		{observedPath, account.Observer},
	}
}

// roomOf gives the role an address is written for; none for pages several
// roles share.
func roomOf(path string) (account.Role, bool) {
	for _, r := range rooms() {
		if path == r.path || strings.HasPrefix(path, r.path+"/") {
			return r.role, true
		}
	}
	return "", false
}

// allowed fails for whoever lacks the permission, or asks for a page that is
// another role's.
func (v *visit) allowed() error {
	if err := v.actor.Require(v.route.permission); err != nil {
		return err
	}
	if role, ok := roomOf(v.route.path); ok && v.actor.Role != role {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	return nil
}
