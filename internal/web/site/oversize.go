package site

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

const (
	// oversizeRead bounds what is still read of a form that is too large: a
	// browser shows the answer only when it could send what it had begun.
	oversizeRead = 32 << 20
	// oversizeForm bounds what is read of one without a file, encoded.
	oversizeForm = 2 * keptLargest
	// oversizeFields bounds the number of parts of one with a file.
	oversizeFields = 200
)

// salvage keeps what was typed into a form that was refused for its size
// before it was read; true when its page will show it again. The file is not
// kept. Forms of other sites are not read.
func (s *Site) salvage(c *gin.Context, page string) bool {
	r := c.Request
	if r.Method != http.MethodPost || r.Body == nil || s.crossSite.Check(r) != nil {
		return false
	}
	body := io.LimitReader(r.Body, oversizeRead)
	values := typedInto(r.Header.Get("Content-Type"), body)
	if _, err := io.Copy(io.Discard, body); err != nil {
		return false // the browser is gone
	}
	return s.keepValues(c, page, values)
}

// typedInto reads the fields of a form as far as it can be read; nil where
// they cannot be told apart.
func typedInto(contentType string, body io.Reader) url.Values {
	media, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return nil
	case media == uploadMedia:
		return partsTyped(multipart.NewReader(body, params["boundary"]))
	case media != formMedia:
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(body, oversizeForm+1))
	if err != nil || len(text) > oversizeForm {
		return nil
	}
	values, err := url.ParseQuery(string(text))
	if err != nil {
		return nil
	}
	return values
}

// partsTyped collects the fields of a form with a file, wherever the file
// stands among them, up to the size that is kept.
func partsTyped(parts *multipart.Reader) url.Values {
	values, left := url.Values{}, int64(keptLargest)
	for range oversizeFields {
		part, err := parts.NextPart()
		if err != nil {
			return values // its end, or as far as it goes
		}
		if part.FileName() != "" || part.FormName() == fileField {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(text)); err != nil || left < 0 {
			return nil
		}
		values.Add(part.FormName(), string(text))
	}
	return values
}
