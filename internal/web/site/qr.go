package site

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the empty margin that a QR code needs, in modules.
const quietZone = 4

// qrCode is a QR code as one SVG path over a square of Size modules, margin
// included.
type qrCode struct {
	Size int
	Path string
}

// drawnCodes is how many codes of public addresses are kept, some 3 kB each.
const drawnCodes = 512

// addressCode gives the code of a public address. Drawing one takes longer
// than all the rest of an offer's page, so that the last ones are kept.
func (s *Site) addressCode(address string) (qrCode, error) {
	if drawn, ok := s.drawn.Get(address); ok {
		return drawn, nil
	}
	drawn, err := newQRCode(address)
	if err == nil {
		s.drawn.Add(address, drawn)
	}
	return drawn, err
}

// newQRCode draws a text: one rectangle for each run of dark modules in a row.
func newQRCode(text string) (qrCode, error) {
	drawn, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return qrCode{}, fmt.Errorf("site: QR code: %w", err)
	}
	side := drawn.Bounds().Dx()
	dark := func(x, y int) bool {
		if x >= side {
			return false
		}
		r, _, _, _ := drawn.At(x, y).RGBA()
		return r == 0
	}
	var path strings.Builder
	for y := range side {
		for x, run := 0, 0; x <= side; x++ {
			switch {
			case dark(x, y):
				run++
			case run > 0:
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x-run+quietZone, y+quietZone, run, run)
				run = 0
			}
		}
	}
	return qrCode{Size: side + 2*quietZone, Path: path.String()}, nil
}
