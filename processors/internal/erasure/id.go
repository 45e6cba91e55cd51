package erasure

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// Size is the number of bytes of an id.
const Size = 16

const (
	textSize  = 36 // 8-4-4-4-12
	plainSize = 2 * Size
	notHex    = 0xff
)

// SecretSize is the number of bytes of a proof of possession: what the registry allows in smart_agents.deletion.proof, in hex, and nothing else.
const SecretSize = 32

// ID is an installation id: the first 16 bytes of SHA-256(secret).
type ID [Size]byte

// OfSecret returns the id that belongs to a secret, as otel_smart_agents/consent/identity.py makes it.
func OfSecret(secret []byte) ID {
	sum := sha256.Sum256(secret)
	return ID(sum[:Size])
}

// Parse reads the text of a UUID, with or without its hyphens, in either case. The nil UUID is no id.
func Parse(text string) (ID, bool) {
	switch {
	case len(text) == plainSize:
		return parse(text, &plainPlaces)
	case len(text) == textSize && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-':
		return parse(text, &textPlaces)
	}
	return ID{}, false
}

// parse looks at every digit whatever it finds: pipelines ask for every resource, and a branch per digit costs more than the digits.
func parse(text string, places *[Size]uint8) (id ID, ok bool) {
	wrong, seen := byte(0), byte(0)
	for i, at := range places {
		high, low := nibbles[text[at]], nibbles[text[at+1]]
		wrong |= high | low
		id[i] = high<<4 | low
		seen |= id[i]
	}
	if wrong > 0x0f || seen == 0 {
		return ID{}, false
	}
	return id, true
}

// String returns the UUID form, in lower case with hyphens.
func (id ID) String() string {
	var text [textSize]byte
	hex.Encode(text[:8], id[:4])
	hex.Encode(text[9:13], id[4:6])
	hex.Encode(text[14:18], id[6:8])
	hex.Encode(text[19:23], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return string(text[:])
}

// ProvedBy tells whether the secret is the one the id was made of. The time it takes says nothing about how much of the id was right.
func (id ID) ProvedBy(secret []byte) bool {
	if len(secret) != SecretSize {
		return false
	}
	made := OfSecret(secret)
	return subtle.ConstantTimeCompare(id[:], made[:]) == 1
}

var (
	textPlaces  = [Size]uint8{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}
	plainPlaces = [Size]uint8{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}
)

var nibbles = func() (table [256]byte) {
	for i := range table {
		table[i] = notHex
	}
	for i := range byte(10) {
		table['0'+i] = i
	}
	for i := range byte(6) {
		table['a'+i], table['A'+i] = 10+i, 10+i
	}
	return table
}()
