package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

// importCall is one call of the import command.
type importCall struct {
	app.ImportSpec
	path      string
	server    string
	tokenFile string
	errors    string
	keyFile   string
}

func (p *program) importFile() *cobra.Command {
	var call importCall
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import offers or profiles from JSON, JSON lines or CSV (gzip too)",
		Long: "Import offers (schema.org JobPosting or our own columns) or profiles. Rows that cannot be taken\n" +
			"go to an error file with their reasons; the others go in. A stopped import is resumed by the\n" +
			"same call; importing the same file again changes nothing. The directory of an export is loaded\n" +
			"into an empty place, as restore --from-export does.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			call.path = args[0]
			if isExport(call.path) {
				return p.runRestore(cmd.Context(), app.RestoreSpec{Export: call.path, KeyFile: call.keyFile})
			}
			if !slices.Contains([]string{"offers", "profiles"}, call.Kind) {
				return fmt.Errorf("%w: --kind is offers or profiles", errUsage)
			}
			if call.errors == "" {
				call.errors = call.path + ".errors.jsonl"
			}
			return p.runImport(cmd.Context(), call)
		},
	}
	cmd.Flags().StringVar(&call.Kind, "kind", "offers", "offers or profiles")
	cmd.Flags().StringVar(&call.As, "as", "", "e-mail address of the account that imports")
	cmd.Flags().StringVar(&call.Agency, "agency", "", "agency id, when an official imports offers")
	cmd.Flags().BoolVar(&call.DryRun, "dry-run", false, "read and check everything, keep nothing")
	cmd.Flags().StringVar(&call.errors, "errors", "", "file for rejected rows (default FILE.errors.jsonl)")
	cmd.Flags().StringVar(&call.keyFile, "key-file", "", "copy of master.key, when FILE is the directory of an export")
	cmd.Flags().StringVar(&call.server, "server", "", "work through a running service at this URL")
	cmd.Flags().StringVar(&call.tokenFile, "token-file", "", "file with the access token for --server (default PASSERELLE_TOKEN)")
	return cmd
}

func (p *program) runImport(ctx context.Context, call importCall) error {
	work := p.importHere
	if call.server != "" {
		work = p.importThere
	}
	result, err := work(ctx, call)
	if result == nil {
		return err
	}
	if rejected := p.writeErrors(call.errors, result.Errors); err == nil {
		err = rejected
	}
	for _, c := range result.Codes {
		fmt.Fprintf(p.stdout, "  %6d %s\n", c.Count, c.Code)
	}
	fmt.Fprintf(p.stdout, "import %s %s\nrows %d created %d updated %d unchanged %d rejected %d\n",
		result.ID, result.State, result.Rows, result.Created, result.Updated, result.Unchanged, result.Rejected)
	return err
}

// importHere works on the data directory itself.
func (p *program) importHere(ctx context.Context, call importCall) (result *app.ImportResult, err error) {
	if call.As == "" {
		return nil, app.NewError("command.as_required")
	}
	file, err := os.Open(call.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	err = p.withApp(ctx, func(a *app.App) error {
		bar := newBar(p.stderr)
		defer bar.end()
		result, err = a.Import(ctx, call.ImportSpec, file, bar.show)
		return err
	})
	return result, err
}

// writeErrors keeps the rejected rows for the clerk; without any, a file left
// by an earlier run is removed so that it does not mislead.
func (p *program) writeErrors(path string, lines []string) error {
	if len(lines) == 0 {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d rejected rows: %s\n", len(lines), path)
	return nil
}

// bar shows progress on a terminal line, at most ten times a second.
type bar struct {
	w     io.Writer
	last  time.Time
	shown bool
}

func newBar(w io.Writer) *bar { return &bar{w: w} }

func (b *bar) show(read, size int64, rows int) {
	if time.Since(b.last) < 100*time.Millisecond && read < size {
		return
	}
	b.last, b.shown = time.Now(), true
	const width = 30
	filled := width
	if size > 0 {
		filled = int(min(read, size) * width / size)
	}
	fmt.Fprintf(b.w, "\r[%s%s] %d rows", strings.Repeat("#", filled), strings.Repeat(".", width-filled), rows)
}

func (b *bar) end() {
	if b.shown {
		fmt.Fprintln(b.w)
	}
}
