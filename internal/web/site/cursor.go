package site

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/web"
)

// cursorField is the parameter that holds the place in a list, and macSize the
// length of its signature in bytes.
const (
	cursorField = "suite"
	macSize     = 16
)

// position reads and verifies the place in this list from the address; it is
// good for the same path and filters only.
func (v *visit) position() (string, error) {
	query := v.query()
	sent := query.Get(cursorField)
	if sent == "" {
		return "", nil
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(sent)
	if err != nil || len(data) <= macSize || !hmac.Equal(data[:macSize], v.site.seal(v.gin.Request.URL.Path, query, string(data[macSize:]))) {
		return "", web.Refuse(http.StatusBadRequest, "cursor")
	}
	return string(data[macSize:]), nil
}

// backMark begins a place that is gone back to.
const backMark = "<"

// turn reads which page of a search the address asks for.
func (v *visit) turn(q *offer.Query) error {
	place, err := v.position()
	if back, ok := strings.CutPrefix(place, backMark); ok {
		q.Before = back
	} else {
		q.After = place
	}
	return err
}

// turns makes the links of a search that can be walked both ways.
func (v *visit) turns(found offer.Results) pager {
	p := v.pager(found.Next)
	if found.Prev != "" {
		p.Prev = v.pager(backMark + found.Prev).Next
	} else {
		p.First = ""
	}
	return p
}

// page gives the part of a list the address asks for.
func (v *visit) page(limit int) (listing.Page, error) {
	after, err := v.position()
	return listing.Page{Limit: limit, After: after}, err
}

// pager leads through a list of pages.
type pager struct {
	Next  string // address of the next page; empty on the last
	First string // address of the first page; empty on it
	Prev  string // address of the page before, where the list can be walked both ways
}

// pager makes the links of a list whose next page starts after next.
func (v *visit) pager(next string) pager {
	query, path := v.query(), v.gin.Request.URL.Path
	var p pager
	if query.Has(cursorField) {
		query.Del(cursorField)
		p.First = address(path, query)
	}
	if next != "" {
		query.Set(cursorField, base64.RawURLEncoding.EncodeToString(append(v.site.seal(path, query, next), next...)))
		p.Next = address(path, query)
	}
	return p
}

func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// seal signs a place together with the list it belongs to.
func (s *Site) seal(path string, query url.Values, place string) []byte {
	filters := url.Values{}
	for name, values := range query {
		if name != cursorField {
			filters[name] = values
		}
	}
	h := hmac.New(sha256.New, s.opts.CursorKey)
	h.Write([]byte("site\x00" + path + "\x00" + filters.Encode() + "\x00" + place))
	return h.Sum(nil)[:macSize]
}
