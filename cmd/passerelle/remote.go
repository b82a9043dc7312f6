package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"passerelle/config"
	"passerelle/internal/app"
)

// TokenVariable names the environment variable with the access token for
// commands that work through a running service.
const tokenVariable = config.Prefix + "TOKEN"

// remote speaks to a running service.
type remote struct {
	base  string
	token string
	http  *http.Client
}

func (p *program) remote(server, tokenFile string) (*remote, error) {
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%w: --server wants an address like http://127.0.0.1:8080", errUsage)
	}
	token := ""
	for _, v := range p.environ {
		if value, ok := strings.CutPrefix(v, tokenVariable+"="); ok {
			token = value
		}
	}
	if tokenFile != "" {
		if token, err = config.ReadSecretFile(tokenFile); err != nil {
			return nil, err
		}
	}
	if token == "" {
		return nil, fmt.Errorf("%w: --server needs an access token in --token-file or %s", errUsage, tokenVariable)
	}
	return &remote{base: strings.TrimRight(base.String(), "/"), token: token, http: &http.Client{Timeout: 10 * time.Minute}}, nil
}

// importThere sends the file to a running service and follows the import.
func (p *program) importThere(ctx context.Context, call importCall) (*app.ImportResult, error) {
	r, err := p.remote(call.server, call.tokenFile)
	if err != nil {
		return nil, err
	}
	body, contentType, err := upload(call)
	if err != nil {
		return nil, err
	}
	var result app.ImportResult
	if err := r.do(ctx, http.MethodPost, "/api/v1/imports", contentType, body, &result); err != nil {
		return nil, err
	}
	bar := newBar(p.stderr)
	defer bar.end()
	for result.State == "running" {
		bar.show(int64(result.Rows), 0, result.Rows)
		select {
		case <-ctx.Done():
			return &result, ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
		if err := r.do(ctx, http.MethodGet, "/api/v1/imports/"+url.PathEscape(result.ID), "", nil, &result); err != nil {
			return &result, err
		}
	}
	return &result, r.rowErrors(ctx, &result)
}

func (r *remote) rowErrors(ctx context.Context, result *app.ImportResult) error {
	if result.Rejected == 0 || result.DryRun {
		return nil
	}
	var page struct{ Items []json.RawMessage }
	if err := r.do(ctx, http.MethodGet, "/api/v1/imports/"+url.PathEscape(result.ID)+"/errors", "", nil, &page); err != nil {
		return err
	}
	for _, item := range page.Items {
		result.Errors = append(result.Errors, string(item))
	}
	return nil
}

// upload writes the form with the file; files are bounded by the service.
func upload(call importCall) (io.Reader, string, error) {
	file, err := os.Open(call.path)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"kind": call.Kind, "agency": call.Agency, "dryRun": fmt.Sprint(call.DryRun)} {
		if value == "" {
			continue
		}
		if err := form.WriteField(name, value); err != nil {
			return nil, "", err
		}
	}
	part, err := form.CreateFormFile("file", filepath.Base(call.path))
	if err != nil {
		return nil, "", err
	}
	if _, err := io.Copy(part, file); err != nil {
		return nil, "", err
	}
	return &body, form.FormDataContentType(), form.Close()
}

// do sends one request and decodes the answer; a problem document becomes an
// error with its code.
func (r *remote) do(ctx context.Context, method, path, contentType string, body io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	request.Header.Set("Accept", "application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := r.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		var problem struct{ Code, Detail, RequestID string }
		_ = json.Unmarshal(text, &problem) // an answer that is no problem document is told by its status
		return fmt.Errorf("the service answers %s: %s %s (request %s)", answer.Status, problem.Code, problem.Detail, problem.RequestID)
	}
	return json.Unmarshal(text, into)
}
