package store

// The names of the collections, one per kind of document.
const (
	nameAccount     = "account"
	nameSession     = "session"
	nameKey         = "key"
	nameClaim       = "claim"
	nameAgency      = "agency"
	nameEmployer    = "employer"
	nameCorridor    = "corridor"
	nameOffer       = "offer"
	nameProfile     = "profile"
	nameApplication = "application"
	nameIntake      = "intake"
	nameIntakeRow   = "intake_row"
	nameIdempotency = "idempotency"
	nameAudit       = "audit"
	nameLease       = "lease"
	nameMessage     = "message"
	nameCode        = "code"      // requests for one-time codes
	nameMigration   = "migration" // the ledger, see migrate.go
	nameAuditNode   = "audit_node"
	nameAuditKey    = "audit_key"
	nameAuditInbox  = "audit_inbox"
	nameErasure     = "erasure"   // the ledger of erasures
	nameStatistic   = "statistic" // quarters as they were published
	nameRestore     = "restore"   // see fill.go
	namePlacement   = "placement"
	nameIncident    = "incident"
	nameAgreement   = "agreement"
	nameSuspension  = "suspension" // acts; see domain/suspension
	nameAssignment  = "assignment"
)

// firstNames lists the collections of the first migration. Later ones are
// created by later migrations.
func firstNames() []string {
	return []string{
		nameAccount, nameSession, nameKey, nameClaim, nameAgency, nameEmployer, nameCorridor, nameOffer,
		nameProfile, nameApplication, nameIntake, nameIntakeRow, nameIdempotency, nameAudit, nameLease,
	}
}
