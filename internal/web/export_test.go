package web

import "net/http"

// HTTPServer gives the server that Serve would run.
func (s *Server) HTTPServer() *http.Server { return s.httpServer() }
