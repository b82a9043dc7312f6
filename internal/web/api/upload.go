package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

const (
	// uploadMemory is what of a form is held in memory; the rest goes to a
	// temporary file that is removed with the request.
	uploadMemory = 256 << 10
	// maxFormValue bounds a text field of a form, in bytes.
	maxFormValue = 4 << 10
)

// Upload is a file of a multipart form. Its name and content type are what the
// caller claims: show neither without escaping, and trust only the content.
type Upload struct {
	Name   string
	Size   int64
	header *multipart.FileHeader
}

// Open reads the file from its start; the caller closes it.
func (u *Upload) Open() (multipart.File, error) { return u.header.Open() }

// readForm reads a multipart/form-data body into the form and file fields.
func (o *operation) readForm(c *gin.Context, in reflect.Value) error {
	if mediaType(c.Request) != "multipart/form-data" {
		return web.Refuse(http.StatusUnsupportedMediaType, "request.media_type", "multipart/form-data")
	}
	if err := c.Request.ParseMultipartForm(uploadMemory); err != nil {
		return formError(err)
	}
	form := c.Request.MultipartForm
	var wrong fault.List
	o.formValues(in, form.Value, &wrong)
	o.formFiles(in, form.File, &wrong)
	return wrong.Err("request.invalid")
}

func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return web.TooLarge(tooLarge.Limit)
	}
	return web.Refuse(http.StatusBadRequest, "form.syntax")
}

func (o *operation) formValues(in reflect.Value, sent map[string][]string, wrong *fault.List) {
	for _, name := range sortedKeys(sent) {
		i := slices.IndexFunc(o.params, func(p param) bool { return p.in == "form" && p.name == name })
		switch {
		case i < 0:
			wrong.Add(shownName(name), "unknown")
			continue
		case !o.params[i].list && len(sent[name]) > 1:
			wrong.Add(name, "repeated")
			continue
		}
		values := slices.DeleteFunc(sent[name], func(v string) bool { return v == "" })
		if slices.ContainsFunc(values, func(v string) bool { return len(v) > maxFormValue || !cleanValue(v) }) {
			wrong.Add(name, "control")
			continue
		}
		if len(values) == 0 {
			continue
		}
		if code, args := o.params[i].set(in, values); code != "" {
			wrong.Add(name, code, args...)
		}
	}
}

func (o *operation) formFiles(in reflect.Value, sent map[string][]*multipart.FileHeader, wrong *fault.List) {
	for _, name := range sortedKeys(sent) {
		i := slices.IndexFunc(o.files, func(f fileField) bool { return f.name == name })
		switch {
		case i < 0:
			wrong.Add(shownName(name), "unknown")
		case len(sent[name]) != 1:
			wrong.Add(name, "repeated")
		default:
			h := sent[name][0]
			upload := &Upload{Name: oneLine(h.Filename), Size: h.Size, header: h}
			in.FieldByIndex(o.files[i].index).Set(reflect.ValueOf(upload))
		}
	}
	for _, f := range o.files {
		if f.required && in.FieldByIndex(f.index).IsNil() && len(sent[f.name]) == 0 {
			wrong.Add(f.name, "file")
		}
	}
}

// fileField is a declared file of a form.
type fileField struct {
	name     string
	index    []int
	required bool
	doc      string
}

// hashForm adds the content of a form to a fingerprint.
func hashForm(w io.Writer, form *multipart.Form) error {
	for _, name := range sortedKeys(form.Value) {
		for _, value := range form.Value[name] {
			writePart(w, name)
			writePart(w, value)
		}
	}
	for _, name := range sortedKeys(form.File) {
		for _, header := range form.File[name] {
			writePart(w, name)
			if err := hashFile(w, header); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashFile(w io.Writer, header *multipart.FileHeader) error {
	f, err := header.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}
