package agentrightsextension

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/otel-smart-agents/otel-smart-agents/processors/agentrightsextension/internal/ledger"
	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/erasure"
	rightsv1 "github.com/otel-smart-agents/otel-smart-agents/processors/internal/pb/rights/v1"
)

// service speaks gRPC for the extension.
type service struct {
	rightsv1.UnimplementedRightsServiceServer
	rights *rights
}

// RequestErasure implements RightsService.
func (s *service) RequestErasure(ctx context.Context, in *rightsv1.RequestErasureRequest) (*rightsv1.RequestErasureResponse, error) {
	if len(in.GetProof()) != erasure.SecretSize {
		return nil, status.Errorf(codes.InvalidArgument, "the proof must have %d bytes", erasure.SecretSize)
	}
	request := erasure.Request{InstallationID: in.GetInstallationId(), Proof: in.GetProof(), Source: erasure.SourceGRPC}
	if moment := in.GetRequestedTimeUnixNano(); moment != 0 && moment < 1<<63 {
		request.Requested = time.Unix(0, int64(moment))
	}
	received := time.Now()
	done, err := s.rights.request(ctx, request, clientOf(ctx))
	if err != nil {
		return nil, codeOf(err)
	}
	return &rightsv1.RequestErasureResponse{Receipt: &rightsv1.ErasureReceipt{
		RequestId:            s.rights.ledger.RequestID(done.Sequence),
		State:                s.stateOf(done.Sequence),
		ReceivedTimeUnixNano: uint64(received.UnixNano()),
	}}, nil
}

// GetErasureStatus implements RightsService.
func (s *service) GetErasureStatus(ctx context.Context, in *rightsv1.GetErasureStatusRequest) (*rightsv1.GetErasureStatusResponse, error) {
	if wait := s.rights.limiter.take(clientOf(ctx)); wait > 0 {
		return nil, codeOf(&limitedError{wait})
	}
	if len(in.GetRequestId()) != ledger.RequestIDSize {
		return nil, status.Errorf(codes.InvalidArgument, "a request id has %d hexadecimal digits", ledger.RequestIDSize)
	}
	sequence, ok := s.rights.ledger.Sequence(in.GetRequestId())
	if !ok {
		return nil, status.Error(codes.NotFound, "this service gave no such receipt")
	}
	return &rightsv1.GetErasureStatusResponse{State: s.stateOf(sequence)}, nil
}

func (s *service) stateOf(sequence uint64) rightsv1.ErasureState {
	if s.rights.done.reached(sequence) {
		return rightsv1.ErasureState_ERASURE_STATE_ERASED
	}
	return rightsv1.ErasureState_ERASURE_STATE_ACCEPTED
}

// codeOf says an error in gRPC's words. What the disk said stays in the log: it is nothing for a stranger.
func codeOf(err error) error {
	var limited *limitedError
	switch {
	case errors.Is(err, erasure.ErrInvalid):
		return status.Error(codes.InvalidArgument, err.Error())
	case errors.Is(err, erasure.ErrProof):
		return status.Error(codes.PermissionDenied, err.Error())
	case errors.As(err, &limited):
		return retryLater(codes.ResourceExhausted, err.Error(), limited.wait)
	case errors.Is(err, ledger.ErrFull):
		return retryLater(codes.ResourceExhausted, err.Error(), time.Hour)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return status.FromContextError(err).Err()
	}
	return status.Error(codes.Unavailable, "the request could not be written: try again later")
}

func retryLater(code codes.Code, text string, wait time.Duration) error {
	plain := status.New(code, text)
	detailed, err := plain.WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
	if err != nil {
		return plain.Err()
	}
	return detailed.Err()
}

func clientOf(ctx context.Context) netip.Addr {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return netip.Addr{}
	}
	tcp, ok := from.Addr.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr()
}
