package app

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/store/storetest"
)

// TestPR06UploadsAreKeptSealed keeps files of telling lengths: what is on the
// disk shows nothing, every alteration is noticed, and what an earlier version
// kept in the clear is still read. covers PR-06
func TestPR06UploadsAreKeptSealed(t *testing.T) {
	master, _, err := auth.LoadMaster(t.TempDir(), "", "", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.OpenKeyring(t.Context(), storetest.Open(t).Keys(), master, rand.Reader, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSpool(t.TempDir(), keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, sealedPart - 1, sealedPart, sealedPart + 1, 2*sealedPart + 1, 3 * sealedPart} {
		content := strings.Repeat("Awa Traoré;", size/11+1)[:size]
		sum, err := s.Put(t.Context(), strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.readAll(t, sum); got != content {
			t.Errorf("%d bytes came back as %d", size, len(got))
		}
		raw, err := os.ReadFile(s.path(sum))
		if err != nil || bytes.Contains(raw, []byte("Awa")) {
			t.Errorf("%d bytes: kept in the clear, %v", size, err)
		}
		for _, bad := range [][]byte{raw[:len(raw)-1], append(bytes.Clone(raw[:len(raw)-1]), raw[len(raw)-1]^1), append(bytes.Clone(raw), 0)} {
			if err := os.WriteFile(s.path(sum), bad, 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := s.Open(t.Context(), sum)
			if err == nil {
				_, err = io.Copy(io.Discard, file)
			}
			if !errors.Is(err, errSealed) {
				t.Errorf("%d bytes: an alteration gives %v", size, err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(s.dir, "clear"), []byte("nom;prénom\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.readAll(t, "clear"); got != "nom;prénom\n" {
		t.Errorf("%q", got)
	}
}

func (s *spool) readAll(t *testing.T, sum string) string {
	t.Helper()
	file, err := s.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
