package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/audit"
)

// EncodeAudit gives the stored forms of the audit log.
func EncodeAudit(l audit.Leaf, n audit.Node, k audit.SubjectKey, e audit.Entry) (map[string]bson.Raw, error) {
	out := map[string]bson.Raw{}
	for name, doc := range map[string]any{
		"audit_entry": toLeafDoc(l), "audit_node": toNodeDoc(n), "audit_key": toSubjectKeyDoc(k), "audit_inbox": toInboxDoc("evt_01", e),
	} {
		raw, err := encode(doc)
		if err != nil {
			return nil, err
		}
		out[name] = raw
	}
	return out, nil
}
