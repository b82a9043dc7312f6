package placement

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Bounds of what is entered about the time abroad, in characters.
const (
	maxWord = 200  // a name, a place, a carrier
	maxNote = 2000 // a wording
)

// Abroad is what lists and jobs know of the time after clearance. All members
// may be empty.
type Abroad struct {
	ArrivalDue ref.Date // the arrival is awaited until that day
	CheckInDue ref.Date // next contact with the person
	Asked      bool     // the person was told that it is due
	Left       ref.Date // day of departure
	Home       ref.Date // day of return
	Rehire     bool     // the employer wants the person back
	RehireFrom ref.Date
	FollowUp   ref.Date // next meeting of the reintegration case
	Alerts     []Alert  // what calls for an incident, oldest first
}

// Alert is a fact of the file that calls for an incident. Its id is made from
// the file and the fact, so one fact opens one incident however often it is
// seen.
type Alert struct {
	Incident string // id of the incident
	Category string // category of the incident room
	At       time.Time
}

// alertID gives the id of the incident a fact calls for.
func (p *Placement) alertID(fact string) string {
	sum := sha256.Sum256([]byte(string(p.ID) + "\x00" + fact))
	return "inc_" + hex.EncodeToString(sum[:13])
}

// Alerts lists what calls for an incident: an arrival that was not noted in
// time, a check-in that told of trouble, an early end whose cause is one.
func (p *Placement) Alerts() []Alert {
	var found []Alert
	if at := p.Journey.OverdueAt; !at.IsZero() {
		found = append(found, Alert{p.alertID("arrival"), "arrival_overdue", at})
	}
	for i := range p.Journey.CheckIns {
		if c := &p.Journey.CheckIns[i]; c.troubled() {
			found = append(found, p.checkInAlert(c))
		}
	}
	if category := endingAlerts()[p.Ending.Cause]; category != "" && p.Ending.On.Known() {
		found = append(found, Alert{p.alertID("ending"), category, p.Ending.At})
	}
	return found
}

func (p *Placement) checkInAlert(c *CheckIn) Alert {
	category := "other"
	for _, concern := range Concerns() {
		if has(c.Concerns, concern) {
			category = concern
			break
		}
	}
	if category == "other" && !c.PaidAs {
		category = "wages"
	}
	return Alert{p.alertID("check-in/" + strconv.FormatInt(c.DoneAt.UnixMilli(), 10)), category, c.DoneAt}
}

// Behind gives the check-in that called for an incident; nil when it was
// something else.
func (p *Placement) Behind(a Alert) *CheckIn {
	for i := range p.Journey.CheckIns {
		if c := &p.Journey.CheckIns[i]; c.troubled() && p.checkInAlert(c).Incident == a.Incident {
			return c
		}
	}
	return nil
}

// Abroad gives what lists and jobs know of the time after clearance.
func (p *Placement) Abroad() Abroad {
	a := Abroad{Left: p.Journey.DepartedOn, Home: p.Ending.HomeOn, Rehire: p.Ending.Rehire, RehireFrom: p.Ending.RehireFrom, Alerts: p.Alerts()}
	if p.State == Departed {
		a.ArrivalDue = p.Journey.DueOn
	}
	if p.State.Abroad() {
		if next := p.nextCheckIn(); next != nil {
			a.CheckInDue, a.Asked = next.Due, !next.AskedAt.IsZero()
		}
	}
	if c := p.Ending.Case; c != nil && c.ClosedAt.IsZero() {
		for _, f := range c.FollowUp {
			if f.DoneAt.IsZero() {
				a.FollowUp = f.Due
				break
			}
		}
	}
	return a
}

// checkWord reports a short text that is missing, too long or hides signs.
func checkWord(bad *fault.List, pointer, s string, required bool) {
	bad.Check(!required || s != "", pointer, "required")
	checkLength(bad, pointer, s, maxWord)
}

// checkLength reports a text that is too long or hides signs.
func checkLength(bad *fault.List, pointer, s string, most int) {
	bad.Check(utf8.RuneCountInString(s) <= most, pointer, "too_long", strconv.Itoa(most))
	bad.Check(!text.HasForbidden(s), pointer, "text.forbidden")
}

// checkDay reports a day that is missing, lies in the future, or comes before
// an earlier step of the file.
func checkDay(bad *fault.List, pointer string, day, notBefore, today ref.Date) {
	switch {
	case !day.Known():
		bad.Add(pointer, "required")
	case day > today:
		bad.Add(pointer, "date.future")
	case day < notBefore:
		bad.Add(pointer, "placement.date.early")
	}
}

// checkListed reports values that are not in a closed list.
func checkListed(bad *fault.List, pointer string, given, list []string) {
	for i, value := range given {
		bad.Check(has(list, value), pointer+"/"+strconv.Itoa(i), "reason.unknown")
	}
}

func has(list []string, value string) bool {
	for _, have := range list {
		if have == value {
			return true
		}
	}
	return false
}
