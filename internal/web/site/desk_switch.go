package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// switchPage is the closing or opening of a corridor, or of a part of it: first
// what it is about, then who is touched, then the act.
type switchPage struct {
	Country, Back, Here string
	Opening             bool
	Kinds               []option
	Occupation          string
	WrongScope          bool
	Shown               bool // the scope is chosen
	What                string
	Counts              suspension.Counts
	Items               []touchedLine
	Total               int
	More                string // address of the whole list
	Lifts               []closureLine
	Form                *form
}

// touchedLine is one offer or file an act touches.
type touchedLine struct {
	Href, Type, Reference, Title, State string
	Abroad, Held                        bool
}

// scopeAsked reads what the order is about.
func scopeAsked(in url.Values) (kind ref.WorkKind, trade ref.Occupation, wrong bool) {
	kind, errKind := ref.ParseWorkKind(in.Get("forme"))
	trade, errTrade := ref.ParseOccupation(in.Get("metier"))
	return kind, trade, errKind != nil && in.Get("forme") != "" || errTrade != nil
}

func previewSuspension(v *visit) error { return v.previewSwitch(false) }

func previewReopening(v *visit) error { return v.previewSwitch(true) }

func (v *visit) previewSwitch(opening bool) error {
	c, err := v.corridorFile()
	if err != nil {
		return err
	}
	asked := v.query()
	page, err := v.switchPage(c, opening, asked, asked.Get("voir") != "")
	if err != nil {
		return err
	}
	return v.render("desk/switch", page)
}

// switchPage shows the choice of the scope and, once it is chosen, who is
// touched and the form of the act.
func (v *visit) switchPage(c *corridor.Corridor, opening bool, in url.Values, chosen bool) (*switchPage, error) {
	kind, trade, wrong := scopeAsked(in)
	page := v.newSwitchPage(c, opening, kind, trade)
	page.WrongScope = wrong
	if !chosen || wrong {
		return page, nil
	}
	found, err := v.site.opts.Suspensions.Affected(v.ctx, v.actor, suspension.Query{Scope: corridorScope(c.Code, kind, trade), Limit: 20})
	if err != nil {
		return nil, err
	}
	v.addTouched(page, found, in)
	return page, nil
}

func corridorScope(code corridor.Code, kind ref.WorkKind, trade ref.Occupation) suspension.Scope {
	return suspension.Scope{Target: suspension.Target{Kind: suspension.Corridor, ID: string(code)}, Work: kind, Occupation: trade}
}

func (v *visit) newSwitchPage(c *corridor.Corridor, opening bool, kind ref.WorkKind, trade ref.Occupation) *switchPage {
	at := deskCorridorHref(c.Code)
	page := &switchPage{Country: v.countryName(c.Destination), Back: at, Here: at + "/suspension", Opening: opening, Occupation: string(trade), What: v.suspended(kind, trade),
		Kinds: chosenOption(labelled(ref.WorkKinds(), v.loc, v.t("desk.any")), string(kind))}
	if opening {
		page.Here = at + "/reouverture"
		for _, s := range c.Suspensions {
			if kind == "" || kind == s.Kind {
				page.Lifts = append(page.Lifts, closureLine{v.suspended(s.Kind, s.Occupation), s.Act, s.Evidence, v.official(s.By), s.At})
			}
		}
	}
	return page
}

func (v *visit) addTouched(page *switchPage, found suspension.Affected, in url.Values) {
	page.Shown, page.Counts, page.Total = true, found.Counts, found.Files.Total
	for _, f := range found.Files.Items {
		page.Items = append(page.Items, v.touchedLine(f))
	}
	scope := url.Values{}
	for _, name := range []string{"forme", "metier"} {
		if in.Get(name) != "" {
			scope.Set(name, in.Get(name))
		}
	}
	if found.Files.Next != "" {
		page.More = address(page.Back+"/touches", scope)
	}
	submit := v.t("desk.suspend")
	if page.Opening {
		submit = v.t("desk.reopen")
	}
	f := newForm(page.Here, submit, in)
	f.Danger = !page.Opening
	f.hide("forme", scope.Get("forme"))
	f.hide("metier", scope.Get("metier"))
	f.hide("vus", strconv.Itoa(found.Files.Total))
	f.add(field{Name: "act", Label: v.t("desk.act"), Hint: v.t("desk.act.hint"), Max: 120, Fill: "off", Required: true})
	f.add(field{Name: "evidence", Label: v.t("desk.evidence"), Hint: v.t("desk.evidence.hint"), Kind: "area", Rows: 3, Max: 2000, Required: true})
	page.Form = f
}

func (v *visit) touchedLine(f suspension.File) touchedLine {
	line := touchedLine{Type: v.code("desk.file", f.Type), Reference: f.Reference, Title: f.Title, Abroad: f.Abroad, Held: f.Held}
	switch f.Type {
	case suspension.PlacementFile:
		line.Href, line.State = departurePath+"/"+url.PathEscape(f.ID), v.code("state.placement", f.State)
	case suspension.OfferFile:
		line.Href, line.State = "/travail/offres/"+url.PathEscape(f.ID), v.code("state.offer", f.State)
	default:
		line.State = v.code("state.application", f.State)
	}
	return line
}

func suspendCorridor(v *visit) error { return v.sendSwitch(false) }

func reopenCorridor(v *visit) error { return v.sendSwitch(true) }

// sendSwitch carries out the order that was previewed. The same act twice
// changes nothing; where more or fewer files are touched than were shown, the
// new number is shown first.
func (v *visit) sendSwitch(opening bool) error {
	c, err := v.corridorFile()
	if err != nil {
		return err
	}
	in := v.posted()
	page, err := v.switchPage(c, opening, in, true)
	if err != nil {
		return err
	}
	if page.Form == nil {
		return v.renderAs(http.StatusUnprocessableEntity, "desk/switch", page)
	}
	order := corridor.Order{Kind: ref.WorkKind(in.Get("forme")), Occupation: ref.Occupation(in.Get("metier")), Act: in.Get("act"), Evidence: in.Get("evidence")}
	act, flash := v.site.opts.Corridors.Suspend, "flash.corridor.suspended"
	if opening {
		act, flash = v.site.opts.Corridors.Reopen, "flash.corridor.reopened"
	}
	if in.Get("vus") != strconv.Itoa(page.Total) && !v.ordered(c, order, opening) {
		return v.refused(page.Form, fault.New(fault.Stale, "stale"), "desk/switch", page)
	}
	if _, err = act(v.ctx, v.actor, c.Code, order); err != nil {
		return v.switchAgain(page, err)
	}
	v.redirect(deskCorridorHref(c.Code), flash)
	return nil
}

// ordered reports whether the order was carried out before: its form was sent
// twice.
func (v *visit) ordered(c *corridor.Corridor, o corridor.Order, opening bool) bool {
	if opening {
		return slices.ContainsFunc(c.Reopenings, func(r corridor.Reopening) bool {
			return r.Act == o.Act && r.Kind == o.Kind && r.Occupation == o.Occupation
		})
	}
	return slices.ContainsFunc(c.Suspensions, func(s corridor.Suspension) bool {
		return s.Act == o.Act && s.Kind == o.Kind && s.Occupation == o.Occupation
	})
}

func (v *visit) switchAgain(page *switchPage, failed error) error {
	switch fault.KindOf(failed) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		return v.refused(page.Form, failed, "desk/switch", page)
	}
	return failed
}

// affectedPage lists all that an act touches, or would touch.
type affectedPage struct {
	Country, Back, What, Act string
	Types                    []tab
	Counts                   suspension.Counts
	Total                    int
	Items                    []touchedLine
	Pager                    pager
}

func listAffected(v *visit) error {
	c, err := v.corridorFile()
	if err != nil {
		return err
	}
	after, err := v.position()
	if err != nil {
		return err
	}
	asked := v.query()
	kind, trade, wrong := scopeAsked(asked)
	if wrong {
		kind, trade = "", ""
	}
	typed := suspension.FileType(asked.Get("nature"))
	if !slices.Contains(suspension.FileTypes(), typed) {
		typed = ""
	}
	found, err := v.site.opts.Suspensions.Affected(v.ctx, v.actor, suspension.Query{Scope: corridorScope(c.Code, kind, trade), Act: clip(asked.Get("acte"), 120), Type: typed, After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	page := affectedPage{Country: v.countryName(c.Destination), Back: deskCorridorHref(c.Code), What: v.suspended(kind, trade), Act: clip(asked.Get("acte"), 120), Counts: found.Counts, Total: found.Files.Total, Pager: v.pager(found.Files.Next), Types: v.typeTabs(asked, typed)}
	for _, f := range found.Files.Items {
		page.Items = append(page.Items, v.touchedLine(f))
	}
	return v.render("desk/affected", page)
}

// typeTabs narrow the list to one type of files.
func (v *visit) typeTabs(asked url.Values, chosen suspension.FileType) []tab {
	path, rest := v.gin.Request.URL.Path, url.Values{}
	for _, name := range []string{"forme", "metier", "acte"} {
		if asked.Get(name) != "" {
			rest.Set(name, asked.Get(name))
		}
	}
	tabs := []tab{{Href: address(path, rest), Label: v.t("work.all"), Current: chosen == ""}}
	for _, t := range suspension.FileTypes() {
		rest.Set("nature", string(t))
		tabs = append(tabs, tab{Href: address(path, rest), Label: v.code("desk.file", t), Current: t == chosen})
	}
	return tabs
}
