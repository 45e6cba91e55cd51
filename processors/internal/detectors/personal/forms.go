package personal

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// form is a pattern of bounded length that is tried only where it can start: patterns with counts are slow to search for and quick to try.
// The places it finds are those of a search from left to right, each from the end of the one before.
type form struct {
	pattern func() *regexp.Regexp
	starts  func(text string, at int) bool // necessary for a match at this place
	longest int                            // bytes that a match can have at most
}

func newForm(pattern string, longest int, starts func(text string, at int) bool) form {
	return form{pattern: lazy(`\A(?:` + pattern + `)`), starts: starts, longest: longest}
}

// lazy compiles at the first question.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// next returns the offsets of the first match in text[from:to] and of its groups, nil when there is none.
func (f form) next(text string, from, to int) []int {
	for at := from; at < to; at++ {
		if !f.starts(text, at) {
			continue
		}
		if found := f.pattern().FindStringSubmatchIndex(text[at:min(to, at+f.longest)]); found != nil {
			for i := range found {
				if found[i] >= 0 {
					found[i] += at
				}
			}
			return found
		}
	}
	return nil
}

// each calls visit for every match, with its offsets and those of its groups.
func (f form) each(text string, visit func(found []int)) {
	for from := 0; from < len(text); {
		found := f.next(text, from, len(text))
		if found == nil {
			return
		}
		visit(found)
		from = max(found[1], from+1)
	}
}

// digitsAt makes a condition: at least count digits stand there.
func digitsAt(count int) func(text string, at int) bool {
	return func(text string, at int) bool {
		if at+count > len(text) {
			return false
		}
		for i := range count {
			if !model.IsDigit(text[at+i]) {
				return false
			}
		}
		return true
	}
}

// shapeAt tells whether the text has a digit for each 0 of shape, and the other bytes of it themselves, at a place.
func shapeAt(text string, at int, shape string) bool {
	if at+len(shape) > len(text) {
		return false
	}
	for i := range len(shape) {
		b := text[at+i]
		if shape[i] == '0' && !model.IsDigit(b) || shape[i] != '0' && b != shape[i] {
			return false
		}
	}
	return true
}

// anyShape makes a condition: one of the shapes, which begin with three digits, is there.
func anyShape(shapes ...string) func(text string, at int) bool {
	return func(text string, at int) bool {
		if !model.IsDigit(text[at]) || at+3 > len(text) || !model.IsDigit(text[at+1]) || !model.IsDigit(text[at+2]) {
			return false
		}
		for _, shape := range shapes {
			if shapeAt(text, at, shape) {
				return true
			}
		}
		return false
	}
}

// byteAt returns the byte at a place, 0 outside of the text.
func byteAt(text string, at int) byte {
	if at < 0 || at >= len(text) {
		return 0
	}
	return text[at]
}

// runeBefore returns the character that ends before a place, -1 at the start of the text.
func runeBefore(text string, at int) rune {
	if at <= 0 || at > len(text) {
		return -1
	}
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return r
}

// isWord tells whether a byte is an ASCII letter, digit or underscore.
func isWord(b byte) bool { return b == '_' || model.IsAlnum(b) }

// isHex tells whether a byte is a hexadecimal digit.
func isHex(b byte) bool { return model.IsDigit(b) || (b|0x20)-'a' < 6 }

// isLetter tells whether a byte is an ASCII letter.
func isLetter(b byte) bool { return (b|0x20)-'a' < 26 }

// apart tells whether text[start:end] touches no further byte that inside holds for.
func apart(text string, start, end int, inside func(byte) bool) bool {
	return (start == 0 || !inside(text[start-1])) && (end >= len(text) || !inside(text[end]))
}

// endOfRun returns where the bytes that inside holds for end, at most limit bytes after start.
func endOfRun(text string, start, limit int, inside func(byte) bool) int {
	end := start
	for end < len(text) && end-start < limit && inside(text[end]) {
		end++
	}
	return end
}

// without drops every character of cutset, which is ASCII.
func without(text, cutset string) string {
	if !strings.ContainsAny(text, cutset) {
		return text
	}
	kept := make([]byte, 0, len(text))
	for i := range len(text) {
		if strings.IndexByte(cutset, text[i]) < 0 {
			kept = append(kept, text[i])
		}
	}
	return string(kept)
}

// kinds counts the different bytes of a text, up to limit.
func kinds(text string, limit int) int {
	var seen [256]bool
	count := 0
	for i := 0; i < len(text) && count < limit; i++ {
		if !seen[text[i]] {
			seen[text[i]] = true
			count++
		}
	}
	return count
}

// digitsIn counts the ASCII digits of a text.
func digitsIn(text string) int {
	count := 0
	for i := range len(text) {
		if model.IsDigit(text[i]) {
			count++
		}
	}
	return count
}

// digitsOnly tells whether a text is not empty and has ASCII digits only.
func digitsOnly(text string) bool { return text != "" && digitsIn(text) == len(text) }
