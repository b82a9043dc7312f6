package app

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/text"
)

// ExportConsents writes the ledger of consents as CSV with a header, for the
// data protection authority: ids, purposes, versions, moments and channels. The
// account of that address must be entitled to read the audit log, which keeps
// that it was done. It says how many lines there are.
func (a *App) ExportConsents(ctx context.Context, as string, out io.Writer) (int, error) {
	actor, err := a.actAs(ctx, as)
	if err != nil {
		return 0, err
	}
	lines, err := a.services.privacy.Consents(ctx, actor)
	if err != nil {
		return 0, err
	}
	rows := [][]string{{"profile", "account", "purpose", "processing", "given", "version", "at", "channel", "by"}}
	for _, l := range lines {
		row := []string{string(l.Profile), string(l.Account), l.Purpose, strings.Join(l.For, " "), strconv.FormatBool(l.Given),
			l.Version, l.At.UTC().Format(time.RFC3339), l.Channel, string(l.By)}
		for i := range row {
			row[i] = text.Cell(row[i])
		}
		rows = append(rows, row)
	}
	return len(lines), csv.NewWriter(out).WriteAll(rows)
}
