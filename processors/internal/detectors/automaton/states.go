package automaton

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// state is a set of instructions where patterns that have begun may stand, and what must be known of the character before. That every
// pattern may begin at any place is not kept in it.
type state struct {
	waiting []uint32 // instructions of kindRune and kindBorder, ascending
	borders bool     // one of them is of kindBorder
	before  before
	fired   uint64 // patterns that matched on the way here
}

// before is what stands before a place.
type before uint8

const (
	other   before = iota // no character of a word
	inWord                // a character of a word
	nothing               // the text begins
	kindsOfBefore
)

// states are all that were made so far. The first is nobody's, the second is where a text begins.
type states struct {
	program  *program
	list     []*state
	known    map[string]int
	openings [kindsOfBefore][]*opening // by column; nil = not asked yet
	marks    []uint32                  // of each instruction: the last round that reached it
	round    uint32                    // from 1 on
	stack    []uint32
}

// opening is what patterns that begin before a character come to by it.
type opening struct {
	waiting []uint32
	fired   uint64 // without reading the character, or by it
}

func newStates(p *program) *states {
	s := &states{program: p, list: []*state{nil}, known: map[string]int{}, marks: make([]uint32, len(p.code))}
	for kind := range s.openings {
		s.openings[kind] = make([]*opening, p.width+1)
	}
	s.intern(nil, 0, nothing)
	return s
}

// reach follows everything that reads no character, from some instructions on, under the conditions that hold; conditions that are not
// known to hold stay and wait.
func (s *states) reach(from []uint32, holds syntax.EmptyOp, waiting []uint32) ([]uint32, uint64) {
	fired := uint64(0)
	s.stack = append(s.stack[:0], from...)
	for len(s.stack) > 0 {
		pc := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		if s.marks[pc] == s.round {
			continue
		}
		s.marks[pc] = s.round
		switch in := &s.program.code[pc]; in.kind {
		case kindAlt:
			s.stack = append(s.stack, in.out, in.arg)
		case kindSkip:
			s.stack = append(s.stack, in.out)
		case kindMatch:
			fired |= 1 << in.pattern
		case kindBorder:
			if in.empty&^holds == 0 {
				s.stack = append(s.stack, in.out)
			} else if in.empty&(syntax.EmptyBeginText|syntax.EmptyBeginLine) == 0 {
				waiting = append(waiting, pc)
			}
		case kindRune:
			waiting = append(waiting, pc)
		}
	}
	return waiting, fired
}

// after returns the number of the state that a state leads to by a column.
func (s *states) after(at *state, column int) int {
	now, fired := at.waiting, uint64(0)
	if at.borders {
		s.newRound()
		now, fired = s.reach(at.waiting, s.holds(at.before, column), nil)
	}
	begun := s.opened(at.before, column)
	s.newRound()
	next, matched := s.step(now, column, nil)
	fired |= begun.fired | matched
	for _, pc := range begun.waiting {
		if s.marks[pc] != s.round {
			next = append(next, pc)
		}
	}
	return s.intern(next, fired, s.kindOf(column))
}

// step reads one character.
func (s *states) step(now []uint32, column int, next []uint32) ([]uint32, uint64) {
	fired := uint64(0)
	if column == s.program.width {
		return next, fired
	}
	for _, pc := range now {
		in := &s.program.code[pc]
		if in.kind == kindRune && in.columns[column>>6]>>(column&63)&1 != 0 {
			var matched uint64
			next, matched = s.reach([]uint32{in.out}, 0, next)
			fired |= matched
		}
	}
	return next, fired
}

// opened returns what patterns that begin at a place come to.
func (s *states) opened(kind before, column int) *opening {
	if known := s.openings[kind][column]; known != nil {
		return known
	}
	s.newRound()
	now, fired := s.reach(s.program.starts, s.holds(kind, column), nil)
	s.newRound()
	next, matched := s.step(now, column, nil)
	made := &opening{waiting: next, fired: fired | matched}
	s.openings[kind][column] = made
	return made
}

// holds returns the conditions that hold between what stands before and the next character.
func (s *states) holds(kind before, column int) syntax.EmptyOp {
	holds := syntax.EmptyNoWordBoundary
	if (kind == inWord) != (s.kindOf(column) == inWord) {
		holds = syntax.EmptyWordBoundary
	}
	if kind == nothing {
		holds |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if column == s.program.width {
		holds |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	return holds
}

func (s *states) kindOf(column int) before {
	if column < s.program.width && s.program.word[column] {
		return inWord
	}
	return other
}

func (s *states) newRound() {
	if s.round++; s.round == 0 {
		clear(s.marks)
		s.round = 1
	}
}

// intern returns the number of the one state with these properties.
func (s *states) intern(waiting []uint32, fired uint64, kind before) int {
	slices.Sort(waiting)
	borders := slices.ContainsFunc(waiting, func(pc uint32) bool { return s.program.code[pc].kind == kindBorder })
	if !borders && kind == inWord && !s.program.bordersOpen {
		kind = other // nobody asks
	}
	key := binary.LittleEndian.AppendUint64(make([]byte, 0, 4*len(waiting)+9), fired)
	key = append(key, byte(kind))
	for _, pc := range waiting {
		key = binary.LittleEndian.AppendUint32(key, pc)
	}
	number, known := s.known[string(key)]
	if !known {
		number = len(s.list)
		s.list = append(s.list, &state{waiting: slices.Clip(waiting), borders: borders, before: kind, fired: fired})
		s.known[string(key)] = number
	}
	return number
}
