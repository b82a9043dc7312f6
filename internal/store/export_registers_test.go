package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
)

// EncodeAgency gives the stored form of an agency.
func EncodeAgency(a *agency.Agency) (bson.Raw, error) { return encode(toAgencyDoc(a)) }

// EncodeEmployer gives the stored form of an employer.
func EncodeEmployer(e *employer.Employer) (bson.Raw, error) { return encode(toEmployerDoc(e)) }

// EncodeCorridor gives the stored form of a corridor.
func EncodeCorridor(c *corridor.Corridor) (bson.Raw, error) { return encode(toCorridorDoc(c)) }
