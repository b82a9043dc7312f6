package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

// probe asks an address and succeeds on 200: the health check of images that
// hold nothing but this program.
func (p *program) probe() *cobra.Command {
	return &cobra.Command{
		Use:   "probe URL",
		Short: "Ask an address and succeed when it answers 200",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			request, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, args[0], nil)
			if err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			client := &http.Client{Timeout: 10 * time.Second}
			answer, err := client.Do(request)
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			n, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 10<<20))
			if err == nil && answer.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s answers %s", args[0], answer.Status)
			}
			if err == nil {
				fmt.Fprintf(p.stdout, "%s: 200, %d bytes\n", args[0], n)
			}
			return err
		},
	}
}
