package account

import (
	"slices"
	"strings"
)

// KeyScope names what a program may do with an agency's API key, beside what
// needs no account at all.
type KeyScope string

// The scopes of keys.
const (
	ScopeReadOffers KeyScope = "offers.read"  // the agency's own offers, findings and employers
	ScopeOffers     KeyScope = "offers.write" // draft, change, submit, withdraw and close them as well
	ScopeImports    KeyScope = "imports.write"
	ScopePeople     KeyScope = "applications.read" // anonymous matches and applications
	ScopePlacements KeyScope = "placements.read"
)

// KeyScopes lists the scopes in the order shown.
func KeyScopes() []KeyScope {
	return []KeyScope{ScopeReadOffers, ScopeOffers, ScopeImports, ScopePeople, ScopePlacements}
}

// Permissions lists what a scope adds; nothing for an unknown one.
func (s KeyScope) Permissions() []Permission {
	switch s {
	case ScopeReadOffers:
		return []Permission{"offer.lint", "employer.read"}
	case ScopeOffers:
		return []Permission{"offer.lint", "employer.read", "offer.create", "offer.update", "offer.submit", "offer.withdraw", "offer.close"}
	case ScopeImports:
		return []Permission{"import.create", "import.read"}
	case ScopePeople:
		return []Permission{"offer.matches", "application.read", "profile.read", "match.explain"}
	case ScopePlacements:
		return []Permission{"placement.read"}
	}
	return nil
}

// JoinScopes writes scopes as an Actor holds them.
func JoinScopes(scopes []KeyScope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, " ")
}

// withinKey reports whether the actor's key, if it acts by one, reaches to the
// permission.
func (a Actor) withinKey(p Permission) bool {
	if a.Key == "" {
		return true
	}
	return slices.ContainsFunc(strings.Fields(a.Scopes), func(s string) bool {
		return slices.Contains(KeyScope(s).Permissions(), p)
	})
}
