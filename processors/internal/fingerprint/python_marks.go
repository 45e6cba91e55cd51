package fingerprint

import (
	"strings"
	"unicode/utf8"
)

const (
	groupWord   = "Exception Group "
	prefixReach = 512 // characters of a prefix before a frame line
)

// What a printed traceback begins with, what links its members, and what a log formatter puts before its lines.

// tracebackAt reads `Traceback (most recent call last):`, blanks and the line feed before a frame line; it is never printed without
// one. It returns where that line feed is, -1 if there is no header at this place.
func tracebackAt(text string, at int) int {
	rest := strings.TrimPrefix(text[at:], groupWord)
	rest, found := strings.CutPrefix(rest, tracebackHeader)
	if !found {
		return -1
	}
	rest = strings.TrimLeft(rest, " \t")
	if !strings.HasPrefix(rest, "\n"+pythonFrame) {
		return -1
	}
	return len(text) - len(rest)
}

// firstTraceback tells where the first traceback starts: behind its header, or at the first frame line of a text whose head was cut off.
func firstTraceback(text string) int {
	start, end := firstHeader(text)
	before := text
	if end >= 0 {
		before = text[:start]
	}
	headless := 0
	if !strings.HasPrefix(before, pythonFrame) {
		headless = strings.Index(before, "\n"+pythonFrame) + 1
		if headless == 0 {
			return end
		}
	}
	if cutOff(before[:headless]) {
		return headless
	}
	return end
}

// firstHeader finds the first header at the start of a line: its place, and the end that tracebackAt gives.
func firstHeader(text string) (start, end int) {
	for from := 0; ; from += len(tracebackHeader) {
		found := strings.Index(text[from:], tracebackHeader)
		if found < 0 {
			return -1, -1
		}
		from += found
		start = len(strings.TrimSuffix(text[:from], groupWord))
		if start > 0 && text[start-1] != '\n' {
			continue
		}
		if end = tracebackAt(text, start); end >= 0 {
			return start, end
		}
	}
}

// cutOff tells whether frame lines without a header follow the rest of a cut text; else they are the message of an exception without
// frames.
func cutOff(before string) bool {
	first, rest, _ := strings.Cut(before, "\n")
	if typeOfLine(first) != unknown {
		return false
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if line != "" && !isBlank(line[0]) {
			return false
		}
	}
	return true
}

// linkAt reads a line feed, a link line and its line feed; it returns where they end, -1 if they are not at this place.
func linkAt(text string, at int) int {
	rest, found := strings.CutPrefix(text[at:], "\n")
	if !found {
		return -1
	}
	rest, found = cutAny(rest, contextLink+"\n", causeLink+"\n")
	if !found {
		return -1
	}
	return len(text) - len(rest)
}

// nextLink finds the first link with an empty line below it, and returns where that ends.
func nextLink(text string, from int) int {
	for at := from; at < len(text); at++ {
		next := strings.IndexByte(text[at:], '\n')
		if next < 0 {
			return -1
		}
		at += next
		if end := linkAt(text, at); end >= 0 && end < len(text) && text[end] == '\n' {
			return end + 1
		}
	}
	return -1
}

// nextTraceback finds the header below a link, and returns the end that tracebackAt gives.
func nextTraceback(text string, from int) int {
	for link := nextLink(text, from); link >= 0; link = nextLink(text, link-1) {
		if end := tracebackAt(text, link); end >= 0 {
			return end
		}
	}
	return -1
}

// nextBare finds a link above a line that may be an exception line, and returns where that line starts.
func nextBare(text string, from int) int {
	for link := nextLink(text, from); link >= 0; link = nextLink(text, link-1) {
		rest := text[link:]
		end := strings.IndexFunc(rest, func(r rune) bool { return r == ':' || isSpace(r) })
		if end < 0 && rest != "" || end > 0 && (rest[end] == ':' || rest[end] == '\n') {
			return link
		}
	}
	return -1
}

// withoutPrefix cuts what a log formatter, a container runtime or an indentation put before every line from the first header on.
func withoutPrefix(text string, grouped bool) string {
	head := prefixedHeader(text)
	if head < 0 {
		return text
	}
	lineStart := strings.LastIndexByte(text[:head], '\n') + 1
	prefix := text[lineStart:head]
	if prefix == "" || grouped && (isMargin(prefix) || strings.Contains(text[:lineStart], firstMember)) {
		return text
	}
	first, rest, more := strings.Cut(text[head:], "\n")
	if !more || !within(prefix, prefixLength) || afterPrefix(beforeFirst(rest, "\n"), prefix) < 0 {
		return text[head:]
	}
	return strings.Join(append([]string{first}, linesAfter(strings.Split(rest, "\n"), prefix)...), "\n")
}

// prefixedHeader finds the first header with a frame line below it, whatever stands before both; -1 if there is none.
func prefixedHeader(text string) int {
	for from := 0; ; from += len(tracebackHeader) {
		found := strings.Index(text[from:], tracebackHeader)
		if found < 0 {
			return -1
		}
		from += found
		below, ends := strings.CutPrefix(strings.TrimLeft(text[from+len(tracebackHeader):], " \t"), "\n")
		below = beforeFirst(below[:min(len(below), prefixReach*utf8.UTFMax+len(pythonFrame))], "\n")
		prefix, _, framed := strings.Cut(below, pythonFrame)
		if ends && framed && within(prefix, prefixReach) {
			return len(strings.TrimSuffix(strings.TrimSuffix(text[:from], groupWord), "  + "))
		}
	}
}

// isMargin tells whether a prefix is the margin of an exception group.
func isMargin(prefix string) bool {
	return strings.Trim(prefix, " |") == "" && strings.Contains(prefix, "|")
}

func isDigitByte(b byte) bool {
	return b >= '0' && b <= '9'
}
