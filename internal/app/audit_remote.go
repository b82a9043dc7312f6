package app

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/audit"
	"passerelle/internal/ledger"
)

// Fetch reads one answer of a running service, by its path, as JSON.
type Fetch func(ctx context.Context, path string, into any) error

// signedState is a checkpoint with where it comes from.
type signedState struct {
	name string
	audit.Checkpoint
}

// VerifyAuditAt checks the audit log of a running service from outside: all
// entries are read, the tree is computed again from them, and compared with
// the service's signed state and with the checkpoints in the named files. That
// every entry is in the tree, and that the tree only grew since those files
// were kept, follows from it. It costs one request for each hundred entries.
func VerifyAuditAt(ctx context.Context, fetch Fetch, files []string) (AuditReport, error) {
	keys, err := publishedKeys(ctx, fetch)
	if err != nil {
		return AuditReport{}, err
	}
	states, err := signedStates(ctx, fetch, keys, files)
	if err != nil {
		return AuditReport{}, err
	}
	var sizes []int64
	for _, s := range states {
		sizes = append(sizes, s.Size)
	}
	leaves, err := fetchLeaves(ctx, fetch, slices.Max(sizes))
	if err != nil {
		return AuditReport{}, err
	}
	replay := ledger.NewReplay(sizes...)
	for _, leaf := range leaves {
		replay.Add(leaf)
	}
	report := AuditReport{Entries: replay.Size()}
	agreed := int64(0)
	for _, s := range states {
		if wrong := replay.Compare(s.name, s.Checkpoint, agreed); wrong != nil {
			report.Tampered = wrong.Error()
			return report, nil
		}
		agreed, report.Root = s.Size, s.Root.String()
		report.Checkpoints = append(report.Checkpoints, s.name)
	}
	return report, nil
}

// publishedKeys reads the keys of checkpoints from the service's key set.
func publishedKeys(ctx context.Context, fetch Fetch) (ledger.Published, error) {
	var set struct{ Keys []struct{ KID, X string } }
	if err := fetch(ctx, "/.well-known/jwks.json", &set); err != nil {
		return nil, err
	}
	keys := ledger.Published{}
	for _, k := range set.Keys {
		raw, err := base64.RawURLEncoding.DecodeString(k.X)
		if strings.HasPrefix(k.KID, string(auth.Checkpoint)+"-") && err == nil && len(raw) == ed25519.PublicKeySize {
			keys[k.KID] = raw
		}
	}
	return keys, nil
}

// signedStates gives the kept checkpoints and the service's own, the shortest
// first.
func signedStates(ctx context.Context, fetch Fetch, keys ledger.Published, files []string) ([]signedState, error) {
	var head struct{ Note string }
	if err := fetch(ctx, "/api/v1/audit/checkpoint", &head); err != nil {
		return nil, err
	}
	texts := map[string][]byte{"the service": []byte(head.Note)}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("checkpoint: %w", err)
		}
		texts[filepath.Base(path)] = text
	}
	var states []signedState
	for name, text := range texts {
		c, err := ledger.ReadSigned(text, keys)
		if err != nil {
			return nil, fmt.Errorf("checkpoint of %s: %w", name, err)
		}
		states = append(states, signedState{name, c})
	}
	slices.SortFunc(states, func(a, b signedState) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), strings.Compare(a.name, b.name))
	})
	return states, nil
}

// remoteEntry is an entry as the service shows it.
type remoteEntry struct {
	Index                                                    int64
	ID, Actor, Role, Action, Subject, Reason, Origin, Digest string
	At                                                       time.Time
	SubjectRev, Count                                        int64
	Fields                                                   []string
}

func (e remoteEntry) leaf() (audit.Leaf, error) {
	mac, err := base64.StdEncoding.DecodeString(e.Digest)
	if err != nil {
		return audit.Leaf{}, fmt.Errorf("entry %d: %w", e.Index, err)
	}
	return audit.Leaf{MAC: mac, Entry: audit.Entry{
		ID: e.ID, At: e.At, Actor: e.Actor, Role: e.Role, Action: e.Action, Subject: e.Subject, Rev: e.SubjectRev,
		Reason: e.Reason, Fields: e.Fields, Origin: e.Origin, Count: e.Count,
	}}, nil
}

// fetchLeaves reads the first entries of the log, up to that many; the list is
// the newest first, and ends early where the service holds fewer.
func fetchLeaves(ctx context.Context, fetch Fetch, size int64) ([]audit.Leaf, error) {
	var leaves []audit.Leaf
	for cursor := ""; ; {
		var page struct {
			Items      []remoteEntry
			NextCursor string
		}
		path := "/api/v1/audit/entries?limit=100"
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		if err := fetch(ctx, path, &page); err != nil {
			return nil, err
		}
		for _, e := range page.Items {
			if e.Index >= size {
				continue
			}
			leaf, err := e.leaf()
			if err != nil {
				return nil, err
			}
			leaves = append(leaves, leaf)
		}
		if cursor = page.NextCursor; cursor == "" {
			slices.Reverse(leaves)
			return leaves, nil
		}
	}
}
