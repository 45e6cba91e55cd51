package agentspoolreceiver

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
)

const format = "otlp_json"

// outcome is what became of a line; its names are those of the metric's attribute.
type outcome string

const (
	accepted   outcome = "accepted"
	empty      outcome = "empty"
	damaged    outcome = "damaged"
	malformed  outcome = "malformed"
	tooLong    outcome = "too_long"
	unsealed   outcome = "unsealed"
	refused    outcome = "refused"
	noPipeline outcome = "no_pipeline"
	stopped    outcome = "" // the collector shuts down: the line was not taken, and is not counted
)

// sink hands messages of one signal to the next consumer.
type sink interface {
	// deliver returns when the message was accepted, refused for good, or the wait between two attempts ended early.
	deliver(ctx context.Context, message []byte, wait func() bool) (outcome, error)
}

// typedSink is a sink for one type of data. failed returns the part of the data that an error says was not accepted.
type typedSink[T any] struct {
	read    func([]byte) (T, error)
	items   func(T) int
	clone   func(T) T
	consume func(context.Context, T) error
	failed  func(error) (T, bool)
	start   func(context.Context) context.Context
	end     func(context.Context, string, int, error)
}

func (s *typedSink[T]) deliver(ctx context.Context, message []byte, wait func() bool) (outcome, error) {
	data, err := s.decoded(message)
	if err != nil {
		return malformed, err
	}
	if s.items(data) == 0 {
		return empty, nil
	}
	for {
		err := s.attempt(ctx, s.clone(data)) // a consumer may change what it is given, even if it then refuses it
		if err == nil {
			return accepted, nil
		}
		if consumererror.IsPermanent(err) {
			return refused, err
		}
		if part, found := s.failed(err); found {
			data = s.clone(part) // the rest was accepted: it must not come twice
		}
		if !wait() {
			return stopped, err
		}
	}
}

// decoded reads a message; a reader that panics on one has not read it.
func (s *typedSink[T]) decoded(message []byte) (data T, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("cannot be read as OTLP JSON: %v", reason)
		}
	}()
	return s.read(message)
}

func (s *typedSink[T]) attempt(ctx context.Context, data T) error {
	items := s.items(data)
	ctx = s.start(ctx)
	err := s.consume(ctx, data)
	s.end(ctx, format, items, err)
	return err
}

func tracesSink(report *receiverhelper.ObsReport, next consumer.Traces) sink {
	return &typedSink[ptrace.Traces]{
		read:    new(ptrace.JSONUnmarshaler).UnmarshalTraces,
		items:   ptrace.Traces.SpanCount,
		clone:   func(data ptrace.Traces) ptrace.Traces { return copied(data, ptrace.NewTraces()) },
		consume: next.ConsumeTraces,
		failed:  failedPart[consumererror.Traces](consumererror.Traces.Data),
		start:   report.StartTracesOp,
		end:     report.EndTracesOp,
	}
}

func logsSink(report *receiverhelper.ObsReport, next consumer.Logs) sink {
	return &typedSink[plog.Logs]{
		read:    new(plog.JSONUnmarshaler).UnmarshalLogs,
		items:   plog.Logs.LogRecordCount,
		clone:   func(data plog.Logs) plog.Logs { return copied(data, plog.NewLogs()) },
		consume: next.ConsumeLogs,
		failed:  failedPart[consumererror.Logs](consumererror.Logs.Data),
		start:   report.StartLogsOp,
		end:     report.EndLogsOp,
	}
}

func metricsSink(report *receiverhelper.ObsReport, next consumer.Metrics) sink {
	return &typedSink[pmetric.Metrics]{
		read:    new(pmetric.JSONUnmarshaler).UnmarshalMetrics,
		items:   pmetric.Metrics.MetricCount,
		clone:   func(data pmetric.Metrics) pmetric.Metrics { return copied(data, pmetric.NewMetrics()) },
		consume: next.ConsumeMetrics,
		failed:  failedPart[consumererror.Metrics](consumererror.Metrics.Data),
		start:   report.StartMetricsOp,
		end:     report.EndMetricsOp,
	}
}

func copied[T interface{ CopyTo(T) }](from, to T) T {
	from.CopyTo(to)
	return to
}

// failedPart returns a function that finds, in an error, the data that was not accepted.
func failedPart[E error, T any](data func(E) T) func(error) (T, bool) {
	return func(err error) (part T, found bool) {
		var partial E
		if errors.As(err, &partial) {
			return data(partial), true
		}
		return part, false
	}
}
