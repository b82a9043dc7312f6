package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"reflect"
	"strconv"

	"passerelle/internal/domain/listing"
	"passerelle/internal/web"
)

// cursorMAC is the length of a cursor's signature, in bytes.
const cursorMAC = 16

// Cursor is a position in a list, as the index gave it. What callers see is
// opaque and signed together with the operation and the filters, so it leads
// nowhere but to the next page of the same list.
type Cursor struct {
	After string
}

// Page is embedded in the input of every list.
type Page struct {
	Limit  int    `query:"limit" default:"20" validate:"min=1,max=100" doc:"items on a page"`
	Cursor Cursor `query:"cursor" doc:"nextCursor of the page before"`
}

// Listing gives the page as services ask for it.
func (p Page) Listing() listing.Page {
	return listing.Page{Limit: p.Limit, After: p.Cursor.After}
}

// List is the output of every list. Items is never null; Total is exact.
type List[T any] struct {
	Items      []T    `json:"items"`
	Total      int    `json:"total" doc:"exact number of items in the whole list"`
	NextCursor string `json:"nextCursor,omitempty" doc:"absent on the last page"`
}

// NewList shows one page of a service's result, each item by show, and links
// to the next page.
func NewList[D, T any](c *Call, result listing.Result[D], show func(D) T) List[T] {
	list := List[T]{Items: make([]T, 0, len(result.Items)), Total: result.Total}
	for _, item := range result.Items {
		list.Items = append(list.Items, show(item))
	}
	list.NextCursor = c.Next(result.Next)
	return list
}

// Next signs the position after which the next page starts and adds the Link
// header (RFC 8288). The empty position, on the last page, gives the empty
// cursor.
func (c *Call) Next(position string) string {
	if position == "" {
		return ""
	}
	cursor := c.api.sealCursor(c.op.id, c.query.canonical(), position)
	link, _ := url.ParseQuery(c.query.canonical())
	if limit := c.query.values["limit"]; len(limit) > 0 {
		link["limit"] = limit
	}
	link.Set("cursor", cursor)
	c.Header("Link", "<"+c.path+"?"+link.Encode()+`>; rel="next"`)
	return cursor
}

// openCursor verifies a cursor and puts its position into the input.
func (c *Call) openCursor(dst reflect.Value, text string) error {
	position, ok := c.api.openCursor(c.op.id, c.query.canonical(), text)
	if !ok {
		return web.Refuse(http.StatusBadRequest, "cursor")
	}
	dst.Set(reflect.ValueOf(Cursor{After: position}))
	return nil
}

func (a *API) sealCursor(operation, query, position string) string {
	mac := a.cursorMAC(operation, query, position)
	return base64.RawURLEncoding.EncodeToString(append(mac, position...))
}

func (a *API) openCursor(operation, query, text string) (position string, ok bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(data) <= cursorMAC {
		return "", false
	}
	position = string(data[cursorMAC:])
	return position, hmac.Equal(data[:cursorMAC], a.cursorMAC(operation, query, position))
}

// cursorMAC signs the three parts with their lengths, so that none can borrow
// from its neighbour.
func (a *API) cursorMAC(operation, query, position string) []byte {
	h := hmac.New(sha256.New, a.opts.CursorKey)
	for _, part := range []string{"cursor", operation, query, position} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return h.Sum(nil)[:cursorMAC]
}
