package fingerprint

import "strings"

const (
	pythonFrame      = `  File "`
	linesReadForType = 50
)

// pythonChain returns the chain in the order in which it was printed; without any frame one part with the exception's name, if one can
// be seen.
func pythonChain(text string, packages []string) []part {
	grouped := strings.Contains(text, firstMember) || strings.Contains(text, groupHeader)
	text = asInterpreter(withoutPrefix(text, grouped))
	if grouped {
		return groupedChain(splitGroups(text), packages)
	}
	if found, _ := tracebacks(text, packages); len(found) > 0 {
		return found
	}
	return []part{barePart(text)}
}

func groupedChain(segments []segment, packages []string) []part {
	var parts []part
	for i, one := range segments {
		if i > 0 && linkAt("\n"+strings.TrimLeft(one.text, "\n"), 0) < 0 {
			break // what follows a group without a link is another log record
		}
		found, end := tracebacks(one.text, packages)
		switch {
		case one.group:
			found = withGroup(found, one, end, packages)
		case i > 0 && len(found) == 0:
			found = []part{barePart(one.text)} // never raised, but it says that the chain does not end with the group
		}
		parts = append(parts, found...)
	}
	if last := len(segments) - 1; len(parts) == 0 && last >= 0 {
		parts = []part{barePart(segments[last].text)}
	}
	return parts
}

// withGroup gives the last part its members; a group that was never raised has no header, so it is a part of its own.
func withGroup(found []part, one segment, end int, packages []string) []part {
	named := part{typeName: unknown}
	if last := len(found) - 1; last >= 0 && nextBare(one.text, end) < 0 {
		found, named = found[:last], found[last]
	}
	named.group = true
	for _, member := range one.members {
		named.leaves = append(named.leaves, groupedChain(member.segments, packages))
	}
	return append(found, named)
}

// tracebacks returns the members of a chain that have a traceback, and where the message of the last begins.
//
// A member without one (never raised) is not told from message text, so it is left out.
func tracebacks(text string, packages []string) (parts []part, stop int) {
	start := firstTraceback(text)
	for start >= 0 {
		member := part{typeName: unknown, framed: true}
		if end := exceptionLine(text, start); end >= 0 {
			stop = end
			member.typeName = typeOfLine(beforeFirst(text[end+1:], "\n"))
		} else {
			stop = max(strings.LastIndex(text, "\n"), start) // a text that was cut off may end inside a name
		}
		for line := range strings.SplitSeq(text[start:stop], "\n") {
			if file, name, found := frameLine(line); found {
				member.frames = append(member.frames, pythonFrameOf(file, name, packages))
			}
		}
		parts = append(parts, member)
		start = nextTraceback(text, stop)
	}
	return parts, stop
}

// exceptionLine finds the line feed before the first line in column 0, which ends the frames: whatever a message imitates comes after it.
func exceptionLine(text string, from int) int {
	for i := from; i < len(text)-1; i++ {
		next := strings.IndexByte(text[i:len(text)-1], '\n')
		if next < 0 {
			return -1
		}
		i += next
		if first := text[i+1]; !isBlank(first) && first != '\n' {
			return i
		}
	}
	return -1
}

// frameLine reads `  File "FILE", line N, in NAME`; FILE may imitate what follows it.
func frameLine(line string) (file, name string, found bool) {
	rest, found := strings.CutPrefix(line, pythonFrame)
	for end := len(rest); found; {
		end = strings.LastIndex(rest[:end], `", line `)
		if end < 0 {
			return "", "", false
		}
		number := rest[end+len(`", line `):]
		after, known := cutAny(number, "None", "?")
		if !known {
			after, known = afterDigits(number, 12)
		}
		if name, ok := strings.CutPrefix(after, ", in "); ok && known {
			return rest[:end], name, true
		}
	}
	return "", "", false
}

// typeOfLine reads the name in "package.Name: message".
func typeOfLine(line string) string {
	return typeName(strings.TrimSuffix(stripRight(beforeFirst(line, ": ")), ":"))
}

// barePart has the exception's name in a text without frames: that of the last member of the chain, the one that reached the caller.
func barePart(text string) part {
	for end := nextBare(text, 0); end >= 0; end = nextBare(text, 0) {
		text = text[end:]
	}
	text = strings.TrimLeft(text, "\n")
	for range linesReadForType {
		line, rest, more := strings.Cut(text, "\n")
		name := typeOfLine(line)
		if name != unknown && !isBlank(line[0]) {
			return part{typeName: bareType(name)} // what follows may be its message
		}
		if !more {
			break
		}
		text = rest
	}
	return part{typeName: unknown}
}
