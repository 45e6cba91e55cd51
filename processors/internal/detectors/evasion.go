package detectors

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Spellings that hide characters from patterns: zero-width letters, full-width forms, colours, typographic blanks and hyphens, escapes.
const (
	invisible = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
	blanks    = "\u00a0\u2007\u2009\u202f"
	hyphens   = "\u2010\u2011\u2212"
	wide      = 0xfee0 // from a full-width form to the character
)

const escapedName = "escaped"

// evasions returns the trigger for escapes; the engine scans the normalised text as well whenever it fires.
func evasions() []model.Trigger {
	return []model.Trigger{{
		Name: escapedName,
		Pattern: `\\u00[2-7][0-9A-Fa-f]|:\\/\\/|\\/(?:home|Users)\\/|&#(?:x[2-7][0-9A-Fa-f]|[3-9][0-9]|1[01][0-9]|12[0-6]);|&commat;` +
			`|\x1b\[[0-9;]*m|\\(?:u00|x)1[bB]\[[0-9;]*m|\\033\[[0-9;]*m`,
		Find: func(*model.Scan, string) {},
	}}
}

var (
	colour = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:\x1b|\\u001[bB]|\\x1[bB]|\\033)\[[0-9;]{0,32}m`)
	})
	jsonEscape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\u00[2-7][0-9A-Fa-f]`) })
	htmlEscape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`&#(?:x[2-7][0-9A-Fa-f]|[3-9][0-9]|1[01][0-9]|12[0-6]);|&commat;|&period;|&colon;`)
	})
	namedEscapes = map[string]string{"&commat;": "@", "&period;": ".", "&colon;": ":"}
)

// normalised is the same text with hidden characters dropped and escaped or full-width letters, digits and signs written plainly.
func normalised(text string) string {
	if !model.IsASCII(text) {
		text = strings.Map(plainRune, text)
	}
	text = colour().ReplaceAllString(text, "")
	text = strings.Map(narrow, text)
	text = strings.ReplaceAll(jsonEscape().ReplaceAllStringFunc(text, plainJSON), `\/`, "/")
	return htmlEscape().ReplaceAllStringFunc(text, plainHTML)
}

func plainRune(r rune) rune {
	switch {
	case strings.ContainsRune(invisible, r):
		return -1
	case strings.ContainsRune(blanks, r):
		return ' '
	case strings.ContainsRune(hyphens, r):
		return '-'
	case r == '\u212a': // letters whose other case is an ASCII letter: the Kelvin sign, the long s, KİMLİK
		return 'K'
	case r == 'ſ':
		return 's'
	case r == 'İ':
		return 'I'
	}
	return r
}

func narrow(r rune) rune {
	if r >= 0xff01 && r <= 0xff5e {
		return r - wide
	}
	return r
}

func plainJSON(escape string) string {
	code, err := strconv.ParseUint(escape[4:], 16, 8)
	if err != nil || strings.ContainsRune("\"\\\x7f", rune(code)) {
		return escape
	}
	return string(rune(code))
}

func plainHTML(escape string) string {
	if sign, ok := namedEscapes[escape]; ok {
		return sign
	}
	digits, base := escape[2:len(escape)-1], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 8)
	if err != nil || strings.ContainsRune("\"'<>&\\\x7f", rune(code)) {
		return escape
	}
	return string(rune(code))
}

// hidesLetters tells whether a text with letters beyond ASCII has hidden or full-width ones.
func hidesLetters(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0xa0 && (plainRune(r) != r || r == 0xff0e || (r >= 0xff10 && r <= 0xff19) || (r >= 0xff20 && r <= 0xff3a) ||
			(r >= 0xff41 && r <= 0xff5a))
	})
}
