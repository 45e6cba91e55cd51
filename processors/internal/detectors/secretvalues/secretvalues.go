// Package secretvalues tells whether a piece of text can be the value of a secret, or is a placeholder, an everyday word or a program's
// expression.
package secretvalues

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

var placeholder = whole(`\[[a-z_-]{1,24}\]|\[[A-Z][A-Za-z_ ]{1,40}\]?|<[^<>]{0,80}>?|\$\{[^}]{0,80}\}?|\$[A-Za-z_(][A-Za-z0-9_():.-]{0,80}` +
	`|\{\{.{0,80}\}\}|\{[A-Za-z_][A-Za-z0-9_.]{0,60}\}|%\([a-z_]{1,40}\)s|%[sdrvq]|%[A-Z_]{1,60}%` +
	`|!(?:vault|secret|env|include|encrypted|reference|Ref|Sub|GetAtt|ImportValue|unsafe)` +
	`|[*.xX#?_•…-]{2,}|\.\.\.|~|\?|:[a-z_]{1,40}|@[a-z_]{1,40}|process\.env[A-Za-z0-9_.\[]{0,80}|os\.environ.{0,80}`)

// What redaction leaves: a value that has it inside was judged before.
var replaced = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`\[(?:secret|token|email|phone|card|iban|ssn|id|ip|mac|imei|jwt|private-key|credentials|cookie|personal|wallet|truncated)\]`)
})

var everyday = model.Words(`
    none null nil true false undefined string str int integer bool boolean bytes any object optional required yes no on off empty
    hidden redacted masked omitted filtered removed invalid expired missing valid allow allowed deny denied disabled enabled default
    unknown self password passwd pwd secret token apikey key value basic bearer digest auth the a an is not and or your my text
    number array char varchar provided authentication authorization incorrect failed failure wrong error changed reset field input
    type name todo tbd n/a na
`)

var (
	code = whole(`(?s)[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::|->|\?\.)[A-Za-z_][A-Za-z0-9_]*)*(?:[(\[].*|[)\]}:.,;]*)?`)
	// How a secret is written, not what it is: "the token is base64-encoded".
	algorithm = whole(`(?i)(?:base-?(?:16|32|58|62|64|85)(?:url)?|sha-?(?:1|2|3|224|256|384|512)|md5|x\.?509|pkcs-?#?(?:1|5|7|8|12)` +
		`|utf-?(?:8|16)|aes-?(?:128|192|256)|rsa-?(?:1024|2048|3072|4096)|ed25519|hs256|rs256|es256|oauth-?[12]|argon2(?:id?)?|pbkdf2|rot13` +
		`|h256|i18n)(?:-[a-z]{2,16}){0,3}[.:]?`)
	dotted   = whole(`[A-Za-z_]+[0-9]{0,2}(?:\.[A-Za-z_]+[0-9]{0,2})+`)
	sentence = whole(`(?s)[A-Z][a-z']* ?[^0-9_=]*|[^0-9_=]*[.!?]`)
)

const placeholderStarts = "[<${%*.xX#?_•…-~:@po!"

// whole compiles, at the first question, a pattern that must match from end to end.
func whole(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp {
		flags := ""
		if strings.HasPrefix(pattern, "(?") && pattern[3] == ')' {
			flags, pattern = pattern[:4], pattern[4:]
		}
		return regexp.MustCompile(flags + `\A(?:` + pattern + `)\z`)
	})
}

// DigitsIn counts the ASCII digits of a value.
func DigitsIn(value string) int {
	count := 0
	for i := range len(value) {
		if model.IsDigit(value[i]) {
			count++
		}
	}
	return count
}

// IsPlaceholder tells whether a value stands for a secret that is not there: ${TOKEN}, <token>, ***, [secret], null.
func IsPlaceholder(value string) bool {
	if value == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(value)
	if strings.ContainsRune(placeholderStarts, first) && placeholder().MatchString(value) {
		return true
	}
	if strings.Contains(value, "[") && replaced().MatchString(value) {
		return true
	}
	return utf8.RuneCountInString(value) < 16 && everyday[strings.Trim(model.Lower(value), ".,:;")]
}

// LooksRandom tells whether letters and digits are mixed (or cases at length), without a blank, and long enough to be generated:
// shortest characters, 16 as a rule.
func LooksRandom(value string, shortest int) bool {
	size := utf8.RuneCountInString(value)
	if size < shortest || strings.Contains(value, " ") || IsPlaceholder(value) {
		return false
	}
	digits := DigitsIn(value)
	if digits == 0 {
		mixed := !model.AllLower(value) && !model.AllUpper(value) && !model.IsTitle(value) && model.ChangesInUpper(value)
		return mixed && size >= 20 && EntropyBits(value[:model.Forward(value, 0, 64)]) > 3.6
	}
	if !model.HasCase(value) {
		return false
	}
	return digits > 1 || size >= 20 || !model.AllLettersOrNumbers(without(value, "-_"))
}

var (
	issued = whole(`[A-Za-z0-9+/=_.~\-]{16,512}`)
	uuid   = whole(`[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`)
)

// LooksIssued tells whether a service may have issued a value: 16 characters and more with letters and digits mixed all through one part,
// and no UUID.
func LooksIssued(value string) bool {
	if !issued().MatchString(value) || uuid().MatchString(value) {
		return false
	}
	apart := func(r rune) bool { return r >= utf8.RuneSelf || !model.IsAlnum(byte(r)) }
	return slices.ContainsFunc(strings.FieldsFunc(value, apart), func(run string) bool {
		return len(run) > 7 && changes(run) > 2 && len(run)-DigitsIn(run) > 2
	})
}

// changes counts how often a letter follows a digit or a digit a letter.
func changes(run string) int {
	count, last := 0, -1
	for _, r := range run {
		kind := 0
		if model.AllDigits(string(r)) {
			kind = 1
		}
		if last >= 0 && kind != last {
			count++
		}
		last = kind
	}
	return count
}

// LooksChosen tells whether somebody may have chosen a value as a password: letters with a digit or a sign that words and measures do not
// have.
func LooksChosen(value string) bool {
	letters := LettersIn(value)
	if size := utf8.RuneCountInString(value); size < 6 || size > 64 || letters < 3 || IsPlaceholder(value) {
		return false
	}
	if strings.ContainsAny(value, "!#$%&*^?@") && !strings.Contains(value, "(") {
		return true
	}
	if DigitsIn(value) == 0 || strings.ContainsAny(value, "/:.,()[]") {
		return false
	}
	return changes(value) > 2 || !model.AllLower(value) && !model.AllUpper(value) && !model.IsTitle(value)
}

// LettersIn counts the ASCII letters of a value.
func LettersIn(value string) int {
	count := 0
	for i := range len(value) {
		if b := value[i]; model.IsAlnum(b) && !model.IsDigit(b) {
			count++
		}
	}
	return count
}

// QuotedSecret tells whether the text between quotes is a secret. strong: the key is a password or the like, so short words count.
func QuotedSecret(value string, strong bool) bool {
	if IsPlaceholder(value) || IsPlaceholder(model.Strip(value)) {
		return false
	}
	size := utf8.RuneCountInString(value)
	if strong {
		words := model.Strip(value)
		prose := strings.Contains(words, " ") && (utf8.RuneCountInString(words) > 96 || sentence().MatchString(words))
		return size > 2 && !prose
	}
	if LooksRandom(value, 8) {
		return true
	}
	return size >= 16 && !strings.Contains(value, " ") && model.HasCase(value) && !isName(value)
}

// isName recognises words joined with underscores, dots or hyphens: access_token_expired, com.example.Token.
func isName(value string) bool {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune("_.-/: ", r) }) {
		if !model.AllLetters(word) || !(model.AllLower(word) || model.AllUpper(word) || model.IsTitle(word)) {
			return false
		}
	}
	return true
}

// IsAlgorithm tells whether a value names how something is written or computed: base64-encoded, sha256.
func IsAlgorithm(value string) bool {
	return len(value) < 48 && model.IsASCII(value) && algorithm().MatchString(value)
}

// BareSecret tells whether an unquoted word is a secret. assigned: NAME=value without blanks, as in an environment file or on a command
// line.
func BareSecret(value string, strong, assigned bool) bool {
	if IsPlaceholder(value) {
		return false
	}
	size := utf8.RuneCountInString(value)
	if strong && assigned {
		return size > 2 && !(strings.ContainsAny(value, "([.:") && code().MatchString(value))
	}
	digits := DigitsIn(value)
	if digits > 0 && IsAlgorithm(value) {
		return false
	}
	if dotted().MatchString(value) || (digits == 0 && strings.IndexByte("{([", value[0]) >= 0) {
		return false
	}
	if (digits == 0 || strings.ContainsAny(value, "([")) && code().MatchString(value) {
		return false
	}
	if strong {
		return size > 3 && (digits > 0 || !model.AllLetters(without(value, "-./~")))
	}
	return LooksRandom(value, 8)
}

func without(value, signs string) string {
	if !strings.ContainsAny(value, signs) {
		return value
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(signs, r) {
			return -1
		}
		return r
	}, value)
}

// EntropyBits is the Shannon entropy of the characters, in bits per character.
func EntropyBits(text string) float64 {
	counts := map[rune]int{}
	for _, r := range text {
		counts[r]++
	}
	size := float64(utf8.RuneCountInString(text))
	bits := 0.0
	for _, count := range counts {
		share := float64(count) / size
		bits -= share * math.Log2(share)
	}
	return bits
}
