package detectors

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/automaton"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// pass tells which triggers occur in a text. Three questions, each asked only of the triggers that are left: does the text have the bytes
// that a match needs, does it have the words, does the pattern itself occur.
type pass struct {
	byBytes [256]uint64 // bits of the byte sets that a byte belongs to
	bytes   []uint64    // by trigger: byte sets of which the text must have a byte each
	lists   []uint64    // by trigger: word lists of which the text must have a word each
	wordy   uint64      // triggers with such lists
	decided uint64      // triggers that are no more than such a list
	helpers uint64      // triggers that are only asked for by others
	asking  uint64      // those others
	words   *automaton.Set
	groups  []group
	trio    *automaton.Trio // the words and the first two groups
	groupOf []int           // by trigger
	// For each part of the bits of byte sets: the triggers that can do with those that are set.
	byParts [][partSize]uint64
}

// group is some triggers whose patterns are looked for in one walk. Patterns that wait over long stretches have a group of their own: side
// by side they would multiply their states.
type group struct {
	members uint64
	numbers []int // of the triggers, in order of the patterns
	set     *automaton.Set
}

// The groups of more than one trigger. Helpers are not looked for unless the trigger fired that asks for them.
const (
	numbers = iota
	forms
	helpers
)

var together = [][]string{
	numbers: {"plus-number", "nanp", "card", "iban", "ssn", "ipv4"},
	forms:   {"ipv6", "mac", "base58", "bech32", "ethereum", "discord", "id-form"},
	helpers: {"digits", "id-digits"},
}

func newPass(triggers []model.Trigger) *pass {
	if len(triggers) > 64 {
		panic("detectors: more triggers than bits")
	}
	p := &pass{bytes: make([]uint64, len(triggers)), lists: make([]uint64, len(triggers))}
	sets := []byteSet{{0, 0, ^uint64(0), ^uint64(0)}} // the first bit tells letters beyond ASCII
	var lists []string
	for index, trigger := range triggers {
		needed, finite := requiredBy(trigger.Pattern)
		for _, set := range needed.bytes {
			p.bytes[index] |= bitOf(&sets, set)
		}
		switch {
		case finite:
			if p.lists[index] = bitOf(&lists, trigger.Pattern); p.lists[index] != 0 {
				p.decided |= 1 << index
			}
		case len(needed.words)+len(needed.bytes) == 0:
			p.lists[index] = bitOf(&lists, head(trigger.Pattern))
		}
		for _, list := range needed.words {
			if !finite {
				p.lists[index] |= bitOf(&lists, anyOf(list))
			}
		}
		if p.lists[index] != 0 {
			p.wordy |= 1 << index
		}
	}
	for index, set := range sets {
		for b := range p.byBytes {
			if set.has(byte(b)) {
				p.byBytes[b] |= 1 << index
			}
		}
	}
	p.words = automaton.New(lists...)
	p.divide(triggers)
	p.trio = automaton.NewTrio(p.words, p.groups[numbers].set, p.groups[forms].set)
	p.tabulate(len(sets))
	return p
}

const (
	partBits = 6
	partSize = 1 << partBits
)

func (p *pass) tabulate(sets int) {
	p.byParts = make([][partSize]uint64, (sets+partBits-1)/partBits)
	for part := range p.byParts {
		for seen := range uint64(partSize) {
			for index, need := range p.bytes {
				if need>>(part*partBits)&(partSize-1)&^seen == 0 {
					p.byParts[part][seen] |= 1 << index
				}
			}
		}
	}
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

func anyOf(words []string) string {
	quoted := make([]string, len(words))
	for index, word := range words {
		quoted[index] = regexp.QuoteMeta(word)
	}
	return "(?i)" + strings.Join(quoted, "|")
}

func (p *pass) divide(triggers []model.Trigger) {
	placed := map[string]int{}
	for number, names := range together {
		for _, name := range names {
			placed[name] = number
		}
	}
	p.groups, p.groupOf = make([]group, len(together)), make([]int, len(triggers))
	patterns := make([][]string, len(together))
	for index, trigger := range triggers {
		number, shared := placed[trigger.Name]
		if !shared {
			number = len(p.groups)
			p.groups, patterns = append(p.groups, group{}), append(patterns, nil)
		}
		p.groupOf[index] = number
		p.groups[number].members |= 1 << index
		p.groups[number].numbers = append(p.groups[number].numbers, index)
		patterns[number] = append(patterns[number], trigger.Pattern)
	}
	p.helpers = p.groups[helpers].members
	for index, trigger := range triggers {
		if trigger.Needs != "" && placed[trigger.Needs] == helpers {
			p.asking |= 1 << index
		}
	}
	for number := range p.groups {
		p.groups[number].set = automaton.New(patterns[number]...)
	}
}

// fired returns a bit for each trigger that occurs in a text.
func (p *pass) fired(text string) uint64 {
	left, fired := p.possible(text), uint64(0)
	if left == 0 {
		return 0
	}
	inNumbers, inForms := &p.groups[numbers], &p.groups[forms]
	if left&(inNumbers.members|inForms.members) != 0 {
		words, ofNumbers, ofForms := p.trio.Occurring(text)
		fired = inNumbers.triggers(ofNumbers) | inForms.triggers(ofForms)
		left = p.withWords(left, words) &^ (inNumbers.members | inForms.members)
	} else if left&p.wordy != 0 {
		left = p.withWords(left, p.words.Occurring(text))
	}
	fired |= left & p.decided
	for left &^= p.decided | p.helpers; left != 0; left &= left - 1 {
		group := &p.groups[p.groupOf[bits.TrailingZeros64(left)]]
		fired |= group.triggers(group.set.Occurring(text))
	}
	if fired&p.asking != 0 {
		group := &p.groups[helpers]
		fired |= group.triggers(group.set.Occurring(text))
	}
	return fired
}

// triggers returns the bits of the triggers whose patterns occur.
func (g *group) triggers(patterns uint64) (fired uint64) {
	for ; patterns != 0; patterns &= patterns - 1 {
		fired |= 1 << g.numbers[bits.TrailingZeros64(patterns)]
	}
	return fired
}

// possible returns a bit for each trigger whose bytes the text has.
func (p *pass) possible(text string) uint64 {
	seen := uint64(0)
	for i := range len(text) {
		seen |= p.byBytes[text[i]]
	}
	left, beyondASCII := ^uint64(0), seen&1 != 0
	for part := range p.byParts {
		left &= p.byParts[part][seen&(partSize-1)]
		seen >>= partBits
	}
	if beyondASCII && foldsFurther(text) {
		return ^uint64(0) >> (64 - len(p.bytes))
	}
	return left
}

// withWords returns those of the triggers left whose words the text has.
func (p *pass) withWords(left, words uint64) uint64 {
	for wordy := left & p.wordy; wordy != 0; wordy &= wordy - 1 {
		if index := bits.TrailingZeros64(wordy); p.lists[index]&^words != 0 {
			left &^= 1 << index
		}
	}
	return left
}

// foldsFurther tells whether a text has one of the two letters beyond ASCII that count as s and k where case does not matter.
func foldsFurther(text string) bool {
	return strings.Contains(text, "\u017f") || strings.Contains(text, "\u212a")
}
