package backup

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	chunkSize = 64 << 10
	lastFrame = 1 << 31 // bit in the length of the last frame
)

// cipherOf makes the AEAD of one file.
func cipherOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return cipher.NewGCM(block)
}

// nonce gives the nonce of a frame. The key is the file's own, so numbers are
// enough.
func nonce(number uint64, last bool) []byte {
	n := binary.BigEndian.AppendUint64(make([]byte, 3, 12), number)
	if last {
		return append(n, 1)
	}
	return append(n, 0)
}

// sealer writes frames. A frame is sent when the next one begins, because only
// then is it known not to be the last.
type sealer struct {
	w      io.Writer
	aead   cipher.AEAD
	bound  []byte // additional data
	chunk  []byte
	number uint64
}

// Write fills chunks and sends the full ones.
func (s *sealer) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if len(s.chunk) == chunkSize {
			if err := s.send(false); err != nil {
				return n, err
			}
		}
		take := min(chunkSize-len(s.chunk), len(p))
		s.chunk = append(s.chunk, p[:take]...)
		p, n = p[take:], n+take
	}
	return n, nil
}

// Close sends the last frame; it may be empty.
func (s *sealer) Close() error { return s.send(true) }

func (s *sealer) send(last bool) error {
	sealed := s.aead.Seal(make([]byte, 4, 4+len(s.chunk)+s.aead.Overhead()), nonce(s.number, last), s.chunk, s.bound)
	length := uint32(len(sealed) - 4)
	if last {
		length |= lastFrame
	}
	binary.BigEndian.PutUint32(sealed, length)
	s.number, s.chunk = s.number+1, s.chunk[:0]
	_, err := s.w.Write(sealed)
	return err
}

// opener reads frames.
type opener struct {
	r      io.Reader
	aead   cipher.AEAD
	bound  []byte
	plain  []byte // of the frame under way, not read yet
	number uint64
	last   bool
}

// Read gives the plaintext; io.EOF only after the last frame and nothing
// behind it.
func (o *opener) Read(p []byte) (int, error) {
	for len(o.plain) == 0 {
		if o.last {
			return 0, o.ended()
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.plain)
	o.plain = o.plain[n:]
	return n, nil
}

func (o *opener) next() error {
	var head [4]byte
	if _, err := io.ReadFull(o.r, head[:]); err != nil {
		return cutOff(err)
	}
	length := binary.BigEndian.Uint32(head[:])
	o.last = length&lastFrame != 0
	length &^= lastFrame
	if length > chunkSize+uint32(o.aead.Overhead()) {
		return damaged(errors.New("a frame is too long"))
	}
	sealed := make([]byte, length)
	if _, err := io.ReadFull(o.r, sealed); err != nil {
		return cutOff(err)
	}
	plain, err := o.aead.Open(sealed[:0], nonce(o.number, o.last), sealed, o.bound)
	if err != nil {
		return damaged(fmt.Errorf("frame %d: %w", o.number, err))
	}
	o.plain, o.number = plain, o.number+1
	return nil
}

// ended is io.EOF when nothing follows the last frame.
func (o *opener) ended() error {
	var one [1]byte
	n, err := o.r.Read(one[:])
	switch {
	case n > 0:
		return damaged(errors.New("something follows the end"))
	case err == nil || errors.Is(err, io.EOF):
		return io.EOF
	default:
		return err
	}
}

// cutOff turns an early end into a fault; other errors of reading stay.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(errors.New("it was cut off"))
	}
	return err
}
