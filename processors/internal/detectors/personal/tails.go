package personal

import (
	"regexp"
	"regexp/syntax"
)

// tail is what follows a token's anchor: a pattern, then a run of one class of characters, then a pattern. Runs that have no upper bound
// are walked once for all the anchors inside of them, so that a text made of anchors takes no longer than any other.
type tail struct {
	before    func() *regexp.Regexp // nil = nothing
	class     byteSet
	low, high int                   // characters of the run; high 0 = there is no run, -1 = any number
	after     func() *regexp.Regexp // nil = nothing
}

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 == 1 }

// walked are the runs that were walked in one text: where they start and end.
type walked map[*tail][2]int

// newTail reads a pattern.
func newTail(pattern string) tail {
	whole := tail{before: lazy(`\A(?:` + pattern + `)`)}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return whole
	}
	parts := []*syntax.Regexp{parsed}
	if parsed.Op == syntax.OpConcat {
		parts = parsed.Sub
	}
	first, last := parts[0], parts[len(parts)-1]
	if made, ok := newRun(last); ok && len(parts) == 1 {
		return made
	} else if ok && made.high < 0 {
		made.before = lazy(`\A(?:` + joined(parts[:len(parts)-1]) + joined([]*syntax.Regexp{atLeast(last, made.low)}) + `)`)
		made.low = 0
		return made
	}
	if made, ok := newRun(first); ok && made.high < 0 {
		// Where nothing of the rest can start inside of the run, the run never gives back what it took.
		if rest := joined(parts[1:]); !made.meets(rest) {
			made.after = lazy(`\A(?:` + rest + `)`)
			return made
		}
	}
	return whole
}

// newRun reads a counted class of ASCII characters.
func newRun(parsed *syntax.Regexp) (tail, bool) {
	made := tail{low: parsed.Min, high: parsed.Max}
	switch parsed.Op {
	case syntax.OpRepeat:
	case syntax.OpPlus:
		made.low, made.high = 1, -1
	case syntax.OpStar:
		made.low, made.high = 0, -1
	default:
		return tail{}, false
	}
	class := parsed.Sub[0]
	if class.Op != syntax.OpCharClass || class.Rune[len(class.Rune)-1] > 0x7f {
		return tail{}, false
	}
	for i := 0; i < len(class.Rune); i += 2 {
		for b := class.Rune[i]; b <= class.Rune[i+1]; b++ {
			made.class[b>>6] |= 1 << (b & 63)
		}
	}
	return made, true
}

// atLeast is the run with exactly its smallest count.
func atLeast(run *syntax.Regexp, low int) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpRepeat, Sub: run.Sub, Min: low, Max: low}
}

func joined(parts []*syntax.Regexp) string {
	pattern := ""
	for _, part := range parts {
		pattern += "(?:" + part.String() + ")"
	}
	return pattern
}

// meets tells whether a match of pattern can start with a character of the run.
func (t *tail) meets(pattern string) bool {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return true
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return true
	}
	return t.meetsAt(program, program.Start, map[int]bool{})
}

func (t *tail) meetsAt(program *syntax.Prog, at int, seen map[int]bool) bool {
	if seen[at] {
		return false
	}
	seen[at] = true
	switch step := &program.Inst[at]; step.Op {
	case syntax.InstMatch, syntax.InstFail:
		return false
	case syntax.InstAlt, syntax.InstAltMatch:
		return t.meetsAt(program, int(step.Out), seen) || t.meetsAt(program, int(step.Arg), seen)
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		return t.meetsAt(program, int(step.Out), seen)
	default:
		for b := range 128 {
			if t.class.has(byte(b)) && step.MatchRune(rune(b)) {
				return true
			}
		}
		return false
	}
}

// end returns where the tail that starts at body ends, -1 when there is none.
func (t *tail) end(text string, body int, seen walked) int {
	end := body
	if t.before != nil {
		found := t.before().FindStringIndex(text[body:])
		if found == nil {
			return -1
		}
		end += found[1]
	}
	if t.high != 0 {
		start := end
		if end = t.runEnd(text, start, seen); end-start < t.low {
			return -1
		}
	}
	if t.after != nil {
		found := t.after().FindStringIndex(text[end:])
		if found == nil {
			return -1
		}
		end += found[1]
	}
	return end
}

func (t *tail) runEnd(text string, start int, seen walked) int {
	if run, known := seen[t]; known && t.high < 0 && start >= run[0] && start < run[1] {
		return run[1]
	}
	end := start
	for end < len(text) && (t.high < 0 || end-start < t.high) && t.class.has(text[end]) {
		end++
	}
	if t.high < 0 && end-start > 64 {
		seen[t] = [2]int{start, end}
	}
	return end
}
