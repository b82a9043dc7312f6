package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/audit"
)

// noteRefusal tells the audit log that somebody was not let in: who, from
// where, to which operation, and why.
func (s *Server) noteRefusal(c *gin.Context, o outcome) {
	if s.opts.Refused == nil || o.status != http.StatusUnauthorized && o.status != http.StatusForbidden {
		return
	}
	actor := ActorOf(c)
	s.opts.Refused(audit.Entry{
		Actor: string(actor.Account), Role: string(actor.Role), Origin: audit.OriginOf(c.ClientIP()),
		Subject: c.Request.Method + " " + c.FullPath(), Reason: o.code,
	})
}
