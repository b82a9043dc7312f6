package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/ref"
)

// RegisterPrivacy adds the export and the erasure of one's own data, and the
// register of processing.
func RegisterPrivacy(a *API, service *privacy.Service) {
	h := &privacyOperations{service}
	Register(a, Op[struct{}, exportJSON]{
		Method: "GET", Path: "/me/export", ID: "exportMe", Summary: "Take all one's own data away",
		Description: "Everything that is kept about the caller, with what it is kept for, for whom and how long. Takes a recent proof of the password, see /auth/reauthentication.",
		Permission:  "me.export", Handle: h.export,
	})
	Register(a, Op[struct{}, NoContent]{
		Method: "DELETE", Path: "/me", ID: "deleteMe", Summary: "Erase one's own account and everything about oneself",
		Description: "There is no way back. Applications that run are withdrawn; the file of a person who was selected is kept without a name. Whoever is about to leave, or abroad, cancels or ends the placement first; the last administrator stays. Takes a recent proof of the password, see /auth/reauthentication.",
		Permission:  "me.delete", Also: []int{409}, Handle: h.erase,
	})
	Register(a, Op[listProcessing, List[processingJSON]]{
		Method: "GET", Path: "/reference/processing", ID: "listProcessing", Summary: "Register of processing of personal data",
		Description: "What is kept about people, why, on which legal basis, for whom and how long. The retention job follows the same table.",
		Permission:  "reference.read", Handle: listRegister,
	})
}

type privacyOperations struct{ service *privacy.Service }

// exportJSON is everything kept about one person.
type exportJSON struct {
	ExportedAt   time.Time         `json:"exportedAt"`
	Account      me                `json:"account"`
	Profile      *profileView      `json:"profile,omitempty"`
	Consents     []profileConsent  `json:"consents" doc:"every decision, oldest first"`
	Accesses     []profileAccess   `json:"accesses" doc:"who read the identity, newest first"`
	Applications []applicationView `json:"applications"`
	Placements   []placementJSON   `json:"placements" doc:"with contracts, list of documents, costs and history; contents of documents are read one by one"`
	Incidents    []incidentView    `json:"incidents" doc:"reported from the account"`
	Messages     []exportedMessage `json:"messages" doc:"sent to the person, or waiting; texts are made from the template when they are sent and not kept"`
	Sessions     []exportedSession `json:"sessions"`
	Trail        []exportedEntry   `json:"trail" doc:"what the person did, and what others did with the person's records"`
	Processing   []processingJSON  `json:"processing" doc:"what it is kept for, for whom and how long"`
}

type exportedMessage struct {
	Channel  string            `json:"channel" example:"email"`
	Template string            `json:"template" example:"password.changed"`
	Args     map[string]string `json:"args,omitempty"`
	State    string            `json:"state" example:"sent"`
	At       time.Time         `json:"at"`
}

type exportedSession struct {
	Device    string    `json:"device"`
	CreatedAt time.Time `json:"createdAt"`
	UsedAt    time.Time `json:"usedAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	EndedAt   time.Time `json:"endedAt,omitzero"`
	Reason    string    `json:"reason,omitempty"`
}

type exportedEntry struct {
	Index   int64     `json:"index" doc:"position in the audit log"`
	At      time.Time `json:"at"`
	Mine    bool      `json:"mine" doc:"the person did it"`
	Role    string    `json:"role,omitempty" doc:"of whoever did it"`
	Action  string    `json:"action" example:"profile.disclose"`
	Subject string    `json:"subject"`
	Reason  string    `json:"reason,omitempty"`
	Fields  []string  `json:"fields"`
	Origin  string    `json:"origin,omitempty" doc:"network it came from, where the person did it"`
}

func exportedMessageOf(m message.Message) exportedMessage {
	return exportedMessage{Channel: string(m.Channel), Template: m.Template, Args: m.Args, State: string(m.State), At: m.At}
}

func exportedSessionOf(s account.Session) exportedSession {
	return exportedSession{Device: s.Label, CreatedAt: s.CreatedAt, UsedAt: s.UsedAt, ExpiresAt: s.ExpiresAt, EndedAt: s.RevokedAt, Reason: s.Reason}
}

func exportedEntryOf(r audit.Record) exportedEntry {
	e := exportedEntry{Index: r.Index, At: r.At, Mine: r.Actor != "", Role: r.Role, Action: r.Action, Subject: r.Subject, Reason: r.Reason, Fields: textsOf(r.Fields)}
	if e.Mine {
		e.Origin = r.Origin
	}
	return e
}

func (h *privacyOperations) export(ctx context.Context, c *Call, _ *struct{}) (exportJSON, error) {
	e, err := h.service.Export(ctx, c.Actor)
	if err != nil {
		return exportJSON{}, err
	}
	c.Header("Content-Disposition", `attachment; filename="passerelle-export.json"`)
	return exportOf(e, c.Actor, c.Locale), nil
}

// ExportDocument gives an export as it is written in JSON.
func ExportDocument(e *privacy.Export, actor account.Actor, l ref.Locale) any {
	return exportOf(e, actor, l)
}

func exportOf(e *privacy.Export, actor account.Actor, l ref.Locale) exportJSON {
	out := exportJSON{
		ExportedAt: e.At, Account: meOf(&e.Account, actor), Messages: mapped(e.Messages, exportedMessageOf),
		Sessions: mapped(e.Sessions, exportedSessionOf), Trail: mapped(e.Trail, exportedEntryOf), Applications: []applicationView{}, Placements: []placementJSON{}, Incidents: []incidentView{},
		Consents: []profileConsent{}, Accesses: []profileAccess{},
		Processing: processingIn(e.Processing, l),
	}
	for i := range e.Applications {
		out.Applications = append(out.Applications, applicationOf(&e.Applications[i]))
	}
	for i := range e.Incidents {
		out.Incidents = append(out.Incidents, incidentOf(&e.Incidents[i]))
	}
	for i := range e.Placements {
		out.Placements = append(out.Placements, exportedPlacementOf(&e.Placements[i], actor, e.At))
	}
	if e.Profile != nil {
		view := profileOf(*e.Profile)
		out.Profile, out.Consents, out.Accesses = &view, mapped(e.Profile.Consents, consentOf), mapped(e.Profile.Accesses, accessOf)
	}
	return out
}

// exportedPlacementOf shows a file as it stands; no period that still runs is
// told, since the copy does not run with it.
func exportedPlacementOf(p *placement.Placement, actor account.Actor, at time.Time) placementJSON {
	out := placementOf(p, placement.NewService(placement.Deps{}), actor, at)
	for i := range out.Contracts {
		out.Contracts[i].AcceptableFrom = time.Time{}
	}
	return out
}

func (h *privacyOperations) erase(ctx context.Context, c *Call, _ *struct{}) (NoContent, error) {
	if err := h.service.Erase(ctx, c.Actor); err != nil {
		return NoContent{}, err
	}
	c.Header("Clear-Site-Data", `"cache", "storage"`)
	return NoContent{}, nil
}

type listProcessing struct {
	Lang string `query:"lang" validate:"omitempty,locale" doc:"language of the texts; default: the caller's"`
}

type processingJSON struct {
	Code       string `json:"code" example:"accounts"`
	Purpose    string `json:"purpose"`
	Subjects   string `json:"subjects" doc:"whose data"`
	Data       string `json:"data"`
	Recipients string `json:"recipients"`
	LegalBasis string `json:"legalBasis"`
	Consent    string `json:"consent,omitempty" doc:"purpose agreed to, where consent is the basis" example:"matching"`
	Months     int    `json:"months,omitempty" doc:"calendar months it is kept; absent = as period says"`
	Period     string `json:"period"`
	Action     string `json:"action" doc:"afterwards: erase, pseudonymise, delete or keep" example:"erase"`
}

func processingIn(register []privacy.Processing, l ref.Locale) []processingJSON {
	return mapped(register, func(p privacy.Processing) processingJSON {
		return processingJSON{
			Code: p.Code, Purpose: p.Purpose.In(l), Subjects: p.Subjects.In(l), Data: p.Data.In(l), Recipients: p.Recipients.In(l),
			LegalBasis: p.Basis.In(l), Consent: p.Consent, Months: p.Months, Period: p.Period.In(l), Action: string(p.Action),
		}
	})
}

func listRegister(_ context.Context, c *Call, in *listProcessing) (List[processingJSON], error) {
	items := processingIn(privacy.Register(), chosen(c, in.Lang))
	return List[processingJSON]{Items: items, Total: len(items)}, tagged(c, items)
}
