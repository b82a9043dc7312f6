package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// deed is one thing a side can do with a file: a page with a form, and what
// the form does. Its words are those of its name, "deed.<name>".
type deed struct {
	name       string
	path       string // after the file's address; may hold parameters
	roles      []account.Role
	permission account.Permission
	flash      string
	danger     bool
	upload     bool
	// ready says whether it can be done now; nil = whenever it is linked to.
	ready func(v *visit, p *placement.Placement) bool
	// ask puts the questions on the form.
	ask func(v *visit, p *placement.Placement, page *deedPage) error
	do  func(v *visit, p *placement.Placement, in url.Values) error
}

// deedPage is the page of one deed.
type deedPage struct {
	Title, Lead string
	Back        backLink
	Form        *form
	Facts       []factGroup // shown beside the form
	Text        string      // to be read before the form is sent; empty for none
	TextTitle   string
	Diff        *diffView // of a contract that is not kept yet
	Live        *livePart
	Warning     string
	restored    url.Values // what was typed; nil at first
}

// backLink leads to the page above.
type backLink struct{ Href, Text string }

// both are the two sides of a file.
func bothSides() []account.Role { return []account.Role{account.Candidate, account.Agency} }

func candidateSide() []account.Role { return []account.Role{account.Candidate} }

func agencySide() []account.Role { return []account.Role{account.Agency} }

// deeds is everything that can be done with a file, in the order in which it
// is offered.
func deeds() []deed {
	return slices.Concat(deedsBefore(), deedsAbroad(), deedsAfter(), deedsOfTraining())
}

// filesOf is where a role finds its files.
func filesOf(role account.Role) string {
	if role == account.Agency {
		return agencyFiles
	}
	return ownFiles
}

// fileAddress is the address of a file for whoever asks.
func (v *visit) fileAddress(id placement.ID) string {
	return filesOf(v.actor.Role) + "/" + url.PathEscape(string(id))
}

// deedRoutes are the pages and forms of all deeds, on each side that has them.
func deedRoutes(get, post maker) (routes []route) {
	for _, d := range deeds() {
		for _, role := range d.roles {
			at := filesOf(role) + "/:id/" + d.path
			send := post(at, d.permission, d.send)
			if send.maxBody = maxReport; d.upload {
				send.upload, send.maxBody = true, placement.MaxDocument+64<<10
			}
			routes = append(routes, get(at, d.permission, d.show), send)
		}
	}
	return routes
}

// file reads the placement of the address.
func (v *visit) placementFile() (*placement.Placement, error) {
	return v.site.opts.Placements.Get(v.ctx, v.actor, placement.ID(v.param("id")))
}

// address gives the deed's address in a file, its parameters filled in order.
func (v *visit) deedAddress(d deed, id placement.ID, parameters ...string) string {
	parts := strings.Split(d.path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") && len(parameters) > 0 {
			parts[i], parameters = url.PathEscape(parameters[0]), parameters[1:]
		}
	}
	return v.fileAddress(id) + "/" + strings.Join(parts, "/")
}

// here is the address of the deed that is asked for.
func (v *visit) here() string { return v.gin.Request.URL.EscapedPath() }

func (d deed) show(v *visit) error {
	p, err := v.placementFile()
	if err != nil {
		return err
	}
	if d.ready != nil && !d.ready(v, p) {
		v.redirect(v.fileAddress(p.ID), "flash.deed.closed")
		return nil
	}
	page, err := d.page(v, p, nil)
	if err != nil {
		return err
	}
	return v.render("placement/deed", page)
}

// page makes the page; typed is what was posted, nil at first.
func (d deed) page(v *visit, p *placement.Placement, typed url.Values) (*deedPage, error) {
	page := &deedPage{
		Title: v.code("deed", d.name), Lead: v.code("deed.lead", d.name),
		Back: backLink{v.fileAddress(p.ID), v.t("file.back", p.Reference)}, restored: typed,
	}
	page.Form = newForm(v.here(), v.code("deed.submit", d.name), typed)
	page.Form.Danger, page.Form.Upload = d.danger, d.upload
	if err := d.ask(v, p, page); err != nil {
		return nil, err
	}
	page.Form.number()
	return page, nil
}

// send does the deed once, however often its form is sent.
func (d deed) send(v *visit) error {
	p, err := v.placementFile()
	if err != nil {
		return err
	}
	in := v.posted()
	err = v.once(func() error { return d.do(v, p, in) })
	var shown errShown
	if errors.As(err, &shown) {
		return shown.cause
	}
	if err == nil {
		v.redirect(v.fileAddress(p.ID), d.flash)
		return nil
	}
	page, pageErr := d.page(v, p, in)
	if pageErr != nil {
		return pageErr
	}
	if v.isPart() {
		part, status, err := v.refusedPart(page.Form, err)
		if err != nil {
			return err
		}
		part.Said = page.Form.Error
		page.Live = part
		return v.renderPart(status, "placement/deed", page)
	}
	return v.again(page.Form, err, "placement/deed", page)
}

// open lists the deeds a file is ready for on the visitor's side.
func (v *visit) openDeeds(p *placement.Placement) (open []deed) {
	for _, d := range deeds() {
		if d.ready != nil && slices.Contains(d.roles, v.actor.Role) && !strings.Contains(d.path, ":") && d.ready(v, p) {
			open = append(open, d)
		}
	}
	return open
}

// inState makes a condition of states.
func inState(states ...placement.State) func(*visit, *placement.Placement) bool {
	return func(_ *visit, p *placement.Placement) bool { return slices.Contains(states, p.State) }
}

// readDate reads a day, however people write it; an empty field is unknown.
func readDate(in url.Values, name string, bad *fault.List) ref.Date {
	typed := strings.TrimSpace(in.Get(name))
	if typed == "" {
		return ""
	}
	d, ok := typedDate(typed)
	bad.Check(ok, "/"+strings.ReplaceAll(name, "-", "/"), "ref.date")
	return d
}

// words reads a text of several lines.
func readText(in url.Values, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(in.Get(name), "\r\n", "\n"))
}

// reasonFields ask for a reason of a closed list, and for words about it.
func (v *visit) reasonFields(f *form, name string, reasons []string) {
	f.add(field{Name: name, Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", reasons, v.t("form.choose"))})
	f.add(field{Name: "note", Label: v.t("deed.note"), Hint: v.t("deed.note.hint"), Kind: "area", Rows: 4, Max: maxDeedNote})
}

// maxDeedNote bounds a wording, in characters.
const maxDeedNote = 2000

// yesNo asks a question with two answers.
func (v *visit) yesNo(f *form, name, label string) {
	f.add(field{Name: name, Label: label, Kind: "radio", Required: true, Options: []option{{Value: "yes", Label: v.t("answer.yes")}, {Value: "no", Label: v.t("answer.no")}}})
}

// answered reads such an answer; none is a fault.
func answered(in url.Values, name string, bad *fault.List) bool {
	given := in.Get(name)
	bad.Check(given == "yes" || given == "no", "/"+name, "required")
	return given == "yes"
}

// paperOptions lists the documents of a file that can stand for something.
func (v *visit) paperOptions(p *placement.Placement, items ...string) []option {
	options := []option{{Label: v.t("deed.paper.none")}}
	for _, d := range p.Documents {
		if len(items) == 0 || slices.Contains(items, d.Item) {
			options = append(options, option{Value: d.ID, Label: d.Name})
		}
	}
	return options
}

// downloadPaper gives a document out; the reading is kept.
func downloadPaper(v *visit) error {
	d, content, err := v.site.opts.Placements.ReadDocument(v.ctx, v.actor, placement.ID(v.param("id")), v.param("document"), v.posted().Get("reason-"+v.param("document")))
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	v.gin.Header("Content-Security-Policy", "sandbox")
	v.gin.Header("X-Content-Type-Options", "nosniff")
	v.gin.Header("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(d.Name))
	v.gin.DataFromReader(http.StatusOK, d.Bytes, d.Media, content, nil)
	return nil
}
