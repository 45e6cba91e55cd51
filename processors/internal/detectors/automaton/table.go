package automaton

import "math/bits"

// What a step is beside the number of a state (shifted): a bit says that the walk must look closer, alone it says that nobody took the
// step yet.
const (
	isNews  = 1
	unknown = isNews
)

// table holds the steps between the states that are known. A full one is replaced by a larger one; who still walks over the old one finds
// steps unknown and changes over.
type table struct {
	states *states
	shift  uint
	start  uint32
	next   []uint32 // state<<shift | column → state<<shift, with isNews when patterns matched on the way
	fired  []uint64 // by state
}

const firstRoom = 32

func newTable(s *states) *table {
	t := &table{states: s, shift: uint(bits.Len(uint(s.program.width)))} //nolint:gosec // not negative
	t.resize(firstRoom)
	t.start = t.enter(1) &^ isNews
	return t
}

func (t *table) resize(room int) {
	next, fired := make([]uint32, room<<t.shift), make([]uint64, room)
	copy(fired, t.fired)
	for at := copy(next, t.next); at < len(next); at++ {
		next[at] = unknown
	}
	t.next, t.fired = next, fired
}

// room returns a table that has a place for every state.
func (t *table) room() *table {
	if len(t.states.list) <= len(t.fired) {
		return t
	}
	larger := *t
	larger.resize(2 * len(t.fired))
	return &larger
}

// enter makes a state known; it returns the step to it.
func (t *table) enter(number int) uint32 {
	fired := t.states.list[number].fired
	if t.fired[number] != fired { // a known state may be read meanwhile
		t.fired[number] = fired
	}
	step := uint32(number) << t.shift //nolint:gosec // fewer than maxStates
	if fired != 0 {
		step |= isNews
	}
	return step
}
