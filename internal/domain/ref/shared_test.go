package ref_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// shared opens a file of the real data beside the repository; the test is
// skipped, saying why, when it is absent.
func shared(t *testing.T, name string) *os.File {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", filepath.FromSlash(name))
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("real data not present: %s", name)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// table reads a CSV into rows by column name.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(shared(t, name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(rows))
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, head := range rows[0] {
			m[strings.TrimPrefix(head, "\ufeff")] = strings.TrimSpace(row[i])
		}
		out = append(out, m)
	}
	return out
}

// letters folds a text and leaves only letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(s))
}

func TestISCOAgainstPublishedTitles(t *testing.T) {
	rows := table(t, "isco08/isco08_titles_en_fr_es.csv")
	if len(rows) != len(ref.Occupations(0)) {
		t.Errorf("%d published codes, %d here", len(rows), len(ref.Occupations(0)))
	}
	for _, r := range rows {
		o, err := ref.ParseOccupation(r["code"])
		if err != nil {
			t.Errorf("%s is missing", r["code"])
			continue
		}
		if got, want := letters(o.Title(ref.English)), letters(r["title_en"]); got != want {
			t.Errorf("%s: %q, published %q", o, got, want)
		}
		// One published French title lacks its first word; ours may be longer.
		if got, want := letters(o.Title(ref.French)), letters(r["title_fr"]); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q, published %q", o, got, want)
		}
	}
}

func TestCountriesAgainstPublishedTable(t *testing.T) {
	rows := table(t, "countries_languages_currencies/country-codes.csv")
	if len(rows) != len(ref.Countries(ref.French)) {
		t.Errorf("%d published, %d here", len(rows), len(ref.Countries(ref.French)))
	}
	for _, r := range rows {
		c, err := ref.ParseCountry(r["ISO3166-1-Alpha-2"])
		if err != nil || c.Retired() {
			t.Errorf("%s is missing", r["ISO3166-1-Alpha-2"])
			continue
		}
		if c.Alpha3() != r["ISO3166-1-Alpha-3"] {
			t.Errorf("%s: alpha-3 %s, published %s", c, c.Alpha3(), r["ISO3166-1-Alpha-3"])
		}
		dial := strings.ReplaceAll(r["Dial"], "-", "")
		if c != "UM" && c != "VA" && c != "PR" && !strings.HasPrefix(dial, c.DialCode()) {
			t.Errorf("%s: dial %s, published %s", c, c.DialCode(), dial)
		}
		if money := r["ISO4217-currency_alphabetic_code"]; money != "" && !strings.Contains(money, string(c.Currency())) {
			t.Errorf("%s: currency %s, published %s", c, c.Currency(), money)
		}
	}
}

func TestCurrenciesAgainstPublishedTable(t *testing.T) {
	seen := 0
	for _, r := range table(t, "countries_languages_currencies/currency-codes.csv") {
		unit := r["MinorUnit"]
		if r["WithdrawalDate"] != "" || len(unit) != 1 || unit == "-" {
			continue
		}
		seen++
		c, err := ref.ParseCurrency(r["AlphabeticCode"])
		if err != nil || c.Withdrawn() || c.Decimals() != int(unit[0]-'0') {
			t.Errorf("%s: err %v, withdrawn %v, decimals %d, published %s", r["AlphabeticCode"], err, c.Withdrawn(), c.Decimals(), unit)
		}
	}
	if seen < 200 {
		t.Fatalf("only %d published rows", seen)
	}
}

func TestLanguagesAgainstPublishedTable(t *testing.T) {
	for _, r := range table(t, "countries_languages_currencies/language-codes-full.csv") {
		if r["alpha2"] == "" {
			continue
		}
		l, err := ref.ParseLanguage(r["alpha2"])
		if err != nil || l.Alpha3() != r["alpha3-t"] && l.Alpha3() != r["alpha3-b"] {
			t.Errorf("%s: err %v, alpha-3 %s", r["alpha2"], err, l.Alpha3())
		}
	}
}

func TestCodingRealAdvertisements(t *testing.T) {
	zipped, err := gzip.NewReader(shared(t, "jobads_nhs_jobposting/nhs_jobposting.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	coder := ref.NewCoder()
	lines := bufio.NewScanner(zipped)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	all, sure := 0, 0
	for lines.Scan() {
		var ad struct {
			Title string `json:"title"`
		}
		if err := json.Unmarshal(lines.Bytes(), &ad); err != nil {
			t.Fatal(err)
		}
		all++
		if coded := coder.CodeTitle(ad.Title, ref.English); len(coded) > 0 && coded[0].Confidence >= ref.ConfidenceLimit {
			sure++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d titles reach the limit", sure, all)
	if all < 1000 || sure*100 < all*75 {
		t.Errorf("only %d of %d titles reach the limit", sure, all)
	}
}
