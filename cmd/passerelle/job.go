package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

// withApp opens the application for one command, without serving anything.
// The data directory's lock is taken; while a server holds it, the error says
// so and names --server.
func (p *program) withApp(ctx context.Context, work func(*app.App) error) (err error) {
	c, err := p.settings(false)
	if err != nil {
		return err
	}
	options, err := p.options(c, false)
	if err != nil {
		return err
	}
	options.Offline = true
	a, err := app.New(ctx, options)
	if err != nil {
		return err
	}
	for _, line := range a.Notices() {
		fmt.Fprintln(p.stderr, line)
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	return work(a)
}

func (p *program) job() *cobra.Command {
	group := &cobra.Command{Use: "job", Short: "Background jobs", Args: known, RunE: help}
	dry := false
	run := &cobra.Command{
		Use:   "run NAME",
		Short: "Run one job once",
		Long:  "Run one job once: " + strings.Join(app.JobNames(), ", ") + ".",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				if dry {
					plan, err := a.PlanJob(cmd.Context(), args[0])
					if err == nil {
						_, err = fmt.Fprint(p.stdout, plan)
					}
					return err
				}
				if err := a.RunJob(cmd.Context(), args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.stdout, "job %s: done\n", args[0])
				return err
			})
		},
	}
	run.Flags().BoolVar(&dry, "dry-run", false, "say what the job would do, and change nothing")
	group.AddCommand(run)
	return group
}
