package erasure

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

func randomID(random *rand.Rand) ID {
	var id ID
	binary.LittleEndian.PutUint64(id[:8], random.Uint64())
	binary.LittleEndian.PutUint64(id[8:], random.Uint64())
	return id
}

func TestATableHoldsWhatWasAddedAndNothingElse(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	table, want := NewTable(), map[ID]bool{}
	for range 50_000 {
		id := randomID(random)
		id[0] &= 3 // many ids that begin alike
		if fresh := table.Add(id); fresh == want[id] {
			t.Fatalf("Add(%v) = %v", id, fresh)
		}
		want[id] = true
	}
	if table.Len() != len(want) {
		t.Fatalf("Len() = %d, want %d", table.Len(), len(want))
	}
	for id := range want {
		if !table.Contains(id.String()) || table.Add(id) {
			t.Fatalf("%v was added and is not there", id)
		}
	}
	for range 50_000 {
		if id := randomID(random); table.Has(id) != want[id] {
			t.Fatalf("%v was never added", id)
		}
	}
}

// Ids are chosen by their owners: ids that differ in a few bits only must not fill a few shards or one run of slots.
func TestChosenIDsSpreadOverTheShards(t *testing.T) {
	table := NewTable()
	for n := range uint64(20_000) {
		var id ID
		binary.LittleEndian.PutUint64(id[8:], n<<40|1)
		table.Add(id)
	}
	most := int64(0)
	for i := range table.shards {
		most = max(most, table.shards[i].used.Load())
	}
	if mean := int64(20_000 / shards); most > 2*mean {
		t.Fatalf("one shard has %d ids, the mean is %d", most, mean)
	}
	if run := longestRun(table); run > 100 {
		t.Fatalf("%d slots in a row are taken: every miss there looks at all of them", run)
	}
}

func longestRun(table *Table) (longest int) {
	for i := range table.shards {
		run := 0
		slots := *table.shards[i].slots.Load()
		for at := range slots {
			if slots[at].first.Load()|slots[at].second.Load() == 0 {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
	}
	return longest
}

func TestANilIDIsNeverInTheSet(t *testing.T) {
	table := NewTable()
	if table.Add(ID{}) || table.Has(ID{}) || table.Len() != 0 {
		t.Fatal("the nil id is in the set")
	}
}

// What Add has returned for is seen by every reader at once, also while tables grow.
func TestReadersSeeWhatWasAddedWhileItGrows(t *testing.T) {
	const writers, readers, each = 4, 4, 20_000
	table := NewTable()
	ids := make([]ID, writers*each)
	random := rand.New(rand.NewPCG(3, 4))
	for i := range ids {
		ids[i] = randomID(random)
	}
	added := make([]chan ID, readers)
	var writing, reading sync.WaitGroup
	for r := range readers {
		added[r] = make(chan ID, 1024)
		reading.Go(func() {
			for id := range added[r] {
				if !table.Has(id) {
					t.Errorf("%v was added and is not seen", id)
				}
			}
		})
	}
	for w := range writers {
		writing.Go(func() {
			for _, id := range ids[w*each : (w+1)*each] {
				table.Add(id)
				added[int(id[15])%readers] <- id
			}
		})
	}
	writing.Wait()
	for r := range readers {
		close(added[r])
	}
	reading.Wait()
	if table.Len() != len(ids) {
		t.Fatalf("Len() = %d, want %d", table.Len(), len(ids))
	}
}

func TestContainsAllocatesNothing(t *testing.T) {
	table := NewTable()
	id := randomID(rand.New(rand.NewPCG(5, 6)))
	table.Add(id)
	text := id.String()
	if n := testing.AllocsPerRun(100, func() { table.Contains(text) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

// 10⁶ ids take at most 40 bytes each, the promise of the README.
func TestMemoryOfAMillionIDs(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	table := NewTable()
	for range 1_000_000 {
		table.Add(randomID(random))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	perID := float64(after.HeapAlloc-before.HeapAlloc) / 1e6
	t.Logf("%.1f bytes per id", perID)
	if perID > 40 || table.Bytes() > 40_000_000 {
		t.Fatalf("%.1f bytes per id on the heap, %d in slots", perID, table.Bytes())
	}
	runtime.KeepAlive(table)
}

func BenchmarkContains(b *testing.B) {
	for _, count := range []int{100_000, 1_000_000, 10_000_000} {
		random := rand.New(rand.NewPCG(9, 10))
		table := NewTable()
		hits, misses := make([]string, 4096), make([]string, 4096)
		for n := range count {
			id := randomID(random)
			table.Add(id)
			hits[n%len(hits)] = id.String()
		}
		for n := range misses {
			misses[n] = randomID(random).String()
		}
		for name, texts := range map[string][]string{"erased": hits, "other": misses} {
			b.Run(fmt.Sprintf("ids=%d/%s", count, name), func(b *testing.B) {
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					table.Contains(texts[n%len(texts)])
				}
				b.ReportMetric(float64(table.Bytes())/float64(count), "B/id")
			})
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	random := rand.New(rand.NewPCG(11, 12))
	table := NewTable()
	for b.Loop() {
		table.Add(randomID(random))
	}
}
