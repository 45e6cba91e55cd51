package policy

import (
	"hash/maphash"
	"sync/atomic"
)

// Size of the memory of texts: names, models and paths repeat from span to span.
const (
	rememberedLength = 64 // bytes of the longest text that is remembered
	memorySlots      = 1 << 14
)

// remembered is a text that a rule was applied to before. A text that was changed is remembered only where a hash stands for it, as the
// detectors would find a secret in it again; so no secret stays here.
type remembered struct {
	rule     *rule
	in, kept string
}

// memory holds as many texts as it has slots: a new one takes the place of the one before. It takes no lock.
type memory struct {
	seed  maphash.Seed
	slots []atomic.Pointer[remembered]
}

func newMemory() *memory {
	return &memory{maphash.MakeSeed(), make([]atomic.Pointer[remembered], memorySlots)}
}

func (m *memory) hash(text string) uint64 { return maphash.String(m.seed, text) }

func (m *memory) slot(r *rule, text string) *atomic.Pointer[remembered] {
	return &m.slots[(m.hash(text)^r.number*0x9E3779B97F4A7C15)%memorySlots]
}

// get returns what the rule kept of the text the last time.
func (m *memory) get(r *rule, text string) (string, bool) {
	if len(text) > rememberedLength {
		return "", false
	}
	found := m.slot(r, text).Load()
	if found != nil && found.rule == r && found.in == text {
		return found.kept, true
	}
	return "", false
}

func (m *memory) put(r *rule, text, kept string) {
	if len(text) <= rememberedLength {
		m.slot(r, text).Store(&remembered{r, text, kept})
	}
}
