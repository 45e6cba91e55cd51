package detectors

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/automaton"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/literals"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// pass tells which triggers occur in a text. Three questions, each asked only of the triggers that are left: does the text have the bytes
// that a match needs, does it have the words, does the pattern itself occur.
type pass struct {
	byBytes [256]uint64 // bits of the byte sets that a byte belongs to
	need    []uint64    // by trigger: byte sets of which the text must have a byte each
	needs   []uint64    // by trigger: word lists of which the text must have a word each
	wordy   uint64      // triggers with such lists
	words   *literals.Masks
	groups  []group
}

// group is some triggers whose patterns are looked for in one walk. Patterns that wait over long stretches have a group of their own: side
// by side they would multiply their states.
type group struct {
	members uint64
	numbers []int // of the triggers, in order of the patterns
	set     *automaton.Set
}

var together = [][]string{
	{"digits", "id-digits", "plus-number", "nanp", "card", "iban", "ssn", "ipv4"},
	{"ipv6", "mac", "base58", "bech32", "ethereum", "discord", "id-form"},
}

func newPass(triggers []model.Trigger) *pass {
	if len(triggers) > 64 {
		panic("detectors: more triggers than bits")
	}
	p := &pass{need: make([]uint64, len(triggers)), needs: make([]uint64, len(triggers))}
	var sets []byteSet
	wordBits := map[string]uint64{}
	lists := 0
	for index, trigger := range triggers {
		needed := requiredBy(trigger.Pattern)
		for _, set := range needed.bytes {
			place := slices.Index(sets, set)
			if place < 0 && len(sets) < 64 {
				place, sets = len(sets), append(sets, set)
			}
			if place >= 0 {
				p.need[index] |= 1 << place
			}
		}
		for _, list := range needed.words {
			if lists == 64 {
				break
			}
			p.needs[index] |= 1 << lists
			for _, word := range list {
				wordBits[word] |= 1 << lists
			}
			lists++
			p.wordy |= 1 << index
		}
	}
	p.enter(sets, wordBits)
	p.divide(triggers)
	return p
}

func (p *pass) enter(sets []byteSet, wordBits map[string]uint64) {
	for index, set := range sets {
		for b := range 256 {
			if set.has(byte(b)) {
				p.byBytes[b] |= 1 << index
			}
		}
	}
	var words []string
	var lists []uint64
	for word, bits := range wordBits {
		words, lists = append(words, word), append(lists, bits)
	}
	p.words = literals.NewMasks(words, lists)
}

func (p *pass) divide(triggers []model.Trigger) {
	placed := map[string]int{}
	for number, names := range together {
		for _, name := range names {
			placed[name] = number
		}
	}
	p.groups = make([]group, len(together))
	patterns := make([][]string, len(together))
	for index, trigger := range triggers {
		number, shared := placed[trigger.Name]
		if !shared {
			number = len(p.groups)
			p.groups, patterns = append(p.groups, group{}), append(patterns, nil)
		}
		p.groups[number].members |= 1 << index
		p.groups[number].numbers = append(p.groups[number].numbers, index)
		patterns[number] = append(patterns[number], trigger.Pattern)
	}
	for number := range p.groups {
		p.groups[number].set = automaton.New(patterns[number]...)
	}
}

// fired returns a bit for each trigger that occurs in a text.
func (p *pass) fired(text string) uint64 {
	left := p.possible(text)
	fired := uint64(0)
	for index := range p.groups {
		group := &p.groups[index]
		if group.members&left == 0 {
			continue
		}
		occurring := group.set.Occurring(text)
		for ; occurring != 0; occurring &= occurring - 1 {
			fired |= 1 << group.numbers[bits.TrailingZeros64(occurring)]
		}
	}
	return fired
}

// possible returns a bit for each trigger whose bytes and words the text has.
func (p *pass) possible(text string) uint64 {
	seen := uint64(0)
	for i := range len(text) {
		seen |= p.byBytes[text[i]]
	}
	left := uint64(0)
	for index, need := range p.need {
		if need&^seen == 0 {
			left |= 1 << index
		}
	}
	if left&p.wordy == 0 {
		return left
	}
	if foldsFurther(text) {
		return ^uint64(0) >> (64 - len(p.need))
	}
	words := p.words.Seen(text)
	for wordy := left & p.wordy; wordy != 0; wordy &= wordy - 1 {
		if index := bits.TrailingZeros64(wordy); p.needs[index]&^words != 0 {
			left &^= 1 << index
		}
	}
	return left
}

// foldsFurther tells whether a text has one of the two letters beyond ASCII that count as s and k where case does not matter.
func foldsFurther(text string) bool {
	return !model.IsASCII(text) && (strings.Contains(text, "\u017f") || strings.Contains(text, "\u212a"))
}
