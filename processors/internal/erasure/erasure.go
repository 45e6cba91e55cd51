// Package erasure holds the installation ids whose owners asked for erasure, in memory, for pipelines that ask about every resource, and
// says what a valid request is.
package erasure

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Set tells which installations were erased. All methods may be called from many goroutines at once.
type Set interface {
	// Contains tells whether the installation asked for erasure. The id is the text of a UUID; anything else was never erased.
	// It takes no lock and allocates nothing.
	Contains(installationID string) bool
}

// Service is what an extension that keeps an erasure set offers to the components of its collector, which find it by its component id in
// component.Host.GetExtensions().
type Service interface {
	Set

	// RequestErasure puts an id into the set. When it returns nil the request is on the disk and Contains sees the id.
	//
	// Errors: ErrInvalid and ErrProof are final, every other one may pass.
	RequestErasure(ctx context.Context, request Request) error

	// ObserveLogs takes the requests for erasure (log events EventName) out of the logs: those with a valid proof go into the set, the
	// others are counted, none is left, since a proof is a secret that no store needs. When it returns nil, every valid request is on the
	// disk. On an error, which may pass, the logs are as they were, so that their sender can send them again: it forgets its proof when
	// it is told that they arrived.
	ObserveLogs(ctx context.Context, logs plog.Logs) error
}

// Request is one request for erasure.
type Request struct {
	InstallationID string    // text of a UUID
	Proof          []byte    // the secret that the id was made of
	Requested      time.Time // when the person asked; zero or in the future = now
	Source         string    // how it came: SourceGRPC or SourceOTLP
}

// Sources of requests.
const (
	SourceGRPC = "grpc"
	SourceOTLP = "otlp"
)

var (
	// ErrInvalid says that an id is no UUID.
	ErrInvalid = errors.New("the installation id is not the text of a UUID")
	// ErrProof says that a proof is not the secret of the id.
	ErrProof = errors.New("the proof is not the secret of the installation id")
)
