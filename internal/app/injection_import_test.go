package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/collect"
)

// imports brings in files with texts that mean something to programs.
type imports struct {
	*injection
	*stage
}

// text gives the text that is typed into a column, under a tag of its own.
func (i *imports) text(column string) (tag, text string) {
	i.count++
	tag = fmt.Sprintf("zqi%04dz", i.count)
	text = typed(input{}, tag, i.count)[1] + " 1 < 2 %0d%0aBcc: " + tag
	i.marks[tag], i.fields[tag] = text, column
	return tag, text
}

// send brings in a file as somebody and waits for its end.
func (i *imports) bring(who, name string, content []byte, fields map[string]string) (id string, done object) {
	i.stage.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for key, value := range fields {
		if err := w.WriteField(key, value); err != nil {
			i.stage.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		i.stage.t.Fatal(err)
	}
	id = i.by(who).must(http.StatusAccepted, "POST", "/imports", form{w.FormDataContentType(), b.Bytes()}).member("id")
	return id, i.until("/imports/"+id, func(o object) bool { return o["state"] != "running" })
}

// formats write the same rows in every format of our own columns.
func formats(t *testing.T, columns []string, rows []map[string]string) map[string][]byte {
	t.Helper()
	var table, lines bytes.Buffer
	w := csv.NewWriter(&table)
	w.Comma = ';'
	err := w.Write(columns)
	for _, row := range rows {
		cells := make([]string, len(columns))
		for n, column := range columns {
			cells[n] = row[column]
		}
		if err == nil {
			err = w.Write(cells)
		}
		line, failed := json.Marshal(row)
		if failed != nil {
			t.Fatal(failed)
		}
		lines.Write(append(line, '\n'))
	}
	w.Flush()
	whole, failed := json.Marshal(rows)
	if err != nil || w.Error() != nil || failed != nil {
		t.Fatal(err, w.Error(), failed)
	}
	return map[string][]byte{"csv": table.Bytes(), "jsonl": lines.Bytes(), "json": whole}
}

// offerRow is an offer that can be published, with hostile texts wherever a
// text of one's own is taken.
func (i *imports) offerRow(format string) (row map[string]string, tags map[string]string) {
	row, tags = map[string]string{
		"country": fmt.Sprint(i.terms["country"]), "occupation": fmt.Sprint(i.terms["occupation"]), "kind": fmt.Sprint(i.terms["kind"]),
		"places": "2", "hoursPerWeek": "40", "daysPerWeek": "5", "durationMonths": "12", "payAmount": "2600.00", "payCurrency": "EUR",
		"payPeriod": "month", "payBasis": "gross", "visaPaidBy": "employer", "flightPaidBy": "employer", "medicalPaidBy": "employer",
	}, map[string]string{}
	for _, column := range []string{"key", "title", "description", "employer", "region", "city"} {
		tags[column], row[column] = i.text(format + " " + column)
	}
	return row, tags
}

// posting is the same offer as schema.org writes it; its description is a page
// of which the text is kept.
func posting(row map[string]string) object {
	return object{
		"@context": "https://schema.org", "@type": "JobPosting", "title": row["title"], "description": "<p>" + row["description"] + "</p>",
		"identifier": object{"@type": "PropertyValue", "value": row["key"]}, "hiringOrganization": object{"@type": "Organization", "name": row["employer"]},
		"jobLocation":          object{"@type": "Place", "address": object{"addressCountry": row["country"], "addressRegion": row["region"], "addressLocality": row["city"]}},
		"occupationalCategory": row["occupation"], "employmentType": "TEMPORARY", "workHours": "40",
		"baseSalary": object{"currency": "EUR", "value": object{"value": 2600, "unitText": "MONTH"}},
	}
}

// stored notes how an imported text was kept, without the markup that other
// people's files bring: what is shown has to be that.
func (i *imports) stored(format string, offer object, tags map[string]string) {
	for column, member := range map[string]string{"title": "title", "description": "description", "employer": "employerName", "region": "region", "city": "city"} {
		kept, _ := offer[member].(string)
		if !strings.Contains(kept, tags[column]) || strings.ContainsAny(kept, "\r\n") {
			i.stage.t.Errorf("%s: %s is kept as %q", format, column, kept)
		}
		i.marks[tags[column]] = kept
	}
}

// TestInjectedFiles brings in offers and profiles in every format, with texts
// that mean something to a browser, a template, a spreadsheet or a mail server
// in every column, carries the offers to the public, and reads everything as
// everybody.
//
// covers IN-05, IN-06, IN-07, IN-10
func TestInjectedFiles(t *testing.T) {
	h := openHouse(t)
	i := &imports{newInjection(t, h), newStage(t, h)}
	for _, format := range []string{"csv", "json", "jsonl", "posting"} {
		i.offers(format)
	}
	i.profiles()
	i.wrongColumns("agency", "offers", collect.OfferColumns())
	i.wrongColumns("official3", "profiles", collect.ProfileColumns())
	for _, who := range []string{"", "service", "official", "observer"} {
		i.injection.typist(who, "").crawl(2, 70)
	}
	i.seenEverywhere()
}

// offers imports one offer and takes it to the public.
func (i *imports) offers(format string) {
	t := i.stage.t
	t.Helper()
	row, tags := i.offerRow(format)
	var content []byte
	if format == "posting" {
		var err error
		if content, err = json.Marshal([]object{posting(row)}); err != nil {
			t.Fatal(err)
		}
	} else {
		content = formats(i.injection.t, collect.OfferColumns(), []map[string]string{row})[format]
	}
	name, _ := i.text(format + " name of the file")
	id, done := i.bring("service", name+"<b>.json", content, map[string]string{"kind": "offers"})
	delete(i.marks, name)
	i.marks[name] = name
	if done["created"] != 1.0 {
		t.Fatalf("%s: %v %s", format, done, i.by("official").send("GET", "/imports/"+id+"/errors", nil).body)
	}
	for _, step := range [][2]string{{"official2", "approvals"}, {"official3", "publications"}} {
		i.by(step[0]).must(http.StatusAccepted, "POST", "/imports/"+id+"/"+step[1], nil)
		done = i.until("/imports/"+id, func(o object) bool {
			batch, _ := o["batch"].(object)
			return batch["endedAt"] != nil
		})
	}
	found := read[struct{ Items []object }](i.by(""), "/offers?limit=5&sort=-datePosted&q="+tags["title"])
	if len(found.Items) != 1 {
		t.Fatalf("%s: %d offers are public: %v", format, len(found.Items), done)
	}
	i.stored(format, read[object](i.by("service"), "/offers/"+fmt.Sprint(found.Items[0]["id"])), tags)
}

// profiles imports a person in every format.
func (i *imports) profiles() {
	for _, format := range []string{"csv", "json", "jsonl"} {
		row := map[string]string{"country": "ML", "consentMatching": "yes", "consentVersion": "1"}
		for _, column := range []string{"key", "givenNames", "familyName", "city", "summary"} {
			_, row[column] = i.text(format + " " + column)
		}
		id, done := i.bring("official3", "profils", formats(i.injection.t, collect.ProfileColumns(), []map[string]string{row})[format], map[string]string{"kind": "profiles"})
		if done["created"] != 1.0 {
			i.stage.t.Errorf("%s: %v %s", format, done, i.by("official").send("GET", "/imports/"+id+"/errors", nil).body)
		}
	}
}

// wrongColumns types such a text into each column in turn, most of which take
// none, and one into a column that there is not.
func (i *imports) wrongColumns(who, kind string, columns []string) {
	var rows []map[string]string
	for _, column := range append(slices.Clone(columns), "=cmd|<b>column") {
		row := map[string]string{"key": fmt.Sprintf("essai-%d", i.next())}
		_, row[column] = i.text(kind + " " + column)
		rows = append(rows, row)
	}
	for _, format := range []string{"csv", "json", "jsonl"} {
		id, _ := i.bring(who, "essai", formats(i.injection.t, columns, rows)[format], map[string]string{"kind": kind})
		reader := i.injection.typist(who, "")
		for _, path := range []string{"/agence/imports/" + id, "/travail/imports/" + id} {
			reader.send("GET", path, "", nil)
		}
		// The programs' answer quotes whole rows as they stood in the file.
		r := i.by(who).send("GET", "/imports/"+id+"/errors", nil)
		if r.status != http.StatusOK || !json.Valid(r.body) || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") || r.header.Get("X-Content-Type-Options") != "nosniff" {
			i.stage.t.Errorf("%d %s: %.300s", r.status, r.header.Get("Content-Type"), r.body)
		}
	}
}

// seenEverywhere says whether the texts of the offers were seen, in all media.
func (i *imports) seenEverywhere() {
	media := map[string]int{}
	for tag, seen := range i.shown {
		for medium := range seen {
			media[medium]++
		}
		delete(i.marks, tag)
	}
	for _, medium := range []string{"text/html", "text/csv", sheetMedia, "application/ld+json"} {
		if media[medium] == 0 {
			i.stage.t.Errorf("no imported text is seen in any %s (%v)", medium, media)
		}
	}
	var unseen []string
	for _, tag := range slices.Sorted(maps.Keys(i.marks)) {
		if field := i.fields[tag]; strings.HasSuffix(field, " title") && !strings.HasPrefix(field, "offers") {
			unseen = append(unseen, field)
		}
	}
	if len(unseen) > 0 {
		i.stage.t.Errorf("never seen again: %v", unseen)
	}
	i.stage.t.Logf("%d pages, texts seen by medium: %v", i.pages, media)
}
