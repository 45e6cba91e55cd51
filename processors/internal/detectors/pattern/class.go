package pattern

import (
	"unicode/utf8"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// class is a set of characters: a bit for each ASCII one, a rule for the others.
type class struct {
	ascii   [2]uint64
	ranges  []rune            // pairs: characters beyond ASCII that are in the set
	kinds   []func(rune) bool // further characters beyond ASCII
	negated bool              // the rule for characters beyond ASCII is turned round
	literal rune              // the only member, -1 = there are more
}

func (c *class) has(r rune) bool {
	if r < utf8.RuneSelf {
		return c.ascii[r>>6]>>(r&63)&1 != 0
	}
	return c.foreign(r) != c.negated
}

func (c *class) foreign(r rune) bool {
	for at := 0; at < len(c.ranges); at += 2 {
		if r >= c.ranges[at] && r <= c.ranges[at+1] {
			return true
		}
	}
	for _, kind := range c.kinds {
		if kind(r) {
			return true
		}
	}
	return false
}

func (c *class) add(low, high rune) {
	for r := low; r <= high && r < utf8.RuneSelf; r++ {
		c.ascii[r>>6] |= 1 << (r & 63)
	}
	if high >= utf8.RuneSelf {
		c.ranges = append(c.ranges, max(low, utf8.RuneSelf), high)
	}
}

// fold adds the other case of every ASCII letter.
func (c *class) fold() {
	for letter := 'a'; letter <= 'z'; letter++ {
		if c.has(letter) || c.has(letter-32) {
			c.add(letter, letter)
			c.add(letter-32, letter-32)
		}
	}
}

func (c *class) negate() {
	c.ascii = [2]uint64{^c.ascii[0], ^c.ascii[1]}
	c.negated = true
}

// addEscape adds the class of an escape such as \s; it tells whether it is one.
func (c *class) addEscape(letter byte, unicode bool) bool {
	switch letter {
	case 's':
		c.add('\t', '\r')
		c.add(' ', ' ')
		if unicode {
			c.add(0x1c, 0x1f)
			c.kinds = append(c.kinds, model.IsSpace)
		}
	case 'd':
		c.add('0', '9')
	case 'w':
		c.add('0', '9')
		c.add('A', 'Z')
		c.add('a', 'z')
		c.add('_', '_')
		if unicode {
			c.kinds = append(c.kinds, model.IsLetterOrNumber)
		}
	default:
		return false
	}
	return true
}

func single(r rune, fold bool) *class {
	c := &class{literal: r}
	c.add(r, r)
	if fold && r < utf8.RuneSelf && model.IsAlnum(byte(r)) && !model.IsDigit(byte(r)) {
		c.fold()
		c.literal = -1
	}
	return c
}
