package site

import (
	"net/url"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// compareText orders labels as people expect, whatever their accents.
func compareText(a, b string) int { return strings.Compare(text.Fold(a), text.Fold(b)) }

// termReader reads posted fields into terms and notes what cannot be read;
// what is merely out of bounds is the service's to say.
type termReader struct {
	in  url.Values
	bad fault.List
}

// readTerms puts the posted fields over the terms there are: what the form
// does not ask for stays as it is.
func readTerms(t offer.Terms, in url.Values) (offer.Terms, error) {
	r := &termReader{in: in}
	t.Title, t.Description = in.Get("title"), in.Get("description")
	t.Occupation, t.Kind = ref.Occupation(in.Get("occupation")), ref.WorkKind(in.Get("kind"))
	if chosen := in.Get("employer"); chosen != t.Employer {
		t.Employer, t.EmployerName = chosen, ""
	}
	t.Country, t.Region, t.City = ref.Country(in.Get("country")), in.Get("region"), in.Get("city")
	t.Start, t.Deadline = ref.Date(in.Get("start")), ref.Date(in.Get("deadline"))
	t.Places, t.DurationMonths = r.whole("places"), r.whole("durationMonths")
	t.HoursPerWeek, t.DaysPerWeek = r.hundredths("hoursPerWeek"), r.hundredths("daysPerWeek")
	t.ExperienceMonths, t.MinAge = r.whole("experienceMonths"), r.whole("minAge")
	t.Education = ref.EducationLevel(r.whole("education"))
	t.Pay = r.pay(t)
	b := &t.Benefits
	for i, benefit := range []*offer.Benefit{&b.Housing, &b.Meals, &b.Transport, &b.Insurance, &b.Flight} {
		*benefit = offer.Benefit(in.Get("benefits-" + benefitNames()[i]))
	}
	c := &t.Costs
	for i, payer := range []*offer.Payer{&c.Visa, &c.Flight, &c.Medical, &c.Training} {
		*payer = offer.Payer(in.Get("costs-" + costNames()[i]))
	}
	t.Languages = r.languages(t.Languages)
	return t, r.bad.Err("offer.invalid")
}

// whole reads a whole number; nothing typed is 0, which means not stated.
func (r *termReader) whole(name string) int {
	typed := plainNumber(r.in.Get(name))
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	r.bad.Check(err == nil && n >= 0, "/"+name, "integer")
	return n
}

// hundredths reads « 37,5 » as 3750.
func (r *termReader) hundredths(name string) int {
	typed := plainNumber(r.in.Get(name))
	if typed == "" {
		return 0
	}
	whole, frac, _ := strings.Cut(typed, ".")
	n, err := strconv.Atoi(whole + (frac + "00")[:2])
	ok := err == nil && n >= 0 && len(frac) <= 2
	r.bad.Check(ok, "/"+name, "number")
	return n
}

func (r *termReader) pay(t offer.Terms) ref.Pay {
	pay := ref.Pay{
		Currency: ref.Currency(r.in.Get("pay-currency")), Period: ref.Period(r.in.Get("pay-period")), Basis: ref.Basis(r.in.Get("pay-basis")),
		PaymentsPerYear: r.whole("pay-paymentsPerYear"),
	}
	pay.Min, pay.Max = r.amount("pay-amount", pay.Currency), r.amount("pay-amountMax", pay.Currency)
	if pay.Min == 0 && pay.Max == 0 && len(t.Deductions) == 0 {
		return ref.Pay{} // a currency alone states no pay
	}
	return pay
}

// amount reads an amount as people type it, « 1 500 » or « 1 500,50 ».
func (r *termReader) amount(name string, currency ref.Currency) int64 {
	typed := plainNumber(r.in.Get(name))
	if typed == "" {
		return 0
	}
	pointer := "/" + strings.ReplaceAll(name, "-", "/")
	if decimals := currency.Decimals(); decimals > 0 {
		whole, frac, _ := strings.Cut(typed, ".")
		if len(frac) < decimals {
			frac += strings.Repeat("0", decimals-len(frac))
		}
		typed = whole + "." + frac
	}
	if currency == "" {
		r.bad.Add("/pay/currency", "required")
		return 0
	}
	m, err := ref.ParseMoney(typed, currency)
	r.bad.Check(err == nil, pointer, "amount")
	return m.Amount
}

// languages reads the rows of the form; requirements beyond them stay.
func (r *termReader) languages(before []offer.LanguageNeed) []offer.LanguageNeed {
	var needs []offer.LanguageNeed
	for i := range languageRows {
		at := "languages-" + strconv.Itoa(i)
		language, typed := r.in.Get(at+"-language"), r.in.Get(at+"-level")
		if language == "" {
			continue
		}
		level, err := ref.ParseLevel(typed)
		r.bad.Check(err == nil && typed != "", "/languages/"+strconv.Itoa(i)+"/level", "level")
		needs = append(needs, offer.LanguageNeed{Language: ref.Language(language), Level: level})
	}
	if len(before) > languageRows {
		needs = append(needs, before[languageRows:]...)
	}
	return needs
}

// draftValues gives terms as the form's fields hold them.
func draftValues(t offer.Terms) url.Values {
	in := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			in.Set(name, value)
		}
	}
	for name, value := range map[string]string{
		"title": t.Title, "description": t.Description, "occupation": string(t.Occupation), "kind": string(t.Kind), "employer": t.Employer,
		"country": string(t.Country), "region": t.Region, "city": t.City, "start": string(t.Start), "deadline": string(t.Deadline),
		"pay-currency": string(t.Pay.Currency), "pay-period": string(t.Pay.Period), "pay-basis": string(t.Pay.Basis),
		"benefits-housing": string(t.Benefits.Housing), "benefits-meals": string(t.Benefits.Meals), "benefits-transport": string(t.Benefits.Transport),
		"benefits-insurance": string(t.Benefits.Insurance), "benefits-flight": string(t.Benefits.Flight),
		"costs-visa": string(t.Costs.Visa), "costs-flight": string(t.Costs.Flight), "costs-medical": string(t.Costs.Medical), "costs-training": string(t.Costs.Training),
		"hoursPerWeek": hundredthsField(t.HoursPerWeek), "daysPerWeek": hundredthsField(t.DaysPerWeek), "education": t.Education.String(),
	} {
		set(name, value)
	}
	for name, value := range map[string]int{
		"places": t.Places, "durationMonths": t.DurationMonths, "experienceMonths": t.ExperienceMonths, "minAge": t.MinAge, "pay-paymentsPerYear": t.Pay.PaymentsPerYear,
	} {
		set(name, strconv.Itoa(value))
	}
	for name, value := range map[string]int64{"pay-amount": t.Pay.Min, "pay-amountMax": t.Pay.Max} {
		if value > 0 {
			set(name, ref.Money{Amount: value, Currency: t.Pay.Currency}.Format())
		}
	}
	for i, need := range t.Languages[:min(len(t.Languages), languageRows)] {
		set("languages-"+strconv.Itoa(i)+"-language", string(need.Language))
		set("languages-"+strconv.Itoa(i)+"-level", need.Level.String())
	}
	return in
}

func hundredthsField(n int) string {
	if n == 0 {
		return ""
	}
	return offer.Hundredths(n)
}
