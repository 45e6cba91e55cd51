package policy_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

// TestOneFilterServesManyGoroutines: what they remember together changes no result.
func TestOneFilterServesManyGoroutines(t *testing.T) {
	filters := map[string]*policy.Filter{}
	rows := vectors(t)
	for _, row := range rows {
		key := strings.Join(row.Policy.Categories, ",") + row.Policy.Audience + row.Policy.Unknown + row.Policy.PseudonymKey
		if filters[key] == nil && row.Policy.MaxAttributes == policy.DefaultAttributes && row.Policy.MaxDepth == policy.DefaultDepth {
			filters[key] = row.Policy.filter()
		}
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range rows {
				row := rows[(i*7+worker)%len(rows)]
				for _, filter := range filters {
					left := filtered(t, row.Signal, row.In, filter)
					again := filtered(t, row.Signal, row.In, filter)
					if string(left) != string(again) {
						t.Errorf("%s: %s, then %s", row.Title, left, again)
					}
				}
				if worker%2 == 0 && i > 40 {
					return
				}
			}
		})
	}
	group.Wait()
}

// TestWithoutACatalogueTheSenderHasChecked: upstream keeps names of the right form then; an empty catalogue declares nothing.
func TestWithoutACatalogueTheSenderHasChecked(t *testing.T) {
	for _, c := range []struct {
		catalogue []string
		want      string
	}{{nil, "reviewer"}, {[]string{}, "other"}, {[]string{"reviewer"}, "reviewer"}} {
		traces := agentSpan(t, nil, map[string]any{registry.KeyGenAIAgentName: "reviewer"})
		scope := traces.ResourceSpans().At(0).ScopeSpans().At(0)
		scope.Scope().SetName(registry.ScopeName)
		var tally policy.Tally
		required(func(o *policy.Options) { o.ConsentRequired, o.Upstream, o.Catalogue = false, true, c.catalogue }).Traces(traces, &tally)
		require.Equal(t, c.want, scope.Spans().At(0).Attributes().AsRaw()[registry.KeyGenAIAgentName])
	}
}

// TestSpansInARowAreJudgedOneByOne: what one span had is remembered for the next one, and changes nothing of it.
func TestSpansInARowAreJudgedOneByOne(t *testing.T) {
	traces := ptrace.NewTraces()
	spans := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for _, values := range [][2]string{
		{"reviewer", "ok"}, {"reviewer", "ok"}, {"ada@example.org", "ok"}, {"reviewer", "ada@example.org"}, {"ada@example.org", "ok"},
	} {
		span := spans.AppendEmpty()
		span.Attributes().PutStr(registry.KeyGenAIAgentName, values[0])
		span.Attributes().PutStr("http.route", values[1])
	}
	other := spans.AppendEmpty()
	other.SetName("GET") // the same keys in another order, and one that is dropped between them
	other.Attributes().PutStr("http.route", "reviewer")
	other.Attributes().PutStr("unknown", "ok")
	other.Attributes().PutStr("", "ok")
	other.Attributes().PutStr(registry.KeyGenAIAgentName, "ok")
	var tally policy.Tally
	policy.New(policy.Options{Categories: registry.AllCategories, Redact: detectorsRedact, HashStack: hashStack}).Traces(traces, &tally)
	var got []string
	for _, span := range spans.All() {
		name, _ := span.Attributes().Get(registry.KeyGenAIAgentName)
		route, _ := span.Attributes().Get("http.route")
		got = append(got, name.Str()+" "+route.Str())
	}
	require.Equal(t, []string{"reviewer ok", "reviewer ok", "other ok", "reviewer [email]", "other ok", "ok reviewer"}, got)
	require.Equal(t, map[string]any{registry.KeyGenAIAgentName: "ok", "http.route": "reviewer"}, other.Attributes().AsRaw())
}

// TestNothingIsAllocatedWhereNothingChanges: once keys and texts were met.
func TestNothingIsAllocatedWhereNothingChanges(t *testing.T) {
	traces := agentSpan(t, granted("agent", "error"), map[string]any{
		registry.KeyGenAIAgentName: "reviewer", registry.KeySessionID: installation, "http.route": "/orders/{id}",
		"gen_ai.usage.input_tokens": 3, registry.KeySmartAgentsOutcome: "success",
	})
	filter := required(nil)
	var tally policy.Tally
	run := func() { filter.Traces(traces, &tally) }
	for range 10 {
		run()
	}
	require.LessOrEqual(t, testing.AllocsPerRun(100, run), 4.0, "of a batch, none of a span")
	require.Equal(t, 1, traces.SpanCount())
}

// TestWhatBecameOneSeriesIsAddedUp: sums of both kinds of numbers, the latest of gauges, summaries without their quantiles.
func TestWhatBecameOneSeriesIsAddedUp(t *testing.T) {
	metrics := pmetric.NewMetrics()
	list := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	sum, gauge, summary := list.AppendEmpty(), list.AppendEmpty(), list.AppendEmpty()
	sum.SetEmptySum()
	gauge.SetEmptyGauge()
	summary.SetEmptySummary()
	for i, user := range []string{"ada", "bob", "eve"} {
		point := sum.Sum().DataPoints().AppendEmpty()
		point.Attributes().PutStr("user.id", user)
		if point.SetIntValue(1); i == 2 {
			point.SetDoubleValue(0.5)
		}
		level := gauge.Gauge().DataPoints().AppendEmpty()
		level.Attributes().PutStr("user.id", user)
		level.SetIntValue(int64(i))
		level.SetTimestamp(pcommon.Timestamp(10 - i))
		quantiles := summary.Summary().DataPoints().AppendEmpty()
		quantiles.Attributes().PutStr("user.id", user)
		quantiles.SetCount(2)
		quantiles.QuantileValues().AppendEmpty().SetValue(7)
	}
	var tally policy.Tally
	required(func(o *policy.Options) { o.ConsentRequired = false }).Metrics(metrics, &tally)
	require.Equal(t, 1, sum.Sum().DataPoints().Len())
	require.InDelta(t, 2.5, sum.Sum().DataPoints().At(0).DoubleValue(), 0)
	require.Equal(t, 1, gauge.Gauge().DataPoints().Len())
	require.Equal(t, int64(0), gauge.Gauge().DataPoints().At(0).IntValue(), "the latest counts")
	require.Equal(t, 1, summary.Summary().DataPoints().Len())
	require.Equal(t, uint64(6), summary.Summary().DataPoints().At(0).Count())
	require.Zero(t, summary.Summary().DataPoints().At(0).QuantileValues().Len())
}
