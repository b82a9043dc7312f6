// Command passerelle runs the professional-migration job-offer information
// system: the service with its pages and API, and the commands of its
// operators. One file per subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the linker.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// program is what every subcommand shares.
type program struct {
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
	configFile     string
	dataDir        string
}

// errUsage marks mistakes in the call itself.
var errUsage = errors.New("usage")

// run executes one call of the program: 0 when it did what was asked, 1 when
// it failed, 2 when the call was wrong.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{environ: environ, stdin: stdin, stdout: stdout, stderr: stderr}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(stderr, "passerelle: %v\nSee passerelle --help.\n", err)
		return 2
	default:
		fmt.Fprintf(stderr, "passerelle: %s\n", explain(err))
		return 1
	}
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "passerelle",
		Short:         "Job offers, profiles and placements of professional migration from Mali",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          known,
		RunE:          help,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	root.PersistentFlags().StringVar(&p.configFile, "config", "", "YAML file with settings")
	root.PersistentFlags().StringVar(&p.dataDir, "data-dir", "", "directory of the embedded database (overrides the settings)")
	root.AddCommand(p.serve(), p.importFile(), p.user(), p.key(), p.job(), p.audit(), p.check(), p.backup(), p.restore(), p.export(), p.showConfig(), p.showVersion(), p.probe())
	return root
}

// known refuses the name of a command that there is not as a usage mistake.
func known(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return nil
}

func help(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// exactly wants n arguments and calls a wrong number a usage mistake.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return fmt.Errorf("%w: %w", errUsage, err)
		}
		return nil
	}
}
