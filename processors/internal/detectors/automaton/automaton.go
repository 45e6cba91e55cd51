// Package automaton tells which of a few patterns occur in a text, in one walk over it: a deterministic automaton whose states are made
// when a text first needs them, as RE2 does it. (Package regexp is linear as well, but follows all ways side by side, some fifty times
// slower.)
package automaton

import (
	"regexp"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// MaxPatterns is how many patterns a Set may have.
const MaxPatterns = 64

// All states are thrown away when there are more; a walk that sees it happen more than twice goes on with package regexp.
const (
	maxStates = 1 << 13
	maxResets = 2
)

// Set is compiled when it is first asked. It can be used from many goroutines; memory for states is bounded.
type Set struct {
	patterns []string
	once     sync.Once
	program  *program
	all      uint64
	live     atomic.Pointer[table]
	making   sync.Mutex
	slow     []func() *regexp.Regexp
}

// New makes a set of patterns in RE2 syntax. An invalid one panics at the first question.
func New(patterns ...string) *Set {
	if len(patterns) > MaxPatterns {
		panic("automaton: too many patterns")
	}
	s := &Set{patterns: patterns, all: ^uint64(0) >> (MaxPatterns - len(patterns))}
	for _, pattern := range patterns {
		s.slow = append(s.slow, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) }))
	}
	return s
}

func (s *Set) compile() {
	s.program = newProgram(s.patterns)
	s.live.Store(newTable(newStates(s.program)))
}

// Occurring returns a bit for each pattern that occurs in a text, which must be valid UTF-8.
func (s *Set) Occurring(text string) uint64 {
	w, at := s.begin()
	ascii, next := &s.program.ascii, w.table.next
	for place := 0; place < len(text); place++ {
		sign := text[place]
		if sign >= utf8.RuneSelf && !utf8.RuneStart(sign) {
			continue
		}
		column := uint32(ascii[sign&(utf8.RuneSelf-1)])
		if sign >= utf8.RuneSelf {
			r, _ := utf8.DecodeRuneInString(text[place:])
			column = uint32(s.program.column(r))
		}
		after := atomic.LoadUint32(&next[at|column])
		if after&isNews != 0 {
			if after = w.look(at, column, after); w.fired == s.all || w.resets > maxResets {
				break
			}
			next = w.table.next
		}
		at = after
	}
	return w.finish(at, text)
}

func (s *Set) begin() (w walk, at uint32) {
	s.once.Do(s.compile)
	w = walk{set: s, table: s.live.Load()}
	at = w.table.start
	w.fired = w.table.fired[at>>w.table.shift]
	return w, at
}

// walk is one text's way through the states.
type walk struct {
	set    *Set
	table  *table
	fired  uint64
	resets int
}

// finish takes the step at the end of the text; it returns the outcome.
func (w *walk) finish(at uint32, text string) uint64 {
	if w.resets > maxResets {
		return w.set.bySearch(text)
	}
	if w.fired == w.set.all {
		return w.fired
	}
	column := uint32(w.set.program.width) //nolint:gosec // at most 250
	if after := atomic.LoadUint32(&w.table.next[at|column]); after&isNews != 0 {
		w.look(at, column, after)
	}
	return w.fired
}

// look handles a step that may be one nobody took yet, or where patterns matched.
func (w *walk) look(at, column, after uint32) uint32 {
	if after&isNews == 0 {
		return after
	}
	if after == unknown {
		var reset bool
		if w.table, after, reset = w.set.make(w.table, at, column); reset {
			w.resets++
		}
	}
	after &^= isNews
	w.fired |= w.table.fired[after>>w.table.shift]
	return after
}

// make adds the state after another; it returns the table to go on with, and whether all other states were thrown away.
func (s *Set) make(from *table, at, column uint32) (live *table, after uint32, reset bool) {
	s.making.Lock()
	defer s.making.Unlock()
	live = s.live.Load()
	origin := from.states.list[at>>from.shift]
	if len(live.states.list) >= maxStates {
		live, reset = newTable(newStates(s.program)), true
	}
	number := live.states.after(origin, int(column))
	if live = live.room(); live != s.live.Load() {
		s.live.Store(live)
	}
	after = live.enter(number)
	if from.states == live.states {
		atomic.StoreUint32(&live.next[at|column], after)
	}
	return live, after, reset
}

func (s *Set) bySearch(text string) uint64 {
	fired := uint64(0)
	for index, pattern := range s.slow {
		if pattern().MatchString(text) {
			fired |= 1 << index
		}
	}
	return fired
}

// States returns how many states are kept now (tests and tuning).
func (s *Set) States() int {
	s.once.Do(s.compile)
	s.making.Lock()
	defer s.making.Unlock()
	return len(s.live.Load().states.list)
}
