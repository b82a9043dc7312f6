package profile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// MaxUpsert is how many people one call may bring.
const MaxUpsert = 200

// Incoming is one person out of a file, with the consent written down there.
type Incoming struct {
	Key, Hash string // the source's own key, and the hash of its row
	Import    string
	Run       int // which run of the import brings it
	Row       int
	Facts     Facts
	Choices   []Choice
}

// Result says what became of a row; Faults why it was rejected.
type Result struct {
	ID     ID
	Kept   string // "created", "updated", "unchanged" or "rejected"
	Faults fault.List
}

// SourceID gives the id of the person with that key in an institution's files
// as a plain digest: the form of profiles that were made before ids were keyed.
// Whoever knows how an institution numbers its people can try it.
func SourceID(institution, key string) ID {
	return digestID(sourceText(institution, key))
}

func sourceText(institution, key string) string { return "profile\x00" + institution + "\x00" + key }

func digestID(text string) ID {
	sum := sha256.Sum256([]byte(text))
	return ID("pro_" + hex.EncodeToString(sum[:13]))
}

// sourceID gives the id of the person with that key in an institution's files,
// so that reading a file again finds the same profile: the former one where
// there is a profile of it, or was one that was erased, else a keyed one.
func (s *Service) sourceID(ctx context.Context, institution, key string) (ID, error) {
	former := SourceID(institution, key)
	if s.Blind == nil || s.Reader.ProfileErased(former) {
		return former, nil
	}
	if _, known := s.Reader.ProfileCard(former); known {
		return former, nil
	}
	blinded, err := s.Blind(ctx, sourceText(institution, key))
	return digestID(blinded), err
}

// errSame ends an update that has nothing to write.
var errSame = errors.New("profile: unchanged")

// Upsert keeps at most 200 people an official has collected: new ones with
// one insert, known ones with another hash are replaced, equal hashes change
// nothing. A person without a given consent is rejected. A profile that its
// person has taken over is never overwritten by a file. An error means that
// the rest was not taken.
func (s *Service) Upsert(ctx context.Context, actor account.Actor, incoming []Incoming) ([]Result, error) {
	if err := actor.Require("import.create"); err != nil {
		return nil, err
	}
	return s.upsert(ctx, actor, incoming, false)
}

// Check judges people as Upsert would and writes nothing.
func (s *Service) Check(ctx context.Context, actor account.Actor, incoming []Incoming) ([]Result, error) {
	if err := actor.Require("import.create"); err != nil {
		return nil, err
	}
	return s.upsert(ctx, actor, incoming, true)
}

func (s *Service) upsert(ctx context.Context, actor account.Actor, incoming []Incoming, dry bool) ([]Result, error) {
	if !actor.Collector {
		return nil, fault.New(fault.Forbidden, "profile.collector")
	}
	if len(incoming) > MaxUpsert {
		return nil, fault.New(fault.Invalid, "profile.upsert.too_many")
	}
	u := &upsert{s: s, actor: actor, dry: dry, results: make([]Result, len(incoming)), rows: map[ID]int{}}
	for i := range incoming {
		if err := u.take(ctx, i, incoming[i]); err != nil {
			return nil, err
		}
	}
	return u.results, u.insert(ctx, incoming)
}

// upsert is one call at work.
type upsert struct {
	s       *Service
	actor   account.Actor
	dry     bool // nothing is written
	results []Result
	fresh   []*Profile
	rows    map[ID]int // row of a fresh profile
}

func (u *upsert) reject(i int, faults ...fault.Field) {
	u.results[i].Kept, u.results[i].Faults = "rejected", faults
}

func (u *upsert) take(ctx context.Context, i int, in Incoming) error {
	if !anyGiven(in.Choices) {
		u.reject(i, fault.Field{Pointer: "/consentMatching", Code: "profile.consent.required"})
		return nil
	}
	if err := u.s.accept(&in.Facts); err != nil {
		u.reject(i, fault.Of(err).Fields...)
		return nil
	}
	id, err := u.s.sourceID(ctx, u.actor.Institution, in.Key)
	if err != nil {
		return err
	}
	u.results[i].ID = id
	if _, twice := u.rows[id]; twice {
		u.reject(i, fault.Field{Pointer: "/key", Code: "import.key_repeated"})
		return nil
	}
	if _, known := u.s.Reader.ProfileCard(id); known {
		return u.update(ctx, i, in)
	}
	p := u.s.newProfile(u.actor, id, Input{Facts: in.Facts, Choices: in.Choices, Channel: ChannelImport})
	p.from(in)
	u.rows[id] = i
	u.fresh = append(u.fresh, p)
	u.results[i].Kept = "created"
	return nil
}

// from notes where the profile came from.
func (p *Profile) from(in Incoming) {
	p.Import, p.SourceRun, p.SourceRow, p.SourceKey, p.SourceHash = in.Import, in.Run, in.Row, in.Key, in.Hash
}

// insert adds the new profiles; one that is there already, because another
// import was faster, is updated instead.
func (u *upsert) insert(ctx context.Context, incoming []Incoming) error {
	if len(u.fresh) == 0 || u.dry {
		return nil
	}
	existing, err := u.s.Store.InsertMany(ctx, u.fresh)
	if err != nil {
		return err
	}
	for _, id := range existing {
		if err := u.update(ctx, u.rows[id], incoming[u.rows[id]]); err != nil {
			return err
		}
	}
	return nil
}

func (u *upsert) update(ctx context.Context, i int, in Incoming) error {
	kept, gone := "updated", false
	_, err := u.s.Store.Update(ctx, u.results[i].ID, func(p *Profile) error {
		switch {
		case p.Erased():
			gone = true
			return errSame
		case p.Owner != "":
			return fault.New(fault.Conflict, "profile.owned")
		case p.SourceHash == in.Hash:
			kept = p.already(in)
			return errSame
		case u.dry:
			return errSame
		}
		now := account.Moment(u.s.Now())
		fields := changedFacts(&p.Facts, &in.Facts)
		p.Facts = in.Facts
		p.from(in)
		p.decide(in.Choices, u.actor.Account, ChannelImport, now)
		p.recordEdit(u.actor, now, "profile.import", fields...)
		return nil
	})
	switch {
	case gone:
		u.reject(i, fault.Field{Pointer: "/key", Code: "profile.erased"})
	case fault.Is(err, fault.Conflict):
		u.reject(i, fault.Field{Pointer: "/key", Code: "profile.owned"})
	case err != nil && !errors.Is(err, errSame):
		return err
	default:
		u.results[i].Kept = kept
	}
	return nil
}

// already tells what a row that comes again was: a row that this very run
// kept before a crash still counts as what it was then.
func (p *Profile) already(in Incoming) string {
	switch {
	case in.Import == "" || p.Import != in.Import || p.SourceRun != in.Run || p.SourceRow != in.Row:
		return "unchanged"
	case p.Rev == 1:
		return "created"
	default:
		return "updated"
	}
}
