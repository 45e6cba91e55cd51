package agentspoolreceiver

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

const (
	soon  = 10 * time.Second
	often = 5 * time.Millisecond
)

// spans makes one line with a span for every name.
func spans(names ...string) string {
	var made []string
	for _, name := range names {
		made = append(made, fmt.Sprintf(`{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":%q,"kind":1}`, name))
	}
	return `{"resourceSpans":[{"scopeSpans":[{"spans":[` + strings.Join(made, ",") + `]}]}]}`
}

func record(name string) string {
	return fmt.Sprintf(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":%q}]}]}]}`, name)
}

func gauge(name string) string {
	return fmt.Sprintf(`{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":%q,"gauge":{"dataPoints":[{"asInt":"1"}]}}]}]}]}`, name)
}

// withSeal adds the checksum that the spool writes.
func withSeal(message string) string {
	body := strings.TrimSuffix(message, "}")
	return fmt.Sprintf(`%s,"crc32":"%08x"}`, body, crc32.ChecksumIEEE([]byte(body)))
}

func write(t *testing.T, path string, lines ...string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	return path
}

func add(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// taker is the next consumer of all signals. It notes the names of what it accepted, in order.
type taker struct {
	mu     sync.Mutex
	names  []string
	answer func(names []string) error // nil: everything is accepted
}

func (*taker) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (n *taker) take(names []string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answer != nil {
		if err := n.answer(names); err != nil {
			return err
		}
	}
	n.names = append(n.names, names...)
	return nil
}

func (n *taker) taken() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string{}, n.names...)
}

func (n *taker) ConsumeTraces(_ context.Context, data ptrace.Traces) error {
	var names []string
	for _, resource := range data.ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				names = append(names, span.Name())
				span.SetName("changed")
			}
		}
	}
	return n.take(names)
}

func (n *taker) ConsumeLogs(_ context.Context, data plog.Logs) error {
	return n.take([]string{data.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).EventName()})
}

func (n *taker) ConsumeMetrics(_ context.Context, data pmetric.Metrics) error {
	var names []string
	for _, metric := range data.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		names = append(names, metric.Name())
	}
	return n.take(names)
}

type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

// rig is a receiver for some signals, with its telemetry.
type rig struct {
	*taker
	t          *testing.T
	receivers  []component.Component
	telemetry  *componenttest.Telemetry
	extensions host
}

func fast(include ...string) *Config {
	config := createDefaultConfig().(*Config)
	config.Include = include
	config.PollInterval = 10 * time.Millisecond
	config.Retry = RetryConfig{InitialInterval: time.Millisecond, MaxInterval: 5 * time.Millisecond}
	return config
}

func once(include ...string) *Config {
	config := fast(include...)
	config.Replay = Once
	return config
}

// started starts a receiver for all signals, or for those that are named.
func started(t *testing.T, config *Config, next *taker, extensions host, signals ...signal) *rig {
	t.Helper()
	require.NoError(t, config.Validate())
	r := &rig{taker: next, t: t, telemetry: componenttest.NewTelemetry(), extensions: extensions}
	set := nopSettings()
	set.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	if len(signals) == 0 {
		signals = []signal{traces, logs, metrics}
	}
	factory := NewFactory()
	for _, kind := range signals {
		one, err := create(factory, kind, set, config, next)
		require.NoError(t, err)
		r.receivers = append(r.receivers, one)
	}
	for _, one := range r.receivers {
		require.NoError(t, one.Start(t.Context(), extensions))
	}
	t.Cleanup(r.stop)
	return r
}

func nopSettings() receiver.Settings {
	set := receivertest.NewNopSettings(metadata.Type)
	set.ID = component.NewID(metadata.Type)
	return set
}

func create(factory receiver.Factory, kind signal, set receiver.Settings, config component.Config, next *taker) (component.Component, error) {
	switch kind {
	case logs:
		return factory.CreateLogs(context.Background(), set, config, next)
	case metrics:
		return factory.CreateMetrics(context.Background(), set, config, next)
	default:
		return factory.CreateTraces(context.Background(), set, config, next)
	}
}

func (r *rig) stop() {
	for _, one := range r.receivers {
		require.NoError(r.t, one.Shutdown(context.Background()))
	}
	r.receivers = nil
}

// gets waits until exactly these names have been accepted, in this order, and no more come.
func (r *rig) gets(names ...string) {
	r.t.Helper()
	require.Eventually(r.t, func() bool { return len(r.taken()) >= len(names) }, soon, often, "only %q came", r.taken())
	time.Sleep(50 * time.Millisecond)
	require.Equal(r.t, append([]string{}, names...), r.taken())
}

// counts waits for a value of one of the receiver's own metrics.
func (r *rig) counts(metric, outcome string, want int64) {
	r.t.Helper()
	require.Eventually(r.t, func() bool { return r.counted(metric, outcome) == want }, soon, often,
		"%s %s: %d, not %d", metric, outcome, r.counted(metric, outcome), want)
}

func (r *rig) counted(name, outcome string) int64 {
	found, err := r.telemetry.GetMetric("otelcol_receiver_agent_spool_" + name)
	if err != nil {
		return 0
	}
	return sumOf(found, outcome)
}
