package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

func (p *program) serve() *cobra.Command {
	var demo bool
	var addressFile string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Long: "Run the service: web pages, API and background jobs. With --demo an empty database is\n" +
			"filled with a fictitious country-sized sample; a database the demo did not make is refused.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.runServer(cmd.Context(), demo, addressFile)
		},
	}
	cmd.Flags().BoolVar(&demo, "demo", false, "fill an empty database with fictitious data and say so on every page")
	cmd.Flags().StringVar(&addressFile, "address-file", "", "write the address of the pages into this file once they are ready")
	return cmd
}

func (p *program) runServer(ctx context.Context, demo bool, addressFile string) error {
	c, err := p.settings(demo)
	if err != nil {
		return err
	}
	options, err := p.options(c, demo)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, options)
	if err != nil {
		return err
	}
	p.greet(a, demo)
	if addressFile != "" {
		if err := writeAddress(addressFile, a.Address()); err != nil {
			_ = a.Close() // the first error is the one to tell
			return err
		}
	}
	return a.Run(ctx)
}

// greet tells a person where to look and, in the demo, how to sign in.
func (p *program) greet(a *app.App, demo bool) {
	for _, line := range a.Notices() {
		fmt.Fprintln(p.stdout, line)
	}
	fmt.Fprintf(p.stdout, "Passerelle is ready: http://%s\n", a.Address())
	if !demo {
		return
	}
	fmt.Fprintf(p.stdout, `Demonstration with fictitious data. Sign in as candidate@demo.test, candidate2@demo.test,
candidate3@demo.test (a contract to answer), candidate4@demo.test (at work abroad), agency@demo.test,
service@demo.test, official@demo.test, official2@demo.test, admin@demo.test or observer@demo.test;
password: %s
Messages and codes are not sent but written to %s
`, a.DemoPassword(), a.MessagesFolder())
}

// writeAddress puts the file in place in one step, so that a reader never
// sees half of it.
func writeAddress(path, address string) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".address")
	if err != nil {
		return err
	}
	if _, err := temporary.WriteString(address); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
