package site_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestDashboardJourney narrows the dashboard figure by figure, as an official
// down to the files and as an observer without ever reaching one.
func TestDashboardJourney(t *testing.T) {
	s := openApp(t, true)
	t.Run("official", func(t *testing.T) { dashboardNarrowed(t, s.in(t)) })
	t.Run("observer", func(t *testing.T) { figuresNarrowed(t, s.in(t), "observer") })
	t.Run("administrator", func(t *testing.T) { figuresNarrowed(t, s.in(t), "admin") })
	t.Run("others", func(t *testing.T) {
		for _, who := range []string{"candidate", "agency"} {
			if b := s.in(t).signedIn(who).open("/tableau-de-bord"); b.status != 403 {
				t.Errorf("%s sees the dashboard: %d", who, b.status)
			}
		}
	})
}

// count reads the number at the head of a text.
func count(text string) int {
	n, _ := strconv.Atoi(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.SplitN(strings.TrimSpace(text), " ", 2)[0]))
	return n
}

func dashboardNarrowed(t *testing.T, s *strict) {
	b := s.signedIn("official")
	b.open("/tableau-de-bord").sees(200, "#par-country", "Par pays").sees(200, "#par-month", "Par mois d’ouverture")
	all := count(b.text(".total"))
	narrower := 0
	for _, part := range []string{"country", "state", "month"} {
		row := b.Find("#par-" + part + " tbody tr").First()
		want := count(row.Find(".num").Text())
		b.open(b.link("#par-"+part+" th a")).sees(200, ".chips", "×")
		if got := count(b.text(".total")); got != want || got > all {
			t.Errorf("%s: %d files of %d, the link promised %d", part, got, all, want)
		}
		if b.Find("#par-"+part).Length() != 0 {
			t.Errorf("%s narrows twice", part)
		}
		narrower++
		if chips := b.Find(".chips li").Length(); chips != narrower+1 {
			t.Errorf("%d chips after %d filters", chips, narrower)
		}
	}
	here, want := b.at.RequestURI(), count(b.text(".total"))
	b.open(b.link(".total a")).sees(200, "h1", "Placements")
	if got := b.Find("table.list tbody tr").Length(); got != min(want, 20) || got == 0 {
		t.Errorf("%d files behind %d", got, want)
	}
	b.open(here)
	for _, path := range hrefs(b, "a[download]") {
		if !strings.Contains(path, "format=xlsx") {
			said := tables(t, b, path)
			if said[2][0] != "Pays" || said[2][1] == "Tout" || said[6][0] != "Mois d’ouverture" || said[6][1] == "Tout" {
				t.Errorf("%s does not say what it is narrowed to: %v", path, said[:7])
			}
		}
	}
	b.open(here).submit("form.filter", url.Values{"pays": {""}}).sees(200, ".chips", "État du dossier")
	if b.Find(".chips li").Length() != 3 {
		t.Error("the form drops the filters it has no field for")
	}
	b.open(b.link(".chips li a")).open(b.link(".chips a.all"))
	if got := count(b.text(".total")); got != all {
		t.Errorf("%d files without filters, %d before", got, all)
	}
	b.open("/tableau-de-bord?metier=71").sees(200, ".chips", "Famille de métiers")
	b.open("/tableau-de-bord?mois=mai").sees(200, ".error", "03/2026")
}

func figuresNarrowed(t *testing.T, s *strict, who string) {
	b := s.signedIn(who)
	b.open("/tableau-de-bord").sees(200, ".note", "moins de 5 dossiers").sees(200, "#par-country", "Regroupés")
	if b.Find("#retards").Length() != 0 || b.Find(`main a[href^="/travail"]`).Length() != 0 {
		t.Errorf("%s is led to files", who)
	}
	b.Find(".figures td.num").Each(func(_ int, cell *goquery.Selection) {
		if n := count(cell.Text()); n < 5 {
			t.Errorf("%s is told of %d files", who, n)
		}
	})
	want := count(b.Find("#par-country tbody .num").First().Text())
	b.open(b.link("#par-country th a")).sees(200, ".chips", "Pays")
	if got := count(b.text(".total")); got != want {
		t.Errorf("%d files, the link promised %d", got, want)
	}
	if rows := tables(t, b, b.link("a[download]")); len(rows) < 9 {
		t.Errorf("%v", rows)
	}
	b.open("/tableau-de-bord?pays=IS").sees(200, ".empty", "moins de 5 dossiers")
	b.open("/tableau-de-bord?du=01%2F02%2F2026").sees(422, "main", "")
	if b.open("/travail/departs"); b.status != 403 {
		t.Errorf("%s lists the files: %d", who, b.status)
	}
}
