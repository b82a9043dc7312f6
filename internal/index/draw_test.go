package index

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

const someDay = ref.Date("2026-03-10")

func clock() time.Time { return someDay.Time().Add(9 * time.Hour) }

var (
	someWords = []string{"infirmier", "Infirmière", "infirmieres", "soudeur", "soudeuse", "Soudeurs", "nurse", "nurses", "nursing",
		"l’hôtel", "chef-cuisinier", "cuisinière", "cœur", "TIG", "de", "à", "2026", "agricole", "agricoles", "d'équipe"}
	someCountries   = []ref.Country{"ES", "FR", "ML", "CA"}
	someOccupations = []ref.Occupation{"7212", "7213", "2221", "5120", "", "92"}
	someLanguages   = []ref.Language{"fr", "en", "es"}
	someStates      = []offer.State{offer.Published, offer.Published, offer.Published, offer.Draft, offer.Submitted, offer.Suspended, offer.Closed}
	someDays        = []ref.Date{"", "2026-03-09", "2026-03-10", "2026-04-01"}
)

func sample[T any](t *rapid.T, from []T, label string) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

func some[T comparable](t *rapid.T, from []T, label string) []T {
	if rapid.IntRange(0, 2).Draw(t, label+"?") > 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 2, rapid.ID[T]).Draw(t, label)
}

func sentence(t *rapid.T, most int, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(someWords), 0, most).Draw(t, label), " ")
}

func instant(t *rapid.T, label string) time.Time {
	return clock().AddDate(0, 0, rapid.IntRange(-40, 1).Draw(t, label)).Add(time.Duration(rapid.IntRange(0, 2).Draw(t, label+" ms")) * time.Millisecond)
}

func log(t *rapid.T) audit.Log {
	if rapid.Bool().Draw(t, "pending") {
		return audit.Log{{ID: "aud"}}
	}
	return nil
}

func drawTerms(t *rapid.T) offer.Terms {
	terms := offer.Terms{Title: sentence(t, 4, "title"), Description: sentence(t, 12, "description"), EmployerName: sentence(t, 2, "employer"),
		City: sample(t, []string{"", "Séville", "Kayes"}, "city"), Occupation: sample(t, someOccupations, "occupation"),
		Kind: sample(t, ref.WorkKinds()[:3], "kind"), Country: sample(t, someCountries, "country"), Places: rapid.IntRange(1, 2).Draw(t, "places"),
		Employer: sample(t, []string{"", "emp_1", "emp_2"}, "employer id"), Deadline: sample(t, someDays, "deadline"),
		RequiredSkills: some(t, []ref.Skill{"tig", "mig"}, "skills")}
	for _, l := range some(t, someLanguages, "languages") {
		terms.Languages = append(terms.Languages, offer.LanguageNeed{Language: l, Level: ref.Level(rapid.IntRange(1, 4).Draw(t, "level"))})
	}
	return terms
}

func drawOffer(t *rapid.T) *offer.Offer {
	n := rapid.IntRange(0, 24).Draw(t, "offer")
	o := &offer.Offer{ID: offer.ID(fmt.Sprintf("off_%02d", n)), Reference: fmt.Sprintf("OFF-%02d", n), Rev: int64(rapid.IntRange(1, 9).Draw(t, "rev")),
		Agency: sample(t, []string{"agy_1", "agy_2"}, "agency"), State: sample(t, someStates, "state"),
		CreatedAt: instant(t, "created"), UpdatedAt: instant(t, "updated"), Pending: log(t)}
	o.Current = offer.Version{Number: 1, State: o.State, Terms: drawTerms(t)}
	o.Source = offer.Source{Import: sample(t, []string{"", "imp_1"}, "import"), Row: rapid.IntRange(0, 5).Draw(t, "row"),
		Coding: sample(t, []string{"", "clerk", "title"}, "coding"), Confidence: rapid.IntRange(40, 80).Draw(t, "confidence")}
	switch o.State {
	case offer.Draft:
	case offer.Submitted:
		o.Current.SubmittedAt = instant(t, "submitted")
	default:
		o.Frozen = &offer.Snapshot{Version: 1, Terms: drawTerms(t), PublishedAt: instant(t, "published"),
			PayKnown: rapid.Bool().Draw(t, "pay known"), PayCents: int64(rapid.IntRange(0, 8).Draw(t, "pay")) * 50_000}
		o.Taken = []string{"app_1", "app_2"}[:rapid.IntRange(0, 1).Draw(t, "taken")]
		if rapid.IntRange(0, 2).Draw(t, "next") == 0 {
			o.Next = &offer.Version{Number: 2, State: sample(t, []offer.State{offer.Draft, offer.Submitted}, "next state"), SubmittedAt: instant(t, "resubmitted")}
		}
	}
	return o
}

func drawProfile(t *rapid.T) *profile.Profile {
	n := rapid.IntRange(0, 14).Draw(t, "profile")
	p := &profile.Profile{ID: profile.ID(fmt.Sprintf("pro_%02d", n)), Owner: account.ID(fmt.Sprintf("acc_%d", n)), Pending: log(t)}
	p.Facts.Identity.BirthDate = "1990-01-01"
	p.Facts.Occupations = some(t, someOccupations[:4], "worked")
	p.Facts.Skills = some(t, []ref.Skill{"tig", "mig"}, "skills")
	p.Facts.Wishes = profile.Wishes{Countries: some(t, someCountries, "wanted"), MinPayCents: int64(rapid.IntRange(0, 3).Draw(t, "least")) * 70_000}
	for _, l := range someLanguages {
		p.Facts.Languages = append(p.Facts.Languages, profile.LanguageSkill{Language: l, Level: ref.Level(rapid.IntRange(0, 6).Draw(t, "spoken"))})
	}
	if rapid.Bool().Draw(t, "visible") {
		p.Consents = []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}}
	}
	return p
}

func drawAgency(t *rapid.T) *agency.Agency {
	return &agency.Agency{ID: sample(t, []agency.ID{"agy_1", "agy_2", "agy_3"}, "agency"), Pending: log(t),
		State: sample(t, []agency.State{agency.Active, agency.Active, agency.Active, agency.Suspended, agency.Applied}, "state"),
		Facts: agency.Facts{Name: sample(t, []string{"Sahel Emploi", "École Sup", "ANPE"}, "name"), LicenceUntil: sample(t, someDays, "until")}}
}

func drawEmployer(t *rapid.T) *employer.Employer {
	return &employer.Employer{ID: sample(t, []employer.ID{"emp_1", "emp_2"}, "employer"), Pending: log(t),
		State: sample(t, []employer.State{employer.Accredited, employer.Declared, employer.Barred}, "state"),
		Facts: employer.Facts{Name: "Serres du Sud", Country: "ES"}}
}

func drawCorridor(t *rapid.T) *corridor.Corridor {
	country := sample(t, someCountries, "destination")
	c := &corridor.Corridor{Code: corridor.CodeFor(country), Destination: country, Pending: log(t)}
	if rapid.IntRange(0, 2).Draw(t, "suspended") == 0 {
		c.Suspensions = []corridor.Suspension{{Kind: sample(t, []ref.WorkKind{"", ref.Permanent}, "kind"), Occupation: sample(t, []ref.Occupation{"", "72"}, "prefix")}}
	}
	if rapid.Bool().Draw(t, "regulated") {
		c.Regulated = []ref.Occupation{"22"}
	}
	return c
}

func drawApplication(t *rapid.T) *application.Application {
	o, n := fmt.Sprintf("off_%02d", rapid.IntRange(0, 5).Draw(t, "to")), rapid.IntRange(0, 4).Draw(t, "by")
	p := fmt.Sprintf("pro_%02d", n)
	return &application.Application{ID: application.MakeID(o, p), Offer: o, Profile: p, Candidate: account.ID(fmt.Sprintf("acc_%d", n)),
		Agency: sample(t, []string{"agy_1", "agy_2"}, "agency"), UpdatedAt: instant(t, "updated"), Pending: log(t),
		State: sample(t, []application.State{application.Invited, application.Submitted, application.Waiting, application.Refused, application.Withdrawn}, "state")}
}

func drawText(t *rapid.T) string {
	switch rapid.IntRange(0, 7).Draw(t, "text") {
	case 0:
		return sample(t, someWords, "word")
	case 1:
		return sample(t, someWords, "word") + " " + sample(t, someWords, "second")
	case 2:
		return "-" + sample(t, someWords, "without")
	case 3:
		return sample(t, []string{"infirm*", "SOUD*", "agricol*", "x*", "é*", "nurs*", "*"}, "prefix")
	case 4:
		return `"` + sample(t, someWords, "first") + " " + sample(t, someWords, "then") + `"`
	case 5:
		return sample(t, someWords, "word") + ` -"` + sample(t, someWords, "first") + " " + sample(t, someWords, "then")
	default:
		return ""
	}
}

func drawQuery(t *rapid.T) offer.Query {
	return offer.Query{Text: drawText(t), Countries: some(t, someCountries, "countries"), ExceptCountries: some(t, someCountries, "except"),
		Occupations: some(t, []ref.Occupation{"7", "72", "7212", "2"}, "occupations"), Kinds: some(t, ref.WorkKinds()[:3], "kinds"),
		Languages: some(t, someLanguages, "languages"), PayMinCents: sample(t, []int64{0, 0, 0, 100_000, 250_000}, "pay"),
		PublishedWithin: sample(t, []int{0, 0, 7, 30}, "within"), Agency: sample(t, []string{"", "", "agy_2"}, "agency"),
		Employer: sample(t, []string{"", "", "emp_1"}, "employer"), States: some(t, someStates, "states"), Import: sample(t, []string{"", "", "imp_1"}, "import"),
		UncodedOnly: rapid.IntRange(0, 9).Draw(t, "uncoded") == 0, Facets: facetNames[:],
		Sort:  sample(t, []offer.Sort{"", offer.ByRelevance, offer.ByNewest, offer.ByOldest, offer.ByClosing, offer.ByPay}, "sort"),
		Limit: sample(t, []int{1, 3, 7, 100}, "limit"), Scope: sample(t, append(everyScope, account.Scope{Public: true}, account.Scope{All: true}), "scope"),
		Today: someDay, IncludeOwnDrafts: rapid.Bool().Draw(t, "own drafts")}
}
