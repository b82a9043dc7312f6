package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/intake"
)

// NewUser is an account an operator creates.
type NewUser struct {
	As          string // e-mail address of the administrator; empty for the first one
	Login       string
	Role        string
	Agency      string
	Institution string
	Collector   bool
}

// CreateUser creates an account and gives its one-time password. proposed says
// that nobody signs in with it before another administrator confirms its role.
func (a *App) CreateUser(ctx context.Context, u NewUser) (password string, proposed bool, err error) {
	in := account.NewAccount{Email: u.Login, Locale: "fr", Post: account.Post{
		Role: account.Role(u.Role), Agency: u.Agency, Institution: u.Institution, Collector: u.Collector,
	}}
	if u.As == "" && u.Role == string(account.Admin) {
		issued, err := a.services.accounts.FirstAdmin(ctx, in)
		return issued.Password, false, err
	}
	actor, err := a.actAs(ctx, u.As)
	if err != nil {
		return "", false, err
	}
	issued, err := a.services.accounts.CreateAlone(ctx, actor, in)
	if err != nil {
		return "", false, err
	}
	return issued.Password, issued.Account.State == account.Proposed, nil
}

func (a *App) actAs(ctx context.Context, email string) (account.Actor, error) {
	if email == "" {
		return account.Actor{}, NewError("command.as_required")
	}
	return a.services.accounts.ActAs(ctx, email)
}

// find gives the account with that e-mail address or phone.
func (a *App) find(login string) (account.ID, error) {
	card, ok := a.index.AccountByLogin(login)
	if !ok {
		return "", NewError("account.unknown")
	}
	return card.ID, nil
}

// DisableUser disables an account and ends its sessions.
func (a *App) DisableUser(ctx context.Context, as, login string) error {
	actor, err := a.actAs(ctx, as)
	if err != nil {
		return err
	}
	id, err := a.find(login)
	if err != nil {
		return err
	}
	_, err = a.services.accounts.Disable(ctx, actor, id, "operator")
	return err
}

// ResetUser gives an account a new one-time password.
func (a *App) ResetUser(ctx context.Context, as, login string) (password string, err error) {
	actor, err := a.actAs(ctx, as)
	if err != nil {
		return "", err
	}
	id, err := a.find(login)
	if err != nil {
		return "", err
	}
	issued, err := a.services.accounts.ResetPassword(ctx, actor, id)
	return issued.Password, err
}

// ImportSpec is what an operator asks of an import.
type ImportSpec struct {
	Kind   string
	As     string
	Agency string
	DryRun bool
}

// ImportResult is what became of it. Errors are the rejected rows as JSON.
type ImportResult struct {
	ID        string      `json:"id"`
	State     string      `json:"state"`
	DryRun    bool        `json:"dryRun"`
	Rows      int         `json:"rows"`
	Created   int         `json:"created"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	Rejected  int         `json:"rejected"`
	Codes     []CodeCount `json:"codes"`
	Errors    []string    `json:"-"`
}

// CodeCount says how many rows had one reason of rejection or one finding.
type CodeCount struct {
	Code  string `json:"code"`
	Count int    `json:"count"`
}

// Import reads a file to its end in the name of an account. progress is told
// how many bytes of how many are read, and how many rows are done.
func (a *App) Import(ctx context.Context, in ImportSpec, file *os.File, progress func(read, size int64, rows int)) (*ImportResult, error) {
	actor, err := a.actAs(ctx, in.As)
	if err != nil {
		return nil, err
	}
	sum, size, err := fingerprint(file)
	if err != nil {
		return nil, err
	}
	spec := intake.Spec{Kind: intake.Kind(in.Kind), Agency: in.Agency, File: filepath.Base(file.Name()), SHA256: sum, DryRun: in.DryRun}
	if spec.Agency == "" {
		spec.Agency = actor.Agency
	}
	read := &counting{r: file}
	imp, rejected, err := a.services.imports.Run(ctx, actor, spec, a.services.reader.Rows(read, spec.Kind), func(c intake.Counts) {
		progress(read.n, size, c.Rows)
	})
	if imp == nil {
		return nil, err
	}
	result, failed := a.importResult(ctx, actor, imp, rejected)
	if err == nil {
		err = failed
	}
	return result, err
}

func (a *App) importResult(ctx context.Context, actor account.Actor, imp *intake.Import, rejected []intake.RowError) (*ImportResult, error) {
	c := imp.Counts
	out := &ImportResult{
		ID: string(imp.ID), State: string(imp.State), DryRun: imp.DryRun,
		Rows: c.Rows, Created: c.Created, Updated: c.Updated, Unchanged: c.Unchanged, Rejected: c.Rejected,
	}
	for _, code := range slices.Sorted(maps.Keys(imp.Codes)) {
		out.Codes = append(out.Codes, CodeCount{code, imp.Codes[code]})
	}
	if !imp.DryRun && c.Rejected > 0 {
		kept, err := a.services.imports.RowErrors(ctx, actor, imp.ID)
		if err != nil {
			return out, err
		}
		rejected = kept
	}
	for _, e := range rejected {
		line, err := rowErrorLine(e)
		if err != nil {
			return out, err
		}
		out.Errors = append(out.Errors, line)
	}
	return out, nil
}

// rowErrorLine writes a rejected row as one line of JSON.
func rowErrorLine(e intake.RowError) (string, error) {
	type reason struct {
		Pointer string `json:"pointer"`
		Code    string `json:"code"`
	}
	line := struct {
		Row    int      `json:"row"`
		Errors []reason `json:"errors"`
		Raw    string   `json:"raw"`
	}{Row: e.Row, Raw: e.Raw}
	for _, f := range e.Errors {
		line.Errors = append(line.Errors, reason(f))
	}
	text, err := json.Marshal(line)
	return string(text), err
}

// fingerprint hashes a file and rewinds it.
func fingerprint(file *os.File) (sum string, size int64, err error) {
	hash := sha256.New()
	if size, err = io.Copy(hash, file); err != nil {
		return "", 0, fmt.Errorf("read %s: %w", filepath.Base(file.Name()), err)
	}
	_, err = file.Seek(0, io.SeekStart)
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// counting counts what is read through it.
type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
