package api

import (
	"bytes"
	"encoding/json"
	"strings"
)

const linkedData = "application/ld+json"

// wantsPosting reports whether the caller asks for linked data.
func (c *Call) wantsPosting() bool {
	c.gin.Writer.Header().Add("Vary", "Accept")
	return strings.Contains(c.gin.Request.Header.Get("Accept"), linkedData)
}

// MarshalJSON writes the posting in place of the offer where it was asked for.
func (o offerJSON) MarshalJSON() ([]byte, error) {
	type plain offerJSON
	var what any = plain(o)
	if o.posting != nil {
		what = o.posting
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(what)
	return b.Bytes(), err
}
