package offer

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// The bounds of terms. Texts are counted in characters, hours and days in
// hundredths.
const (
	MinTitle       = 2
	MaxTitle       = 200
	MaxDescription = 20_000
	MaxPlaces      = 10_000
	MaxHours       = 16_800 // 168 h, all of a week
	MaxDays        = 700
	MaxDuration    = 600 // months
	MaxExperience  = 600 // months
	MaxAge         = 99
	maxSet         = 50
)

var codeForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate reports every member outside its bounds or vocabulary, with
// pointers as in the JSON API. What is merely missing is the linter's matter:
// only a title is needed to keep a draft.
func Validate(t Terms) fault.List {
	var bad fault.List
	checkTexts(&bad, t)
	checkCodes(&bad, t)
	checkNumbers(&bad, t)
	checkPay(&bad, t)
	checkSets(&bad, t)
	checkChoices(&bad, t)
	return bad
}

func checkTexts(bad *fault.List, t Terms) {
	length := utf8.RuneCountInString(t.Title)
	bad.Check(t.Title != "", "/title", "required")
	bad.Check(t.Title == "" || length >= MinTitle && length <= MaxTitle, "/title", "length", strconv.Itoa(MinTitle), strconv.Itoa(MaxTitle))
	bad.Check(text.Printable(t.Title), "/title", "text.forbidden")
	bad.Check(utf8.RuneCountInString(t.Description) <= MaxDescription, "/description", "too_long", strconv.Itoa(MaxDescription))
	bad.Check(!text.HasForbidden(t.Description), "/description", "text.forbidden")
	for _, line := range []struct {
		pointer, value string
		limit          int
	}{{"/employerName", t.EmployerName, 200}, {"/region", t.Region, 100}, {"/city", t.City, 200}, {"/payText", t.PayText, 500}, {"/employer", t.Employer, 64}} {
		bad.Check(utf8.RuneCountInString(line.value) <= line.limit, line.pointer, "too_long", strconv.Itoa(line.limit))
		bad.Check(text.Printable(line.value), line.pointer, "text.forbidden")
	}
}

func checkCodes(bad *fault.List, t Terms) {
	_, err := ref.ParseOccupation(string(t.Occupation))
	bad.Check(err == nil, "/occupation", "ref.occupation")
	_, err = ref.ParseCountry(string(t.Country))
	bad.Check(err == nil, "/country", "ref.country")
	if t.Kind != "" {
		_, err = ref.ParseWorkKind(string(t.Kind))
		bad.Check(err == nil, "/kind", "ref.kind")
	}
	bad.Check(t.Education.Valid(), "/education", "ref.education")
	for _, day := range []struct {
		pointer string
		value   ref.Date
	}{{"/start", t.Start}, {"/deadline", t.Deadline}} {
		_, err = ref.ParseDate(string(day.value))
		bad.Check(err == nil, day.pointer, "ref.date")
	}
}

func checkNumbers(bad *fault.List, t Terms) {
	for _, n := range []struct {
		pointer          string
		value, low, high int
	}{
		{"/places", t.Places, 1, MaxPlaces}, {"/durationMonths", t.DurationMonths, 0, MaxDuration},
		{"/hoursPerWeek", t.HoursPerWeek, 0, MaxHours}, {"/daysPerWeek", t.DaysPerWeek, 0, MaxDays},
		{"/experienceMonths", t.ExperienceMonths, 0, MaxExperience}, {"/minAge", t.MinAge, 0, MaxAge},
	} {
		bad.Check(n.value >= n.low && n.value <= n.high, n.pointer, "range", strconv.Itoa(n.low), strconv.Itoa(n.high))
	}
	bad.Check(t.Kind != ref.Permanent || t.DurationMonths == 0, "/durationMonths", "offer.duration.permanent")
}

func checkPay(bad *fault.List, t Terms) {
	var faults fault.List
	t.Pay.Check("/pay", &faults)
	for _, f := range faults {
		if f.Pointer == "/pay/max" {
			f.Pointer = "/pay/amountMax"
		}
		*bad = append(*bad, f)
	}
	bad.Check(t.Costs.WorkerFee >= 0 && t.Costs.WorkerFee <= ref.MaxAmount, "/costs/workerFee", "ref.amount")
	bad.Check(t.Costs.WorkerFee == 0 || t.Pay.Currency != "", "/pay/currency", "required")
	bad.Check(len(t.Deductions) <= maxSet, "/deductions", "too_many", strconv.Itoa(maxSet))
	for i, d := range t.Deductions {
		at := "/deductions/" + strconv.Itoa(i)
		bad.Check(d.Label != "", at+"/label", "required")
		bad.Check(utf8.RuneCountInString(d.Label) <= 100 && text.Printable(d.Label), at+"/label", "too_long", "100")
		bad.Check(d.Amount > 0 && d.Amount <= ref.MaxAmount, at+"/amount", "ref.amount")
		bad.Check(t.Pay.Currency != "", "/pay/currency", "required")
	}
}

func checkSets(bad *fault.List, t Terms) {
	checkCodeSet(bad, "/requiredSkills", t.RequiredSkills)
	checkCodeSet(bad, "/optionalSkills", t.OptionalSkills)
	checkCodeSet(bad, "/licences", t.Licences)
	bad.Check(len(t.Languages) <= maxSet, "/languages", "too_many", strconv.Itoa(maxSet))
	for i, l := range t.Languages {
		at := "/languages/" + strconv.Itoa(i)
		_, err := ref.ParseLanguage(string(l.Language))
		bad.Check(err == nil && l.Language != "", at+"/language", "ref.language")
		bad.Check(l.Level >= ref.A1 && l.Level <= ref.C2, at+"/level", "ref.level")
	}
}

func checkCodeSet[T ~string](bad *fault.List, pointer string, codes []T) {
	bad.Check(len(codes) <= maxSet, pointer, "too_many", strconv.Itoa(maxSet))
	for i, code := range codes {
		ok := len(code) >= 2 && len(code) <= 60 && codeForm.MatchString(string(code))
		bad.Check(ok, pointer+"/"+strconv.Itoa(i), "offer.code.form")
	}
}

func checkChoices(bad *fault.List, t Terms) {
	for _, b := range []struct {
		pointer string
		value   Benefit
	}{
		{"/benefits/housing", t.Benefits.Housing}, {"/benefits/meals", t.Benefits.Meals}, {"/benefits/transport", t.Benefits.Transport},
		{"/benefits/insurance", t.Benefits.Insurance}, {"/benefits/flight", t.Benefits.Flight},
	} {
		bad.Check(slices.Contains([]Benefit{"", Provided, NotProvided}, b.value), b.pointer, "offer.benefit")
	}
	for _, p := range []struct {
		pointer string
		value   Payer
	}{
		{"/costs/visa", t.Costs.Visa}, {"/costs/flight", t.Costs.Flight}, {"/costs/medical", t.Costs.Medical}, {"/costs/training", t.Costs.Training},
	} {
		bad.Check(slices.Contains([]Payer{"", ByEmployer, ByWorker}, p.value), p.pointer, "offer.payer")
	}
}
