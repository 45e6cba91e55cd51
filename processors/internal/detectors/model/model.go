// Package model says what a detector is: a trigger that is cheap to look for, and a finder that confirms and marks what to replace.
//
// It mirrors otel_smart_agents/privacy/detectors/model.py; tests/vectors bind both byte for byte. Positions are byte offsets here and
// character offsets there, so every window that Python counts in characters goes through Back and Forward.
package model

import (
	"strings"
	"unicode/utf8"
)

// Character classes of the finders.
const (
	Digits  = "0123456789"
	Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	Alnum   = Digits + Letters
	Hex     = Digits + "abcdefABCDEF"
)

// Hint is what a key tells about its value: a set of bits.
type Hint uint8

// The bits of a Hint. Plain is none of them.
const (
	Plain     Hint = 0
	Denied    Hint = 1
	Address   Hint = 2
	Statement Hint = 4
	Version   Hint = 8
	URLPath   Hint = 16
	Keyed     Hint = 32 // the value is a secret when it looks generated
)

// Span is one place of a text and what takes its place.
type Span struct {
	Start, End  int
	Replacement string
}

// Scan is one text while it is scanned: finders read it and mark spans.
type Scan struct {
	Text  string // the text, valid UTF-8
	Low   string // the text in lower case, byte for byte as long as Text
	Hint  Hint   // what the key said about the value
	ASCII bool   // whether Text has ASCII characters only
	Spans []Span // what to replace
}

// NewScan prepares a text. It never fails.
func NewScan(text string, hint Hint) *Scan {
	ascii := IsASCII(text)
	return &Scan{Text: text, Low: lower(text, ascii), Hint: hint, ASCII: ascii}
}

// Add marks Text[start:end] for replacement.
func (s *Scan) Add(start, end int, replacement string) {
	s.Spans = append(s.Spans, Span{start, end, replacement})
}

// Bounded tells whether Text[start:end] is not part of a longer run of ASCII letters and digits.
func (s *Scan) Bounded(start, end int) bool {
	return (start == 0 || !IsAlnum(s.Text[start-1])) && (end >= len(s.Text) || !IsAlnum(s.Text[end]))
}

// Finder confirms what a trigger announced and marks it.
type Finder func(scan *Scan, argument string)

// Trigger is one pattern of the trigger pass.
type Trigger struct {
	Name     string // unique
	Pattern  string // RE2 syntax, looked for anywhere in the text
	Find     Finder
	Argument string // handed to the finder
	Needs    string // name of another trigger that must have fired as well, "" = none
	Alone    bool   // the finder judges by the match itself, not by what stands around it
}

// IsASCII tells whether a text has ASCII characters only.
func IsASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// IsDigit tells whether a byte is an ASCII digit.
func IsDigit(b byte) bool { return b-'0' < 10 }

// IsAlnum tells whether a byte is an ASCII letter or digit.
func IsAlnum(b byte) bool { return b-'0' < 10 || (b|0x20)-'a' < 26 }

// Back returns the offset that lies n characters before end, 0 if there are fewer.
func Back(text string, end, n int) int {
	for ; n > 0 && end > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end -= size
	}
	return end
}

// Back is the function Back on the scan's text.
func (s *Scan) Back(end, n int) int {
	if s.ASCII {
		return max(0, end-n)
	}
	return Back(s.Text, end, n)
}

// Forward returns the offset that lies n characters after start, len(text) if there are fewer.
func Forward(text string, start, n int) int {
	for ; n > 0 && start < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[start:])
		start += size
	}
	return start
}

// StartOfRun returns where the run of characters that ends just before end starts, at most limit characters back.
func StartOfRun(text string, end int, characters string, limit int) int {
	piece := text[Back(text, end, limit):end]
	return end - len(piece) + len(strings.TrimRight(piece, characters))
}

// EndOfRun returns where the run of characters that starts at start ends, at most limit characters on.
func EndOfRun(text string, start int, characters string, limit int) int {
	piece := text[start:Forward(text, start, limit)]
	return start + len(piece) - len(strings.TrimLeft(piece, characters))
}

// lower keeps every position: a letter whose lower case takes another number of bytes stays as it is, or fills its place with a capital.
func lower(text string, ascii bool) string {
	if ascii {
		return strings.ToLower(text)
	}
	low := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			low = append(low, text[i])
			i++
			continue
		}
		switch small := smallLetter(text, i, r); {
		case utf8.RuneLen(small) == size:
			low = utf8.AppendRune(low, small)
		case small < utf8.RuneSelf: // İ and the Kelvin sign: a letter for what stands beside them, and in no word
			low = append(low, strings.Repeat("Z", size)...)
		default:
			low = append(low, text[i:i+size]...)
		}
		i += size
	}
	return string(low)
}
