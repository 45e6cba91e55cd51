package detectors

import (
	"cmp"
	"math/bits"
	"regexp"
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/automaton"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// gate tells which triggers can occur in a text, by the bytes and the words that their patterns need. Both are derived from the patterns.
type gate struct {
	byBytes [256]uint64        // bits of the byte sets that a byte belongs to; the first one is of letters beyond ASCII
	byParts [][partSize]uint64 // for each part of those bits: the triggers that can do with the ones that are set
	bytes   []uint64           // by trigger: byte sets of which the text must have a byte each
	lists   []uint64           // by trigger: word lists of which the text must have a word each
	wordy   uint64             // triggers with such lists
	decided uint64             // triggers that are no more than such a list
	words   *automaton.Set
}

const (
	partBits = 6
	partSize = 1 << partBits
)

func newGate(triggers []model.Trigger) gate {
	g := gate{bytes: make([]uint64, len(triggers)), lists: make([]uint64, len(triggers))}
	sets, lists := []byteSet{{0, 0, ^uint64(0), ^uint64(0)}}, []string(nil)
	// The smallest set of each trigger first: the others are left out when there is no room.
	for index, trigger := range triggers {
		if needed, _ := requiredBy(trigger.Pattern); len(needed.bytes) > 0 {
			g.bytes[index] |= bitOf(&sets, slices.MinFunc(needed.bytes, func(a, b byteSet) int { return cmp.Compare(a.size(), b.size()) }))
		}
	}
	for index, trigger := range triggers {
		needed, finite := requiredBy(trigger.Pattern)
		for _, set := range needed.bytes {
			g.bytes[index] |= bitOf(&sets, set)
		}
		for _, list := range listsFor(trigger.Pattern, needed, finite) {
			g.lists[index] |= bitOf(&lists, list)
		}
		if g.lists[index] != 0 {
			g.wordy |= 1 << index
			if finite {
				g.decided |= 1 << index
			}
		}
	}
	g.tabulate(sets)
	g.words = automaton.New(lists...)
	return g
}

// listsFor returns the patterns of words that a pattern needs: the pattern itself when it matches a few texts only, its beginning when
// nothing else is known of it.
func listsFor(pattern string, needed required, finite bool) []string {
	switch {
	case finite:
		return []string{pattern}
	case len(needed.words)+len(needed.bytes) == 0:
		return []string{head(pattern)}
	}
	lists := make([]string, len(needed.words))
	for index, words := range needed.words {
		quoted := make([]string, len(words))
		for at, word := range words {
			quoted[at] = regexp.QuoteMeta(word)
		}
		lists[index] = "(?i)" + strings.Join(quoted, "|")
	}
	return lists
}

// bitOf returns the bit of a member, which is added when it is new and there is room; 0 when there is none: one question less is asked.
func bitOf[T comparable](members *[]T, member T) uint64 {
	place := slices.Index(*members, member)
	if place < 0 {
		if place = len(*members); place == 64 {
			return 0
		}
		*members = append(*members, member)
	}
	return 1 << place
}

func (g *gate) tabulate(sets []byteSet) {
	for index, set := range sets {
		for b := range g.byBytes {
			if set.has(byte(b)) {
				g.byBytes[b] |= 1 << index
			}
		}
	}
	g.byParts = make([][partSize]uint64, (len(sets)+partBits-1)/partBits)
	for part := range g.byParts {
		for seen := range uint64(partSize) {
			for index, need := range g.bytes {
				if need>>(part*partBits)&(partSize-1)&^seen == 0 {
					g.byParts[part][seen] |= 1 << index
				}
			}
		}
	}
}

// possible returns a bit for each trigger whose bytes the text has.
func (g *gate) possible(text string) uint64 {
	seen := uint64(0)
	for i := range len(text) {
		seen |= g.byBytes[text[i]]
	}
	if seen&1 != 0 && foldsFurther(text) {
		return ^uint64(0) >> (64 - len(g.bytes))
	}
	left := ^uint64(0)
	for part := range g.byParts {
		left &= g.byParts[part][seen&(partSize-1)]
		seen >>= partBits
	}
	return left
}

// withWords returns those of the triggers left whose words the text has; words are the lists that occur.
func (g *gate) withWords(left, words uint64) uint64 {
	for wordy := left & g.wordy; wordy != 0; wordy &= wordy - 1 {
		if index := bits.TrailingZeros64(wordy); g.lists[index]&^words != 0 {
			left &^= 1 << index
		}
	}
	return left
}

// foldsFurther tells whether a text has one of the two letters beyond ASCII that count as s and k where case does not matter.
func foldsFurther(text string) bool {
	return strings.Contains(text, "\u017f") || strings.Contains(text, "\u212a")
}
