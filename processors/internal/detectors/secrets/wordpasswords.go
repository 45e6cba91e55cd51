package secrets

import (
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/pattern"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/secretvalues"
)

// Passwords that are words: "password: opensesame" alone in its line of YAML or INI, and inside Login(user=bob, password=swordfish). Of a
// word only the place tells that it is a value: a line or a printed object of plain names and values, where program text has brackets and
// quotes.
const (
	lineLimit   = 200
	objectLimit = 1024
	typeName    = model.Alnum + "_.$"
	plainPair   = `[A-Za-z_][A-Za-z0-9_]{0,64}=[^\s,=()\[\]{}"']{0,128}`
)

var (
	wordForm  = pattern.New(`[a-z]{2,32}(?:-[a-z]{2,32}){0,6}`, pattern.Unicode)
	lineStart = pattern.New(`[ \t]{0,64}(?:[-*>][ \t]{1,4})?["']?[\w.\-]{0,64}["']?[ \t]{0,8}[=:][ \t]{1,8}`, pattern.Unicode)
	lineEnd   = pattern.New(`[ \t]{0,8}(?:\r?\n|\\r|\\n|["']|$)`, pattern.Unicode)
	iniLine   = pattern.New(`[ \t]*(?:\[[^\]\n]{1,64}\]|[#;][^\n]{0,200}`+
		`|[A-Za-z_][A-Za-z0-9_.\-]{0,64}[ \t]*=[ \t]*[^\s"'(){}\[\];,]{0,128})[ \t\r]*`, pattern.Unicode)
	printedObject = pattern.New(`[A-Z][A-Za-z0-9_.$]{0,64}[(\[{](`+plainPair+`(?:, `+plainPair+`){1,24})[)\]}]`, pattern.Unicode)
	printedStruct = pattern.New(`\{[A-Z][A-Za-z0-9_]{0,64}:[^\s{}"',]{0,128}`+
		`(?: [A-Z][A-Za-z0-9_]{0,64}:[^\s{}"',]{0,128}){1,24}\}`, pattern.Unicode)
	// What is said of passwords, and what stands for one in documents and programs.
	said = model.Words(`
		required mandatory forbidden encrypted hashed unhashed plaintext plain unchanged rejected accepted matches matched incorrect correct
		strong medium absent present locked unlocked random generated prompt prompted secure insecure sensitive protected private public
		writeonly write-only readonly read-only nullable numeric alphanumeric username single-quoted length always never ignored skipped
		stored saved updated exists existing mismatch mismatched similar common compromised pending success successful confirmed verified
		stdin environment variable literal parameter argument integer boolean unicode varchar callable function default-value unsupported
		candidate hasher hashing cleartext clear-text supplied given entered masked-out plain-text tooshort too-short too-long too-weak
	`)
)

// isWordPassword tells whether the word text[start:end], tied to the name of a password by a sign, is the password.
func isWordPassword(text string, start, end int, sign string) bool {
	word := text[start:end]
	if _, ok := wordForm.Whole(word); !ok || len(word) < 6 || said[word] || secretvalues.IsPlaceholder(word) || denied(word) {
		return false
	}
	if strings.Contains(word, "pass") || strings.Contains(word, "secret") {
		return false
	}
	if _, ends := lineEnd.Match(text, end, len(text)); ends && beginsLine(text, start) {
		return sign == ":" || amongSettings(text, start, end)
	}
	return inObject(text, start, end, sign)
}

func beginsLine(text string, start int) bool {
	low := model.Back(text, start, lineLimit)
	before := text[low:start]
	line := strings.LastIndexByte(before, '\n') + 1
	if escaped := strings.LastIndex(before, `\n`); escaped >= 0 {
		line = max(line, escaped+2)
	}
	_, ok := lineStart.Whole(before[line:])
	return ok && (line > 0 || low == 0)
}

// amongSettings judges "name = word", which is also how programs copy: the lines around must be those of a file of settings.
func amongSettings(text string, start, end int) bool {
	before, following := "", ""
	if line := strings.LastIndexByte(text[:start], '\n'); line > 0 {
		before = text[model.Back(text, line, lineLimit):line]
		before = before[strings.LastIndexByte(before, '\n')+1:]
	}
	if after := indexFrom(text, "\n", end); after >= 0 {
		following, _, _ = strings.Cut(text[after+1:model.Forward(text, after+1, lineLimit)], "\n")
	}
	settings := 0
	for _, piece := range []string{before, following} {
		if model.Strip(piece) == "" {
			continue
		}
		if _, ok := iniLine.Whole(piece); !ok {
			return false
		}
		settings++
	}
	return settings > 0
}

// inObject recognises what programs of Java or Go print: a type's name, then plain names and values; a call passes names on (user=user).
func inObject(text string, start, end int, sign string) bool {
	closing := strings.IndexAny(text[end:model.Forward(text, end, objectLimit)], ")]}")
	low := model.Back(text, start, objectLimit)
	opened := strings.LastIndexAny(text[low:start], "([{")
	if closing < 0 || opened < 0 {
		return false
	}
	after := end + closing + 1
	if sign == ":" {
		_, ok := printedStruct.Whole(text[low+opened : after])
		return ok
	}
	whole := text[model.StartOfRun(text, low+opened, typeName, 64):after]
	found, ok := printedObject.Whole(whole)
	return ok && !slices.ContainsFunc(strings.Split(whole[found[2]:found[3]], ", "), func(pair string) bool {
		name, value, _ := strings.Cut(pair, "=")
		return name == value
	})
}
