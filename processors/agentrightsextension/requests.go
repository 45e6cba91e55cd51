package agentrightsextension

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/ledger"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

// limitedError says that requests come too fast, and when to try again.
type limitedError struct{ wait time.Duration }

func (e *limitedError) Error() string {
	return "too many requests for erasure: try again in " + e.wait.Round(time.Millisecond).String()
}

// Contains implements erasure.Set.
func (r *rights) Contains(installationID string) bool {
	return r.ledger != nil && r.ledger.Contains(installationID)
}

// RequestErasure implements erasure.Service.
func (r *rights) RequestErasure(ctx context.Context, request erasure.Request) error {
	_, err := r.request(ctx, request, netip.Addr{})
	return err
}

// ObserveLogs implements erasure.Service.
func (r *rights) ObserveLogs(ctx context.Context, logs plog.Logs) error {
	requests, left := erasure.InLogs(logs)
	if len(requests) == 0 {
		return nil
	}
	var problem error
	for _, request := range requests {
		_, err := r.request(ctx, request, netip.Addr{})
		if err != nil && !errors.Is(err, erasure.ErrInvalid) && !errors.Is(err, erasure.ErrProof) {
			problem = err
		}
	}
	if problem != nil {
		return problem
	}
	if left > 0 {
		r.settings.Logger.Warn("one batch of logs had too many requests for erasure: some were not looked at", zap.Int("left", left))
	}
	erasure.Remove(logs)
	return nil
}

// request checks a request, puts its id into the set, and counts what became of it.
func (r *rights) request(ctx context.Context, request erasure.Request, client netip.Addr) (ledger.Done, error) {
	done, err := r.judge(ctx, request, client)
	r.count(ctx, request.Source, done, err)
	return done, err
}

func (r *rights) judge(ctx context.Context, request erasure.Request, client netip.Addr) (ledger.Done, error) {
	if wait := r.limiter.take(client); wait > 0 {
		return ledger.Done{}, &limitedError{wait}
	}
	id, ok := erasure.Parse(request.InstallationID)
	if !ok {
		return ledger.Done{}, erasure.ErrInvalid
	}
	if !id.ProvedBy(request.Proof) {
		return ledger.Done{}, erasure.ErrProof
	}
	if r.ledger == nil {
		return ledger.Done{}, ledger.ErrClosed
	}
	now := time.Now()
	entry := ledger.Entry{ID: id, Requested: request.Requested, Received: now, Source: request.Source}
	if entry.Requested.IsZero() || entry.Requested.After(now) {
		entry.Requested = now // the person's clock may be wrong; that is no reason to refuse
	}
	done, err := r.ledger.Add(ctx, entry)
	if err != nil {
		r.settings.Logger.Error("a request for erasure could not be kept", zap.Error(err))
	}
	return done, err
}

func (r *rights) count(ctx context.Context, source string, done ledger.Done, err error) {
	r.telemetry.AgentrightsErasureRequests.Add(ctx, 1, metric.WithAttributes(
		attribute.String("source", source), attribute.String("result", resultOf(done, err)),
	))
}

func resultOf(done ledger.Done, err error) string {
	var limited *limitedError
	switch {
	case err == nil && done.Known:
		return "known"
	case err == nil:
		return "accepted"
	case errors.Is(err, erasure.ErrInvalid):
		return "invalid"
	case errors.Is(err, erasure.ErrProof):
		return "unproved"
	case errors.Is(err, ledger.ErrFull):
		return "full"
	case errors.As(err, &limited):
		return "limited"
	}
	return "failed"
}
