package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

func (p *program) key() *cobra.Command {
	group := &cobra.Command{Use: "key", Short: "Keys of tokens, seals and fields", Args: known, RunE: help}
	group.AddCommand(p.keyList(), p.keyRotate())
	return group
}

func (p *program) keyList() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the keys, never their secrets",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				keys, err := a.Keys(cmd.Context(), as)
				if err != nil {
					return err
				}
				return p.showKeys(keys)
			})
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "e-mail address of the administrator who does this")
	return cmd
}

func (p *program) showKeys(keys []app.Key) error {
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tSTATE\tCREATED\tGOOD UNTIL")
	for _, k := range keys {
		until := "always"
		if !k.NotAfter.IsZero() {
			until = k.NotAfter.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", k.KID, k.State, k.CreatedAt.UTC().Format(time.RFC3339), until)
	}
	return table.Flush()
}

func (p *program) keyRotate() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "rotate PURPOSE",
		Short: "Make a new key of a purpose; what the old one signed stays good until it would have run out",
		Long: "Make a new key of a purpose: login, seal, clearance, checkpoint, cursor, csrf, mfa, field, subject, code or ticket.\n" +
			"The old key signs no more. What it signed or sealed stays good: tokens until they run out, seals and sealed fields always.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				kid, err := a.RotateKey(cmd.Context(), as, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.stdout, "new key %s\n", kid)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "e-mail address of the administrator who does this")
	return cmd
}
