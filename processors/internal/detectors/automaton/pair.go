package automaton

import (
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Pair asks two sets at once. A walk waits for each step before it can take the next; two walks side by side wait together.
type Pair struct {
	a, b    *Set
	once    sync.Once
	columns [utf8.RuneSelf]uint32 // a half for each set
}

// NewPair makes one.
func NewPair(a, b *Set) *Pair { return &Pair{a: a, b: b} }

func (p *Pair) compile() {
	p.a.once.Do(p.a.compile)
	p.b.once.Do(p.b.compile)
	for sign := range p.columns {
		p.columns[sign] = pack(p.a.program.ascii[sign], p.b.program.ascii[sign])
	}
}

func pack(a, b uint8) uint32 { return uint32(a) | uint32(b)<<16 }

// Occurring returns for each set a bit for each pattern that occurs in a text, which must be valid UTF-8.
func (p *Pair) Occurring(text string) (inA, inB uint64) {
	p.once.Do(p.compile)
	wA, atA := p.a.begin()
	wB, atB := p.b.begin()
	nextA, nextB := wA.table.next, wB.table.next
	for place := 0; place < len(text); place++ {
		sign := text[place]
		if sign >= utf8.RuneSelf && !utf8.RuneStart(sign) {
			continue
		}
		columns := p.columns[sign&(utf8.RuneSelf-1)]
		if sign >= utf8.RuneSelf {
			columns = p.foreign(text[place:])
		}
		a, b := columns&0xffff, columns>>16
		toA, toB := atomic.LoadUint32(&nextA[atA|a]), atomic.LoadUint32(&nextB[atB|b])
		if (toA|toB)&isNews != 0 {
			toA, toB = wA.look(atA, a, toA), wB.look(atB, b, toB)
			nextA, nextB = wA.table.next, wB.table.next
			if wA.resets+wB.resets > maxResets {
				return p.a.Occurring(text), p.b.Occurring(text)
			}
		}
		atA, atB = toA, toB
	}
	return wA.finish(atA, text), wB.finish(atB, text)
}

func (p *Pair) foreign(text string) uint32 {
	r, _ := utf8.DecodeRuneInString(text)
	return pack(p.a.program.column(r), p.b.program.column(r))
}
