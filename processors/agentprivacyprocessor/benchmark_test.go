package agentprivacyprocessor

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"golang.org/x/sys/unix"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// randomIDs makes ids that no other text repeats; each run makes the same ones.
type randomIDs struct {
	*rand.Rand
	fixed bool // ids repeat as well
}

func (r randomIDs) hex(bytes int) string {
	if r.fixed {
		return strings.Repeat("0a", bytes)
	}
	raw := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, r.Uint64()), r.Uint64())
	return hex.EncodeToString(raw[:bytes])
}

func (r randomIDs) uuid() string {
	text := r.hex(16)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// oneOf returns one of some texts.
func (r randomIDs) oneOf(texts ...string) string { return texts[r.IntN(len(texts))] }

// benchSpan fills a span as an agent's tool writes it that calls a service: 22 text attributes, about 1.1 KB. Names, models and outcomes
// are a few of each, as in a program; ids, addresses and statements do not repeat. Three programs set the keys in different orders.
func benchSpan(span ptrace.Span, ids randomIDs) {
	tool := ids.oneOf("fetch-orders", "list-orders", "lint", "run-tests", "search-code", "open-ticket", "read-page", "summarise")
	span.SetName("execute_tool " + tool)
	span.SetTraceID([16]byte{1, byte(ids.IntN(256)), 3})
	span.SetSpanID([8]byte{1, byte(ids.IntN(256)), 3})
	span.SetKind(ptrace.SpanKindInternal)
	pairs := [][2]string{
		{"gen_ai.operation.name", "execute_tool"},
		{"gen_ai.tool.name", tool},
		{"gen_ai.tool.type", "function"},
		{"gen_ai.agent.name", ids.oneOf("code-reviewer", "planner", "support")},
		{"gen_ai.agent.version", "2.0.0"},
		{"gen_ai.provider.name", ids.oneOf("openai", "anthropic")},
		{"gen_ai.request.model", ids.oneOf("gpt-4o-mini", "gpt-4o", "claude-sonnet-4")},
		{"gen_ai.response.model", ids.oneOf("gpt-4o-mini-2024-07-18", "gpt-4o-2024-08-06")},
		{"smart_agents.kind", "tool"},
		{"smart_agents.outcome", ids.oneOf("success", "failure", "timeout")},
		{"smart_agents.source", ids.oneOf("curated", "local")},
		{"smart_agents.task.type", ids.oneOf("code_review", "triage", "refactoring")},
		{"smart_agents.task.size", ids.oneOf("1-10", "10-100", "100-1k")},
		{"session.id", ids.uuid()},
		{"http.request.method", ids.oneOf("GET", "POST")},
		{"url.full", "https://api.example.com/v1/orders/" + ids.hex(6) + "/lines?page=2&sort=desc&fields=name,price"},
		{"http.route", ids.oneOf("/v1/orders/{id}/lines", "/v1/orders", "/v1/tickets/{id}")},
		{"server.address", "api.example.com"},
		{"user_agent.original", "acme-agent/2.0.0 (linux; python 3.12) httpx/0.27.2"},
		{"db.query.text", "SELECT id, name, price FROM orders_" + ids.hex(2) + " WHERE status = ? AND created > ? ORDER BY name DESC LIMIT ?"},
		{"messaging.destination.name", "orders-" + ids.hex(3)},
		{"deployment.environment.name", ids.oneOf("production", "staging")},
	}
	attributes := span.Attributes()
	attributes.EnsureCapacity(len(pairs))
	first := ids.IntN(3) * 7
	for i := range pairs {
		pair := pairs[(first+i)%len(pairs)]
		attributes.PutStr(pair[0], pair[1])
	}
}

// benchBatches returns batches of spans of one consenting installation each. With repeating texts, ids and what holds them are the same in
// all spans.
func benchBatches(batches, size int, repeating bool) []ptrace.Traces {
	ids := randomIDs{rand.New(rand.NewPCG(7, 7)), repeating}
	made := make([]ptrace.Traces, batches)
	for i := range made {
		made[i] = ptrace.NewTraces()
		group := made[i].ResourceSpans().AppendEmpty()
		resource := group.Resource().Attributes()
		resource.PutStr("service.name", "shop")
		resource.PutStr("service.version", "2.0.0")
		resource.PutStr(registry.KeyAppInstallationID, ids.uuid())
		resource.PutStr(registry.KeySmartAgentsConsentPolicyVersion, "2026-11")
		resource.PutInt(registry.KeySmartAgentsConsentEpoch, 3)
		categories := resource.PutEmptySlice(registry.KeySmartAgentsConsentCategories)
		for _, name := range []string{"agent", "error", "feature", "performance", "skill", "workflow"} {
			categories.AppendEmpty().SetStr(name)
		}
		scope := group.ScopeSpans().AppendEmpty()
		scope.Scope().SetName(registry.ScopeName)
		for range size {
			benchSpan(scope.Spans().AppendEmpty(), ids)
		}
	}
	return made
}

// sixPatterns are what an operator gives the stock processor at least.
var sixPatterns = []string{
	`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
	`\b(?:\d[ -]?){13,19}\b`,
	`\b(?:\d{1,3}\.){3}\d{1,3}\b`,
	`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`,
	`AKIA[0-9A-Z]{16}`,
	`(?i)bearer\s+[a-z0-9._~+/-]+=*`,
}

func ours(b *testing.B, change func(*Config), extension erasure.Service) processor.Traces {
	b.Helper()
	config := createDefaultConfig().(*Config)
	config.Consent = NotRequired
	extensions := host{}
	if change != nil {
		change(config)
	}
	if extension != nil {
		id := component.MustNewID("agentrights")
		config.Erasure, extensions[id] = &id, extension.(component.Component)
	}
	p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(NewFactory().Type()), config, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(context.Background(), extensions))
	return p
}

func stock(b *testing.B, patterns []string) processor.Traces {
	b.Helper()
	factory := redactionprocessor.NewFactory()
	config := factory.CreateDefaultConfig().(*redactionprocessor.Config)
	for i := range registry.Attributes {
		config.AllowedKeys = append(config.AllowedKeys, registry.Attributes[i].Key)
	}
	config.BlockedValues = patterns
	config.Summary = "silent"
	p, err := factory.CreateTraces(context.Background(), processortest.NewNopSettings(factory.Type()), config, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(context.Background(), componenttest.NewNopHost()))
	return p
}

// erasedSet returns a set of as many installations, none of which is asked for.
func erasedSet(count int) *rights {
	ids := randomIDs{rand.New(rand.NewPCG(9, 9)), false}
	set := &rights{erased: make(map[string]bool, count)}
	for range count {
		set.erased[ids.uuid()] = true
	}
	return set
}

// BenchmarkTraces reports nanoseconds per span: of the whole filter with consent and an erasure set of 100 000 ids, and of the stock
// redaction processor with the same keys and six patterns. Of the 22 texts of a span, four are new in each span, or all repeat.
func BenchmarkTraces(b *testing.B) {
	consent := func(c *Config) { c.Consent = Required }
	for _, size := range []int{100, 1000} {
		for _, c := range []struct {
			name      string
			repeating bool
			make      func(*testing.B) processor.Traces
		}{
			{"new_texts", false, func(b *testing.B) processor.Traces { return ours(b, consent, erasedSet(100_000)) }},
			{"repeating_texts", true, func(b *testing.B) processor.Traces { return ours(b, consent, erasedSet(100_000)) }},
			{"no_consent_no_erasure", true, func(b *testing.B) processor.Traces { return ours(b, nil, nil) }},
			{"stock_redaction_6_patterns", true, func(b *testing.B) processor.Traces { return stock(b, sixPatterns) }},
		} {
			b.Run(fmt.Sprintf("%s/spans=%d", c.name, size), func(b *testing.B) { benchmarkSpans(b, c.make(b), size, c.repeating) })
		}
	}
}

// benchmarkSpans runs batches that were not filtered before. Besides the time on the clock it reports the mean time of its thread on a processor, and that of the fastest batch: what a busy machine stretches least.
func benchmarkSpans(b *testing.B, p processor.Traces, size int, repeating bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	batches := benchBatches(max(20_000/size, 1), size, repeating)
	fresh := ptrace.NewTraces()
	cpu, best := time.Duration(0), time.Duration(math.MaxInt64)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		b.StopTimer()
		batches[i%len(batches)].CopyTo(fresh)
		before := threadTime(b)
		b.StartTimer()
		if err := p.ConsumeTraces(context.Background(), fresh); err != nil {
			b.Fatal(err)
		}
		took := threadTime(b) - before
		cpu, best = cpu+took, min(best, took)
	}
	spans := float64(b.N * size)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/spans, "ns/span")
	b.ReportMetric(float64(cpu.Nanoseconds())/spans, "cpu-ns/span")
	b.ReportMetric(float64(best.Nanoseconds())/float64(size), "best-ns/span")
}

func threadTime(b *testing.B) time.Duration {
	var spent unix.Timespec
	require.NoError(b, unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &spent))
	return time.Duration(spent.Nano())
}

// TestBenchmarkMeasuresSpansThatPass: with 22 texts of about 1.1 KB, none of which is changed.
func TestBenchmarkMeasuresSpansThatPass(t *testing.T) {
	batch := benchBatches(1, 3, false)[0]
	span := batch.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	require.Equal(t, 22, span.Attributes().Len())
	size := (&ptrace.ProtoMarshaler{}).TracesSize(batch) / 3
	require.InDelta(t, 1100, size, 250)
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(NewFactory().Type()), createDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	before := copied(batch)
	require.NoError(t, p.ConsumeTraces(context.Background(), batch))
	require.Equal(t, before.ResourceSpans().At(0).ScopeSpans(), sink.AllTraces()[0].ResourceSpans().At(0).ScopeSpans())
}
