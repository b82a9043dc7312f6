package main

import (
	"strings"

	"passerelle/internal/app"
)

// hints says what to do about the faults an operator meets.
var hints = map[string]string{
	"store.locked":         "the data directory is in use by another process; stop it, or give --server URL to work through the running service",
	"store.schema_newer":   "this database was written by a newer version of passerelle; use that version",
	"demo.foreign":         "this database was not made by serve --demo; name another --data-dir for the demonstration",
	"demo.database":        "this database was made by serve --demo; start it with --demo, or name another --data-dir",
	"account.unknown":      "no account with that address; see passerelle user create",
	"account.admin.exists": "an administrator exists already; name one with --as",
	"command.as_required":  "name the account that does this with --as EMAIL",
	"auth.forbidden":       "the account named with --as may not do this",
	"job.not_found":        "no job of that name; passerelle job run --help lists them",
	"import.empty":         "the file holds no record",
	"import.not_agency":    "offers are imported for an agency: use --as with one of its members, or --agency ID",
	"store.restoring":      "a restore into this database was cut short; run it again",
	"store.not_empty":      "a restore needs an empty place: name another --data-dir, or an empty MongoDB database",
	"restore.mount":        "a disk is mounted at this data directory, so it cannot be put in place in one step; name a directory inside it",
	"backup.exists":        "the name is taken; nothing is overwritten, name another",
	"backup.nothing":       "there is no database in this data directory; see --data-dir",
	"backup.key":           "this backup was made with another master key; give the right one with --key-file or PASSERELLE_MASTER_KEY",
	"backup.format":        "this is neither a backup nor an export",
	"backup.version":       "this backup was written by a newer version of passerelle; use that version",
	"backup.damaged":       "the backup or export was altered or cut off; nothing was restored",
	"audit.checkpoint":     "the file is no checkpoint of this log, or it was altered",
	"key.not_found":        "there is no such purpose, or its keys are never rotated; see passerelle key rotate --help",
	"key.master.missing":   "the master key is missing: set PASSERELLE_MASTER_KEY, or name a copy of master.key with --key-file",
	"job.no_plan":          "this job cannot say beforehand what it would do; --dry-run is for retention",
	"key.master.wrong":     "the master key does not open this database's keys; restore the right PASSERELLE_MASTER_KEY or master.key",
}

// explain words an error for a person at a terminal: the hint, and the chain
// of causes for whoever has to look deeper.
func explain(err error) string {
	hint, ok := hints[app.Code(err)]
	if !ok {
		return err.Error()
	}
	return hint + "\n  (" + strings.ReplaceAll(err.Error(), "\n", " ") + ")"
}
