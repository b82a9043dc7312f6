package store

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// profileDoc is one person's profile.
type profileDoc struct {
	Header      `bson:",inline"`
	EditRev     int64        `bson:"editRev"`
	Owner       string       `bson:"owner"`
	CollectedBy string       `bson:"collectedBy"`
	Import      string       `bson:"import"`
	SourceRun   int          `bson:"sourceRun"`
	SourceRow   int          `bson:"sourceRow"`
	SourceKey   string       `bson:"sourceKey"`
	SourceHash  string       `bson:"sourceHash"`
	Facts       factsDoc     `bson:"facts"`
	Consents    []consentDoc `bson:"consents"`
	Accesses    []accessDoc  `bson:"accesses"`
	CreatedAt   time.Time    `bson:"createdAt"`
	UpdatedAt   time.Time    `bson:"updatedAt"`
	ErasedAt    time.Time    `bson:"erasedAt"`
	Pending     []entryDoc   `bson:"pending"`
}

type factsDoc struct {
	Identity     identityDoc      `bson:"identity"`
	Residence    residenceDoc     `bson:"residence"`
	Education    []educationDoc   `bson:"education"`
	Experience   []experienceDoc  `bson:"experience"`
	Spells       []spellDoc       `bson:"spells"`
	Occupations  []ref.Occupation `bson:"occupations"`
	Skills       []ref.Skill      `bson:"skills"`
	Languages    []languageDoc    `bson:"languages"`
	Licences     []ref.Licence    `bson:"licences"`
	Recognitions []recognitionDoc `bson:"recognitions"`
	Wishes       wishesDoc        `bson:"wishes"`
	Interests    interestsDoc     `bson:"interests"`
	Summary      string           `bson:"summary"`
}

type identityDoc struct {
	GivenNames   string        `bson:"givenNames"`
	FamilyName   string        `bson:"familyName"`
	Sex          profile.Sex   `bson:"sex"`
	BirthDate    ref.Date      `bson:"birthDate"`
	BirthPlace   string        `bson:"birthPlace"`
	Nationality  []ref.Country `bson:"nationality"`
	NINA         string        `bson:"nina"`
	Email        string        `bson:"email"`
	Phone        string        `bson:"phone"`
	ConsularCard string        `bson:"consularCard"`
}

type residenceDoc struct {
	Country ref.Country `bson:"country"`
	City    string      `bson:"city"`
	Region  ref.Region  `bson:"region"`
	Cercle  string      `bson:"cercle"`
	Commune string      `bson:"commune"`
}

type educationDoc struct {
	Level        ref.EducationLevel `bson:"level"`
	Field        string             `bson:"field"`
	Title        string             `bson:"title"`
	Institution  string             `bson:"institution"`
	Country      ref.Country        `bson:"country"`
	Year         int                `bson:"year"`
	RecognisedIn []ref.Country      `bson:"recognisedIn"`
}

type experienceDoc struct {
	Occupation ref.Occupation `bson:"occupation"`
	Title      string         `bson:"title"`
	Employer   string         `bson:"employer"`
	Country    ref.Country    `bson:"country"`
	From       ref.Month      `bson:"from"`
	Until      ref.Month      `bson:"until"`
	Months     int            `bson:"months"`
}

type spellDoc struct {
	Country ref.Country `bson:"country"`
	From    ref.Month   `bson:"from"`
	Until   ref.Month   `bson:"until"`
	Purpose string      `bson:"purpose"`
}

type languageDoc struct {
	Language ref.Language `bson:"language"`
	Level    ref.Level    `bson:"level"`
	Native   bool         `bson:"native"`
}

type recognitionDoc struct {
	Occupation ref.Occupation `bson:"occupation"`
	Country    ref.Country    `bson:"country"`
	Authority  string         `bson:"authority"`
	Date       ref.Date       `bson:"date"`
}

type wishesDoc struct {
	Occupations   []ref.Occupation `bson:"occupations"`
	Countries     []ref.Country    `bson:"countries"`
	Kinds         []ref.WorkKind   `bson:"kinds"`
	MinPayCents   int64            `bson:"minPayCents"`
	AvailableFrom ref.Date         `bson:"availableFrom"`
}

type interestsDoc struct {
	Mentoring      bool `bson:"mentoring"`
	ExpertMissions bool `bson:"expertMissions"`
	Investment     bool `bson:"investment"`
}

type consentDoc struct {
	Purpose string     `bson:"purpose"`
	Given   bool       `bson:"given"`
	Version string     `bson:"version"`
	At      time.Time  `bson:"at"`
	Channel string     `bson:"channel"`
	By      account.ID `bson:"by"`
}

type accessDoc struct {
	By     account.ID   `bson:"by"`
	Role   account.Role `bson:"role"`
	Agency string       `bson:"agency"`
	Who    string       `bson:"who"`
	At     time.Time    `bson:"at"`
	Reason string       `bson:"reason"`
	Note   string       `bson:"note"`
	Until  time.Time    `bson:"until"`
}

// ProfileStore keeps profiles. It implements profile.Store.
type ProfileStore struct {
	*aggregate[profile.Profile, profileDoc, profile.ID]
}

// NewProfileStore gives access to the profiles; watch is told of every
// acknowledged write.
func NewProfileStore(db *DB, watch func(*profile.Profile)) *ProfileStore {
	docs := newCollection[profileDoc](db, nameProfile)
	return &ProfileStore{newAggregate[profile.Profile, profileDoc, profile.ID](docs, toProfileDoc, fromProfileDoc, watch).sealing(personalOfProfile)}
}

func personalOfProfile(d *profileDoc) []personal {
	i := &d.Facts.Identity
	return []personal{
		{name: "givenNames", text: &i.GivenNames}, {name: "familyName", text: &i.FamilyName},
		{name: "birthDate", text: (*string)(&i.BirthDate)}, {name: "birthPlace", text: &i.BirthPlace},
		{name: "summary", text: &d.Facts.Summary},
		{name: "email", text: &i.Email}, {name: "phone", text: &i.Phone},
		{name: "nina", text: &i.NINA}, {name: "consularCard", text: &i.ConsularCard},
	}
}

// LoadProfiles gives every profile to fn, in no particular order.
func (s *ProfileStore) LoadProfiles(ctx context.Context, fn func(*profile.Profile) error) error {
	return s.load(ctx, fn)
}

func toProfileDoc(p *profile.Profile) profileDoc {
	return profileDoc{
		Header: Header{ID: string(p.ID), Rev: p.Rev}, EditRev: p.EditRev,
		Owner: string(p.Owner), CollectedBy: string(p.CollectedBy),
		Import: p.Import, SourceRun: p.SourceRun, SourceRow: p.SourceRow, SourceKey: p.SourceKey, SourceHash: p.SourceHash,
		Facts:     toFactsDoc(&p.Facts),
		Consents:  convert(p.Consents, func(c profile.Consent) consentDoc { return consentDoc(c) }),
		Accesses:  convert(p.Accesses, func(a profile.Access) accessDoc { return accessDoc(a) }),
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, ErasedAt: p.ErasedAt, Pending: toPending(p.Pending),
	}
}

func fromProfileDoc(d *profileDoc) *profile.Profile {
	return &profile.Profile{
		ID: profile.ID(d.ID), Rev: d.Rev, EditRev: d.EditRev,
		Owner: account.ID(d.Owner), CollectedBy: account.ID(d.CollectedBy),
		Import: d.Import, SourceRun: d.SourceRun, SourceRow: d.SourceRow, SourceKey: d.SourceKey, SourceHash: d.SourceHash,
		Facts:     fromFactsDoc(&d.Facts),
		Consents:  convert(d.Consents, func(c consentDoc) profile.Consent { return profile.Consent(c) }),
		Accesses:  convert(d.Accesses, func(a accessDoc) profile.Access { return profile.Access(a) }),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, ErasedAt: d.ErasedAt, Pending: fromPending(d.Pending),
	}
}

func toFactsDoc(f *profile.Facts) factsDoc {
	return factsDoc{
		Identity:     identityDoc(f.Identity),
		Residence:    residenceDoc(f.Residence),
		Education:    convert(f.Education, func(e profile.Education) educationDoc { return educationDoc(e) }),
		Experience:   convert(f.Experience, func(e profile.Experience) experienceDoc { return experienceDoc(e) }),
		Spells:       convert(f.Spells, func(s profile.Spell) spellDoc { return spellDoc(s) }),
		Occupations:  f.Occupations,
		Skills:       f.Skills,
		Languages:    convert(f.Languages, func(l profile.LanguageSkill) languageDoc { return languageDoc(l) }),
		Licences:     f.Licences,
		Recognitions: convert(f.Recognitions, func(r profile.Recognition) recognitionDoc { return recognitionDoc(r) }),
		Wishes:       wishesDoc(f.Wishes),
		Interests:    interestsDoc(f.Interests),
		Summary:      f.Summary,
	}
}

func fromFactsDoc(d *factsDoc) profile.Facts {
	return profile.Facts{
		Identity:     fromIdentityDoc(d.Identity),
		Residence:    profile.Residence(d.Residence),
		Education:    convert(d.Education, fromEducationDoc),
		Experience:   convert(d.Experience, func(e experienceDoc) profile.Experience { return profile.Experience(e) }),
		Spells:       convert(d.Spells, func(s spellDoc) profile.Spell { return profile.Spell(s) }),
		Occupations:  orNil(d.Occupations),
		Skills:       orNil(d.Skills),
		Languages:    convert(d.Languages, func(l languageDoc) profile.LanguageSkill { return profile.LanguageSkill(l) }),
		Licences:     orNil(d.Licences),
		Recognitions: convert(d.Recognitions, func(r recognitionDoc) profile.Recognition { return profile.Recognition(r) }),
		Wishes:       fromWishesDoc(d.Wishes),
		Interests:    profile.Interests(d.Interests),
		Summary:      d.Summary,
	}
}

func fromIdentityDoc(d identityDoc) profile.Identity {
	d.Nationality = orNil(d.Nationality)
	return profile.Identity(d)
}

func fromEducationDoc(d educationDoc) profile.Education {
	d.RecognisedIn = orNil(d.RecognisedIn)
	return profile.Education(d)
}

func fromWishesDoc(d wishesDoc) profile.Wishes {
	d.Occupations, d.Countries, d.Kinds = orNil(d.Occupations), orNil(d.Countries), orNil(d.Kinds)
	return profile.Wishes(d)
}
