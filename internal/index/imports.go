package index

import (
	"maps"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
)

// PutImport takes in an import's record as it was stored.
func (ix *Index) PutImport(i *intake.Import) {
	row := &line[intake.Import]{place{newestFirst(i.CreatedAt), string(i.ID)}, *i}
	row.card.Pending = nil
	row.card.Codes, row.card.Batch.Reasons = maps.Clone(i.Codes), maps.Clone(i.Batch.Reasons)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.imports.put(i.ID, row)
	ix.outbox(Imports, string(i.ID), i.Pending)
}

// DropImport forgets an import.
func (ix *Index) DropImport(id intake.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.imports.drop(id)
	ix.outbox(Imports, string(id), nil)
}

// ImportCard finds one import's record; its maps are read only.
func (ix *Index) ImportCard(id intake.ID) (intake.Import, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.imports.get(id); ok {
		return row.card, true
	}
	return intake.Import{}, false
}

// SearchImports gives a page of the imports the query's scope sees, newest
// first; their maps are read only. A position that no page gave is a Syntax
// fault "cursor".
func (ix *Index) SearchImports(q intake.Query) (listing.Result[intake.Import], error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return pageOf(ix.imports.rows, listing.Page{Limit: q.Limit, After: q.After}, func(i *intake.Import) bool {
		return (q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == i.Agency) && (q.Kind == "" || q.Kind == i.Kind)
	})
}
