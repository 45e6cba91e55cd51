package fingerprint

import (
	"strings"
)

const linesTried = 200 // of one kind, before a text is taken to have none

// parse returns the chain of a printed stack and the style of its language; Python where nothing tells another one.
func parse(text string, packages []string) ([]part, style) {
	chain, kind := parseLines(text, packages)
	if hasFrames(chain) || !strings.Contains(text, `\n`) {
		return chain, kind
	}
	if inner := escapedStack(text); inner != "" {
		if found, within := parseLines(inner, packages); hasFrames(found) {
			return found, within
		}
	}
	return chain, kind
}

func hasFrames(chain []part) bool {
	for _, member := range chain {
		if member.framed || len(member.leaves) > 0 {
			return true
		}
	}
	return false
}

func parseLines(text string, packages []string) ([]part, style) {
	head := strings.Index(text, tracebackHeader)
	if head >= 0 || strings.HasPrefix(text, pythonFrame) || strings.Contains(text, "\n"+pythonFrame) {
		if head > 0 && foreignHead(text) {
			if chain, kind, found := foreignChain(text, packages); found {
				return chain, kind
			}
		}
		return pythonChain(text, packages), pythonStyle
	}
	if chain, kind, found := foreignChain(text, packages); found {
		return chain, kind
	}
	if bare, found := unprefixed(text); found {
		if chain, kind, found := foreignChain(bare, packages); found {
			return chain, kind
		}
	}
	return pythonChain(text, packages), pythonStyle
}

// foreignHead tells whether a text starts as a JavaScript or Java error does: "Uncaught TypeError: ".
func foreignHead(text string) bool {
	text, _ = cutAny(stripLeft(text), "Uncaught ", "Exception in thread ")
	end := strings.IndexFunc(text, func(r rune) bool { return !isWord(r) && r != '$' && r != '.' && r != '"' })
	if end < 0 || !strings.HasSuffix(text[:end], "Error") && !strings.HasSuffix(text[:end], "Exception") {
		return false
	}
	text = text[end:]
	if code, found := strings.CutPrefix(text, " ["); found {
		rest, ok := afterRun(code, isWord, len(code))
		if text, found = strings.CutPrefix(rest, "]"); !ok || !found {
			return false
		}
	}
	return strings.HasPrefix(text, ": ")
}

func foreignChain(text string, packages []string) ([]part, style, bool) {
	var chain []part
	text = dedented(text)
	kind := foreignLanguage(text)
	switch kind.language {
	case goStyle.language:
		chain = goChain(text, packages)
	case javaStyle.language:
		chain = javaChain(text, packages)
	case scriptStyle.language:
		chain = scriptChain(text, packages)
	}
	if hasFrames(chain) {
		return chain, kind, true
	}
	return nil, style{}, false
}

// foreignLanguage is told by the first line that only one language prints; a style without a name if there is none.
func foreignLanguage(text string) style {
	at, gecko := 0, 0
	for line := range strings.SplitSeq(text, "\n") {
		if goLine(line) {
			return goStyle
		}
		if at <= linesTried && atLine(line) {
			at++
			if _, found := javaFrame(line, nil); found {
				return javaStyle
			}
			if _, found := scriptFrame(line, nil); found {
				return scriptStyle
			}
		}
		if gecko <= linesTried && geckoLine(line) {
			gecko++
			if _, found := scriptFrame(line, nil); found {
				return scriptStyle
			}
		}
	}
	return style{}
}

// goLine is true for the header of a goroutine and for an indented location "FILE.go:LINE".
func goLine(line string) bool {
	if rest, found := strings.CutPrefix(line, "goroutine "); found {
		rest, found = afterDigits(rest, 20)
		return found && strings.HasPrefix(rest, " ")
	}
	rest, found := strings.CutPrefix(line, "\t")
	if !found || isSpace(firstRune(rest)) {
		return false
	}
	if before, offset, found := cutLast(rest, " +0x"); found && offset != "" && strings.Trim(offset, "0123456789abcdef") == "" {
		rest = before
	}
	file, number, found := cutLast(rest, ":")
	if !found || !allDigits(number, 9) {
		return false
	}
	stem, found := strings.CutSuffix(file, ".go")
	if !found {
		stem, found = strings.CutSuffix(file, ".s")
	}
	return found && stem != ""
}

// atLine is true for an indented line "at …".
func atLine(line string) bool {
	rest, indented := cutBlanks(line)
	return indented && len(rest) > 3 && strings.HasPrefix(rest, "at ")
}

// geckoLine is true for a line "NAME@LOCATION:LINE:COLUMN".
func geckoLine(line string) bool {
	name, location, found := strings.Cut(line, "@")
	if !found || !within(name, 512) || strings.Contains(location, "@") || isSpace(firstRune(location)) {
		return false
	}
	location = strings.TrimRight(location, " \t")
	for range 2 {
		var number string
		location, number, found = cutLast(location, ":")
		if !found || !allDigits(number, 9) {
			return false
		}
	}
	return location != ""
}
