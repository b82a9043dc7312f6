package corridor

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

func TestDefaultsAreSound(t *testing.T) {
	want := "AE BE CA CI CM DE DZ ES FR GA GB IT MA MR NG PT QA SA SN TN US"
	var got []string
	for _, c := range Defaults() {
		got = append(got, string(c.Destination))
		if err := c.Facts().Check(); err != nil {
			t.Errorf("%s: %v", c.Code, err)
		}
		checkDefault(t, &c)
	}
	if strings.Join(got, " ") != want {
		t.Errorf("destinations %v, want %s", got, want)
	}
}

func checkDefault(t *testing.T, c *Corridor) {
	t.Helper()
	if c.WorkerFees || len(c.Suspensions) != 0 || !c.Open(ref.Permanent, "7126") {
		t.Errorf("%s does not start open and with zero fee", c.Code)
	}
	general, ok := c.Floor("7126", "2026-06-01")
	if !ok || general <= 0 {
		t.Errorf("%s: no floor", c.Code)
	}
	for _, f := range c.Floors {
		if f.Confirmed {
			t.Errorf("%s: floor %q passes for confirmed", c.Code, f.Prefix)
		}
	}
	for _, code := range []ref.Occupation{"2211", "2221", "2261", "2262", "3211"} {
		if !c.IsRegulated(code) {
			t.Errorf("%s: %s needs no recognition", c.Code, code)
		}
	}
	if c.IsRegulated("7126") || c.IsRegulated("") {
		t.Errorf("%s: everything is regulated", c.Code)
	}
	for _, d := range append(c.Documents, c.Notice) {
		if d.FR == "" || d.EN == "" || strings.Contains(d.FR+d.EN, "%!") {
			t.Errorf("%s: a wording is incomplete: %+v", c.Code, d)
		}
	}
	if len(c.Bases) == 0 || len(c.Documents) < 5 {
		t.Errorf("%s: %d bases, %d documents", c.Code, len(c.Bases), len(c.Documents))
	}
}

func TestSeedRunsTwice(t *testing.T) {
	s, store, _ := newTestService()
	added, err := s.Seed(context.Background())
	if err != nil || added != 21 || len(store.docs) != 21 {
		t.Fatalf("first run: %d, %v", added, err)
	}
	must[*Corridor](t)(s.Put(context.Background(), official("acc_a"), "ML-ES", 1, sound()))
	if added, err = s.Seed(context.Background()); err != nil || added != 0 {
		t.Errorf("second run: %d, %v", added, err)
	}
	c := must[*Corridor](t)(s.Get(context.Background(), account.Actor{}, "ML-ES"))
	if c.MaxHours != sound().MaxHours || c.Rev != 2 {
		t.Error("the second run undid an official's change")
	}
	if c.Pending[0].Actor != "system" || c.Pending[0].Action != "corridor.create" {
		t.Errorf("audit entry %+v", c.Pending[0])
	}
}

// cited is one dated fact a corridor must cite.
type cited struct{ country, date, word string }

func checkAgreements(t *testing.T, facts []cited) {
	t.Helper()
	byCode := map[Code]Corridor{}
	for _, c := range Defaults() {
		byCode[c.Code] = c
	}
	for _, f := range facts {
		found := false
		for _, b := range byCode[Code("ML-"+f.country)].Bases {
			found = found || string(b.Date) == f.date && b.Confirmed && b.Source != "" &&
				strings.Contains(strings.ToLower(b.Title.FR), f.word)
		}
		if !found {
			t.Errorf("ML-%s cites no confirmed text of %s with %q", f.country, f.date, f.word)
		}
	}
}

func TestDefaultsCiteTheKnownAgreements(t *testing.T) {
	checkAgreements(t, []cited{
		{"FR", "1983-06-01", "sécurité sociale"}, {"FR", "1994-09-26", "circulation"}, {"FR", "1994-09-26", "établissement"},
		{"FR", "1998-05-29", "migrations"}, {"ES", "2007-01-23", "immigration"}, {"ES", "", "800 visas"}, {"CM", "1964-05-06", "établissement"},
		{"CM", "2015-09-08", "circulation"}, {"MA", "2019-02-25", "mémorandum"}, {"CI", "1994-01-10", "uemoa"}, {"SN", "1994-01-10", "uemoa"},
		{"SN", "2003-07-01", "migrants"}, {"MA", "2003-07-01", "migrants"}, {"DZ", "2003-07-01", "migrants"}, {"MR", "2003-07-01", "migrants"},
		{"NG", "2003-07-01", "migrants"}, {"FR", "2014-02-26", "saisonniers"}, {"ES", "2014-02-26", "saisonniers"}, {"IT", "2014-02-26", "saisonniers"},
		{"DE", "2014-02-26", "saisonniers"}, {"PT", "2014-02-26", "saisonniers"}, {"BE", "2021-10-20", "carte bleue"}, {"QA", "2021-03-20", "salaire minimum"},
	})
}

func TestDefaultsCiteTheFactsFile(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "migration", "mali_corridor_facts.csv")
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("the facts file is not there: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() })
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var facts []cited
	for _, r := range rows[1:] {
		if r[0] == "bilateral_agreement" {
			facts = append(facts, cited{country: r[2], date: r[4]})
		}
	}
	if len(facts) < 5 {
		t.Fatalf("only %d agreements in the file", len(facts))
	}
	checkAgreements(t, facts)
}
