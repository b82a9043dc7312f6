package site

import (
	"cmp"
	"net/url"
	"slices"

	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/web"
)

const (
	lotPath      = "/travail/lot"
	shortcutPath = "/travail/touches"
	lotField     = "piece" // one thing of the queue, see pick
	lotMost      = 20      // things at once: each is read by its own
	// cookieKeys holds "non" while the keys of the queue are switched off.
	cookieKeys = "touches"
	keysOff    = "non"
)

// What can be done with several things of the queue at once.
const (
	lotSign   = "signer"
	lotReturn = "retourner"
	lotTake   = "prendre"
	lotGive   = "rendre"
)

func lotActs() []string { return []string{lotSign, lotReturn, lotTake, lotGive} }

// lotPage asks to confirm what is to be done with several things, or says what
// came of each.
type lotPage struct {
	Act   string
	Lines []lotLine
	Done  bool
	Many  int // things that were picked beyond lotMost
	Form  *form
}

// lotLine is one thing: what would be done with it, or what was answered.
type lotLine struct {
	Href, Title, About string
	Says               string
	Fails              bool // it cannot be done, or was refused
	pick               string
	sign               func(*visit) error // what the act does with it
	file               assignment.File    // that somebody may have taken
}

// picked reads what was picked, each thing once, at most lotMost of them.
func picked(in url.Values) (picks []string, more int) {
	for _, pick := range in[lotField] {
		if !slices.Contains(picks, pick) && len(picks) < lotMost {
			picks = append(picks, pick)
		} else if !slices.Contains(picks, pick) {
			more++
		}
	}
	return picks, more
}

// confirmLot lists what will be done, before it is.
func confirmLot(v *visit) error {
	page, err := v.newLotPage(v.query())
	if err != nil {
		return err
	}
	return v.render("work/lot", page)
}

func (v *visit) newLotPage(in url.Values) (*lotPage, error) {
	page := &lotPage{Act: in.Get("acte")}
	if !slices.Contains(lotActs(), page.Act) {
		return nil, fault.New(fault.NotFound, "request.not_found")
	}
	picks, more := picked(in)
	page.Many = more
	page.Form = newForm(lotPath, v.code("desk.lot.do", page.Act), in)
	page.Form.hide("acte", page.Act)
	possible := 0
	for _, pick := range picks {
		line, err := v.lotLine(page.Act, pick, in)
		if err != nil {
			return nil, err
		}
		page.Lines = append(page.Lines, line)
		if !line.Fails {
			page.Form.hide(lotField, pick)
			possible++
		}
	}
	if page.Act == lotReturn {
		page.Form.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", offer.Reasons(offer.ActReturn), v.t("form.choose"))})
		page.Form.add(field{Name: "note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	}
	if page.Form.number(); possible == 0 {
		page.Form = nil
	}
	return page, nil
}

// doLot does the act with each thing, once for each showing of the form, and
// leads to what was answered for each.
func doLot(v *visit) error {
	s := v.showing()
	defer s.release()
	if s.lines == nil {
		page, err := v.newLotPage(v.posted())
		if err != nil {
			return err
		}
		if page.Act == lotReturn && v.posted().Get("reason") == "" && page.Form != nil {
			missing := fault.New(fault.Invalid, "offer.invalid", fault.Field{Pointer: "/reason", Code: "required"})
			return v.again(page.Form, missing, "work/lot", page)
		}
		for i := range page.Lines {
			v.answerLine(&page.Lines[i])
		}
		s.lines, s.act = page.Lines, page.Act
	}
	v.redirect(address(lotPath+"/reponses", url.Values{nonceField: {v.posted().Get(nonceField)}}), "")
	return nil
}

// answerLine does the act with one thing and keeps the answer.
func (v *visit) answerLine(line *lotLine) {
	if line.sign == nil {
		return
	}
	err := line.sign(v)
	line.sign = nil
	if err == nil {
		line.Says = v.t("desk.lot.done", line.Says)
		return
	}
	line.Says, line.Fails = v.site.opts.Server.Problem(err, web.RequestID(v.gin), v.loc).Detail, true
	if hasCode(err, "assignment.taken") {
		held := v.site.opts.Assignments.Holder(v.actor, line.file)
		line.held(v, held.By, held.Until)
	}
	if f := fault.Of(err); f == nil {
		v.site.opts.Server.Logger().Error("bulk act", "request", web.RequestID(v.gin), "piece", line.pick, "error", err.Error())
	}
}

// showLot says what came of each thing. Once the service has been started anew
// that is known from the queue alone.
func showLot(v *visit) error {
	s := v.site.showings.find(v.nameOf(v.query().Get(nonceField)))
	if s == nil {
		v.redirect("/travail", "")
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return v.render("work/lot", &lotPage{Act: cmp.Or(s.act, lotSign), Lines: s.lines, Done: true})
}

// switchKeys keeps whether the official wants the keys of the queue.
func switchKeys(v *visit) error {
	if v.posted().Get("actives") == keysOff {
		v.site.jar.set(v.gin, cookieKeys, keysOff, yearSeconds)
		v.redirect("/travail", "flash.desk.keys.off")
		return nil
	}
	v.site.jar.clear(v.gin, cookieKeys)
	v.redirect("/travail", "flash.desk.keys.on")
	return nil
}

// addKeys says of each thing of the queue where its keys lead. What is not
// decided in a batch is decided on its own page.
func (l *waitLine) addKeys() {
	l.Approve, l.Refuse = l.Href+"#decision", l.Href+"#decision"
	if l.Kind == "offers" || l.Kind == "publications" {
		l.Approve = address(lotPath, url.Values{"acte": {lotSign}, lotField: {l.Pick}})
		l.Refuse = l.Href + "?acte=" + lotReturn + "#decision"
	}
}
