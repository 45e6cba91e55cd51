// Package detectors replaces secrets and personal data in the values of attributes by typed placeholders.
//
// It mirrors otel_smart_agents/privacy: the same triggers, finders and placeholders; tests/vectors bind both byte for byte.
package detectors

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// RedactionError takes the place of a text when a detector failed: the value is lost rather than leaked.
const RedactionError = "[redaction_error]"

var (
	theEngine = sync.OnceValue(newEngine)
	theMemory = newMemory()
	errors    atomic.Int64
)

// RedactValue returns the value of one attribute with every secret and personal datum replaced; false when the key itself is denied.
// Bytes that are no UTF-8 become U+FFFD.
func RedactValue(key, value string) (string, bool) {
	hint := keys.HintOf(key)
	if hint&model.Denied != 0 {
		return "", false
	}
	result, _ := Redact(value, hint)
	return result, true
}

// Redact returns the text with every secret and personal datum replaced, and how many places that were. A failure inside gives
// RedactionError and 1.
func Redact(value string, hint model.Hint) (result string, count int) {
	defer func() {
		if recover() != nil {
			errors.Add(1)
			result, count = RedactionError, 1
		}
	}()
	return remembered(value, hint)
}

// remembered redacts a text unless the outcome is known.
func remembered(value string, hint model.Hint) (string, int) {
	short := len(value) <= rememberedLength
	hash := uint64(0)
	if short {
		if hash = theMemory.hashOf(value, hint); theMemory.isClean(hash) {
			return value, 0
		}
		if kept := theMemory.known(hash); kept != nil {
			return kept.result, kept.count
		}
	}
	if !utf8.ValidString(value) {
		return theEngine().redact(strings.ToValidUTF8(value, "\uFFFD"), hint)
	}
	result, count := theEngine().redact(value, hint)
	switch {
	case short && count == 0:
		theMemory.keepClean(hash)
	case short:
		theMemory.keep(hash, result, count)
	}
	return result, count
}

// Errors returns how many texts of this process became RedactionError.
func Errors() int64 { return errors.Load() }
