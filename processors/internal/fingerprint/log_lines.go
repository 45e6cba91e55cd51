package fingerprint

import (
	"regexp"
	"strings"
)

// What loggers and container runtimes put before the lines of a stack: the same text on each, with numbers of its own (times, counters).

const prefixLength = 512

var (
	stackStarts   = []string{"    at ", "\tat ", "goroutine "}
	goroutineHead = regexp.MustCompile(`^goroutine [0-9]{1,20} \[[^\]\n]{1,200}\]:`)
	// A stack in a string of JSON or a log line.
	escapedStart = regexp.MustCompile(`Traceback \(most recent call last\):\\n|\\n    at |\\n\\tat |goroutine [0-9]{1,20} \[[^\]\n]{1,200}\]:\\n`)
	goLocation   = regexp.MustCompile(`\.(?:go|s):[0-9]+(?: \+0x[0-9a-f]+)?$`)
)

// linesAfter returns what follows the prefix on each line that has it, whatever its numbers are; the other lines are left out.
func linesAfter(lines []string, prefix string) []string {
	bare := stripRight(prefix)
	var kept []string
	for _, line := range lines {
		if end := afterPrefix(line, prefix); end >= 0 {
			kept = append(kept, line[end:])
		} else if line = stripRight(line); afterPrefix(line, bare) == len(line) {
			kept = append(kept, "")
		}
	}
	return kept
}

// afterPrefix returns where a prefix of a line ends, -1 if the line does not have it. Numbers may have any length, but not where the prefix
// ends with one: what follows could begin with a digit.
func afterPrefix(line, prefix string) int {
	head := strings.TrimRight(prefix, "0123456789")
	at := 0
	for i := 0; i < len(head); i++ {
		switch {
		case isDigitByte(head[i]):
			start := at
			for at < len(line) && isDigitByte(line[at]) {
				at++
			}
			if at == start {
				return -1
			}
			for isDigitByte(head[i+1]) {
				i++
			}
		case at >= len(line) || line[at] != head[i]:
			return -1
		default:
			at++
		}
	}
	for range len(prefix) - len(head) {
		if at >= len(line) || !isDigitByte(line[at]) {
			return -1
		}
		at++
	}
	return at
}

// unprefixed returns the text without what stands before its frames; false if nothing does.
func unprefixed(text string) (string, bool) {
	lines := strings.Split(text, "\n")
	for _, line := range lines[:min(len(lines), linesTried)] {
		for _, start := range stackStarts {
			near := firstChars(line, prefixLength+len(start))
			first := len(firstChars(near, 1))
			place := strings.Index(near[first:], start)
			if place < 0 {
				continue
			}
			place += first
			if strip(line[:place]) != "" && isStart(line[place:]) {
				return strings.Join(linesAfter(lines, least(lines, line[:place])), "\n"), true
			}
		}
	}
	return "", false
}

// least returns the prefix without blanks that are the indentation of a nested stack: some line has fewer of them.
func least(lines []string, prefix string) string {
	bare := strings.TrimRight(prefix, " ")
	blanks := len(prefix) - len(bare)
	for _, line := range lines[:min(len(lines), linesTried)] {
		end := afterPrefix(line, bare)
		if end < 0 || strip(line[end:]) == "" {
			continue
		}
		blanks = min(blanks, len(line)-end-len(strings.TrimLeft(line[end:], " ")))
	}
	return prefix[:len(bare)+blanks]
}

func isStart(line string) bool {
	if _, found := javaFrame(line, nil); found {
		return true
	}
	if _, found := scriptFrame(line, nil); found {
		return true
	}
	return goroutineHead.MatchString(line)
}

// dedented returns the text without the indentation of its first line that has any text, which is no frame.
func dedented(text string) string {
	first, tried := "", 0
	for line := range strings.SplitSeq(text, "\n") {
		if tried++; tried > linesTried {
			break
		}
		if strip(line) != "" {
			first = line
			break
		}
	}
	bare, indented := cutBlanks(first)
	if !indented || strings.HasPrefix(bare, "at ") || goLocation.MatchString(first) {
		return text
	}
	indent := first[:len(first)-len(bare)]
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, indent)
	}
	return strings.Join(lines, "\n")
}

// classWithin returns the first word like "package.SomeError:" of a line, without the colon; "" if there is none.
func classWithin(line string) string {
	words := strings.FieldsFunc(line, isSpace)
	for i, word := range words {
		bare, ends := strings.CutSuffix(strings.TrimLeft(afterLast(word, `"`), "[(<'"), ":")
		ends = ends || i+1 == len(words) || strings.HasPrefix(words[i+1], "[") && strings.HasSuffix(words[i+1], "]:")
		if ends && (strings.HasSuffix(bare, "Error") || strings.HasSuffix(bare, "Exception")) && isClassName(bare) {
			return bare
		}
	}
	return ""
}

func isClassName(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return !isASCIIAlnum(r) && r != '_' && r != '.' && r != '$' })
}

// escapedStack returns the stack in a string of JSON or a log line, without the escapes and what surrounds the string; "" if there is none.
func escapedStack(text string) string {
	found := escapedStart.FindStringIndex(text)
	if found == nil {
		return ""
	}
	start := strings.LastIndexByte(text[:found[0]], '\n') + 1
	line, place := beforeFirst(text[start:], "\n"), found[0]-start
	if !strings.Contains(line, pythonFrame) { // the quotes of a string in double quotes would be escaped
		if opening := quoteBefore(line, place); opening >= 0 {
			line = line[opening+1 : quoteAfter(line, place)]
		}
	}
	return unescaped(line)
}

func quoteBefore(line string, place int) int {
	for place >= 0 {
		place = strings.LastIndexByte(line[:place], '"')
		if place <= 0 || line[place-1] != '\\' {
			break
		}
	}
	return place
}

func quoteAfter(line string, place int) int {
	for {
		next := strings.IndexByte(line[place:], '"')
		if next < 0 {
			return len(line)
		}
		if place += next; place == 0 || line[place-1] != '\\' {
			return place
		}
		place++
	}
}
