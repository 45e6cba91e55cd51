package agentprivacyprocessor

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentprivacyprocessor/internal/metadata"
	"github.com/otel-smart-agents/otel-smart-agents/processors/agentprivacyprocessor/internal/metadatatest"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/registry"
)

const installation = "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11"

// rights is an extension that keeps an erasure set.
type rights struct {
	component.StartFunc
	component.ShutdownFunc
	erased map[string]bool
	fails  error
}

func (r *rights) Contains(id string) bool { return r.erased[id] }

func (r *rights) RequestErasure(_ context.Context, request erasure.Request) error {
	r.erased[request.InstallationID] = true
	return nil
}

func (r *rights) ObserveLogs(_ context.Context, logs plog.Logs) error {
	if r.fails != nil {
		return r.fails
	}
	for _, group := range logs.ResourceLogs().All() {
		for _, scope := range group.ScopeLogs().All() {
			scope.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
				id, asked := record.Attributes().Get(registry.KeySmartAgentsDeletionInstallationID)
				if asked {
					r.erased[id.Str()] = true
				}
				return asked
			})
		}
	}
	return nil
}

// host is a collector with some extensions.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

func settings(telemetry *componenttest.Telemetry) processor.Settings {
	return processor.Settings{ID: component.NewID(metadata.Type), TelemetrySettings: telemetry.NewTelemetrySettings()}
}

func resourceOf(t *testing.T, consented bool) map[string]any {
	t.Helper()
	facts := map[string]any{registry.KeyAppInstallationID: installation, "service.name": "shop", "host.name": "adas-laptop"}
	if consented {
		facts[registry.KeySmartAgentsConsentEpoch] = 3
		facts[registry.KeySmartAgentsConsentCategories] = []any{"agent", "performance"}
	}
	return facts
}

// mixed returns four spans: one that may pass, one of a category that was not agreed to, and two without consent.
func mixed(t *testing.T) ptrace.Traces {
	t.Helper()
	traces := ptrace.NewTraces()
	for _, consented := range []bool{true, false} {
		group := traces.ResourceSpans().AppendEmpty()
		require.NoError(t, group.Resource().Attributes().FromRaw(resourceOf(t, consented)))
		spans := group.ScopeSpans().AppendEmpty().Spans()
		agent := spans.AppendEmpty()
		agent.SetName("invoke_agent reviewer")
		agent.Attributes().PutStr("http.route", "/users/ada@example.org")
		agent.Attributes().PutStr("enduser.id", "ada")
		agent.Attributes().PutStr(registry.KeyGenAIUsageInputTokens, "many")
		spans.AppendEmpty().SetName("execute_tool lint")
	}
	return traces
}

// TestSpansPassOnlyWithConsent: through the factory, as a collector does it, and counted by reason.
func TestSpansPassOnlyWithConsent(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(context.Background())) }()
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), settings(telemetry), createDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.True(t, p.Capabilities().MutatesData)
	require.NoError(t, p.ConsumeTraces(context.Background(), mixed(t)))
	require.NoError(t, p.Shutdown(context.Background()))

	require.Equal(t, 1, sink.SpanCount())
	group := sink.AllTraces()[0].ResourceSpans().At(0)
	_, private := group.Resource().Attributes().Get("host.name")
	require.False(t, private)
	require.Equal(t, map[string]any{"http.route": "/users/[email]", registry.KeySmartAgentsRedactionCount: int64(1)},
		group.ScopeSpans().At(0).Spans().At(0).Attributes().AsRaw())
	metadatatest.AssertEqualProcessorAgentprivacySpansDropped(t, telemetry, []metricdata.DataPoint[int64]{
		count(2, "mode", "enforce", "reason", "consent"), count(1, "mode", "enforce", "reason", "category"),
	}, metricdatatest.IgnoreTimestamp())
	signal := []string{"mode", "enforce", "signal", "traces"}
	metadatatest.AssertEqualProcessorAgentprivacyAttributesDropped(t, telemetry,
		[]metricdata.DataPoint[int64]{count(3, signal...)}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorAgentprivacyValuesRedacted(t, telemetry,
		[]metricdata.DataPoint[int64]{count(1, signal...)}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorAgentprivacyValuesWrongType(t, telemetry,
		[]metricdata.DataPoint[int64]{count(1, signal...)}, metricdatatest.IgnoreTimestamp())
}

func count(value int64, pairs ...string) metricdata.DataPoint[int64] {
	var attributes []attribute.KeyValue
	for i := 0; i < len(pairs); i += 2 {
		attributes = append(attributes, attribute.String(pairs[i], pairs[i+1]))
	}
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(attributes...)}
}

// TestNothingLeftGoesNowhere: a batch of which nothing passes does not reach the next component, and is no error to its sender.
func TestNothingLeftGoesNowhere(t *testing.T) {
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), settings(componenttest.NewTelemetry()), createDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	traces := mixed(t)
	traces.ResourceSpans().RemoveIf(func(group ptrace.ResourceSpans) bool {
		_, consented := group.Resource().Attributes().Get(registry.KeySmartAgentsConsentEpoch)
		return consented
	})
	require.NoError(t, p.ConsumeTraces(context.Background(), traces))
	require.Empty(t, sink.AllTraces())
}

// TestAuditCountsAndChangesNothing: also of data that other pipelines share.
func TestAuditCountsAndChangesNothing(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(context.Background())) }()
	sink := new(consumertest.TracesSink)
	config := createDefaultConfig().(*Config)
	config.Mode = Audit
	core, logged := observer.New(zap.WarnLevel)
	set := settings(telemetry)
	set.Logger = zap.New(core)
	p, err := NewFactory().CreateTraces(context.Background(), set, config, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.Equal(t, 1, logged.FilterMessageSnippet("audit protects nobody").Len())
	require.False(t, p.Capabilities().MutatesData)
	traces := mixed(t)
	before := ptrace.NewTraces()
	traces.CopyTo(before)
	traces.MarkReadOnly()
	require.NoError(t, p.ConsumeTraces(context.Background(), traces))
	require.Equal(t, before, copied(sink.AllTraces()[0]))
	metadatatest.AssertEqualProcessorAgentprivacySpansDropped(t, telemetry, []metricdata.DataPoint[int64]{
		count(2, "mode", "audit", "reason", "consent"), count(1, "mode", "audit", "reason", "category"),
	}, metricdatatest.IgnoreTimestamp())
}

func copied(traces ptrace.Traces) ptrace.Traces {
	made := ptrace.NewTraces()
	traces.CopyTo(made)
	return made
}

// TestErasureIsFoundAtTheStart: without the extension that the configuration names, the processor does not start.
func TestErasureIsFoundAtTheStart(t *testing.T) {
	id := component.MustNewID("agentrights")
	config := createDefaultConfig().(*Config)
	config.Erasure = &id
	start := func(extensions host) error {
		p, err := NewFactory().CreateTraces(context.Background(), settings(componenttest.NewTelemetry()), config, consumertest.NewNop())
		require.NoError(t, err)
		return p.Start(context.Background(), extensions)
	}
	require.ErrorContains(t, start(host{}), `there is no extension "agentrights"`)
	require.ErrorContains(t, start(host{id: struct{ component.Component }{}}), `keeps no erasure set`)
	require.NoError(t, start(host{id: &rights{}}))
}

// TestErasedInstallationsAreDropped: from the moment that the extension knows of it, on every signal.
func TestErasedInstallationsAreDropped(t *testing.T) {
	id := component.MustNewID("agentrights")
	extension := &rights{erased: map[string]bool{}}
	config := createDefaultConfig().(*Config)
	config.Erasure = &id
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), settings(componenttest.NewTelemetry()), config, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), host{id: extension}))
	require.NoError(t, p.ConsumeTraces(context.Background(), mixed(t)))
	require.Equal(t, 1, sink.SpanCount())
	extension.erased[installation] = true
	require.NoError(t, p.ConsumeTraces(context.Background(), mixed(t)))
	require.Equal(t, 1, sink.SpanCount())
}

// TestRequestsForErasureInLogsReachTheExtension: before anything is filtered; if they cannot be kept, the sender hears of it.
func TestRequestsForErasureInLogsReachTheExtension(t *testing.T) {
	id := component.MustNewID("agentrights")
	extension := &rights{erased: map[string]bool{}}
	config := createDefaultConfig().(*Config)
	config.Erasure = &id
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(context.Background(), settings(componenttest.NewTelemetry()), config, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), host{id: extension}))
	request := func() plog.Logs {
		logs := plog.NewLogs()
		scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		scope.Scope().SetName(registry.ScopeName)
		record := scope.LogRecords().AppendEmpty()
		record.SetEventName(registry.EventDeletion)
		record.Attributes().PutStr(registry.KeySmartAgentsDeletionInstallationID, installation)
		return logs
	}
	extension.fails = errors.New("the disk is full")
	require.ErrorIs(t, p.ConsumeLogs(context.Background(), request()), extension.fails)
	extension.fails = nil
	require.NoError(t, p.ConsumeLogs(context.Background(), request()))
	require.True(t, extension.erased[installation])
	require.Zero(t, sink.LogRecordCount())
}

// TestLogsAndMetricsPassOnlyWithConsent: their counters have their own names.
func TestLogsAndMetricsPassOnlyWithConsent(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(context.Background())) }()
	logSink, metricSink := new(consumertest.LogsSink), new(consumertest.MetricsSink)
	logProcessor, err := NewFactory().CreateLogs(context.Background(), settings(telemetry), createDefaultConfig(), logSink)
	require.NoError(t, err)
	metricProcessor, err := NewFactory().CreateMetrics(context.Background(), settings(telemetry), createDefaultConfig(), metricSink)
	require.NoError(t, err)
	logs, metrics := plog.NewLogs(), pmetric.NewMetrics()
	for _, consented := range []bool{true, false} {
		records := logs.ResourceLogs().AppendEmpty()
		require.NoError(t, records.Resource().Attributes().FromRaw(resourceOf(t, consented)))
		records.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("anything")
		points := metrics.ResourceMetrics().AppendEmpty()
		require.NoError(t, points.Resource().Attributes().FromRaw(resourceOf(t, consented)))
		points.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptySum().DataPoints().AppendEmpty().SetIntValue(3)
	}
	require.NoError(t, logProcessor.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, metricProcessor.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, logProcessor.ConsumeLogs(context.Background(), logs))
	require.NoError(t, metricProcessor.ConsumeMetrics(context.Background(), metrics))
	require.Equal(t, 1, logSink.LogRecordCount())
	require.Equal(t, 1, metricSink.DataPointCount())
	want := []metricdata.DataPoint[int64]{count(1, "mode", "enforce", "reason", "consent")}
	metadatatest.AssertEqualProcessorAgentprivacyRecordsDropped(t, telemetry, want, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorAgentprivacyPointsDropped(t, telemetry, want, metricdatatest.IgnoreTimestamp())
}
