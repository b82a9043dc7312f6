package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// takenStories is every file's page while nobody, its reader or somebody else
// works on it, and the queue with such files.
func takenStories(v *visit) (all []story) {
	later := testNow.Add(time.Hour)
	firm := &employer.Employer{ID: "emp_1", State: employer.Declared, UpdatedAt: testNow, Facts: employer.Facts{Name: hostile, Country: "ES"}}
	i := &incident.Incident{ID: "inc_1", Reference: "INC-2026-7K3Q9D", Category: "wages", State: incident.Received, TriageDue: later, CreatedAt: testNow}
	var lines []waitLine
	for name, by := range map[string]account.ID{"nobody": "", "mine": "acc_1", "another": "acc_222222"} {
		held := assignment.Holding{By: by, At: testNow, Until: later}
		part := func(kind assignment.Kind, id string) claimPart {
			return v.newClaimPart(assignment.File{Kind: kind, ID: id}, held, true)
		}
		office, house, post := v.newVettingPage(&agency.Agency{ID: "agy_1", State: agency.Applied, Facts: agency.Facts{Name: hostile}}), v.newEmployerPage(firm, nil), v.newCasePage(i)
		offered := &reviewPage{Reference: "OFF", Title: hostile, State: "submitted"}
		v.addDecisions(offered, "off_1", offer.Submitted)
		office.claimPart, house.claimPart, post.claimPart, offered.claimPart = part(assignment.Agency, "agy_1"), part(assignment.Employer, "emp_1"), part(assignment.Incident, "inc_1"), part(assignment.Offer, "off_1")
		all = append(all, story{name, "work/agency", account.Official, office}, story{name, "work/employer", account.Official, house}, story{name, "desk/case", account.Official, post}, story{name, "work/offer", account.Official, offered})
		for _, f := range []assignment.File{{Kind: assignment.Offer, ID: "off_1"}, {Kind: assignment.Incident, ID: "inc_1"}} {
			line := waitLine{Href: fileHref(f), Kind: "offers", Title: hostile, About: hostile, Since: testNow}
			v.showHolder(&line, f, held)
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b waitLine) int { return strings.Compare(a.Holder+a.Href, b.Holder+b.Href) })
	v.timed(lines)
	return append(all, story{"taken", "work/index", account.Official, queuePage{Tabs: v.deskTabs("/travail"), Kind: "mine", Picks: true, Total: len(lines), Items: lines}})
}

// TestWhoHasAFile: it is taken by who finds it free, given back by who has it,
// and only shown to the others.
func TestWhoHasAFile(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/travail", ref.French)
	v.actor = account.Actor{Account: "acc_1", Role: account.Official}
	f := assignment.File{Kind: assignment.Employer, ID: "emp_1"}
	for _, c := range []struct {
		by         account.ID
		until      time.Time
		waits      bool
		holder     bool
		take, give bool // on the page
		row        string
	}{
		{"", time.Time{}, true, false, true, false, "take"}, {"", time.Time{}, false, false, false, false, "take"},
		{"acc_1", testNow.Add(time.Hour), true, true, true, true, "give"}, {"acc_2", testNow.Add(time.Hour), true, true, false, false, ""},
		{"acc_2", testNow, true, false, true, false, "take"},
	} {
		held := assignment.Holding{By: c.by, Until: c.until}
		page, line := v.newClaimPart(f, held, c.waits), waitLine{}
		v.showHolder(&line, f, held)
		if (page.Holder != "") != c.holder || (page.Take != nil) != c.take || (page.Give != nil) != c.give || page.Holder != line.Holder {
			t.Errorf("%+v: page %+v", c, page)
		}
		if (line.Take != "") != (c.row == "take") || (line.Give != "") != (c.row == "give") || line.Pick != "employeur.emp_1" {
			t.Errorf("%+v: row %+v", c, line)
		}
	}
}
