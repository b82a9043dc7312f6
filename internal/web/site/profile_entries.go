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

// partEntries are the parts that are lists of entries.
func partEntries() []entries {
	return []entries{educationEntries(), experienceEntries(), spellEntries(), languageEntries(), recognitionEntries()}
}

// spaced joins texts with a space, leaving out what is not there.
func spaced(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// dotted joins texts with a middle dot, leaving out what is not there.
func dotted(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// yearField writes a year; nothing for none.
func yearField(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// studyFields lists the broad fields of ISCED-F 2013.
func studyFields() []string {
	return []string{"00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10"}
}

func educationEntries() entries {
	return entries{
		part: profile.PartEducation, pointer: "/education",
		count:  func(f *profile.Facts) int { return len(f.Education) },
		remove: func(f *profile.Facts, i int) { f.Education = slices.Delete(f.Education, i, i+1) },
		line: func(v *visit, f *profile.Facts, i int) entryLine {
			e := f.Education[i]
			return entryLine{Title: cmp.Or(e.Title, e.Level.Label(v.loc)), Text: dotted(levelBeside(v.words, e), e.Institution, e.Country.Name(v.loc), yearField(e.Year))}
		},
		values: func(f *profile.Facts, i int) url.Values {
			e := f.Education[i]
			recognised := ""
			if len(e.RecognisedIn) > 0 {
				recognised = string(e.RecognisedIn[0])
			}
			return set("level", e.Level.String(), "field", e.Field, "title", e.Title, "institution", e.Institution, "country", string(e.Country),
				"year", yearField(e.Year), "recognisedIn", recognised)
		},
		ask: askEducation, read: readEducation,
	}
}

// levelBeside names the level of a course whose title is shown already.
func levelBeside(w words, e profile.Education) string {
	if e.Title == "" {
		return ""
	}
	return e.Level.Label(w.loc)
}

func askEducation(v *visit, page *partPage, _ *profile.Facts) error {
	levels := []option{{Label: v.t("form.choose")}}
	for _, l := range ref.EducationLevels() {
		levels = append(levels, option{Value: l.String(), Label: l.Label(v.loc)})
	}
	fields := v.codes("isced_field", studyFields(), v.t("form.unsaid"))
	if now := page.Form.values.Get("field"); now != "" && !slices.Contains(studyFields(), now) {
		fields = append(fields, option{Value: now, Label: now})
	}
	f := page.Form
	f.add(field{Name: "level", Label: v.t("profile.level"), Hint: v.t("profile.level.hint"), Kind: "select", Options: levels, Required: true})
	f.add(field{Name: "title", Label: v.t("profile.diploma"), Hint: v.t("profile.diploma.hint"), Max: profile.MaxLine})
	f.add(field{Name: "field", Label: v.t("profile.field"), Kind: "select", Options: fields})
	f.add(field{Name: "institution", Label: v.t("profile.school"), Max: profile.MaxLine})
	f.add(field{Name: "country", Label: v.t("profile.school.country"), Kind: "select", Options: v.countries()})
	f.add(field{Name: "year", Label: v.t("profile.year"), Hint: v.t("profile.year.hint"), Mode: "numeric", Max: 4, Narrow: true})
	f.add(field{Name: "recognisedIn", Label: v.t("profile.recognised"), Hint: v.t("profile.recognised.hint"), Kind: "select", Options: v.countries()})
	return nil
}

func readEducation(f *profile.Facts, i int, in url.Values, bad *fault.List) {
	e := at(&f.Education, i)
	level, err := ref.ParseEducationLevel(in.Get("level"))
	bad.Check(err == nil, "/level", "ref.education")
	e.Level, e.Field, e.Title, e.Institution, e.Country = level, in.Get("field"), in.Get("title"), in.Get("institution"), ref.Country(in.Get("country"))
	e.Year = 0
	if typed := strings.TrimSpace(in.Get("year")); typed != "" {
		e.Year, err = strconv.Atoi(typed)
		bad.Check(err == nil, "/year", "profile.education.year")
	}
	var further []ref.Country
	if len(e.RecognisedIn) > 1 {
		further = e.RecognisedIn[1:]
	}
	e.RecognisedIn = slices.Clone(further)
	if c := in.Get("recognisedIn"); c != "" {
		e.RecognisedIn = append([]ref.Country{ref.Country(c)}, further...)
	}
}

func experienceEntries() entries {
	return entries{
		part: profile.PartExperience, pointer: "/experience",
		count:  func(f *profile.Facts) int { return len(f.Experience) },
		remove: func(f *profile.Facts, i int) { f.Experience = slices.Delete(f.Experience, i, i+1) },
		line: func(v *visit, f *profile.Facts, i int) entryLine {
			e := f.Experience[i]
			trade := e.Occupation.Title(v.loc)
			if e.Title == "" || strings.EqualFold(e.Title, trade) {
				trade = ""
			}
			lasted := v.period(e.From, e.Until)
			if lasted == "" {
				lasted = v.months(e.Months)
			}
			return entryLine{Title: cmp.Or(e.Title, e.Occupation.Title(v.loc), v.t("profile.job")), Text: dotted(trade, e.Employer, e.Country.Name(v.loc), lasted)}
		},
		values: func(f *profile.Facts, i int) url.Values {
			e := f.Experience[i]
			in := set("occupation", string(e.Occupation), "title", e.Title, "employer", e.Employer, "country", string(e.Country), "from", monthField(e.From), "until", monthField(e.Until))
			if e.From == "" && e.Months > 0 {
				in.Set("months", strconv.Itoa(e.Months))
			}
			return in
		},
		ask: askExperience, read: readExperience,
	}
}

// askExperience asks first which occupation it was, by words, and then for the
// rest. Whoever finds no occupation that fits goes on with the words alone.
func askExperience(v *visit, page *partPage, _ *profile.Facts) error {
	f := page.Form
	if v.gin.Request.Method == http.MethodGet && !v.occupationChosen(f) {
		return v.searchOccupation(page)
	}
	f.hide("occupation", f.values.Get("occupation"))
	if o := ref.Occupation(f.values.Get("occupation")); o != "" {
		f.values.Set("occupation-title", o.Title(v.loc))
		f.add(field{Name: "occupation-title", Label: v.t("profile.occupation"), Fixed: true})
	}
	page.Again = &entryLink{Href: f.Action + "?q=", Text: v.t("profile.occupation.change")}
	f.add(field{Name: "title", Label: v.t("profile.jobtitle"), Hint: v.t("profile.jobtitle.hint"), Fill: "organization-title", Max: profile.MaxLine})
	f.add(field{Name: "employer", Label: v.t("profile.employer"), Fill: "organization", Max: profile.MaxLine})
	f.add(field{Name: "country", Label: v.t("profile.work.country"), Kind: "select", Options: v.countries()})
	f.add(field{Name: "from", Label: v.t("profile.from"), Hint: v.t("profile.month.hint"), Mode: "numeric", Max: 7, Narrow: true})
	f.add(field{Name: "until", Label: v.t("profile.until"), Hint: v.t("profile.until.hint"), Mode: "numeric", Max: 7, Narrow: true})
	f.add(field{Name: "months", Label: v.t("profile.months"), Hint: v.t("profile.months.hint"), Mode: "numeric", Max: 3, Narrow: true})
	return nil
}

func readExperience(f *profile.Facts, i int, in url.Values, bad *fault.List) {
	e := at(&f.Experience, i)
	e.Occupation, e.Title, e.Employer, e.Country = ref.Occupation(in.Get("occupation")), in.Get("title"), in.Get("employer"), ref.Country(in.Get("country"))
	readPeriod(&e.From, &e.Until, in, bad)
	bad.Check(e.Occupation != "" || strings.TrimSpace(e.Title) != "", "/title", "required")
	e.Months = 0
	if typed := plainNumber(in.Get("months")); typed != "" && e.From == "" {
		n, err := strconv.Atoi(typed)
		bad.Check(err == nil, "/months", "integer")
		e.Months = n
	}
}

func readPeriod(from, until *ref.Month, in url.Values, bad *fault.List) {
	var ok bool
	*from, ok = typedMonth(in.Get("from"))
	bad.Check(ok, "/from", "month.typed")
	*until, ok = typedMonth(in.Get("until"))
	bad.Check(ok, "/until", "month.typed")
}

func spellEntries() entries {
	return entries{
		part: profile.PartSpells, pointer: "/spells",
		count:  func(f *profile.Facts) int { return len(f.Spells) },
		remove: func(f *profile.Facts, i int) { f.Spells = slices.Delete(f.Spells, i, i+1) },
		line: func(v *visit, f *profile.Facts, i int) entryLine {
			s := f.Spells[i]
			purpose := ""
			if s.Purpose != "" {
				purpose = v.code("spell", s.Purpose)
			}
			return entryLine{Title: s.Country.Name(v.loc), Text: dotted(v.period(s.From, s.Until), purpose)}
		},
		values: func(f *profile.Facts, i int) url.Values {
			s := f.Spells[i]
			return set("country", string(s.Country), "from", monthField(s.From), "until", monthField(s.Until), "purpose", s.Purpose)
		},
		ask: func(v *visit, page *partPage, _ *profile.Facts) error {
			f := page.Form
			f.add(field{Name: "country", Label: v.t("profile.spell.country"), Kind: "select", Options: v.countries(), Required: true})
			f.add(field{Name: "from", Label: v.t("profile.spell.from"), Hint: v.t("profile.month.hint"), Mode: "numeric", Max: 7, Narrow: true, Required: true})
			f.add(field{Name: "until", Label: v.t("profile.spell.until"), Hint: v.t("profile.spell.until.hint"), Mode: "numeric", Max: 7, Narrow: true})
			f.add(field{Name: "purpose", Label: v.t("profile.spell.purpose"), Kind: "select", Options: v.codes("spell", profile.SpellPurposes(), v.t("form.unsaid")), Narrow: true})
			return nil
		},
		read: func(f *profile.Facts, i int, in url.Values, bad *fault.List) {
			s := at(&f.Spells, i)
			s.Country, s.Purpose = ref.Country(in.Get("country")), in.Get("purpose")
			readPeriod(&s.From, &s.Until, in, bad)
		},
	}
}

// nativeLevel is the answer « langue maternelle » beside the six levels.
const nativeLevel = "native"

func languageEntries() entries {
	return entries{
		part: profile.PartLanguages, pointer: "/languages",
		count:  func(f *profile.Facts) int { return len(f.Languages) },
		remove: func(f *profile.Facts, i int) { f.Languages = slices.Delete(f.Languages, i, i+1) },
		line: func(v *visit, f *profile.Facts, i int) entryLine {
			l := f.Languages[i]
			text := l.Level.Label(v.loc)
			if l.Native {
				text = v.t("profile.native")
			}
			return entryLine{Title: l.Language.Name(v.loc), Text: text}
		},
		values: func(f *profile.Facts, i int) url.Values {
			l := f.Languages[i]
			if l.Native {
				return set("language", string(l.Language), "level", nativeLevel)
			}
			return set("language", string(l.Language), "level", l.Level.String())
		},
		ask: askTongue, read: readLanguage,
	}
}

func askTongue(v *visit, page *partPage, _ *profile.Facts) error {
	languages := []option{{Label: v.t("form.choose")}}
	national, others := v.t("profile.language.national"), v.t("profile.language.others")
	for _, l := range ref.NationalLanguages(v.loc) {
		languages = append(languages, option{Value: string(l), Label: l.Name(v.loc), Group: national})
	}
	for _, l := range ref.Languages(v.loc) {
		if !slices.ContainsFunc(languages, func(o option) bool { return o.Value == string(l) }) {
			languages = append(languages, option{Value: string(l), Label: l.Name(v.loc), Group: others})
		}
	}
	levels := []option{}
	for _, l := range ref.Levels() {
		levels = append(levels, option{Value: l.String(), Label: l.Label(v.loc)})
		page.Levels = append(page.Levels, fact{Label: l.String(), Value: v.code("cefr", l.String())})
	}
	levels = append(levels, option{Value: nativeLevel, Label: v.t("profile.native")})
	page.Form.add(field{Name: "language", Label: v.t("profile.language"), Kind: "select", Options: languages, Required: true})
	page.Form.add(field{Name: "level", Label: v.t("profile.language.level"), Hint: v.t("profile.language.level.hint"), Kind: "radio", Options: levels, Required: true})
	return nil
}

// readLanguage takes the level that is chosen now: of one language there is
// one entry, so an earlier one makes room.
func readLanguage(f *profile.Facts, i int, in url.Values, bad *fault.List) {
	language, typed := ref.Language(in.Get("language")), in.Get("level")
	level, err := ref.ParseLevel(typed)
	bad.Check(err == nil && level != ref.NoLevel, "/level", "ref.level")
	one := profile.LanguageSkill{Language: language, Level: level, Native: typed == nativeLevel}
	*at(&f.Languages, i) = one
	f.Languages = slices.DeleteFunc(f.Languages, func(l profile.LanguageSkill) bool { return l.Language == language && l != one })
}

func recognitionEntries() entries {
	return entries{
		part: profile.PartRecognitions, pointer: "/recognitions",
		count:  func(f *profile.Facts) int { return len(f.Recognitions) },
		remove: func(f *profile.Facts, i int) { f.Recognitions = slices.Delete(f.Recognitions, i, i+1) },
		line: func(v *visit, f *profile.Facts, i int) entryLine {
			r := f.Recognitions[i]
			return entryLine{Title: r.Occupation.Title(v.loc), Text: dotted(r.Country.Name(v.loc), r.Authority, v.date(r.Date))}
		},
		values: func(f *profile.Facts, i int) url.Values {
			r := f.Recognitions[i]
			return set("occupation", string(r.Occupation), "country", string(r.Country), "authority", r.Authority, "date", dateField(r.Date))
		},
		ask: func(v *visit, page *partPage, f *profile.Facts) error {
			page.Form.add(field{Name: "occupation", Label: v.t("profile.occupation"), Hint: v.t("profile.recognition.hint"), Kind: "select", Options: v.ownOccupations(f, page.Form.values.Get("occupation")), Required: true})
			page.Form.add(field{Name: "country", Label: v.t("profile.recognition.country"), Kind: "select", Options: v.countries(), Required: true})
			page.Form.add(field{Name: "authority", Label: v.t("profile.authority"), Hint: v.t("profile.authority.hint"), Max: profile.MaxLine})
			page.Form.add(field{Name: "date", Label: v.t("profile.recognition.date"), Hint: v.t("profile.date.hint"), Mode: "numeric", Max: 10, Narrow: true})
			page.Again = &entryLink{Href: partPath(profile.PartOccupations), Text: v.t("profile.recognition.add")}
			return nil
		},
		read: func(f *profile.Facts, i int, in url.Values, bad *fault.List) {
			r := at(&f.Recognitions, i)
			r.Occupation, r.Country, r.Authority = ref.Occupation(in.Get("occupation")), ref.Country(in.Get("country")), in.Get("authority")
			var ok bool
			r.Date, ok = typedDate(in.Get("date"))
			bad.Check(ok, "/date", "date.typed")
		},
	}
}

// ownOccupations lists the occupations the person named, worked or sought.
func (w words) ownOccupations(f *profile.Facts, now string) []option {
	codes := append(f.Worked(), f.Wishes.Occupations...)
	if now != "" {
		codes = append(codes, ref.Occupation(now))
	}
	slices.Sort(codes)
	options := []option{{Label: w.t("form.choose")}}
	for _, o := range slices.Compact(codes) {
		if len(o) >= 3 {
			options = append(options, option{Value: string(o), Label: o.Title(w.loc)})
		}
	}
	return options
}
