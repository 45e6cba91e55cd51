package fingerprint

import (
	"strings"
	"unicode/utf8"
)

// JavaScript stacks as printed by V8 (Node.js, Deno, Chrome), Firefox and Safari, and by Node's util.inspect with causes and groups.

var scriptStyle = style{"javascript", set("RangeError", "InternalError"), false}

// scriptReader reads line by line; errors collects the members of an AggregateError while its list is open.
type scriptReader struct {
	packages []string
	chain    []*open
	errors   [][]*open
	listed   bool  // whether there was a list
	indents  []int // characters before the members of each open list
	later    bool  // whether a line was read
}

// scriptChain returns the chain in print order: the error, then its causes.
func scriptChain(text string, packages []string) []part {
	reader := scriptReader{packages: packages, chain: []*open{{part: part{typeName: unknown}}}}
	for line := range strings.SplitSeq(text, "\n") {
		if !reader.line(line) {
			break
		}
	}
	parts := done(reader.chain)
	if len(reader.errors) > 0 {
		parts[0].group = true
		for _, leaf := range reader.errors {
			parts[0].leaves = append(parts[0].leaves, done(leaf))
		}
	}
	return parts
}

func done(members []*open) []part {
	parts := make([]part, len(members))
	for i, member := range members {
		parts[i] = member.done()
	}
	return parts
}

// members is the chain that is being read.
func (r *scriptReader) members() *[]*open {
	if last := len(r.errors) - 1; last >= 0 {
		return &r.errors[last]
	}
	return &r.chain
}

func (r *scriptReader) current() *open {
	members := *r.members()
	return members[len(members)-1]
}

// line reads one line; false where the stack has ended.
func (r *scriptReader) line(line string) bool {
	member := r.current()
	if found, ok := scriptFrame(line, r.packages); ok {
		member.start()
		if found.kind != hidden || found.place != "" {
			member.frames = append(member.frames, found)
		}
	} else if !scriptElided(line) {
		if member.running && !r.listed && strip(line) == "" {
			return false
		}
		member.running = false
		r.text(line)
	}
	r.later = true
	return true
}

// scriptElided reads "... 6 lines matching cause stack trace ...".
func scriptElided(line string) bool {
	bare, indented := cutBlanks(line)
	rest, found := strings.CutPrefix(bare, "... ")
	if !indented || !found {
		return false
	}
	rest, counted := afterDigits(rest, 9)
	_, found = cutAny(rest, " lines matching", " more")
	return counted && found
}

func (r *scriptReader) text(line string) {
	bare := strip(line)
	if cause, found := strings.CutPrefix(bare, "[cause]: "); found {
		members := r.members()
		*members = append(*members, &open{part: part{typeName: scriptType(cause)}, named: true})
		return
	}
	switch {
	case strings.HasPrefix(bare, "[errors]: ["):
		r.indents = append(r.indents, indentOf(line)+2)
		if last := len(r.errors) - 1; last >= 0 {
			r.errors = r.errors[:last] // nested: its members are members of the outer group
		}
		r.listed = true
	case len(r.indents) > 0:
		r.member(line, bare)
	case !r.current().named && !r.current().framed:
		r.head(line)
	}
}

func indentOf(line string) int {
	return utf8.RuneCountInString(line[:len(line)-len(stripLeft(line))])
}

// member reads, within a list, the line that opens its next member, or the one that closes it.
func (r *scriptReader) member(line, bare string) {
	last := len(r.indents) - 1
	if strings.HasPrefix(bare, "]") {
		r.indents = r.indents[:last]
		return
	}
	if bare == "" || indentOf(line) != r.indents[last] {
		return
	}
	if name := bareType(scriptType(bare)); name != unknown {
		r.errors = append(r.errors, []*open{{part: part{typeName: name}, named: true}})
	}
}

// head takes the class before the message: the first word with an exception's ending, else the very first word of the text.
func (r *scriptReader) head(line string) {
	name := scriptType(line)
	ending := bareType(name) != unknown
	if name != unknown && (ending || !r.later && isUpper(firstRune(name))) {
		r.current().typeName = name
		r.current().named = ending
	} else if inside := r.current().inside; inside == "" || inside == unknown {
		r.current().inside = typeName(strings.ReplaceAll(classWithin(line), "$", "_"))
	}
}

// scriptType reads the class in "Uncaught (in promise) TypeError [CODE]: message".
func scriptType(line string) string {
	if name := headName(line, headPrefixes); name != "" {
		return typeName(strings.ReplaceAll(name, "$", "_"))
	}
	return unknown
}

// headPrefixes may stand before a class, each in the order in which it is tried.
var headPrefixes = [][]string{{"error: ", ""}, {"Uncaught (in promise) ", "Uncaught ", ""}, {"[", ""}}

func headName(line string, prefixes [][]string) string {
	if len(prefixes) == 0 {
		return headWord(line)
	}
	for _, prefix := range prefixes[0] {
		if rest, found := strings.CutPrefix(line, prefix); found {
			if name := headName(rest, prefixes[1:]); name != "" {
				return name
			}
		}
	}
	return ""
}

// headWord reads a class up to the colon or bracket behind it, or the end of the line; "" if there is none.
func headWord(line string) string {
	if first := firstRune(line); first != '$' && (first >= 0x80 || !isWord(first) || first >= '0' && first <= '9') {
		return ""
	}
	rest, _ := afterRun(line, func(r rune) bool { return r == '.' || r == '$' || isWord(r) }, 257)
	name := line[:len(line)-len(rest)]
	if code, found := strings.CutPrefix(rest, " ["); found {
		end := strings.IndexByte(code, ']')
		if end >= 1 && end <= 64 && strings.Trim(code[:end], codeChars) == "" && headEnds(code[end+1:]) {
			return name
		}
	}
	if headEnds(rest) {
		return name
	}
	return ""
}

const codeChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

func headEnds(rest string) bool {
	inside := strings.TrimPrefix(rest, "]")
	return colonEnds(inside) || colonEnds(rest)
}

func colonEnds(rest string) bool {
	return rest == "" || rest == ":" || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, "] ")
}
