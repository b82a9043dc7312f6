package site

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/sheet"
)

// TestPagedRows: every page is read once, in order, and an error of any page
// reaches the file.
func TestPagedRows(t *testing.T) {
	pages := map[string]listing.Result[string]{"": {Items: []string{"a", "b"}, Next: "2"}, "2": {Items: []string{"c"}, Next: "3"}, "3": {}}
	read := func(after string) (listing.Result[string], error) { return pages[after], nil }
	var got []string
	for row, err := range paged(read, func(s string) []sheet.Cell { return textCells(s) }) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row[0].String())
	}
	if !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Error(got)
	}
}

// TestLinksSayWhatTheyLeadTo: format and length stand in the words of a link.
func TestLinksSayWhatTheyLeadTo(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", "/", ref.French)
	links := v.rowFiles("Télécharger", "/a?b=c", 1200)
	if len(links) != 2 || links[0] != (tab{Href: "/a?b=c", Label: "Télécharger (CSV, 1\u202f200 lignes)"}) || links[1] != (tab{Href: "/a?b=c&format=xlsx", Label: "Télécharger (XLSX, 1\u202f200 lignes)"}) {
		t.Errorf("%+v", links)
	}
	table := v.table("t")
	table.Columns, table.Rows = []string{"a"}, sheet.Slice(nil)
	if links = v.sizedFiles("Télécharger", "/a", table); links[0].Label != "Télécharger (CSV, 1\u00a0Ko)" && links[0].Label != "Télécharger (CSV, 1 Ko)" || !strings.Contains(links[1].Label, "Ko)") {
		t.Errorf("%+v", links)
	}
}
