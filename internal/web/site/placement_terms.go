package site

import (
	"net/url"
	"slices"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

const (
	deductionRows = 3
	otherEmployer = "autre" // answer of a person whose employer is not the one promised
)

// contractFields ask for what a contract states.
func (v *visit) contractFields(f *form, p *placement.Placement, base offer.Terms) error {
	f.group(v.t("terms.work"))
	f.add(field{Name: "occupation", Label: v.t("term.trade"), Kind: "select", Options: v.trades()})
	if err := v.employerField(f, p, base); err != nil {
		return err
	}
	countries, err := v.destinations()
	if err != nil {
		return err
	}
	f.add(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Options: countries})
	f.add(field{Name: "region", Label: v.t("draft.region"), Max: 100})
	f.add(field{Name: "city", Label: v.t("draft.city"), Max: 100})
	f.group(v.t("draft.time"))
	f.add(field{Name: "kind", Label: v.t("term.kind"), Kind: "select", Options: labelled(ref.WorkKinds(), v.loc, v.t("form.choose"))})
	f.add(field{Name: "start", Label: v.t("term.start"), Kind: "date", Narrow: true})
	f.add(field{Name: "durationMonths", Label: v.t("draft.duration"), Hint: v.t("draft.duration.hint"), Mode: "numeric", Max: 3, Narrow: true})
	f.add(field{Name: "hoursPerWeek", Label: v.t("draft.hours"), Hint: v.t("draft.hours.hint"), Mode: "decimal", Max: 6, Narrow: true})
	f.add(field{Name: "daysPerWeek", Label: v.t("draft.days"), Mode: "decimal", Max: 4, Narrow: true})
	v.payFields(f)
	v.deductionFields(f)
	v.benefitFields(f)
	v.costFields(f)
	v.paperFields(f, p)
	return nil
}

func (v *visit) deductionFields(f *form) {
	f.group(v.t("deduction.group"))
	for i := range deductionRows {
		at := "deductions-" + strconv.Itoa(i)
		f.add(field{Name: at + "-label", Label: v.t("deduction.label", i+1), Max: 100, Narrow: true})
		f.add(field{Name: at + "-amount", Label: v.t("deduction.amount", i+1), Mode: "decimal", Max: 20, Narrow: true})
	}
}

// paperFields ask for the language of the paper, its signature and itself.
func (v *visit) paperFields(f *form, p *placement.Placement) {
	languages := []option{{Label: v.t("form.choose")}}
	for _, l := range ref.Languages(v.loc) {
		languages = append(languages, option{Value: string(l), Label: l.Name(v.loc)})
	}
	f.group(v.t("contract.paper"))
	f.add(field{Name: "language", Label: v.t("contract.language"), Kind: "select", Options: languages, Narrow: true})
	f.add(field{Name: "signedOn", Label: v.t("contract.signed"), Hint: v.t("contract.signed.hint"), Kind: "date", Narrow: true})
	f.add(field{Name: "document", Label: v.t("contract.document"), Hint: v.t("contract.document.hint"), Kind: "select", Options: v.paperOptions(p, "contract", placement.ItemContract, "evidence")})
}

// employerField asks for the employer: an agency among those accredited, a
// person whether it is the one promised.
func (v *visit) employerField(f *form, p *placement.Placement, base offer.Terms) error {
	known := option{Value: base.Employer, Label: joinedFirst(base.EmployerName, p.Frozen.Terms.EmployerName, base.Employer)}
	if v.actor.Role == account.Agency {
		options, err := v.employers()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(options, func(o option) bool { return o.Value == known.Value && o.Value != "" }) && known.Label != "" {
			options = append([]option{known}, options[1:]...)
		}
		f.add(field{Name: "employer", Label: v.t("term.employer"), Hint: v.t("draft.employer.hint"), Kind: "select", Options: options})
		return nil
	}
	f.add(field{Name: "employer", Label: v.t("term.employer"), Kind: "select", Options: []option{known, {Value: otherEmployer, Label: v.t("contract.employer.other")}}})
	f.add(field{Name: "employerName", Label: v.t("contract.employer.name"), Hint: v.t("contract.employer.hint"), Max: 200})
	return nil
}

// contractValues gives terms as the form's fields hold them.
func contractValues(t offer.Terms, language ref.Language) url.Values {
	in := draftValues(t)
	for i, d := range t.Deductions[:min(len(t.Deductions), deductionRows)] {
		at := "deductions-" + strconv.Itoa(i)
		in.Set(at+"-label", d.Label)
		in.Set(at+"-amount", ref.Money{Amount: d.Amount, Currency: t.Pay.Currency}.Format())
	}
	if language != "" {
		in.Set("language", string(language))
	}
	return in
}

// readTermsOver reads the posted contract over the terms it was shown with.
func (v *visit) readTermsOver(base offer.Terms, in url.Values) (offer.Terms, error) {
	t := base
	t.Deductions = nil
	t, err := readTerms(t, in)
	var bad fault.List
	if f := fault.Of(err); f != nil {
		bad = append(bad, f.Fields...)
	} else if err != nil {
		return t, err
	}
	if in.Get("employer") == otherEmployer {
		t.Employer, t.EmployerName = "", in.Get("employerName")
	}
	if t.Employer != "" && t.Employer != base.Employer {
		if t.EmployerName, err = v.employerName(t.Employer); err != nil {
			return t, err
		}
	}
	r := &termReader{in: in}
	for i := range deductionRows {
		at := "deductions-" + strconv.Itoa(i)
		if d := (offer.Deduction{Label: in.Get(at + "-label"), Amount: r.amount(at+"-amount", t.Pay.Currency)}); d.Amount != 0 {
			t.Deductions = append(t.Deductions, d)
		}
	}
	if len(base.Deductions) > deductionRows {
		t.Deductions = append(t.Deductions, base.Deductions[deductionRows:]...)
	}
	bad = append(bad, r.bad...)
	return t, bad.Err("placement.invalid")
}

// readDraft reads the whole form: terms and paper.
func (v *visit) readDraft(base offer.Terms, in url.Values) (placement.Draft, error) {
	terms, err := v.readTermsOver(base, in)
	var bad fault.List
	if f := fault.Of(err); f != nil {
		bad = append(bad, f.Fields...)
	} else if err != nil {
		return placement.Draft{}, err
	}
	d := placement.Draft{Terms: terms, Language: ref.Language(in.Get("language")), Document: in.Get("document"), SignedOn: readDate(in, "signedOn", &bad)}
	return d, bad.Err("placement.invalid")
}

// employerName gives the name of a registered employer; nothing for an id that
// is none, which the service refuses.
func (v *visit) employerName(id string) (string, error) {
	e, err := v.site.opts.Employers.Get(v.ctx, v.actor, employer.ID(id))
	if isAbsent(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return e.Facts.Name, nil
}
