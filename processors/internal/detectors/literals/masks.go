package literals

// Masks finds words in one walk, as an Automaton does, and joins the bits that belong to them.
type Masks struct {
	automaton *Automaton
	bits      map[int32]uint64
}

// NewMasks makes one of words in lower case and the bits of each.
func NewMasks(words []string, bits []uint64) *Masks {
	m := &Masks{automaton: New(words), bits: map[int32]uint64{}}
	for state, ends := range m.automaton.ends {
		for _, index := range ends {
			m.bits[state] |= bits[index]
		}
	}
	return m
}

// Seen returns the bits of all words that occur in a text.
func (m *Masks) Seen(text string) uint64 {
	a := m.automaton
	seen, state := m.bits[0], int32(0)
	for i := range len(text) {
		state = a.next[state+int32(a.classes[text[i]])]
		if state < 0 {
			state = -state
			seen |= m.bits[state]
		}
	}
	return seen
}
