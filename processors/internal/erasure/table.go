package erasure

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Table keeps ids in open addressing: 16 bytes per slot and nothing else, at most maxLoad full. It is split into shards, so that growing
// copies a small part at a time and readers of one part never wait for writers of another; readers take no lock at all.
const (
	shardBits  = 8
	shards     = 1 << shardBits
	firstSlots = 8
	// With linear probing a miss looks at (1+1/(1-load)^2)/2 slots: 8.5 at 0.75, in one or two cache lines of 4 slots (Knuth, TAOCP 6.4).
	loadNum, loadDen = 3, 4
	growNum, growDen = 3, 2
)

// Table is a Set that grows. The zero value is not usable: see NewTable.
type Table struct {
	seed   [2]uint64 // ids are chosen by their owners: without it, somebody could make many that fall on one slot
	shards [shards]shard
}

type shard struct {
	mu    sync.Mutex // of writers
	slots atomic.Pointer[[]slot]
	used  atomic.Int64
}

// A slot is empty while both halves are 0, which no id has. The first half is stored last: a reader that sees it sees the second as well.
type slot struct{ first, second atomic.Uint64 }

// NewTable returns an empty set.
func NewTable() *Table {
	seed := maphash.MakeSeed()
	return &Table{seed: [2]uint64{maphash.String(seed, "first") | 1, maphash.String(seed, "second") | 1}}
}

// Contains implements Set.
func (t *Table) Contains(installationID string) bool {
	id, ok := Parse(installationID)
	return ok && t.Has(id)
}

// Has tells whether the id is in the set. It takes no lock and allocates nothing.
func (t *Table) Has(id ID) bool {
	first, second := halves(id)
	hash := t.hash(first, second)
	slots := t.shards[hash>>(64-shardBits)].slots.Load()
	if slots == nil {
		return false
	}
	_, found := find(*slots, hash, first, second)
	return found
}

// Add puts an id into the set and tells whether it is new. When it returns, every reader sees it.
func (t *Table) Add(id ID) bool {
	first, second := halves(id)
	if first|second == 0 {
		return false
	}
	hash := t.hash(first, second)
	s := &t.shards[hash>>(64-shardBits)]
	s.mu.Lock()
	defer s.mu.Unlock()
	slots := t.roomy(s)
	at, found := find(slots, hash, first, second)
	if found {
		return false
	}
	slots[at].second.Store(second)
	slots[at].first.Store(first)
	s.used.Add(1)
	return true
}

// Len returns the number of ids.
func (t *Table) Len() int {
	total := int64(0)
	for i := range t.shards {
		total += t.shards[i].used.Load()
	}
	return int(total)
}

// Bytes returns the memory of the slots.
func (t *Table) Bytes() int {
	total := 0
	for i := range t.shards {
		if slots := t.shards[i].slots.Load(); slots != nil {
			total += len(*slots) * int(unsafe.Sizeof(slot{}))
		}
	}
	return total
}

// roomy returns slots with room for one id more. Readers keep the old ones until the new ones are whole.
func (t *Table) roomy(s *shard) []slot {
	old := s.slots.Load()
	if old == nil {
		fresh := make([]slot, firstSlots)
		s.slots.Store(&fresh)
		return fresh
	}
	if (int(s.used.Load())+1)*loadDen <= len(*old)*loadNum {
		return *old
	}
	grown := make([]slot, len(*old)*growNum/growDen)
	for i := range *old {
		first, second := (*old)[i].first.Load(), (*old)[i].second.Load()
		if first|second == 0 {
			continue
		}
		at, _ := find(grown, t.hash(first, second), first, second)
		grown[at].second.Store(second)
		grown[at].first.Store(first)
	}
	s.slots.Store(&grown)
	return grown
}

// find returns the slot of an id, or the empty one where it belongs. There is always an empty one.
func find(slots []slot, hash, first, second uint64) (int, bool) {
	high, _ := bits.Mul64(hash<<shardBits, uint64(len(slots)))
	for at := int(high); ; at++ {
		if at == len(slots) {
			at = 0
		}
		found := slots[at].first.Load()
		if found == first && slots[at].second.Load() == second {
			return at, true
		}
		if found == 0 && slots[at].second.Load() == 0 {
			return at, false
		}
	}
}

func (t *Table) hash(first, second uint64) uint64 {
	high, low := bits.Mul64(first^t.seed[0], second^t.seed[1])
	return high ^ low
}

func halves(id ID) (first, second uint64) {
	return binary.LittleEndian.Uint64(id[:8]), binary.LittleEndian.Uint64(id[8:])
}
