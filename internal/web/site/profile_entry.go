package site

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/profile"
)

// newEntry stands in an address for the entry that is to be added.
const newEntry = "nouveau"

// entries is a part that is a list: its entries are added, changed and removed
// one at a time, each on a page of its own.
type entries struct {
	part    profile.Part
	count   func(f *profile.Facts) int
	line    func(v *visit, f *profile.Facts, i int) entryLine
	values  func(f *profile.Facts, i int) url.Values
	ask     func(v *visit, page *partPage, f *profile.Facts) error
	read    func(f *profile.Facts, i int, in url.Values, bad *fault.List) // i = count adds
	remove  func(f *profile.Facts, i int)
	pointer string // of the list in faults
}

// index shows the list.
func (e entries) index(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.render("profile/part", e.list(v, d))
}

func (e entries) list(v *visit, d *dossier) *partPage {
	page, at := newPartPage(e.part), partPath(e.part)
	page.Add = at + "/" + newEntry
	for i := range e.count(&d.Facts) {
		line := e.line(v, &d.Facts, i)
		line.Edit = at + "/" + strconv.Itoa(i)
		line.Remove = line.Edit + "/retraits"
		line.Fields = []field{{Name: revField, Value: strconv.FormatInt(d.Rev, 10)}}
		page.Items = append(page.Items, line)
	}
	return page
}

// place finds the entry the address names; the place after the last one is
// that of a new entry.
func (e entries) place(v *visit, f *profile.Facts) (i int, err error) {
	named := v.param("n")
	if named == newEntry {
		return e.count(f), nil
	}
	i, err = strconv.Atoi(named)
	if err != nil || i < 0 || i >= e.count(f) {
		return 0, fault.New(fault.NotFound, "profile.not_found")
	}
	return i, nil
}

// edit shows the form of one entry.
func (e entries) edit(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	i, err := e.place(v, &d.Facts)
	if err != nil {
		return err
	}
	values := url.Values{}
	if i < e.count(&d.Facts) {
		values = e.values(&d.Facts, i)
	}
	page, err := e.page(v, d, values)
	if err != nil {
		return err
	}
	return v.render("profile/part", page)
}

func (e entries) page(v *visit, d *dossier, values url.Values) (*partPage, error) {
	page, at := newPartPage(e.part), partPath(e.part)
	page.Back = at
	page.Entry = v.code("profile.entry", e.part)
	page.Form = newForm(at+"/"+url.PathEscape(v.param("n")), v.t("profile.save"), values)
	page.Form.Apart = true
	page.Form.draft()
	page.Form.replaces(d.Rev)
	return page, e.ask(v, page, &d.Facts)
}

// keep keeps an entry while it is typed, apart from the profile: half of a
// period or another level of a language would change what is there already. It
// is shown again where the person opens the form anew.
func (e entries) keep(v *visit) error {
	s := v.showing()
	defer s.release()
	d, err := v.dossier()
	if err != nil {
		return err
	}
	if _, err := e.place(v, &d.Facts); err != nil {
		return err
	}
	page, err := e.page(v, d, v.posted())
	if err != nil {
		return err
	}
	typed := maps.Clone(v.posted())
	if v.param("n") == newEntry { // it is added to whatever the profile is by then
		typed.Del(revField)
	}
	if !s.isLate(v) && !v.site.keepValues(v.gin, v.here(), typed) {
		return fault.New(fault.Invalid, "profile.invalid")
	}
	var bad fault.List
	if e.read(&profile.Facts{}, 0, v.posted(), &bad); len(bad) > 0 {
		v.correct(page.Form, withoutList(bad.Err("profile.invalid"), e.pointer))
		page.Form.forgive()
	}
	page.Live = v.keptPart(page.Form, 0)
	page.Live.Said = v.t("live.typed", v.timeOfDay())
	return v.renderPart(http.StatusOK, "profile/part", page)
}

// save takes one entry and leads back to the list.
func (e entries) save(v *visit) error {
	in, named := v.posted(), v.param("n")
	if v.keepsOnly() && v.isPart() {
		return e.keep(v)
	}
	var bad fault.List
	e.read(&profile.Facts{}, 0, in, &bad)
	err := bad.Err("profile.invalid")
	if err == nil {
		gone := false
		err = v.saveFacts(func(f *profile.Facts) { gone = !e.put(f, named, in) })
		if err == nil && gone {
			err = fault.New(fault.Stale, "stale")
		}
	}
	if err == nil {
		v.redirect(partPath(e.part), "flash.profile.saved")
		return nil
	}
	d, loading := v.dossier()
	if loading != nil {
		return loading
	}
	page, loading := e.page(v, d, in)
	if loading == nil {
		loading = e.overtaken(v, page, d, err)
	}
	if loading != nil {
		return loading
	}
	return v.again(page.Form, withoutList(err, e.pointer), "profile/part", page)
}

// overtaken shows beside a form that came too late what the entry is now. One
// that is not there any more is added when the form is sent again.
func (e entries) overtaken(v *visit, page *partPage, d *dossier, failed error) error {
	i, err := strconv.Atoi(v.param("n"))
	if err != nil || i < 0 || i >= e.count(&d.Facts) {
		page.Form.overtaken(failed, d.Rev, &form{})
		if err == nil && page.Form.Overtaken {
			page.Form.Action = partPath(e.part) + "/" + newEntry
			page.Form.Stored = []fact{{Label: page.Entry, Value: v.t("profile.entry.gone")}}
		}
		return nil
	}
	stored, err := e.page(v, d, e.values(&d.Facts, i))
	if err == nil {
		page.Form.overtaken(failed, d.Rev, stored.Form)
	}
	return err
}

// put adds or changes an entry. What the list holds already is not added a
// second time, so that a form may be sent twice. It reports whether the entry is
// there.
func (e entries) put(f *profile.Facts, named string, in url.Values) bool {
	i := e.count(f)
	if named != newEntry {
		var err error
		if i, err = strconv.Atoi(named); err != nil || i < 0 || i >= e.count(f) {
			return false
		}
		e.read(f, i, in, new(fault.List))
		return true
	}
	e.read(f, i, in, new(fault.List))
	added := e.values(f, i).Encode()
	for other := range i {
		if e.values(f, other).Encode() == added {
			e.remove(f, i)
			break
		}
	}
	return true
}

// drop removes one entry of the list as the visitor saw it.
func (e entries) drop(v *visit) error {
	i, err := strconv.Atoi(v.param("n"))
	if err != nil {
		return fault.New(fault.NotFound, "profile.not_found")
	}
	err = v.saveFacts(func(f *profile.Facts) {
		if i >= 0 && i < e.count(f) {
			e.remove(f, i)
		}
	})
	if fault.Is(err, fault.Stale) {
		v.redirect(partPath(e.part), "flash.profile.stale")
		return nil
	}
	if err != nil {
		return err
	}
	v.redirect(partPath(e.part), "flash.profile.removed")
	return nil
}

// withoutList makes faults about one entry of a list faults about its form:
// "/education/2/level" is "/level".
func withoutList(err error, list string) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	fields := slices.Clone(f.Fields)
	for i, one := range fields {
		if rest, ok := strings.CutPrefix(one.Pointer, list+"/"); ok {
			if _, name, found := strings.Cut(rest, "/"); found {
				fields[i].Pointer = "/" + name
			}
		}
	}
	return fault.New(f.Kind, f.Code, fields...)
}

// at gives the entry at i, after a new one was added there if need be.
func at[T any](list *[]T, i int) *T {
	if i >= len(*list) {
		*list = append(*list, *new(T))
		i = len(*list) - 1
	}
	return &(*list)[i]
}
