package agentprivacyprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentprivacyprocessor/internal/metadata"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/policy"
)

// counts is the processor's own telemetry. What the counters are marked with is made once: the path of the data allocates nothing for it.
type counts struct {
	dropped                                  metric.Int64Counter
	attributes, redacted, failed, wrongTypes metric.Int64Counter
	byReason                                 map[policy.Reason]metric.AddOption
	bySignal                                 metric.AddOption
}

func newCounts(set component.TelemetrySettings, mode Mode, signal string) (*counts, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	ofMode := attribute.String("mode", string(mode))
	made := &counts{
		dropped: map[string]metric.Int64Counter{
			"traces":  builder.ProcessorAgentprivacySpansDropped,
			"logs":    builder.ProcessorAgentprivacyRecordsDropped,
			"metrics": builder.ProcessorAgentprivacyPointsDropped,
		}[signal],
		attributes: builder.ProcessorAgentprivacyAttributesDropped,
		redacted:   builder.ProcessorAgentprivacyValuesRedacted,
		failed:     builder.ProcessorAgentprivacyValuesFailed,
		wrongTypes: builder.ProcessorAgentprivacyValuesWrongType,
		byReason:   map[policy.Reason]metric.AddOption{},
		bySignal:   metric.WithAttributeSet(attribute.NewSet(ofMode, attribute.String("signal", signal))),
	}
	for _, reason := range policy.Reasons() {
		made.byReason[reason] = metric.WithAttributeSet(attribute.NewSet(ofMode, attribute.String("reason", reason.String())))
	}
	return made, nil
}

// add adds what was done to one batch.
func (c *counts) add(ctx context.Context, tally *policy.Tally) {
	for reason, option := range c.byReason {
		addIf(ctx, c.dropped, tally.Dropped(reason), option)
	}
	addIf(ctx, c.attributes, tally.Attributes, c.bySignal)
	addIf(ctx, c.redacted, tally.Redactions, c.bySignal)
	addIf(ctx, c.failed, tally.Failed, c.bySignal)
	addIf(ctx, c.wrongTypes, tally.WrongTypes, c.bySignal)
}

func addIf(ctx context.Context, counter metric.Int64Counter, count int, option metric.AddOption) {
	if count > 0 {
		counter.Add(ctx, int64(count), option)
	}
}
