package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// partPage is one part of the profile: a form, or a list of entries with a
// form to add one.
type partPage struct {
	Part   string
	Number int // of Of
	Of     int
	Form   *form
	Items  []entryLine
	Search *chooser
	Add    string // address of the form of a new entry
	Again  *entryLink
	Next   string // the part after this one
	Levels []fact // the levels of a language in words
	Entry  string // heading of the form of one entry; empty on a list
	Back   string // list the entry belongs to
	Live   *livePart
}

// entryLink is a link with its text.
type entryLink struct{ Href, Text string }

// entryLine is one entry of a list.
type entryLine struct {
	Title, Text  string
	Group        string
	Edit, Remove string // addresses; Edit is empty where there is nothing to change
	Fields       []field
}

// partForm is a part that is one form.
type partForm struct {
	part   profile.Part
	values func(v *visit, f *profile.Facts) url.Values
	ask    func(v *visit, f *form) error
	// read puts what was typed into the facts and notes what cannot be read.
	read func(v *visit, f *profile.Facts, in url.Values, bad *fault.List)
}

// editPart shows a part that is one form.
func (p partForm) edit(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	page, err := p.page(v, d, p.values(v, &d.Facts))
	if err != nil {
		return err
	}
	return v.render("profile/part", page)
}

// page makes the page of the part over given values.
func (p partForm) page(v *visit, d *dossier, values url.Values) (*partPage, error) {
	page := newPartPage(p.part)
	page.Form = newForm(partPath(p.part), v.t("profile.save"), values)
	page.Form.Draft = true
	page.Form.draft()
	page.Form.replaces(d.Rev)
	page.Form.hide(returnField, cmp.Or(values.Get(returnField), v.query().Get(returnField)))
	return page, p.ask(v, page.Form)
}

func newPartPage(part profile.Part) *partPage {
	all := profile.Parts()
	return &partPage{Part: string(part), Number: slices.Index(all, part) + 1, Of: len(all), Next: afterPart(part)}
}

// save takes the part and leads on.
func (p partForm) save(v *visit) error {
	in := v.posted()
	var bad fault.List
	p.read(v, &profile.Facts{}, in, &bad)
	err := bad.Err("profile.invalid")
	var rev int64
	if err == nil {
		rev, err = v.keepFacts(func(f *profile.Facts) { p.read(v, f, in, new(fault.List)) })
	}
	if err == nil && !v.isPart() {
		v.redirect(v.onward(p.part), "flash.profile.saved")
		return nil
	}
	d, loading := v.dossier()
	if loading != nil {
		return loading
	}
	page, loading := p.page(v, d, in)
	if loading != nil {
		return loading
	}
	if v.isPart() {
		return v.partSaved(page, rev, err)
	}
	stored, loading := p.page(v, d, p.values(v, &d.Facts))
	if loading != nil {
		return loading
	}
	page.Form.overtaken(err, d.Rev, stored.Form)
	return v.again(page.Form, err, "profile/part", page)
}

// partSaved tells the script what came of a part that is being typed.
func (v *visit) partSaved(page *partPage, rev int64, failed error) error {
	status := http.StatusOK
	if page.Live = v.keptPart(page.Form, rev); failed != nil {
		var err error
		if page.Live, status, err = v.refusedPart(page.Form, failed); err != nil {
			return err
		}
	}
	return v.renderPart(status, "profile/part", page)
}

// onward is where a saved part leads: back to where it was asked for, or on
// to the next.
func (v *visit) onward(part profile.Part) string {
	if back := v.posted().Get(returnField); strings.HasPrefix(back, profilePath) {
		return back
	}
	return afterPart(part)
}

// partForms are the parts that are one form each.
func partForms() []partForm {
	return []partForm{
		{profile.PartIdentity, identityValues, askIdentity, readIdentity},
		{profile.PartResidence, residenceValues, askResidence, readResidence},
		{profile.PartWishes, wishValues, askWishes, readWishes},
		{profile.PartInterests, interestValues, askInterests, readInterests},
		{profile.PartSummary, summaryValues, askSummary, readSummary},
	}
}

// set makes values of names and texts; empty ones are left out.
func set(pairs ...string) url.Values {
	in := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			in.Set(pairs[i], pairs[i+1])
		}
	}
	return in
}

func identityValues(_ *visit, f *profile.Facts) url.Values {
	i := &f.Identity
	in := set("identity-givenNames", i.GivenNames, "identity-familyName", i.FamilyName, "identity-sex", string(i.Sex),
		"identity-birthDate", dateField(i.BirthDate), "identity-birthPlace", i.BirthPlace, "identity-nina", i.NINA,
		"identity-phone", i.Phone, "identity-email", i.Email, "identity-consularCard", i.ConsularCard)
	for n, c := range i.Nationality[:min(len(i.Nationality), 2)] {
		in.Set("identity-nationalities-"+strconv.Itoa(n), string(c))
	}
	if len(i.Nationality) == 0 && f.Identity.FamilyName == "" {
		in.Set("identity-nationalities-0", string(ref.Mali))
	}
	return in
}

func askIdentity(v *visit, f *form) error {
	f.group(v.t("profile.name"))
	f.add(field{Name: "identity-givenNames", Label: v.t("profile.given"), Fill: "given-name", Max: profile.MaxLine})
	f.add(field{Name: "identity-familyName", Label: v.t("profile.family"), Fill: "family-name", Max: profile.MaxLine})
	f.add(field{Name: "identity-sex", Label: v.t("profile.sex"), Hint: v.t("profile.sex.hint"), Kind: "select", Narrow: true, Options: v.codes("sex", []string{string(profile.Female), string(profile.Male)}, v.t("form.unsaid"))})
	f.add(field{Name: "identity-birthDate", Label: v.t("profile.birth"), Hint: v.t("profile.date.hint"), Fill: "bday", Mode: "numeric", Max: 10, Narrow: true})
	f.add(field{Name: "identity-birthPlace", Label: v.t("profile.birthplace"), Max: profile.MaxLine})
	f.add(field{Name: "identity-nationalities-0", Label: v.t("profile.nationality"), Kind: "select", Options: v.countries(), Narrow: true})
	f.add(field{Name: "identity-nationalities-1", Label: v.t("profile.nationality.second"), Kind: "select", Options: v.countries(), Narrow: true})
	f.group(v.t("profile.reach"))
	f.add(field{Name: "identity-phone", Label: v.t("profile.phone"), Hint: v.t("register.phone.hint"), Kind: "tel", Fill: "tel", Max: 40})
	f.add(field{Name: "identity-email", Label: v.t("profile.email"), Kind: "email", Fill: "email", Max: 254})
	f.group(v.t("profile.papers"))
	f.add(field{Name: "identity-nina", Label: v.t("profile.nina"), Hint: v.t("profile.nina.hint"), Max: 30, Narrow: true})
	f.add(field{Name: "identity-consularCard", Label: v.t("profile.consular"), Hint: v.t("profile.consular.hint"), Max: 60, Narrow: true})
	return nil
}

func readIdentity(_ *visit, f *profile.Facts, in url.Values, bad *fault.List) {
	i := &f.Identity
	i.GivenNames, i.FamilyName, i.BirthPlace = in.Get("identity-givenNames"), in.Get("identity-familyName"), in.Get("identity-birthPlace")
	i.Sex, i.NINA, i.ConsularCard = profile.Sex(in.Get("identity-sex")), in.Get("identity-nina"), in.Get("identity-consularCard")
	i.Phone, i.Email = in.Get("identity-phone"), in.Get("identity-email")
	var ok bool
	i.BirthDate, ok = typedDate(in.Get("identity-birthDate"))
	bad.Check(ok, "/identity/birthDate", "date.typed")
	var further []ref.Country
	if len(i.Nationality) > 2 {
		further = i.Nationality[2:]
	}
	i.Nationality = nil
	for _, name := range []string{"identity-nationalities-0", "identity-nationalities-1"} {
		if c := in.Get(name); c != "" {
			i.Nationality = append(i.Nationality, ref.Country(c))
		}
	}
	i.Nationality = append(i.Nationality, further...)
}

// countries lists every country there is today.
func (w words) countries() []option {
	options := []option{{Label: w.t("form.choose")}, {Value: string(ref.Mali), Label: ref.Mali.Name(w.loc)}}
	for _, c := range ref.Countries(w.loc) {
		if c != ref.Mali && !c.Retired() {
			options = append(options, option{Value: string(c), Label: c.Name(w.loc)})
		}
	}
	return options
}

func residenceValues(_ *visit, f *profile.Facts) url.Values {
	r := &f.Residence
	return set("residence-country", cmp.Or(string(r.Country), string(ref.Mali)), "residence-city", r.City, "residence-region", string(r.Region),
		"residence-cercle", r.Cercle, "residence-commune", r.Commune)
}

func askResidence(v *visit, f *form) error {
	regions, cercles := []option{{Label: v.t("form.choose")}}, []option{{Label: v.t("form.choose")}}
	for _, r := range ref.Regions() {
		regions = append(regions, option{Value: string(r), Label: r.Name()})
		for _, c := range r.Cercles() {
			cercles = append(cercles, option{Value: c, Label: c, Group: r.Name()})
		}
	}
	f.add(field{Name: "residence-country", Label: v.t("profile.country"), Kind: "select", Options: v.countries(), Required: true})
	f.add(field{Name: "residence-city", Label: v.t("profile.city"), Fill: "address-level2", Max: profile.MaxLine})
	f.group(v.t("profile.inmali"))
	f.add(field{Name: "residence-region", Label: v.t("profile.region"), Kind: "select", Options: regions, Narrow: true})
	f.add(field{Name: "residence-cercle", Label: v.t("profile.cercle"), Kind: "select", Options: cercles, Narrow: true})
	f.add(field{Name: "residence-commune", Label: v.t("profile.commune"), Max: profile.MaxLine})
	return nil
}

// readResidence takes the region from the cercle where only that is said.
func readResidence(_ *visit, f *profile.Facts, in url.Values, _ *fault.List) {
	r := &f.Residence
	r.Country, r.City, r.Region = ref.Country(in.Get("residence-country")), in.Get("residence-city"), ref.Region(in.Get("residence-region"))
	r.Cercle, r.Commune = in.Get("residence-cercle"), in.Get("residence-commune")
	if r.Region == "" && r.Cercle != "" {
		r.Region, _ = ref.RegionNamed(r.Cercle)
	}
}

func wishValues(v *visit, f *profile.Facts) url.Values {
	w := &f.Wishes
	in := set("wishes-availableFrom", dateField(w.AvailableFrom))
	in["wishes-countries"], in["wishes-kinds"] = texts(w.Countries), texts(w.Kinds)
	in.Set("wishes-minPay-currency", string(ref.XOF))
	if w.MinPayCents > 0 {
		amount, currency := v.wishedPay(w.MinPayCents)
		in.Set("wishes-minPay", amount)
		in.Set("wishes-minPay-currency", string(currency))
	}
	return in
}

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

func askWishes(v *visit, f *form) error {
	destinations, err := v.destinations()
	if err != nil {
		return err
	}
	f.add(field{Name: "wishes-availableFrom", Label: v.t("profile.available"), Hint: v.t("profile.available.hint"), Mode: "numeric", Max: 10, Narrow: true})
	f.add(field{Name: "wishes-minPay", Label: v.t("profile.pay"), Hint: v.t("profile.pay.hint"), Mode: "decimal", Max: 20, Narrow: true})
	f.add(field{Name: "wishes-minPay-currency", Label: v.t("profile.currency"), Kind: "radio", Options: []option{
		{Value: string(ref.XOF), Label: v.t("profile.currency.xof")}, {Value: string(ref.EUR), Label: v.t("profile.currency.eur")},
	}})
	kinds := labelled(ref.WorkKinds(), v.loc, "")[1:]
	f.add(field{Name: "wishes-kinds", Label: v.t("profile.kinds"), Hint: v.t("profile.any"), Kind: "checks", Options: kinds})
	f.add(field{Name: "wishes-countries", Label: v.t("profile.countries"), Hint: v.t("profile.any"), Kind: "checks", Options: destinations[1:]})
	return nil
}

func readWishes(v *visit, f *profile.Facts, in url.Values, bad *fault.List) {
	w := &f.Wishes
	var ok bool
	w.AvailableFrom, ok = typedDate(in.Get("wishes-availableFrom"))
	bad.Check(ok, "/wishes/availableFrom", "date.typed")
	w.Countries, w.Kinds = codesFrom[ref.Country](in["wishes-countries"]), codesFrom[ref.WorkKind](in["wishes-kinds"])
	w.MinPayCents = 0
	if typed := plainNumber(in.Get("wishes-minPay")); typed != "" {
		r := &termReader{in: in}
		money := ref.Money{Currency: ref.Currency(cmp.Or(in.Get("wishes-minPay-currency"), string(ref.XOF)))}
		money.Amount = r.amount("wishes-minPay", money.Currency)
		*bad = append(*bad, r.bad...)
		pay := ref.Pay{Min: money.Amount, Currency: money.Currency, Period: ref.PerMonth, Basis: ref.Gross}
		w.MinPayCents, _ = ref.NormalisedPay(pay, 0, 0, v.today())
	}
}

func codesFrom[T ~string](values []string) []T {
	var list []T
	for _, value := range values {
		list = append(list, T(value))
	}
	return list
}

func interestNames() []string { return []string{"mentoring", "expertMissions", "investment"} }

func interestValues(_ *visit, f *profile.Facts) url.Values {
	in := url.Values{}
	for i, given := range []bool{f.Interests.Mentoring, f.Interests.ExpertMissions, f.Interests.Investment} {
		if given {
			in.Add("interests", interestNames()[i])
		}
	}
	return in
}

func askInterests(v *visit, f *form) error {
	f.add(field{Name: "interests", Label: v.t("profile.interests"), Hint: v.t("profile.interests.hint"), Kind: "checks", Options: v.codes("profile.interest", interestNames(), "")})
	return nil
}

func readInterests(_ *visit, f *profile.Facts, in url.Values, _ *fault.List) {
	has := func(name string) bool { return slices.Contains(in["interests"], name) }
	f.Interests = profile.Interests{Mentoring: has("mentoring"), ExpertMissions: has("expertMissions"), Investment: has("investment")}
}

func summaryValues(_ *visit, f *profile.Facts) url.Values { return set("summary", f.Summary) }

func askSummary(v *visit, f *form) error {
	f.add(field{Name: "summary", Label: v.t("profile.summary"), Hint: v.t("profile.summary.hint"), Kind: "area", Rows: 8, Max: profile.MaxSummary})
	return nil
}

func readSummary(_ *visit, f *profile.Facts, in url.Values, _ *fault.List) {
	f.Summary = in.Get("summary")
}
