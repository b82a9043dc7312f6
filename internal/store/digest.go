package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// digestOf gives the SHA-256 of what a document says. It does not depend on
// the order of members, leaves out the kernel's seq and what only waits in the
// document to be carried on, and leaves out empty members, so that a member
// added to the kind by a later version does not change the digest of what was
// written before.
func digestOf[D any](doc *D) ([]byte, error) {
	raw, err := encode(doc)
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	skip := passing{"seq": true, "pending": true, "outbox": true}
	if p, ok := any(doc).(passer); ok {
		for _, member := range p.passing() {
			skip[member] = true
		}
	}
	h := sha256.New()
	if err := hashMembers(h, raw, skip); err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	return h.Sum(nil), nil
}

// passing names the members of a document that say nothing about its record.
type passing map[string]bool

// passer is a document with further members that change without an entry of
// the audit log, since what they hold is no decision of anybody.
type passer interface{ passing() []string }

// passing names what every sign-in writes. What opens the account, its address,
// password, role and state, is no part of it.
func (d *accountDoc) passing() []string {
	return []string{"lastLoginAt", "updatedAt", "devices", "factor", "warnedAt"}
}

// passing: that a program used a key says nothing of the agency.
func (d *agencyDoc) passing() []string { return []string{"keyUses"} }

// passing names how far an act was carried out.
func (d *actDoc) passing() []string {
	return []string{"offers", "files", "people", "silent", "finishedAt", "updatedAt"}
}

// passing: whom the news of a version has still to reach says nothing of the
// offer.
func (d *offerDoc) passing() []string { return []string{"announce"} }

// passing names the codes a reporter comes back with, which turn over at every
// look at the case.
func (d *incidentDoc) passing() []string { return []string{"nextCode", "lastCode"} }

// hashMembers hashes the members of a document, less those to skip at its top,
// in order of their names; those of a list are named by their places and so
// keep their order up to the lengths lists have here.
func hashMembers(h hash.Hash, raw bson.Raw, skip passing) error {
	elements, err := raw.Elements()
	if err != nil {
		return err
	}
	slices.SortFunc(elements, func(a, b bson.RawElement) int { return cmp.Compare(a.Key(), b.Key()) })
	for _, e := range elements {
		value := e.Value()
		if skip[e.Key()] || isEmpty(value) {
			continue
		}
		hashPart(h, []byte(e.Key()))
		h.Write([]byte{byte(value.Type)})
		if value.Type != bson.TypeEmbeddedDocument && value.Type != bson.TypeArray {
			hashPart(h, value.Value)
			continue
		}
		if err := hashMembers(h, value.Value, nil); err != nil {
			return err
		}
		h.Write([]byte{0}) // no type is 0: the end of the members
	}
	return nil
}

// hashPart hashes a text with its length before it.
func hashPart(h hash.Hash, part []byte) {
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
	h.Write(part)
}

// isEmpty reports the zero value of a type.
func isEmpty(v bson.RawValue) bool {
	switch v.Type {
	case bson.TypeNull:
		return true
	case bson.TypeString:
		return v.StringValue() == ""
	case bson.TypeBoolean:
		return !v.Boolean()
	case bson.TypeInt32, bson.TypeInt64:
		return v.AsInt64() == 0
	case bson.TypeDouble:
		return v.Double() == 0
	case bson.TypeDateTime:
		return v.Time().Equal(time.Time{})
	case bson.TypeBinary:
		_, data := v.Binary()
		return len(data) == 0
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		return len(v.Value) <= 5 // length and end, nothing between
	}
	return false
}
