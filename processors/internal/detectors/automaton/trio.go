package automaton

import (
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Trio asks three sets at once. A walk waits for each step before it can take the next; three walks side by side wait together, so they
// take hardly longer than one.
type Trio struct {
	a, b, c *Set
	once    sync.Once
	columns [utf8.RuneSelf]uint32 // a byte for each set
}

// NewTrio makes one.
func NewTrio(a, b, c *Set) *Trio { return &Trio{a: a, b: b, c: c} }

func (t *Trio) compile() {
	for _, set := range []*Set{t.a, t.b, t.c} {
		set.once.Do(set.compile)
	}
	for sign := range t.columns {
		t.columns[sign] = pack(t.a.program.ascii[sign], t.b.program.ascii[sign], t.c.program.ascii[sign])
	}
}

func pack(a, b, c uint8) uint32 { return uint32(a) | uint32(b)<<8 | uint32(c)<<16 }

// Occurring returns for each set a bit for each pattern that occurs in a text, which must be valid UTF-8.
func (t *Trio) Occurring(text string) (inA, inB, inC uint64) {
	t.once.Do(t.compile)
	wA, atA := t.a.begin()
	wB, atB := t.b.begin()
	wC, atC := t.c.begin()
	nextA, nextB, nextC := wA.table.next, wB.table.next, wC.table.next
	for place := 0; place < len(text); {
		columns, size := uint32(0), 1
		if sign := text[place]; sign < utf8.RuneSelf {
			columns = t.columns[sign]
		} else {
			r, width := utf8.DecodeRuneInString(text[place:])
			columns, size = pack(t.a.program.column(r), t.b.program.column(r), t.c.program.column(r)), width
		}
		a, b, c := columns&0xff, columns>>8&0xff, columns>>16
		toA, toB, toC := atomic.LoadUint32(&nextA[atA|a]), atomic.LoadUint32(&nextB[atB|b]), atomic.LoadUint32(&nextC[atC|c])
		if (toA|toB|toC)&isNews != 0 {
			toA, toB, toC = wA.look(atA, a, toA), wB.look(atB, b, toB), wC.look(atC, c, toC)
			nextA, nextB, nextC = wA.table.next, wB.table.next, wC.table.next
			if wA.resets+wB.resets+wC.resets > maxResets {
				return t.a.Occurring(text), t.b.Occurring(text), t.c.Occurring(text)
			}
		}
		atA, atB, atC, place = toA, toB, toC, place+size
	}
	return wA.finish(atA, text), wB.finish(atB, text), wC.finish(atC, text)
}
