package personal

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// E.164 country codes of two digits, and the first two digits of those with three; 1 and 7 are codes of one digit.
var (
	twoDigits = model.Words(`20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84
        86 90 91 92 93 94 95 98`)
	threeDigits = model.Words("21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99")
)

var (
	extension   = lazy(`\A ?(?:x|X|ext\.?|Ext\.?|extension) ?[0-9]{1,6}`)
	compactDate = lazy(`\A(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\z`)
	nanp        = newForm(`(?:\(([2-9][0-9]{2})\) ?|([2-9][0-9]{2})([-.]))[2-9][0-9]{2}([-. ])[0-9]{4}`, 14, startsNANP)
)

const nanpTrigger = `[2-9][0-9]{2}(?:\) ?|[-.])[2-9][0-9]{2}[-. ][0-9]{4}`

func phones() []model.Trigger {
	return []model.Trigger{
		{Name: "digits", Pattern: `[0-9][0-9 ()./\-]{5}`, Find: nothing, Alone: true},
		{Name: "plus-number", Pattern: `\+\(?[0-9][0-9 ()./-]{6}`, Find: international, Alone: true},
		{Name: "nanp", Pattern: nanpTrigger, Find: northAmerican, Alone: true},
		{Name: "phone", Pattern: `(?i)\b(?:` + anyPhoneWord + `)`, Find: phoneWords, Needs: "digits"},
	}
}

// digitsOf keeps the ASCII digits of a piece.
func digitsOf(piece string) string {
	digits := make([]byte, 0, 15)
	for i := range len(piece) {
		if model.IsDigit(piece[i]) {
			digits = append(digits, piece[i])
		}
	}
	return string(digits)
}

// phoneRun returns the telephone-like run at start: at most 30 characters and 15 digits, ending in a digit.
func phoneRun(text string, start int) string {
	end, count := start, 0
	at := start
	for characters := 0; characters < 30 && at < len(text); characters++ {
		r, size := utf8.DecodeRuneInString(text[at:])
		at += size
		if r >= '0' && r <= '9' {
			if count++; count > 15 {
				break
			}
			end = at
		} else if !strings.ContainsRune(" ().-/\u00a0\u2011", r) {
			break
		}
	}
	return text[start:end]
}

func countryLengthFits(digits string) bool {
	if digits == "" || compactDate().MatchString(digits) {
		return false
	}
	if digits[0] == '1' || digits[0] == '7' {
		return len(digits) == 11
	}
	code := digits[:min(2, len(digits))]
	return (twoDigits[code] || threeDigits[code]) && len(digits) >= 8 && len(digits) <= 15
}

func international(scan *model.Scan, _ string) {
	text := scan.Text
	for place := strings.IndexByte(text, '+'); place >= 0; place = indexFrom(text, "+", place+1) {
		run := phoneRun(text, place+1)
		if run == "" || run[0] == ' ' || run[0] == '.' || !startsNumber(text, place) {
			continue
		}
		if digits := digitsOf(run); len(digits) <= 7 || !countryLengthFits(digits) {
			continue
		}
		end := place + 1 + len(run)
		if end == len(text) || !model.IsAlnum(text[end]) || extensionEnd(text, end) > end {
			addPhone(scan, place, end)
		}
	}
}

// startsNumber tells whether a plus sign can begin a number, unlike one between two terms.
func startsNumber(text string, place int) bool {
	before := byteAt(text, place-1)
	return !model.IsAlnum(before) && before != ')' && before != ']'
}

// indexFrom returns where sign occurs next from a place on, -1 when it does not.
func indexFrom(text, sign string, from int) int {
	if from > len(text) {
		return -1
	}
	if next := strings.Index(text[from:], sign); next >= 0 {
		return from + next
	}
	return -1
}

// extensionEnd returns where the extension ("x 12") that starts at a place ends, the place itself when there is none.
func extensionEnd(text string, at int) int {
	if byteAt(text, at) != ' ' && (byteAt(text, at)|0x20) != 'x' && (byteAt(text, at)|0x20) != 'e' {
		return at
	}
	if found := extension().FindStringIndex(text[at:min(len(text), at+20)]); found != nil {
		return at + found[1]
	}
	return at
}

func addPhone(scan *model.Scan, start, end int) {
	scan.Add(start, extensionEnd(scan.Text, end), "[phone]")
}

func startsNANP(text string, at int) bool {
	if text[at] == '(' {
		at++
	}
	first, after := byteAt(text, at), byteAt(text, at+3)
	return first >= '2' && first <= '9' && (after == ')' || after == '-' || after == '.') && digitsAt(3)(text, at)
}

func northAmerican(scan *model.Scan, _ string) {
	text := scan.Text
	nanp.each(text, func(found []int) {
		start, end := found[0], found[1]
		same := found[2] >= 0 || text[found[6]] == text[found[8]]
		if country := text[:start]; strings.HasSuffix(country, "1-") || strings.HasSuffix(country, "1.") {
			start -= 2
		}
		before := byteAt(text, start-1)
		if same && !model.IsAlnum(before) && before != '-' && before != '.' && endsNumber(text, end) {
			addPhone(scan, start, end)
		}
	})
}

// endsNumber tells whether no further digit belongs to the number that ends there.
func endsNumber(text string, end int) bool {
	after := byteAt(text, end)
	if model.IsAlnum(after) && extensionEnd(text, end) == end {
		return false
	}
	return (after != '-' && after != '.') || !model.IsDigit(byteAt(text, end+1))
}
