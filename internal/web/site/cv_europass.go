package site

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// The names below are those of the public Europass schema (SkillsPassport,
// version 3.4), as far as a profile has something to say under them.

const (
	europassVersion   = "V3.4.0"
	europassGenerator = "Passerelle"
)

type europassCV struct {
	SkillsPassport struct {
		Locale       string
		DocumentInfo europassInfo
		LearnerInfo  europassLearner
	}
}

type europassInfo struct {
	DocumentType string // "ECV": curriculum vitae
	CreationDate string
	XSDVersion   string
	Generator    string
}

type europassLearner struct {
	Identification europassPerson
	Headline       *europassHeadline `json:",omitempty"`
	WorkExperience []europassWork    `json:",omitempty"`
	Education      []europassStudy   `json:",omitempty"`
	Skills         europassSkills
}

type europassCode struct {
	Code  string `json:",omitempty"`
	Label string
}

type europassContact struct{ Contact string }

type europassAddress struct {
	Contact struct {
		Municipality string        `json:",omitempty"`
		Country      *europassCode `json:",omitempty"`
	}
}

type europassPerson struct {
	PersonName  struct{ FirstName, Surname string }
	ContactInfo struct {
		Address   *europassAddress  `json:",omitempty"`
		Email     *europassContact  `json:",omitempty"`
		Telephone []europassContact `json:",omitempty"`
	}
	Demographics struct {
		Birthdate   *europassDay   `json:",omitempty"`
		Gender      *europassCode  `json:",omitempty"`
		Nationality []europassCode `json:",omitempty"`
	}
}

type europassDay struct {
	Year  int
	Month int `json:",omitempty"`
	Day   int `json:",omitempty"`
}

type europassPeriod struct {
	From    *europassDay `json:",omitempty"`
	To      *europassDay `json:",omitempty"`
	Current bool
}

type europassHeadline struct {
	Type        europassCode
	Description europassCode
}

type europassBody struct {
	Name        string                             `json:",omitempty"`
	ContactInfo *struct{ Address europassAddress } `json:",omitempty"`
}

type europassWork struct {
	Period   europassPeriod
	Position europassCode
	Employer *europassBody `json:",omitempty"`
}

type europassStudy struct {
	Period       europassPeriod
	Title        string
	Organisation *europassBody `json:",omitempty"`
	Level        europassCode
	Field        *europassCode `json:",omitempty"`
}

type europassSkills struct {
	Linguistic struct {
		MotherTongue    []europassTongue `json:",omitempty"`
		ForeignLanguage []europassTongue `json:",omitempty"`
	}
	JobRelated *struct{ Description string }   `json:",omitempty"`
	Driving    *struct{ Description []string } `json:",omitempty"`
	Other      *struct{ Description string }   `json:",omitempty"`
}

type europassTongue struct {
	Description      europassCode
	ProficiencyLevel *europassLevels `json:",omitempty"`
}

type europassLevels struct{ Listening, Reading, SpokenInteraction, SpokenProduction, Writing string }

// downloadCV hands the person the own profile as a Europass document.
func downloadCV(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(v.europass(d), "", "  ")
	if err != nil {
		return err
	}
	v.download("cv-europass.json", "application/json", content)
	return nil
}

func (v *visit) europass(d *dossier) europassCV {
	var cv europassCV
	cv.SkillsPassport.Locale = string(v.loc)
	cv.SkillsPassport.DocumentInfo = europassInfo{
		DocumentType: "ECV", CreationDate: v.site.opts.Now().UTC().Format(time.RFC3339), XSDVersion: europassVersion, Generator: europassGenerator,
	}
	learner := &cv.SkillsPassport.LearnerInfo
	learner.Identification = v.europassPerson(&d.Facts)
	if sought := d.Facts.Wishes.Occupations; len(sought) > 0 {
		learner.Headline = &europassHeadline{
			Type:        europassCode{Code: "job_applied_for", Label: v.t("profile.sought")},
			Description: europassCode{Label: joined(sought, func(o ref.Occupation) string { return o.Title(v.loc) })},
		}
	}
	for _, e := range d.Facts.Experience {
		learner.WorkExperience = append(learner.WorkExperience, v.europassWork(e))
	}
	for _, e := range d.Facts.Education {
		learner.Education = append(learner.Education, v.europassStudy(e))
	}
	learner.Skills = v.europassSkills(&d.Facts)
	return cv
}

func (w words) europassCountry(c ref.Country) *europassCode {
	if c == "" {
		return nil
	}
	return &europassCode{Code: string(c), Label: c.Name(w.loc)}
}

func (w words) europassPerson(f *profile.Facts) europassPerson {
	i, p := &f.Identity, europassPerson{}
	p.PersonName.FirstName, p.PersonName.Surname = i.GivenNames, i.FamilyName
	if f.Residence.Country != "" {
		p.ContactInfo.Address = &europassAddress{}
		p.ContactInfo.Address.Contact.Municipality = f.Residence.City
		p.ContactInfo.Address.Contact.Country = w.europassCountry(f.Residence.Country)
	}
	if i.Email != "" {
		p.ContactInfo.Email = &europassContact{i.Email}
	}
	if i.Phone != "" {
		p.ContactInfo.Telephone = []europassContact{{i.Phone}}
	}
	if i.BirthDate.Known() {
		t := i.BirthDate.Time()
		p.Demographics.Birthdate = &europassDay{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
	}
	if i.Sex != "" {
		p.Demographics.Gender = &europassCode{Code: strings.ToUpper(string(i.Sex[:1])), Label: w.code("sex", i.Sex)}
	}
	for _, c := range i.Nationality {
		p.Demographics.Nationality = append(p.Demographics.Nationality, *w.europassCountry(c))
	}
	return p
}

func europassMonth(m ref.Month) *europassDay {
	year, month, ok := strings.Cut(string(m), "-")
	if !ok {
		return nil
	}
	y, _ := strconv.Atoi(year) // a month was checked when it was stored
	n, _ := strconv.Atoi(month)
	return &europassDay{Year: y, Month: n}
}

func (w words) europassBody(name string, c ref.Country) *europassBody {
	if name == "" && c == "" {
		return nil
	}
	body := &europassBody{Name: name}
	if c != "" {
		body.ContactInfo = &struct{ Address europassAddress }{}
		body.ContactInfo.Address.Contact.Country = w.europassCountry(c)
	}
	return body
}

func (w words) europassWork(e profile.Experience) europassWork {
	title := e.Title
	if title == "" {
		title = e.Occupation.Title(w.loc)
	}
	return europassWork{
		Period:   europassPeriod{From: europassMonth(e.From), To: europassMonth(e.Until), Current: e.From != "" && e.Until == ""},
		Position: europassCode{Code: string(e.Occupation), Label: title}, Employer: w.europassBody(e.Employer, e.Country),
	}
}

func (w words) europassStudy(e profile.Education) europassStudy {
	title := e.Title
	if title == "" {
		title = e.Level.Label(w.loc)
	}
	s := europassStudy{Title: title, Organisation: w.europassBody(e.Institution, e.Country), Level: europassCode{Code: e.Level.String(), Label: e.Level.Label(w.loc)}}
	if e.Year > 0 {
		s.Period.To = &europassDay{Year: e.Year}
	}
	if e.Field != "" {
		s.Field = &europassCode{Code: e.Field, Label: w.studyField(e.Field)}
	}
	return s
}

// studyField names a field of ISCED-F 2013 of any depth by the broad field it
// belongs to, the only ones that have words here.
func (w words) studyField(code string) string { return w.code("isced_field", code[:min(len(code), 2)]) }

func (w words) europassSkills(f *profile.Facts) europassSkills {
	var s europassSkills
	for _, l := range f.Languages {
		tongue := europassTongue{Description: europassCode{Code: string(l.Language), Label: l.Language.Name(w.loc)}}
		if l.Native {
			s.Linguistic.MotherTongue = append(s.Linguistic.MotherTongue, tongue)
			continue
		}
		level := l.Level.String()
		tongue.ProficiencyLevel = &europassLevels{level, level, level, level, level}
		s.Linguistic.ForeignLanguage = append(s.Linguistic.ForeignLanguage, tongue)
	}
	if len(f.Skills) > 0 {
		s.JobRelated = &struct{ Description string }{joined(f.Skills, func(k ref.Skill) string { return k.Label(w.loc) })}
	}
	var driving, others []string
	for _, l := range f.Licences {
		if class, ok := strings.CutPrefix(string(l), "permis-"); ok {
			driving = append(driving, strings.ToUpper(class))
		} else {
			others = append(others, l.Label(w.loc))
		}
	}
	if driving != nil {
		s.Driving = &struct{ Description []string }{driving}
	}
	if others != nil {
		s.Other = &struct{ Description string }{strings.Join(others, ", ")}
	}
	return s
}
