package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/incident"
)

// EncodeIncident gives the stored form of an incident.
func EncodeIncident(i *incident.Incident) (bson.Raw, error) { return encode(toIncidentDoc(i)) }
