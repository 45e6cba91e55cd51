package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const bomb = "boom"

// explosive is a detector that fails on one word.
func explosive(text string, _ model.Hint) (string, int) {
	if strings.Contains(text, bomb) {
		panic("a detector failed")
	}
	return text, 0
}

func exploding() *policy.Filter {
	return policy.New(policy.Options{Categories: registry.AllCategories, ScanUnknown: true, Redact: explosive, HashStack: hashStack})
}

// TestASpanOnWhichTheFilterFailsIsDropped: alone, whatever surface it failed on; its neighbours pass.
func TestASpanOnWhichTheFilterFailsIsDropped(t *testing.T) {
	for surface, plant := range map[string]func(ptrace.Span){
		"name":            func(s ptrace.Span) { s.SetName(bomb) },
		"attribute":       func(s ptrace.Span) { s.Attributes().PutStr("http.route", bomb) },
		"key":             func(s ptrace.Span) { s.Attributes().PutStr(bomb, "x") },
		"nested":          func(s ptrace.Span) { s.Attributes().PutEmptySlice("x").AppendEmpty().SetStr(bomb) },
		"event":           func(s ptrace.Span) { s.Events().AppendEmpty().SetName(bomb) },
		"event attribute": func(s ptrace.Span) { s.Events().AppendEmpty().Attributes().PutStr("http.route", bomb) },
		"link":            func(s ptrace.Span) { s.Links().AppendEmpty().Attributes().PutStr("http.route", bomb) },
		"status": func(s ptrace.Span) {
			s.Status().SetCode(ptrace.StatusCodeError)
			s.Status().SetMessage(bomb)
		},
	} {
		t.Run(surface, func(t *testing.T) {
			traces := ptrace.NewTraces()
			spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
			spans.AppendEmpty().SetName("before")
			plant(spans.AppendEmpty())
			spans.AppendEmpty().SetName("after")
			var tally policy.Tally
			exploding().Traces(traces, &tally)
			require.Equal(t, 2, traces.SpanCount())
			require.Equal(t, 1, tally.Dropped(policy.RedactionError))
			require.Equal(t, 1, tally.AllDropped())
		})
	}
}

// TestAResourceOnWhichTheFilterFailsIsDropped: with everything of it, each counted once; other resources pass.
func TestAResourceOnWhichTheFilterFailsIsDropped(t *testing.T) {
	for surface, plant := range map[string]func(ptrace.ResourceSpans){
		"resource":   func(g ptrace.ResourceSpans) { g.Resource().Attributes().PutStr("service.namespace", bomb) },
		"scope":      func(g ptrace.ResourceSpans) { g.ScopeSpans().At(0).Scope().SetName(bomb) },
		"schema url": func(g ptrace.ResourceSpans) { g.SetSchemaUrl("https://" + bomb + "/1") },
	} {
		t.Run(surface, func(t *testing.T) {
			traces := ptrace.NewTraces()
			for range 2 {
				group := traces.ResourceSpans().AppendEmpty()
				for range 2 {
					spans := group.ScopeSpans().AppendEmpty().Spans()
					spans.AppendEmpty().SetName("one")
					spans.AppendEmpty().SetName("invoke_agent x")
				}
			}
			plant(traces.ResourceSpans().At(0))
			var tally policy.Tally
			exploding().Traces(traces, &tally)
			require.Equal(t, 4, traces.SpanCount())
			require.Equal(t, 4, tally.Dropped(policy.RedactionError))
		})
	}
}

// TestRecordsAndPointsOnWhichTheFilterFailsAreDropped: the same for the other signals.
func TestRecordsAndPointsOnWhichTheFilterFailsAreDropped(t *testing.T) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty().Body().SetStr(bomb)
	records.AppendEmpty().Body().SetStr("fine")
	metrics := pmetric.NewMetrics()
	group := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	bad := group.AppendEmpty()
	bad.SetName("bad")
	bad.SetEmptyGauge().DataPoints().AppendEmpty().Attributes().PutStr("http.route", bomb)
	bad.Gauge().DataPoints().AppendEmpty()
	group.AppendEmpty().SetEmptySum().DataPoints().AppendEmpty()
	var tally policy.Tally
	exploding().Logs(logs, &tally)
	require.Equal(t, 1, logs.LogRecordCount())
	require.Equal(t, 1, tally.Dropped(policy.RedactionError))
	exploding().Metrics(metrics, &tally)
	require.Equal(t, 1, metrics.DataPointCount())
	require.Equal(t, 3, tally.Dropped(policy.RedactionError))
}
