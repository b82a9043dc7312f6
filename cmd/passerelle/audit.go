package main

import (
	"errors"
	"fmt"

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
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing in the audit log was changed, removed, inserted, reordered or cut off",
		Long: "Compute the audit log again from its entries and compare it with the signature of every position and with the\n" +
			"daily checkpoints of the data directory. Name checkpoints kept elsewhere with --checkpoint: only they show that\n" +
			"somebody who could write to the data directory cut off the end. Exit status 1 when something is wrong.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
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
	return cmd
}

func (p *program) printAudit(r app.AuditReport) error {
	if r.Tampered != "" {
		fmt.Fprintln(p.stdout, r.Tampered)
		return errTampered
	}
	_, err := fmt.Fprintf(p.stdout, "audit log: %d entries, nothing changed, removed, inserted or reordered\nroot %s\n%d entries wait to be appended\n",
		r.Entries, r.Root, r.Uncarried)
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
