package agentspoolreceiver

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentspoolreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver.
func NewFactory() receiver.Factory {
	shared := &instances{receivers: map[*Config]*spoolReceiver{}}
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithTraces(shared.createTraces, metadata.TracesStability),
		receiver.WithLogs(shared.createLogs, metadata.LogsStability),
		receiver.WithMetrics(shared.createMetrics, metadata.MetricsStability),
	)
}

// instances has one receiver for all signals of one configuration: a file may hold several signals, and it is read once.
type instances struct {
	mu        sync.Mutex
	receivers map[*Config]*spoolReceiver
}

func (i *instances) receiver(set receiver.Settings, config component.Config) (*spoolReceiver, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	key := config.(*Config)
	if known, found := i.receivers[key]; found {
		return known, nil
	}
	made, err := newReceiver(set, key, func() { i.forget(key) })
	if err == nil {
		i.receivers[key] = made
	}
	return made, err
}

func (i *instances) forget(key *Config) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.receivers, key)
}

func (i *instances) createTraces(_ context.Context, set receiver.Settings, config component.Config, next consumer.Traces) (receiver.Traces, error) {
	r, err := i.receiver(set, config)
	if err != nil {
		return nil, err
	}
	r.sinks[traces] = tracesSink(r.report, next)
	return r, nil
}

func (i *instances) createLogs(_ context.Context, set receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
	r, err := i.receiver(set, config)
	if err != nil {
		return nil, err
	}
	r.sinks[logs] = logsSink(r.report, next)
	return r, nil
}

func (i *instances) createMetrics(_ context.Context, set receiver.Settings, config component.Config, next consumer.Metrics) (receiver.Metrics, error) {
	r, err := i.receiver(set, config)
	if err != nil {
		return nil, err
	}
	r.sinks[metrics] = metricsSink(r.report, next)
	return r, nil
}
