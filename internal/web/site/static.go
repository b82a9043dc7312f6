package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"passerelle/internal/web"
)

const assetPrefix = "/static/"

// asset is one embedded file as it is served.
type asset struct {
	media string
	data  []byte
}

// assets are the embedded files by served name, and the served name of each
// file name. A name holds the hash of its content, so that it may be kept for
// ever.
type assets struct {
	files map[string]asset
	names map[string]string
}

func readAssets(files fs.FS) (assets, error) {
	a := assets{files: map[string]asset{}, names: map[string]string{}}
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		return a, err
	}
	for _, e := range entries {
		data, err := fs.ReadFile(files, "static/"+e.Name())
		if err != nil {
			return a, err
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(e.Name())
		served := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.files[served] = asset{media: mime.TypeByExtension(ext), data: data}
		a.names[e.Name()] = assetPrefix + served
	}
	return a, nil
}

// byName gives the file of a name of ours.
func (a assets) byName(name string) asset {
	return a.files[strings.TrimPrefix(a.names[name], assetPrefix)]
}

// serveAsset gives an embedded file.
func (s *Site) serveAsset(c *gin.Context) {
	file, ok := s.assets.files[c.Param("file")]
	if !ok {
		s.opts.Server.Fail(c, web.Refuse(http.StatusNotFound, "request.not_found"))
		return
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Data(http.StatusOK, file.media, file.data)
}
