package policy

import (
	"regexp"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// matcher tells whether a whole text has a form.
type matcher func(text string) bool

// class is a set of bytes.
type class [256]bool

func classOf(characters string) *class {
	var set class
	for i := range len(characters) {
		set[characters[i]] = true
	}
	return &set
}

// run returns the matcher of one byte of the first class and up to more bytes of the second. What comes most often is matched by hand: an
// expression of the same form takes ten times as long.
func run(head, tail *class, more int) matcher {
	return func(text string) bool {
		if text == "" || len(text) > more+1 || !head[text[0]] {
			return false
		}
		for i := 1; i < len(text); i++ {
			if !tail[text[i]] {
				return false
			}
		}
		return true
	}
}

const unlimited = 1 << 30

var (
	alnum    = classOf(model.Alnum)
	nameTail = classOf(model.Alnum + "._:/@ -")
	wordTail = classOf(model.Alnum + "._:/@+-")
	typeHead = classOf(model.Alnum + "_")
	classSet = classOf(model.Letters + "_")

	isNameForm    = run(alnum, nameTail, 127)
	isForeign     = run(classOf(model.Alnum+"_/{<*("), classOf(model.Alnum+"_./:{}<>()*$# -"), unlimited)
	isScope       = run(classOf(model.Alnum+"_@"), classOf(model.Alnum+"_.@/:-"), unlimited)
	isVersion     = run(alnum, classOf(model.Alnum+".+_!~-"), 63)
	isMetricName  = run(classOf(model.Letters), classOf(model.Alnum+"_.-/"), 254)
	isRoute       = run(classOf(model.Alnum+"._~/{}<>:*$+-"), classOf(model.Alnum+"._~/{}<>:*$+-"), 199)
	isKeyForm     = run(typeHead, classOf(model.Alnum+"_./:-"), 127)
	isErrorName   = run(classSet, typeHead, 127)
	isPlainWord   = run(alnum, wordTail, 63)
	unitSet       = classOf(model.Alnum + "{}/%.*_^ -")
	isUnit        = run(unitSet, unitSet, 62)
	isSchema      = regexp.MustCompile(`^https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._-]+){0,8}$`).MatchString
	isPlaceholder = regexp.MustCompile(`^\[[a-z_]{1,32}\]$`).MatchString
	isSeverity    = regexp.MustCompile(`^[A-Za-z]{1,16}[0-9]{0,2}$`).MatchString
	isSampling    = regexp.MustCompile(`^(?:th|rv):[0-9a-f]{1,14}(?:;(?:th|rv):[0-9a-f]{1,14})?$`).MatchString
)

// byHand are matchers of the registry's patterns that do without an expression; a test holds each against its pattern.
var byHand = map[string]matcher{
	registry.PatternName:      isNameForm,
	registry.PatternFileType:  run(classOf(model.Alnum+".+#_-"), classOf(model.Alnum+".+#_-"), 31),
	registry.PatternErrorType: run(typeHead, classOf(model.Alnum+"_."), 127),
	registry.PatternCurrency:  func(text string) bool { return len(text) == 3 && all(text, isUpper) },
	registry.PatternSHA256:    func(text string) bool { return len(text) == 64 && all(text, isHex) },
	registry.PatternStackHash: func(text string) bool {
		rest, found := strings.CutPrefix(text, "v1:")
		return found && len(rest) == 16 && all(rest, isHex)
	},
	registry.PatternUUID: isUUID,
}

// matcherOf returns the matcher of one of the registry's patterns.
func matcherOf(pattern string) matcher {
	if found, known := byHand[pattern]; known {
		return found
	}
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString
}

func all(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

// uuidParts has 0 for a lower-case hex digit, 2 for a hyphen, 1 for any other byte.
var uuidParts = func() (table [256]byte) {
	for i := range table {
		if table[i] = 1; isHex(byte(i)) {
			table[i] = 0
		}
	}
	table['-'] = 2
	return table
}()

func isUUID(text string) bool {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	others, hyphens := byte(0), byte(0)
	for i := range len(text) {
		part := uuidParts[text[i]]
		others |= part & 1
		hyphens += part >> 1
	}
	return others == 0 && hyphens == 4
}
