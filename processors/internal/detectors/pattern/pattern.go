// Package pattern matches the finders' patterns as Python's re does: the same syntax, the same choice between alternatives, tried at one
// place of a text with what stands before it in sight. (Package regexp has no counts over 1 000 and no match at a place, and it is slow
// where a short window is tried.)
//
// The patterns have bounded counts, as the Python ones: the work at one place is bounded. The pass over whole texts, which must be linear
// on every input, uses package regexp.
package pattern

import (
	"iter"
	"sync"
)

// Flags change what a pattern means.
type Flags uint8

// The flags. Without any, \s and \w are those of ASCII (re.ASCII).
const (
	Unicode Flags = 1 << iota // \s and \w of every script
	DotAll                    // a dot is a line end, too
	Fold                      // ASCII letters match in both cases
)

// Pattern is compiled when it is first asked. It can be used from many goroutines.
type Pattern struct{ program func() *program }

// Found holds the offsets of a match and of its groups: the start of group n at 2n, its end at 2n+1, -1 where a group took no part.
type Found [2 * (maxGroups + 1)]int

// New makes a pattern. An invalid one panics at its first use.
func New(source string, flags Flags) *Pattern {
	return &Pattern{sync.OnceValue(func() *program {
		p := &parser{source: source, unicode: flags&Unicode != 0, dotAll: flags&DotAll != 0, fold: flags&Fold != 0}
		tree := p.alternatives()
		if p.more() || p.groups > maxGroups {
			p.fail("unexpected bracket or too many groups")
		}
		compiled := compile(tree)
		if compiled.counters > maxCounters {
			p.fail("too many counts")
		}
		return compiled
	})}
}

// Match tries the pattern at start. The text counts as ending at end.
func (p *Pattern) Match(text string, start, end int) (Found, bool) {
	if start > end {
		return Found{}, false
	}
	return p.program().match(text, start, end, false)
}

// Search looks for the first match that begins at start or later.
func (p *Pattern) Search(text string, start, end int) (Found, bool) {
	if start > end {
		return Found{}, false
	}
	return p.program().search(text, start, end)
}

// Whole tells whether the pattern matches a text from end to end.
func (p *Pattern) Whole(text string) (Found, bool) {
	return p.program().match(text, 0, len(text), true)
}

// All walks over the matches between start and end that do not overlap.
func (p *Pattern) All(text string, start, end int) iter.Seq[Found] {
	return func(yield func(Found) bool) {
		compiled := p.program()
		for at := start; at <= end; {
			found, ok := compiled.search(text, at, end)
			if !ok || !yield(found) {
				return
			}
			at = max(found[1], found[0]+1)
		}
	}
}
