package pattern

import (
	"sync"
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	maxGroups   = 4
	maxCounters = 3
)

// choice is a place to come back to: another branch, a shorter run, or what a slot or counter held before.
type choice struct {
	kind     choiceKind
	at, low  int // of a run: where it ends now and where it may end at least; of a slot or counter: its number and what it held
	instruct int
}

type choiceKind uint8

const (
	otherBranch choiceKind = iota
	shorterRun
	oldSlot
	oldCounter
)

type machine struct {
	text     string
	end      int
	found    Found
	counters [maxCounters]int
	stack    []choice
}

// machines are reused: a search tries many places.
var machines = sync.Pool{New: func() any { return new(machine) }}

// Stacks that grew over a long text are not kept.
const keptStack = 1 << 10

func (m *machine) release() {
	m.text = ""
	if cap(m.stack) <= keptStack {
		machines.Put(m)
	}
}

// match tries the program at one place; a whole match must reach the end.
func (p *program) match(text string, start, end int, whole bool) (Found, bool) {
	m := machines.Get().(*machine) //nolint:forcetypeassert,revive // nothing else is in there
	defer m.release()
	m.text, m.end = text, end
	return m.try(p, start, whole)
}

var noGroups = Found{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}

func (m *machine) try(p *program, start int, whole bool) (Found, bool) {
	m.stack, m.found = m.stack[:0], noGroups
	m.found[0] = start
	pc, at := 0, start
	for {
		ok := true
		in := &p.code[pc]
		pc++
		switch in.op {
		case opDone:
			if !whole || at == m.end {
				m.found[1] = at
				return m.found, true
			}
			ok = false
		case opOne:
			at, ok = m.one(in.class, at)
		case opRun:
			at, ok = m.run(in, pc, at)
		default:
			pc, ok = m.step(in, pc, at)
		}
		for !ok {
			if len(m.stack) == 0 {
				return Found{}, false
			}
			pc, at, ok = m.back()
		}
	}
}

// step performs an instruction that reads no character; it returns where to go on.
func (m *machine) step(in *instruction, pc, at int) (int, bool) {
	switch in.op {
	case opSplit:
		m.stack = append(m.stack, choice{kind: otherBranch, at: at, instruct: in.target})
	case opJump:
		return in.target, true
	case opSave:
		m.stack = append(m.stack, choice{kind: oldSlot, at: in.slot, low: m.found[in.slot]})
		m.found[in.slot] = at
	case opBegin:
		return pc, at == 0
	case opEnd:
		return pc, at == m.end || (at == m.end-1 && m.text[at] == '\n')
	case opBorder:
		return pc, m.wordAt(at-1) != m.wordAt(at)
	case opCount:
		m.setCounter(in.slot, 0)
	case opLoop:
		return m.loop(in, pc, at)
	}
	return pc, true
}

func (m *machine) loop(in *instruction, pc, at int) (int, bool) {
	rounds := m.counters[in.slot]
	if rounds == in.most {
		return in.target, true
	}
	if rounds >= in.least {
		m.stack = append(m.stack, choice{kind: otherBranch, at: at, instruct: in.target})
	}
	m.setCounter(in.slot, rounds+1)
	return pc, true
}

func (m *machine) setCounter(slot, value int) {
	m.stack = append(m.stack, choice{kind: oldCounter, at: slot, low: m.counters[slot]})
	m.counters[slot] = value
}

// back takes the newest choice that is left.
func (m *machine) back() (pc, at int, ok bool) {
	top := &m.stack[len(m.stack)-1]
	switch top.kind {
	case oldSlot:
		m.found[top.at] = top.low
	case oldCounter:
		m.counters[top.at] = top.low
	case shorterRun:
		_, size := utf8.DecodeLastRuneInString(m.text[top.low:top.at])
		top.at -= size
		pc, at = top.instruct, top.at
		if at == top.low {
			m.stack = m.stack[:len(m.stack)-1]
		}
		return pc, at, true
	default:
		pc, at, ok = top.instruct, top.at, true
	}
	m.stack = m.stack[:len(m.stack)-1]
	return pc, at, ok
}

func (m *machine) one(set *class, at int) (int, bool) {
	if at >= m.end {
		return at, false
	}
	if b := m.text[at]; b < utf8.RuneSelf {
		return at + 1, set.ascii[b>>6]>>(b&63)&1 != 0
	}
	r, size := utf8.DecodeRuneInString(m.text[at:m.end])
	return at + size, set.has(r)
}

// run reads as many characters as it may.
func (m *machine) run(in *instruction, pc, at int) (int, bool) {
	count, low := 0, at
	for count != in.most && at < m.end {
		if b := m.text[at]; b < utf8.RuneSelf {
			if in.class.ascii[b>>6]>>(b&63)&1 == 0 {
				break
			}
			at++
		} else {
			r, size := utf8.DecodeRuneInString(m.text[at:m.end])
			if !in.class.has(r) {
				break
			}
			at += size
		}
		if count++; count == in.least {
			low = at
		}
	}
	if count < in.least {
		return at, false
	}
	if at > low {
		m.stack = append(m.stack, choice{kind: shorterRun, at: at, low: low, instruct: pc})
	}
	return at, true
}

func (m *machine) wordAt(at int) bool {
	return at >= 0 && at < m.end && (model.IsAlnum(m.text[at]) || m.text[at] == '_')
}

// search tries one place after the other.
func (p *program) search(text string, start, end int) (Found, bool) {
	m := machines.Get().(*machine) //nolint:forcetypeassert,revive // nothing else is in there
	defer m.release()
	m.text, m.end = text, end
	for at := start; at <= end; at++ {
		if !p.anywhere {
			for at < end && !p.first[text[at]] {
				at++
			}
			if at == end {
				break
			}
		}
		if at < end && !utf8.RuneStart(text[at]) {
			continue
		}
		if found, ok := m.try(p, at, false); ok {
			return found, true
		}
	}
	return Found{}, false
}
