// Package internal is the house of Passerelle; this page is its map.
//
// Rooms, from the street to the cellar:
//
//	cmd/passerelle   command line; reads config; starts app
//	app              composition root: options → store → index → services → web + jobs
//	web              HTTP engine, middleware, guard, fault → status table
//	  web/rules      validation rules by name, for the API, the forms and the schema
//	  web/posting    an offer as schema.org JobPosting, for the API and the pages
//	  web/locale     message catalogues
//	  web/sheet      tables as CSV and XLSX (only excelize)
//	  web/api        JSON: operations, inputs, outputs, OpenAPI
//	  web/site       pages: templates, forms, locale, style
//	jobs             background work; each job can be run once by hand
//	demo             a believable, fictitious country-sized sample
//	auth             passwords, tokens, sessions, keys, second factor (only golang-jwt, otp)
//	notify           e-mail and SMS: texts, senders, the queue (only go-mail)
//	  notify/mailtest a mail server, for tests
//	ledger           the audit log: tree, checkpoints, proofs, verifier (only x/mod/sumdb)
//	collect          readers of other people's files
//	backup           the encrypted backup file and the plain export
//	store            one file per aggregate, migrations       (only mongo-driver)
//	  store/embedded the embedded engine                      (only FerretDB, SQLite)
//	  store/storetest Open for tests, contract suite
//	index            read model: search, match, lists, counts (only stemmers)
//	domain           rules; standard library only, no I/O, no clock
//	  domain/lifecycle/lifecycletest aggregates in memory, for tests
//
// Inside domain the rooms are a DAG, lowest first:
//
//	fault → text → ref → audit → listing → message → account → lifecycle
//	→ agreement → corridor → agency → employer → offer, profile → match → application
//	→ intake, placement → incident → assignment → report, privacy, statistics
//
// Arrows point only down, and arch_test.go is the law. Truth lives in the
// store, one document per aggregate; every list, search and match is answered
// by the index, which is updated inside each acknowledged write.
//
// Reading order: domain/offer, app/build.go, the route tables of web/api.
package internal
