package site

import (
	"net/url"
	"slices"
	"strconv"

	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// languageRows is how many language requirements the form asks for.
const languageRows = 3

// draftForm asks for the terms of an offer. Names are the API's pointers, so
// that a fault finds its field.
func (v *visit) draftForm(action string, values url.Values) (*form, error) {
	employers, err := v.employers()
	if err != nil {
		return nil, err
	}
	countries, err := v.destinations()
	if err != nil {
		return nil, err
	}
	f := newForm(action, v.t("draft.save"), values)
	f.Draft = true
	v.workFields(f, employers, countries)
	v.timeFields(f)
	v.payFields(f)
	v.benefitFields(f)
	v.costFields(f)
	v.personFields(f)
	f.draft()
	return f, nil
}

func (v *visit) workFields(f *form, employers, countries []option) {
	f.group(v.t("terms.work"))
	f.add(field{Name: "title", Label: v.t("draft.title"), Hint: v.t("draft.title.hint"), Max: offer.MaxTitle, Required: true})
	f.add(field{Name: "occupation", Label: v.t("term.trade"), Hint: v.t("draft.trade.hint"), Suggest: suggestTrades, Kind: "select", Options: v.trades()})
	f.add(field{Name: "description", Label: v.t("draft.description"), Hint: v.t("draft.description.hint"), Kind: "area", Rows: 8, Max: offer.MaxDescription})
	f.add(field{Name: "employer", Label: v.t("term.employer"), Hint: v.t("draft.employer.hint"), Kind: "select", Options: employers})
	f.add(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Options: countries})
	f.add(field{Name: "region", Label: v.t("draft.region"), Max: 100})
	f.add(field{Name: "city", Label: v.t("draft.city"), Max: 100})
	f.add(field{Name: "places", Label: v.t("term.places"), Mode: "numeric", Max: 6, Narrow: true})
}

func (v *visit) timeFields(f *form) {
	f.group(v.t("draft.time"))
	f.add(field{Name: "kind", Label: v.t("term.kind"), Kind: "select", Options: labelled(ref.WorkKinds(), v.loc, v.t("form.choose"))})
	f.add(field{Name: "start", Label: v.t("term.start"), Kind: "date", Narrow: true})
	f.add(field{Name: "durationMonths", Label: v.t("draft.duration"), Hint: v.t("draft.duration.hint"), Mode: "numeric", Max: 3, Narrow: true})
	f.add(field{Name: "hoursPerWeek", Label: v.t("draft.hours"), Hint: v.t("draft.hours.hint"), Mode: "decimal", Max: 6, Narrow: true})
	f.add(field{Name: "daysPerWeek", Label: v.t("draft.days"), Mode: "decimal", Max: 4, Narrow: true})
	f.add(field{Name: "deadline", Label: v.t("draft.deadline"), Kind: "date", Narrow: true})
}

func (v *visit) payFields(f *form) {
	currencies := []option{{Label: v.t("form.choose")}}
	for _, c := range ref.Currencies(v.loc) {
		currencies = append(currencies, option{Value: string(c), Label: c.Name(v.loc) + " (" + string(c) + ")"})
	}
	f.group(v.t("terms.pay"))
	f.add(field{Name: "pay-amount", Label: v.t("draft.amount"), Hint: v.t("draft.amount.hint"), Mode: "decimal", Max: 20, Narrow: true})
	f.add(field{Name: "pay-amountMax", Label: v.t("draft.amount.max"), Hint: v.t("draft.amount.max.hint"), Mode: "decimal", Max: 20, Narrow: true})
	f.add(field{Name: "pay-currency", Label: v.t("draft.currency"), Kind: "select", Options: currencies})
	f.add(field{Name: "pay-period", Label: v.t("draft.period"), Kind: "select", Options: labelled(ref.Periods(), v.loc, v.t("form.choose"))})
	f.add(field{Name: "pay-basis", Label: v.t("draft.basis"), Kind: "select", Options: labelled(ref.Bases(), v.loc, v.t("form.choose"))})
	f.add(field{Name: "pay-paymentsPerYear", Label: v.t("term.payments"), Hint: v.t("draft.payments.hint"), Mode: "numeric", Max: 2, Narrow: true})
}

func (v *visit) benefitFields(f *form) {
	f.group(v.t("terms.benefits"))
	answers := v.codes("benefit.answer", []string{string(offer.Provided), string(offer.NotProvided)}, v.t("form.unsaid"))
	for _, name := range benefitNames() {
		f.add(field{Name: "benefits-" + name, Label: v.code("compared", "benefits."+name), Kind: "select", Options: answers, Narrow: true})
	}
}

func (v *visit) costFields(f *form) {
	f.group(v.t("terms.costs"))
	payers := v.codes("party", []string{string(offer.ByEmployer), string(offer.ByWorker)}, v.t("form.unsaid"))
	for _, name := range costNames() {
		f.add(field{Name: "costs-" + name, Label: v.code("compared", "costs."+name), Kind: "select", Options: payers, Narrow: true})
	}
}

func (v *visit) personFields(f *form) {
	f.group(v.t("terms.profile"))
	languages, levels := []option{{Label: v.t("form.none")}}, []option{{Label: v.t("form.none")}}
	for _, l := range ref.Languages(v.loc) {
		languages = append(languages, option{Value: string(l), Label: l.Name(v.loc)})
	}
	for _, l := range ref.Levels() {
		levels = append(levels, option{Value: l.String(), Label: l.Label(v.loc)})
	}
	for i := range languageRows {
		at := "languages-" + strconv.Itoa(i)
		f.add(field{Name: at + "-language", Label: v.t("draft.language", i+1), Kind: "select", Options: languages, Narrow: true})
		f.add(field{Name: at + "-level", Label: v.t("draft.level", i+1), Kind: "select", Options: levels, Narrow: true})
	}
	education := []option{{Label: v.t("form.unsaid")}}
	for _, l := range ref.EducationLevels()[1:9] {
		education = append(education, option{Value: l.String(), Label: l.Label(v.loc)})
	}
	f.add(field{Name: "education", Label: v.t("term.education"), Kind: "select", Options: education})
	f.add(field{Name: "experienceMonths", Label: v.t("draft.experience"), Mode: "numeric", Max: 3, Narrow: true})
	f.add(field{Name: "minAge", Label: v.t("term.age"), Hint: v.t("draft.age.hint"), Mode: "numeric", Max: 2, Narrow: true})
}

func benefitNames() []string { return []string{"housing", "meals", "transport", "insurance", "flight"} }

func costNames() []string { return []string{"visa", "flight", "medical", "training"} }

// labelled makes options of a vocabulary.
func labelled[T interface {
	~string
	Label(ref.Locale) string
}](values []T, loc ref.Locale, empty string) []option {
	options := []option{{Label: empty}}
	for _, value := range values {
		options = append(options, option{Value: string(value), Label: value.Label(loc)})
	}
	return options
}

// trades lists the unit groups of ISCO-08 under their sub-major groups.
func (v *visit) trades() []option {
	options := []option{{Label: v.t("form.choose")}}
	for _, o := range ref.Occupations(4) {
		options = append(options, option{Value: string(o), Label: o.Title(v.loc), Group: o.Prefix(2).Title(v.loc)})
	}
	return options
}

// employers lists the accredited employers by country.
func (v *visit) employers() ([]option, error) {
	options := []option{{Label: v.t("form.choose")}}
	q := employer.Query{State: employer.Accredited, Limit: listing.MaxLimit}
	for {
		page, err := v.site.opts.Employers.List(v.ctx, v.actor, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Items {
			options = append(options, option{Value: string(e.ID), Label: e.Name, Group: e.Country.Name(v.loc)})
		}
		if q.After = page.Next; q.After == "" || len(options) > 2000 {
			break
		}
	}
	slices.SortStableFunc(options[1:], func(a, b option) int { return compareText(a.Group, b.Group) })
	return options, nil
}

// destinations lists Mali and every country there is a corridor to.
func (v *visit) destinations() ([]option, error) {
	options := []option{{Value: string(ref.Mali), Label: ref.Mali.Name(v.loc)}}
	where := listing.Page{Limit: listing.MaxLimit}
	for {
		page, err := v.site.opts.Corridors.List(v.ctx, v.actor, where)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			if c.Destination != ref.Mali {
				options = append(options, option{Value: string(c.Destination), Label: c.Destination.Name(v.loc)})
			}
		}
		if where.After = page.Next; where.After == "" {
			break
		}
	}
	slices.SortFunc(options, func(a, b option) int { return compareText(a.Label, b.Label) })
	return append([]option{{Label: v.t("form.choose")}}, options...), nil
}
