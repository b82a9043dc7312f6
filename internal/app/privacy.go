package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/statistics"
)

// erasuresFile holds the ledger of erasures in the data directory: ids and
// moments only. A copy kept with the backups says what to erase again after
// one of them was restored.
const erasuresFile = "erasures.jsonl"

// buildPrivacy makes the services that hand over, erase and count.
func (a *App) buildPrivacy() {
	s, sv := a.stores, &a.services
	sv.privacy = privacy.NewService(privacy.Deps{
		Ledger: s.erasures, Keep: a.saveErasures, Closer: sv.accounts, Accounts: s.accounts, Profiles: sv.profiles, Applications: sv.applications, Placements: sv.placements, Incidents: sv.incidents,
		Model: a.index, Sessions: sv.auth, Messages: s.out.messages, Codes: s.out.codes, Replays: s.replays, Claims: a.db.Claims(),
		Audit: sv.audit.ledger, Trail: sv.audit.ledger, Rows: s.imports, Recorder: sv.audit.recorder, Fresh: sv.auth.RequireFresh,
		EachProfile: s.profiles.LoadProfiles, Quotas: sv.quotas,
		Now: a.clock.Now,
	})
	sv.statistics = statistics.NewService(statistics.Deps{
		Store: s.statistics, Now: a.clock.Now,
		Source: statistics.Source{Offers: s.offers.LoadOffers, Profiles: s.profiles.LoadProfiles, Applications: s.applications.LoadApplications},
	})
}

// reseal seals what is stored in the clear or under a former key.
func (s stores) reseal(ctx context.Context, log *slog.Logger) error {
	accounts, err := s.accounts.Reseal(ctx)
	if err != nil {
		return err
	}
	profiles, err := s.profiles.Reseal(ctx)
	if err != nil {
		return err
	}
	placements, err := s.placements.Reseal(ctx)
	if err != nil {
		return err
	}
	incidents, err := s.incidents.Reseal(ctx)
	if accounts+profiles+placements+incidents > 0 {
		log.Info("personal fields sealed anew", "accounts", accounts, "profiles", profiles, "placements", placements, "incidents", incidents)
	}
	return err
}

// finishErasures completes what was cut off.
func (a *App) finishErasures(ctx context.Context) error {
	_, err := a.services.privacy.Finish(ctx)
	return errors.Join(err, a.saveErasures(ctx))
}

// erasureLine is an erasure as it is kept outside the database.
type erasureLine struct {
	ID      string    `json:"id"`
	Account string    `json:"account,omitempty"`
	Profile string    `json:"profile,omitempty"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// saveErasures writes the ledger of erasures to its file, the oldest first.
func (a *App) saveErasures(ctx context.Context) error {
	a.erasing.Lock()
	defer a.erasing.Unlock()
	all, err := a.services.privacy.Erasures(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	slices.SortFunc(all, func(x, y privacy.Erasure) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	for _, e := range all {
		if err := lines.Encode(erasureLine{e.ID, string(e.Account), string(e.Profile), e.Reason, e.At}); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(a.options.DataDir, erasuresFile), text.Bytes())
}

// ReapplyErasures erases again what a restored state still holds: from is a
// ledger as it stands in the data directory of the service that went on. It
// says how many were reapplied.
func (a *App) ReapplyErasures(ctx context.Context, from io.Reader) (int, error) {
	var since []privacy.Erasure
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		var e erasureLine
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.ID == "" || e.Account == "" && e.Profile == "" {
			return 0, fault.New(fault.Invalid, "erasures.damaged").Because(fmt.Errorf("line %d", len(since)+1))
		}
		since = append(since, privacy.Erasure{ID: e.ID, Account: account.ID(e.Account), Profile: profile.ID(e.Profile), Reason: e.Reason, At: e.At})
	}
	if err := lines.Err(); err != nil {
		return 0, fmt.Errorf("read erasures: %w", err)
	}
	return a.services.privacy.Reapply(ctx, since)
}

// retain applies the periods of retention and tells what it did.
func (a *App) retain(ctx context.Context) error {
	warned, warning := a.services.privacy.Warn(ctx)
	if warned > 0 {
		a.options.Log.Info("retention", "warned", warned)
	}
	report, err := a.services.privacy.Retain(ctx, false)
	for _, c := range report.Counts {
		a.options.Log.Info("retention", "class", c.Class, "action", string(c.Action), "due", c.Due, "done", c.Done)
	}
	return errors.Join(warning, err)
}

// planRetention tells what retain would do.
func (a *App) planRetention(ctx context.Context) (string, error) {
	report, err := a.services.privacy.Retain(ctx, true)
	return report.String(), err
}
