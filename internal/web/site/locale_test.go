package site

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/statistics"
)

func codesOf[T ~string](values ...T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// ownLists is every list of codes whose words the pages have themselves.
func ownLists() map[string][]string {
	parts := match.Components()
	return withDeskLists(withFileLists(withPublicLists(withPersonLists(map[string][]string{
		"offer.says": codesOf(offer.States()...), "offer.sort": codesOf(sorts()...), "application.says": codesOf(application.States()...),
		"benefit.answer": codesOf(offer.Provided, offer.NotProvided),
		"privacy.action": codesOf(privacy.Erase, privacy.Pseudonymise, privacy.Delete, privacy.Keep), "consent.about": profile.Purposes(), "figures": statistics.Reports(),
		"consent.channel": {profile.ChannelWeb, profile.ChannelAPI, profile.ChannelAgent, profile.ChannelImport}, "quarter": {"first", "second", "third", "fourth"},
		"message.channel": codesOf(message.Email, message.SMS), "message.state": codesOf(message.Queued, message.Sent, message.Failed, message.Dropped),
		"user.locale": codesOf(ref.Locales()...), "key.purpose": codesOf(append(auth.Purposes(), auth.Blob, auth.Lookup)...),
		"key.state": {"active", "retiring", "retired"}, "employer.proposed": {employer.ActBar, employer.ActReopen}, "job": jobNames(),
		"match.none":    codesOf(parts[:]...),
		"match.missing": codesOf(match.FactMissing, match.FactMissingOptional),
		"warning": {"cost.worker", "cost.worker_text", "contact.masked", "contact.free_mail", "duration.missing", "hours.missing", "pay.missing", "pay.not_comparable",
			"pay.unrealistic", "employer.missing", "employer.other_country", "kind.missing", "fee.allowed"},
	}))))
}

// sharedLists is every list of codes whose words all parts of the service share.
func sharedLists() map[string][]string {
	gates, parts := match.Gates(), match.Components()
	return deskShared(withSharedPublicLists(withSharedFileLists(map[string][]string{
		"event":          audit.Actions(),
		"event_group":    audit.Groups(),
		"event.agency":   stepsOf(agency.Transitions()),
		"event.employer": append(stepsOf(employer.Transitions()), employer.ProposalPrefix+employer.ActBar, employer.ProposalPrefix+employer.ActReopen),
		"event.import":   {intake.ApproveAll, intake.PublishAll},
		"state.offer":    codesOf(offer.States()...), "state.application": codesOf(application.States()...),
		"state.agency": codesOf(agency.States()...), "state.import": codesOf(intake.Running, intake.Done, intake.Failed, intake.Approved, intake.Live),
		"agency_kind": codesOf(agency.Kinds()...), "import_kind": codesOf(intake.Offers, intake.Profiles),
		"reason": slices.Concat(offer.Reasons(offer.ActReturn), offer.Reasons(offer.ActRefuse), agency.Reasons(agency.ActRefuse), agency.Reasons(agency.ActSuspend),
			employer.Reasons(employer.ActRefuse), employer.Reasons(employer.ActBar), account.InPersonReasons(),
			offer.Reasons(offer.ActSuspend), offer.Reasons(offer.ActReopen), offer.Reasons(offer.ActClose), offer.Reasons(offer.ActObject),
			application.Reasons(application.ActRefuse), application.Reasons(application.ActWithdraw), application.Reasons(application.ActClose)),
		"band": codesOf(match.Strong, match.Good, match.Possible), "gate": codesOf(gates[:]...), "component": codesOf(parts[:]...),
		"role": codesOf(append(account.Roles(), account.System)...), "institution": account.Institutions(), "purpose": profile.Purposes(), "state.employer": codesOf(employer.States()...),
		"state.account": codesOf(append(accountStates(), account.Erased)...), "cause": codesOf(offer.CauseOwn, offer.CauseAgency, offer.CauseEmployer, offer.CauseCorridor),
		"openness": {"open", "closed", "visible", "hidden"},
		"spell":    profile.SpellPurposes(),
	})))
}

// factKeys is every pair of component and fact that has a sentence.
func factKeys() []string {
	var keys []string
	for part, facts := range map[match.ComponentCode][]match.FactCode{
		match.OccupationShare: {match.FactClosest}, match.SkillsShare: {match.FactMatched, match.FactMatchedOptional},
		match.LanguagesShare: {match.FactMatched, match.FactExtra}, match.ExperienceShare: {match.FactRelevant, match.FactFull},
		match.SalaryShare: {match.FactPay, match.FactLeast}, match.EducationShare: {match.FactLevel, match.FactMinimum, match.FactOverqualified},
	} {
		for _, f := range facts {
			keys = append(keys, "match.fact."+string(part)+"."+string(f))
		}
	}
	return keys
}

var (
	plainKey  = regexp.MustCompile(`(?:\bt |\.t\(|Label: )"([a-z_]+(?:\.[a-z_]+)*)"`)
	countKey  = regexp.MustCompile(`(?:\bn |\.count\()"([a-z_.]+)"`)
	flashKey  = regexp.MustCompile(`"(flash\.[a-z_.]+)"`)
	listKey   = regexp.MustCompile(`(?:\bcode |\.code\(|\.codes\()"([a-z_.]+)"`)
	lintKey   = regexp.MustCompile(`"(lint\.[a-z_.]+)"`)
	sourceOf  = map[string]string{".go": ".", ".html": "templates"}
	lintRoots = "../../domain/offer"
)

// sources reads every template and every Go file that is no test.
func sources(t *testing.T) string {
	var all strings.Builder
	for ext, root := range sourceOf {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ext || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			all.Write(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// usedKeys collects every key the pages can ask for.
func usedKeys(t *testing.T) map[string]bool {
	code, used := sources(t), map[string]bool{}
	for _, pattern := range []*regexp.Regexp{plainKey, flashKey} {
		for _, m := range pattern.FindAllStringSubmatch(code, -1) {
			used[m[1]] = true
		}
	}
	for _, m := range countKey.FindAllStringSubmatch(code, -1) {
		used[m[1]+".one"], used[m[1]+".many"] = true, true
	}
	lists, shared := ownLists(), sharedLists()
	for _, m := range listKey.FindAllStringSubmatch(code, -1) {
		if lists[m[1]] == nil && shared[m[1]] == nil {
			t.Errorf("the codes of %q are not listed in this test", m[1])
		}
	}
	for list, codes := range lists {
		for _, c := range codes {
			used[list+"."+c] = true
		}
	}
	for _, key := range factKeys() {
		used[key] = true
	}
	return used
}

// TestSharedWords: every code the pages show in shared words has them, and so
// has everything the linter says.
func TestSharedWords(t *testing.T) {
	shared := bareSite(t).opts.Server.Messages()
	for list, codes := range sharedLists() {
		for _, c := range codes {
			if !shared.Has(list + "." + c) {
				t.Errorf("no shared text for %s.%s", list, c)
			}
		}
	}
	lint := lintKeys(t)
	for key := range lint {
		if !shared.Has(key) {
			t.Errorf("no shared text for %s", key)
		}
	}
	for _, code := range ownLists()["warning"] {
		if !lint["lint."+code] {
			t.Errorf("the linter does not say %s", code)
		}
	}
}

// lintKeys reads the linter's codes from its sources.
func lintKeys(t *testing.T) map[string]bool {
	files, err := filepath.Glob(lintRoots + "/lint*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("the linter's sources are not there")
	}
	keys := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range lintKey.FindAllStringSubmatch(string(data), -1) {
			keys[m[1]] = true
		}
	}
	return keys
}

func TestEveryKeyIsThereAndUsed(t *testing.T) {
	s := bareSite(t)
	used := usedKeys(t)
	if len(used) < 300 {
		t.Fatalf("only %d keys found in the sources", len(used))
	}
	for key := range used {
		if strings.HasSuffix(key, ".") {
			continue
		}
		if !s.texts.Has(key) {
			t.Errorf("no text for %q", key)
		}
	}
	for _, key := range s.texts.Keys() {
		if !used[key] {
			t.Errorf("nothing uses %q", key)
		}
	}
}

// TestFrenchTypography: a no-break space before double punctuation, curly
// apostrophes, and no English in the French file.
func TestFrenchTypography(t *testing.T) {
	s := bareSite(t)
	for _, key := range s.texts.Keys() {
		fr, _ := s.texts.Text(ref.French, nil, key)
		if strings.Contains(fr, "'") || regexp.MustCompile(` [:;?!»]`).MatchString(fr) {
			t.Errorf("%s: %q", key, fr)
		}
	}
}

// TestExampleNumbers: a number that people are shown as an example is one that
// the check takes for a number.
func TestExampleNumbers(t *testing.T) {
	s, found := bareSite(t), 0
	for _, loc := range ref.Locales() {
		for _, texts := range []interface {
			Keys() []string
			Text(ref.Locale, []string, ...string) (string, bool)
		}{s.texts, s.opts.Server.Messages()} {
			for _, key := range texts.Keys() {
				text, _ := texts.Text(loc, nil, key)
				for _, m := range regexp.MustCompile(`\b([A-Z]{3})-\d{4}-[0-9A-Z]{6}\b`).FindAllStringSubmatch(text, -1) {
					found++
					if !ref.ValidReference(m[1], m[0]) {
						t.Errorf("%s: %s is no number", key, m[0])
					}
				}
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d examples found", found)
	}
}

func TestNumbersAndDates(t *testing.T) {
	s := bareSite(t)
	fr, en := s.words(ref.French), s.words(ref.English)
	for got, want := range map[string]string{
		fr.date("2026-11-21"):           "21\u00a0novembre 2026",
		fr.date("2026-11-01"):           "1er\u00a0novembre 2026",
		en.date("2026-11-01"):           "1\u00a0November 2026",
		fr.number(1234567):              "1\u202f234\u202f567",
		en.number(-1234567):             "-1,234,567",
		fr.count("search.total", 0):     "0 offre",
		en.count("search.total", 0):     "0 offers",
		fr.hundredths(3750):             "37,5",
		fr.francs(100_00, "2026-11-21"): "65\u202f596\u00a0F\u00a0CFA",
		fr.pay(ref.Pay{Min: 120000, Max: 150000, Currency: "EUR", Period: ref.PerMonth, Basis: ref.Gross}): "1\u202f200\u00a0€ à 1\u202f500\u00a0€ brut par mois",
		fr.instant(testNow):                      "21\u00a0novembre 2026 à 09\u00a0h\u00a005",
		fmt.Sprint(paragraphs("a\n\n\n b \n\n")): "[a b]",
	} {
		if strings.ReplaceAll(got, "F CFA", "F\u00a0CFA") != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
