package fingerprint

import (
	"slices"
	"strings"
)

// Java and Kotlin stacks as Throwable.printStackTrace, Logback and Log4j print them.

var javaStyle = style{"java", set("StackOverflowError"), false}

// open is a member of a chain while its lines are read: its frames are the last unbroken run of frame lines before the next member.
type open struct {
	part
	named   bool // whether its name has an exception's ending
	running bool
	inside  string // the class in a line that does not begin with it
}

func (o *open) start() {
	if !o.running {
		o.frames = nil
		o.running, o.framed = true, true
	}
}

// done returns the part with its frames turned round: these languages print the innermost first.
func (o *open) done() part {
	slices.Reverse(o.frames)
	if o.typeName == unknown && o.inside != "" {
		o.typeName = o.inside
	}
	return o.part
}

type javaReader struct {
	packages []string
	members  []*open
	skipping bool
}

// javaChain returns the chain in print order: the exception, then its causes. Suppressed exceptions are left out.
func javaChain(text string, packages []string) []part {
	reader := javaReader{packages: packages, members: []*open{{part: part{typeName: unknown}}}}
	for line := range strings.SplitSeq(text, "\n") {
		if !reader.line(line) {
			break
		}
	}
	var parts []part
	for _, member := range reader.members {
		parts = append(parts, member.done())
	}
	return parts
}

// line reads one line; false where this stack has ended and another record begins.
func (r *javaReader) line(line string) bool {
	bare, indented := cutBlanks(line)
	r.skipping = indented && (r.skipping || strings.HasPrefix(bare, "Suppressed: "))
	if r.skipping || indented && javaElided(bare) {
		return true
	}
	member := r.members[len(r.members)-1]
	if found, ok := javaFrame(line, r.packages); ok {
		member.start()
		member.frames = append(member.frames, found)
		return true
	}
	if cause, found := cutAny(line, "Caused by: ", "Wrapped by: "); found {
		r.members = append(r.members, &open{part: part{typeName: javaType(cause)}})
		return true
	}
	ended := member.running && strip(line) == ""
	member.running = false
	return !ended && r.head(line, member)
}

// head takes the exception's name: before the frames the first with an exception's ending; after them a name opens another record.
func (r *javaReader) head(line string, member *open) bool {
	name := javaType(line)
	if member.framed {
		return bareType(name) == unknown
	}
	if name != unknown && len(r.members) == 1 && bareType(member.typeName) == unknown {
		member.typeName = name
	} else if name == unknown && (member.inside == "" || member.inside == unknown) {
		member.inside = javaType(classWithin(line))
	}
	return true
}

// javaElided reads "... 12 more".
func javaElided(bare string) bool {
	rest, found := strings.CutPrefix(bare, "... ")
	if !found {
		return false
	}
	rest, counted := afterDigits(rest, 9)
	_, found = cutAny(rest, " more", " common frames omitted")
	return counted && found
}

// javaType reads the class in "Exception in thread "main" a.b.Outer$Name: message".
func javaType(line string) string {
	if rest, found := strings.CutPrefix(line, `Exception in thread "`); found {
		thread, rest, closed := strings.Cut(rest, `" `)
		if closed && within(thread, 200) && !strings.Contains(thread, `"`) {
			line = rest
		}
	}
	size, parts := 0, 0
	for parts < 33 {
		rest, found := afterRun(line[size:], func(r rune) bool { return r == '$' || isWord(r) }, 128)
		if !found {
			return unknown
		}
		parts++
		size = len(line) - len(rest)
		if !strings.HasPrefix(rest, ".") || parts == 33 {
			break
		}
		size++
	}
	rest := line[size:]
	if parts < 2 || !strings.HasPrefix(rest, ":") && strings.TrimLeft(rest, " \t") != "" {
		return unknown
	}
	return typeName(line[:size][strings.LastIndexAny(line[:size], ".$")+1:])
}
