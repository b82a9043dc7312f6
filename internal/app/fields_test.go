package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// rich gives a person who states everything there is to state. mark goes into
// everything an agency must not see, so that it can be looked for.
func rich(mark string, minPay string) object {
	return object{
		"identity": object{
			"givenNames": "Awa" + mark, "familyName": "Tangara" + mark, "sex": "female", "birthDate": "1994-03-07", "birthPlace": "Kati" + mark,
			"nationalities": []string{"ML", "KP"}, "nina": "19403070" + digits(mark), "email": strings.ToLower(mark) + "@people.example",
			"phone": "+2237" + digits(mark)[:7], "consularCard": "CC" + mark,
		},
		"residence":   object{"country": "ML", "region": "BKO", "cercle": "Cercle" + mark, "commune": "Commune" + mark, "city": "Ville" + mark},
		"education":   []object{{"level": 6, "field": "0732", "title": "Titre" + mark, "institution": "École" + mark, "country": "ML", "year": 2016, "recognisedIn": []string{"FR"}}},
		"experience":  []object{{"occupation": "7112", "title": "Poste" + mark, "employer": "Patron" + mark, "country": "ML", "from": "2012-02", "until": "2022-08"}},
		"spells":      []object{{"country": "CI", "from": "2010-06", "until": "2011-06", "purpose": "work"}},
		"occupations": []string{"7112"}, "skills": []string{"maconnerie"}, "licences": []string{"permis-b"},
		"languages":    []object{{"language": "fr", "level": "B2"}, {"language": "bm", "native": true}},
		"recognitions": []object{{"occupation": "711", "country": "FR", "authority": "Autorité" + mark, "date": "2020-01-31"}},
		"wishes": object{"occupations": []string{"7112"}, "countries": []string{}, "kinds": []string{},
			"minPay": object{"amount": minPay, "currency": "EUR"}, "availableFrom": "2026-01-17"},
		"interests": object{"mentoring": true, "expertMissions": true, "investment": true},
		"summary":   "Récit " + mark,
		"consents":  []object{{"purpose": "matching", "given": true}, {"purpose": "contact", "given": true}},
	}
}

// digits makes ten digits out of a mark.
func digits(mark string) string {
	n := uint64(0)
	for _, r := range mark {
		n = n*131 + uint64(r)
	}
	return fmt.Sprintf("%010d", n%10_000_000_000)
}

// everything gives an offer that asks for everything, and that a rich person
// can have.
func (s *stage) everything() object {
	return s.offer(object{
		"occupation": "7112", "kind": "fixed_term", "durationMonths": 9, "regulated": false, "education": 3, "experienceMonths": 12, "minAge": 20,
		"languages": []object{{"language": "fr", "level": "A2"}}, "licences": []string{"permis-b"}, "start": "2099-01-31",
		"requiredSkills": []string{"maconnerie"}, "optionalSkills": []string{"coffrage"},
		"pay": object{"amount": "4000.00", "currency": "EUR", "period": "month", "basis": "gross", "paymentsPerYear": 12},
	})
}

// announce publishes an offer of those terms.
func (s *stage) announce(terms object) string {
	s.t.Helper()
	return s.announceBy(s.by("agency"), terms)
}

func (s *stage) announceBy(agency *caller, terms object) string {
	s.t.Helper()
	id := agency.must(http.StatusCreated, "POST", "/offers", terms).member("id")
	agency.must(http.StatusOK, "POST", "/offers/"+id+"/submissions", nil)
	return s.walk(id, [2]string{"official2", "approvals"}, [2]string{"official3", "publications"})
}

// view is one way of reading something about a person.
type view struct {
	reader string
	who    *caller
	path   string
}

// table prints which members each view holds.
func table(views []view) string {
	var names []string
	seen := map[string]map[string]bool{}
	for _, v := range views {
		var decoded any
		if err := json.Unmarshal(v.who.must(http.StatusOK, "GET", v.path, nil).body, &decoded); err != nil {
			v.who.t.Fatal(err)
		}
		walkMembers(decoded, "", func(name string) {
			if seen[name] == nil {
				seen[name] = map[string]bool{}
				names = append(names, name)
			}
			seen[name][v.reader] = true
		})
	}
	slices.Sort(names)
	var out strings.Builder
	fmt.Fprintf(&out, "%-40s", "member")
	for _, v := range views {
		fmt.Fprintf(&out, " %-20s", v.reader)
	}
	for _, name := range names {
		fmt.Fprintf(&out, "\n%-40s", name)
		for _, v := range views {
			fmt.Fprintf(&out, " %-20s", map[bool]string{true: "yes", false: "-"}[seen[name][v.reader]])
		}
	}
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// walkMembers names every member that holds a value; the items of a list are
// one member.
func walkMembers(v any, at string, name func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			walkMembers(v[key], strings.TrimPrefix(at+"/"+key, "/"), name)
		}
	case []any:
		if len(v) == 0 {
			name(at + "[]")
		}
		for _, item := range v {
			walkMembers(item, at+"[]", name)
		}
	default:
		if at != "nextCursor" {
			name(at)
		}
	}
}

// TestAZ06WhoSeesWhatOfAPerson pins the members of every answer about a
// person, for each way a reader may stand to that person.
func TestAZ06WhoSeesWhatOfAPerson(t *testing.T) {
	s := newStage(t, workHouse(t))
	person, id := s.person(rich("Zqx", "1837.41"))
	offer := s.announce(s.everything())
	explain := "/matches/explain?offer=" + offer + "&profile=" + id
	matches := "/offers/" + offer + "/matches?limit=1"
	s.by("official2").must(http.StatusCreated, "POST", "/profiles/"+id+"/disclosures", object{"reason": "identity_check"})
	golden(t, "fields_explanation.golden", table([]view{
		{"candidate", person, explain}, {"official", s.by("official"), explain}, {"agency", s.by("agency"), explain},
	}))
	golden(t, "fields_matches.golden", table([]view{
		{"official", s.by("official"), matches}, {"agency", s.by("agency"), matches}, {"candidate", person, "/profiles/me/matches?limit=1"},
	}))
	file := person.must(http.StatusCreated, "POST", "/offers/"+offer+"/applications", object{"message": "Bonjour."}).member("id")
	golden(t, "fields_application.golden", table([]view{
		{"candidate", person, "/applications/" + file}, {"official", s.by("official"), "/applications/" + file}, {"agency", s.by("agency"), "/applications/" + file},
	}))
	golden(t, "fields_profile.golden", table([]view{
		{"owner", person, "/profiles/" + id}, {"official", s.by("official"), "/profiles/" + id}, {"official+disclosure", s.by("official2"), "/profiles/" + id},
		{"agency", s.by("agency2"), "/profiles/" + id}, {"agency+application", s.by("agency"), "/profiles/" + id},
	}))
}

// secrets are the values of a rich person that agencies never see, and those
// they see only after an application.
func secrets(mark, minPay string) (never, later []string) {
	never = []string{
		"female", "1994-03-07", "1994-03", `"KP"`, "nationalit", "Kati" + mark, "19403070" + digits(mark), "CC" + mark, "Cercle" + mark, "Commune" + mark, "Ville" + mark,
		"Titre" + mark, "École" + mark, "Poste" + mark, "Patron" + mark, "Autorité" + mark, "Récit", "2026-01-17", minPay, strings.TrimSuffix(minPay, ".00"),
	}
	return never, []string{"Awa" + mark, "Tangara" + mark, strings.ToLower(mark) + "@people.example", "2237" + digits(mark)[:7]}
}

// TestAZ06AgenciesNeverGetWhatIsHidden looks for the values themselves, in
// every answer an agency gets about many people.
func TestAZ06AgenciesNeverGetWhatIsHidden(t *testing.T) {
	s := newStage(t, workHouse(t))
	r := rand.New(rand.NewPCG(9, 2021))
	offer := s.announce(s.everything())
	for n := range 20 {
		mark, minPay := fmt.Sprintf("Zq%06xv", r.Uint32N(1<<24)), fmt.Sprintf("%d.%02d", 1700+r.IntN(200), 1+r.IntN(99))
		person, id := s.person(rich(mark, minPay))
		never, later := secrets(mark, minPay)
		agency := s.by("agency")
		paths := []string{"/profiles/" + id, "/matches/explain?offer=" + offer + "&profile=" + id, "/offers/" + offer + "/matches?limit=100"}
		for _, path := range paths {
			hides(t, agency, path, slices.Concat(never, later))
		}
		if n%2 == 0 {
			agency.must(http.StatusCreated, "POST", "/offers/"+offer+"/invitations", object{"profile": id})
			hides(t, agency, "/applications?limit=100", slices.Concat(never, later))
			hides(t, agency, "/profiles/"+id, slices.Concat(never, later))
			continue
		}
		person.must(http.StatusCreated, "POST", "/offers/"+offer+"/applications", nil)
		for _, path := range append(paths, "/applications?limit=100") {
			hides(t, agency, path, never)
		}
		if got := agency.must(http.StatusOK, "GET", "/profiles/"+id, nil).body; !bytes.Contains(got, []byte("Tangara"+mark)) {
			t.Fatalf("the check sees nothing: after the application the name should be there: %s", got)
		}
		hides(t, s.by("agency2"), "/profiles/"+id, slices.Concat(never, later))
	}
}

func hides(t *testing.T, agency *caller, path string, values []string) {
	t.Helper()
	body := agency.must(http.StatusOK, "GET", path, nil).body
	for _, value := range values {
		if bytes.Contains(body, []byte(value)) {
			t.Errorf("%s tells an agency %q:\n%s", path, value, body)
		}
	}
}
