package app

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// begin makes an agency of the script's own, a person, an employer, an offer on
// other terms than usual, and takes it to an opened placement.
func (j *voyage) begin(residence string, with object) {
	j.t.Helper()
	j.appoints("mission")
	j.founds()
	j.registers("candidate", "candidate")
	j.by("candidate").must(http.StatusCreated, "POST", "/profiles", object{
		"identity":  object{"givenNames": "Awa", "familyName": "Tangara", "sex": "female", "birthDate": "1994-03-07", "nationalities": []string{"ML"}},
		"residence": object{"country": residence}, "occupations": []string{"7112"}, "skills": []string{"maconnerie"},
		"consents": []object{{"purpose": "matching", "given": true}, {"purpose": "contact", "given": true}},
	})
	j.terms = maps.Clone(basicTerms())
	j.terms["title"] = fmt.Sprintf("Maçon coffreur, chantier %d", j.next())
	j.terms["start"], j.terms["deadline"] = j.day(60), j.day(30)
	maps.Copy(j.terms, with)
	country, _ := j.terms["country"].(string)
	j.employer = j.accredits(country)
	j.terms["employer"] = j.employer
	j.publishes()
	j.selects()
}

// basicTerms are the terms of an honest offer.
func basicTerms() object {
	return object{
		"description": "Construction de logements en équipe, encadrée par un chef de chantier.", "occupation": "7112", "kind": "fixed_term",
		"country": "ES", "city": "Almería", "places": 1, "durationMonths": 9, "hoursPerWeek": "40", "daysPerWeek": "5",
		"pay":      object{"amount": "1900.00", "currency": "EUR", "period": "month", "basis": "gross", "paymentsPerYear": 12},
		"benefits": object{"housing": "yes", "flight": "yes"}, "languages": []object{}, "education": 2,
		"costs": object{"visa": "employer", "flight": "employer", "medical": "employer", "training": "employer"},
	}
}

// founds registers an agency, which two officials let in.
func (j *voyage) founds() {
	j.t.Helper()
	j.registers("agency", "agency")
	facts := object{"name": fmt.Sprintf("Bureau du fleuve %d", j.next()), "country": "ML", "kind": "private", "licence": fmt.Sprintf("F-%d", j.next()), "licenceUntil": "2099-12-31"}
	j.agencyOf = j.by("agency").must(http.StatusCreated, "POST", "/agencies", facts).member("id")
	j.by("official A").must(http.StatusOK, "POST", "/agencies/"+j.agencyOf+"/vettings", object{})
	j.by("official A").must(http.StatusForbidden, "POST", "/agencies/"+j.agencyOf+"/activations", object{})
	j.by("official B").must(http.StatusOK, "POST", "/agencies/"+j.agencyOf+"/activations", object{})
	j.by("observer").must(http.StatusOK, "GET", "/agencies/"+j.agencyOf, nil)
}

// accredits has the agency declare an employer and an official accredit it.
func (j *voyage) accredits(country string) string {
	j.t.Helper()
	facts := object{"name": fmt.Sprintf("Obras del Valle %d", j.next()), "country": country}
	id := j.by("agency").must(http.StatusCreated, "POST", "/employers", facts).member("id")
	j.by("official B").must(http.StatusOK, "POST", "/employers/"+id+"/accreditations", object{})
	return id
}

// publishes takes the offer through both officials' hands.
func (j *voyage) publishes() {
	j.t.Helper()
	agency, a, b := j.by("agency"), j.by("official A"), j.by("official B")
	j.offer = agency.must(http.StatusCreated, "POST", "/offers", j.terms).member("id")
	j.note("agency", "draft the offer", "draft")
	path := "/offers/" + j.offer
	agency.must(http.StatusOK, "POST", path+"/submissions", nil)
	j.note("agency", "submit the offer", "submitted")
	a.must(http.StatusOK, "POST", path+"/approvals", nil)
	j.note("official A", "approve the offer", "approved")
	a.must(http.StatusForbidden, "POST", path+"/publications", nil)
	j.by("").must(http.StatusNotFound, "GET", path, nil)
	b.must(http.StatusOK, "POST", path+"/publications", nil)
	j.note("official B", "publish the offer", "published")
	title, _ := j.terms["title"].(string)
	if !read[lines](j.by(""), "/offers?limit=100&q="+url.QueryEscape(`"`+title+`"`)).has(j.offer) {
		j.t.Error("anybody looks for the published offer and does not find it")
	}
	j.by("observer").must(http.StatusOK, "GET", path+"/lint", nil)
}

// note keeps a line about a record that is not a placement yet.
func (j *voyage) note(who, step, state string) {
	j.rows = append(j.rows, row{day: j.today.Format("2006-01-02 15:04"), step: step, who: who, state: state})
}

// selects takes the application to the opened file.
func (j *voyage) selects() {
	j.t.Helper()
	j.application = j.by("candidate").must(http.StatusCreated, "POST", "/offers/"+j.offer+"/applications", nil).member("id")
	j.note("candidate", "apply", "submitted")
	for _, step := range [][2]string{{"shortlistings", "shortlisted"}, {"interviews", "interviewed"}, {"selections", "selected"}} {
		r := j.by("agency").must(http.StatusOK, "POST", "/applications/"+j.application+"/"+step[0], nil)
		if r.member("state") != step[1] {
			j.t.Fatalf("%s: %s", step[0], r.body)
		}
		j.note("agency", "application: "+step[0], step[1])
	}
	mine := read[struct {
		Items []struct{ ID, Application string }
	}](j.by("candidate"), "/placements")
	if len(mine.Items) != 1 || mine.Items[0].Application != j.application {
		j.t.Fatalf("after the selection: %+v", mine)
	}
	j.id = mine.Items[0].ID
	j.check("system", "open the file", "opened")
}

// contract gives the offer's terms as a contract, with some members replaced;
// nil takes one out.
func (j *voyage) contract(with object) object {
	body := object{"language": "es"}
	for _, name := range []string{"title", "occupation", "kind", "employer", "country", "city", "start", "durationMonths", "hoursPerWeek", "daysPerWeek", "pay", "benefits", "costs"} {
		if value, ok := j.terms[name]; ok {
			body[name] = value
		}
	}
	for name, value := range with {
		if value == nil {
			delete(body, name)
		} else {
			body[name] = value
		}
	}
	return body
}

// proposes states a contract and gives its comparison, which is the same for
// all three sides.
func (j *voyage) proposes(number int, with object) (blocking []string) {
	j.t.Helper()
	j.does("agency", fmt.Sprintf("propose contract %d", number), "contracts", j.contract(with), "contract_proposed")
	var first []byte
	for _, side := range []string{"candidate", "agency", "official A"} {
		r := j.by(side).must(http.StatusOK, "GET", fmt.Sprintf("/placements/%s/contracts/%d/diff", j.id, number), nil)
		if first == nil {
			first = r.body
		}
		if !bytes.Equal(first, r.body) {
			j.t.Errorf("the comparison differs for the %s", side)
		}
		if d := decode[struct{ Lines []diffLine }](j.t, r); side == "candidate" {
			for _, l := range d.Lines {
				if l.Blocking {
					blocking = append(blocking, l.Field)
				}
			}
		}
	}
	return blocking
}

// signs reads a contract, waits as long as one must, and accepts.
func (j *voyage) signs(number int, state string) {
	j.t.Helper()
	j.reads(number)
	j.later(72*time.Hour + time.Minute)
	j.accepts(state)
}

// completes brings every paper the checklist asks for; with the last one the
// file goes to review by itself, if the contract is accepted.
func (j *voyage) completes(state string) {
	j.t.Helper()
	lacking := j.seen("candidate").Lacking
	for n, key := range lacking {
		who, until := "candidate", j.day(400)
		if key == "contract_signed" {
			who, until = "agency", ""
		}
		body := object{"key": key}
		if key != "training" {
			body["document"] = j.uploads(who, key)
		}
		if key != "training" && until != "" {
			body["expires"] = until
		}
		then := j.file.State
		if n == len(lacking)-1 {
			then = state
		}
		j.does(who, "checklist: "+key, "checklist-items", body, then)
	}
}

// uploads adds a document: a photograph of a passport, a PDF of anything else.
func (j *voyage) uploads(who, item string) string {
	j.t.Helper()
	name, content := item+".pdf", pdfPage(item)
	if item == "passport" {
		name, content = "passeport.jpg", photograph(j.t.Fatal)
	}
	r := j.by(who).must(http.StatusCreated, "POST", "/placements/"+j.id+"/documents", multipartFile(j.t.Fatal, item, name, content))
	j.file = j.seen("candidate")
	return r.member("id")
}

// downloads has somebody read a document for a reason.
func (j *voyage) downloads(who, id, reason string) []byte {
	j.t.Helper()
	return j.by(who).must(http.StatusOK, "POST", "/placements/"+j.id+"/documents/"+id+"/readings", object{"reason": reason}).body
}

// clears has two officials sign; the first cannot be the second.
func (j *voyage) clears(first, second string) {
	j.t.Helper()
	j.cannot(second, "clear without a first signature", "clearances", object{}, http.StatusConflict, "placement.unreviewed")
	j.does(first, "review: first signature", "reviews", nil, "under_review")
	j.cannot(first, "clear what one has reviewed", "clearances", object{}, http.StatusForbidden, "four_eyes.same")
	j.does(second, "clear: second signature", "clearances", object{}, "cleared")
	f := j.seen("official A")
	last := f.Clearances[len(f.Clearances)-1]
	if last.FirstBy == "" || last.FirstBy == last.SecondBy || last.Number == "" || last.From != j.day(0) || last.Until <= last.From {
		j.t.Errorf("clearance: %+v", last)
	}
	if mine := j.seen("agency"); mine.Clearances[0].FirstBy != "" || mine.Decision.ReviewedBy != "" {
		j.t.Error("the agency sees which official signed")
	}
}

// travels leaves, arrives and takes up work on the terms of the contract.
func (j *voyage) travels(to string) {
	j.t.Helper()
	j.days(7)
	j.does("agency", "note the departure", "departures", object{"on": j.day(0), "carrier": "Vol de Bamako"}, "departed")
	j.days(1)
	j.does("mission", "note the arrival", "arrivals", object{"on": j.day(0), "place": to}, "arrived")
	j.does("candidate", "state the contract found on arrival", "statements", j.contract(object{"stage": "arrival"}), "in_post")
}

// posted gives the texts of the messages that landed so far.
func (j *voyage) posted() (texts []string) {
	paths, err := filepath.Glob(filepath.Join(j.options.DataDir, messagesFolder, "*.txt"))
	if err != nil {
		j.t.Fatal(err)
	}
	slices.Sort(paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			j.t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// pdfPage makes a PDF of one page with a word on it, its cross-reference table
// included.
func pdfPage(word string) []byte {
	stream := "BT /F1 24 Tf 72 720 Td (" + word + ") Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for n, text := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n+1, text)
	}
	fmt.Fprintf(&b, "%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, b.Len())
	return b.Bytes()
}

// photograph makes a JPEG as a telephone would, with a remark in its head.
func photograph(fatal func(...any)) []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			picture.Set(x, y, color.RGBA{uint8(x), uint8(2 * y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		fatal(err)
	}
	const remark = "taken at 12.6392 N 8.0029 W"
	head := []byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(remark) + 2)}
	return slices.Concat(head, []byte(remark), b.Bytes()[2:])
}

func multipartFile(fatal func(...any), item, name string, content []byte) form {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := w.WriteField("item", item)
	part, failed := w.CreateFormFile("file", name)
	if failed == nil {
		_, failed = part.Write(content)
	}
	if err := errors.Join(err, failed, w.Close()); err != nil {
		fatal(err)
	}
	return form{w.FormDataContentType(), b.Bytes()}
}
