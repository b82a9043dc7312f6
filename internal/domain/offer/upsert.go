package offer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
)

// MaxUpsert is how many drafts one call may bring.
const MaxUpsert = 200

// SourceID gives the id of an agency's advertisement by the source's own key,
// so that reading it again finds the same offer.
func SourceID(agencyID, key string) ID {
	sum := sha256.Sum256([]byte(agencyID + "\x00" + key))
	return ID("off_" + hex.EncodeToString(sum[:13]))
}

// Incoming is one advertisement out of a file or feed.
type Incoming struct {
	Agency string // whose offer it becomes; an agency's own people may leave it empty
	Terms  Terms
	Source Source // Key is mandatory; Original is filled in here
}

// Result says what became of an advertisement.
type Result string

// The results.
const (
	Created   Result = "created"
	Updated   Result = "updated"
	Unchanged Result = "unchanged"
	Rejected  Result = "rejected"
)

// Outcome is the result of one advertisement; Faults say why it was rejected.
type Outcome struct {
	ID       ID
	Result   Result
	Faults   fault.List
	Findings []Finding // the linter's, of a created or updated draft
}

// Upsert takes at most 200 advertisements: new ones become drafts with one
// insert, known ones with another hash are edited (an offer in force gets a
// next version), equal hashes change nothing. Contacts in the texts of a
// foreign public service are masked. An occupation given by a clerk stays while
// the title does. Rejected advertisements change nothing and have faults; an
// error means that the rest was not taken.
func (s *Service) Upsert(ctx context.Context, actor account.Actor, incoming []Incoming) ([]Outcome, error) {
	return s.upsert(ctx, actor, incoming, false)
}

// Check judges advertisements as Upsert would and writes nothing.
func (s *Service) Check(ctx context.Context, actor account.Actor, incoming []Incoming) ([]Outcome, error) {
	return s.upsert(ctx, actor, incoming, true)
}

func (s *Service) upsert(ctx context.Context, actor account.Actor, incoming []Incoming, dry bool) ([]Outcome, error) {
	if err := actor.Require("import.create"); err != nil {
		return nil, err
	}
	if len(incoming) > MaxUpsert {
		return nil, fault.New(fault.Invalid, "offer.upsert.too_many")
	}
	u := &upsert{s: s, act: s.act(actor), dry: dry, outcomes: make([]Outcome, len(incoming)), references: map[string]bool{}, rows: map[ID]int{}}
	for i, in := range incoming {
		if err := u.take(ctx, i, in); err != nil {
			return nil, err
		}
	}
	return u.outcomes, u.insert(ctx)
}

// upsert is one call at work.
type upsert struct {
	s          *Service
	act        Act
	dry        bool // nothing is written
	outcomes   []Outcome
	references map[string]bool // given away in this batch
	fresh      []*Offer        // to be inserted
	incoming   []Incoming      // of fresh, in the same order
	rows       map[ID]int      // outcome of a fresh offer
}

func (u *upsert) reject(i int, faults ...fault.Field) {
	u.outcomes[i].Result, u.outcomes[i].Faults = Rejected, faults
}

// take judges one advertisement; a new one waits for the insert.
func (u *upsert) take(ctx context.Context, i int, in Incoming) error {
	if in.Agency == "" {
		in.Agency = u.act.By.Agency
	}
	card, ok := u.s.deps.Directory.AgencyCard(agency.ID(in.Agency))
	if !ok || u.act.By.Role == account.Agency && in.Agency != u.act.By.Agency {
		u.reject(i, fault.Field{Pointer: "/agency", Code: "agency.not_found"})
		return nil
	}
	if in.Source.Key == "" {
		u.reject(i, fault.Field{Pointer: "/identifier", Code: "required"})
		return nil
	}
	if card.Kind == agency.ForeignPublicService {
		in.Source.Original = MaskContacts(&in.Terms)
	}
	id := SourceID(in.Agency, in.Source.Key)
	u.outcomes[i].ID = id
	if err := u.s.prepare(&in.Terms); err != nil {
		u.reject(i, fault.Of(err).Fields...)
		return nil
	}
	if row, twice := u.rows[id]; twice {
		return u.repeat(i, row, in)
	}
	if _, known := u.s.deps.Reader.OfferCard(id); known {
		return u.update(ctx, i, id, in)
	}
	u.add(i, id, card, in)
	return nil
}

func (u *upsert) add(i int, id ID, card agency.Card, in Incoming) {
	o := u.s.draft(id, card, u.act, in.Terms, u.references)
	o.Source = in.Source
	o.Current.Findings = u.s.lint(o, u.act.At)
	u.references[o.Reference] = true
	u.rows[id] = i
	u.fresh, u.incoming = append(u.fresh, o), append(u.incoming, in)
	u.outcomes[i].Result, u.outcomes[i].Findings = Created, o.Current.Findings
}

// repeat handles a key that occurs twice in one batch: the same content again
// changes nothing, other content is the row's fault.
func (u *upsert) repeat(i, row int, in Incoming) error {
	first := slices.IndexFunc(u.fresh, func(o *Offer) bool { return o.ID == u.outcomes[row].ID })
	if u.fresh[first].Source.Hash == in.Source.Hash {
		u.outcomes[i].Result = Unchanged
		return nil
	}
	u.reject(i, fault.Field{Pointer: "/identifier", Code: "offer.source.repeated"})
	return nil
}

// insert adds the new drafts with one command; those that are there already,
// because another import was faster, are updated instead.
func (u *upsert) insert(ctx context.Context) error {
	if len(u.fresh) == 0 || u.dry {
		return nil
	}
	existing, err := u.s.deps.Store.InsertMany(ctx, u.fresh)
	if err != nil {
		return err
	}
	for _, id := range existing {
		at := slices.IndexFunc(u.fresh, func(o *Offer) bool { return o.ID == id })
		if err := u.update(ctx, u.rows[id], id, u.incoming[at]); err != nil {
			return err
		}
	}
	return nil
}

// update brings a known offer up to date.
func (u *upsert) update(ctx context.Context, i int, id ID, in Incoming) error {
	kept, findings := Updated, []Finding(nil)
	_, err := u.s.mutate(ctx, u.act.By, id, change{action: "import", reason: in.Source.Import, apply: func(o *Offer, act Act) ([]string, error) {
		if o.Source.Hash == in.Source.Hash && in.Source.Hash != "" {
			kept = o.already(in.Source)
			return nil, errUnchanged
		}
		fields, err := u.s.replace(o, act, in)
		findings = o.Working().Findings
		if err == nil && u.dry {
			err = errUnchanged
		}
		return fields, err
	}})
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Forbidden):
		u.reject(i, fault.Field{Pointer: "", Code: "offer.source.locked"})
	case err != nil && !errors.Is(err, errUnchanged):
		return err
	default:
		u.outcomes[i].Result, u.outcomes[i].Findings = kept, findings
	}
	return nil
}

// already tells what an unchanged advertisement was: one that this very run of
// the import kept before a crash still counts as what it was then.
func (o *Offer) already(s Source) Result {
	switch {
	case s.Import == "" || o.Source.Import != s.Import || o.Source.Run != s.Run || o.Source.Row != s.Row:
		return Unchanged
	case o.Rev == 1:
		return Created
	default:
		return Updated
	}
}

// replace edits the offer with what the source now says.
func (s *Service) replace(o *Offer, act Act, in Incoming) ([]string, error) {
	before := o.Working().Terms
	coders := o.Source.Coders
	if o.Source.Coding == CodedByClerk && before.Title == in.Terms.Title {
		in.Terms.Occupation = before.Occupation
		in.Source.Coding, in.Source.Confidence = o.Source.Coding, o.Source.Confidence
	}
	fields, err := o.Edit(act, in.Terms)
	if err != nil {
		return nil, err
	}
	o.Source = in.Source
	o.Source.Coders = coders
	o.Working().Findings = s.lint(o, act.At)
	return fields, nil
}
