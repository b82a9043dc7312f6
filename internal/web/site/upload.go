package site

import (
	"errors"
	"io"
	"net/http"
	"path"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

const (
	// uploadMemory is what of a form is held in memory; the rest goes to a
	// temporary file that is removed with the request.
	uploadMemory = 256 << 10
	fileField    = "file"
	formMedia    = "application/x-www-form-urlencoded"
	uploadMedia  = "multipart/form-data"
)

// sentFile is a file of a form. Its name is what the sender says.
type sentFile struct {
	Name    string
	Content []byte
}

// readForm reads what was posted: fields, and on routes that take a file also
// that.
func (v *visit) readForm() error {
	switch kind := v.gin.ContentType(); {
	case kind == formMedia:
		if err := v.gin.Request.ParseForm(); err != nil {
			return web.ReadError(err)
		}
		return nil
	case kind == uploadMedia && v.route.upload:
		return v.readUpload()
	}
	return web.Refuse(http.StatusUnsupportedMediaType, "request.media_type", formMedia)
}

func (v *visit) readUpload() error {
	err := v.gin.Request.ParseMultipartForm(uploadMemory)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return web.TooLarge(large.Limit)
	case err != nil:
		return web.Refuse(http.StatusBadRequest, "form.syntax")
	}
	return nil
}

// dropUpload removes what was put aside of a file.
func (v *visit) dropUpload() {
	if form := v.gin.Request.MultipartForm; form != nil {
		if err := form.RemoveAll(); err != nil {
			v.site.opts.Server.Logger().Warn("temporary upload not removed", "error", err)
		}
	}
}

// fileSent reports whether a file came with the form.
func (v *visit) fileSent() bool {
	form := v.gin.Request.MultipartForm
	return form != nil && len(form.File[fileField]) > 0
}

// sentFile gives the file of the form, of at most so many bytes and one more,
// by which its reader sees that it is too large; Invalid "required" at the
// field when none was chosen.
func (v *visit) sentFile(most int64) (sentFile, error) { return v.fileAs(fileField, most) }

// fileAs gives the file of the field of that name.
func (v *visit) fileAs(name string, most int64) (sentFile, error) {
	file, header, err := v.gin.Request.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return sentFile{}, fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/" + fileField, Code: "required"})
	}
	if err != nil {
		return sentFile{}, err
	}
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	return sentFile{Name: path.Base(header.Filename), Content: content}, errors.Join(err, file.Close())
}
