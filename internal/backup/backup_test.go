package backup

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
)

// master derives as the real one does.
type master string

func (m master) Derive(purpose string, salt []byte, size int) ([]byte, error) {
	return hkdf.Key(sha256.New, []byte(m), salt, purpose, size)
}

// bsonOf makes a document with that _id and a text.
func bsonOf(id, text string) []byte {
	var b []byte
	for _, m := range [][2]string{{"_id", id}, {"text", text}} {
		b = append(append(append(b, 2), m[0]...), 0)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(m[1])+1))
		b = append(append(b, m[1]...), 0)
	}
	return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(b)+5)), b...), 0)
}

// content is what a backup holds, to be compared.
type content map[string]string

func (c content) Begin(name string) error         { c["collection "+name] = ""; return nil }
func (c content) Put(id string, doc []byte) error { c["document "+id] = string(doc); return nil }
func (c content) PutFile(name string, r io.Reader) error {
	text, err := io.ReadAll(r)
	c["file "+name] = string(text)
	return err
}

// write fills a keeper with n documents in two collections, and two files.
func write(t testing.TB, w interface {
	Sink
	File(string, int64, io.Reader) error
}, n int) content {
	t.Helper()
	all := content{}
	for _, name := range []string{"empty", "offer", "profile"} {
		err := errors.Join(w.Begin(name), all.Begin(name))
		for i := 0; i < n && name != "empty"; i++ {
			id := fmt.Sprintf("%s_%04d", name, (i*7919)%10007)
			doc := bsonOf(id, strings.Repeat(name, i%50))
			err = errors.Join(err, w.Put(id, doc), all.Put(id, doc))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"checkpoint-2026-01-02.txt": "passerelle/audit\n", "spool/ab": strings.Repeat("ligne\n", 40000)} {
		if err := errors.Join(w.File(name, int64(len(text)), strings.NewReader(text)), all.PutFile(name, strings.NewReader(text))); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func make1(t testing.TB, key master, n int) ([]byte, content, *Manifest) {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Program: "test", Schema: 3, Engine: "embedded"}, key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	all := write(t, w, n)
	m, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), all, m
}

func replay(file []byte, key master) (content, *Manifest, error) {
	r, err := NewReader(bytes.NewReader(file), key)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	found := content{}
	m, err := r.Replay(found, found)
	return found, m, err
}

func TestRL09BackupGivesBackWhatItTook(t *testing.T) {
	for _, n := range []int{0, 1, 3000} {
		file, all, m := make1(t, "one", n)
		found, again, err := replay(file, "one")
		if err != nil || !again.same(m) {
			t.Fatalf("%d documents: %v", n, err)
		}
		if fmt.Sprint(found) != fmt.Sprint(all) {
			t.Errorf("%d documents: something else came back", n)
		}
		if m.Documents() != 2*n || m.Count("offer") != n || len(m.Files) != 2 || len(m.Collections) != 3 {
			t.Errorf("manifest: %+v", m)
		}
	}
}

func TestRL09BackupHoldsNothingReadable(t *testing.T) {
	file, _, _ := make1(t, "one", 200)
	for _, secret := range []string{"offer_", "profile", "spool", "ligne", "one"} {
		if bytes.Contains(file[len(magic)+4+300:], []byte(secret)) {
			t.Errorf("%q can be read in the file", secret)
		}
	}
	other, _, _ := make1(t, "one", 200)
	if bytes.Equal(file[len(file)-64:], other[len(other)-64:]) {
		t.Error("two backups of the same end with the same bytes: the keys are not their own")
	}
}

func TestRL09AnotherMasterKeyIsNamed(t *testing.T) {
	file, _, _ := make1(t, "one", 5)
	_, _, err := replay(file, "two")
	if f := fault.Of(err); f == nil || f.Code != "backup.key" {
		t.Fatalf("got %v", err)
	}
}

// TestRL09EveryDamageIsNoticed changes, cuts and extends a backup anywhere.
func TestRL09EveryDamageIsNoticed(t *testing.T) {
	file, _, _ := make1(t, "one", 2000)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
		bad := slices.Clone(file)
		switch rapid.SampledFrom([]string{"flip", "cut", "extend", "zero"}).Draw(t, "how") {
		case "flip":
			bad[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case "cut":
			bad = bad[:at]
		case "extend":
			bad = append(bad, bad[at:]...)
		case "zero":
			bad[at] ^= 0xff
		}
		_, _, err := replay(bad, "one")
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid {
			t.Fatalf("damage at %d was answered %v", at, err)
		}
	})
}

func TestFramesCannotBeExchanged(t *testing.T) {
	var plain bytes.Buffer
	aead, err := cipherOf(bytes.Repeat([]byte{7}, keySize))
	if err != nil {
		t.Fatal(err)
	}
	s := &sealer{w: &plain, aead: aead, bound: []byte("bound")}
	if _, err := s.Write(make([]byte, 3*chunkSize)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	frame := 4 + chunkSize + aead.Overhead()
	whole := plain.Bytes()
	swapped := slices.Concat(whole[frame:2*frame], whole[:frame], whole[2*frame:])
	shorter := slices.Clone(whole[:2*frame])
	shorter[frame] |= 0x80 // calls the second frame the last
	for name, bad := range map[string][]byte{"exchanged": swapped, "shortened": shorter, "cut between frames": whole[:2*frame]} {
		if _, err := io.ReadAll(&opener{r: bytes.NewReader(bad), aead: aead, bound: []byte("bound")}); fault.Of(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := io.ReadAll(&opener{r: bytes.NewReader(whole), aead: aead, bound: []byte("bound")}); err != nil || len(got) != 3*chunkSize {
		t.Errorf("whole: %d bytes, %v", len(got), err)
	}
}

func TestFilesStayInside(t *testing.T) {
	for _, name := range []string{"", "..", "../x", "a/../../x", "/etc/passwd", `..\x`, "a//b", "a/.", "x\x00y"} {
		if isInside(name) {
			t.Errorf("%q leads out", name)
		}
	}
	if !isInside("spool/ab") || !isInside("checkpoint-2026-01-02.txt") {
		t.Error("our own names are refused")
	}
}

func TestManifestTellsDifferences(t *testing.T) {
	_, _, a := make1(t, "one", 10)
	_, _, b := make1(t, "two", 11)
	if got := a.Differences(b); len(got) != 2 || !strings.Contains(got[0], "11 documents, not 10") {
		t.Errorf("got %v", got)
	}
	var one, two Tally
	for tally, text := range map[*Tally]string{&one: "a", &two: "b"} {
		if err := errors.Join(tally.Begin("offer"), tally.Put("x", bsonOf("x", text))); err != nil {
			t.Fatal(err)
		}
	}
	if got := one.Manifest().Differences(two.Manifest()); len(got) != 1 || !strings.Contains(got[0], "other documents") {
		t.Errorf("got %v", got)
	}
}

// plain stands in for the store's codec: hexadecimal, with the id.
var plain = Codec{
	ToJSON: func(doc []byte) ([]byte, error) { return fmt.Appendf(nil, "%x", doc), nil },
	FromJSON: func(text []byte) (string, []byte, error) {
		var doc []byte
		if _, err := fmt.Sscanf(string(text), "%x", &doc); err != nil {
			return "", nil, damaged(err)
		}
		id, _ := idOf(doc)
		return id, doc, nil
	},
}

func TestExportGivesBackWhatItTook(t *testing.T) {
	dir := t.TempDir()
	out := NewExporter(dir, plain)
	all := write(t, out, 500)
	m, err := out.Close(Contents{Program: "test", Schema: 3})
	if err != nil {
		t.Fatal(err)
	}
	found := content{}
	c, err := Import(dir, plain, found, found)
	if err != nil || !c.Manifest.same(m) || fmt.Sprint(found) != fmt.Sprint(all) {
		t.Fatalf("something else came back: %v", err)
	}
	_, _, encrypted := make1(t, "one", 500)
	if encrypted.Total != m.Total {
		t.Error("the same documents have another total in a backup")
	}
	info, err := os.Stat(filepath.Join(dir, "offer.jsonl"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestDamagedExportIsRefused(t *testing.T) {
	for name, harm := range map[string]func(dir string) error{
		"line lost":    func(dir string) error { return os.Truncate(filepath.Join(dir, "offer.jsonl"), 0) },
		"file lost":    func(dir string) error { return os.Remove(filepath.Join(dir, "profile.jsonl")) },
		"upload lost":  func(dir string) error { return os.Remove(filepath.Join(dir, filesDir, "spool", "ab")) },
		"no manifest":  func(dir string) error { return os.Remove(filepath.Join(dir, ManifestFile)) },
		"bad manifest": func(dir string) error { return os.WriteFile(filepath.Join(dir, ManifestFile), []byte("{"), 0o600) },
		"upload longer": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, filesDir, "spool", "ab"), []byte("x"), 0o600)
		},
	} {
		dir := t.TempDir()
		out := NewExporter(dir, plain)
		write(t, out, 5)
		if _, err := out.Close(Contents{}); err != nil {
			t.Fatal(err)
		}
		if err := harm(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := Import(dir, plain, content{}, content{}); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReader: no bytes make the reader panic or take up memory without end.
func FuzzReader(f *testing.F) {
	file, _, _ := make1(f, "one", 20)
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, _, err := replay(file, "one"); err != nil && fault.Of(err) == nil {
			t.Logf("an error without a fault: %v", err)
		}
	})
}
