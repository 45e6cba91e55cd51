// Package secrets finds credentials in texts: names with values, HTTP headers, command lines, database statements, addresses of the web.
//
// Every file mirrors the module of the same name in otel_smart_agents/privacy/detectors; tests/vectors bind both byte for byte.
package secrets

import (
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Triggers returns the triggers of all families of this package. Nothing is compiled before a trigger or a finder is asked.
func Triggers() []model.Trigger {
	return slices.Concat(urls(), headers(), commands(), spelledOuts(), statements(), assignments(), sentences(), frames())
}

func denied(name string) bool { return keys.HintOf(name)&model.Denied != 0 }

// indexFrom returns the place of a word in text[from:], -1 when it is not there.
func indexFrom(text, word string, from int) int {
	if from > len(text) {
		return -1
	}
	place := strings.Index(text[from:], word)
	if place < 0 {
		return -1
	}
	return from + place
}

// at returns the byte at a place, 0 outside the text.
func at(text string, place int) byte {
	if place < 0 || place >= len(text) {
		return 0
	}
	return text[place]
}

func oneOf(word string, words ...string) bool { return slices.Contains(words, word) }

func isOneOf(b byte, signs string) bool { return b != 0 && strings.IndexByte(signs, b) >= 0 }
