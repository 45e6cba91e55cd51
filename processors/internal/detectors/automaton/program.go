package automaton

import (
	"regexp/syntax"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	kindRune   kind = iota // one character of some columns
	kindBorder             // a condition on what stands on both sides
	kindMatch              // a pattern matched
	kindAlt                // two ways to go on
	kindSkip               // nothing to do
)

type instruction struct {
	kind     kind
	out, arg uint32
	empty    syntax.EmptyOp // of kindBorder
	columns  [4]uint64      // of kindRune
	pattern  int            // of kindMatch
}

// program holds all patterns, and the columns: classes of characters that no pattern tells apart.
type program struct {
	code    []instruction
	starts  []uint32
	ascii   [utf8.RuneSelf]uint8
	bounds  []rune  // first characters of the ranges beyond ASCII, ascending
	foreign []uint8 // their columns
	width   int     // number of columns; one more stands for the end of the text
	word    []bool  // whether a column has word characters (ASCII)
	// Whether a pattern can begin at a border of a word: then every state must know what stands before.
	bordersOpen bool
}

func newProgram(patterns []string) *program {
	p := &program{}
	var ranges [][]rune // per instruction
	for index, pattern := range patterns {
		ranges = p.append(pattern, index, ranges)
	}
	p.divide(ranges)
	p.bordersOpen = p.opensAtBorder()
	return p
}

// append adds one pattern; an invalid one panics, which a test of every pattern would show.
func (p *program) append(pattern string, index int, ranges [][]rune) [][]rune {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		panic(err)
	}
	offset := uint32(len(p.code)) //nolint:gosec // programs are small
	for _, inst := range prog.Inst {
		made := instruction{out: inst.Out + offset, arg: inst.Arg + offset}
		var members []rune
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			made.kind = kindAlt
		case syntax.InstCapture, syntax.InstNop:
			made.kind = kindSkip
		case syntax.InstEmptyWidth:
			made.kind, made.empty = kindBorder, syntax.EmptyOp(inst.Arg) //nolint:gosec // a set of few bits
		case syntax.InstMatch:
			made.kind, made.pattern = kindMatch, index
		case syntax.InstFail:
			made.kind = kindRune // of no character
		default:
			made.kind, members = kindRune, charactersOf(&inst)
		}
		p.code, ranges = append(p.code, made), append(ranges, members)
	}
	p.starts = append(p.starts, uint32(prog.Start)+offset) //nolint:gosec // programs are small
	return ranges
}

// opensAtBorder tells whether a condition on words stands before the first character of a pattern.
func (p *program) opensAtBorder() bool {
	seen := map[uint32]bool{}
	stack := slices.Clone(p.starts)
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		in := &p.code[pc]
		if seen[pc] || in.kind == kindRune || in.kind == kindMatch {
			continue
		}
		seen[pc] = true
		if in.kind == kindBorder && in.empty&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 {
			return true
		}
		if stack = append(stack, in.out); in.kind == kindAlt {
			stack = append(stack, in.arg)
		}
	}
	return false
}

// charactersOf returns the characters of an instruction as pairs.
func charactersOf(inst *syntax.Inst) []rune {
	switch inst.Op {
	case syntax.InstRuneAny:
		return []rune{0, unicode.MaxRune}
	case syntax.InstRuneAnyNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	}
	if len(inst.Rune) > 1 {
		return inst.Rune
	}
	pairs := []rune{inst.Rune[0], inst.Rune[0]}
	if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
		for r := unicode.SimpleFold(inst.Rune[0]); r != inst.Rune[0]; r = unicode.SimpleFold(r) {
			pairs = append(pairs, r, r)
		}
	}
	return pairs
}

// divide makes the columns: characters between two bounds share all answers; equal answers share a column.
func (p *program) divide(ranges [][]rune) {
	bounds := []rune{0, '0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1, utf8.RuneSelf}
	for _, members := range ranges {
		for at := 0; at < len(members); at += 2 {
			bounds = append(bounds, members[at], members[at+1]+1)
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	columns := map[string]uint8{}
	for index, bound := range bounds {
		answers := []byte{0}
		if isWord(bound) {
			answers[0] = 1
		}
		for _, members := range ranges {
			answers = append(answers, '0')
			if has(members, bound) {
				answers[len(answers)-1] = '1'
			}
		}
		column, known := columns[string(answers)]
		if !known {
			column = uint8(len(columns)) //nolint:gosec // checked below
			columns[string(answers)] = column
			p.word = append(p.word, isWord(bound))
			p.enter(ranges, bound, column)
		}
		p.assign(bounds, index, column)
	}
	if p.width = len(columns); p.width > 250 {
		panic("automaton: too many classes of characters")
	}
}

func (p *program) enter(ranges [][]rune, r rune, column uint8) {
	for index, members := range ranges {
		if has(members, r) {
			p.code[index].columns[column>>6] |= 1 << (column & 63)
		}
	}
}

func (p *program) assign(bounds []rune, index int, column uint8) {
	first, next := bounds[index], rune(unicode.MaxRune+1)
	if index+1 < len(bounds) {
		next = bounds[index+1]
	}
	for r := first; r < min(next, utf8.RuneSelf); r++ {
		p.ascii[r] = column
	}
	if first >= utf8.RuneSelf {
		p.bounds, p.foreign = append(p.bounds, first), append(p.foreign, column)
	}
}

// column is the class of a character beyond ASCII.
func (p *program) column(r rune) uint8 {
	if len(p.bounds) == 1 {
		return p.foreign[0]
	}
	return p.foreign[sort.Search(len(p.bounds), func(i int) bool { return p.bounds[i] > r })-1]
}

func has(members []rune, r rune) bool {
	for at := 0; at < len(members); at += 2 {
		if r >= members[at] && r <= members[at+1] {
			return true
		}
	}
	return false
}

func isWord(r rune) bool {
	return r < utf8.RuneSelf && (r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z')
}
