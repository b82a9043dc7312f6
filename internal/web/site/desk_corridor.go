package site

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// deskCorridorPath is where officials keep the corridors.
const deskCorridorPath = "/travail/couloirs"

func deskCorridorHref(code corridor.Code) string {
	return deskCorridorPath + "/" + url.PathEscape(string(code))
}

// deskCorridorsPage lists the corridors for officials.
type deskCorridorsPage struct {
	Tabs  []tab
	Items []deskCorridorLine
}

// deskCorridorLine is one corridor with what needs an official.
type deskCorridorLine struct {
	Href, Country, Code string
	Suspended           int
	Proposed            bool // that workers may be charged waits for a second official
	Updated             time.Time
}

func listDeskCorridors(v *visit) error {
	page := deskCorridorsPage{Tabs: v.deskTabs(deskCorridorPath)}
	for after := ""; ; {
		found, err := v.site.opts.Corridors.List(v.ctx, v.actor, listing.Page{Limit: listing.MaxLimit, After: after})
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			page.Items = append(page.Items, deskCorridorLine{Href: deskCorridorHref(c.Code), Country: v.countryName(c.Destination), Code: string(c.Code), Suspended: len(c.Suspensions), Proposed: c.Proposal.Pending(), Updated: c.UpdatedAt})
		}
		if after = found.Next; after == "" {
			break
		}
	}
	slices.SortFunc(page.Items, func(a, b deskCorridorLine) int { return compareText(a.Country, b.Country) })
	return v.render("desk/corridors", page)
}

// deskCorridorPage is one corridor as officials keep it.
type deskCorridorPage struct {
	dutyPart
	Country, Code   string
	Public          string
	Proposal        string // who proposed that workers may be charged, and when
	Suspensions     []closureLine
	Acts            []actLine
	Parts           []partLink
	Suspend, Reopen string
	Updated         time.Time
	Trail           string
}

// closureLine is a suspension in force.
type closureLine struct {
	What, Act, Evidence, Who string
	At                       time.Time
}

// actLine is an act and how far it has been carried.
type actLine struct {
	What, Act, Direction  string
	At                    time.Time
	Carried, Total        int
	Offers, Files, People string
	Silent                int
	Finished              time.Time
	Href                  string // the files it touches
}

// partLink leads to one part of the facts.
type partLink struct {
	Href, Label, About string
}

func corridorDesk() desk[*corridor.Corridor] {
	return desk[*corridor.Corridor]{
		template: "desk/corridor",
		load:     func(v *visit) (*corridor.Corridor, error) { return v.corridorFile() },
		steps:    func(c *corridor.Corridor) int { return int(c.Rev) },
		at:       func(c *corridor.Corridor) string { return deskCorridorHref(c.Code) },
		page: func(v *visit, c *corridor.Corridor) (any, *dutyPart, error) {
			acts, err := v.site.opts.Suspensions.List(v.ctx, v.actor, suspension.Target{Kind: suspension.Corridor, ID: string(c.Code)})
			if err != nil {
				return nil, nil, err
			}
			page := v.newDeskCorridorPage(c, acts)
			return page, &page.dutyPart, nil
		},
		duties: corridorDuties,
	}
}

// corridorFile reads the corridor the address names.
func (v *visit) corridorFile() (*corridor.Corridor, error) {
	code, err := corridor.ParseCode(v.param("code"))
	if err != nil {
		return nil, err
	}
	return v.site.opts.Corridors.Get(v.ctx, v.actor, code)
}

func (v *visit) newDeskCorridorPage(c *corridor.Corridor, acts []*suspension.Act) *deskCorridorPage {
	at := deskCorridorHref(c.Code)
	page := &deskCorridorPage{dutyPart: corridorDesk().part(v, c), Country: v.countryName(c.Destination), Code: string(c.Code), Public: corridorHref(c.Code), Suspend: at + "/suspension", Updated: c.UpdatedAt, Trail: trailOf(string(c.Code))}
	if c.Proposal.Pending() {
		page.Proposal = v.t("desk.fees.proposed", v.official(c.Proposal.By), v.instant(c.Proposal.At))
	}
	for _, s := range c.Suspensions {
		page.Suspensions = append(page.Suspensions, closureLine{v.suspended(s.Kind, s.Occupation), s.Act, s.Evidence, v.official(s.By), s.At})
	}
	if len(page.Suspensions) > 0 {
		page.Reopen = at + "/reouverture"
	}
	for _, a := range slices.Backward(acts) {
		page.Acts = append(page.Acts, v.actLine(at, a))
	}
	for _, p := range corridorParts() {
		page.Parts = append(page.Parts, partLink{Href: at + "/" + p.path, Label: v.code("desk.part", p.name), About: p.about(v, c.Facts())})
	}
	return page
}

func (v *visit) actLine(at string, a *suspension.Act) actLine {
	of := func(t suspension.Track) string { return v.t("desk.carried", t.Done, t.Total) }
	return actLine{What: v.suspended(a.Scope.Work, a.Scope.Occupation), Act: a.Number, Direction: v.code("desk.direction", a.Direction), At: a.At, Carried: a.Carried(), Total: a.Total(),
		Offers: of(a.Offers), Files: of(a.Files), People: of(a.People), Silent: a.Silent, Finished: a.FinishedAt, Href: address(at+"/touches", url.Values{"acte": {a.Number}})}
}

// corridorDuties decide on the proposal that workers may be charged.
func corridorDuties() []duty[*corridor.Corridor] {
	decide := func(confirmed bool, flash string) func(*visit, *corridor.Corridor, *answers) (string, error) {
		return func(v *visit, c *corridor.Corridor, _ *answers) (string, error) {
			_, err := v.site.opts.Corridors.DecideFees(v.ctx, v.actor, c.Code, confirmed)
			return flash, err
		}
	}
	return []duty[*corridor.Corridor]{
		{name: "fees_confirm", path: "frais-confirmes", permission: "corridor.update", danger: true,
			open: func(v *visit, c *corridor.Corridor) bool {
				return c.Proposal.Pending() && c.Proposal.By != v.actor.Account
			},
			do: decide(true, "flash.corridor.fees_confirmed")},
		{name: "fees_reject", path: "frais-rejetes", permission: "corridor.update",
			open: func(_ *visit, c *corridor.Corridor) bool { return c.Proposal.Pending() },
			do:   decide(false, "flash.corridor.fees_rejected")},
	}
}

// corridorForm asks for the destination of a new corridor.
func (v *visit) corridorForm(values url.Values) *form {
	f := newForm(deskCorridorPath+"/nouveau", v.t("desk.corridor.create"), values)
	countries := []option{{Label: v.t("form.choose")}}
	for _, c := range ref.Countries(v.loc) {
		if c != ref.Mali && !c.Retired() {
			countries = append(countries, option{Value: string(c), Label: c.Name(v.loc)})
		}
	}
	f.add(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Required: true, Options: countries})
	return f
}

func newCorridorFile(v *visit) error { return v.render("desk/new", formPage{v.corridorForm(nil)}) }

// createCorridorFile opens a corridor of which nothing is known yet.
func createCorridorFile(v *visit) error {
	f := v.corridorForm(v.posted())
	country, err := ref.ParseCountry(v.posted().Get("country"))
	if err != nil || country == "" {
		return v.again(f, fault.New(fault.Invalid, "corridor.invalid", fault.Field{Pointer: "/country", Code: cmp.Or(faultCode(err), "required")}), "desk/new", formPage{f})
	}
	c, err := v.site.opts.Corridors.Create(v.ctx, v.actor, corridor.CodeFor(country), corridor.Facts{})
	if err != nil {
		return v.again(f, err, "desk/new", formPage{f})
	}
	v.redirect(deskCorridorHref(c.Code), "flash.corridor.created")
	return nil
}

func faultCode(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}
