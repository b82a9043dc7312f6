package collect

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func read(t *testing.T, content string, kind intake.Kind) ([]intake.Row, error) {
	t.Helper()
	var rows []intake.Row
	for row, err := range NewReader(ref.NewCoder()).Rows(strings.NewReader(content), kind) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func mustRead(t *testing.T, content string, kind intake.Kind) []intake.Row {
	t.Helper()
	rows, err := read(t, content, kind)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func codes(row intake.Row) string {
	var out []string
	for _, f := range row.Faults {
		out = append(out, f.Pointer+" "+f.Code)
	}
	return strings.Join(out, ", ")
}

// postings are twenty advertisements of our own with the traps of real ones.
func TestOwnPostings(t *testing.T) {
	content, err := os.ReadFile("testdata/postings.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	rows := mustRead(t, string(content), intake.Offers)
	if len(rows) < 20 {
		t.Fatalf("%d rows", len(rows))
	}
	byKey := map[string]intake.Row{}
	for _, r := range rows {
		byKey[r.Key] = r
	}
	nurse := byKey["https://emplois.example/annonce/1"]
	if nurse.Terms == nil || codes(nurse) != "" {
		t.Fatalf("row 1: %s", codes(nurse))
	}
	terms := nurse.Terms
	if terms.Occupation != "2221" || terms.Country != "GB" || terms.City != "Northbridge" || terms.Kind != "" || terms.HoursPerWeek != 0 || terms.DurationMonths != 0 {
		t.Errorf("row 1: %+v", terms)
	}
	if want := (ref.Pay{Min: 2421400, Max: 3011200, Currency: "GBP", Period: ref.PerYear, Basis: ref.Gross}); terms.Pay != want {
		t.Errorf("pay %+v", terms.Pay)
	}
	if terms.Deadline != "2020-11-27" || nurse.Source.Posted != "2020-10-01" {
		t.Errorf("dates %s %s", terms.Deadline, nurse.Source.Posted)
	}
	if strings.ContainsAny(terms.Description, "<>") || !strings.Contains(terms.Description, "\n- caring for patients\n- keeping records") {
		t.Errorf("description %q", terms.Description)
	}
	for key, want := range map[string]string{
		"https://emplois.example/annonce/bad-country": "/jobLocation/address/addressCountry ref.country",
		"https://emplois.example/annonce/bad-date":    "/validThrough ref.date",
		"https://emplois.example/annonce/no-title":    "/title required",
		"https://emplois.example/annonce/not-a-job":   "/@type import.not_job_posting",
		"https://emplois.example/annonce/no-openings": "/totalJobOpenings number",
	} {
		if got := codes(byKey[key]); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	for key, check := range map[string]func(offer.Terms) bool{
		"https://emplois.example/annonce/band": func(o offer.Terms) bool { return o.Pay == ref.Pay{} && o.PayText == "Band 6" },
		"https://emplois.example/annonce/hourly": func(o offer.Terms) bool {
			return o.Pay.Period == ref.PerHour && o.Pay.Min == 1449 && o.HoursPerWeek == 3750
		},
		"https://emplois.example/annonce/xof": func(o offer.Terms) bool {
			return o.Pay.Min == 450000 && o.Pay.Currency == "XOF" && o.Pay.Period == ref.PerMonth
		},
		"https://emplois.example/annonce/cents-xof": func(o offer.Terms) bool { return o.Pay == ref.Pay{} },
		"https://emplois.example/annonce/isco":      func(o offer.Terms) bool { return o.Occupation == "0110" },
		"https://emplois.example/annonce/temporary": func(o offer.Terms) bool { return o.Kind == ref.FixedTerm && o.Places == 12 },
		"https://emplois.example/annonce/negative":  func(o offer.Terms) bool { return o.Pay == ref.Pay{} },
		"https://emplois.example/annonce/reversed":  func(o offer.Terms) bool { return o.Pay.Min == 3000000 && o.Pay.Max == 0 },
		"https://emplois.example/annonce/by-name":   func(o offer.Terms) bool { return o.Country == "ES" },
		"https://emplois.example/annonce/demands":   func(o offer.Terms) bool { return o.Education == 6 && o.ExperienceMonths == 24 },
		"https://emplois.example/annonce/script": func(o offer.Terms) bool {
			return !strings.Contains(o.Description, "alert") && o.Title == "Cook & baker"
		},
		"https://emplois.example/annonce/gibberish": func(o offer.Terms) bool { return o.Occupation == "" },
	} {
		row := byKey[key]
		if row.Terms == nil || codes(row) != "" || !check(*row.Terms) {
			t.Errorf("%s: %s %+v", key, codes(row), row.Terms)
		}
	}
}

func TestRealPostings(t *testing.T) {
	const path = "../../../shared/data/jobads_nhs_jobposting/nhs_jobposting.jsonl.gz"
	file, err := os.Open(path)
	if err != nil {
		t.Skip("NOT RUN: the real advertisements are not here; their twin is TestOwnPostings: ", err)
	}
	defer file.Close()
	n, coded, paid, keys := 0, 0, 0, map[string]bool{}
	for row, err := range NewReader(ref.NewCoder()).Rows(file, intake.Offers) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		keys[row.Key] = true
		if len(row.Faults) > 0 {
			t.Errorf("row %d: %s", n, codes(row))
			continue
		}
		for _, tag := range []string{"<p", "</", "<li", "<br", "<span", "&lt;", "&amp;lt;", "&nbsp;"} {
			if strings.Contains(row.Terms.Description, tag) {
				t.Errorf("row %d shows %s", n, tag)
			}
		}
		if row.Terms.Occupation != "" {
			coded++
		}
		if row.Terms.Pay.Known() {
			paid++
		}
		if row.Terms.Deadline == "" || row.Terms.Country != "GB" || row.Terms.HoursPerWeek != 0 || row.Terms.DurationMonths != 0 {
			t.Errorf("row %d: deadline %s country %s", n, row.Terms.Deadline, row.Terms.Country)
		}
	}
	t.Logf("%d rows, %d keys, %d coded, %d with pay", n, len(keys), coded, paid)
	if n != 7425 || len(keys) != n || paid < 6800 || coded < n/2 {
		t.Errorf("%d rows, %d keys, %d coded, %d with pay", n, len(keys), coded, paid)
	}
}

// covers UP-01
func TestFormats(t *testing.T) {
	posting := func(n int) string {
		return fmt.Sprintf(`{"@type":"JobPosting","title":"Soudeur","description":"Souder","url":"https://e.example/%d","jobLocation":{"address":{"addressCountry":"FR"}}}`, n)
	}
	for name, content := range map[string]string{
		"lines":           posting(1) + "\n" + posting(2) + "\n",
		"lines with gaps": "\n" + posting(1) + "\n\n" + posting(2),
		"list":            "[" + posting(1) + "," + posting(2) + "]",
		"graph":           "{\n\"@context\":\"https://schema.org\",\n\"@graph\":[" + posting(1) + "," + posting(2) + "]\n}",
		"byte order mark": "\xef\xbb\xbf" + posting(1) + "\n" + posting(2),
		"csv":             "key,title,description,country\nhttps://e.example/1,Soudeur,Souder,FR\nhttps://e.example/2,Soudeur,Souder,France\n",
		"csv semicolons":  "key;title;description;country\nhttps://e.example/1;Soudeur;Souder;FR\nhttps://e.example/2;Soudeur;\"Souder;\nassembler\";FR\n",
	} {
		rows := mustRead(t, content, intake.Offers)
		if len(rows) != 2 || codes(rows[0])+codes(rows[1]) != "" || rows[1].Key != "https://e.example/2" || rows[1].Terms.Country != "FR" || rows[1].Terms.Occupation != "7212" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

// covers LM-06, UP-03
func TestGzip(t *testing.T) {
	pack := func(content string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(content))
		_ = w.Close()
		return b.String()
	}
	good := pack(`{"@type":"JobPosting","title":"Soudeur","description":"d"}` + "\n")
	if rows := mustRead(t, good, intake.Offers); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
	if _, err := read(t, good[:len(good)-12], intake.Offers); err == nil {
		t.Error("a damaged file was read to its end")
	}
	if _, err := read(t, pack(strings.Repeat("0", 8<<20)), intake.Offers); err == nil || !strings.Contains(err.Error(), "too_large") {
		t.Errorf("a bomb: %v", err)
	}
}

// covers RL-08
func TestBadRowsDoNotStopTheOthers(t *testing.T) {
	good := `{"@type":"JobPosting","title":"Soudeur","description":"d"}`
	content := strings.Join([]string{good, `{"title": }`, good + good, "{\"title\":\"a\x00b\"}", "{\"title\":\"\xff\"}", `[1]`, strings.Repeat("x", MaxRow+5), good}, "\n")
	rows := mustRead(t, content, intake.Offers)
	var got []string
	for _, r := range rows {
		got = append(got, codes(r))
		if len(r.Raw) > maxRaw {
			t.Errorf("raw text of %d bytes", len(r.Raw))
		}
	}
	want := []string{"", " import.json", " import.json", " import.encoding", " import.encoding", " import.json", " import.row_too_long", ""}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if rows[7].Number != 8 {
		t.Errorf("row numbers: %d", rows[7].Number)
	}
}

func TestFlatOffers(t *testing.T) {
	heading := strings.Join(OfferColumns(), ",")
	row := `A-1,Maçon,"<p>Bâtir</p>",7112,seasonal,Chantiers,ES,,Huelva,3,2027-01-10,6,40,5.5,1500.50,,EUR,month,gross,13,oui,non,,yes,,"fr:A2;es:B1",3,24,maconnerie,"coffrage;carrelage",permis-b,21,non,employer,travailleur,,,150,2026-12-31,2026-11-01`
	rows := mustRead(t, heading+"\n"+row+"\n", intake.Offers)
	if codes(rows[0]) != "" {
		t.Fatal(codes(rows[0]))
	}
	o := rows[0].Terms
	if o.HoursPerWeek != 4000 || o.DaysPerWeek != 550 || o.Pay.Min != 150050 || o.Pay.PaymentsPerYear != 13 || o.Benefits.Housing != offer.Provided ||
		o.Benefits.Meals != offer.NotProvided || o.Benefits.Transport != "" || len(o.Languages) != 2 || o.Languages[1].Level != ref.B1 ||
		o.Costs.Flight != offer.ByWorker || o.Costs.WorkerFee != 15000 || o.MinAge != 21 || len(o.OptionalSkills) != 2 || o.Places != 3 {
		t.Errorf("%+v", o)
	}
	bad := `A-2,,,99,weekly,,XX,,,0.5,31/31/2026,x,999,9,15.005,,EUR,fortnight,,99,maybe,,,,,"fr",12,,Bad Skill,,,200,,nobody,,,,,,`
	want := "/occupation ref.occupation, /kind ref.kind, /country ref.country, /places number, /start ref.date, /durationMonths number, /hoursPerWeek number, /daysPerWeek number, /housing boolean, /education ref.education_level, /requiredSkills ref.skill, /minAge number, /visaPaidBy offer.payer, /languages ref.language_level, /payPeriod ref.period, /paymentsPerYear number, /payAmount ref.amount, /title required"
	if got := codes(mustRead(t, heading+"\n"+bad+"\n", intake.Offers)[0]); got != want {
		t.Errorf("%s", got)
	}
	if got := codes(mustRead(t, "key,title,colour\n1,Soudeur,bleu\n", intake.Offers)[0]); got != "/colour unknown" {
		t.Errorf("unknown column: %s", got)
	}
	if got := codes(mustRead(t, "key,title\n1,Soudeur,bleu\n", intake.Offers)[0]); got != " import.columns" {
		t.Errorf("a field too many: %s", got)
	}
}

func TestPeople(t *testing.T) {
	content, err := os.ReadFile("testdata/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := mustRead(t, string(content), intake.Profiles)
	if len(rows) < 20 {
		t.Fatalf("%d rows", len(rows))
	}
	good := 0
	for _, r := range rows {
		if codes(r) == "" {
			good++
		}
	}
	p := rows[0].Person
	if p.Identity.FamilyName != "Traoré" || p.Residence.Country != "CI" || len(p.Experience) != 2 || p.Experience[1].Until != "" || p.Wishes.MinPayCents != 68602 || !rows[0].Consent {
		t.Errorf("row 1: %+v", p)
	}
	want := map[int]string{
		3: "/experience profile.experience", 4: "/familyName required", 5: "/birthDate ref.date", 6: "/sex profile.sex", 7: "/languages ref.language_level",
		8: "/minPayCurrency profile.min_pay_currency", 9: "/region ref.region",
	}
	for n, code := range want {
		if got := codes(rows[n-1]); got != code {
			t.Errorf("row %d: %q, want %q", n, got, code)
		}
	}
	if good != len(rows)-len(want) {
		t.Errorf("%d of %d rows are good", good, len(rows))
	}
}

func TestHashIgnoresSpelling(t *testing.T) {
	a := mustRead(t, `{"@type":"JobPosting","title":"A","description":"d"}`, intake.Offers)[0]
	b := mustRead(t, `{ "description":"d", "title" : "\u0041", "@type":"JobPosting" }`, intake.Offers)[0]
	c := mustRead(t, `{"@type":"JobPosting","title":"B","description":"d"}`, intake.Offers)[0]
	if a.Hash != b.Hash || a.Hash == c.Hash {
		t.Errorf("%s %s %s", a.Hash, b.Hash, c.Hash)
	}
}

func FuzzRows(f *testing.F) {
	f.Add([]byte(`{"@type":"JobPosting","title":"A","description":"d"}`))
	f.Add([]byte("key,title\n1,\"a\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0, 0})
	coder := ref.NewCoder()
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, kind := range []intake.Kind{intake.Offers, intake.Profiles} {
			n := 0
			for row, err := range NewReader(coder).Rows(bytes.NewReader(content), kind) {
				if n++; err == nil && row.Number != n {
					t.Errorf("row %d is numbered %d", n, row.Number)
				}
				if n > 1000 {
					break
				}
			}
		}
	})
}
