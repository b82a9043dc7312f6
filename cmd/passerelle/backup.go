package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

func (p *program) backup() *cobra.Command {
	var server, tokenFile string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write everything into one encrypted file, also while the service runs",
		Long: "Write everything into one encrypted file, which must not exist yet: the state of one moment, with all that was\n" +
			"acknowledged before. The file opens with the master key only, and never holds it: keep a copy of master.key, or of\n" +
			"what PASSERELLE_MASTER_KEY holds, in another place. Without --server the data directory must not be in use; while\n" +
			"the service runs, give --server with the address of its administrators' listener (by default\n" +
			"http://127.0.0.1:8081) and an administrator's access token.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if server != "" {
				return p.backupThere(cmd.Context(), args[0], server, tokenFile)
			}
			if err := p.mustHoldData(); err != nil {
				return err
			}
			return p.withApp(cmd.Context(), func(a *app.App) error {
				kept, err := a.Backup(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				p.printKept(kept)
				_, err = fmt.Fprintf(p.stdout, "backup %s\n", args[0])
				return err
			})
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "address of the administrators' listener of a running service")
	cmd.Flags().StringVar(&tokenFile, "token-file", "", "file with the access token for --server (default PASSERELLE_TOKEN)")
	return cmd
}

// mustHoldData refuses a data directory that holds nothing: opening it would
// make an empty database there, and a mistyped path a worthless backup.
func (p *program) mustHoldData() error {
	c, err := p.settings(false)
	if err != nil || c.MongoDBURI != "" {
		return err
	}
	files, err := filepath.Glob(filepath.Join(c.DataDir, "*.sqlite"))
	if err == nil && len(files) == 0 {
		err = app.NewError("backup.nothing")
	}
	return err
}

// backupThere has a running service make the backup, and checks that it came
// whole. Nothing needs the master key here.
func (p *program) backupThere(ctx context.Context, path, server, tokenFile string) error {
	r, err := p.remote(server, tokenFile)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	size, err := r.fetch(ctx, "/backups", f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	_, err = fmt.Fprintf(p.stdout, "backup %s, %d bytes\n", path, size)
	return err
}

// fetch writes the answer to a POST into w and compares it with its digest.
func (r *remote) fetch(ctx context.Context, path string, w io.Writer) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+path, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	answer, err := r.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		var problem struct{ Code string }
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
		_ = json.Unmarshal(text, &problem) // an answer that is no problem document is told by its status
		return 0, fmt.Errorf("the service answers %s: %s", answer.Status, problem.Code)
	}
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(w, sum), answer.Body)
	if err != nil {
		return size, err
	}
	if said := answer.Header.Get("Repr-Digest"); said != "sha-256=:"+base64.StdEncoding.EncodeToString(sum.Sum(nil))+":" {
		return size, errors.New("the backup did not come as it was sent, or the address is not that of the administrators' listener")
	}
	return size, nil
}

func (p *program) printKept(k app.Kept) {
	for _, c := range k.Collections {
		fmt.Fprintf(p.stdout, "  %-14s %8d  %s\n", c.Name, c.Count, c.SHA256)
	}
	fmt.Fprintf(p.stdout, "%d documents, %d files, sha256 %s\n", k.Documents, k.Files, k.Total)
}

func (p *program) export() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write everything into a new directory as plain JSON lines, to move to another engine",
		Long: "Write everything into a new directory: a file of canonical extended JSON for each collection and a manifest with\n" +
			"counts and hashes. It is not encrypted: keep it in a safe place and destroy it afterwards. Load it with\n" +
			"passerelle restore --from-export DIR into an empty data directory, or into an empty MongoDB database.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.mustHoldData(); err != nil {
				return err
			}
			return p.withApp(cmd.Context(), func(a *app.App) error {
				kept, err := a.Export(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				p.printKept(kept)
				fmt.Fprintln(p.stderr, "The export is not encrypted: whoever reads it reads the data of every person.")
				_, err = fmt.Fprintf(p.stdout, "export %s\n", args[0])
				return err
			})
		},
	}
	cmd.AddCommand(p.exportConsents())
	return cmd
}
