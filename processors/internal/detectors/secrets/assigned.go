package secrets

import (
	"strings"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// What a name says: it is denied, a short word counts as its value, it is about a person, only a value that was generated or chosen counts,
// any word may be its value.
const (
	nameDenied = 1 << iota
	nameStrong
	namePersonal
	nameKeyed
	namePass
	nameWorded
)

const (
	quotedLimit    = 4096
	containerLimit = 8192
)

var (
	afterSign   = pattern.New(`[ \t]{0,8}(?:(?:not|SecureString|String) )?`, 0)
	opening     = pattern.New(`[bBrRuUfF@$]{0,2}((\\{0,8})["'`+"`])", 0)
	bare        = pattern.New("[^\\s\"'`,;&<>]{1,512}", pattern.Unicode)
	bareLiteral = pattern.New("[^\\s\"'`;&<>]{1,512}", pattern.Unicode)
	numeric     = model.Words("otp totp pin cvv cvc cvv2 code ssn mfa")
)

// link is a name and the sign after it.
type link struct {
	name   string
	sign   string // =, :, =>, :=, ==, >, a comma or a verb
	quotes string // what closed the quotation of the name, "" for a bare name
	opened byte   // the character before the name, 0 = none or one beyond ASCII
	kind   int    // bits of nameDenied, nameStrong, namePersonal, nameKeyed, namePass, nameWorded
}

func (l link) strong() bool   { return l.kind&nameStrong != 0 }
func (l link) personal() bool { return l.kind&namePersonal != 0 }

func (l link) replacement() string {
	if l.personal() {
		return "[personal]"
	}
	return "[secret]"
}

// takeValue marks the value after start if it is one; it returns the place where the search for names may go on.
func takeValue(scan *model.Scan, start int, l link) int {
	text := scan.Text
	if l.isElsewhere(text, start) {
		return start
	}
	place := start
	if blanks, ok := afterSign.Match(text, start, len(text)); ok {
		place = blanks[1]
	}
	found, quoted := opening.Match(text, place, len(text))
	switch {
	case quoted:
		takeQuoted(scan, found, l)
	case isOneOf(at(text, place), "{[") && l.sign == ":" && l.quotes != "" && l.kind&nameDenied != 0:
		return takeContainer(scan, place, l.quotes)
	case l.sign == "=" || l.sign == ":" || l.sign != "," && !l.personal():
		takeBare(scan, place, l, place == start)
	}
	return start
}

// isElsewhere recognises signs that tie no value to the name: > is one in <name>value, "scheme://name:…" belongs to the URL detector, and
// in "arn:aws:…:secret:name" a name follows.
func (l link) isElsewhere(text string, start int) bool {
	switch l.sign {
	case ">":
		return l.opened != '<' || l.quotes != ""
	case ":":
		return (l.opened == '/' || l.opened == ':') && at(text, start) != ' '
	}
	return false
}

func takeQuoted(scan *model.Scan, found pattern.Found, l link) {
	text, start := scan.Text, found[1]
	quote := text[found[2]:found[3]]
	end := start + strings.Index(text[start:model.Forward(text, start, quotedLimit)], quote)
	if end < start {
		// The value of a quotation that is cut off ends with the line.
		if end = indexFrom(text, "\n", start); end < 0 {
			end = len(text)
		}
	}
	value := text[start:end]
	strong := l.strong() && (l.sign != "," || looksMadeUp(value))
	if l.fits(value) && !isProgramText(value, l) && secretvalues.QuotedSecret(value, strong) {
		scan.Add(start, end, l.replacement())
	}
}

// fits tells whether a name that proves little has a value that proves more.
func (l link) fits(value string) bool {
	if l.kind&namePass != 0 {
		return secretvalues.LooksChosen(value)
	}
	return l.kind&nameKeyed == 0 || secretvalues.LooksIssued(value)
}

// looksMadeUp judges after a comma, where a word may be the next name of a list: a password has digits and not only small letters.
func looksMadeUp(value string) bool {
	return utf8.RuneCountInString(value) > 5 && secretvalues.DigitsIn(value) > 0 && !model.AllLower(value) && !strings.Contains(value, " ")
}

func isProgramText(value string, l link) bool {
	if l.quotes == "" {
		// "prompt='Password: ', stream" closes a quotation here.
		if value == "" || isOneOf(value[0], ",)];") {
			return true
		}
		// Programs compare and set names of things ("node.fullname == …"): data has them under a quoted key or after a colon.
		if l.personal() && l.sign != ":" && !model.AllUpper(l.name) {
			return true
		}
	}
	// The value is itself the name of a secret: method = "client_secret_basic".
	return strings.Contains(value, "_") && secretvalues.DigitsIn(value) == 0 && denied(value)
}

func takeBare(scan *model.Scan, start int, l link, tight bool) {
	form := bareLiteral
	if l.sign == "=" || l.sign == ">" {
		form = bare
	}
	found, ok := form.Match(scan.Text, start, len(scan.Text))
	if !ok {
		return
	}
	value := scan.Text[found[0]:found[1]]
	if secretvalues.IsPlaceholder(value) || secretvalues.IsPlaceholder(strings.TrimRight(value, `\)]}.,:`)) {
		return
	}
	value = l.bareValue(value)
	end := start + len(value)
	named := model.AllUpper(l.name)
	// An argument passed on: login(password=user_password, …).
	passedOn := !named && secretvalues.DigitsIn(value) == 0 && isOneOf(at(scan.Text, end), ",)")
	assigned := tight && (l.sign == "=" || l.sign == ">") && (named || l.strong())
	worded := l.kind&nameWorded != 0 && (l.sign == ":" || l.sign == "=") && isWordPassword(scan.Text, start, end, l.sign)
	if worded || value != "" && !passedOn && l.fits(value) && isSecret(value, l, assigned) {
		scan.Add(start, end, l.replacement())
	}
}

// bareValue cuts what is no part of a value without quotes: the lines after it, and what closes a sentence or a bracket.
func (l link) bareValue(word string) string {
	if line := escapedBreak(word); line > 0 {
		word = word[:line]
	}
	if l.sign == ":" && l.quotes == "" {
		return strings.TrimRight(word, ".,")
	}
	return strings.TrimRight(strings.TrimRight(word, `\)]}`), ".,:)")
}

// escapedBreak returns the place of the first \n, \r or \t written as an escape, -1 when there is none.
func escapedBreak(value string) int {
	for place := strings.IndexByte(value, '\\'); place >= 0; place = indexFrom(value, `\`, place+1) {
		if isOneOf(at(value, place+1), "nrt") {
			return place
		}
	}
	return -1
}

func isSecret(value string, l link, assigned bool) bool {
	if model.AllDigits(value) {
		size := utf8.RuneCountInString(value)
		return size > 2 && (lastToken(l.name, numeric) || (l.strong() && size > 3))
	}
	numbered := secretvalues.DigitsIn(value) > 0
	if !oneOf(l.sign, "=", ":", ":=", "=>", ">") {
		return numbered && secretvalues.BareSecret(value, l.strong(), false)
	}
	return (numbered || !l.personal()) && secretvalues.BareSecret(value, l.strong(), assigned)
}

func lastToken(name string, words map[string]bool) bool {
	tokens := keys.Tokens(name)
	return len(tokens) > 0 && words[tokens[len(tokens)-1]]
}

// takeContainer marks an object or list under a denied JSON key, whole, except the schema of a field ({"type": "string"}).
func takeContainer(scan *model.Scan, start int, quotes string) int {
	text := scan.Text
	end := closing(text, start, quotes)
	body := text[start:end]
	if utf8.RuneCountInString(body) < 3 || strings.Contains(body[:model.Forward(body, 0, 24)], "type") ||
		secretvalues.IsPlaceholder(strings.Trim(body, `[]{}"'\ `)) {
		return start
	}
	scan.Add(start, end, quotes+"[secret]"+quotes)
	return end
}

// closing returns the place just after the bracket that closes the one at start; the end of the text when none does within 8 192
// characters.
func closing(text string, start int, quotes string) int {
	depth, inside, slashes := 0, false, 0
	limit := model.Forward(text, start, containerLimit)
	for place := start; place < limit; place++ {
		sign := text[place]
		if sign == '\\' {
			slashes++
			continue
		}
		if sign == '"' || sign == '\'' {
			inside = inside != (text[place-slashes:place+1] == quotes)
		} else if change := depthChange(sign); change != 0 && !inside {
			if depth += change; depth == 0 {
				return place + 1
			}
		}
		slashes = 0
	}
	return len(text)
}

func depthChange(sign byte) int {
	switch sign {
	case '{', '[':
		return 1
	case '}', ']':
		return -1
	}
	return 0
}
