package site

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// withPersonLists adds the lists of codes the pages of candidates have words
// for.
func withPersonLists(lists map[string][]string) map[string][]string {
	parts, entered := codesOf(profile.Parts()...), []string{}
	for _, e := range partEntries() {
		entered = append(entered, string(e.part))
	}
	var levels []string
	for _, l := range ref.Levels() {
		levels = append(levels, l.String())
	}
	maps.Copy(lists, map[string][]string{
		"profile.part": parts, "profile.about": parts[:len(parts)-1], "profile.entry": entered,
		"profile.gap":      codesOf(profile.Complete(&profile.Facts{}, nil).Missing...),
		"profile.progress": codesOf(profile.ToDo, profile.Begun, profile.Done, profile.Optional),
		"profile.interest": interestNames(),
		"isced_field":      studyFields(), "cefr": levels, "match.where": whereabouts()[1:],
		"application.actor": codesOf(application.States()...), "application.next": codesOf(application.States()...),
	})
	return lists
}

// hostileDossier states hostile text wherever a person may write.
func hostileDossier() *dossier {
	return &dossier{Rev: 3, Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: true, Version: hostile, At: testNow}}, Facts: profile.Facts{
		Identity:  profile.Identity{GivenNames: hostile, FamilyName: hostile, Sex: profile.Female, BirthDate: "1990-05-21", BirthPlace: hostile, Nationality: []ref.Country{"ML", "FR", "SN"}, NINA: hostile, Email: hostile, Phone: hostile, ConsularCard: hostile},
		Residence: profile.Residence{Country: "FR", City: hostile, Region: "3", Cercle: hostile, Commune: hostile},
		Education: []profile.Education{{Level: 5, Title: hostile, Field: "0732", Institution: hostile, Country: "ML", Year: 2012, RecognisedIn: []ref.Country{"FR", "ES"}}, {Level: 3}},
		Experience: []profile.Experience{{Occupation: "7112", Title: hostile, Employer: hostile, Country: "FR", From: "2019-03", Until: "2021-04"},
			{Occupation: "7112", From: "2022-01"}, {Title: hostile, Months: 14}},
		Spells: []profile.Spell{{Country: "CI", From: "2015-01", Until: "2016-02", Purpose: "work"}, {Country: "FR", From: "2018-01"}}, Occupations: []ref.Occupation{"7114"},
		Skills: []ref.Skill{"carrelage", "maconnerie"}, Languages: []profile.LanguageSkill{{Language: "bm", Level: ref.C2, Native: true}, {Language: "fr", Level: ref.B2}},
		Licences: []ref.Licence{"permis-b", "adr"}, Recognitions: []profile.Recognition{{Occupation: "7112", Country: "FR", Authority: hostile, Date: "2020-02-01"}},
		Wishes:    profile.Wishes{Occupations: []ref.Occupation{"7112"}, Countries: []ref.Country{"FR"}, Kinds: []ref.WorkKind{ref.Seasonal}, MinPayCents: 120000, AvailableFrom: "2027-01-01"},
		Interests: profile.Interests{Mentoring: true, ExpertMissions: true}, Summary: hostile + "\n\n" + hostile,
	}}
}

// profileStories is every state of the pages of one's own profile.
func profileStories(v *visit) []story {
	d, none := hostileDossier(), &dossier{}
	all := []story{
		{"full", "profile/show", account.Candidate, v.newProfilePage(d)}, {"none", "profile/show", account.Candidate, v.newProfilePage(none)},
		{"full", "profile/review", account.Candidate, v.newProfileReview(d)}, {"none", "profile/review", account.Candidate, v.newProfileReview(none)},
		{"full", "profile/cv", account.Candidate, v.newCV(d)}, {"none", "profile/cv", account.Candidate, v.newCV(none)},
	}
	part := func(state string, page *partPage, err error) {
		if err != nil {
			panic(err)
		}
		all = append(all, story{state, "profile/part", account.Candidate, page})
	}
	wrong := fault.New(fault.Invalid, "profile.invalid", fault.Field{Pointer: "/identity/birthDate", Code: "date.typed"}, fault.Field{Pointer: "/level", Code: "ref.level"}, fault.Field{Pointer: "/nowhere", Code: "required"})
	for _, p := range partForms() {
		if p.part == profile.PartWishes {
			continue // asks the service for the destinations
		}
		page, err := p.page(v, d, p.values(v, &d.Facts))
		part(string(p.part), page, err)
		page, err = p.page(v, d, p.values(v, &d.Facts))
		v.correct(page.Form, wrong)
		part(string(p.part)+" wrong", page, err)
	}
	for _, e := range partEntries() {
		part(string(e.part), e.list(v, d), nil)
		part(string(e.part)+" none", e.list(v, none), nil)
		page, err := e.page(v, d, e.values(&d.Facts, 0))
		if page.Form != nil {
			v.correct(page.Form, wrong)
		}
		part(string(e.part)+" entry", page, err)
	}
	for _, c := range partSets() {
		part(string(c.part), c.page(v, d), nil)
		part(string(c.part)+" none", c.page(v, none), nil)
	}
	part("nothing found", &partPage{Part: "skills", Search: &chooser{Label: "a", Hint: "b", Action: "/c", Words: hostile, Asked: true, Without: &entryLink{Href: "/d", Text: hostile}}}, nil)
	return append(all, fileStories(v)...)
}

func fileStories(v *visit) []story {
	line := offerLine{Href: "/offres/x", Title: hostile, Place: hostile, Agency: hostile}
	gates := []gateLine{{Label: "Langue", Holds: true, Text: hostile}, {Label: "Âge"}}
	whole := matchLine{offerLine: line, Rank: 2, Band: "good", Score: 61, Parts: []scorePart{{Label: hostile, Percent: "50", Points: 5, Of: 10, Sentence: hostile}}, Missing: []string{hostile}, Gates: gates}
	file := func(state application.State) *filePage {
		return v.newFilePage(&application.Application{ID: "app_1", Offer: "off_1", State: state, OfferTitle: hostile, OfferVer: 1, Message: hostile, Rank: 2, InterviewAt: testNow,
			History: []application.Event{{State: application.Submitted, At: testNow, By: account.Candidate}, {State: state, At: testNow, By: account.Agency, Reason: "other"}}})
	}
	changed := file(application.Submitted)
	changed.Changed, changed.Gaps = 2, gates
	before, after := offer.Terms{Title: "Aide", Places: 2}, offer.Terms{Title: hostile, Description: hostile, Occupation: "7112", Kind: ref.Seasonal, Employer: "emp_1", EmployerName: hostile,
		Country: "ES", Region: hostile, City: hostile, Places: 3, Start: "2027-03-01", DurationMonths: 9, HoursPerWeek: 4000, DaysPerWeek: 500, PayText: hostile,
		Pay:      ref.Pay{Min: 150_000, Currency: ref.EUR, Period: ref.PerMonth, Basis: ref.Gross, PaymentsPerYear: 12},
		Benefits: offer.Benefits{Housing: "yes", Meals: "no", Transport: "yes", Insurance: "yes", Flight: "no"}, Deductions: []offer.Deduction{{Label: hostile, Amount: 100}},
		Languages: []offer.LanguageNeed{{Language: "es", Level: ref.A2}}, Education: 3, ExperienceMonths: 12, RequiredSkills: []ref.Skill{"maconnerie"},
		OptionalSkills: []ref.Skill{"lecture-de-plans"}, Licences: []ref.Licence{"permis-b"}, MinAge: 21, Regulated: true,
		Costs: offer.Costs{Visa: "employer", Flight: "worker", Medical: "employer", Training: "employer", WorkerFee: 100}, Deadline: "2027-01-31"}
	changed.Changes = v.changeLines(application.TermsChange{Before: before, After: after, Changes: offer.Differences(before, after)})
	all := []story{
		{"fits", "match/show", account.Candidate, explainPage{Line: whole, Reasons: true, Eligible: true}},
		{"lacks", "match/show", account.Candidate, explainPage{Line: whole, Reasons: true, Lacking: 2, Parts: []entryLink{{"/mon-profil/langues", "Langues"}}}},
		{"no profile", "match/show", account.Candidate, explainPage{Line: matchLine{offerLine: line}}},
		{"abroad", "match/index", account.Candidate, matchPage{Where: v.whereLinks(), Percent: 60, Abroad: &diasporaBox{Country: "France", Missions: "/offres", Interests: "/mon-profil/diaspora", Help: []fact{{Label: "a", Value: hostile, Note: hostile}}}}},
		{"changed", "application/show", account.Candidate, changed},
	}
	for _, state := range application.States() {
		all = append(all, story{string(state), "application/show", account.Candidate, file(state)})
	}
	return all
}

// TestProfileShowsWhatIsStated looks for the hostile text itself on each page
// that has it to show.
func TestProfileShowsWhatIsStated(t *testing.T) {
	s := bareSite(t)
	v, _ := bareVisit(s, "GET", "/mon-profil", ref.French)
	for _, st := range profileStories(v) {
		if !slices.Contains([]string{"full", "identity", "residence", "education", "experience entry", "summary", "changed", "nothing found"}, st.state) {
			continue
		}
		doc := document(t, s, ref.French, st.name, screen{Frame: frame{Locale: ref.French}, Page: st.page})
		shown := strings.Contains(doc.Find("body").Text(), hostile)
		doc.Find("input[value],textarea").Each(func(_ int, e *goquery.Selection) {
			shown = shown || strings.Contains(e.AttrOr("value", e.Text()), hostile)
		})
		if !shown || doc.Find("img").Length() > 0 {
			t.Errorf("%s/%s does not show what was typed as text", st.name, st.state)
		}
	}
}

// TestEntriesThroughTheirForms: what a list holds is what comes back from its
// own form, and a form that is sent twice adds once.
func TestEntriesThroughTheirForms(t *testing.T) {
	for _, e := range partEntries() {
		d := hostileDossier()
		before := e.count(&d.Facts)
		for i := range before {
			values := e.values(&d.Facts, i)
			var bad fault.List
			e.read(&d.Facts, i, values, &bad)
			if got := e.values(&d.Facts, i); len(bad) > 0 || got.Encode() != values.Encode() {
				t.Errorf("%s %d: %v, %s became %s", e.part, i, bad, values.Encode(), got.Encode())
			}
			e.put(&d.Facts, newEntry, values)
			if e.count(&d.Facts) != before {
				t.Errorf("%s %d was added twice", e.part, i)
			}
		}
		again := hostileDossier()
		if !again.Facts.Same(&d.Facts) {
			t.Errorf("%s: something was lost", e.part)
		}
		e.put(&d.Facts, "99", e.values(&d.Facts, 0))
		e.remove(&d.Facts, 0)
		if e.count(&d.Facts) != before-1 {
			t.Errorf("%s: %d entries after one was removed", e.part, e.count(&d.Facts))
		}
	}
}

// TestPartsThroughTheirForms: a form that is sent as it stands changes nothing.
func TestPartsThroughTheirForms(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/mon-profil", ref.French)
	for _, p := range partForms() {
		d := hostileDossier()
		var bad fault.List
		p.read(v, &d.Facts, p.values(v, &d.Facts), &bad)
		want := hostileDossier()
		if len(bad) > 0 || !want.Facts.Same(&d.Facts) {
			t.Errorf("%s: %v, %+v", p.part, bad, d.Facts)
		}
	}
}

func TestTypedDays(t *testing.T) {
	for typed, want := range map[string]ref.Date{"21/05/1990": "1990-05-21", "1/2/1990": "1990-02-01", " 01-02-1990 ": "1990-02-01", "1990-05-21": "1990-05-21", "": "", "31/02/1990": "!", "mai": "!"} {
		got, ok := typedDate(typed)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is %q", typed, got)
		}
	}
	for typed, want := range map[string]ref.Month{"03/2019": "2019-03", "3/2019": "2019-03", "2019-03": "2019-03", "": "", "13/2019": "!", "2019": "!"} {
		got, ok := typedMonth(typed)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q is %q", typed, got)
		}
	}
}

// TestWishedPayComesBackAsTyped: a round amount in francs or euros is shown
// as the person typed it.
func TestWishedPayComesBackAsTyped(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/mon-profil", ref.French)
	for _, typed := range []url.Values{
		{"wishes-minPay": {"350 000"}, "wishes-minPay-currency": {"XOF"}}, {"wishes-minPay": {"125500"}, "wishes-minPay-currency": {"XOF"}},
		{"wishes-minPay": {"1200"}, "wishes-minPay-currency": {"EUR"}}, {"wishes-minPay": {"1,5"}, "wishes-minPay-currency": {"XOF"}},
	} {
		var f profile.Facts
		var bad fault.List
		readWishes(v, &f, typed, &bad)
		amount, currency := v.wishedPay(f.Wishes.MinPayCents)
		if len(bad) > 0 != (typed.Get("wishes-minPay") == "1,5") {
			t.Errorf("%v: %v", typed, bad)
		}
		if len(bad) == 0 && (amount != plainNumber(typed.Get("wishes-minPay")) || string(currency) != typed.Get("wishes-minPay-currency")) {
			t.Errorf("%v comes back as %s %s", typed, amount, currency)
		}
	}
}

func TestEuropassNames(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/mon-profil/cv/fichier", ref.French)
	content, err := json.Marshal(v.europass(hostileDossier()))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`{"SkillsPassport":{"Locale":"fr","DocumentInfo":{"DocumentType":"ECV"`, `"Birthdate":{"Year":1990,"Month":5,"Day":21}`, `"Gender":{"Code":"F","Label":"Femme"}`,
		`"Period":{"From":{"Year":2019,"Month":3},"To":{"Year":2021,"Month":4},"Current":false}`, `"MotherTongue":[{"Description":{"Code":"bm"`,
		`"ProficiencyLevel":{"Listening":"B2","Reading":"B2","SpokenInteraction":"B2","SpokenProduction":"B2","Writing":"B2"}`, `"Driving":{"Description":["B"]}`,
		`"Level":{"Code":"5"`,
	} {
		if !strings.Contains(string(content), part) {
			t.Errorf("no %s in %s", part, content)
		}
	}
	var whole europassCV
	if err := json.Unmarshal(content, &whole); err != nil || whole.SkillsPassport.LearnerInfo.Identification.PersonName.Surname != hostile {
		t.Errorf("%v", err)
	}
}

func TestWhereOffersLie(t *testing.T) {
	for where, want := range map[string]string{"": "ML FR ES", inMali: "ML", inThird: "ES", forMissions: "ML"} {
		var got []string
		for _, c := range []offer.Card{{Country: "ML", Kind: ref.ExpertMission}, {Country: "FR"}, {Country: "ES"}} {
			if fitsWhere(where, c, "FR") {
				got = append(got, string(c.Country))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v", where, got)
		}
	}
}

// TestNothingShownOfWhatIsNamed: an offer that names skills the profile does
// not show is not said to name none.
func TestNothingShownOfWhatIsNamed(t *testing.T) {
	w := bareSite(t).words(ref.French)
	lacking := match.ViewComponent{Code: match.SkillsShare, Facts: []match.Fact{{Code: match.FactMissing, Values: []match.Value{{Type: match.SkillValue, Code: "carrelage"}}}}}
	if got, none := w.sentence(lacking), w.sentence(match.ViewComponent{Code: match.SkillsShare}); got == none || !strings.Contains(got, "rien de ce que") {
		t.Errorf("%q beside %q", got, none)
	}
}
