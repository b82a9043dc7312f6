package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/placement"
)

// EncodePlacement gives the stored form of a placement.
func EncodePlacement(p *placement.Placement) (bson.Raw, error) { return encode(toPlacementDoc(p)) }
