package agentrightsextension

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/ledger"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
)

const atOnce = 64 // requests of one batch of logs that are handled side by side

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

// ObserveLogs implements erasure.Service. Requests are handled side by side: they share writes.
func (r *rights) ObserveLogs(ctx context.Context, logs plog.Logs) error {
	requests := erasure.InLogs(logs)
	if len(requests) == 0 {
		return nil
	}
	problems := make([]error, len(requests))
	slots := make(chan struct{}, atOnce)
	var handling sync.WaitGroup
	for at, request := range requests {
		slots <- struct{}{}
		handling.Go(func() {
			defer func() { <-slots }()
			_, problems[at] = r.request(ctx, request, netip.Addr{})
		})
	}
	handling.Wait()
	for _, problem := range problems {
		if problem != nil && !errors.Is(problem, erasure.ErrInvalid) && !errors.Is(problem, erasure.ErrProof) {
			return problem
		}
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
	id, ok := erasure.Parse(request.InstallationID)
	// What is in the set already costs nothing, and so a batch of logs with more new ids than may come at once gets through in several tries.
	if known := ok && r.ledger != nil && r.ledger.Has(id); !known || client.IsValid() {
		if wait := r.limiter.take(client); wait > 0 {
			return ledger.Done{}, &limitedError{wait}
		}
	}
	if !ok {
		return ledger.Done{}, erasure.ErrInvalid
	}
	if !id.ProvedBy(request.Proof) {
		return ledger.Done{}, erasure.ErrProof
	}
	if r.ledger == nil {
		return ledger.Done{}, ledger.ErrClosed
	}
	done, err := r.ledger.Add(ctx, entryOf(id, request, time.Now()))
	if err != nil {
		r.settings.Logger.Error("a request for erasure could not be kept", zap.Error(err))
	}
	return done, err
}

// entryOf dates a request. The person's clock may be wrong; that is no reason to refuse.
func entryOf(id erasure.ID, request erasure.Request, now time.Time) ledger.Entry {
	entry := ledger.Entry{ID: id, Requested: request.Requested, Received: now, Source: request.Source}
	if entry.Requested.IsZero() || entry.Requested.After(now) {
		entry.Requested = now
	}
	return entry
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
