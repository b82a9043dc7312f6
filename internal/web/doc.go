// Package web is the kernel under the JSON API and the pages: the gin engine,
// the middleware stack, the guard, and the one table that turns faults into
// HTTP statuses and RFC 9457 problem documents.
//
// While there is no room, requests are refused before anything else. The
// others pass, in this order: HEAD as GET, compression of the answer,
// request id, access log and metrics, recovery, security headers, language,
// hygiene (path, URL length, request coding), rate limit by address, body
// limit, room (load shedding, once the body is here). The guard then
// identifies the caller and asks the permission table before anything of the
// request is parsed.
//
// Nothing personal is logged: no path, query, address, account or body; a
// request is found by its id, its route pattern and its status.
package web
