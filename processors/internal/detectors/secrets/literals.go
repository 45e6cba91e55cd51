package secrets

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// literalAt returns the end of the SQL literal that starts at a place, -1 when none does, and whether it is written with digits. The text
// counts up to end.
func literalAt(text string, place, end int) (after int, number bool) {
	if open := openingQuote(text[place:end]); open > 0 {
		if after = quotationEnd(text, place+open, end, '\''); after > 0 {
			return after, false
		}
	}
	if strings.HasPrefix(text[place:end], "$$") {
		rest := strings.IndexByte(text[place+2:end], '$')
		if rest >= 0 && strings.HasPrefix(text[place+2+rest:end], "$$") {
			return place + rest + 4, false
		}
	}
	if !model.IsDigit(text[place]) {
		return -1, false
	}
	if after = hexadecimalEnd(text, place, end); after > 0 {
		return after, true
	}
	after = place + 1
	for after < end && (isWordByte(text[after]) || text[after] == '.') {
		after++
	}
	return after, true
}

// openingQuote returns the length of a single quote with the letters that may introduce it (N'…', E'…', _utf8'…'), 0 when there is none.
func openingQuote(text string) int {
	switch {
	case text[0] == '\'':
		return 1
	case len(text) > 1 && text[1] == '\'' && isOneOf(text[0]|0x20, "nebxr"):
		return 2
	case strings.HasPrefix(text, "_utf8'"):
		return len("_utf8'")
	case strings.HasPrefix(text, "_utf8mb4'"):
		return len("_utf8mb4'")
	}
	return 0
}

// quotationEnd returns where a quotation ends whose opening quote stands before place; a quote inside is doubled. Between single quotes a
// backslash takes the next character along, and the end of the text closes; between double quotes neither backslash nor line end may
// stand. Where the closing quote is missing, the first one of the last doubled pair closes; -1 when there is no such pair.
func quotationEnd(text string, place, end int, quote byte) int {
	pair := -2
	for place < end {
		switch b := text[place]; {
		case b == quote && place+1 < end && text[place+1] == quote:
			pair = place
			place++
		case b == quote:
			return place + 1
		case b == '\\' && quote == '\'' && place+1 < end:
			place++
		case b == '\\', b == '\n' && quote == '"':
			return pair + 1
		}
		place++
	}
	if quote == '\'' {
		return end
	}
	return pair + 1
}

// hexadecimalEnd returns the end of a whole word such as 0x1f at a place, -1 when there is none.
func hexadecimalEnd(text string, place, end int) int {
	if !strings.HasPrefix(text[place:end], "0x") || (place > 0 && isWordByte(text[place-1])) {
		return -1
	}
	after := place + 2
	for after < end && isHex(text[after]) {
		after++
	}
	if after == place+2 || (after < end && isWordByte(text[after])) {
		return -1
	}
	return after
}

func isWordByte(b byte) bool { return model.IsAlnum(b) || b == '_' }

func isHex(b byte) bool { return model.IsDigit(b) || (b|0x20)-'a' < 6 }
