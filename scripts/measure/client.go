package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// password of the demo accounts.
const password = "pont-sur-le-niger-2026"

// client is one signed-in caller of the API.
type client struct {
	base  string
	token string
	http  *http.Client
}

func (s *server) client() *client {
	return &client{base: "http://" + s.address, http: &http.Client{Timeout: 2 * time.Minute}}
}

// login signs in to a demo account.
func (s *server) login(ctx context.Context, name string) (*client, error) {
	c := s.client()
	var tokens struct{ AccessToken string }
	err := c.call(ctx, http.MethodPost, "/api/v1/auth/login", map[string]string{"login": name + "@demo.test", "password": password}, &tokens)
	c.token = tokens.AccessToken
	return c, err
}

// answer is what came back.
type answer struct {
	status int
	body   []byte
	header http.Header
}

// send makes one request; headers come in pairs.
func (c *client) send(ctx context.Context, method, path string, body any, headers ...string) (*answer, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	reply, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	return &answer{reply.StatusCode, text, reply.Header}, err
}

// call makes a request that must succeed and decodes the answer.
func (c *client) call(ctx context.Context, method, path string, body, into any, headers ...string) error {
	a, err := c.send(ctx, method, path, body, headers...)
	if err != nil {
		return err
	}
	if a.status >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(a.body, into)
}

// cookie signs in to a demo account as a person does at the page, and gives
// the header that a browser would send from then on.
func (s *server) cookie(ctx context.Context, name string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	base := "http://" + s.address
	at, err := url.Parse(base + "/connexion")
	if err != nil {
		return "", err
	}
	person := &http.Client{Jar: jar, Timeout: patience}
	form := url.Values{"login": {name + "@demo.test"}, "password": {password}}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		request, err := http.NewRequestWithContext(ctx, method, at.String(), strings.NewReader(form.Encode()))
		if err != nil {
			return "", err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		page, err := person.Do(request)
		if err != nil {
			return "", err
		}
		read, err := goquery.NewDocumentFromReader(page.Body)
		if err := errors.Join(err, page.Body.Close()); err != nil {
			return "", err
		}
		if method == http.MethodPost && read.Find("form[action='/deconnexion']").Length() == 0 {
			return "", fmt.Errorf("sign in as %s at the page: %s", name, page.Status)
		}
		read.Find("form[action='/connexion'] input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
			form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
		})
	}
	var pairs []string
	for _, each := range jar.Cookies(at) {
		pairs = append(pairs, each.Name+"="+each.Value)
	}
	return strings.Join(pairs, "; "), nil
}

// page is a list as the API gives it.
type list struct {
	Items []struct {
		ID    string
		Title string
		State string
		Score *int64
	}
	Total      int
	NextCursor string
	Facets     map[string][]struct {
		Value string
		Count int
	}
}
