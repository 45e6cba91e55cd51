package policy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Digits of the keyed hashes that stand for a value and for a name: 128 and 64 bits.
const (
	pseudonymHex = 32
	nameHex      = 16
)

const other = "other"

// pseudonyms makes keyed hashes that stand for a value: the same value meets itself again, and nobody without the key can try guesses.
type pseudonyms struct {
	key                     []byte
	prefix, otherPrefix, id string
}

func newPseudonyms(key []byte, id string) pseudonyms {
	return pseudonyms{key: key, id: id, prefix: id + "-", otherPrefix: other + "-" + id + "-"}
}

func (p *pseudonyms) digest(value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil))
}

// of returns "key id-32 hex", the first 128 bits of HMAC-SHA-256 (RFC 2104) of the UTF-8 bytes.
func (p *pseudonyms) of(value string) string { return p.prefix + p.digest(value)[:pseudonymHex] }

// otherName returns "other-key id-16 hex" for a name that may not be kept, plain "other" without a key.
func (p *pseudonyms) otherName(value string) string {
	if len(p.key) == 0 {
		return other
	}
	return p.otherPrefix + p.digest(value)[:nameHex]
}

// is tells whether the value already is a pseudonym of this key, so that redacting twice changes nothing.
func (p *pseudonyms) is(value string) bool { return hasForm(value, p.prefix, pseudonymHex) }

// isOther tells whether the value already stands for a name.
func (p *pseudonyms) isOther(value string) bool {
	return value == other || hasForm(value, p.otherPrefix, nameHex)
}

func hasForm(value, prefix string, digits int) bool {
	return len(value) == len(prefix)+digits && strings.HasPrefix(value, prefix) && all(value[len(prefix):], isHex)
}

// KeyID returns the public id of a pseudonym key: 8 hex that tell hashes under different keys apart and say nothing about the key.
func KeyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("otel-smart-agents key id\x00"), key...))
	return hex.EncodeToString(sum[:4])
}
