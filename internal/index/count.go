package index

// Counts gives the number of records of each kind, to be compared with the
// store.
func (ix *Index) Counts() map[Noun]int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return map[Noun]int{
		Accounts: len(ix.accounts.rows), Agencies: len(ix.agencies.rows), Employers: len(ix.employers.rows),
		Corridors: len(ix.corridors), Offers: len(ix.offers), Profiles: len(ix.profiles.rows) + len(ix.erased),
		Applications: len(ix.applications.rows), Imports: len(ix.imports.rows),
		Placements: len(ix.placements.rows), Agreements: len(ix.agreements.rows), Acts: len(ix.acts.rows),
	}
}
