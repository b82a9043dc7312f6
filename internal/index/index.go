// Package index is the read model: it answers every list, search, match and
// count from memory. It holds cards, the words of offers and what matching
// reads, never descriptions or identities. It is told of every acknowledged
// write by the Put… and Drop… methods, so a caller reads its own writes, and
// can be thrown away and rebuilt from the store at any time.
//
// All methods may be called from many goroutines. Readers see one consistent
// state: a write is seen whole or not at all. Slices and maps inside what they
// are given are shared and read only.
package index

import (
	"sync"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// Options is what an Index is made with.
type Options struct {
	Now      func() time.Time
	Weights  match.Weights      // valid ones; see match.Weights.Validate
	Calendar placement.Calendar // working days, for the clocks of placements
}

// Index is the read model. Make it with New, tell it every document, then call
// Loaded.
type Index struct {
	now      func() time.Time
	weights  match.Weights
	calendar placement.Calendar

	mu           sync.RWMutex
	loaded       bool
	texts        *texts
	offers       map[offer.ID]*offerRow
	docs         []*offerRow // by document number of texts; nil = dropped
	references   map[string]offer.ID
	values       values
	openings     openings
	profiles     *table[profile.ID, *profileRow]
	owners       map[account.ID]profile.ID
	erased       map[profile.ID]bool // profiles of which only the id is left
	applications *table[application.ID, *applicationRow]
	files        map[profile.ID][]application.ID // applications of a profile
	placements   *table[placement.ID, *placementRow]
	journeys     map[profile.ID][]placement.ID // placements of a profile
	agencies     *table[agency.ID, *agencyRow]
	agencyKeys   map[string]agency.ID // by the prefix of an API key
	employers    *table[employer.ID, *employerRow]
	corridors    map[corridor.Code]*corridor.Corridor
	agreements   *table[agreement.ID, *line[*agreement.Agreement]]
	acts         *table[suspension.ID, *line[*suspension.Act]]
	accounts     *table[account.ID, *line[account.Card]]
	logins       map[string]account.ID
	imports      *table[intake.ID, *line[intake.Import]]
	incidents    *table[incident.ID, *line[incident.Card]]
	assignments  *table[assignment.ID, *assignment.Assignment]
	outboxes     map[Noun]map[string]bool
}

// New makes an empty index.
func New(o Options) *Index {
	return &Index{
		now: o.Now, weights: o.Weights, calendar: o.Calendar, texts: newTexts(), values: newValues(), openings: openings{},
		offers: map[offer.ID]*offerRow{}, references: map[string]offer.ID{},
		profiles: newTable[profile.ID, *profileRow](), owners: map[account.ID]profile.ID{}, erased: map[profile.ID]bool{},
		applications: newTable[application.ID, *applicationRow](), files: map[profile.ID][]application.ID{},
		placements: newTable[placement.ID, *placementRow](), journeys: map[profile.ID][]placement.ID{},
		agencyKeys: map[string]agency.ID{}, agencies: newTable[agency.ID, *agencyRow](), employers: newTable[employer.ID, *employerRow](),
		agreements: newTable[agreement.ID, *line[*agreement.Agreement]](), acts: newTable[suspension.ID, *line[*suspension.Act]](),
		corridors: map[corridor.Code]*corridor.Corridor{}, accounts: newTable[account.ID, *line[account.Card]](),
		logins: map[string]account.ID{}, imports: newTable[intake.ID, *line[intake.Import]](),
		incidents: newTable[incident.ID, *line[incident.Card]](), outboxes: map[Noun]map[string]bool{},
		assignments: newTable[assignment.ID, *assignment.Assignment](),
	}
}

// Loaded says that every stored document has been put. Until then Put works
// without carrying standings on to offers, which is done here once.
func (ix *Index) Loaded() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.loaded = true
	ix.refresh(func(*offerRow) bool { return true })
}

// Ready reports whether Loaded was called.
func (ix *Index) Ready() bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.loaded
}

func (ix *Index) today() ref.Date { return ref.DateOf(ix.now()) }
