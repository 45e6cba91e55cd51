package agentprivacyprocessor

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/fingerprint"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
)

// privacyProcessor is one instance for one signal. The filter is made at the start, when the erasure set can be found.
type privacyProcessor struct {
	config   *Config
	logger   *zap.Logger
	filter   *policy.Filter
	requests erasure.Service // nil without an extension that keeps the erasure set
	counts   *counts
}

func newProcessor(set component.TelemetrySettings, config *Config, signal string) (*privacyProcessor, error) {
	counts, err := newCounts(set, config.Mode, signal)
	if err != nil {
		return nil, err
	}
	return &privacyProcessor{config: config, logger: set.Logger, counts: counts}, nil
}

func (p *privacyProcessor) helperOptions() []processorhelper.Option {
	return []processorhelper.Option{
		processorhelper.WithStart(p.start),
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: p.config.Mode == Enforce}),
	}
}

func (p *privacyProcessor) start(_ context.Context, host component.Host) error {
	options := p.config.options()
	options.Redact = detectors.Redact
	options.HashStack = func(text string, packages []string) string { return fingerprint.HashText(text, packages, nil) }
	if p.config.Erasure != nil {
		service, err := erasureOf(host, *p.config.Erasure)
		if err != nil {
			return err
		}
		p.requests, options.Erased = service, service
	}
	p.filter = policy.New(options)
	if p.config.Mode == Audit {
		p.logger.Warn("mode: audit protects nobody: data without consent and private data pass unchanged and are counted only")
	}
	return nil
}

// erasureOf finds the extension that keeps the erasure set. Without it the processor must not start: erased data would pass.
func erasureOf(host component.Host, id component.ID) (erasure.Service, error) {
	extension, found := host.GetExtensions()[id]
	if !found {
		return nil, fmt.Errorf("erasure: there is no extension %q; configure it and name it under service::extensions", id)
	}
	service, fits := extension.(erasure.Service)
	if !fits {
		return nil, fmt.Errorf("erasure: the extension %q keeps no erasure set; name one of type agentrights", id)
	}
	return service, nil
}

func (p *privacyProcessor) traces(ctx context.Context, traces ptrace.Traces) (ptrace.Traces, error) {
	var tally policy.Tally
	filtered := traces
	if p.config.Mode == Audit {
		filtered = ptrace.NewTraces()
		traces.CopyTo(filtered)
	}
	p.filter.Traces(filtered, &tally)
	p.counts.add(ctx, &tally)
	return traces, skipIf(traces.ResourceSpans().Len() == 0)
}

func (p *privacyProcessor) logs(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	var tally policy.Tally
	filtered := logs
	if p.config.Mode == Audit {
		filtered = plog.NewLogs()
		logs.CopyTo(filtered)
	}
	if p.requests != nil {
		if err := p.requests.ObserveLogs(ctx, filtered); err != nil {
			return logs, err
		}
	}
	p.filter.Logs(filtered, &tally)
	p.counts.add(ctx, &tally)
	return logs, skipIf(logs.ResourceLogs().Len() == 0)
}

func (p *privacyProcessor) metrics(ctx context.Context, metrics pmetric.Metrics) (pmetric.Metrics, error) {
	var tally policy.Tally
	filtered := metrics
	if p.config.Mode == Audit {
		filtered = pmetric.NewMetrics()
		metrics.CopyTo(filtered)
	}
	p.filter.Metrics(filtered, &tally)
	p.counts.add(ctx, &tally)
	return metrics, skipIf(metrics.ResourceMetrics().Len() == 0)
}

// skipIf ends the pipeline quietly where nothing is left to pass on.
func skipIf(empty bool) error {
	if empty {
		return processorhelper.ErrSkipProcessingData
	}
	return nil
}
