// Package site is the server-rendered face of the service: public search and
// offer pages, sign-in, and one room each for candidates, agencies and
// officials. It speaks to the same services as the JSON API, needs no script
// in the browser, and keeps nothing between requests but what memory may lose:
// parsed templates, the renewals of the last seconds, and for half an hour what
// was typed into forms whose session had ended, that were too large, or whose
// button nobody has pressed yet.
//
// A page is a struct of plain values; a template shows it; a handler loads,
// asks one service, and redirects or renders. Every template, every asset and
// every message is embedded, declared and checked when the Site is made, so
// that a missing one stops the program instead of a visitor.
package site
