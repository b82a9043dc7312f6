package site

import (
	"net/url"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// publicStories is every state of the pages for everybody.
func publicStories(v *visit, line offerLine) []story {
	facts := []fact{{Label: hostile, Value: hostile, Note: hostile}, {Label: "b"}}
	offers := []comparedOffer{{hostile, "OFF-2026-7K3Q9D", "/offres/OFF-2026-7K3Q9D", "/comparer"}, {"b", "OFF-2026-000000", "/offres/x", "/comparer?offre=a"}}
	rows := []compareRow{{hostile, []compareCell{{Of: hostile, Value: hostile, Note: hostile, Bad: true}, {Of: "b"}}}}
	agencies := []licensedLine{{Href: "/agences/agy_1", Name: hostile, Kind: "x", Licence: hostile, Place: hostile, State: "active", Until: "2026-12-01", Left: "10 jours", Ending: true, Offers: 4}, {Href: "/agences/agy_2", Name: "b", State: "expired"}}
	groups := []occupationLine{{"/metiers/7", "7", hostile, 12}, {"/metiers/8", "8", "b", 0}}
	states := []choice{{Value: "active", Label: "x", Chosen: true}}
	return append([]story{
		{"full", "compare/show", "", comparePage{Offers: offers, Rows: rows, Gone: []string{"OFF-2026-000000"}, Kept: []hiddenField{{"offre", "OFF-2026-7K3Q9D"}}, Wrong: hostile, Typed: hostile, More: true, Search: "/offres?comparer=a"}},
		{"four", "compare/show", account.Candidate, comparePage{Offers: offers, Rows: rows}},
		{"empty", "compare/show", "", comparePage{More: true, Search: "/offres"}},
		{"full", "register/index", "", licencesPage{Words: hostile, States: states, Kinds: states, Total: 2, Items: agencies, Pager: pager{Next: "/agences?suite=x"}}},
		{"empty", "register/index", account.Official, licencesPage{}},
		{"active", "register/show", "", licensedPage{Name: hostile, TradeName: hostile, State: "active", Active: true, Facts: facts, Total: 1, Items: []offerLine{line}, Report: "/signaler?agence=a"}},
		{"suspended", "register/show", "", licensedPage{Name: "b", State: "suspended", Facts: facts}},
		{"list", "corridor/index", "", corridorsPage{[]corridorLine{{"/couloirs/ML-FR", hostile, true, 3, 12}, {"/couloirs/ML-ES", "b", false, 0, 0}}}},
		{"empty", "corridor/index", account.Agency, corridorsPage{}},
		{"full", "corridor/show", "", hostileCorridorPage(v)},
		{"bare", "corridor/show", "", v.newCorridorPage(&corridor.Corridor{Code: "ML-FR", Destination: "FR"})},
		{"top", "occupation/show", "", occupationPage{Below: groups, Total: 12, Search: "/offres"}},
		{"asked", "occupation/show", "", occupationPage{Below: groups, Words: hostile, Asked: true, Found: groups}},
		{"none found", "occupation/show", "", occupationPage{Words: "xyz", Asked: true}},
		{"group", "occupation/show", account.Candidate, occupationPage{Code: "71", Title: hostile, Above: groups[:1], Below: groups, Total: 3, Items: []offerLine{line}, Search: "/offres?metier=71"}},
		{"", "notice/help", "", nil},
	}, append(verifyStories(facts), reportStories(v)...)...)
}

// verdicts is every answer of a check.
func verdicts() []string {
	list := []string{verdictOpen, verdictFilled, verdictClosed, verdictSuspended, verdictLicensed, verdictHeld, verdictEnded, verdictUnknown, verdictMalformed, verdictMistyped}
	for _, a := range placement.ClearanceAnswers() {
		list = append(list, verdictClearance+string(a))
	}
	return list
}

func verifyStories(facts []fact) []story {
	list := []story{{"empty", "verify/show", "", verifyPage{}}}
	for _, verdict := range verdicts() {
		list = append(list, story{verdict, "verify/show", "", verifyPage{Typed: hostile, Verdict: verdict, Grade: gradeOf(verdict), Normal: hostile, Name: hostile, Facts: facts, Href: "/offres/x"}})
	}
	return list
}

func hostileCorridor() *corridor.Corridor {
	text := corridor.Text{FR: hostile, EN: hostile}
	return &corridor.Corridor{
		Code: "ML-ES", Destination: "ES", Notice: corridor.Text{FR: "Vos droits\n\n" + hostile + "\n" + hostile, EN: hostile},
		Checklist:  []corridor.Paper{{Key: "a", Label: text, Expires: true, Provider: corridor.Employer}, {Key: "b", Label: text, Required: true}},
		Fees:       []corridor.Fee{{Item: corridor.Visa, Payer: corridor.Worker, MaxCents: 100, Note: text}, {Item: corridor.Travel, Payer: corridor.Employer}},
		Social:     []corridor.Coordination{{Branch: corridor.Health, Payer: corridor.BothSides, Exportable: corridor.Yes, Totalisation: corridor.No, Note: text, Source: hostile}, {Branch: corridor.OldAge}},
		Recognised: []corridor.Recognition{{Prefix: "22", Authority: text, Procedure: text, Weeks: 12, Source: "https://example.org/", Confirmed: true}, {Prefix: "71"}},
		Arrival:    []corridor.Help{{Topic: corridor.Consulate, Text: text, Source: hostile}},
		MaxHours:   4000, WorkerFees: true, Kinds: ref.WorkKinds(), Regulated: []ref.Occupation{"22"},
		Bases:       []corridor.Basis{{Title: text, Date: "2007-01-23", Source: "https://example.org/a?b=" + hostile, Confirmed: true}, {Title: text, Source: hostile, Confirmed: true}, {Title: text, Source: "javascript:alert(1)"}},
		Floors:      []corridor.Floor{{EURCents: 138133, From: "2026-01-01", Source: hostile}, {Prefix: "92", EURCents: 100000, From: "2020-01-01"}, {Prefix: "92", EURCents: 110000, From: "2026-01-01", Confirmed: true}, {EURCents: 1, From: "2030-01-01"}},
		Suspensions: []corridor.Suspension{{Kind: ref.Seasonal, Occupation: "92", Act: hostile, At: testNow}, {Act: "n° 2", At: testNow}}, Reopenings: []corridor.Reopening{{Act: hostile, At: testNow}}, UpdatedAt: testNow,
	}
}

// hostileCorridorPage names the agreements as well, which a store gives.
func hostileCorridorPage(v *visit) corridorPage {
	page := v.newCorridorPage(hostileCorridor())
	page.Social[0].Treaty = hostile
	return page
}

// reportStories are the states of a report and of following it.
func reportStories(v *visit) []story {
	typed := url.Values{"description": {hostile}, askOffer: {hostile}, askAgency: {hostile}, "cle": {"k"}}
	wrong := complaintPage{Form: v.complaintForm(typed), About: hostile}
	v.correct(wrong.Form, fault.New(fault.Invalid, "incident.invalid", fault.Field{Pointer: "/category", Code: "reason.unknown"}, fault.Field{Pointer: "/offre", Code: "offer.reference.check"}))
	lost := v.followForm(url.Values{"reference": {hostile}})
	lost.Failed, lost.Error = true, hostile
	open := v.followedPage(incident.Given{Incident: &incident.Incident{Reference: "INC-2026-7K3Q9D", State: incident.InProgress, Category: "fee", Description: hostile, CreatedAt: testNow,
		Entries: []incident.Entry{{At: testNow, Text: hostile}, {At: testNow, Reporter: true, Text: hostile}}}, Code: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
	return []story{
		{"new", "incident/new", "", complaintPage{Form: v.complaintForm(nil)}}, {"wrong", "incident/new", "", wrong},
		{"filed", "incident/filed", "", v.filedPage(incident.Given{Incident: &incident.Incident{Reference: "INC-2026-7K3Q9D", Country: "ES", Safety: true}, Code: "ABCDEFGH"})}, {"filed, signed in", "incident/filed", account.Candidate, filedPage{Reference: hostile, Code: hostile}},
		{"ask", "incident/follow", "", followPage{Ask: v.followForm(nil)}}, {"lost", "incident/follow", "", followPage{Ask: lost}}, {"open", "incident/follow", "", open},
	}
}

// TestCodesAreCopiedByHand: whatever is typed between the signs.
func TestCodesAreCopiedByHand(t *testing.T) {
	if got := grouped("ABCDEFGHIJ"); got != "ABCD-EFGH-IJ" {
		t.Errorf("written %s", got)
	}
	for _, typed := range []string{"ABCD-EFGH-IJ", " abcd efgh ij ", "abcdefghij", "AB.CD-EF GH-IJ"} {
		if got := plainCode(typed); got != "ABCDEFGHIJ" {
			t.Errorf("%q read as %q", typed, got)
		}
	}
}

// TestNoticeBlocks: titles, lists, and a last line that is no title.
func TestNoticeBlocks(t *testing.T) {
	blocks := noticeBlocks("Vos droits\n\nUn.\nDeux.\n\nVos devoirs\n\nTrois.")
	if len(blocks) != 4 || blocks[0].Title != "Vos droits" || len(blocks[1].Lines) != 2 || blocks[3].Title != "" || len(noticeBlocks("")) != 0 {
		t.Errorf("%+v", blocks)
	}
}

// TestCorridorPage: floors of today only, addresses only where they are ones.
func TestCorridorPage(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/couloirs/ML-ES", ref.French)
	page := v.newCorridorPage(hostileCorridor())
	if len(page.Floors) != 2 || page.Floors[0].Trade != v.t("corridor.every_trade") || !page.Floors[1].Confirmed {
		t.Errorf("floors %+v", page.Floors)
	}
	if page.Bases[0].Source.Text != "example.org" || page.Bases[1].Source.Link != "" || page.Bases[2].Source.Link != "" {
		t.Errorf("bases %+v", page.Bases)
	}
	if page.Suspensions[1].What != "Tous les emplois" || !strings.Contains(page.Suspensions[0].What, ", ") {
		t.Errorf("suspensions %+v", page.Suspensions)
	}
}

// withPublicLists adds the codes that the pages for everybody show.
func withPublicLists(lists map[string][]string) map[string][]string {
	lists["verify"], lists["verify.text"] = verdicts(), verdicts()
	lists["topic"], lists["known"], lists["treaty"] = codesOf(corridor.Topics()...), codesOf(corridor.Answers()...), codesOf(agreement.Kinds()...)
	return lists
}

// withSharedPublicLists adds the shared lists that pages for everybody show.
func withSharedPublicLists(lists map[string][]string) map[string][]string {
	lists["sign"] = incident.Indicators()
	lists["party"], lists["fee"] = codesOf(corridor.Parties()...), codesOf(corridor.Items()...)
	lists["incident_category"], lists["state.incident"] = incident.Categories(), codesOf(incident.States()...)
	lists["sex"] = codesOf(profile.Female, profile.Male)
	return lists
}

// TestFilterAddresses: a chip removes its own value and the page, no more.
func TestFilterAddresses(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/offres?q=ma%C3%A7on&pays=FR&pays=ES&forme=&depuis=7&suite=x&comparer=OFF-2026-GDWYM5", ref.French)
	asked := v.query()
	if asked.Has("forme") {
		t.Error("an empty field counts")
	}
	q, wrong := v.searchQuery(asked)
	chips := v.chips(asked, q, wrong)
	if len(chips) != 4 || chips[1].Href != "/offres?comparer=OFF-2026-GDWYM5&depuis=7&pays=ES&q=ma%C3%A7on" || chips[3].Value != "7 jours" {
		t.Errorf("%+v", chips)
	}
	if got := address("/offres", shared(asked)); got != "/offres?depuis=7&pays=FR&pays=ES&q=ma%C3%A7on" {
		t.Errorf("shared as %s", got)
	}
	many := make([]choice, 20)
	for i := range many {
		many[i] = choice{Value: string(rune('a' + i)), Label: string(rune('z' - i)), Chosen: i == 15}
	}
	if g := newFilterGroup("x", "", "", "", many); len(g.Top) != topChoices+1 || len(g.Rest) != 11 || g.Rest[0].Label != "g" {
		t.Errorf("%d ticked, %d listed, first %q", len(g.Top), len(g.Rest), g.Rest[0].Label)
	}
	if g := newFilterGroup("x", "", "", "", many[:topChoices+1]); len(g.Rest) != 0 {
		t.Error("a list of one")
	}
}

// TestComparedReferences: each once, four at most, whatever is sent.
func TestComparedReferences(t *testing.T) {
	var sent []string
	for n := range 6 {
		sent = append(sent, offer.MakeReference("off_a", 2026, n), strings.ToLower(offer.MakeReference("off_a", 2026, n)), hostile, "OFF-2026-000000")
	}
	got := comparedReferences(sent)
	if len(got) != comparedMost || got[1] != offer.MakeReference("off_a", 2026, 1) {
		t.Errorf("%v", got)
	}
	if compareAddress(nil) != "/comparer" || compareAddress([]string{"A", "B"}) != "/comparer?offre=A&offre=B" {
		t.Error("addresses")
	}
}

// TestHourlyPay: 52 weeks a year, rounded to the nearest cent, only when known.
func TestHourlyPay(t *testing.T) {
	terms := offer.Terms{HoursPerWeek: 4000}
	if cents, ok := hourly(terms, monthlyPay{cents: 173_333, known: true}); !ok || cents != 1000 {
		t.Errorf("%d %t", cents, ok)
	}
	for _, m := range []monthlyPay{{cents: 100}, {}} {
		if _, ok := hourly(terms, m); ok {
			t.Errorf("%+v has an hourly pay", m)
		}
	}
	if _, ok := hourly(offer.Terms{}, monthlyPay{cents: 100, known: true}); ok {
		t.Error("an hourly pay without hours")
	}
	w := bareSite(t).words(ref.French)
	if got := w.inCurrency(10_00, ref.EUR, "2026-11-21"); got != "10\u00a0€" {
		t.Errorf("%q", got)
	}
	if got := w.inCurrency(1<<62, ref.XOF, "2026-11-21"); got != "" {
		t.Errorf("an absurd amount is %q", got)
	}
}
