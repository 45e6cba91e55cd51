package fingerprint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The classes of characters and the slices by characters that Python's str and re have: the form is defined by them.

// isSpace is Python's \s: Go's class has no U+001C to U+001F.
func isSpace(r rune) bool {
	return r >= 0x1c && r <= 0x1f || unicode.IsSpace(r)
}

// isWord is Python's \w: letters, numbers of every kind and the underscore.
func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isUpper(r rune) bool {
	return unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r)
}

func isLower(r rune) bool {
	return unicode.IsLower(r) || unicode.Is(unicode.Other_Lowercase, r)
}

func isBlank(b byte) bool {
	return b == ' ' || b == '\t'
}

func isASCIIAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f'
}

func strip(s string) string      { return strings.TrimFunc(s, isSpace) }
func stripLeft(s string) string  { return strings.TrimLeftFunc(s, isSpace) }
func stripRight(s string) string { return strings.TrimRightFunc(s, isSpace) }

// cutBlanks cuts spaces and tabs from the front and tells whether there were any.
func cutBlanks(s string) (string, bool) {
	rest := strings.TrimLeft(s, " \t")
	return rest, len(rest) < len(s)
}

// firstRune is the first character, 0 for an empty text.
func firstRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// firstChars returns the first count characters.
func firstChars(s string, count int) string {
	if len(s) <= count {
		return s
	}
	end := 0
	for ; count > 0 && end < len(s); count-- {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[:end]
}

// lastChars returns the last count characters.
func lastChars(s string, count int) string {
	if len(s) <= count {
		return s
	}
	start := len(s)
	for ; count > 0 && start > 0; count-- {
		_, size := utf8.DecodeLastRuneInString(s[:start])
		start -= size
	}
	return s[start:]
}

// within tells whether a text has at most limit characters, without reading a much longer one.
func within(s string, limit int) bool {
	return len(s) <= limit || len(s) <= limit*utf8.UTFMax && utf8.RuneCountInString(s) <= limit
}

// cutLast cuts around the last sep; without one all of s is after.
func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return "", s, false
	}
	return s[:at], s[at+len(sep):], true
}

// afterLast is what follows the last sep; all of s without one.
func afterLast(s, sep string) string {
	_, after, _ := cutLast(s, sep)
	return after
}

// beforeFirst is what precedes the first sep; all of s without one.
func beforeFirst(s, sep string) string {
	before, _, _ := strings.Cut(s, sep)
	return before
}

// afterRun cuts 1 to limit characters of a class from the front, as many as there are.
func afterRun(s string, class func(rune) bool, limit int) (rest string, ok bool) {
	end := 0
	for count := 0; count < limit && end < len(s); count++ {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !class(r) {
			break
		}
		end += size
	}
	return s[end:], end > 0
}

func afterDigits(s string, limit int) (rest string, ok bool) {
	return afterRun(s, unicode.IsDigit, limit)
}

// allOf tells whether s is 1 to limit characters of a class.
func allOf(s string, class func(rune) bool, limit int) bool {
	rest, ok := afterRun(s, class, limit)
	return ok && rest == ""
}

func allDigits(s string, limit int) bool {
	return allOf(s, unicode.IsDigit, limit)
}

// cutAny cuts the first of some prefixes that s has.
func cutAny(s string, prefixes ...string) (rest string, found bool) {
	for _, prefix := range prefixes {
		if rest, found = strings.CutPrefix(s, prefix); found {
			return rest, true
		}
	}
	return s, false
}

// beforeNewline is s without one line feed at its end: where a pattern's $ may stand.
func beforeNewline(s string) string {
	return strings.TrimSuffix(s, "\n")
}

// decoded returns valid UTF-8: every longest piece of a character that is none becomes U+FFFD, as Python's decoder does it.
func decoded(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	out.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			size = brokenLength(s[i:])
		}
		out.WriteRune(r)
		i += size
	}
	return out.String()
}

// brokenLength is the length of the broken character that s starts with: its bytes up to the first that cannot belong to it.
func brokenLength(s string) int {
	need := 0
	switch lead := s[0]; {
	case lead < 0xc2 || lead > 0xf4:
		return 1
	case lead < 0xe0:
		need = 2
	case lead < 0xf0:
		need = 3
	default:
		need = 4
	}
	low, high := secondByte(s[0])
	if len(s) < 2 || s[1] < low || s[1] > high {
		return 1
	}
	length := 2
	for length < need && length < len(s) && s[length]&0xc0 == 0x80 {
		length++
	}
	return length
}

// secondByte is the range of the byte after lead: narrower where it would make an overlong form, a surrogate or more than U+10FFFF.
func secondByte(lead byte) (low, high byte) {
	switch lead {
	case 0xe0:
		return 0xa0, 0xbf
	case 0xed:
		return 0x80, 0x9f
	case 0xf0:
		return 0x90, 0xbf
	case 0xf4:
		return 0x80, 0x8f
	}
	return 0x80, 0xbf
}
