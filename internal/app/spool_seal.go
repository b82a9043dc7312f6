package app

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"passerelle/internal/auth"
)

// A sealed file is a header, then parts of sealedPart bytes of content, each
// sealed with AES-256-GCM under a key of the file's own. The nonce of a part is
// its number and whether it is the last one, so that parts can neither be
// exchanged nor left out, and the header is authenticated with each of them.
const (
	sealedMagic = "PSL1"
	sealedSalt  = 32
	sealedPart  = 64 << 10
)

// errSealed tells of a file that was altered, cut off, or sealed under a key
// that is not there.
var errSealed = errors.New("the kept file cannot be opened")

// sealedHeader is magic, salt, and the key's id after its length.
func sealedHeader(kid string, salt []byte) []byte {
	head := append([]byte(sealedMagic), salt...)
	return append(append(head, byte(len(kid))), kid...)
}

// fileCipher makes the cipher of one file.
func fileCipher(secret, head []byte) (cipher.AEAD, error) {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("passerelle sealed file\x00"))
	mac.Write(head)
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("sealed file: %w", err)
	}
	return cipher.NewGCM(block)
}

func partNonce(n uint64, last bool) []byte {
	nonce := binary.BigEndian.AppendUint64(make([]byte, 0, 12), n)
	if last {
		return append(nonce, 0, 0, 0, 1)
	}
	return append(nonce, 0, 0, 0, 0)
}

// seal writes what it reads from content into w, sealed under the key of the
// personal fields.
func seal(ctx context.Context, keys *auth.Keyring, w io.Writer, content io.Reader) error {
	kid, secret, err := keys.Secret(ctx, auth.Field)
	if err != nil {
		return err
	}
	salt := make([]byte, sealedSalt)
	if _, err := io.ReadFull(rand.Reader, salt); err != nil {
		return fmt.Errorf("sealed file: %w", err)
	}
	head := sealedHeader(kid, salt)
	aead, err := fileCipher(secret, head)
	if err != nil {
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	part, next := make([]byte, sealedPart), make([]byte, sealedPart)
	n, err := readPart(content, part)
	for number := uint64(0); err == nil; number++ {
		ahead, failed := 0, error(nil)
		if n == sealedPart {
			ahead, failed = readPart(content, next)
		}
		last := ahead == 0
		if failed != nil {
			return failed
		}
		if _, err = w.Write(aead.Seal(nil, partNonce(number, last), part[:n], head)); err != nil || last {
			return err
		}
		part, next, n = next, part, ahead
	}
	return err
}

// readPart fills a part as far as there is something; the end is no error.
func readPart(r io.Reader, part []byte) (int, error) {
	n, err := io.ReadFull(r, part)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return n, err
}

// unsealed reads a sealed file in the clear.
type unsealed struct {
	io.Closer
	from   io.Reader
	aead   cipher.AEAD
	head   []byte
	number uint64
	held   []byte // read from the file, not opened yet
	clear  []byte
	done   bool
}

// unseal opens a sealed file. One that was kept in the clear by an earlier
// version is read as it is.
func unseal(keys *auth.Keyring, file io.ReadCloser) (io.ReadCloser, error) {
	start := make([]byte, len(sealedMagic)+sealedSalt+1)
	n, err := readPart(file, start)
	if err != nil {
		return nil, err
	}
	if n < len(start) || !bytes.HasPrefix(start, []byte(sealedMagic)) {
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(start[:n]), file), file}, nil
	}
	kid := make([]byte, start[len(start)-1])
	if _, err := io.ReadFull(file, kid); err != nil {
		return nil, errSealed
	}
	secret, known := keys.SecretOf(auth.Field, string(kid))
	if !known {
		return nil, errSealed
	}
	head := append(start, kid...)
	aead, err := fileCipher(secret, head)
	if err != nil {
		return nil, err
	}
	return &unsealed{Closer: file, from: file, aead: aead, head: head}, nil
}

// Read gives the content; errSealed where it was altered or cut off.
func (u *unsealed) Read(p []byte) (int, error) {
	for len(u.clear) == 0 {
		if u.done {
			return 0, io.EOF
		}
		if err := u.open(); err != nil {
			return 0, err
		}
	}
	n := copy(p, u.clear)
	u.clear = u.clear[n:]
	return n, nil
}

// open opens the next part. One byte more than a part is held, to know which
// is the last.
func (u *unsealed) open() error {
	size := sealedPart + u.aead.Overhead()
	buffer := make([]byte, size+1)
	n := copy(buffer, u.held)
	more, err := readPart(u.from, buffer[n:])
	if err != nil {
		return err
	}
	n += more
	u.done = n <= size
	part := buffer[:min(n, size)]
	u.held = bytes.Clone(buffer[len(part):n])
	u.clear, err = u.aead.Open(nil, partNonce(u.number, u.done), part, u.head)
	u.number++
	if err != nil {
		return errSealed
	}
	return nil
}
