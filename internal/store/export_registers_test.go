package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/suspension"
)

// EncodeAgency gives the stored form of an agency.
func EncodeAgency(a *agency.Agency) (bson.Raw, error) { return encode(toAgencyDoc(a)) }

// EncodeEmployer gives the stored form of an employer.
func EncodeEmployer(e *employer.Employer) (bson.Raw, error) { return encode(toEmployerDoc(e)) }

// EncodeCorridor gives the stored form of a corridor.
func EncodeCorridor(c *corridor.Corridor) (bson.Raw, error) { return encode(toCorridorDoc(c)) }

// EncodeAgreement gives the stored form of an agreement.
func EncodeAgreement(a *agreement.Agreement) (bson.Raw, error) { return encode(toAgreementDoc(a)) }

// EncodeAct gives the stored form of an act of suspension.
func EncodeAct(a *suspension.Act) (bson.Raw, error) { return encode(toActDoc(a)) }

// EncodeAssignment gives the stored form of an assignment.
func EncodeAssignment(a *assignment.Assignment) (bson.Raw, error) { return encode(toAssignmentDoc(a)) }
