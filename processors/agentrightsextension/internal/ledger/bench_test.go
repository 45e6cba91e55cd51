package ledger

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

// What a restart costs with 10⁶ ids in a file_storage.
func BenchmarkOpenAMillion(b *testing.B) {
	at := place{b, b.TempDir()}
	ledger := at.openWith(at.client(), 2_000_000)
	random := rand.New(rand.NewPCG(1, 2))
	ids := make([]erasure.ID, 0, replayBatch)
	for n := range 1_000_000 {
		ids = append(ids, erasure.ID{15: 1, 0: byte(n), 1: byte(n >> 8), 2: byte(n >> 16), 3: byte(random.Uint32())})
		if len(ids) == cap(ids) || n == 999_999 {
			require.NoError(b, ledger.chunks.append(context.Background(), ids, uint64(n+1), 0))
			ids = ids[:0]
		}
	}
	require.NoError(b, ledger.Close(context.Background()))
	for b.Loop() {
		ledger = at.openWith(at.client(), 2_000_000)
		require.Equal(b, 1_000_000, ledger.Len())
		require.NoError(b, ledger.Close(context.Background()))
	}
}

// One request after another, each with its writes, and many at once, which share them.
func BenchmarkAdd(b *testing.B) {
	for name, many := range map[string]int{"alone": 1, "256 at once": 256} {
		b.Run(name, func(b *testing.B) {
			at := place{b, b.TempDir()}
			ledger := at.openWith(at.client(), 100_000_000)
			b.SetParallelism(many)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := ledger.Add(context.Background(), entry(rand.Int())); err != nil {
						b.Error(err)
					}
				}
			})
			b.StopTimer()
			require.NoError(b, ledger.Close(context.Background()))
		})
	}
}
