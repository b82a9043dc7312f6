package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

// restoreCall is one call of the restore command.
type restoreCall struct {
	app.RestoreSpec
	check bool
}

func (p *program) restore() *cobra.Command {
	var call restoreCall
	cmd := &cobra.Command{
		Use:   "restore FILE | restore --from-export DIR",
		Short: "Put a backup or an export into an empty place and verify it",
		Long: "Put a backup or an export into an empty place: the data directory, or the MongoDB database of the settings.\n" +
			"Documents are compared with the manifest on the way in and again in the database, the index with the documents,\n" +
			"and the audit log with its signatures, before anything can be used. Cut short anywhere, nothing half is left to\n" +
			"start with, and the same call begins again. The master key comes from the settings, or from a copy of master.key\n" +
			"named with --key-file, which is then put into the data directory. With --check nothing is written.",
		Args: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (call.Export != "") || len(args) > 1 {
				return fmt.Errorf("%w: name one backup, or an export with --from-export", errUsage)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				call.Backup = args[0]
			}
			if call.check {
				return p.checkBackup(call)
			}
			return p.runRestore(cmd.Context(), call.RestoreSpec)
		},
	}
	cmd.Flags().StringVar(&call.Export, "from-export", "", "directory that passerelle export has written")
	cmd.Flags().StringVar(&call.KeyFile, "key-file", "", "copy of master.key (default: the master key of the settings)")
	cmd.Flags().StringVar(&call.Erasures, "erasures", "", "erasures.jsonl of the service that went on: who was erased since is erased again")
	cmd.Flags().BoolVar(&call.check, "check", false, "read the whole backup and verify it, write nothing")
	return cmd
}

func (p *program) checkBackup(call restoreCall) error {
	if call.Backup == "" {
		return fmt.Errorf("%w: --check is for a backup", errUsage)
	}
	c, err := p.settings(false)
	if err != nil {
		return err
	}
	options, err := p.options(c, false)
	if err != nil {
		return err
	}
	found, err := app.CheckBackup(call.Backup, options.MasterKey, call.KeyFile)
	if err != nil {
		return err
	}
	p.printOrigin(found)
	p.printKept(found.Kept)
	_, err = fmt.Fprintln(p.stdout, "the backup is whole")
	return err
}

func (p *program) runRestore(ctx context.Context, spec app.RestoreSpec) error {
	c, err := p.settings(false)
	if err != nil {
		return err
	}
	options, err := p.options(c, false)
	if err != nil {
		return err
	}
	done, err := app.Restore(ctx, options, spec)
	if err != nil {
		return err
	}
	p.printOrigin(done)
	p.printKept(done.Kept)
	for _, n := range done.Index {
		fmt.Fprintf(p.stdout, "index: %-14s %8d of %d\n", n.Name, n.Found, n.Stored)
	}
	fmt.Fprintf(p.stdout, "audit log: %d entries verified, %d wait to be appended\n", done.Audit.Entries, done.Audit.Uncarried)
	if spec.Erasures != "" {
		fmt.Fprintf(p.stdout, "erasures: %d applied again\n", done.Erased)
	} else {
		fmt.Fprintln(p.stderr, "No ledger of erasures was given. Who asked to be erased after this backup was made is in it again: name the\nlast erasures.jsonl with --erasures.")
	}
	where := c.DataDir
	if c.MongoDBURI != "" {
		where = "the MongoDB database " + c.MongoDBName
	}
	_, err = fmt.Fprintf(p.stdout, "restored into %s; every document as in the manifest\n", where)
	return err
}

func (p *program) printOrigin(r app.Restored) {
	fmt.Fprintf(p.stdout, "made %s by passerelle %s, schema %d\n", r.CreatedAt.Format(time.RFC3339), r.Program, r.Schema)
}

// isExport reports whether a path is an export's directory, which import takes
// as well.
func isExport(path string) bool {
	_, err := os.Stat(filepath.Join(path, "manifest.json"))
	return err == nil
}
