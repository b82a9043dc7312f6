package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

func (p *program) exportConsents() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "consents FILE",
		Short: "Write the ledger of consents into a new CSV file, for the data protection authority",
		Long: "Write every decision about a consent into a new CSV file: ids of profile and account, purpose, what rests on it,\n" +
			"given or not, version of the wording, moment, channel, and who noted it. It names nobody. The audit log keeps that\n" +
			"the account of --as, an official or administrator, did it.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.mustHoldData(); err != nil {
				return err
			}
			return p.withApp(cmd.Context(), func(a *app.App) error {
				file, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
				if err != nil {
					return err
				}
				lines, err := a.ExportConsents(cmd.Context(), as, file)
				if err = errors.Join(err, file.Close()); err != nil {
					return errors.Join(err, os.Remove(args[0]))
				}
				_, err = fmt.Fprintf(p.stdout, "consents %d\n", lines)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "e-mail address of the official or administrator who does this")
	return cmd
}
