package app

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// sendLimit is how long a receiver of a backup may take for each part of it.
const sendLimit = 30 * time.Second

// serveBackup answers POST /backups of the admin listener with an encrypted
// backup. It is not on the public listener, asks for an administrator's access
// token all the same, and what it sends opens with the master key only. The
// backup is made whole before it is sent, so that a slow receiver neither holds
// a state of the database nor gets half a file with the status of a whole one.
func (a *App) serveBackup(w http.ResponseWriter, r *http.Request) {
	if err := a.sendBackup(w, r); err != nil {
		a.options.Log.Warn("backup not sent", "error", err)
	}
}

func (a *App) sendBackup(w http.ResponseWriter, r *http.Request) error {
	control := http.NewResponseController(w)
	// The listener's own limit is for metrics; sendAll sets one for each part.
	if err := control.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	f, err := a.spoolBackup(r)
	if err != nil {
		refuse(w, err)
		return err
	}
	defer func() {
		_ = f.Close() // it was read only
		_ = os.Remove(f.Name())
	}()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err != nil {
		refuse(w, err)
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		refuse(w, err)
		return err
	}
	name := "passerelle-" + a.clock.Now().Format("20060102-150405") + ".backup"
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	w.Header().Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum.Sum(nil))+":")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.Copy(&patient{w, control}, f)
	return err
}

// spoolBackup lets an administrator have a backup made, one at a time.
func (a *App) spoolBackup(r *http.Request) (f *os.File, err error) {
	actor, err := a.operator(r)
	if err != nil {
		return nil, err
	}
	if !a.keeping.TryLock() {
		return nil, fault.New(fault.Unavailable, "backup.busy").After(10 * time.Second)
	}
	defer a.keeping.Unlock()
	host, _, _ := net.SplitHostPort(r.RemoteAddr) // without a port it names no network
	if err := a.recordKeeping(r.Context(), actor, actionBackup, audit.OriginOf(host)); err != nil {
		return nil, err
	}
	if f, err = os.CreateTemp(a.options.DataDir, ".backup-*"); err != nil {
		return nil, err
	}
	_, err = a.writeBackup(r.Context(), f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// operator is who calls the admin listener, by an access token.
func (a *App) operator(r *http.Request) (account.Actor, error) {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.required")
	}
	actor, err := a.services.auth.Authenticate(r.Context(), token)
	if err != nil {
		return actor, err
	}
	return actor, actor.Require("service.backup")
}

// refuse answers with a problem document.
func refuse(w http.ResponseWriter, err error) {
	status, code := http.StatusInternalServerError, "internal"
	if f := fault.Of(err); f != nil {
		code = f.Code
		switch f.Kind {
		case fault.Unauthenticated:
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", `Bearer realm="passerelle"`)
		case fault.Forbidden:
			status = http.StatusForbidden
		case fault.Unavailable:
			status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(f.RetryAfter.Seconds()))))
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	// Nobody is left to tell of a broken connection.
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code})
}

// patient writes with a limit for each part instead of one for all.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

// Write sends one part.
func (p *patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(sendLimit)); err != nil {
		return 0, fmt.Errorf("backup: %w", err)
	}
	return p.w.Write(b)
}
