package store

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/offer"
)

// EncodeOffer gives the stored form of an offer.
func EncodeOffer(o *offer.Offer) (bson.Raw, error) { return encode(toOfferDoc(o)) }
