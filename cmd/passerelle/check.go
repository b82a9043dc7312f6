package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

// errInconsistent makes the check fail; what it found has been printed.
var errInconsistent = errors.New("records do not agree with each other")

func (p *program) check() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Read every record and look whether all agree with each other",
		Long: "Read every record and look whether places and selections agree, whether every record belongs to one that is\n" +
			"there, and whether every change has its audit entry. First, places left over by a crash are repaired, as the\n" +
			"service does at its start. Exit status 1 when something is found.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				if err := a.RunJob(cmd.Context(), "repair-places"); err != nil {
					return err
				}
				found, err := a.CheckConsistency(cmd.Context())
				if err != nil {
					return err
				}
				for _, line := range found.Findings {
					fmt.Fprintln(p.stdout, line)
				}
				fmt.Fprintf(p.stdout, "records %d places %d audit entries %d findings %d\n", found.Records, found.Places, found.Entries, len(found.Findings))
				if len(found.Findings) > 0 {
					return errInconsistent
				}
				return nil
			})
		},
	}
}
