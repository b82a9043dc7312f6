package app

import (
	"context"

	"passerelle/internal/auth"
	"passerelle/internal/web/site"
)

// buildSite adds the pages to the server.
func (a *App) buildSite(ctx context.Context, keys *auth.Keyring, cursorKey []byte) error {
	_, csrfKey, err := keys.Secret(ctx, auth.CSRF)
	if err != nil {
		return err
	}
	s := &a.services
	pages, err := site.New(site.Options{
		Server: a.server, Auth: s.auth, Offers: s.offers, Matches: s.matches, Applications: s.applications, Profiles: s.profiles,
		Agencies: s.agencies, Employers: s.employers, Corridors: s.corridors, Imports: s.imports, Accounts: s.accounts,
		CSRFKey: csrfKey, CursorKey: cursorKey, PublicURL: a.publicURL(), Demo: a.options.Demo, Now: a.clock.Now,
	})
	if err != nil {
		return err
	}
	pages.Mount()
	return nil
}
