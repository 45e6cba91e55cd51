package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind uint8

const (
	kindClass  kind = iota // one character of a class
	kindCat                // parts one after the other
	kindAlt                // the first of the parts that fits
	kindRepeat             // the part, from least to most times
	kindGroup              // the part, remembered
	kindBegin              // ^
	kindEnd                // $
	kindBorder             // \b
)

type node struct {
	kind        kind
	class       *class
	parts       []*node
	least, most int // most -1 = any number
	group       int
}

// parser reads the part of Python's syntax that the detectors use; it panics on the rest, which a test of every pattern would show.
type parser struct {
	source                string
	at, groups            int
	unicode, dotAll, fold bool
}

func (p *parser) more() bool { return p.at < len(p.source) }

func (p *parser) accept(piece string) bool {
	if strings.HasPrefix(p.source[p.at:], piece) {
		p.at += len(piece)
		return true
	}
	return false
}

func (p *parser) next() rune {
	r, size := utf8.DecodeRuneInString(p.source[p.at:])
	p.at += size
	return r
}

func (p *parser) fail(what string) {
	panic(fmt.Sprintf("pattern %q: %s at %d", p.source, what, p.at))
}

func (p *parser) alternatives() *node {
	parts := []*node{p.sequence()}
	for p.accept("|") {
		parts = append(parts, p.sequence())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &node{kind: kindAlt, parts: parts}
}

func (p *parser) sequence() *node {
	sequence := &node{kind: kindCat}
	for p.more() && p.source[p.at] != '|' && p.source[p.at] != ')' {
		sequence.parts = append(sequence.parts, p.counted(p.atom()))
	}
	return sequence
}

func (p *parser) atom() *node {
	switch {
	case p.accept("(?:"):
		return p.closed(p.alternatives())
	case p.accept("("):
		p.groups++
		number := p.groups
		return &node{kind: kindGroup, group: number, parts: []*node{p.closed(p.alternatives())}}
	case p.accept("["):
		return &node{kind: kindClass, class: p.class()}
	case p.accept("."):
		any := &class{literal: -1}
		if !p.dotAll {
			any.add('\n', '\n')
		}
		any.negate()
		return &node{kind: kindClass, class: any}
	case p.accept("^"), p.accept(`\A`):
		return &node{kind: kindBegin}
	case p.accept("$"):
		return &node{kind: kindEnd}
	case p.accept(`\b`):
		return &node{kind: kindBorder}
	}
	return &node{kind: kindClass, class: p.character()}
}

func (p *parser) closed(inner *node) *node {
	if !p.accept(")") {
		p.fail("no closing bracket")
	}
	return inner
}

// character reads a literal or an escape outside brackets.
func (p *parser) character() *class {
	if !p.accept(`\`) {
		return single(p.next(), p.fold)
	}
	escaped := &class{literal: -1}
	if escaped.addEscape(p.source[p.at], p.unicode) {
		p.at++
		return escaped
	}
	return single(p.escape(), p.fold)
}

// escape reads what follows a backslash and stands for one character.
func (p *parser) escape() rune {
	r := p.next()
	switch r {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'x':
		code, err := strconv.ParseUint(p.source[p.at:p.at+2], 16, 8)
		if err != nil {
			p.fail("bad \\x")
		}
		p.at += 2
		return rune(code)
	}
	if r < utf8.RuneSelf && (r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9') {
		p.fail("unknown escape")
	}
	return r
}

// class reads up to the closing bracket.
func (p *parser) class() *class {
	set := &class{literal: -1}
	negated := p.accept("^")
	for first := true; first || p.source[p.at] != ']'; first = false {
		p.member(set)
	}
	p.at++
	if p.fold {
		set.fold()
	}
	if negated {
		set.negate()
	}
	return set
}

func (p *parser) member(set *class) {
	var low rune
	if p.accept(`\`) {
		if set.addEscape(p.source[p.at], p.unicode) {
			p.at++
			return
		}
		low = p.escape()
	} else {
		low = p.next()
	}
	high := low
	if p.source[p.at] == '-' && p.source[p.at+1] != ']' {
		p.at++
		high = p.next()
		if high == '\\' {
			high = p.escape()
		}
	}
	set.add(low, high)
}

// counted reads the quantifier behind an atom.
func (p *parser) counted(inner *node) *node {
	least, most := 1, 1
	switch {
	case p.accept("*"):
		least, most = 0, -1
	case p.accept("+"):
		most = -1
	case p.accept("?"):
		least = 0
	case p.more() && p.source[p.at] == '{' && p.braces(&least, &most):
	default:
		return inner
	}
	return &node{kind: kindRepeat, parts: []*node{inner}, least: least, most: most}
}

// braces reads {m}, {m,} or {m,n}; it tells whether they are a count.
func (p *parser) braces(least, most *int) bool {
	inside, _, found := strings.Cut(p.source[p.at+1:], "}")
	low, high, ranged := strings.Cut(inside, ",")
	number, err := strconv.Atoi(low)
	if !found || err != nil {
		return false
	}
	*least, *most = number, number
	if ranged {
		*most = -1
		if high != "" {
			if *most, err = strconv.Atoi(high); err != nil {
				return false
			}
		}
	}
	p.at += len(inside) + 2
	return true
}
