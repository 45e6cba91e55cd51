package detectors

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// Names, models, paths and statements repeat from span to span: texts in which nothing was found are remembered, and what became of the
// others. No text is kept, only its hash with a seed of this process (64 bits; two texts of one place would have to share them all), and
// results, in which nothing private is left. A place is taken by whoever comes last, so memory is bounded and nothing is ever waited for.
const (
	rememberedLength = 512 // bytes
	cleanPlaces      = 1 << 13
	changedPlaces    = 1 << 11
)

type memory struct {
	seed    maphash.Seed
	clean   [cleanPlaces]atomic.Uint64
	changed [changedPlaces]atomic.Pointer[outcome]
}

type outcome struct {
	hash   uint64
	result string
	count  int
}

func newMemory() *memory { return &memory{seed: maphash.MakeSeed()} }

// hashOf tells texts and what is known about their key apart; 0 is nobody's.
func (m *memory) hashOf(text string, hint model.Hint) uint64 {
	return (maphash.String(m.seed, text) ^ uint64(hint)*0x9e3779b97f4a7c15) | 1
}

func (m *memory) isClean(hash uint64) bool { return m.clean[(hash>>1)%cleanPlaces].Load() == hash }

func (m *memory) keepClean(hash uint64) { m.clean[(hash>>1)%cleanPlaces].Store(hash) }

// known returns what became of a text, nil when it is not remembered.
func (m *memory) known(hash uint64) *outcome {
	if kept := m.changed[(hash>>1)%changedPlaces].Load(); kept != nil && kept.hash == hash {
		return kept
	}
	return nil
}

func (m *memory) keep(hash uint64, result string, count int) {
	m.changed[(hash>>1)%changedPlaces].Store(&outcome{hash, result, count})
}
