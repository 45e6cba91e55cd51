package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// within tells whether a text has at most limit characters.
func within(text string, limit int) bool {
	return len(text) <= limit || utf8.RuneCountInString(text) <= limit
}

// first returns at most n characters of the beginning of a text, last of its end.
func first(text string, n int) string { return text[:model.Forward(text, 0, n)] }

func last(text string, n int) string { return text[model.Back(text, len(text), n):] }

// isSpace is Python's str.isspace of one character: Unicode's white space and four separators of ASCII.
func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

// encodable returns the text with every byte that is no UTF-8 replaced by U+FFFD.
func encodable(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// afterLast returns what follows the last dot, the whole text if nothing does.
func afterLast(text string) string {
	if rest := text[strings.LastIndexByte(text, '.')+1:]; rest != "" {
		return rest
	}
	return text
}

func isUpper(b byte) bool { return b-'A' < 26 }

func isLower(b byte) bool { return b-'a' < 26 }

func isHex(b byte) bool { return model.IsDigit(b) || b-'a' < 6 }
