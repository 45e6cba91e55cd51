package policy_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// secret is planted into every text of a message; a detector finds it wherever it stands between blanks.
const secret = "ada.byron@example.org"

// planted returns a text with the secret at its end. It is short: what lies beyond a limit goes whatever it is.
func planted(text string) string {
	if len(text) > 40 {
		text = text[:40]
	}
	return text + " " + secret
}

func plantIn(value pcommon.Value, depth int) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		value.SetStr(planted(value.Str()))
	case pcommon.ValueTypeMap:
		plant(value.Map(), depth)
	case pcommon.ValueTypeSlice:
		for _, element := range value.Slice().All() {
			plantIn(element, depth)
		}
		value.Slice().AppendEmpty().SetStr(secret)
	}
}

func plant(attributes pcommon.Map, depth int) {
	if depth > 8 {
		return
	}
	for _, value := range attributes.All() {
		plantIn(value, depth+1)
	}
	attributes.PutStr("http.route", planted("/x"))
	attributes.PutStr(planted("key"), "x")
	attributes.PutEmptyMap("x.map").PutStr(secret, "x")
	attributes.PutStr(registry.KeyGenAIAgentName, planted("agent"))
	attributes.PutStr(registry.KeySmartAgentsConsentPolicyVersion, secret)
	attributes.PutStr("smart_agents.label.note", planted("note"))
}

func plantShared(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	plant(resource.Attributes(), 0)
	plant(scope.Attributes(), 0)
	scope.SetName(planted(scope.Name()))
	scope.SetVersion(planted(scope.Version()))
}

// fuzzFilters are the filters that let the most through, and the least.
func fuzzFilters() []*policy.Filter {
	most := policy.Options{
		Categories: registry.AllCategories, ScanUnknown: true, Content: []string{policy.LogBody, "gen_ai.input.messages"},
		PseudonymKey: []byte("a key of this test only"), PseudonymKeyID: "k1", Redact: detectors.Redact, HashStack: hashStack,
	}
	least := policy.Options{ConsentRequired: true, Upstream: true, Redact: detectors.Redact, HashStack: hashStack}
	return []*policy.Filter{policy.New(most), policy.New(least)}
}

// seeds adds the requests of the vectors as protobuf.
func seeds(f *testing.F, signal string, encode func([]byte) []byte) {
	for _, row := range vectors(f) {
		if row.Signal == signal {
			f.Add(encode(row.In))
		}
	}
	f.Add([]byte("\x0a\x02\x12\x00"))
}

// FuzzTraces: whatever the bytes of a request are, the filter does not panic, and no text that it lets through holds a planted secret.
func FuzzTraces(f *testing.F) {
	seeds(f, "traces", func(text []byte) []byte {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(text)
		require.NoError(f, err)
		encoded, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
		require.NoError(f, err)
		return encoded
	})
	filters := fuzzFilters()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, filter := range filters {
			traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
			if err != nil {
				return
			}
			plantTraces(traces)
			items := traces.SpanCount()
			var tally policy.Tally
			filter.Traces(traces, &tally)
			require.Zero(t, tally.Dropped(policy.RedactionError))
			require.Equal(t, items, traces.SpanCount()+tally.AllDropped(), "every span passes or is counted")
			left, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
			require.NoError(t, err)
			require.False(t, bytes.Contains(left, []byte(secret)), "%q", left)
		}
	})
}

func plantTraces(traces ptrace.Traces) {
	for _, group := range traces.ResourceSpans().All() {
		group.SetSchemaUrl(planted(group.SchemaUrl()))
		for _, scope := range group.ScopeSpans().All() {
			plantShared(group.Resource(), scope.Scope())
			for _, span := range scope.Spans().All() {
				plantSpan(span)
			}
		}
	}
}

func plantSpan(span ptrace.Span) {
	span.SetName(planted(span.Name()))
	span.TraceState().FromRaw(planted(span.TraceState().AsRaw()))
	span.Status().SetMessage(planted(span.Status().Message()))
	plant(span.Attributes(), 0)
	for _, event := range span.Events().All() {
		event.SetName(planted(event.Name()))
		plant(event.Attributes(), 0)
	}
	for _, link := range span.Links().All() {
		link.TraceState().FromRaw(planted(link.TraceState().AsRaw()))
		plant(link.Attributes(), 0)
	}
}

// FuzzLogs: the same for log records.
func FuzzLogs(f *testing.F) {
	seeds(f, "logs", func(text []byte) []byte {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
		require.NoError(f, err)
		encoded, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
		require.NoError(f, err)
		return encoded
	})
	filters := fuzzFilters()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, filter := range filters {
			logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(data)
			if err != nil {
				return
			}
			for _, group := range logs.ResourceLogs().All() {
				for _, scope := range group.ScopeLogs().All() {
					plantShared(group.Resource(), scope.Scope())
					for _, record := range scope.LogRecords().All() {
						record.SetEventName(planted(record.EventName()))
						record.SetSeverityText(planted(record.SeverityText()))
						plant(record.Attributes(), 0)
						plantIn(record.Body(), 0)
					}
				}
			}
			items := logs.LogRecordCount()
			var tally policy.Tally
			filter.Logs(logs, &tally)
			require.Zero(t, tally.Dropped(policy.RedactionError))
			require.Equal(t, items, logs.LogRecordCount()+tally.AllDropped())
			left, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
			require.NoError(t, err)
			require.False(t, bytes.Contains(left, []byte(secret)), "%q", left)
		}
	})
}

// FuzzMetrics: the same for metrics, whose points are added up as well.
func FuzzMetrics(f *testing.F) {
	seeds(f, "metrics", func(text []byte) []byte {
		metrics, err := (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics(text)
		require.NoError(f, err)
		encoded, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(metrics)
		require.NoError(f, err)
		return encoded
	})
	filters := fuzzFilters()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, filter := range filters {
			metrics, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(data)
			if err != nil {
				return
			}
			for _, group := range metrics.ResourceMetrics().All() {
				for _, scope := range group.ScopeMetrics().All() {
					plantShared(group.Resource(), scope.Scope())
					for _, metric := range scope.Metrics().All() {
						plantMetric(metric)
					}
				}
			}
			var tally policy.Tally
			filter.Metrics(metrics, &tally)
			require.Zero(t, tally.Dropped(policy.RedactionError))
			left, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(metrics)
			require.NoError(t, err)
			require.False(t, bytes.Contains(left, []byte(secret)), "%q", left)
		}
	})
}

func plantMetric(metric pmetric.Metric) {
	metric.SetName(planted(metric.Name()))
	metric.SetDescription(planted(metric.Description()))
	metric.SetUnit(planted(metric.Unit()))
	plant(metric.Metadata(), 0)
	switch metric.Type() {
	case pmetric.MetricTypeSum:
		for _, point := range metric.Sum().DataPoints().All() {
			plant(point.Attributes(), 0)
			for _, exemplar := range point.Exemplars().All() {
				plant(exemplar.FilteredAttributes(), 0)
			}
		}
	case pmetric.MetricTypeHistogram:
		for _, point := range metric.Histogram().DataPoints().All() {
			plant(point.Attributes(), 0)
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, point := range metric.ExponentialHistogram().DataPoints().All() {
			plant(point.Attributes(), 0)
		}
	}
}
