package secrets

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
)

// Headers with a form of their own (headers.go).
var ownForm = model.Words("cookie cookies cookie2 setcookie authorization")

// kindOf judges a name.
func kindOf(name string) int {
	hint, tokens := keys.HintOf(name), keys.Tokens(name)
	if hint&model.Denied == 0 {
		return kindOfEnd(tokens, hint)
	}
	low := model.Lower(name)
	last := tokens[len(tokens)-1]
	if ownForm[last] {
		return 0
	}
	if keys.NamesAPerson(tokens) {
		return nameDenied | nameStrong | namePersonal
	}
	strong := !model.IsASCII(name) || last == "pass" || last == "key" || strings.Contains(low, "passw") || strings.Contains(low, "contrase")
	worded := 0
	if keys.PasswordWords[last] || strings.HasSuffix(last, "password") || strings.HasSuffix(last, "passwd") {
		worded = nameWorded
	}
	if strong || slices.ContainsFunc(tokens, strongToken) {
		return nameDenied | nameStrong | worded
	}
	return nameDenied | worded
}

// kindOfEnd judges names under which only some values are secrets: OPENAI_KEY, pass.
func kindOfEnd(tokens []string, hint model.Hint) int {
	if hint&model.Keyed != 0 {
		return nameKeyed
	}
	size := len(tokens)
	if size == 0 || tokens[size-1] != "pass" || size > 1 && keys.PlainPasses[tokens[size-2]] {
		return 0
	}
	return namePass | nameStrong
}

func strongToken(token string) bool {
	return keys.StrongWords[token] || strings.HasSuffix(token, "password") || strings.HasSuffix(token, "secret")
}

const (
	nameWindow  = 96
	foreignName = 64
	closers     = "\\\"'`])"
)

var (
	types = model.Words("string String str SecureString Optional const value Value VALUE val data text")
	typed = pattern.New(`([\w.\-]{1,64})[ \t]{0,3}:?[ \t]{1,3}[A-Za-z]{1,16}$`, pattern.Unicode)
	// A name that stands in a field of its own, before a field with its value.
	namedBefore = pattern.New(`(?:name|key|Name|Key|NAME|KEY|field|header)[\\"']{0,5}[ \t]{0,3}[:=][ \t]{0,3}[`+
		`\\"']{0,5}([\w.\-]{2,64})[\\"']{0,5}[\s,{}|-]{0,24}[\\"']{0,5}[A-Za-z]{1,8}$`, pattern.Unicode)
	twoWords = model.Words("key phrase code number security passe")

	letterEscape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\\{1,4}u([0-9A-Fa-f]{4})`) })
)

// linkAt returns the name before a sign, when it is denied, and where the value may start.
func linkAt(scan *model.Scan, place, end int) (l link, after int, ok bool) {
	text := scan.Text
	sign := text[place:end]
	if strings.HasSuffix(sign, ">") && sign != "=>" {
		place, sign = place+1, ">"
	}
	bare := strings.TrimRight(text[scan.Back(place, nameWindow):place], " \t")
	stripped := strings.TrimRight(bare, closers)
	name := nameBefore(stripped, scan.ASCII)
	if name == "" || model.AllDigits(name) {
		return link{}, end, false
	}
	quotes, opened := bare[len(stripped):], at(stripped, len(stripped)-len(name)-1)
	// "[secret]" is a placeholder, not a name.
	if strings.HasPrefix(quotes, "]") && opened == '[' {
		return link{}, end, false
	}
	kind := kindHere(stripped, name)
	if isOneOf(sign[0], "\"'`") {
		quotes, sign, end = quotes+sign[:1], ",", end-1
	}
	return link{name, strings.TrimSpace(sign), quotes, opened, kind}, end, kind != 0
}

func kindHere(before, name string) int {
	if name[0] == 'u' && at(before, len(before)-len(name)-1) == '\\' {
		if kind := kindOf(escapedName(before)); kind != 0 {
			return kind
		}
	}
	if kind := kindOf(strings.Trim(name, ".-")); kind != 0 {
		return kind
	}
	return kindFurther(before, name)
}

// escapedName returns a name between quotes whose letters beyond ASCII are written as JSON escapes, plainly; "" when there is none.
func escapedName(before string) string {
	written := before[strings.LastIndexAny(before, `"'`)+1:]
	if len(written) == len(before) {
		return ""
	}
	return letterEscape().ReplaceAllStringFunc(written, func(escape string) string {
		code, err := strconv.ParseUint(escape[len(escape)-4:], 16, 16)
		if err != nil {
			return escape
		}
		return string(rune(code))
	})
}

// nameBefore returns the run of letters, digits and _.- that ends a text; of letters of any script and at most 64 long where the text
// has any.
func nameBefore(text string, ascii bool) string {
	if ascii {
		return text[identifierStart(text):]
	}
	start := len(text)
	for range foreignName {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if size == 0 || !model.IsLetterOrNumber(r) && !strings.ContainsRune("_.-", r) {
			break
		}
		start -= size
	}
	return text[start:]
}

func identifierStart(text string) int {
	start := len(text)
	for start > 0 && (model.IsAlnum(text[start-1]) || isOneOf(text[start-1], "_.-")) {
		start--
	}
	return start
}

// kindFurther judges names of two words, declared types, and the name that stands in a field of its own.
func kindFurther(before, name string) int {
	if strings.ContainsAny(name, "-.") {
		// A path or option before the name: "config.db-password", "--set db.password".
		last := name[strings.LastIndexByte(name, '-')+1:]
		if kind := kindOf(last[strings.LastIndexByte(last, '.')+1:]); kind != 0 {
			return kind
		}
	}
	if types[name] {
		for _, declared := range []*pattern.Pattern{namedBefore, typed} {
			if found, ok := declared.Search(before, 0, len(before)); ok {
				if kind := kindOf(before[found[2]:found[3]]); kind != 0 {
					return kind
				}
			}
		}
		return 0
	}
	rest := before[:len(before)-len(name)]
	if strings.HasSuffix(rest, " ") && twoWords[model.Lower(name)] {
		rest = rest[:len(rest)-1]
		return kindOf(rest[identifierStart(rest):] + " " + name)
	}
	return 0
}
