package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/posting"
)

// hostile is text that must arrive as text, wherever people may write.
const hostile = `</script><img src=x onerror=alert(1)> "&' {{.}} ]]>`

// story is one state of one page.
type story struct {
	state string
	name  string
	role  account.Role
	page  any
}

// stories is every state of every page, from literals.
func stories(v *visit) []story {
	line := offerLine{Href: "/offres/OFF-2026-7K3Q9D", Compare: "/comparer?offre=a", Title: hostile, Place: hostile, Kind: "Stage", Pay: "1 500 €", Francs: "soit 1", Agency: hostile, Deadline: "2026-12-01"}
	bare := offerLine{Href: "/offres/x", Title: "Maçon"}
	choices := []choice{{Value: "FR", Label: hostile, Count: 1200, Chosen: true}, {Value: "ES", Label: "Espagne"}}
	login := v.loginForm(url.Values{"login": {hostile}, "suite": {"/mes-offres"}})
	v.correct(login, fault.New(fault.Unauthenticated, "auth.login.failed"))
	register := v.registerForm(url.Values{"applicant": {"agency"}, "email": {hostile}})
	v.correct(register, fault.New(fault.Invalid, "auth.register.invalid", fault.Field{Pointer: "/email", Code: "email"}, fault.Field{Pointer: "/password", Code: "required"}))
	return append(append([]story{
		{"full", "home/show", "", homePage{Total: 414, Countries: choices, Newest: []offerLine{line, bare}}},
		{"empty", "home/show", account.Admin, homePage{}},
		{"full", "offer/index", "", searchPage{Words: hostile, Filters: []filterGroup{{Name: "pays", Legend: hostile, Hint: hostile, Top: choices, Rest: choices, Other: hostile}, {Name: "forme", Top: choices}}, Since: choices, Pay: hostile, PayWrong: true,
			Sorts: choices, Chips: []chip{{hostile, hostile, "/offres"}}, Filtered: 3, Total: 2, Items: []offerLine{line, bare}, Pager: pager{Next: "/offres?suite=x", First: "/offres", Prev: "/offres?suite=y"},
			Share: "/offres?q=a", Kept: []hiddenField{{"comparer", "OFF-2026-7K3Q9D"}}, Compare: "/comparer", Aside: 1}},
		{"empty", "offer/index", account.Observer, searchPage{}},
		{"empty", "session/new", "", sessionPage{Form: v.loginForm(nil)}},
		{"failed", "session/new", "", sessionPage{Form: login}},
		{"demonstration", "session/new", "", sessionPage{Form: v.loginForm(nil), Password: "mot-de-passe-essai", People: []trial{{"candidate@demo.test", v.t("trial.mason")}, {"admin@demo.test", v.t("trial.keeper")}}}},
		{"empty", "session/register", "", formPage{v.registerForm(nil)}},
		{"failed", "session/register", "", formPage{register}},
		{"empty", "session/password", account.Candidate, formPage{v.passwordForm(hostile, false)}},
		{"", "notice/accessibility", "", nil},
		{"404", "problem/show", "", problemPage{Status: 404, Title: "Introuvable", Detail: hostile, RequestID: "01ABC", Fields: []string{hostile}, Ways: []wayOn{{"/offres", "problem.search"}, {"/verifier", "problem.verify"}}}},
		{"401", "problem/show", "", problemPage{Status: 401, Title: "Connexion", Detail: "…", RequestID: "01ABC", Ways: []wayOn{{"/connexion", "session.begin"}}}},
	}, append(append(personStories(v, line), publicStories(v, line)...), accountStories(v)...)...), append(append(append(officialStories(v), deskStories(v)...), append(trustStories(v), tripStories(v)...)...), profileStories(v)...)...)
}

func personStories(v *visit, line offerLine) []story {
	steps := v.steps(application.Interviewed)
	parts := []scorePart{{Label: hostile, Percent: "50", Points: 5, Of: 10, Sentence: hostile}}
	gates := []gateLine{{Label: "Langue", Holds: true, Text: hostile}, {Label: "Âge"}}
	files := []applicationLine{
		{Offer: "/offres/x", Title: hostile, State: "interviewed", Says: hostile, Updated: testNow, Steps: steps, Leave: v.leaveForm("app_1")},
		{Offer: "/offres/y", Title: "b", State: "invited", Accept: "/mes-candidatures/app_2/acceptations"},
		{Offer: "/offres/z", Title: "c", State: "refused", Reason: hostile, Rank: 3, Leave: v.leaveForm("app_3")},
	}
	facts := []factGroup{{Title: hostile, Facts: []fact{{Label: "a", Value: hostile, Note: hostile}, {Label: "b"}}}}
	open := offerPage{Reference: "OFF-2026-7K3Q9D", Title: hostile, Description: hostile + "\n\n" + hostile, State: "published", Open: true, FreePlaces: 3, Deadline: "2026-12-01",
		Headline: facts[0].Facts, Facts: facts, Warnings: []notice{{Text: hostile}}, Agency: agencyBox{Name: hostile, Kind: "x", Licence: hostile, State: "y", Place: "z", Until: "2027-01-01", Active: true},
		Posting: &posting.JobPosting{Title: hostile, Description: hostile}, Similar: "/offres?metier=71"}
	anonymous, fits, gaps, applied, closed := open, open, open, open, offerPage{Title: "b", State: "expired", Agency: agencyBox{Name: "a"}}
	anonymous.SignInTo = "/connexion?suite=%2F"
	applied.Applied = true
	fits.Apply, fits.Fits = v.applyForm(offer.View{Reference: "OFF-1"}, nil), true
	gaps.Apply, gaps.Gaps = v.correct(v.applyForm(offer.View{Reference: "OFF-1"}, url.Values{"message": {hostile}}), fault.New(fault.Conflict, "application.exists")), gates
	return []story{
		{"anonymous", "offer/show", "", anonymous}, {"fits", "offer/show", account.Candidate, fits}, {"gaps", "offer/show", account.Candidate, gaps}, {"applied", "offer/show", account.Candidate, applied}, {"closed", "offer/show", "", closed},
		{"full", "match/index", account.Candidate, matchPage{Total: 2, Items: []matchLine{{offerLine: line, Rank: 1, Band: "strong", Score: 86, Parts: parts, Missing: []string{hostile}, Gates: gates}, {offerLine: line, Rank: 2, Band: "possible"}},
			Pager: pager{Next: "/mes-offres?suite=x"}, Opportunities: []opportunityLine{{Change: hostile, Opens: "ouvrirait 12 offres"}}}},
		{"empty", "match/index", account.Candidate, matchPage{}}, {"no profile", "match/index", account.Candidate, matchPage{NoProfile: true}},
		{"full", "application/index", account.Candidate, applicationPage{Total: 3, Items: files}}, {"empty", "application/index", account.Candidate, applicationPage{}},
	}
}

func officialStories(v *visit) []story {
	facts := []factGroup{{Title: "t", Facts: []fact{{Label: "a", Value: hostile}}}}
	notices := []notice{{Text: hostile, Blocking: true}, {Text: "b"}}
	draft := bareDraftForm(v, url.Values{"title": {hostile}, "description": {hostile}})
	v.correct(draft, fault.New(fault.Invalid, "offer.invalid", fault.Field{Pointer: "/title", Code: "required"}, fault.Field{Pointer: "/pay", Code: "lint.pay.missing"}, fault.Field{Pointer: "/nowhere", Code: "invalid"}))
	drafts := []draftLine{{Href: "/agence/offres/a", People: "/agence/offres/a/candidats", Title: hostile, Place: hostile, State: "published", Next: "draft", Warnings: 2, Places: 3, Free: 1}, {Href: "/b", Title: "b", State: "draft", Blocking: 1}, {Href: "/c", Title: "c", State: "submitted"}}
	submitted := &reviewPage{Reference: "OFF", Title: hostile, State: "submitted", Version: 2, Agency: agencyBox{Name: hostile}, Description: hostile, Original: hostile, Coding: hostile, Findings: notices, Facts: facts, Submitted: testNow, Approved: testNow, Answer: hostile}
	v.addDecisions(submitted, "off_1", offer.Submitted)
	approved := &reviewPage{Title: "b", State: "approved", Error: hostile, Wrong: []wrongField{{Text: hostile}}}
	v.addDecisions(approved, "off_1", offer.Approved)
	v.correct(approved.Return, prefixed(fault.New(fault.Invalid, "offer.invalid", fault.Field{Pointer: "/reason", Code: "required"}), "return"))
	approved.Return.Error, approved.Return.Wrong = "", nil // told at the top of the page
	vetting := func(state agency.State) *vettingPage {
		return v.newVettingPage(&agency.Agency{ID: "agy_1", State: state, Facts: agency.Facts{Name: hostile, Address: hostile}, Decisions: []agency.Decision{{Action: "refuse", Reason: "other", Note: hostile, At: testNow}}})
	}
	return []story{
		{"full", "draft/index", account.Agency, draftsPage{Total: 3, Items: drafts}}, {"empty", "draft/index", account.Agency, draftsPage{}}, {"no agency", "draft/index", account.Agency, draftsPage{NoAgency: true}},
		{"new", "draft/edit", account.Agency, draftPage{New: true, Form: bareDraftForm(v, nil)}},
		{"wrong", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "draft", Findings: notices, Reason: hostile, Note: hostile, Form: draft, Submit: "/agence/offres/a/soumissions"}},
		{"conflict", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "draft", Form: bareDraftForm(v, nil), Conflict: []changeLine{{hostile, hostile, ""}, {"a", "", "b"}}}},
		{"judged", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "published", Form: bareDraftForm(v, nil), Judged: true}},
		{"locked", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "submitted", Facts: facts}},
		{"refused", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "refused", Reason: hostile, Facts: facts, Answer: "/agence/offres/a/reponse"}},
		{"refused for good", "draft/edit", account.Agency, draftPage{Reference: "OFF", State: "refused", Reason: hostile, Facts: facts, Final: true}},
		{"full", "candidate/index", account.Agency, candidatePage{Title: hostile, Back: "/agence/offres/a", Total: 1, Applied: 1, People: []personLine{{Rank: 1, Band: "strong", Trades: hostile, Education: "x", Experience: "y", Languages: "z", Lives: hostile}}, Applications: []fileLine{{Code: "AB12", State: "waiting", Rank: 2, Updated: testNow}}}},
		{"empty", "candidate/index", account.Agency, candidatePage{Title: "a", Back: "/"}},
		{"submitted", "work/offer", account.Official, submitted}, {"approved", "work/offer", account.Official, approved}, {"published", "work/offer", account.Official, &reviewPage{Title: "c", State: "published"}},
		{"applied", "work/agency", account.Official, vetting(agency.Applied)}, {"vetted", "work/agency", account.Official, vetting(agency.Vetted)}, {"active", "work/agency", account.Official, vetting(agency.Active)},
		{"full", "work/imports", account.Official, importsPage{Total: 2, Items: []importLine{{File: hostile, Kind: "offers", State: "done", Counts: intake.Counts{Rows: 1200}, From: hostile, Batch: hostile, Skipped: []string{hostile, "b"}, Approve: "/a", Created: testNow}, {File: "b", Kind: "profiles", State: "published", Waits: hostile}, {File: "c", Kind: "offers", State: "running"}}}},
		{"empty", "work/imports", account.Official, importsPage{}},
	}
}

// bareDraftForm is the form of an offer without employers and corridors.
func bareDraftForm(v *visit, values url.Values) *form {
	f := newForm("/agence/offres/nouvelle", v.t("draft.save"), values)
	f.Draft = true
	v.workFields(f, nil, nil)
	v.timeFields(f)
	v.payFields(f)
	v.benefitFields(f)
	v.costFields(f)
	v.personFields(f)
	return f
}

func TestEveryStory(t *testing.T) {
	s := bareSite(t)
	told := map[string]bool{}
	for _, loc := range ref.Locales() {
		v, _ := bareVisit(s, "GET", "/offres?q=a", loc)
		for _, st := range stories(v) {
			told[st.name] = true
			t.Run(string(loc)+"/"+st.name+"/"+st.state, func(t *testing.T) {
				f := frame{Locale: loc, Other: ref.English, Switch: "/?lang=en", SignedIn: st.role != "", Menu: menuFor(st.role, "/offres"), Flash: "flash.applied", Demo: true, CSRF: "x"}
				doc := document(t, s, loc, st.name, screen{Frame: f, Page: st.page})
				checkPage(t, doc, loc)
				if doc.Find("img,[onerror]").Length() > 0 {
					t.Error("what a person wrote became an element")
				}
				if strings.Contains(doc.Find("body").Text(), "%!") || strings.Contains(doc.Find("body").Text(), "<no value>") {
					t.Error("a value was not shown")
				}
				if doc.Find(".demo").Length() != 1 || doc.Find("[aria-current=page]").Length() != 1 {
					t.Error("the frame lacks the demonstration banner or the current page")
				}
			})
		}
	}
	for _, name := range templates() {
		if !told[name] {
			t.Errorf("no story shows %s", name)
		}
	}
}

// TestHostileTextIsShownAsText looks for the text itself, so that a page which
// silently drops it fails as well.
//
// covers IN-05
func TestHostileTextIsShownAsText(t *testing.T) {
	s := bareSite(t)
	v, _ := bareVisit(s, "GET", "/", ref.French)
	for _, st := range stories(v) {
		if st.state == "empty" || st.state == "" || st.state == "no profile" || st.state == "closed" {
			continue
		}
		doc := document(t, s, ref.French, st.name, screen{Frame: frame{Locale: ref.French}, Page: st.page})
		if st.name == "offer/show" && !strings.Contains(doc.Find("h1").Text(), hostile) {
			t.Errorf("%s/%s: the title is not there as written", st.name, st.state)
		}
	}
	doc := document(t, s, ref.French, "session/new", screen{Page: sessionPage{Form: v.loginForm(url.Values{"login": {hostile}})}})
	if got := doc.Find("#login").AttrOr("value", ""); got != hostile {
		t.Errorf("typed login shown as %q", got)
	}
}

func TestScoreWords(t *testing.T) {
	w := bareSite(t).words(ref.French)
	share, points := int64(5000), int64(1500)
	part := w.scorePart(match.ViewComponent{Code: match.SkillsShare, Weight: 30, Share: &share, Contribution: &points, Facts: []match.Fact{
		{Code: match.FactMatched, Values: []match.Value{{Type: match.SkillValue, Code: "soudage-tig"}}},
		{Code: match.FactMissing, Values: []match.Value{{Type: match.LicenceValue, Code: "permis-b"}}},
	}})
	if part.Percent != "50" || part.Of != 30 || !strings.HasPrefix(part.Sentence, "Vous avez") || strings.Contains(part.Sentence, "ermis") {
		t.Errorf("%+v", part)
	}
	var components []match.ViewComponent
	for _, hundredths := range []int64{3333, 833, 567, 67, 0, 400} {
		components = append(components, match.ViewComponent{Contribution: &hundredths})
	}
	if got := wholePoints(components); !slices.Equal(got, []int{33, 8, 6, 1, 0, 4}) {
		t.Errorf("points %v", got)
	}
	if got := w.change(match.Change{Kind: match.LearnLanguage, Code: "de", Level: 3}); got != "allemand, niveau B1" {
		t.Errorf("change: %q", got)
	}
	for _, kind := range match.ChangeKinds() {
		var components []match.ViewComponent
		for _, hundredths := range []int64{3333, 833, 567, 67, 0, 400} {
			components = append(components, match.ViewComponent{Contribution: &hundredths})
		}
		if got := wholePoints(components); !slices.Equal(got, []int{33, 8, 6, 1, 0, 4}) {
			t.Errorf("points %v", got)
		}
		if got := w.change(match.Change{Kind: kind, Level: 1}); got == string(kind) {
			t.Errorf("change %s has no words", kind)
		}
	}
}
