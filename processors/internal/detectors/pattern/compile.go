package pattern

type op uint8

const (
	opDone   op = iota
	opOne       // one character of class
	opRun       // least to most characters of class, as many as possible
	opSplit     // go on at the next instruction, else at target
	opJump      // go on at target
	opSave      // remember the place in slot
	opBegin     // the text begins here
	opEnd       // the text ends here, or only a line end follows
	opBorder    // a word begins or ends here
	opCount     // set counter slot to zero
	opLoop      // repeat target until counter slot has most rounds; least are required
)

type instruction struct {
	op          op
	class       *class
	target      int
	slot        int
	least, most int
}

type program struct {
	code     []instruction
	counters int
	first    [256]bool // bytes that a match can begin with
	anywhere bool      // a match can be empty
}

func compile(tree *node) *program {
	p := &program{}
	p.emit(tree)
	p.add(instruction{op: opDone})
	p.anywhere = firsts(tree, &p.first)
	return p
}

func (p *program) add(i instruction) int {
	p.code = append(p.code, i)
	return len(p.code) - 1
}

func (p *program) emit(n *node) {
	switch n.kind {
	case kindClass:
		p.add(instruction{op: opOne, class: n.class})
	case kindCat:
		for _, part := range n.parts {
			p.emit(part)
		}
	case kindAlt:
		p.emitAlternatives(n.parts)
	case kindRepeat:
		p.emitRepeat(n)
	case kindGroup:
		p.add(instruction{op: opSave, slot: 2 * n.group})
		p.emit(n.parts[0])
		p.add(instruction{op: opSave, slot: 2*n.group + 1})
	case kindBegin:
		p.add(instruction{op: opBegin})
	case kindEnd:
		p.add(instruction{op: opEnd})
	case kindBorder:
		p.add(instruction{op: opBorder})
	}
}

func (p *program) emitAlternatives(parts []*node) {
	var ends []int
	for index, part := range parts {
		split := -1
		if index < len(parts)-1 {
			split = p.add(instruction{op: opSplit})
		}
		p.emit(part)
		if split >= 0 {
			ends = append(ends, p.add(instruction{op: opJump}))
			p.code[split].target = len(p.code)
		}
	}
	for _, end := range ends {
		p.code[end].target = len(p.code)
	}
}

// Groups repeated more often than this are counted, the others are written out.
const writtenOut = 4

func (p *program) emitRepeat(n *node) {
	inner := n.parts[0]
	if inner.kind == kindCat && len(inner.parts) == 1 {
		inner = inner.parts[0]
	}
	switch {
	case inner.kind == kindClass:
		p.add(instruction{op: opRun, class: inner.class, least: n.least, most: n.most})
	case n.most >= 0 && n.most <= writtenOut:
		p.emitWrittenOut(inner, n.least, n.most)
	default:
		var none [256]bool
		if firsts(inner, &none) {
			panic("pattern: the repeated part can be empty")
		}
		slot := p.counters
		p.counters++
		p.add(instruction{op: opCount, slot: slot})
		start := p.add(instruction{op: opLoop, slot: slot, least: n.least, most: n.most})
		p.emit(inner)
		p.add(instruction{op: opJump, target: start})
		p.code[start].target = len(p.code)
	}
}

func (p *program) emitWrittenOut(inner *node, least, most int) {
	for range least {
		p.emit(inner)
	}
	var splits []int
	for range most - least {
		splits = append(splits, p.add(instruction{op: opSplit}))
		p.emit(inner)
	}
	for _, split := range splits {
		p.code[split].target = len(p.code)
	}
}

// firsts enters the bytes that a node can begin with; it tells whether the node can be empty.
func firsts(n *node, into *[256]bool) bool {
	switch n.kind {
	case kindClass:
		for b := range 128 {
			into[b] = into[b] || n.class.has(rune(b))
		}
		if n.class.negated || len(n.class.ranges)+len(n.class.kinds) > 0 {
			for b := 128; b < 256; b++ {
				into[b] = true
			}
		}
		return false
	case kindAlt:
		empty := false
		for _, part := range n.parts {
			empty = firsts(part, into) || empty
		}
		return empty
	case kindRepeat:
		return firsts(n.parts[0], into) || n.least == 0
	case kindCat, kindGroup:
		for _, part := range n.parts {
			if !firsts(part, into) {
				return false
			}
		}
	case kindBegin, kindEnd, kindBorder:
	}
	return true
}
