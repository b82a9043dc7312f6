package placement

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strings"
)

// maxPixels bounds a picture before it is decoded: 16.8 million, a page
// scanned at 400 dots per inch, or a usual telephone's photograph.
const maxPixels = 1 << 24

// jpegQuality keeps stamps and small print readable.
const jpegQuality = 88

// extensions gives the extensions of each accepted medium, the usual one first.
func extensions() map[string][]string {
	return map[string][]string{
		"application/pdf": {".pdf"}, "image/jpeg": {".jpg", ".jpeg", ".jpe"}, "image/png": {".png"},
	}
}

// sniff tells the medium by the first bytes; empty for any other than the
// three.
func sniff(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	}
	return ""
}

// clean gives the content as it is kept, and its medium.
func (s *Service) clean(u Upload) (content []byte, media string, err error) {
	media = sniff(u.Content)
	switch {
	case len(u.Content) == 0:
		return nil, "", fileFault("placement.document.empty")
	case media == "":
		return nil, "", fileFault("placement.document.type")
	case !slices.Contains(extensions()[media], strings.ToLower(path.Ext(u.Name))):
		return nil, "", fileFault("placement.document.extension")
	case media == "application/pdf":
		return u.Content, media, checkPDF(u.Content)
	}
	s.pictures.Lock() // one picture is unpacked at a time, whatever comes in
	defer s.pictures.Unlock()
	content, err = redraw(u.Content, media)
	return content, media, err
}

// checkPDF refuses what has no end, and what does more than show pages.
func checkPDF(content []byte) error {
	tail := content[max(0, len(content)-2048):]
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return fileFault("placement.document.damaged")
	}
	for _, word := range []string{"/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia"} {
		if bytes.Contains(content, []byte(word)) {
			return fileFault("placement.document.active")
		}
	}
	return nil
}

// redraw decodes a picture and writes it anew: only the pixels remain.
func redraw(content []byte, media string) ([]byte, error) {
	size, err := dimensions(content, media)
	if err != nil {
		return nil, fileFault("placement.document.damaged")
	}
	if size.X <= 0 || size.Y <= 0 || size.X > maxPixels/size.Y {
		return nil, fileFault("placement.document.pixels")
	}
	var out bytes.Buffer
	if media == "image/png" {
		err = redrawPNG(&out, content)
	} else {
		err = redrawJPEG(&out, content)
	}
	if err != nil {
		return nil, fileFault("placement.document.damaged")
	}
	return out.Bytes(), nil
}

func dimensions(content []byte, media string) (image.Point, error) {
	decode := jpeg.DecodeConfig
	if media == "image/png" {
		decode = png.DecodeConfig
	}
	c, err := decode(bytes.NewReader(content))
	return image.Pt(c.Width, c.Height), err
}

func redrawPNG(out *bytes.Buffer, content []byte) error {
	picture, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		return err
	}
	return png.Encode(out, picture)
}

func redrawJPEG(out *bytes.Buffer, content []byte) error {
	picture, err := jpeg.Decode(bytes.NewReader(content))
	if err != nil {
		return err
	}
	return jpeg.Encode(out, picture, &jpeg.Options{Quality: jpegQuality})
}
