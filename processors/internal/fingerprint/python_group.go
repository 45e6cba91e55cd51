package fingerprint

import "strings"

// Exception groups in printed form: margins of "|" and rules of "+---" turned back into a tree of texts.

const (
	firstMember     = "+-+---------------- 1 ----------------"
	tracebackHeader = "Traceback (most recent call last):"
	groupHeader     = "  + Exception Group Traceback (most recent call last):"
	rule            = "----------------"
	closingRule     = "+------------------------------------"
	contextLink     = "During handling of the above exception, another exception occurred:"
	causeLink       = "The above exception was the direct cause of the following exception:"
	deepest         = 24 // Python stops at 10 levels; deeper margins are message text
)

// segment is a run of chain text; members are those of the group that ends it, if it ends with a group.
type segment struct {
	text    string
	group   bool
	members []*level
}

// level is one level of margins, or one member of a group, while its lines are read.
type level struct {
	segments []segment
	lines    []string
	filled   bool // whether a line has text
}

func (l *level) add(line string) {
	l.lines = append(l.lines, line)
	l.filled = l.filled || line != ""
}

func (l *level) openGroup() {
	l.segments = append(l.segments, segment{text: strings.Join(l.lines, "\n"), group: true})
	l.lines, l.filled = nil, false
}

func (l *level) close() {
	if l.filled {
		l.segments = append(l.segments, segment{text: strings.Join(l.lines, "\n")})
	}
	l.lines, l.filled = nil, false
}

// tree reads margins of two spaces a level; level 1 is also the text without a margin.
//
// Messages may imitate margins. After the header of a plain traceback a margin is message text, until a link or a group's own header.
type tree struct {
	levels                         []*level
	closed, plain, linked, entered bool
}

// splitGroups cuts the text of a chain at its groups; every member of a group is again such a list.
func splitGroups(text string) []segment {
	root := &level{}
	t := tree{levels: []*level{root}}
	for line := range strings.SplitSeq(text, "\n") {
		if found, ok := marginOf(line); ok {
			t.margin(line, found)
		} else {
			t.text(line)
		}
	}
	t.backTo(1)
	root.close()
	return root.segments
}

// text reads a line without a margin: after a closed group the chain goes on; before, it is a message line.
func (t *tree) text(line string) {
	if t.closed {
		t.backTo(1)
		t.entered = false
	}
	if len(t.levels) == 1 {
		t.plain = t.plain || line == tracebackHeader
		t.linked = line == contextLink || line == causeLink || t.linked && line == ""
		t.levels[0].add(line)
	}
}

func (t *tree) margin(line string, found margin) {
	if len(t.levels) == 1 && t.plain {
		if !t.linked && line != groupHeader {
			t.levels[0].add(line)
			return
		}
		t.plain, t.linked = false, false
	}
	switch found.kind {
	case closing:
		t.closed = true
	case content:
		t.content(found)
	case opening:
		t.first(found.depth)
	case next, omitted:
		t.next(found)
	}
}

func (t *tree) content(found margin) {
	t.closed = false
	if found.depth <= len(t.levels) {
		t.backTo(found.depth)
		t.levels[found.depth-1].add(found.text)
		t.entered = true
	}
}

// first opens a group. It has said its name within the margin before its first member, and after the members of the group before it.
func (t *tree) first(depth int) {
	if t.entered && depth <= min(len(t.levels), deepest) && t.levels[depth-1].filled {
		t.backTo(depth)
		t.levels[depth-1].openGroup()
		t.addMember(true)
	}
}

func (t *tree) next(found margin) {
	if found.depth >= 2 && found.depth <= len(t.levels) {
		t.backTo(found.depth - 1)
		t.addMember(found.kind == next)
	}
}

func (t *tree) addMember(shown bool) {
	member := &level{}
	segments := t.levels[len(t.levels)-1].segments
	if last := len(segments) - 1; shown && last >= 0 && segments[last].group {
		segments[last].members = append(segments[last].members, member)
	}
	t.levels = append(t.levels, member)
	t.closed = false
}

func (t *tree) backTo(depth int) {
	for len(t.levels) > depth {
		last := len(t.levels) - 1
		t.levels[last].close()
		t.levels = t.levels[:last]
	}
	t.closed = false
}

type marginKind uint8

const (
	content marginKind = iota // "| text"
	opening                   // "+-+---------------- 1 ----------------"
	next                      // "+---------------- 2 ----------------"
	omitted                   // the same with "..."
	closing                   // "+------------------------------------"
)

type margin struct {
	kind  marginKind
	depth int
	text  string
}

// marginOf reads a line with a margin; false if it has none.
func marginOf(line string) (margin, bool) {
	bare := strings.TrimLeft(line, " ")
	indent := len(line) - len(bare)
	if indent < 2 || indent%2 != 0 || bare == "" || bare[0] != '|' && bare[0] != '+' {
		return margin{}, false
	}
	depth, ended := indent/2, strings.TrimRight(bare, " \t")
	if kind, ok := ruleKind(ended); ok {
		return margin{kind: kind, depth: depth}, true
	}
	if text, ok := strings.CutPrefix(bare[1:], " "); ok {
		return margin{depth: depth, text: text}, true
	}
	return margin{depth: depth}, len(ended) == 1
}

// ruleKind reads a rule around a group's members.
func ruleKind(text string) (marginKind, bool) {
	if text == closingRule {
		return closing, true
	}
	nested, first := strings.CutPrefix(text, "+-+")
	if first {
		text = "+" + nested
	}
	title, ok := strings.CutPrefix(text, "+"+rule+" ")
	if !ok {
		return 0, false
	}
	title, ok = strings.CutSuffix(title, " "+rule)
	switch {
	case !ok || title != "..." && !allDigits(title, 9):
		return 0, false
	case first:
		return opening, true
	case title == "...":
		return omitted, true
	}
	return next, true
}
