package policy

import (
	"hash/maphash"
	"sync/atomic"
)

// Size of the memory of texts: names, models and paths repeat from span to span, ids do not.
const (
	rememberedLength = 512 // bytes of the longest text that is remembered: statements with placeholders repeat as well
	shortLength      = 64
	memorySlots      = 1 << 13
	doorBits         = 1 << 16
	doorFull         = doorBits / 4
)

// remembered is a text that a rule was applied to before. A text that was changed is remembered only where a hash stands for it, as the
// detectors would find a secret in it again; so no secret stays here. A short text stands in the struct itself: one look finds all of it.
type remembered struct {
	rule *rule
	kept string // "" = the text itself
	long string // a text of more than shortLength bytes
	size int
	in   [shortLength]byte
}

func (r *remembered) is(text string) bool {
	if len(text) != r.size {
		return false
	}
	if r.size <= shortLength {
		return string(r.in[:r.size]) == text
	}
	return r.long == text
}

// memory holds as many texts as it has slots: a new one takes the place of the one before. It takes no lock.
//
// A text enters when it is met for the second time, so that ids, which come once, do not push out names; whether it was met before is told
// by one bit of the door, which is cleared before it fills up.
type memory struct {
	seed  maphash.Seed
	slots []atomic.Pointer[remembered]
	door  []atomic.Uint32
	met   atomic.Int32
}

func newMemory() *memory {
	return &memory{
		seed:  maphash.MakeSeed(),
		slots: make([]atomic.Pointer[remembered], memorySlots),
		door:  make([]atomic.Uint32, doorBits/32),
	}
}

// hash returns a number for a text under a rule; nobody outside can choose texts whose numbers meet.
func (m *memory) hash(r *rule, text string) uint64 {
	return maphash.String(m.seed, text) ^ r.number*0x9E3779B97F4A7C15
}

// get returns what the rule kept of the text the last time.
func (m *memory) get(r *rule, text string) (string, bool) {
	if len(text) > rememberedLength {
		return "", false
	}
	found := m.slots[m.hash(r, text)%memorySlots].Load()
	if found == nil || found.rule != r || !found.is(text) {
		return "", false
	}
	if found.kept == "" {
		return text, true
	}
	return found.kept, true
}

// put remembers what the rule kept of a text, if it met the text before.
func (m *memory) put(r *rule, text, kept string) {
	if len(text) > rememberedLength {
		return
	}
	hash := m.hash(r, text)
	if !m.metBefore(hash >> 32) {
		return
	}
	made := &remembered{rule: r, size: len(text)}
	if len(text) <= shortLength {
		copy(made.in[:], text)
	} else {
		made.long = text
	}
	if kept != text {
		made.kept = kept
	}
	m.slots[hash%memorySlots].Store(made)
}

func (m *memory) metBefore(number uint64) bool {
	word, bit := &m.door[number%doorBits/32], uint32(1)<<(number%32)
	if word.Load()&bit != 0 {
		return true
	}
	word.Or(bit)
	if m.met.Add(1) >= doorFull {
		m.met.Store(0)
		for i := range m.door {
			m.door[i].Store(0)
		}
	}
	return false
}
