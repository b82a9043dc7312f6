package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"time"

	"passerelle/internal/domain/idempotency"
	"passerelle/internal/web"
)

// maxKey bounds an Idempotency-Key, in characters.
const maxKey = 255

// settleLimit bounds what keeping an answer, or giving a key back, adds to the
// time of a request while the store is slow or away. The write goes on.
const settleLimit = time.Second

// idempotencyKey reads the header of a POST; ok is false when it was not sent.
func (c *Call) idempotencyKey() (key idempotency.Key, ok bool, err error) {
	if c.op.method != http.MethodPost {
		return key, false, nil
	}
	sent := c.gin.Request.Header.Values("Idempotency-Key")
	if len(sent) == 0 {
		return key, false, nil
	}
	if len(sent) > 1 || !visibleASCII(sent[0]) || len(sent[0]) > maxKey {
		return key, false, web.Refuse(http.StatusBadRequest, "idempotency.key")
	}
	return idempotency.Key{Account: c.Actor.Account, Operation: c.op.id, Value: sent[0]}, true, nil
}

func visibleASCII(s string) bool {
	for _, b := range []byte(s) {
		if b <= 0x20 || b >= 0x7f {
			return false
		}
	}
	return s != ""
}

// once runs the request, unless its key was seen before: then the first
// answer is given again. Only success is kept. A failed request has changed
// nothing, so its key is free again and a retry is judged afresh.
func (c *Call) once(ctx context.Context, run func(context.Context) (*answer, error)) (*answer, error) {
	key, sent, err := c.idempotencyKey()
	if err != nil {
		return nil, err
	}
	if !sent || c.op.unstored {
		return run(ctx)
	}
	print, err := c.fingerprint()
	if err != nil {
		return nil, err
	}
	first, err := c.api.opts.Replay.Begin(ctx, key, print)
	if err != nil {
		return nil, err
	}
	if first != nil {
		return replayed(first), nil
	}
	return c.runAndKeep(ctx, key, run)
}

// runAndKeep runs a request whose key is claimed. The answer is kept, or the
// key released, even when the caller has hung up or the handler panics.
func (c *Call) runAndKeep(ctx context.Context, key idempotency.Key, run func(context.Context) (*answer, error)) (a *answer, err error) {
	after := context.WithoutCancel(ctx)
	kept := false
	defer func() {
		if kept {
			return
		}
		limited, cancel := context.WithTimeout(after, settleLimit)
		defer cancel()
		if failed := c.api.opts.Replay.Release(limited, key); failed != nil {
			c.api.log(c, "idempotency key not released", failed)
		}
	}()
	a, err = run(idempotency.With(ctx, key))
	if err != nil {
		return nil, err
	}
	kept = true
	limited, cancel := context.WithTimeout(after, settleLimit)
	defer cancel()
	if failed := c.api.opts.Replay.Finish(limited, key, a.record()); failed != nil {
		// The request has been done: the caller must hear so.
		c.api.log(c, "answer not kept", failed)
	}
	return a, nil
}

// fingerprint tells two requests under one key apart: target and content.
func (c *Call) fingerprint() (string, error) {
	h := sha256.New()
	writePart(h, c.op.method)
	writePart(h, c.path)
	writePart(h, c.gin.Request.URL.RawQuery)
	writePart(h, string(c.sent))
	if form := c.gin.Request.MultipartForm; form != nil {
		if err := hashForm(h, form); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// writePart writes a text with its length. Writing to a hash cannot fail.
func writePart(w io.Writer, s string) {
	_, _ = io.WriteString(w, strconv.Itoa(len(s))+":"+s)
}
