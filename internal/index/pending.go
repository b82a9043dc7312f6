package index

import (
	"maps"
	"slices"

	"passerelle/internal/domain/audit"
)

// Noun names a kind of document.
type Noun string

// The nouns the index knows.
const (
	Offers       Noun = "offer"
	Profiles     Noun = "profile"
	Applications Noun = "application"
	Agencies     Noun = "agency"
	Employers    Noun = "employer"
	Corridors    Noun = "corridor"
	Accounts     Noun = "account"
	Imports      Noun = "import"
	Placements   Noun = "placement"
	Incidents    Noun = "incident"
	Agreements   Noun = "agreement"
	Acts         Noun = "suspension"
	Assignments  Noun = "assignment"
)

// Subject is one document.
type Subject struct {
	Noun Noun
	ID   string
}

// PendingSubjects lists the documents whose outbox is not empty, ordered by
// noun and id.
func (ix *Index) PendingSubjects() []Subject {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var found []Subject
	for _, noun := range slices.Sorted(maps.Keys(ix.outboxes)) {
		for _, id := range slices.Sorted(maps.Keys(ix.outboxes[noun])) {
			found = append(found, Subject{noun, id})
		}
	}
	return found
}

// outbox remembers whether a document has something to carry on.
func (ix *Index) outbox(noun Noun, id string, pending audit.Log) {
	if len(pending) == 0 {
		delete(ix.outboxes[noun], id)
		return
	}
	if ix.outboxes[noun] == nil {
		ix.outboxes[noun] = map[string]bool{}
	}
	ix.outboxes[noun][id] = true
}
