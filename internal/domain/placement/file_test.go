package placement_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// photograph gives a JPEG with an EXIF segment that names a place.
func photograph(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 20, 10))
	m.Set(3, 3, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00GPS 12.6392,-8.0029"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte("\xff\xd8"), segment...), b.Bytes()[2:]...)
}

func drawing(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// covers UP-01, UP-03
func TestUploadsAreJudgedByTheirContent(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	huge := drawing(t, 1, 1)
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 × 65,536, the rest unchanged
	pdf := []byte("%PDF-1.7\nx\n%%EOF")
	for name, c := range map[string]struct {
		file    string
		content []byte
		code    string
	}{
		"nothing":            {"a.pdf", nil, "placement.document.empty"},
		"a program":          {"a.pdf", []byte("MZ\x90\x00"), "placement.document.type"},
		"a page":             {"a.png", []byte("<html>"), "placement.document.type"},
		"a wrong extension":  {"a.png", pdf, "placement.document.extension"},
		"a double extension": {"a.pdf.exe", pdf, "placement.document.extension"},
		"half a PDF":         {"a.pdf", []byte("%PDF-1.7\nx"), "placement.document.damaged"},
		"a PDF that runs":    {"a.pdf", []byte("%PDF-1.7\n/JavaScript\n%%EOF"), "placement.document.active"},
		"half a picture":     {"a.jpg", photograph(t)[:80], "placement.document.damaged"},
		"too many pixels":    {"a.png", huge, "placement.document.damaged"},
		"too large":          {"a.pdf", make([]byte, placement.MaxDocument+1), "placement.document.large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.AddDocument(t.Context(), person, id, placement.Upload{Item: "evidence", Name: c.file, Content: c.content})
			d.wantField(err, "file", c.code)
		})
	}
	_, err := d.AddDocument(t.Context(), person, id, placement.Upload{Item: "selfie", Name: "a.pdf", Content: pdf})
	d.wantField(err, "item", "reason.unknown")
	_, err = d.AddDocument(t.Context(), stranger, id, placement.Upload{Item: "evidence", Name: "a.pdf", Content: pdf})
	d.want(err, fault.NotFound, "placement.not_found")
	if len(d.blobs) != 0 {
		t.Errorf("%d contents of refused files were kept", len(d.blobs))
	}
}

// covers UP-01
func TestAPictureIsMeasuredBeforeItIsUnpacked(t *testing.T) {
	d := newDesk(t)
	_, err := d.AddDocument(t.Context(), person, d.open(), placement.Upload{Item: "evidence", Name: "a.png", Content: drawing(t, 4097, 4096)})
	d.wantField(err, "file", "placement.document.pixels")
}

// covers UP-02, UP-03, AD-01
func TestDocumentsAreStrippedAndReadForAReason(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	doc, err := d.AddDocument(t.Context(), person, id, placement.Upload{Item: "passport", Name: `C:\photos\..\mon "passeport".JPG`, Content: photograph(t)})
	d.ok(err)
	if doc.Name != `mon _passeport_.jpg` || doc.Media != "image/jpeg" || strings.Contains(doc.Blob, "pass") {
		t.Errorf("document: %+v", doc)
	}
	for _, content := range d.blobs {
		if bytes.Contains(content, []byte("GPS")) || bytes.Contains(content, []byte("Exif")) {
			t.Error("what the camera noted is still there")
		}
	}
	for reason, who := range map[string]account.Actor{"": officialA, "curiosity": officialA, "own": bureau} {
		_, _, err := d.ReadDocument(t.Context(), who, id, doc.ID, reason)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s read for %q: %v", who.Role, reason, err)
		}
	}
	_, _, err = d.ReadDocument(t.Context(), rival, id, doc.ID, "file_review")
	d.want(err, fault.NotFound, "placement.not_found")
	_, content, err := d.ReadDocument(t.Context(), officialA, id, doc.ID, "file_review")
	d.ok(err)
	if raw, err := io.ReadAll(content); err != nil || len(raw) != int(doc.Bytes) {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	p, err := d.Get(t.Context(), person, id)
	d.ok(err)
	if r := p.Documents[0].Readings; len(r) != 1 || r[0].Reason != "file_review" || r[0].Role != account.Official {
		t.Errorf("the person sees the readings %+v", r)
	}
	if last := p.Rev; last != d.file(id).Rev || d.file(id).Pending[len(d.file(id).Pending)-1].Action != "placement.read_document" {
		t.Error("the reading is not in the audit log")
	}
}

// covers UP-01
func TestAFileTakesSoManyDocuments(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	for range placement.MaxDocuments {
		d.paper(id, bureau, "evidence")
	}
	_, err := d.AddDocument(t.Context(), bureau, id, placement.Upload{Item: "evidence", Name: "a.pdf", Content: []byte("%PDF-1\n%%EOF")})
	d.want(err, fault.Conflict, "placement.documents.full")
	if len(d.blobs) != placement.MaxDocuments {
		t.Errorf("%d contents", len(d.blobs))
	}
}

func TestMarkingTheChecklist(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	mark := func(who account.Actor, m placement.Mark) error {
		_, err := d.MarkItem(t.Context(), who, id, m)
		return err
	}
	paper := d.paper(id, person, "passport")
	d.wantField(mark(person, placement.Mark{Key: "horoscope", Done: true}), "/key", "reason.unknown")
	d.wantField(mark(person, placement.Mark{Key: "passport", Done: true, Expires: "2030-01-01"}), "/document", "required")
	d.wantField(mark(person, placement.Mark{Key: "passport", Done: true, Document: paper}), "/expires", "required")
	d.wantField(mark(person, placement.Mark{Key: "passport", Done: true, Document: paper, Expires: "2026-01-01"}), "/expires", "placement.document.expired")
	d.wantField(mark(person, placement.Mark{Key: "medical", Done: true, Document: "doc_foreign"}), "/document", "placement.document.unknown")
	d.want(mark(bureau, placement.Mark{Key: "training", Done: true}), fault.Forbidden, "placement.item.role")
	d.want(mark(person, placement.Mark{Key: "contract_signed", Done: true, Document: paper}), fault.Forbidden, "placement.item.role")
	d.ok(mark(person, placement.Mark{Key: "passport", Done: true, Document: paper, Expires: "2030-01-01"}))
	d.ok(mark(person, placement.Mark{Key: "passport"}))
	if i := d.file(id).Checklist[0]; i.Done || i.Document != "" || i.Expires != "" {
		t.Errorf("taken back: %+v", i)
	}
}

func TestAnotherContractIsSignedAnew(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, nil)
	d.fill(id)
	d.propose(id, func(x *offer.Terms) { x.Pay.Min++ })
	if got := d.file(id).Lacking(ref.DateOf(d.now)); len(got) != 1 || got[0] != placement.ItemContract {
		t.Errorf("lacking: %v", got)
	}
	d.accept(id)
	if p := d.fill(id); p.State != placement.UnderReview {
		t.Errorf("complete: %s", p.State)
	}
}

func TestCostsLedger(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	cost := placement.Expense{Category: "medical", Amount: ref.Money{Amount: 25000, Currency: "XOF"}, PaidBy: offer.ByWorker, PaidOn: "2026-11-20"}
	p, err := d.AddCost(t.Context(), person, id, cost)
	d.ok(err)
	if p.WorkerPaid() != 3811 {
		t.Errorf("worker paid %d", p.WorkerPaid())
	}
	before := placement.CardOf(d.file(id), placement.Calendar{}, d.now)
	if before.Risk < 30 || before.WorkerPaid != 3811 {
		t.Errorf("no alarm: %+v", before)
	}
	line := p.Costs[0].ID
	strike := func(who account.Actor, reason string) error {
		_, err := d.StrikeCost(t.Context(), who, id, line, reason)
		return err
	}
	d.want(strike(bureau, "faux"), fault.Forbidden, "placement.cost.foreign")
	d.wantField(strike(person, ""), "/reason", "required")
	d.ok(strike(person, "Saisi deux fois"))
	d.want(strike(officialA, "encore"), fault.Conflict, "placement.cost.struck")
	if after := placement.CardOf(d.file(id), placement.Calendar{}, d.now); after.Risk != 0 || after.WorkerPaid != 0 {
		t.Errorf("the alarm stays: %+v", after)
	}
	for pointer, change := range map[string]func(*placement.Expense){
		"/category": func(e *placement.Expense) { e.Category = "bribe" }, "/paidBy": func(e *placement.Expense) { e.PaidBy = "nobody" },
		"/amount": func(e *placement.Expense) { e.Amount.Amount = 0 }, "/paidOn": func(e *placement.Expense) { e.PaidOn = "2027-01-01" },
		"/document": func(e *placement.Expense) { e.Document = "doc_none" }, "/note": func(e *placement.Expense) { e.Category = "other" },
	} {
		wrong := cost
		change(&wrong)
		_, err := d.AddCost(t.Context(), bureau, id, wrong)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}
