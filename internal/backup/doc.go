// Package backup reads and writes the two forms in which everything that
// Passerelle holds is kept or moved: a backup, which is one encrypted file, and
// an export, which is a directory of plain JSON lines.
//
// # The backup file
//
//	"PASSERELLE-BACKUP\n"
//	length (4 bytes, big endian) and the header as JSON, see Header
//	frames: length (4 bytes, big endian; highest bit set in the last frame)
//	        and that many bytes of AES-256-GCM ciphertext
//
// The key of a file is HKDF-SHA-256 of the master key with the salt in the
// header, so that a file is opened by whoever has the master key and by nobody
// else, and no two files share a key. The nonce of a frame is its number and
// whether it is the last, and each frame is bound to the SHA-256 of everything
// before the first: frames that are changed, missing, exchanged or added, and
// another header, do not open. The keys inside are wrapped by the master key,
// as in the database; the master key itself is never in a backup.
//
// Inside is a zstd stream of records:
//
//	'c' name              a collection begins
//	'd' BSON document     one document of it, exactly as stored
//	'f' name size content a file of the data directory
//	'e' manifest          the end, see Manifest
//
// where a name is a length (unsigned varint) and UTF-8, a size an unsigned
// varint, and the manifest a length and JSON.
//
// # The manifest
//
// A collection's digest is the SHA-256 over its documents in the order of
// their ids as bytes: the id's length (4 bytes, big endian), the id, and the
// SHA-256 of the BSON document. The total is the SHA-256 over the collections
// in the order of their names, each by name, count and digest, and the files
// likewise. The same documents have the same digests on every engine.
//
// # The export
//
// One file NAME.jsonl for each collection, a document in canonical extended
// JSON on each line, the files under files/, and manifest.json. It is not
// encrypted; the keys in it are wrapped all the same.
package backup
