package account

import (
	"slices"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Institutions lists where an official may serve: the ministry, the national
// employment agency, or a mission abroad.
func Institutions() []string { return []string{"ministry", "anpe", "mission"} }

// Post is what an administrator decides about an account: the role and what
// goes with it.
type Post struct {
	Role        Role
	Agency      string // members of an agency only
	Institution string // officials only, and mandatory for them
	Collector   bool   // officials only
}

// Check refuses a role that is not one, and what does not go with the role.
func (p Post) Check() error {
	var faults fault.List
	faults.Check(slices.Contains(Roles(), p.Role), "/role", "account.role")
	faults.Check(p.Agency == "" || p.Role == Agency, "/agency", "account.agency.role")
	if p.Role == Official {
		faults.Check(slices.Contains(Institutions(), p.Institution), "/institution", "account.institution")
	} else {
		faults.Check(p.Institution == "", "/institution", "account.institution.role")
		faults.Check(!p.Collector, "/collector", "account.collector.role")
	}
	return faults.Err("account.invalid")
}

// Post gives what is decided about the account now.
func (a *Account) Post() Post {
	return Post{Role: a.Role, Agency: a.Agency, Institution: a.Institution, Collector: a.Collector}
}

// ParseLocale reads one of the complete locales; empty means French.
func ParseLocale(s string) (ref.Locale, error) {
	switch l := ref.Locale(s); l {
	case "":
		return ref.French, nil
	case ref.French, ref.English:
		return l, nil
	}
	return "", fault.New(fault.Invalid, "account.locale", fault.Field{Pointer: "/locale", Code: "account.locale"})
}

// Moment cuts a time to UTC milliseconds, the precision every store keeps, so
// that times compare alike before and after they have been stored.
func Moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Enter notes a login and gives its moment, never before SessionsFrom. Called
// under the account's lock, it orders logins and EndSessions strictly, even
// within one tick of the clock.
func (a *Account) Enter(now time.Time) time.Time {
	now = Moment(now)
	if now.Before(a.SessionsFrom) {
		now = a.SessionsFrom
	}
	if now.After(a.LastLoginAt) {
		a.LastLoginAt = now
	}
	return now
}

// EndSessions voids every session begun so far and gives the moment from
// which new ones count.
func (a *Account) EndSessions(now time.Time) time.Time {
	from := Moment(now)
	for _, earlier := range []time.Time{a.SessionsFrom, a.LastLoginAt} {
		if !from.After(earlier) {
			from = earlier.Add(time.Millisecond)
		}
	}
	a.SessionsFrom = from
	return from
}

// Record raises the revision and leaves the audit entry of one change.
func (a *Account) Record(by Actor, now time.Time, action, reason string, fields ...string) {
	a.Rev++
	a.UpdatedAt = Moment(now)
	slices.Sort(fields)
	a.Pending.Add(audit.Entry{
		At: a.UpdatedAt, Actor: string(by.Account), Role: string(by.Role), Origin: by.Origin, Action: action,
		Subject: string(a.ID), Rev: a.Rev, Reason: reason, Fields: fields,
	})
}
