package api

import (
	"context"
	"encoding/base64"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/listing"
)

// AuditLog is the log as its readers need it.
type AuditLog interface {
	Entries(ctx context.Context, actor account.Actor, q audit.Query, page listing.Page) (listing.Result[audit.Record], error)
	Checkpoint(ctx context.Context, actor account.Actor) (audit.Checkpoint, error)
	Proof(ctx context.Context, actor account.Actor, index int64) (audit.Proof, error)
}

// RegisterAudit adds the operations on the audit log.
func RegisterAudit(a *API, log AuditLog) {
	h := &auditOperations{log}
	Register(a, Op[listAudit, List[auditEntryJSON]]{
		Method: "GET", Path: "/audit/entries", ID: "listAuditEntries", Summary: "List the audit log, newest first",
		Description: "Entries hold ids, names of fields and codes, never the content of a field. An entry appears a few seconds after the action.",
		Permission:  "audit.read", Handle: h.list,
	})
	Register(a, Op[struct{}, checkpointJSON]{
		Method: "GET", Path: "/audit/checkpoint", ID: "showAuditCheckpoint", Summary: "Read the signed state of the audit log",
		Description: "The note is a signed note (Ed25519) with origin, number of entries, Merkle root (RFC 6962) and time. Kept elsewhere, it shows later that nothing before it was changed or cut off.",
		Permission:  "audit.read", Handle: h.checkpoint,
	})
	Register(a, Op[showProof, proofJSON]{
		Method: "GET", Path: "/audit/entries/{n}/proof", ID: "proveAuditEntry", Summary: "Prove that an entry is part of the signed log",
		Description: "SHA-256 of a zero byte and the leaf is the leaf hash; with the hashes of the path (RFC 6962) it gives the root of the checkpoint.",
		Permission:  "audit.read", Handle: h.proof,
	})
}

type auditOperations struct{ log AuditLog }

type listAudit struct {
	Page
	Subject string    `query:"subject" validate:"omitempty,max=100,line" doc:"id of the record or account, or name of the operation, it is about"`
	Actor   string    `query:"actor" validate:"omitempty,max=100,line" doc:"account that did it, or system"`
	Action  string    `query:"action" validate:"omitempty,max=60,line" doc:"whole action, or its first part" example:"offer.publish"`
	From    time.Time `query:"from" doc:"RFC 3339, inclusive"`
	To      time.Time `query:"to" doc:"RFC 3339, exclusive"`
}

type auditEntryJSON struct {
	Index      int64     `json:"index" doc:"position in the log, from 0"`
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Actor      string    `json:"actor,omitempty" doc:"absent = nobody signed in"`
	Role       string    `json:"role,omitempty"`
	Action     string    `json:"action" example:"offer.publish"`
	Subject    string    `json:"subject"`
	SubjectRev int64     `json:"subjectRev,omitempty" doc:"revision of the record after the action"`
	Reason     string    `json:"reason,omitempty"`
	Fields     []string  `json:"fields" doc:"names of the changed members"`
	Origin     string    `json:"origin,omitempty" doc:"network it came from; absent for jobs and commands"`
	Count      int64     `json:"count" doc:"how many alike are meant"`
	Digest     string    `json:"digest,omitempty" doc:"HMAC-SHA-256 of the record under its own key, base64"`
}

func auditEntryOf(r audit.Record) auditEntryJSON {
	fields := r.Fields
	if fields == nil {
		fields = []string{}
	}
	return auditEntryJSON{
		Index: r.Index, ID: r.ID, At: r.At, Actor: r.Actor, Role: r.Role, Action: r.Action, Subject: r.Subject,
		SubjectRev: r.Rev, Reason: r.Reason, Fields: fields, Origin: r.Origin, Count: max(r.Count, 1),
		Digest: base64.StdEncoding.EncodeToString(r.MAC),
	}
}

func (h *auditOperations) list(ctx context.Context, c *Call, in *listAudit) (List[auditEntryJSON], error) {
	q := audit.Query{Subject: in.Subject, Actor: in.Actor, Action: in.Action, From: in.From, To: in.To}
	result, err := h.log.Entries(ctx, c.Actor, q, in.Listing())
	if err != nil {
		return List[auditEntryJSON]{}, err
	}
	return NewList(c, result, auditEntryOf), nil
}

type checkpointJSON struct {
	Size int64     `json:"size" doc:"number of entries"`
	Root string    `json:"root" doc:"base64"`
	At   time.Time `json:"at"`
	Note string    `json:"note" doc:"signed note: the text to keep"`
}

func checkpointOf(c audit.Checkpoint) checkpointJSON {
	return checkpointJSON{Size: c.Size, Root: c.Root.String(), At: c.At, Note: c.Note}
}

func (h *auditOperations) checkpoint(ctx context.Context, c *Call, _ *struct{}) (checkpointJSON, error) {
	head, err := h.log.Checkpoint(ctx, c.Actor)
	return checkpointOf(head), err
}

type showProof struct {
	N int64 `path:"n" doc:"position in the log, from 0"`
}

type proofJSON struct {
	Index      int64          `json:"index"`
	TreeSize   int64          `json:"treeSize"`
	Leaf       string         `json:"leaf" doc:"canonical text of the entry: JSON, members in alphabetical order"`
	LeafHash   string         `json:"leafHash" doc:"base64"`
	Hashes     []string       `json:"hashes" doc:"path from the leaf to the root, base64"`
	Checkpoint checkpointJSON `json:"checkpoint"`
}

func (h *auditOperations) proof(ctx context.Context, c *Call, in *showProof) (proofJSON, error) {
	p, err := h.log.Proof(ctx, c.Actor, in.N)
	if err != nil {
		return proofJSON{}, err
	}
	out := proofJSON{Index: p.Index, TreeSize: p.Checkpoint.Size, Leaf: p.LeafText, LeafHash: p.LeafHash.String(),
		Hashes: make([]string, len(p.Path)), Checkpoint: checkpointOf(p.Checkpoint)}
	for i, hash := range p.Path {
		out.Hashes[i] = hash.String()
	}
	return out, nil
}
