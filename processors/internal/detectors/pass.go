package detectors

import (
	"math/bits"
	"slices"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/automaton"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// pass tells which triggers occur in a text. Three questions, each asked only of the triggers that are left: does the text have the bytes
// that a match needs, does it have the words, does the pattern itself occur.
type pass struct {
	gate
	groups  []group
	groupOf []int           // by trigger
	pair    *automaton.Pair // the words and the numbers
	helpers uint64          // triggers that are only asked for by others
	asking  uint64          // those others
	second  []dependence
}

// group is some triggers whose patterns are looked for in one walk. Patterns that wait over long stretches have a group of their own: side
// by side they would multiply their states.
type group struct {
	members uint64
	numbers []int // of the triggers, in order of the patterns
	set     *automaton.Set
}

// dependence is a trigger that does nothing unless another one fired.
type dependence struct{ first, second uint64 }

// The groups of more than one trigger. Helpers are not looked for unless a trigger fired that asks for them.
const (
	numbers = iota
	helpers
)

var together = [][]string{
	numbers: {
		"plus-number", "nanp", "card", "iban", "ssn", "ipv4", "ipv6", "mac", "base58", "bech32", "ethereum", "discord", "id-form",
	},
	helpers: {"digits", "id-digits"},
}

func newPass(triggers []model.Trigger) *pass {
	if len(triggers) > 64 {
		panic("detectors: more triggers than bits")
	}
	p := &pass{gate: newGate(triggers)}
	p.divide(triggers)
	p.helpers = p.groups[helpers].members
	for index, trigger := range triggers {
		if trigger.Needs == "" {
			continue
		}
		needed := slices.IndexFunc(triggers, func(other model.Trigger) bool { return other.Name == trigger.Needs })
		if p.helpers>>needed&1 != 0 {
			p.asking |= 1 << index
		} else if trigger.Alone {
			p.second = append(p.second, dependence{1 << needed, 1 << index})
		}
	}
	p.pair = automaton.NewPair(p.words, p.groups[numbers].set)
	return p
}

func (p *pass) divide(triggers []model.Trigger) {
	p.groups, p.groupOf = make([]group, len(together)), make([]int, len(triggers))
	patterns := make([][]string, len(together))
	for index, trigger := range triggers {
		number := slices.IndexFunc(together, func(names []string) bool { return slices.Contains(names, trigger.Name) })
		if number < 0 {
			number = len(p.groups)
			p.groups, patterns = append(p.groups, group{}), append(patterns, nil)
		}
		p.groupOf[index] = number
		p.groups[number].members |= 1 << index
		p.groups[number].numbers = append(p.groups[number].numbers, index)
		patterns[number] = append(patterns[number], trigger.Pattern)
	}
	for number := range p.groups {
		p.groups[number].set = automaton.New(patterns[number]...)
	}
}

// fired returns a bit for each trigger that occurs in a text; of helpers, and of triggers that do nothing without another one, only when
// it matters.
func (p *pass) fired(text string) uint64 {
	left, fired := p.possible(text), uint64(0)
	if group := &p.groups[numbers]; left&group.members != 0 {
		words, patterns := p.pair.Occurring(text)
		fired = group.triggers(patterns)
		left = p.withWords(left, words) &^ group.members
	} else if left&p.wordy != 0 {
		left = p.withWords(left, p.words.Occurring(text))
	}
	for _, pair := range p.second {
		if left&pair.first == 0 {
			left &^= pair.second
		}
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
