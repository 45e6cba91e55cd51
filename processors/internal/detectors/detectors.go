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
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	return theEngine().redact(value, hint)
}

// Errors returns how many texts of this process became RedactionError.
func Errors() int64 { return errors.Load() }
