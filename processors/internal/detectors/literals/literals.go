// Package literals finds which of many words occur in a text, in one walk over its bytes. ASCII letters are compared without their case.
package literals

import (
	"iter"
	"math/bits"
)

// Set is a set of small numbers.
type Set []uint64

// Has tells whether a number is in the set.
func (s Set) Has(n int) bool { return s[n>>6]>>(n&63)&1 != 0 }

// Add puts a number into the set.
func (s Set) Add(n int) { s[n>>6] |= 1 << (n & 63) }

// All walks over the set in ascending order.
func (s Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for index, part := range s {
			for ; part != 0; part &= part - 1 {
				if !yield(index<<6 + bits.TrailingZeros64(part)) {
					return
				}
			}
		}
	}
}

// SetFor makes an empty set for the numbers below n.
func SetFor(n int) Set { return make(Set, (n+63)>>6) }

// Automaton is an Aho-Corasick automaton with a full transition table. It does not change once made.
type Automaton struct {
	classes [256]uint8 // byte → column; bytes of no word share column 0
	width   int
	next    []int32 // state*width + column → state*width; negative = the words of that state end here
	ends    map[int32][]int32
	size    int
}

// New makes the automaton of some words in lower case. An empty word is in every text.
func New(words []string) *Automaton {
	a := &Automaton{width: 1, ends: map[int32][]int32{}, size: len(words)}
	for _, word := range words {
		for i := range len(word) {
			if a.classes[word[i]] == 0 {
				a.classes[word[i]] = uint8(a.width) //nolint:gosec // at most 255 bytes differ from column 0
				a.width++
			}
		}
	}
	for letter := byte('A'); letter <= 'Z'; letter++ {
		a.classes[letter] = a.classes[letter|0x20]
	}
	a.link(a.trie(words))
	return a
}

// trie enters the words; it returns the words that end in each state.
func (a *Automaton) trie(words []string) [][]int32 {
	rows := [][]int32{make([]int32, a.width)}
	ends := [][]int32{nil}
	for index, word := range words {
		state := int32(0)
		for i := range len(word) {
			column := a.classes[word[i]]
			if rows[state][column] == 0 {
				rows[state][column] = int32(len(rows)) //nolint:gosec // far fewer states
				rows, ends = append(rows, make([]int32, a.width)), append(ends, nil)
			}
			state = rows[state][column]
		}
		ends[state] = append(ends[state], int32(index)) //nolint:gosec // far fewer words
	}
	for _, row := range rows {
		a.next = append(a.next, row...)
	}
	return ends
}

// link fills in where a word that breaks off goes on, in order of the words' length.
func (a *Automaton) link(ends [][]int32) {
	width := int32(a.width) //nolint:gosec // at most 256
	fallback := make([]int32, len(ends))
	queue := []int32{0}
	for at := 0; at < len(queue); at++ {
		state := queue[at]
		for column := range width {
			place := state*width + column
			child, through := a.next[place], int32(0)
			if state != 0 {
				through = a.next[fallback[state]*width+column]
			}
			if child == 0 {
				a.next[place] = through
				continue
			}
			fallback[child] = through
			ends[child] = append(ends[child], ends[through]...)
			queue = append(queue, child)
		}
	}
	for place, state := range a.next {
		a.next[place] = state * width
		if len(ends[state]) > 0 {
			a.ends[state*width] = ends[state]
			a.next[place] = -state * width
		}
	}
	a.ends[0] = ends[0]
}

// Seen returns the indices of the words that occur in a text.
func (a *Automaton) Seen(text string) Set {
	seen := SetFor(a.size)
	for _, index := range a.ends[0] {
		seen.Add(int(index))
	}
	state := int32(0)
	for i := range len(text) {
		state = a.next[state+int32(a.classes[text[i]])]
		if state < 0 {
			state = -state
			for _, index := range a.ends[state] {
				seen.Add(int(index))
			}
		}
	}
	return seen
}

// Covers tells whether every number of another set is in this one.
func (s Set) Covers(other Set) bool {
	for index, part := range other {
		if part&^s[index] != 0 {
			return false
		}
	}
	return true
}

// Meets tells whether both sets share a number.
func (s Set) Meets(other Set) bool {
	for index, part := range other {
		if part&s[index] != 0 {
			return true
		}
	}
	return false
}
