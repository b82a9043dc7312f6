package profile

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// ConsentVersion is the version of the wording people agree to today.
const ConsentVersion = "2026-1"

// The channels through which a consent reaches the ledger.
const (
	ChannelWeb    = "web"
	ChannelAPI    = "api"
	ChannelAgent  = "agent" // an official wrote down what the person said
	ChannelImport = "import"
)

var versionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.\-]{0,19}$`)

// Choice is what a person decides about one purpose. An empty Version is the
// present wording.
type Choice struct {
	Purpose string
	Given   bool
	Version string
}

// checkChoices refuses unknown purposes, two answers about one purpose, and
// versions that are none. At is the pointer of the list.
func checkChoices(at string, choices []Choice) error {
	var bad fault.List
	seen := map[string]bool{}
	for i, c := range choices {
		pointer := at + "/" + strconv.Itoa(i)
		bad.Check(slices.Contains(Purposes(), c.Purpose), pointer+"/purpose", "profile.purpose")
		bad.Check(!seen[c.Purpose], pointer+"/purpose", "repeated")
		bad.Check(c.Version == "" || versionForm.MatchString(c.Version), pointer+"/version", "profile.consent.version")
		seen[c.Purpose] = true
	}
	return bad.Err("profile.invalid")
}

// decide appends to the ledger every choice that differs from the last
// decision about its purpose, and names the purposes that changed. A refusal
// of what was never agreed to is noted as well: the person was asked.
func (p *Profile) decide(choices []Choice, by account.ID, channel string, at time.Time) []string {
	var changed []string
	for _, c := range choices {
		if c.Version == "" {
			c.Version = ConsentVersion
		}
		last, decided := p.lastConsent(c.Purpose)
		if decided && last.Given == c.Given && last.Version == c.Version {
			continue
		}
		p.Consents = append(p.Consents, Consent{Purpose: c.Purpose, Given: c.Given, Version: c.Version, At: at, Channel: channel, By: by})
		changed = append(changed, "consent."+c.Purpose)
	}
	slices.Sort(changed)
	return changed
}

func (p *Profile) lastConsent(purpose string) (Consent, bool) {
	for i := len(p.Consents) - 1; i >= 0; i-- {
		if p.Consents[i].Purpose == purpose {
			return p.Consents[i], true
		}
	}
	return Consent{}, false
}

// anyGiven reports whether at least one purpose is agreed to.
func anyGiven(choices []Choice) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.Given })
}
