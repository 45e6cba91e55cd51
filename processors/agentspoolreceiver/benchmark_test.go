package agentspoolreceiver

import (
	"os"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

// BenchmarkLines reads sealed lines of 64 spans, the time of one line being the result; with a storage on the disk and without.
func BenchmarkLines(b *testing.B) {
	names := strings.Fields(strings.Repeat("invoke_agent_code-reviewer ", 64))
	for _, kept := range []string{"forgotten", "remembered"} {
		b.Run(kept, func(b *testing.B) {
			folder := b.TempDir()
			text := strings.Repeat(withSeal(spans(names...))+"\n", b.N)
			if err := os.WriteFile(folder+"/1", []byte(text), 0o600); err != nil {
				b.Fatal(err)
			}
			config := once(folder + "/1")
			extensions := host{}
			if kept == "remembered" {
				extensions = fileStorage(b, b.TempDir())
				config = remembering(config)
			}
			next := &taker{}
			set := receivertest.NewNopSettings(metadata.Type)
			set.ID = component.NewID(metadata.Type)
			r, err := NewFactory().CreateTraces(b.Context(), set, config, next)
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			if err := r.Start(b.Context(), extensions); err != nil {
				b.Fatal(err)
			}
			for len(next.taken()) < b.N*len(names) {
				time.Sleep(time.Millisecond)
			}
			b.StopTimer()
			if err := r.Shutdown(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(text))/float64(b.N), "bytes/line")
		})
	}
}
