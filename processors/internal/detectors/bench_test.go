package detectors

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/keys"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

// What an agent's span carries: some values are the same in every span, identifiers and messages are not.
func spanOf22(chooser *rand.Rand) [][2]string {
	hex := func(n int) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = "0123456789abcdef"[chooser.IntN(16)]
		}
		return string(text)
	}
	base62 := func(n int) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = model.Alnum[chooser.IntN(len(model.Alnum))]
		}
		return string(text)
	}
	return [][2]string{
		{"gen_ai.operation.name", "execute_tool"},
		{"gen_ai.provider.name", "example.models"},
		{"gen_ai.request.model", "large-model-4-20250514"},
		{"gen_ai.response.model", "large-model-4-20250514"},
		{"gen_ai.response.id", "msg_01" + base62(22)},
		{"gen_ai.conversation.id", hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12)},
		{"gen_ai.agent.id", "agent-7f3c2a9be1"},
		{"gen_ai.agent.name", "researcher"},
		{"gen_ai.agent.description", "Finds documents about a question, reads them and writes a short answer with its sources."},
		{"gen_ai.tool.name", "search_documents"},
		{"gen_ai.tool.call.id", "call_" + base62(24)},
		{"gen_ai.tool.description", "Search the index for documents that match a query; returns titles, links and scores."},
		{"gen_ai.output.type", "json"},
		{"server.address", "models.example.com"},
		{"url.full", "https://models.example.com/v1/messages?stream=true"},
		{"user_agent.original", "example-sdk-python/0.39.0 (Linux; x86_64) Python/3.11.9 httpx/0.27.2"},
		{"deployment.environment.name", "production"},
		{"code.function.name", "agents.research.steps.plan_next_step"},
		{"code.file.path", "src/agents/research/steps.py"},
		{"error.type", "TimeoutError"},
		{"exception.message", fmt.Sprintf("Tool did not answer within %d ms (attempt %d of 3); the step is tried again with fewer documents",
			1000+chooser.IntN(9000), 1+chooser.IntN(3))},
		{"output.summary", strings.Repeat("The step was planned, two sources were read and the answer is being written. ", 3)},
	}
}

// cpu is the time this process has spent, which other work on the machine does not change.
func cpu() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func measured(b *testing.B, size int, work func(n int)) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(size))
	before := cpu()
	for n := 0; b.Loop(); n++ {
		work(n)
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// BenchmarkSpanOf22 redacts all values of a span of 1.1 KB with 22 attributes; the same number for another span each time.
func BenchmarkSpanOf22(b *testing.B) {
	chooser := rand.New(rand.NewPCG(1, 2))
	spans := make([][][2]string, 1<<14)
	for i := range spans {
		spans[i] = spanOf22(chooser)
	}
	size := 0
	for _, attribute := range spans[0] {
		size += len(attribute[1])
	}
	redact := func(n int) {
		for _, attribute := range spans[n%len(spans)] {
			RedactValue(attribute[0], attribute[1])
		}
	}
	for n := range 2000 {
		redact(n)
	}
	b.Run("as in a stream", func(b *testing.B) { measured(b, size, redact) })
	b.Run("every value new", func(b *testing.B) {
		measured(b, size, func(n int) {
			for _, attribute := range spans[n%len(spans)] {
				theEngine().redact(attribute[1], keys.HintOf(attribute[0]))
			}
		})
	})
}

// BenchmarkRedactBenign redacts texts in which nothing is found, without the memory.
func BenchmarkRedactBenign(b *testing.B) {
	texts := map[string]string{
		"word": "researcher", "uuid": "550e8400-e29b-41d4-a716-446655440000", "model": "large-model-4-20250514",
		"message": "Tool did not answer within 5000 ms (attempt 2 of 3); the step is tried again with fewer documents",
		"prose":   strings.Repeat("The step was planned, two sources were read and the answer is being written. ", 13),
		"json":    `{"query": "weather in Oslo", "limit": 10, "input_tokens": 1543, "author": "system", "filters": {"lang": "en"}}`,
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			theEngine().redact(text, model.Plain)
			measured(b, len(text), func(int) { theEngine().redact(text, model.Plain) })
		})
	}
}

// BenchmarkRedactHit redacts texts in which something is found, without the memory.
func BenchmarkRedactHit(b *testing.B) {
	texts := map[string]string{
		"email": "write to ada.byron@example.org today", "path": "/home/ada/src/agent.py", "json": `{"user": "ada", "password": "hunter22x!"}`,
		"url": "postgres://app:s3cr3tpw@db.example.com:5432/main", "sql": "SELECT * FROM users WHERE name = 'Ada' AND age > 36",
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			theEngine().redact(text, model.Plain)
			measured(b, len(text), func(int) { theEngine().redact(text, model.Plain) })
		})
	}
}
