package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

// errTampered makes the verification fail; what is wrong has been printed.
var errTampered = errors.New("the audit log was tampered with")

func (p *program) audit() *cobra.Command {
	group := &cobra.Command{Use: "audit", Short: "The audit log"}
	group.AddCommand(p.auditVerify(), p.auditCheckpoint())
	return group
}

func (p *program) auditVerify() *cobra.Command {
	var files []string
	var server, tokenFile string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing in the audit log, and in the records it speaks of, was changed behind its back",
		Long: "Compute the audit log again from its entries and compare it with the signature of every position and with the\n" +
			"daily checkpoints of the data directory. Then compare every record with the last\n" +
			"entry about it. Name checkpoints kept elsewhere with --checkpoint: only they show that\n" +
			"somebody who could write to the data directory cut off the end. With --server the log of a running service is read\n" +
			"from outside, with the access token of an official or administrator. Exit status 1 when something is wrong.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if server != "" {
				return p.auditVerifyThere(cmd.Context(), server, tokenFile, files)
			}
			return p.withApp(cmd.Context(), func(a *app.App) error {
				report, err := a.VerifyAudit(cmd.Context(), files)
				if err != nil {
					return err
				}
				return p.printAudit(report)
			})
		},
	}
	cmd.Flags().StringArrayVar(&files, "checkpoint", nil, "file with a kept checkpoint; may be repeated")
	cmd.Flags().StringVar(&server, "server", "", "address of a running service, whose log is read from outside")
	cmd.Flags().StringVar(&tokenFile, "token-file", "", "file with the access token for --server (default PASSERELLE_TOKEN)")
	return cmd
}

// auditVerifyThere verifies the log of a running service.
func (p *program) auditVerifyThere(ctx context.Context, server, tokenFile string, files []string) error {
	r, err := p.remote(server, tokenFile)
	if err != nil {
		return err
	}
	report, err := app.VerifyAuditAt(ctx, func(ctx context.Context, path string, into any) error {
		return r.do(ctx, http.MethodGet, path, "", nil, into)
	}, files)
	if err != nil {
		return err
	}
	return p.printAudit(report)
}

func (p *program) printAudit(r app.AuditReport) error {
	if r.Tampered != "" {
		fmt.Fprintln(p.stdout, r.Tampered)
		return errTampered
	}
	_, err := fmt.Fprintf(p.stdout, "audit log: %d entries, nothing changed, removed, inserted or reordered\nroot %s\n%d entries wait to be appended\n",
		r.Entries, r.Root, r.Uncarried)
	if seen := r.Records; seen.Agreed > 0 {
		fmt.Fprintf(p.stdout, "%d records are as their last entry says; %d have entries that wait, %d were erased, %d were never entered\n",
			seen.Agreed, seen.Waiting, seen.Forgotten, seen.Unlogged)
	}
	for _, name := range r.Checkpoints {
		fmt.Fprintf(p.stdout, "agrees with %s\n", name)
	}
	return err
}

func (p *program) auditCheckpoint() *cobra.Command {
	return &cobra.Command{
		Use:   "checkpoint",
		Short: "Print the signed state of the audit log, to be kept elsewhere",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				note, err := a.AuditCheckpoint(cmd.Context())
				if err == nil {
					_, err = fmt.Fprint(p.stdout, note)
				}
				return err
			})
		},
	}
}
