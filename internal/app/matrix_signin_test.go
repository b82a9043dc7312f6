package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/pquerna/otp/totp"
)

// everyoneBut lists the columns of people with an account, without one.
func everyoneBut(name string) (others []string) {
	for _, c := range columns()[1:] {
		if c.name != name {
			others = append(others, c.name)
		}
	}
	return others
}

// factorOffered gives a newcomer's caller, to whom a second factor was offered,
// and a code of it.
func (s *stage) factorOffered() (c *caller, code string) {
	s.t.Helper()
	c, _, _ = s.newcomer("candidate")
	secret := c.must(http.StatusOK, "POST", "/auth/mfa/enrol", nil).member("secret")
	code, err := totp.GenerateCode(secret, s.Clock().Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return c, code
}

// factorEnrolled gives a newcomer with a second factor, and a recovery code.
func (s *stage) factorEnrolled() (c *caller, recovery string) {
	s.t.Helper()
	c, code := s.factorOffered()
	var given struct{ RecoveryCodes []string }
	r := c.must(http.StatusOK, "POST", "/auth/mfa/confirm", object{"code": code})
	if err := json.Unmarshal(r.body, &given); err != nil || len(given.RecoveryCodes) == 0 {
		s.t.Fatalf("no recovery codes: %s", r.body)
	}
	return c, given.RecoveryCodes[0]
}

// account gives the id of a newcomer's account.
func (s *stage) account(c *caller) string {
	s.t.Helper()
	return c.must(http.StatusOK, "GET", "/me", nil).member("id")
}

// user has the administrator open an account of that role, and takes it into
// use.
func (s *stage) user(role string) *caller {
	s.t.Helper()
	email, own := fmt.Sprintf("agent%d@example.ml", s.next()), "trois greniers de mil pleins"
	body := object{"email": email, "role": role}
	switch role {
	case "official":
		body["institution"] = "ministry"
	case "agency":
		body["agency"] = s.agencyID("agency")
	}
	made := s.by("admin").must(http.StatusCreated, "POST", "/users", body)
	given := made.member("password")
	if role != "candidate" && role != "agency" {
		s.by("admin2").must(http.StatusOK, "POST", "/users/"+made.member("id")+"/confirmations", object{"rev": 1})
	}
	s.by("").login(email, given).must(http.StatusNoContent, "POST", "/auth/password/change", object{"currentPassword": given, "newPassword": own})
	return s.by("").login(email, own)
}

// proposed opens an observer's account that waits for a second administrator.
func (s *stage) proposed() string {
	s.t.Helper()
	email := fmt.Sprintf("propose%d@example.ml", s.next())
	return s.by("admin2").must(http.StatusCreated, "POST", "/users", object{"email": email, "role": "observer"}).member("id")
}

// spares makes, once, an account beside each column's own whose sessions may
// be ended.
func spares() func(*stage) map[string]*caller {
	var once sync.Once
	out := map[string]*caller{}
	return func(s *stage) map[string]*caller {
		once.Do(func() {
			for _, c := range columns()[1:] {
				out[c.name] = s.user(string(c.role))
			}
		})
		return out
	}
}

func signInLines() []line {
	spare := spares()
	newcomer := func(s *stage) string { c, _, _ := s.newcomer("candidate"); return s.account(c) }
	lines := []line{
		{operation: "reauthenticate", make: func(s *stage) target { return target{body: object{"password": s.DemoPassword()}} }},
		plain("enrolFactor"),
		{operation: "confirmFactor", make: func(s *stage) target {
			c, code := s.factorOffered()
			return target{as: map[string]*caller{"candidate": c}, bodies: map[string]any{"candidate": object{"code": code}}}
		}},
		{operation: "removeFactor", make: func(s *stage) target {
			c, recovery := s.factorEnrolled()
			return target{as: map[string]*caller{"candidate": c}, bodies: map[string]any{"candidate": object{"code": recovery}}}
		}},
		{operation: "forgotPassword", make: func(*stage) target { return target{body: object{"email": "nobody@example.ml"}} }},
		{operation: "resetPassword", make: func(s *stage) target {
			_, email, _ := s.newcomer("candidate")
			code := s.by("official").must(http.StatusCreated, "POST", "/users/reset-codes", object{"login": email, "reason": "no_email"}).member("code")
			return target{body: object{"code": code, "newPassword": "six calebasses de lait caillé"}}
		}},
		plain("listSessions"),
		{operation: "endSessions", make: func(s *stage) target { return target{as: spare(s), body: object{"keepCurrent": true}} }},
		{operation: "endSession", hidden: everyoneBut("candidate"), make: func(s *stage) target {
			c, email, password := s.newcomer("candidate")
			s.by("").login(email, password)
			sessions := read[struct {
				Items []struct {
					ID      string
					Current bool
				}
			}](c, "/me/sessions")
			for _, one := range sessions.Items {
				if !one.Current {
					return target{id: one.ID, as: map[string]*caller{"candidate": c}}
				}
			}
			s.t.Error("no second session")
			return target{}
		}},
		{operation: "changeIdentifier", make: func(s *stage) target {
			return target{body: object{"email": fmt.Sprintf("autre%d@example.ml", s.next())}}
		}},
		plain("confirmIdentifier"), plain("listUsers"), plain("listKeys"), on("rotateKey", "", nil, func(*stage) string { return "login" }),
		{operation: "createUser", make: func(s *stage) target {
			return target{body: object{"email": fmt.Sprintf("cree%d@example.ml", s.next()), "role": "observer"}}
		}},
		on("showUser", "", nil, newcomer), on("disableUser", "", nil, newcomer), on("resetUser", "", nil, newcomer),
		on("enableUser", "", nil, func(s *stage) string {
			id := newcomer(s)
			s.by("admin").must(http.StatusOK, "POST", "/users/"+id+"/disablings", nil)
			return id
		}),
		on("removeUserFactor", "", nil, func(s *stage) string { c, _ := s.factorEnrolled(); return s.account(c) }),
		{operation: "changeUser", make: func(s *stage) target {
			id := newcomer(s)
			return target{id: id, tag: s.tag(s.by("admin"), "/users/"+id), body: object{"role": "observer"}}
		}},
		{operation: "confirmUser", make: func(s *stage) target { return target{id: s.proposed(), body: object{"rev": 1}} }},
		{operation: "rejectUser", make: func(s *stage) target { return target{id: s.proposed()} }},
		{operation: "handOverResetCode", make: func(s *stage) target {
			_, email, _ := s.newcomer("candidate")
			return target{body: object{"login": email, "reason": "no_email"}}
		}},
	}
	return lines
}
